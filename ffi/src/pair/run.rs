//! Running the pairs: what is next, when it is enough, what it comes to.

use super::PairError;
use super::decide::{Trial, reports};
use super::options::PairOptions;
use super::receipt::{
    MetricReport, Order, PairReceipt, PairSample, PairStats, PairVerdict, RunInfo, RunSample, SCHEMA, Tool,
};
use crate::cancel::Cancel;
use crate::process::{self, Command, Launch};
use crate::session::{Event, HostClass, Listener};
use lightspeed_core::experiment::{Design, Experiment, Next, Outcome, Plan, Planned, Side};
use lightspeed_core::stats::{Bet, Gate, Status, Verdict};
use std::time::{Duration, SystemTime};

/// Runs both commands in turn, warm-ups first, until the budgets are decided or the pairs are used up. The first run
/// that fails ends it; what was run until then is in the receipt, as it is after an interrupt.
///
/// # Errors
/// Only before anything was run: options that cannot be meant, a command that cannot be started.
pub fn run_pair(options: &PairOptions, cancel: &Cancel, listener: Listener<'_>) -> Result<PairReceipt, PairError> {
    let mut run = PairRun::new(options, cancel)?;
    listener(Event::Begin { what: "pair", total: 2 * (run.warmups() + options.most_pairs) });
    while run.advance(listener)? {}
    Ok(run.receipt())
}

/// Two commands under way: pairs can be run one by one, with others between them.
pub struct PairRun<'p> {
    pairs: Pairs<'p>,
    /// Says whose turn it is.
    experiment: Experiment,
    /// Decide, where the number of pairs is not fixed. Made of the warm-ups.
    trials: Vec<Trial>,
    warm: bool,
    started: SystemTime,
}

impl<'p> PairRun<'p> {
    /// Nothing run yet.
    ///
    /// # Errors
    /// Options that cannot be meant, a command that cannot be started.
    pub fn new(options: &'p PairOptions, cancel: &'p Cancel) -> Result<Self, PairError> {
        options.check()?;
        let commands = [command(options, Side::Baseline)?, command(options, Side::Current)?];
        let most_pairs = options.most_pairs;
        // Who decides here are the trials.
        let design = if options.is_fixed() {
            Design::Pairs { pairs: most_pairs }
        } else {
            Design::UntilDecided { most_pairs, bet: Bet::Sign, stop_at: Vec::new() }
        };
        let experiment = Experiment::new(Plan::new(design, vec![Planned::new("pair")], options.seed))?;
        let pairs = Pairs { options, commands, cancel, samples: Vec::new(), stopped: None };
        Ok(PairRun { pairs, experiment, trials: Vec::new(), warm: false, started: SystemTime::now() })
    }

    /// Does the warm-ups, then with each call one pair. Whether there is more to do.
    ///
    /// # Errors
    /// A limit that cannot be meant of what the warm-ups took.
    pub fn advance(&mut self, listener: Listener<'_>) -> Result<bool, PairError> {
        if !self.warm {
            self.warm = true;
            self.warm_up(listener)?;
        } else if self.pairs.stopped.is_none() {
            return self.pair(listener);
        }
        Ok(self.pairs.stopped.is_none())
    }

    /// Pairs that count so far.
    #[must_use]
    pub fn done(&self) -> usize {
        self.pairs.samples.iter().filter(|pair| pair.counts(self.pairs.options)).count()
    }

    /// Pairs that it is expected to need still.
    #[must_use]
    pub fn to_go(&self) -> usize {
        let (done, most) = (self.done(), self.pairs.options.most_pairs);
        let needed = self.trials.iter().map(|trial| trial.pairs_needed(most)).max();
        let needed = needed.map_or(most, |needed| needed.max(self.pairs.options.least_pairs).max(FEWEST_PAIRS));
        needed.min(most).saturating_sub(done).max(1)
    }

    /// What was run, and what it says.
    #[must_use]
    pub fn receipt(self) -> PairReceipt {
        let PairRun { pairs, trials, started, .. } = self;
        let options = pairs.options;
        let counted: Vec<&PairSample> = pairs.samples.iter().filter(|pair| pair.counts(options)).collect();
        let metrics = reports(options, &counted, &trials);
        let stats = PairStats { pairs: counted.len(), metrics };
        let verdict = verdict(options, &stats, pairs.stopped);
        let time = |at: SystemTime| humantime::format_rfc3339_millis(at).to_string();
        PairReceipt {
            schema: SCHEMA.to_owned(),
            tool: Tool { name: "lightspeed".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            run: RunInfo {
                id: uuid::Uuid::new_v4().to_string(),
                started_at: time(started),
                ended_at: time(SystemTime::now()),
                host: HostClass::of_this_machine(),
            },
            bench: options.clone(),
            samples: pairs.samples,
            stats,
            verdict,
        }
    }

    fn warmups(&self) -> usize {
        let options = self.pairs.options;
        if options.warmup == 0 && needs_scale(options) { 1 } else { options.warmup }
    }

    fn warm_up(&mut self, listener: Listener<'_>) -> Result<(), PairError> {
        for (side, command) in [Side::Baseline, Side::Current].into_iter().zip(&self.pairs.commands) {
            let text = format!("{}: {} in {}", name(side), words(command), command.cwd.display());
            listener(Event::Ran { text: &text });
        }
        self.pairs.warm_up(self.warmups(), listener);
        let options = self.pairs.options;
        if !options.is_fixed() {
            for budget in &options.budgets {
                let trial = Trial::new(*budget, options, &self.pairs.samples);
                self.trials.push(trial.map_err(|error| PairError::Options(error.to_string()))?);
            }
        }
        Ok(())
    }

    /// One pair that counts. Whether another is wanted.
    fn pair(&mut self, listener: Listener<'_>) -> Result<bool, PairError> {
        let PairRun { pairs, experiment, trials, .. } = self;
        while let Next::Run(run) = experiment.next() {
            if run.first {
                pairs.begin(run.pair, false, run.side);
            }
            let Some(wall) = pairs.once(run.side, listener) else { return Ok(false) };
            let wall_s = wall.as_secs_f64();
            experiment.record(Outcome::Values { values: vec![wall_s.max(f64::MIN_POSITIVE)], wall_s })?;
            if run.first {
                continue;
            }
            if let Some(pair) = pairs.samples.last() {
                trials.iter_mut().for_each(|trial| trial.take(pair, pairs.options));
            }
            let decided = !trials.is_empty() && trials.iter().all(Trial::is_settled);
            return Ok(!decided || run.pair + 1 < pairs.options.least_pairs);
        }
        Ok(false)
    }
}

/// The fewest pairs after which anything is decided, about.
const FEWEST_PAIRS: usize = 8;

/// A seed that nothing decides; it fits into a double, as JSON wants it.
#[must_use]
pub fn random_seed() -> u64 {
    uuid::Uuid::new_v4().as_u64_pair().1 >> 11
}

/// Whether a limit is absolute and has to become a share before the first pair that counts.
fn needs_scale(options: &PairOptions) -> bool {
    let absolute = options.budgets.iter().flat_map(|budget| [Some(budget.fail), budget.warn]).flatten();
    !options.is_fixed() && absolute.into_iter().any(|limit| limit.absolute > 0.0)
}

/// Why no further pair is run.
enum Stopped {
    Failed(Status, String),
    Interrupted,
}

/// The runs so far.
struct Pairs<'p> {
    options: &'p PairOptions,
    commands: [Command; 2],
    cancel: &'p Cancel,
    samples: Vec<PairSample>,
    stopped: Option<Stopped>,
}

impl PairSample {
    /// Whether it is complete and nothing failed in it.
    fn counts(&self, options: &PairOptions) -> bool {
        let fine = |run: &RunSample| run.exit_code.is_some_and(|code| code == 0 || options.allow_nonzero);
        !self.warmup && self.runs().count() == 2 && self.runs().all(fine)
    }

    fn runs(&self) -> impl Iterator<Item = &RunSample> {
        self.baseline.iter().chain(&self.current)
    }
}

impl Pairs<'_> {
    fn warm_up(&mut self, count: usize, listener: Listener<'_>) {
        for pair in 0..count {
            let first = if pair.is_multiple_of(2) { Side::Baseline } else { Side::Current };
            self.begin(pair, true, first);
            for side in [first, other(first)] {
                if self.stopped.is_none() {
                    self.once(side, listener);
                }
            }
        }
    }

    fn begin(&mut self, pair_index: usize, warmup: bool, first: Side) {
        if self.stopped.is_none() {
            // Both sides, or they would not be equal.
            if self.samples.iter().flat_map(PairSample::runs).any(|run| run.max_rss_bytes.is_none()) {
                self.commands.iter_mut().for_each(|command| command.launch = Launch::Lean);
            }
            let order = if first == Side::Baseline { Order::BaselineFirst } else { Order::CurrentFirst };
            self.samples.push(PairSample { pair_index, warmup, order, baseline: None, current: None });
        }
    }

    /// One run of one side; `None` where it gave nothing to compare.
    fn once(&mut self, side: Side, listener: Listener<'_>) -> Option<Duration> {
        let name = name(side);
        listener(Event::Item { name });
        if self.cancel.is_cancelled() {
            self.interrupt();
            return None;
        }
        let command = &self.commands[usize::from(side == Side::Current)];
        let outcome = match process::run(command, self.cancel) {
            Ok(outcome) => outcome,
            Err(error) => {
                self.stopped = Some(Stopped::Failed(Status::Failed, format!("{name}: {error}")));
                return None;
            }
        };
        listener(Event::Done);
        let ended = ended(outcome.status);
        let peak = outcome.max_rss_bytes.map_or(String::new(), |bytes| format!(", {} KiB at most", bytes / 1024));
        listener(Event::Ran {
            text: &format!("{name} {ended} after {:.1} ms{peak}", outcome.wall.as_secs_f64() * 1e3),
        });
        if outcome.status == process::Status::Cancelled {
            self.interrupt();
            return None;
        }
        let sample = RunSample::of(&outcome);
        let broken = broken(&sample, outcome.status, self.options);
        let pair = self.samples.last_mut()?;
        *(if side == Side::Baseline { &mut pair.baseline } else { &mut pair.current }) = Some(sample);
        if let Some((status, what)) = broken {
            let place = format!("{}pair {}", if pair.warmup { "warm-up " } else { "" }, pair.pair_index);
            self.stopped = Some(Stopped::Failed(status, format!("{name} {what} in {place}")));
            return None;
        }
        Some(outcome.wall)
    }

    fn interrupt(&mut self) {
        self.stopped = Some(Stopped::Interrupted);
        self.samples.pop_if(|pair| pair.runs().next().is_none());
    }
}

fn ended(status: process::Status) -> String {
    match status {
        process::Status::Exited(code) => format!("exited with {code}"),
        process::Status::Signaled(signal) => format!("was ended by signal {signal}"),
        process::Status::TimedOut => "timed out".to_owned(),
        process::Status::Cancelled => "was interrupted".to_owned(),
    }
}

/// Why a run is a failure.
fn broken(sample: &RunSample, status: process::Status, options: &PairOptions) -> Option<(Status, String)> {
    match status {
        process::Status::TimedOut => Some((Status::TimedOut, format!("took longer than {} s", options.timeout_s))),
        process::Status::Signaled(signal) => {
            Some((Status::Failed, format!("was ended by signal {signal}{}", said(sample))))
        }
        process::Status::Exited(code) if code != 0 && !options.allow_nonzero => {
            Some((Status::Failed, format!("exited with {code}{}", said(sample))))
        }
        _ => None,
    }
}

/// The last thing that a run said on standard error.
fn said(sample: &RunSample) -> String {
    let last = sample.stderr.as_deref().and_then(|text| text.trim().lines().last());
    last.map_or(String::new(), |line| format!(" ({})", line.trim()))
}

fn name(side: Side) -> &'static str {
    match side {
        Side::Baseline => "baseline",
        Side::Current => "current",
    }
}

fn words(command: &Command) -> String {
    let words: Vec<_> = command.argv.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    words.join(" ")
}

fn other(side: Side) -> Side {
    if side == Side::Baseline { Side::Current } else { Side::Baseline }
}

/// The command of one side, if it can be started at all.
fn command(options: &PairOptions, side: Side) -> Result<Command, PairError> {
    let program = if side == Side::Baseline { &options.baseline } else { &options.current };
    program.check_startable().map_err(|source| PairError::Command { side: name(side), source })?;
    let timeout = Duration::try_from_secs_f64(options.timeout_s).unwrap_or(Duration::MAX);
    Ok(Command { timeout, output_cap: options.output_cap, ..program.to_command() })
}

fn verdict(options: &PairOptions, stats: &PairStats, stopped: Option<Stopped>) -> PairVerdict {
    let interrupted = matches!(stopped, Some(Stopped::Interrupted));
    let gated = || stats.metrics.iter().filter(|report| report.budget.is_some());
    let mut reasons: Vec<String> = gated().filter_map(|report| reason(report, stats.pairs)).collect();
    for warning in gated().filter_map(|report| report.inference.as_ref()).flat_map(|inference| &inference.warnings) {
        reasons.push(warning.to_string());
    }
    let worst = gated().max_by_key(|report| report.gate);
    let (status, gate) = match (&stopped, worst) {
        (Some(Stopped::Failed(status, reason)), _) => {
            reasons.insert(0, reason.clone());
            (*status, options.gate.judge(*status, None))
        }
        (_, Some(MetricReport { verdict: Some(_), gate: Some(gate), .. })) => (Status::Ok, *gate),
        (Some(Stopped::Interrupted), _) => (Status::NotRunBudget, options.gate.not_measured),
        _ => (Status::Unmeasurable, options.gate.not_measured),
    };
    if interrupted {
        reasons.insert(0, "it was interrupted".to_owned());
    }
    PairVerdict { status, verdict: worst.and_then(|report| report.verdict), gate, interrupted, reasons }
}

/// Why a budget does not simply pass.
fn reason(report: &MetricReport, pairs: usize) -> Option<String> {
    let metric = report.metric.as_str();
    if let Some(reason) = &report.reason {
        return Some(format!("{metric}: {reason}"));
    }
    let percent = |ratio: f64| format!("{:+.1} %", (ratio - 1.0) * 100.0);
    let inference = report.inference.as_ref()?;
    let end = |end: Option<f64>| end.map_or("?".to_owned(), percent);
    let change =
        format!("{} ({} … {})", end(inference.estimate), end(inference.interval.low), end(inference.interval.high));
    let margin = format!("{:.1} %", report.margin.unwrap_or(0.0) * 100.0);
    match report.verdict? {
        Verdict::Regressed => Some(format!("{metric} is worse by {change}, beyond {margin}")),
        Verdict::SlowerMinor => Some(format!("{metric} is worse by {change}, perhaps by less than {margin}")),
        Verdict::Inconclusive => {
            let more = match report.pairs_needed {
                Some(needed) if needed > pairs => format!("some {needed} pairs may settle it"),
                _ => "no number of pairs in sight would settle it".to_owned(),
            };
            Some(format!("{metric}: {pairs} pairs cannot tell ({change} against {margin}); {more}"))
        }
        _ if report.gate == Some(Gate::Warn) => Some(format!("{metric} is worse by {change}, beyond the warning")),
        _ => None,
    }
}
