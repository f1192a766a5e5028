//! Progress on standard error: a bar with the time left on a terminal, sparse plain lines in a pipe.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use lightspeed::session::{CHANGES, Event};

use crate::github::guarded;

/// A plain line is due after this much more of the work, in per cent …
const STEP_PERCENT: usize = 10;
/// … or after this much time, whichever comes first.
const STEP_TIME: Duration = Duration::from_secs(5);
/// Looking for changes is over before anybody wonders; only what takes longer is worth a line.
const SHORT: Duration = Duration::from_secs(1);

const TEMPLATE: &str = "{prefix} {bar:20} {pos}/{len} ETA {eta} {wide_msg}";

/// Tells how far a piece of work is. Dropping it clears the bar.
pub struct Progress {
    output: Output,
    done: usize,
}

/// How much is told besides results and errors.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct VolumeArgs {
    /// Only results and errors: no progress, no notes
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say what runs and where, and how each run ended
    #[arg(short, long)]
    pub verbose: bool,
}

impl VolumeArgs {
    /// Who tells it.
    pub fn reporter(self) -> Reporter {
        Reporter { volume: self, current: None, what: String::new() }
    }
}

/// Turns a session's events into progress: one bar at a time.
pub struct Reporter {
    volume: VolumeArgs,
    current: Option<Progress>,
    what: String,
}

impl Reporter {
    /// Hears one event.
    pub fn hear(&mut self, event: &Event<'_>) {
        if self.volume.quiet {
            return;
        }
        match event {
            Event::Begin { what, total } => {
                self.current = None;
                self.current = (*total > 0).then(|| Progress::start(what, *total));
                (*what).clone_into(&mut self.what);
            }
            Event::Item { name } => {
                if let Some(progress) = &self.current {
                    progress.working_on(name);
                }
                self.detail(&format!("{}: {name}", self.what));
            }
            Event::Done => {
                if let Some(progress) = &mut self.current {
                    progress.advance();
                }
            }
            Event::Note { text } => self.note(text),
            Event::Ran { text } => self.detail(text),
        }
    }

    /// Says a line that is not a result.
    pub fn note(&self, text: &str) {
        if !self.volume.quiet {
            self.warn(text);
        }
    }

    /// Says a line that only who wants to know it all reads.
    pub fn detail(&self, text: &str) {
        if self.volume.verbose {
            self.warn(text);
        }
    }

    /// Says a line that nothing silences.
    pub fn warn(&self, text: &str) {
        match &self.current {
            Some(progress) => progress.note(text),
            None => say(text),
        }
    }
}

enum Output {
    Bar(ProgressBar),
    Lines { lines: Lines, started: Instant },
}

impl Progress {
    /// Starts to tell about `total` steps of `what`, such as `survey`.
    pub fn start(what: &str, total: usize) -> Self {
        let output = if std::io::stderr().is_terminal() {
            Output::Bar(bar(what, total))
        } else {
            Output::Lines { lines: Lines::new(what, total), started: Instant::now() }
        };
        Self { output, done: 0 }
    }

    /// Says what is being worked on now. Shown on a terminal only.
    pub fn working_on(&self, item: &str) {
        if let Output::Bar(bar) = &self.output {
            bar.set_message(item.to_owned());
        }
    }

    /// One more step is done.
    pub fn advance(&mut self) {
        self.done += 1;
        match &mut self.output {
            Output::Bar(bar) => bar.inc(1),
            Output::Lines { lines, started } => {
                if let Some(line) = lines.due(self.done, started.elapsed()) {
                    say(&line);
                }
            }
        }
    }

    /// Prints a line without breaking the bar.
    pub fn note(&self, line: &str) {
        match &self.output {
            Output::Bar(bar) => bar.suspend(|| say(line)),
            Output::Lines { .. } => say(line),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Output::Bar(bar) = &self.output {
            bar.finish_and_clear();
        }
    }
}

/// A closed standard error must not end the work.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", guarded(line));
}

fn bar(what: &str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(total as u64).with_style(style).with_prefix(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

/// Decides when a plain line is due. Time is an argument.
struct Lines {
    what: String,
    total: usize,
    silent_for: Duration,
    told_done: usize,
    told_at: Duration,
}

impl Lines {
    fn new(what: &str, total: usize) -> Self {
        let silent_for = if what == CHANGES { SHORT } else { Duration::ZERO };
        Self { what: what.to_owned(), total, silent_for, told_done: 0, told_at: Duration::ZERO }
    }

    fn due(&mut self, done: usize, elapsed: Duration) -> Option<String> {
        let much = (done - self.told_done.min(done)) * 100 >= self.total * STEP_PERCENT;
        let long = elapsed.saturating_sub(self.told_at) >= STEP_TIME;
        if elapsed < self.silent_for || !(much || long || done == self.total) {
            return None;
        }
        (self.told_done, self.told_at) = (done, elapsed);
        let percent = (done * 100).checked_div(self.total).unwrap_or(100);
        let mut line = format!("{}: {done}/{} ({percent} %)", self.what, self.total);
        if done < self.total {
            let left = elapsed.as_secs_f64() / done.max(1) as f64 * (self.total - done) as f64;
            line.push_str(&format!(", ETA {}", duration(left)));
        } else {
            line.push_str(&format!(", took {}", duration(elapsed.as_secs_f64())));
        }
        Some(line)
    }
}

/// Seconds as 42s, 3m 05s or 2h 07m.
fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..60 => format!("{whole}s"),
        60..3600 => format!("{}m {:02}s", whole / 60, whole % 60),
        _ => format!("{}h {:02}m", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(total: usize, step: Duration) -> Vec<String> {
        let mut lines = Lines::new("survey", total);
        (1..=total).filter_map(|done| lines.due(done, step * done as u32)).collect()
    }

    #[test]
    fn fast_work_says_a_line_every_tenth() {
        let lines = run(1000, Duration::from_millis(1));
        assert_eq!(lines.len(), 10);
        assert_eq!(lines[0], "survey: 100/1000 (10 %), ETA 1s");
        assert_eq!(lines[9], "survey: 1000/1000 (100 %), took 1s");
    }

    #[test]
    fn slow_work_says_a_line_every_five_seconds() {
        let lines = run(1000, Duration::from_secs(1));
        assert_eq!(lines.len(), 200);
        assert_eq!(lines[0], "survey: 5/1000 (0 %), ETA 16m 35s");
    }

    #[test]
    fn small_and_empty_work() {
        assert_eq!(run(1, Duration::from_secs(1)), ["survey: 1/1 (100 %), took 1s"]);
        assert_eq!(run(0, Duration::from_secs(1)), Vec::<String>::new());
        let mut beyond = Lines::new("survey", 2);
        assert!(beyond.due(3, Duration::from_secs(9)).is_some());
    }

    #[test]
    fn looking_for_changes_says_nothing_in_its_first_second() {
        let mut lines = Lines::new(CHANGES, 1000);
        assert!((1..=1000).all(|done| lines.due(done, Duration::from_micros(999) * done as u32).is_none()));
        let mut lines = Lines::new(CHANGES, 1000);
        assert_eq!(lines.due(500, Duration::from_secs(1)).as_deref(), Some("changes: 500/1000 (50 %), ETA 1s"));
    }

    #[test]
    fn the_bar_is_well_formed() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }

    #[test]
    fn durations() {
        assert_eq!([0.4, 59.4, 59.6, 7620.0].map(duration), ["0s", "59s", "1m 00s", "2h 07m"]);
    }
}
