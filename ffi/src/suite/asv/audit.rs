//! What an audit asks of the driver: mutations of source files, and digests of what operations do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::serve::instance_fields;
use super::{AsvSuite, InstanceRequest, SetupCacheRequest, Zygote, parse};
use crate::cancel::Cancel;
use crate::suite::{OpResult, SuiteError};

/// How long the search for one further mutation may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Which mutations to make.
#[derive(Clone, Debug)]
pub struct MutationRequest<'a> {
    /// The files, absolute, with the lines that are known to be executed.
    pub files: &'a BTreeMap<PathBuf, Vec<u32>>,
    /// The directory that their names start from.
    pub tree: &'a Path,
    /// Names of operators; empty for all.
    pub operators: &'a [String],
    /// How many for each operator.
    pub count: u64,
    /// What the sample is drawn with.
    pub seed: u64,
}

/// A small change to one file: bytes `start..end` give way to `text`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Mutation {
    /// What kind of change.
    pub operator: String,
    /// The file, absolute.
    pub path: PathBuf,
    /// Its name.
    pub file: String,
    /// The line on which it begins.
    pub line: u64,
    /// The first byte that goes.
    pub start: usize,
    /// The byte after the last that goes.
    pub end: usize,
    /// What comes; none where the file itself goes.
    pub text: Option<String>,
    /// The change as a unified diff.
    pub diff: String,
}

impl AsvSuite {
    /// A sample of mutations, made with the syntax trees of the suite's own interpreter.
    ///
    /// # Errors
    /// Where an operator is unknown or the driver fails.
    pub fn mutations(&self, request: &MutationRequest<'_>, cancel: &Cancel) -> Result<Vec<Mutation>, SuiteError> {
        let operators = (!request.operators.is_empty()).then_some(request.operators);
        let fields = json!({
            "files": request.files.keys().collect::<Vec<_>>(), "executed": request.files, "tree": request.tree, "operators": operators,
            "count": request.count, "seed": request.seed,
        });
        let mut talk = self.start_driver("mutate", fields)?;
        let mut found = Vec::new();
        loop {
            let line = match talk.reply(PATIENCE, cancel)? {
                Ok(line) => line,
                Err(silence) => {
                    let (_, words, detail) = talk.autopsy(silence)?;
                    return Err(SuiteError::Discovery { error: format!("the driver {words}"), detail });
                }
            };
            match parse(&line)? {
                Reply::Mutation(mutation) => found.push(mutation),
                Reply::Done { done: true } => return Ok(found),
                Reply::Done { .. } => {}
                Reply::Failure { error, detail } => return Err(SuiteError::Discovery { error, detail }),
            }
        }
    }
}

impl Zygote<'_> {
    /// Runs an instance as a survey does, under the digest's tracer. The zygote must have been started without `trace`;
    /// `tree` is the directory whose name must not count in values.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn digest(&mut self, request: &InstanceRequest<'_>, tree: &Path) -> Result<OpResult, SuiteError> {
        let mut fields = instance_fields("digest", request);
        fields["of"] = json!("survey");
        fields["tree"] = json!(tree);
        self.operate(fields, request.timeout, false)
    }

    /// The same for the computation of a shared cache.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn digest_cache(&mut self, request: &SetupCacheRequest<'_>, tree: &Path) -> Result<OpResult, SuiteError> {
        let fields = json!({
            "op": "digest", "of": "setup_cache", "tree": tree, "benchmark": request.benchmark.name,
            "cache_dir": request.cache_dir, "timeout": request.timeout.as_secs_f64(), "stderr_cap": crate::suite::OUTPUT_CAP,
        });
        self.operate(fields, request.timeout, false)
    }
}

/// One line of the driver.
#[derive(Deserialize)]
#[serde(untagged)]
enum Reply {
    Mutation(Mutation),
    Done { done: bool },
    Failure { error: String, detail: String },
}
