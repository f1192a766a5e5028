//! The receipt of a pair: every run, what the runs say, what to do about it.

use super::budget::Budget;
use super::metric::Metric;
use super::options::PairOptions;
use crate::process::{Captured, Outcome, Status as Ended};
use crate::session::HostClass;
use lightspeed_core::frame::Direction;
use lightspeed_core::stats::{Gate, Inference, Status, Summary, Verdict};
use serde::{Deserialize, Serialize};

/// Version of [`PairReceipt`] as a document.
pub const SCHEMA: &str = "lightspeed.pair/1";

/// All that is known of a pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairReceipt {
    /// [`SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// When and where.
    pub run: RunInfo,
    /// What was run.
    pub bench: PairOptions,
    /// Every pair, warm-ups and incomplete ones included.
    pub samples: Vec<PairSample>,
    /// What the runs say.
    pub stats: PairStats,
    /// What it comes to.
    pub verdict: PairVerdict,
}

/// A program and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// When and where something was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Unlike any other run's.
    pub id: String,
    /// UTC, RFC 3339.
    pub started_at: String,
    /// UTC, RFC 3339.
    pub ended_at: String,
    /// The machine.
    pub host: HostClass,
}

/// One pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairSample {
    /// Its number, from 0; warm-ups are counted by themselves.
    pub pair_index: usize,
    /// Whether it only warms up: it is in no number below.
    pub warmup: bool,
    /// Which side ran first.
    pub order: Order,
    /// The run of the baseline; null where it was not reached.
    pub baseline: Option<RunSample>,
    /// The run of the current command; null where it was not reached.
    pub current: Option<RunSample>,
}

/// Which side of a pair ran first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The baseline.
    BaselineFirst,
    /// The current command.
    CurrentFirst,
}

/// One run of one command. What the system does not tell is null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSample {
    /// Wall clock, in nanoseconds.
    pub wall_ns: u64,
    /// CPU time in user mode, in nanoseconds.
    pub user_ns: u64,
    /// CPU time in the kernel, in nanoseconds.
    pub sys_ns: u64,
    /// Peak resident memory of this child alone, in bytes; null where it stayed below what its process started with: in the
    /// first pair what this program has used, from then on what it has written to.
    pub max_rss_bytes: Option<u64>,
    /// Page faults without input or output.
    pub minor_faults: Option<u64>,
    /// Page faults that had to read.
    pub major_faults: Option<u64>,
    /// Times that the first thread gave up the processor.
    pub voluntary_switches: Option<u64>,
    /// Times that the processor was taken from the first thread.
    pub involuntary_switches: Option<u64>,
    /// Bytes fetched from storage.
    pub read_bytes: Option<u64>,
    /// Bytes sent to storage.
    pub written_bytes: Option<u64>,
    /// Instructions executed in user mode; null where the processor or the kernel offers no counter.
    pub instructions: Option<u64>,
    /// Its exit code; null where it ended otherwise.
    pub exit_code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether its time was up.
    pub timed_out: bool,
    /// The end of its standard output; null where it wrote nothing.
    pub stdout: Option<String>,
    /// The end of its standard error; null where it wrote nothing.
    pub stderr: Option<String>,
    /// How many bytes it wrote to standard output.
    pub stdout_bytes: u64,
    /// How many bytes it wrote to standard error.
    pub stderr_bytes: u64,
}

impl RunSample {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let ns = |time: std::time::Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let text = |captured: &Captured| (captured.total_bytes > 0).then(|| captured.text());
        RunSample {
            wall_ns: ns(outcome.wall),
            user_ns: ns(outcome.user),
            sys_ns: ns(outcome.sys),
            max_rss_bytes: outcome.max_rss_bytes,
            minor_faults: outcome.usage.minor_faults,
            major_faults: outcome.usage.major_faults,
            voluntary_switches: outcome.usage.voluntary_switches,
            involuntary_switches: outcome.usage.involuntary_switches,
            read_bytes: outcome.usage.read_bytes,
            written_bytes: outcome.usage.written_bytes,
            instructions: outcome.usage.instructions,
            exit_code: if let Ended::Exited(code) = outcome.status { Some(code) } else { None },
            signal: if let Ended::Signaled(signal) = outcome.status { Some(signal) } else { None },
            timed_out: outcome.status == Ended::TimedOut,
            stdout: text(&outcome.stdout),
            stderr: text(&outcome.stderr),
            stdout_bytes: outcome.stdout.total_bytes,
            stderr_bytes: outcome.stderr.total_bytes,
        }
    }
}

/// What the runs say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairStats {
    /// Complete pairs that count.
    pub pairs: usize,
    /// Every metric of which all of them have a value, and every one with a budget.
    pub metrics: Vec<MetricReport>,
}

/// One metric over all pairs that count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricReport {
    /// Which.
    pub metric: Metric,
    /// What its values count.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The baseline's values; null where a run has none.
    pub baseline: Option<Summary>,
    /// The current command's values; null where a run has none.
    pub current: Option<Summary>,
    /// Median of the differences, current less baseline.
    pub difference: Option<f64>,
    /// What a unit of work takes on either side, medians; where the number of work units is known and this is a time.
    pub per_unit: Option<(f64, f64)>,
    /// Current to baseline, with its interval; for the throughput, of its inverse. Null where a value is 0.
    pub inference: Option<Inference>,
    /// The budget, where there is one.
    pub budget: Option<Budget>,
    /// The share that the budget comes to here.
    pub margin: Option<f64>,
    /// What the evidence says about the budget. `improved` and `regressed` heed the direction.
    pub verdict: Option<Verdict>,
    /// What to do about it.
    pub gate: Option<Gate>,
    /// The smallest change, as a share, that pairs like these could have shown to be beyond the budget.
    pub smallest_effect: Option<f64>,
    /// Pairs in all with which it may be decided, if further ones are like these.
    pub pairs_needed: Option<usize>,
    /// Why there is no verdict.
    pub reason: Option<String>,
}

/// What it comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairVerdict {
    /// What happened.
    pub status: Status,
    /// Of the budget that decides.
    pub verdict: Option<Verdict>,
    /// What to do.
    pub gate: Gate,
    /// Whether it was interrupted: there might have been more pairs.
    pub interrupted: bool,
    /// Why the gate is not `pass`, and what should be kept in mind.
    pub reasons: Vec<String>,
}
