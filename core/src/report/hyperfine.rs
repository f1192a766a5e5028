//! Times as hyperfine's `--export-json` writes them, for its own scripts and for others that read that.

use serde::Serialize;

use crate::stats::summarize;

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HyperfineExport {
    /// The commands, in the order they were given.
    pub results: Vec<HyperfineResult>,
}

/// One command; all times are seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HyperfineResult {
    /// What it is called.
    pub command: String,
    /// Mean of the times.
    pub mean: f64,
    /// Their standard deviation; null where there is but one.
    pub stddev: Option<f64>,
    /// Their median.
    pub median: f64,
    /// Mean time of the processor in user mode.
    pub user: f64,
    /// The same in the kernel.
    pub system: f64,
    /// The shortest time.
    pub min: f64,
    /// The longest.
    pub max: f64,
    /// Each run, in order.
    pub times: Vec<f64>,
    /// Peak memory of each run, where every one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_usage_byte: Option<Vec<u64>>,
    /// How each run ended.
    pub exit_codes: Vec<i32>,
}

/// A run that gave a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimedRun {
    /// From its start to its end.
    pub wall_s: f64,
    /// Of the processor in user mode.
    pub user_s: f64,
    /// The same in the kernel.
    pub sys_s: f64,
    /// Peak memory, where known.
    pub max_rss_bytes: Option<u64>,
    /// How it ended.
    pub exit_code: i32,
}

impl HyperfineResult {
    /// Of a command's runs; `None` of none, and of times that are not finite.
    #[must_use]
    pub fn of(command: &str, runs: &[TimedRun]) -> Option<Self> {
        let times: Vec<f64> = runs.iter().map(|run| run.wall_s).collect();
        let summary = summarize(&times).ok()?;
        let mean = |of: fn(&TimedRun) -> f64| runs.iter().map(of).sum::<f64>() / runs.len() as f64;
        Some(Self {
            command: command.to_owned(),
            mean: summary.mean,
            stddev: summary.sd,
            median: summary.median,
            user: mean(|run| run.user_s),
            system: mean(|run| run.sys_s),
            min: summary.min,
            max: summary.max,
            memory_usage_byte: runs.iter().map(|run| run.max_rss_bytes).collect(),
            exit_codes: runs.iter().map(|run| run.exit_code).collect(),
            times,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(wall_s: f64, max_rss_bytes: Option<u64>) -> TimedRun {
        TimedRun { wall_s, user_s: 0.5 * wall_s, sys_s: 0.25, max_rss_bytes, exit_code: 0 }
    }

    #[test]
    fn runs_become_what_hyperfine_would_have_written() {
        let result = HyperfineResult::of("x", &[run(1.0, Some(10)), run(2.0, Some(20)), run(6.0, None)]).unwrap();
        assert_eq!((result.mean, result.median, result.min, result.max), (3.0, 2.0, 1.0, 6.0));
        assert!((result.stddev.unwrap() - 7.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!((result.user, result.system), (1.5, 0.25));
        assert_eq!((result.exit_codes.len(), result.memory_usage_byte), (3, None));
        assert_eq!(HyperfineResult::of("x", &[]), None);
        assert_eq!(HyperfineResult::of("x", &[run(1.0, Some(1))]).unwrap().stddev, None);
    }
}
