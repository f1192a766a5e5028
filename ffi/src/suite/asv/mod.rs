//! Suites of airspeed velocity (ASV), run through the embedded driver and asv_runner.

mod audit;
mod config;
mod discover;
mod driver;
mod python;
mod serve;
mod turns;

pub use audit::{Mutation, MutationRequest};
pub use config::{AsvConfig, FILE_NAME as CONFIG_NAME, find_config};
pub use discover::{Discovery, Progress};
pub(super) use driver::Driver;
pub use python::PythonInfo;
pub use serve::{InstanceRequest, MemoryTool, Overrides, Repeat, SetupCacheRequest, Zygote};
pub use turns::{Turn, Turns};

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cancel::Cancel;
use crate::process::{Command, LineChild, Received, Status};
use crate::suite::{OUTPUT_CAP, SourceRoot, SuiteError};

/// What a suite is opened with.
#[derive(Clone, Debug)]
pub struct AsvOptions {
    /// Its configuration.
    pub config: AsvConfig,
    /// The interpreter: a path, or a name on PATH. None: that of the active virtual environment, else one on PATH.
    pub python: Option<String>,
    /// The sources under change: a package, or a directory that holds packages.
    pub source_root: PathBuf,
    /// Environment variables to set (`Some`) or remove (`None`) for the driver and all benchmarks.
    pub env: Vec<(OsString, Option<OsString>)>,
    /// How benchmarks get a process of their own.
    pub launch: Launch,
    /// How long the import of one file of the suite may take.
    pub import_timeout: Duration,
}

impl AsvOptions {
    /// The usual options: forking, the inherited environment, five minutes for an import.
    pub fn new(config: AsvConfig, source_root: impl Into<PathBuf>) -> Self {
        Self {
            config,
            python: None,
            source_root: source_root.into(),
            env: Vec::new(),
            launch: Launch::Fork,
            import_timeout: Duration::from_secs(300),
        }
    }
}

/// How benchmarks get a process of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Launch {
    /// By a fork of a process that has imported their file; where that is not safe, as [`Spawn`](Self::Spawn).
    #[default]
    Fork,
    /// By starting Python afresh for each.
    Spawn,
}

/// An opened suite. Zygotes and discovery borrow it; it may be used from several threads.
#[derive(Debug)]
pub struct AsvSuite {
    options: AsvOptions,
    python: PythonInfo,
    source_root: SourceRoot,
    driver: Driver,
}

impl AsvSuite {
    /// Checks the interpreter and the sources, and unpacks the driver.
    ///
    /// # Errors
    /// Where the interpreter cannot run the suite, or a directory cannot be used.
    pub fn open(options: AsvOptions, cancel: &Cancel) -> Result<Self, SuiteError> {
        let source_root = SourceRoot::detect(&options.source_root, &options.config.benchmark_dir)?;
        let python = PythonInfo::find(options.python.as_deref(), &options.env, cancel)?;
        Ok(Self { driver: Driver::unpack()?, options, python, source_root })
    }

    /// Its configuration.
    pub fn config(&self) -> &AsvConfig {
        &self.options.config
    }

    /// The interpreter that runs it.
    pub fn python(&self) -> &PythonInfo {
        &self.python
    }

    /// The sources under change.
    pub fn source_root(&self) -> &SourceRoot {
        &self.source_root
    }

    /// How its benchmarks get a process of their own.
    pub fn launch(&self) -> Launch {
        self.options.launch
    }

    /// Starts the driver and gives it its first request: `fields` and those common to all modes.
    fn start_driver(&self, mode: &str, fields: Value) -> Result<Talk, SuiteError> {
        let python = self.python.executable.clone().into_os_string();
        let argv = [python, "-u".into(), self.driver.directory().into(), mode.into()];
        let mut command = Command::new(argv, self.driver.cwd());
        command.env = self.options.env.clone();
        command.output_cap = OUTPUT_CAP;
        let mut request = json!({
            "bench_dir": self.options.config.benchmark_dir,
            "source_root": self.source_root.root,
            "import_parent": self.source_root.import_parent,
            "packages": self.source_root.packages,
            "workspace": self.driver.workspace(),
        });
        if let (Value::Object(request), Value::Object(fields)) = (&mut request, fields) {
            request.extend(fields);
        }
        let mut talk = Talk { child: LineChild::start(&command)? };
        talk.send(&request);
        Ok(talk)
    }
}

/// A conversation with one driver process.
#[derive(Debug)]
struct Talk {
    child: LineChild,
}

/// Why no reply came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silence {
    Died,
    TimedOut,
}

impl Talk {
    /// Sends a request. One that does not arrive shows in the reply that does not come.
    fn send(&mut self, request: &Value) {
        self.child.send(&request.to_string());
    }

    /// The next reply, or why there is none.
    fn reply(&mut self, limit: Duration, cancel: &Cancel) -> Result<Result<Vec<u8>, Silence>, SuiteError> {
        match self.child.receive(limit, cancel) {
            Received::Line(line) => Ok(Ok(line)),
            Received::Closed => Ok(Err(Silence::Died)),
            Received::TimedOut => Ok(Err(Silence::TimedOut)),
            Received::Cancelled => Err(SuiteError::Cancelled),
        }
    }

    /// Ends the driver after a silence; tells how it ended, in numbers and in words, and the end of its standard error.
    fn autopsy(self, silence: Silence) -> Result<(Status, String, String), SuiteError> {
        let (status, stderr) = match silence {
            Silence::Died => self.child.finish()?,
            Silence::TimedOut => self.child.kill()?,
        };
        let words = match status {
            Status::Exited(code) => format!("exited with code {code}"),
            Status::Signaled(signal) => format!("killed by signal {signal}"),
            Status::TimedOut | Status::Cancelled => "did not answer in time".to_owned(),
        };
        Ok((status, words, stderr.text()))
    }
}

/// Reads a reply of a known form.
fn parse<T: serde::de::DeserializeOwned>(line: &[u8]) -> Result<T, SuiteError> {
    serde_json::from_slice(line).map_err(|error| SuiteError::Protocol { problem: error.to_string() })
}
