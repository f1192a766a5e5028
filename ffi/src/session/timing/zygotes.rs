//! The zygotes and shared caches that rounds go back to.

use super::{Conditions, Target, duration};
use crate::session::SessionError;
use crate::suite::asv::SetupCacheRequest;
use crate::suite::{Benchmark, OpResult, Outcome, Runner, SuiteError};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

/// Imported files that are kept at once: each is a process with the suite's imports in memory.
const MOST_ZYGOTES: usize = 8;

/// What stands in for a result where nothing could be run.
pub(super) fn failed(outcome: Outcome, error: String, stderr: String) -> OpResult {
    OpResult { outcome, error: Some(error), stderr, ..OpResult::default() }
}

/// An operation's result, with its reason; what concerns its benchmark alone is one too, and does not end the work.
pub(super) fn settle(result: Result<OpResult, SuiteError>, seconds: f64) -> Result<OpResult, SessionError> {
    match result {
        Ok(mut result) => {
            result.error = result.error.take().or_else(|| ending(&result, seconds));
            Ok(result)
        }
        Err(error @ (SuiteError::Import { .. } | SuiteError::Protocol { .. })) => {
            let detail = error.detail().unwrap_or_default().to_owned();
            Ok(failed(Outcome::Failed, error.to_string(), detail))
        }
        Err(other) => Err(other.into()),
    }
}

/// How an operation ended that left no message.
fn ending(result: &OpResult, seconds: f64) -> Option<String> {
    let text = match (result.outcome, result.exit_code, result.signal) {
        (Outcome::Ok | Outcome::Skipped, ..) => return None,
        (Outcome::TimedOut, ..) => format!("timed out after {seconds} s"),
        (Outcome::Exited, Some(code), _) => format!("exited with code {code}"),
        (Outcome::Signaled, _, Some(signal)) => format!("killed by signal {signal}"),
        _ => "failed for an unknown reason".to_owned(),
    };
    Some(text)
}

/// Files of the suite, imported when first asked for; the one not used for longest makes room.
pub(super) struct Zygotes<'a> {
    conditions: Conditions<'a>,
    /// The last used comes last.
    alive: Vec<Runner<'a>>,
    broken: BTreeMap<&'a str, OpResult>,
}

impl<'a> Zygotes<'a> {
    pub(super) fn new(conditions: Conditions<'a>) -> Self {
        Self { conditions, alive: Vec::new(), broken: BTreeMap::new() }
    }

    /// The zygote of a file, or what its benchmarks get because it cannot be imported.
    pub(super) fn of(&mut self, file: &'a str) -> Result<Result<&mut Runner<'a>, OpResult>, SessionError> {
        if let Some(result) = self.broken.get(file) {
            return Ok(Err(result.clone()));
        }
        match self.alive.iter().position(|zygote| zygote.file() == file) {
            Some(found) => self.alive[found..].rotate_left(1),
            None => {
                if self.alive.len() >= MOST_ZYGOTES {
                    self.alive.remove(0);
                }
                match self.conditions.suite.serve(file, false, self.conditions.cancel) {
                    Ok(zygote) => self.alive.push(zygote),
                    Err(error) => {
                        let result = settle(Err(error), 0.0)?;
                        self.broken.insert(file, result.clone());
                        return Ok(Err(result));
                    }
                }
            }
        }
        let lost = || failed(Outcome::Failed, format!("{file} was not imported"), String::new());
        Ok(self.alive.last_mut().ok_or_else(lost))
    }
}

/// Values of `setup_cache`, each computed once and kept until the end.
pub(super) struct Caches<'a> {
    /// Seconds for each key: the longest that any user allows.
    seconds: BTreeMap<&'a str, f64>,
    made: BTreeMap<&'a str, Result<TempDir, OpResult>>,
}

impl<'a> Caches<'a> {
    pub(super) fn new(targets: &[Target<'a>], conditions: &Conditions<'_>) -> Self {
        let mut seconds = BTreeMap::new();
        for benchmark in targets.iter().map(|target| target.benchmark) {
            let Some(key) = benchmark.setup_cache_key.as_deref() else {
                continue;
            };
            let own = benchmark.setup_cache_timeout.unwrap_or_else(|| conditions.seconds_for(benchmark));
            let longest: &mut f64 = seconds.entry(key).or_insert(own);
            *longest = longest.max(own);
        }
        Self { seconds, made: BTreeMap::new() }
    }

    /// The directory of the cache that a benchmark shares, or what its users get because there is none.
    pub(super) fn of(
        &mut self,
        benchmark: &'a Benchmark,
        zygote: &mut Runner<'_>,
    ) -> Result<Result<Option<&Path>, OpResult>, SessionError> {
        let Some(key) = benchmark.setup_cache_key.as_deref() else {
            return Ok(Ok(None));
        };
        if !self.made.contains_key(key) {
            let seconds = self.seconds.get(key).copied().unwrap_or(60.0);
            self.made.insert(key, make(benchmark, zygote, seconds)?);
        }
        Ok(match self.made.get(key) {
            Some(Ok(directory)) => Ok(Some(directory.path())),
            Some(Err(result)) => Err(result.clone()),
            None => Ok(None),
        })
    }
}

fn make(
    benchmark: &Benchmark,
    zygote: &mut Runner<'_>,
    seconds: f64,
) -> Result<Result<TempDir, OpResult>, SessionError> {
    let directory = match TempDir::with_prefix("lightspeed-cache-") {
        Ok(directory) => directory,
        Err(error) => {
            let text = format!("no temporary directory for setup_cache: {error}");
            return Ok(Err(failed(Outcome::Failed, text, String::new())));
        }
    };
    let request = SetupCacheRequest { benchmark, cache_dir: directory.path(), timeout: duration(seconds) };
    let mut result = settle(zygote.setup_cache(&request), seconds)?;
    if result.outcome == Outcome::Ok {
        return Ok(Ok(directory));
    }
    let error = result.error.take().unwrap_or_else(|| "it gave none".to_owned());
    Ok(Err(failed(result.outcome, format!("in setup_cache: {error}"), result.stderr)))
}
