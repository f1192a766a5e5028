//! How one operation on one benchmark went.

use serde::{Deserialize, Serialize};

use super::Phases;

/// Bytes kept of what an operation writes: the last ones.
pub(crate) const OUTPUT_CAP: usize = 64 * 1024;

/// How an operation ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was carried out.
    Ok,
    /// The benchmark asked to be skipped.
    Skipped,
    /// It raised an error, or could not be carried out.
    #[default]
    Failed,
    /// Its time was up.
    TimedOut,
    /// The process exited in the middle.
    Exited,
    /// The process was killed by a signal that nobody here sent.
    Signaled,
}

/// The result of an operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpResult {
    /// How it ended.
    pub outcome: Outcome,
    /// The exit code, where the process exited.
    pub exit_code: Option<i32>,
    /// The signal, where one killed the process.
    pub signal: Option<i32>,
    /// What went wrong, in one line.
    pub error: Option<String>,
    /// The end of what it wrote, [`OUTPUT_CAP`] bytes at most.
    pub stderr: String,
    /// Wall-clock seconds of the whole operation.
    pub wall_s: f64,
    /// CPU seconds in user mode.
    pub user_s: f64,
    /// CPU seconds in the kernel.
    pub sys_s: f64,
    /// Peak resident memory.
    pub max_rss_bytes: u64,
    /// Why what was traced may not be all that it executes.
    pub always_affected: Vec<String>,
    /// What was traced; empty for a run.
    pub phases: Phases,
    /// The number that the benchmark returned.
    pub value: Option<f64>,
    /// Seconds per call, one a sample.
    pub samples: Option<Vec<f64>>,
    /// Calls per sample.
    pub number: Option<u64>,
    /// How many processors were busy on average while the benchmark's body ran.
    pub cpus: Option<f64>,
    /// Wall-clock seconds in which it waited for its turn; not in `wall_s`.
    pub waited_s: Option<f64>,
    /// What it did, for an operation that was digested.
    pub digest: Option<Digest>,
}

/// What an operation did, as two hashes: equal hashes, equal behaviour as far as it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Of the statements executed, in order, and the exceptions.
    pub path: String,
    /// Of the values passed, returned and read from globals.
    pub values: String,
}

impl OpResult {
    /// A result for an operation that left none of its own; `reason` is why.
    pub(super) fn lost(outcome: Outcome, reason: String, stderr: String) -> Self {
        Self { outcome, error: Some(reason.clone()), stderr, always_affected: vec![reason], ..Self::default() }
    }
}
