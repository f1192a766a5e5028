//! A zygote: one file of the suite, imported once, and the operations on its benchmarks.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::turns::Turn;
use super::{AsvSuite, Launch, Silence, Talk, parse};
use crate::cancel::Cancel;
use crate::process::Status;
use crate::suite::{Benchmark, Coverage, Kind, OpResult, Outcome, SuiteError};

/// How much later than an operation's own limit its result may come.
const GRACE: Duration = Duration::from_secs(5);
/// The same where a trace has to be put together.
const TRACE_GRACE: Duration = Duration::from_secs(30);

/// How much longer than both limits together an operation may take that waits for another one: that one is imported and set up first.
const TURNS_GRACE: Duration = Duration::from_secs(60);

/// A request to compute a shared cache.
#[derive(Clone, Copy, Debug)]
pub struct SetupCacheRequest<'a> {
    /// Any of the benchmarks that share it.
    pub benchmark: &'a Benchmark,
    /// The directory that holds it: the operation runs there.
    pub cache_dir: &'a Path,
    /// How long it may take.
    pub timeout: Duration,
}

/// A request to do something with one instance of a benchmark.
#[derive(Clone, Copy, Debug)]
pub struct InstanceRequest<'a> {
    /// The benchmark.
    pub benchmark: &'a Benchmark,
    /// Its parameter combination; none for a benchmark without parameters.
    pub param: Option<u64>,
    /// The directory of the shared cache, for a benchmark that has a `setup_cache_key`.
    pub cache_dir: Option<&'a Path>,
    /// How long it may take.
    pub timeout: Duration,
}

/// Attributes that win over a benchmark's own for one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Overrides {
    /// Calls per sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
    /// Seconds before samples count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warmup_time: Option<f64>,
    /// Seconds that a sample should take, where `number` is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_time: Option<f64>,
    /// Calls at the least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_run_count: Option<u64>,
    /// The processor for the body: its number among those that may be used, counted round.
    #[serde(skip)]
    pub cpu: Option<usize>,
    /// Who hands out turns, where another process measures the same at the same time.
    #[serde(skip)]
    pub turns: Option<Turn>,
}

/// What tells the peak of a process's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemoryTool {
    /// The kernel: what was resident, of the whole process.
    Rss,
    /// The interpreter's own allocator, during the call.
    Tracemalloc,
    /// memray, where it is installed: every allocation during the call, of extensions too.
    Memray,
}

impl MemoryTool {
    /// All of them.
    pub const ALL: [MemoryTool; 3] = [MemoryTool::Rss, MemoryTool::Tracemalloc, MemoryTool::Memray];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            MemoryTool::Rss => "rss",
            MemoryTool::Tracemalloc => "tracemalloc",
            MemoryTool::Memray => "memray",
        }
    }
}

/// How many samples to take.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Repeat {
    /// That many.
    Count(u64),
    /// At least, at most, and seconds after which the least is enough.
    Range(u64, u64, f64),
}

/// One file of a suite, imported, with the operations on its benchmarks. Each operation has a process of its own.
#[derive(Debug)]
pub struct Zygote<'a> {
    suite: &'a AsvSuite,
    file: String,
    trace: bool,
    cancel: Cancel,
    /// None after the driver was lost: the next operation starts another.
    talk: Option<Talk>,
    imported: Imported,
}

impl AsvSuite {
    /// Imports a file of the suite, under the tracer when `trace`; only then can its benchmarks be surveyed, and only
    /// without can they be measured.
    ///
    /// # Errors
    /// Where the file cannot be imported, with the reason.
    pub fn serve(&self, file: &str, trace: bool, cancel: &Cancel) -> Result<Zygote<'_>, SuiteError> {
        let (talk, imported) = self.import(file, trace, cancel)?;
        Ok(Zygote { suite: self, file: file.to_owned(), trace, cancel: cancel.clone(), talk: Some(talk), imported })
    }

    fn import(&self, file: &str, trace: bool, cancel: &Cancel) -> Result<(Talk, Imported), SuiteError> {
        let mut talk = self.start_driver("serve", json!({"file": file, "trace": trace}))?;
        let imported: Imported = match talk.reply(self.options.import_timeout, cancel)? {
            Ok(line) => parse(&line)?,
            Err(silence) => {
                let (_, words, detail) = talk.autopsy(silence)?;
                let error = match silence {
                    Silence::Died => format!("the process {words} during the import"),
                    Silence::TimedOut => format!("timed out after {} s", self.options.import_timeout.as_secs_f64()),
                };
                return Err(SuiteError::Import { file: file.to_owned(), error, detail });
            }
        };
        if imported.ok {
            return Ok((talk, imported));
        }
        let error = imported.error.unwrap_or_else(|| "for an unknown reason".into());
        Err(SuiteError::Import { file: file.to_owned(), error, detail: imported.detail })
    }
}

impl Zygote<'_> {
    /// The file, relative to the suite's directory.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What the import of the file executed, where it was traced.
    pub fn import(&self) -> Option<&Coverage> {
        self.imported.coverage.as_ref()
    }

    /// Why what was traced of the import may not be all that it executes.
    pub fn import_doubts(&self) -> &[String] {
        &self.imported.always_affected
    }

    /// Whether operations may be forked from this process; otherwise each starts Python afresh.
    pub fn fork_safe(&self) -> bool {
        self.imported.fork_safe
    }

    /// Why they may not.
    pub fn fork_unsafe_reason(&self) -> Option<&str> {
        self.imported.fork_unsafe_reason.as_deref()
    }

    /// Computes a shared cache.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn setup_cache(&mut self, request: &SetupCacheRequest<'_>) -> Result<OpResult, SuiteError> {
        let fields = json!({
            "op": "setup_cache", "benchmark": request.benchmark.name, "cache_dir": request.cache_dir,
            "timeout": request.timeout.as_secs_f64(), "stderr_cap": crate::suite::OUTPUT_CAP,
        });
        self.operate(fields, request.timeout, false)
    }

    /// Runs an instance briefly and tells what it executes. The zygote must have been started with `trace`.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn survey(&mut self, request: &InstanceRequest<'_>) -> Result<OpResult, SuiteError> {
        self.operate(instance_fields("survey", request), request.timeout, false)
    }

    /// Measures an instance. The zygote must have been started without `trace`.
    ///
    /// # Errors
    /// Where the caller asked to stop, or no driver can be started; whatever the benchmark does is an [`OpResult`].
    pub fn run(&mut self, request: &InstanceRequest<'_>, overrides: &Overrides) -> Result<OpResult, SuiteError> {
        let mut fields = instance_fields("run", request);
        fields["overrides"] = json!(overrides);
        fields["cpu"] = json!(overrides.cpu);
        fields["turns"] = json!(overrides.turns);
        // Peak memory would include what earlier operations left in a process that serves many.
        self.operate(fields, request.timeout, request.benchmark.kind == Kind::Peakmem)
    }

    /// Runs an instance once, under what tells the peak of its memory: its value, in bytes. There is none where the interpreter does
    /// not have the tool. The zygote must have been started without `trace`.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn allocate(&mut self, request: &InstanceRequest<'_>, tool: MemoryTool) -> Result<OpResult, SuiteError> {
        let mut fields = instance_fields("allocate", request);
        fields["tool"] = json!(tool);
        // As for a benchmark of peak memory: a process that serves many would have reached its peak before.
        let mut result = self.operate(fields, request.timeout, tool == MemoryTool::Rss)?;
        if tool == MemoryTool::Rss && result.outcome == Outcome::Ok {
            result.value = Some(result.max_rss_bytes as f64);
        }
        Ok(result)
    }

    pub(super) fn operate(
        &mut self,
        mut fields: Value,
        timeout: Duration,
        afresh: bool,
    ) -> Result<OpResult, SuiteError> {
        let fork = self.imported.fork_safe && self.suite.options.launch == Launch::Fork;
        let mut talk = match self.talk.take() {
            Some(talk) if fork && !afresh => talk,
            unused => {
                self.talk = unused.filter(|_| fork);
                self.suite.import(&self.file, self.trace, &self.cancel)?.0
            }
        };
        // A fork's peak memory starts from the driver's; that of a started process from the caller's, which can be huge.
        let fork_here = fork || (afresh && self.imported.fork_safe);
        fields["fork"] = json!(fork_here);
        talk.send(&fields);
        let mut grace = if self.trace { TRACE_GRACE } else { GRACE };
        if !fields["turns"].is_null() {
            grace = grace.saturating_add(timeout).saturating_add(TURNS_GRACE);
        }
        let line = match talk.reply(timeout.saturating_add(grace), &self.cancel)? {
            Ok(line) => line,
            Err(silence) => return lost(talk, silence, timeout),
        };
        if fork && !afresh {
            self.talk = Some(talk);
        }
        let reply: Reply = parse(&line)?;
        let mut result = reply.into_result();
        result.wall_s -= result.waited_s.unwrap_or(0.0);
        if !fork_here && result.wall_s > timeout.as_secs_f64() {
            result.outcome = Outcome::TimedOut;
        }
        Ok(result)
    }
}

/// The reply to the first request of a zygote.
#[derive(Debug, Deserialize)]
struct Imported {
    ok: bool,
    error: Option<String>,
    #[serde(default)]
    detail: String,
    #[serde(rename = "import")]
    coverage: Option<Coverage>,
    #[serde(default)]
    always_affected: Vec<String>,
    #[serde(default)]
    fork_safe: bool,
    fork_unsafe_reason: Option<String>,
}

/// The reply to an operation. Where it was refused, there are only `error` and `detail`.
#[derive(Deserialize)]
struct Reply {
    ok: bool,
    #[serde(default)]
    detail: String,
    #[serde(flatten)]
    result: OpResult,
}

impl Reply {
    fn into_result(self) -> OpResult {
        if self.ok {
            return self.result;
        }
        let reason = self.result.error.unwrap_or_else(|| "the driver refused the request".into());
        OpResult::lost(Outcome::Failed, reason, self.detail)
    }
}

pub(super) fn instance_fields(op: &str, request: &InstanceRequest<'_>) -> Value {
    json!({
        "op": op, "benchmark": request.benchmark.name, "param": request.param, "cache_dir": request.cache_dir,
        "timeout": request.timeout.as_secs_f64(), "stderr_cap": crate::suite::OUTPUT_CAP,
    })
}

/// The result of an operation whose process took the driver with it.
fn lost(talk: Talk, silence: Silence, timeout: Duration) -> Result<OpResult, SuiteError> {
    let (status, words, stderr) = talk.autopsy(silence)?;
    if silence == Silence::TimedOut {
        let reason = format!("timed out after {} s", timeout.as_secs_f64());
        return Ok(OpResult::lost(Outcome::TimedOut, reason, stderr));
    }
    let mut result = OpResult::lost(Outcome::Exited, format!("the process {words}"), stderr);
    match status {
        Status::Exited(code) => result.exit_code = Some(code),
        Status::Signaled(signal) => (result.outcome, result.signal) = (Outcome::Signaled, Some(signal)),
        Status::TimedOut | Status::Cancelled => {}
    }
    Ok(result)
}
