//! Running a sweep: round by round, every run on the disk before the next.

use super::SweepError;
use super::journal::{self, Head, JOURNAL_SCHEMA, Journal};
use super::options::{Subject, SweepOptions};
use super::report::SweepReport;
use super::sample::SweepSample;
use super::subject::{Program, Runs};
use super::warning::oversubscribed;
use crate::cancel::Cancel;
use crate::doctor::count;
use crate::pair::Tool;
use crate::session::{Event, HostClass, Listener};
use lightspeed_core::experiment::{Design, Experiment, Next, Outcome, Plan, Run};
use lightspeed_core::stats::Status;
use lightspeed_core::sweep::Point;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// Where runs are kept, and whether to go on from those that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// The directory of the journals.
    pub directory: PathBuf,
    /// Go on with the newest sweep of the same configuration.
    pub resume: bool,
    /// Run points again that failed there.
    pub retry_failed: bool,
}

/// Runs a command at every point, in rounds of random order, each run in a process of its own. A point that fails is not run again; the
/// others go on. An interrupt ends the running, not the report.
///
/// # Errors
/// Before anything is run: options, axes or commands that cannot be meant. Later: a journal that cannot be written.
pub fn run_sweep(
    options: &SweepOptions,
    keeping: &Keeping,
    cancel: &Cancel,
    listener: Listener<'_>,
) -> Result<SweepReport, SweepError> {
    let points = options.points()?;
    let Subject::Command(template) = &options.subject else {
        return Err(SweepError::Options("the benchmark of a suite is swept by its session".to_owned()));
    };
    let program = Program::new(template, &points, options)?;
    run_points(options, &points, keeping, &mut |point| program.run(point, cancel), (cancel, listener))
}

/// The same for whatever runs the points.
pub(crate) fn run_points(
    options: &SweepOptions,
    points: &[Point],
    keeping: &Keeping,
    runs: Runs<'_>,
    (cancel, listener): (&Cancel, Listener<'_>),
) -> Result<SweepReport, SweepError> {
    let mut sweep = Sweep::begin(options, points, keeping, listener)?;
    let interrupted = sweep.run_all(runs, cancel, listener)?;
    let Sweep { head, options, samples, journal, .. } = sweep;
    let mut report = SweepReport::new(&head, &options, points, samples, journal.path().to_owned());
    report.interrupted = interrupted;
    Ok(report)
}

/// A sweep under way.
struct Sweep<'s> {
    options: SweepOptions,
    points: &'s [Point],
    experiment: Experiment,
    journal: Journal,
    head: Head,
    /// All that was run, in the order of time.
    samples: Vec<SweepSample>,
    /// What they took together.
    spent_s: f64,
    /// Runs of an earlier process that were not taken up yet, by point, warm-up and round.
    known: BTreeMap<(usize, bool, usize), SweepSample>,
}

impl<'s> Sweep<'s> {
    fn begin(
        options: &SweepOptions,
        points: &'s [Point],
        keeping: &Keeping,
        listener: Listener<'_>,
    ) -> Result<Self, SweepError> {
        let mut options = options.clone();
        let hash = options.configuration_hash();
        let seconds = |samples: &[SweepSample]| seconds_of_points(samples, points.len());
        let found = if keeping.resume { Journal::newest(&keeping.directory, &hash)? } else { None };
        let mut known = BTreeMap::new();
        let (journal, head, last_time) = match found {
            Some((journal, head, samples)) => {
                check_machine(&journal, &head)?;
                options.seed = head.options.seed;
                note(
                    listener,
                    &format!("going on with {}: {} runs are there", journal.path().display(), samples.len()),
                );
                let last_time = seconds(&samples);
                let kept = samples.into_iter().filter(|sample| !keeping.retry_failed || sample.status == Status::Ok);
                known.extend(kept.map(|sample| ((sample.point, sample.warmup, sample.round), sample)));
                (journal, head, Some(last_time))
            }
            None => {
                if keeping.resume {
                    note(listener, "there is no sweep of this configuration to go on with: it begins anew");
                }
                let last_time = journal::earlier(&keeping.directory, &hash).map(|samples| seconds(&samples));
                let head = head(&options, hash);
                (Journal::create(&keeping.directory, &head)?, head, last_time)
            }
        };
        let design = Design::Sweep(options.design.clone());
        let plan = Plan::new(design, Vec::new(), options.seed);
        // The budget is kept here: runs that failed take time too, and those that are in the journal are not dropped for it.
        let plan = Plan { warmups: options.warmup, alpha: options.alpha, ..plan };
        announce(&options, points.len(), last_time.as_deref(), listener);
        let experiment = Experiment::new(plan)?;
        Ok(Sweep { options, points, experiment, journal, head, samples: Vec::new(), spent_s: 0.0, known })
    }

    /// Runs what is missing. Whether it was interrupted.
    fn run_all(&mut self, runs: Runs<'_>, cancel: &Cancel, listener: Listener<'_>) -> Result<bool, SweepError> {
        let places: BTreeMap<String, usize> =
            self.points.iter().enumerate().map(|(place, point)| (point.id(&self.options.design.axes), place)).collect();
        let mut left = None;
        let mut warming = false;
        while let Next::Run(run) = self.experiment.next() {
            let Some(&point) = places.get(&run.benchmark) else { break };
            if let Some(sample) = self.known.remove(&(point, run.warmup, run.pair)) {
                self.take(sample)?;
                continue;
            }
            if self.options.budget_s.is_some_and(|budget_s| self.spent_s >= budget_s) {
                break;
            }
            if left.is_none() {
                left = Some(self.left());
                listener(Event::Begin { what: "sweep", total: self.left() });
            }
            if warming && !run.warmup {
                self.estimate(listener);
            }
            warming = run.warmup;
            if cancel.is_cancelled() {
                return Ok(true);
            }
            listener(Event::Item { name: &run.benchmark });
            let Some(sample) = runs(point)? else { return Ok(true) };
            let sample = SweepSample { point, round: run.pair, warmup: run.warmup, ..sample };
            self.journal.add(&sample)?;
            tell(&run, &sample, listener);
            self.take(sample)?;
            // Runs that a failed point will never have are done too.
            let now = self.left();
            (now..left.unwrap_or(now)).for_each(|_| listener(Event::Done));
            left = Some(now);
        }
        Ok(false)
    }

    /// Runs to go, if none fails.
    fn left(&self) -> usize {
        let progress = self.experiment.progress();
        progress.expected - progress.done
    }

    fn take(&mut self, sample: SweepSample) -> Result<(), SweepError> {
        let wall_s = sample.wall_s.max(f64::MIN_POSITIVE);
        let reason = || sample.reason.clone().unwrap_or_default();
        self.experiment.record(match sample.status {
            Status::Ok => Outcome::Values { values: vec![wall_s], wall_s },
            Status::TimedOut => Outcome::TimedOut,
            Status::Skipped => Outcome::Skipped,
            _ => Outcome::Failed { reason: reason() },
        })?;
        self.spent_s += sample.wall_s;
        self.samples.push(sample);
        Ok(())
    }

    /// What the rounds will take, as the warm-ups say.
    fn estimate(&self, listener: Listener<'_>) {
        let per_round: f64 = seconds_of_points(&self.samples, self.points.len()).iter().sum();
        let rounds = self.options.design.repeats;
        note(listener, &format!("{rounds} rounds: about {}", time(rounds as f64 * per_round)));
    }
}

fn head(options: &SweepOptions, hash: String) -> Head {
    Head {
        schema: JOURNAL_SCHEMA.to_owned(),
        tool: Tool { name: "lightspeed".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        id: uuid::Uuid::new_v4().to_string(),
        started_at: humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
        host: HostClass::of_this_machine(),
        hash,
        options: options.clone(),
    }
}

fn check_machine(journal: &Journal, head: &Head) -> Result<(), SweepError> {
    if head.host == HostClass::of_this_machine() {
        return Ok(());
    }
    Err(SweepError::OtherMachine(
        journal.path().to_owned(),
        format!("{}, {} processors", head.host.cpu, head.host.usable_cpus),
    ))
}

/// What is about to be run, and what is known about the time that it takes.
fn announce(options: &SweepOptions, points: usize, last_time: Option<&[f64]>, listener: Listener<'_>) {
    let (warmups, repeats) = (options.warmup, options.design.repeats);
    let rounds = count(repeats, "round");
    let rounds = if warmups == 0 { rounds } else { format!("{warmups} to warm up and {rounds}") };
    let runs = points * (warmups + repeats);
    let known = last_time.filter(|seconds| seconds.iter().all(|each| *each > 0.0));
    let expected = known.map_or(String::new(), |seconds| {
        format!(", about {} as last time", time(seconds.iter().sum::<f64>() * (warmups + repeats) as f64))
    });
    note(listener, &format!("{points} points, {rounds}: {runs} runs{expected}"));
    if let Some(warning) = oversubscribed(options) {
        note(listener, &warning.text);
    }
}

/// The seconds of each point's last run that ended well.
fn seconds_of_points(samples: &[SweepSample], points: usize) -> Vec<f64> {
    let mut seconds = vec![0.0; points];
    for sample in samples.iter().filter(|sample| sample.status == Status::Ok) {
        if let Some(own) = seconds.get_mut(sample.point) {
            *own = sample.wall_s;
        }
    }
    seconds
}

fn tell(run: &Run, sample: &SweepSample, listener: Listener<'_>) {
    let reason = sample.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
    let text = format!("{}: {} after {:.3} s{reason}", run.benchmark, sample.status, sample.wall_s);
    if sample.status == Status::Ok {
        listener(Event::Ran { text: &text });
    } else {
        note(listener, &text);
    }
}

fn note(listener: Listener<'_>, text: &str) {
    listener(Event::Note { text });
}

fn time(seconds: f64) -> String {
    if seconds < 10.0 {
        return format!("{seconds:.1}s");
    }
    humantime::format_duration(Duration::try_from_secs_f64(seconds.round()).unwrap_or_default()).to_string()
}
