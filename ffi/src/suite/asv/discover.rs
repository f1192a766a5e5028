//! What a suite contains.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{AsvSuite, Silence, parse};
use crate::cancel::Cancel;
use crate::suite::{Benchmark, FileFailure, Shadow, SuiteError};

/// How much later than the driver's own limit a reply may come.
const GRACE: Duration = Duration::from_secs(30);

/// What a suite contains, and what of it could not be looked into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Discovery {
    /// Its benchmarks, in the order of their files.
    pub benchmarks: Vec<Benchmark>,
    /// The files, or parts of files, that could not be looked into.
    pub failures: Vec<FileFailure>,
    /// Packages of the source root that would be imported from elsewhere.
    pub shadowed: Vec<Shadow>,
}

/// A step of a discovery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file that was looked into.
    pub file: &'a str,
    /// How many benchmarks it holds.
    pub benchmarks: usize,
    /// Whether it could be imported.
    pub ok: bool,
}

impl AsvSuite {
    /// Lists the benchmarks of `files` (relative to the benchmark directory), or of all files.
    ///
    /// # Errors
    /// Where the driver as a whole fails; a file that fails is among the [`failures`](Discovery::failures).
    pub fn discover(
        &self,
        files: Option<&[String]>,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Discovery, SuiteError> {
        let mut found = Discovery { benchmarks: Vec::new(), failures: Vec::new(), shadowed: Vec::new() };
        let limit = self.options.import_timeout;
        let mut talk = self.start_driver("discover", json!({"files": files, "timeout": limit.as_secs_f64()}))?;
        loop {
            let line = match talk.reply(limit.saturating_add(GRACE), cancel)? {
                Ok(line) => line,
                Err(silence) => return Err(failure(talk.autopsy(silence)?, silence)),
            };
            let reply: Reply = parse(&line)?;
            if reply.done {
                found.shadowed = reply.shadowed;
                unite_duplicates(&mut found.benchmarks);
                return Ok(found);
            }
            let error = reply.error.unwrap_or_default();
            let Some(file) = reply.file else {
                return Err(SuiteError::Discovery { error, detail: reply.detail });
            };
            progress(Progress { file: &file, benchmarks: reply.benchmarks.len(), ok: reply.ok });
            if !reply.ok {
                found.failures.push(FileFailure { file: file.clone(), part: None, error, detail: reply.detail });
            }
            found.failures.extend(reply.errors.into_iter().map(|part| FileFailure { file: file.clone(), ..part }));
            found.benchmarks.extend(reply.benchmarks.into_iter().filter_map(Benchmark::from_entry));
        }
    }
}

/// One line of the driver.
#[derive(Deserialize)]
struct Reply {
    ok: bool,
    #[serde(default)]
    done: bool,
    file: Option<String>,
    error: Option<String>,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    benchmarks: Vec<Map<String, Value>>,
    #[serde(default)]
    errors: Vec<FileFailure>,
    #[serde(default)]
    shadowed: Vec<Shadow>,
}

fn failure((_, words, detail): (crate::process::Status, String, String), silence: Silence) -> SuiteError {
    let error = match silence {
        Silence::Died => format!("the driver {words}"),
        Silence::TimedOut => "the driver did not answer in time".to_owned(),
    };
    SuiteError::Discovery { error, detail }
}

/// A benchmark that several files import is one benchmark: the first file in order keeps it.
fn unite_duplicates(benchmarks: &mut Vec<Benchmark>) {
    let mut names = std::collections::BTreeSet::new();
    benchmarks.retain(|benchmark| names.insert(benchmark.name.clone()));
}
