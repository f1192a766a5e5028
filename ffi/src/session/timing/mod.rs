//! Measuring instances with ASV's own sampling: how often, how long, and what came of it.

mod rounds;
mod told;
mod zygotes;

pub(super) use rounds::{Runner, measure_instances, told};
pub(super) use told::Told;

use crate::cancel::Cancel;
use crate::store::Stats;
use crate::suite::asv::{Overrides, Repeat, Turn};
use crate::suite::{Benchmark, Kind, OUTPUT_CAP, OpResult, Outcome, Suite};
use lightspeed_core::stats::{Summary, summarize};
use std::time::Duration;

/// Rounds of a timed benchmark that does not say.
const DEFAULT_ROUNDS: u32 = 2;
/// Seconds that no timeout exceeds.
const LONGEST_TIMEOUT: f64 = 1e9;

/// How long to measure. What is `None` is as the benchmark says, else as ASV does it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    /// Process runs of each timed benchmark, interleaved over all benchmarks.
    pub rounds: Option<u32>,
    /// Samples in each run.
    pub repeat: Option<u64>,
    /// Seconds in each run before samples count.
    pub warmup_time: Option<f64>,
}

impl Timing {
    /// Process runs of a benchmark. What is not timed has one: its number is not a sample of many.
    fn rounds_of(&self, benchmark: &Benchmark) -> u32 {
        let own = benchmark.attributes.get("rounds").and_then(serde_json::Value::as_u64);
        let own = own.and_then(|rounds| u32::try_from(rounds).ok());
        let timed = matches!(benchmark.kind, Kind::Time | Kind::Timeraw | Kind::Command) || own.is_some();
        let rounds = if timed { self.rounds.or(own).unwrap_or(DEFAULT_ROUNDS) } else { 1 };
        rounds.max(1)
    }

    fn overrides(&self, pinned: &Pinned) -> Overrides {
        Overrides {
            number: pinned.number,
            cpu: pinned.cpu,
            turns: pinned.turns.clone(),
            repeat: self.repeat.map(Repeat::Count).or(pinned.repeat),
            warmup_time: self.warmup_time,
            ..Overrides::default()
        }
    }
}

/// What instances are measured with.
#[derive(Clone, Copy)]
pub(super) struct Conditions<'a> {
    /// The suite.
    pub(super) suite: &'a Suite,
    /// How long to measure.
    pub(super) timing: &'a Timing,
    /// Seconds that a run may take where the benchmark does not say.
    pub(super) default_timeout: f64,
    /// Ends the work.
    pub(super) cancel: &'a Cancel,
}

impl Conditions<'_> {
    fn seconds_for(&self, benchmark: &Benchmark) -> f64 {
        benchmark.timeout.unwrap_or(self.default_timeout)
    }
}

/// What one run has in common with others, so that they are alike.
#[derive(Clone, Debug, Default)]
pub(super) struct Pinned {
    /// Calls in a sample, as the first run found them.
    pub(super) number: Option<u64>,
    /// Samples, where the user does not say.
    pub(super) repeat: Option<Repeat>,
    /// The processor, by its number among those that may be used; `None` leaves it to the system.
    pub(super) cpu: Option<usize>,
    /// Where it gets its turns, if it is to alternate with another run.
    pub(super) turns: Option<Turn>,
}

/// An instance to be measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    /// Its id, `name` or `name-K`.
    pub(super) id: &'a str,
    /// Its benchmark.
    pub(super) benchmark: &'a Benchmark,
    /// Its parameter combination.
    pub(super) param: Option<u64>,
}

/// What came of all rounds of an instance.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    /// How the last round ended; an instance that did not end well is not run again.
    pub(super) outcome: Outcome,
    /// Why there is no number.
    pub(super) error: Option<String>,
    /// The end of what the last round wrote.
    pub(super) stderr: String,
    /// One a round: seconds per call, or the number that was returned.
    pub(super) runs: Vec<Vec<f64>>,
    /// Calls per sample.
    pub(super) number: Option<u64>,
    /// Statistics of all samples; only if every round ended well and gave a number.
    pub(super) summary: Option<Summary>,
    /// Seconds of all rounds.
    pub(super) wall_s: f64,
    /// What the rounds told of themselves.
    pub(super) told: Told,
    /// How many processors a round kept busy at most, of those that ran alone: of what is left of a short one that waited it cannot be
    /// told.
    pub(super) cpus: f64,
}

impl Measured {
    /// Takes in a round.
    pub(super) fn add(&mut self, result: OpResult) {
        let run = match (result.samples, result.value) {
            (Some(samples), _) => samples,
            (None, Some(value)) => vec![value],
            (None, None) => Vec::new(),
        };
        if !run.is_empty() {
            self.runs.push(run);
        } else if result.outcome == Outcome::Ok && result.error.is_none() {
            self.error = Some("the benchmark returned no number".to_owned());
        }
        self.error = self.error.take().or(result.error);
        self.outcome = result.outcome;
        if result.waited_s.is_none_or(|waited| waited == 0.0) {
            self.cpus = self.cpus.max(result.cpus.unwrap_or(0.0));
        }
        self.told.hear(&result.stderr, OUTPUT_CAP);
        self.stderr = result.stderr;
        self.number = self.number.or(result.number);
        self.wall_s += result.wall_s;
    }

    /// Whether another round can still give a result.
    pub(super) fn is_sound(&self) -> bool {
        self.outcome == Outcome::Ok && self.error.is_none()
    }

    pub(super) fn close(&mut self) {
        if self.is_sound() {
            match summarize(&self.samples()) {
                Ok(summary) => self.summary = Some(summary),
                Err(error) => self.error = Some(error.to_string()),
            }
        }
    }

    /// All samples in the order in which they were taken.
    pub(super) fn samples(&self) -> Vec<f64> {
        self.runs.concat()
    }

    /// How many of them each run gave.
    pub(super) fn run_lengths(&self) -> Vec<u32> {
        self.runs.iter().map(|run| u32::try_from(run.len()).unwrap_or(u32::MAX)).collect()
    }

    /// As the database keeps them.
    pub(super) fn stats(&self) -> Option<Stats> {
        let number = self.number.and_then(|number| i64::try_from(number).ok());
        Some(Stats { number, ..Stats::from(self.summary.as_ref()?) })
    }

    /// Why there is no number, in one line.
    pub(super) fn reason(&self) -> String {
        let words = match self.outcome {
            Outcome::Skipped => "the benchmark asked to be skipped",
            _ => "it gave no number",
        };
        self.error.clone().unwrap_or_else(|| words.to_owned())
    }
}

fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.clamp(0.001, LONGEST_TIMEOUT)).unwrap_or(Duration::from_secs(60))
}
