//! Suites of commands: each benchmark is a process that is started anew.

mod config;
mod coverage_db;
mod document;
mod environment;
mod mistake;
mod report;
mod runner;
mod sweep;
mod trace;
mod values;

pub use config::{CommandBenchmark, CommandConfig, CoverageSource, FILE_NAME, RESULTS_DIR};
pub use document::{ReportFormat, schema};
pub use runner::CommandRunner;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::{Map, json};

use super::asv::{Discovery, Driver};
use super::{Benchmark, Kind, SuiteError};
use crate::cancel::Cancel;
use crate::pair::Program;
use environment::Environment;
use lightspeed_core::source::blob_id;

/// An opened suite of commands.
#[derive(Debug)]
pub struct CommandSuite {
    config: CommandConfig,
    /// The user's own source root, and where the sources are read: the same, or a checkout of another revision.
    home: PathBuf,
    root: PathBuf,
    /// Directories in which nothing counts as source.
    excluded: Vec<PathBuf>,
    env: Vec<(OsString, Option<OsString>)>,
    driver: Driver,
}

impl CommandSuite {
    /// Gets the tracer ready. `root` is where the sources of `home` are read; in `excluded` nothing is followed.
    ///
    /// # Errors
    /// Where the temporary directory cannot be used.
    pub fn open(
        config: CommandConfig,
        (home, root): (&Path, &Path),
        excluded: Vec<PathBuf>,
        env: Vec<(OsString, Option<OsString>)>,
    ) -> Result<Self, SuiteError> {
        let (home, root) = (home.to_owned(), root.to_owned());
        Ok(Self { config, home, root, excluded, env, driver: Driver::unpack()? })
    }

    /// Its configuration.
    #[must_use]
    pub fn config(&self) -> &CommandConfig {
        &self.config
    }

    /// The sources under change.
    #[must_use]
    pub fn source_root(&self) -> &Path {
        &self.root
    }

    /// Its benchmarks, if their file is among `files`.
    #[must_use]
    pub fn discover(&self, files: Option<&[String]>) -> Discovery {
        let asked = files.is_none_or(|files| files.iter().any(|file| file == FILE_NAME));
        let benchmarks = if asked { listed(&self.config) } else { Vec::new() };
        Discovery { benchmarks, failures: Vec::new(), shadowed: Vec::new() }
    }

    /// What runs its benchmarks.
    #[must_use]
    pub fn serve(&self, file: &str, cancel: &Cancel) -> CommandRunner<'_> {
        CommandRunner::new(self, file, cancel)
    }

    /// A benchmark as it is configured.
    #[must_use]
    pub fn benchmark(&self, name: &str) -> Option<&CommandBenchmark> {
        self.config.benchmarks.iter().find(|benchmark| benchmark.name == name)
    }

    /// What a pair of commands runs for a benchmark.
    #[must_use]
    pub fn program(&self, own: &CommandBenchmark) -> Program {
        Program {
            command: own.command.clone(),
            cwd: self.environment().in_tree(&own.cwd),
            env: self.environment().variables(own),
        }
    }

    fn environment(&self) -> Environment<'_> {
        Environment { suite: self }
    }
}

/// The benchmarks of a configuration as every suite lists them.
#[must_use]
pub fn listed(config: &CommandConfig) -> Vec<Benchmark> {
    let of = |own: &CommandBenchmark| Benchmark {
        name: own.name.clone(),
        file: FILE_NAME.to_owned(),
        kind: Kind::Command,
        unit: "seconds".to_owned(),
        version: Some(definition(own, config)),
        params: Vec::new(),
        param_names: Vec::new(),
        setup_cache_key: None,
        timeout: Some(own.timeout.as_secs_f64()),
        setup_cache_timeout: None,
        pretty_name: None,
        attributes: Map::from_iter([("rounds".to_owned(), json!(own.repeat)), ("tags".to_owned(), json!(own.tags))]),
    };
    config.benchmarks.iter().map(of).collect()
}

/// What decides a command's numbers and what it executes, as a hash.
fn definition(own: &CommandBenchmark, config: &CommandConfig) -> String {
    let base = config.path.parent().unwrap_or(Path::new("/"));
    // The tree can move: only what lies outside of it is named in full.
    let cwd = own.cwd.strip_prefix(base).unwrap_or(&own.cwd);
    let coverage = format!("{:?}", own.coverage).replace(&*base.to_string_lossy(), ".");
    blob_id(json!([own.command, cwd, own.env, own.work_units, coverage]).to_string().as_bytes()).to_string()
}
