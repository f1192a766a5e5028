//! Runs commands: once under the tracer or with a coverage report for a survey, warmed up and timed for a measurement.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::report::located;
use super::{CommandBenchmark, CommandSuite, CoverageSource, ReportFormat, coverage_db, trace};
use crate::cancel::Cancel;
use crate::process::{self, ProcessError, Status};
use crate::suite::asv::InstanceRequest;
use crate::suite::{Coverage, OpResult, Outcome, Phases, SuiteError};
use lightspeed_core::coverage::{self, Format, Report};

/// The commands of one suite; remembers which are warmed up.
#[derive(Debug)]
pub struct CommandRunner<'a> {
    suite: &'a CommandSuite,
    file: String,
    cancel: Cancel,
    warm: BTreeSet<String>,
}

impl<'a> CommandRunner<'a> {
    pub(super) fn new(suite: &'a CommandSuite, file: &str, cancel: &Cancel) -> Self {
        Self { suite, file: file.to_owned(), cancel: cancel.clone(), warm: BTreeSet::new() }
    }

    /// The file that defines the commands.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Runs a command once and tells what it executes, as far as its `coverage` lets it be known.
    ///
    /// # Errors
    /// The caller asked to stop, or the temporary directory cannot be used; whatever the command does is an [`OpResult`].
    pub fn survey(&mut self, request: &InstanceRequest<'_>) -> Result<OpResult, SuiteError> {
        let Some(own) = self.suite.benchmark(&request.benchmark.name) else { return Ok(unknown()) };
        match &own.coverage {
            CoverageSource::Python => self.traced(own),
            CoverageSource::Report { command, file, format } => self.reported(own, command.as_deref(), file, *format),
            CoverageSource::None => {
                let doubt = "nothing tells what it executes: give it a `coverage` in lightspeed.toml".to_owned();
                Ok(OpResult { outcome: Outcome::Ok, always_affected: vec![doubt], ..OpResult::default() })
            }
        }
    }

    /// Times one run of a command, after its warm-ups.
    ///
    /// # Errors
    /// As [`survey`](Self::survey).
    pub fn run(&mut self, request: &InstanceRequest<'_>) -> Result<OpResult, SuiteError> {
        let Some(own) = self.suite.benchmark(&request.benchmark.name) else { return Ok(unknown()) };
        let command = self.suite.environment().command(own, &own.command);
        let warmups = if self.warm.insert(own.name.clone()) { own.warmup } else { 0 };
        let mut result = OpResult::default();
        for _ in 0..=warmups {
            result = self.execute(own, &command)?;
            if result.outcome != Outcome::Ok {
                break;
            }
        }
        if result.outcome == Outcome::Ok {
            result.samples = Some(vec![result.wall_s]);
            result.number = Some(1);
        }
        Ok(result)
    }

    /// A file of the user's own tree that a Python command executes although another revision is checked out: an installed copy, or a
    /// path in the environment, leads to it. None where no tracer can tell.
    ///
    /// # Errors
    /// As [`survey`](Self::survey).
    pub fn stray(&self, name: &str) -> Result<Option<String>, SuiteError> {
        match self.suite.benchmark(name) {
            Some(own) if own.coverage == CoverageSource::Python && self.suite.home != self.suite.root => {
                let (_, traced) = self.trace(own, &self.suite.home)?;
                Ok(traced.coverage.files.into_keys().next())
            }
            _ => Ok(None),
        }
    }

    fn traced(&self, own: &CommandBenchmark) -> Result<OpResult, SuiteError> {
        let (mut result, traced) = self.trace(own, &self.suite.root)?;
        if traced.coverage == Coverage::default() && traced.doubts.is_empty() {
            let doubt =
                "no Python under the tracer executed anything of the sources: does it start Python with -I, -E or -S?";
            result.always_affected.push(doubt.to_owned());
        }
        result.always_affected.extend(traced.doubts);
        result.phases = Phases { setup: None, run: Some(traced.coverage) };
        Ok(result)
    }

    /// Runs a command and writes down what it executes below `root`.
    fn trace(&self, own: &CommandBenchmark, root: &Path) -> Result<(OpResult, trace::Traced), SuiteError> {
        let workspace = self.suite.driver.workspace();
        let folder = tempfile::tempdir_in(&workspace);
        let folder = folder.map_err(|source| SuiteError::Io { action: "written", path: workspace, source })?;
        let log = folder.path().join("log");
        let mut command = self.suite.environment().command(own, &own.command);
        let set = command.env.iter().rev().find(|(name, _)| name == "PYTHONPATH");
        let path = set.map_or_else(|| std::env::var_os("PYTHONPATH"), |(_, value)| value.clone());
        let descendant = self.suite.driver.directory().join("descendant");
        let excluded = &self.suite.excluded;
        command.env.extend(trace::variables(&log, root, excluded, &descendant, path.as_deref()));
        let result = self.execute(own, &command)?;
        Ok((result, trace::read(&log)?))
    }

    fn reported(
        &self,
        own: &CommandBenchmark,
        command: Option<&[String]>,
        file: &Path,
        format: Option<ReportFormat>,
    ) -> Result<OpResult, SuiteError> {
        let environment = self.suite.environment();
        let file = environment.in_tree(file);
        let mut result = OpResult { outcome: Outcome::Ok, ..OpResult::default() };
        if let Some(argv) = command {
            let before = written_at(&file);
            result = self.execute(own, &environment.command(own, argv))?;
            if result.outcome != Outcome::Ok {
                return Ok(result);
            }
            if before.is_some() && written_at(&file) == before {
                let doubt = format!("{} is older than the command that should have written it", file.display());
                result.always_affected.push(doubt);
            }
        }
        let base = self.suite.config.path.parent().map(Path::to_owned).unwrap_or_default();
        let bases = [environment.in_tree(&own.cwd), environment.in_tree(&base), self.suite.root.clone()];
        match self.report(&file, format, &bases) {
            Ok(coverage) => result.phases = Phases { setup: None, run: Some(coverage) },
            Err(doubt) => result.always_affected.push(doubt),
        }
        Ok(result)
    }

    fn report(&self, file: &Path, format: Option<ReportFormat>, bases: &[PathBuf]) -> Result<Coverage, String> {
        let bytes =
            std::fs::read(file).map_err(|error| format!("no coverage report at {}: {error}", file.display()))?;
        let report = parse(file, &bytes, format).map_err(|error| format!("{}: {error}", file.display()))?;
        let found = located(&report, &self.suite.root, bases);
        if found.files.is_empty() {
            let root = self.suite.root.display();
            return Err(format!("{} says of no file below {root} that it ran", file.display()));
        }
        Ok(found)
    }

    fn execute(&self, own: &CommandBenchmark, command: &process::Command) -> Result<OpResult, SuiteError> {
        let outcome = match process::run(command, &self.cancel) {
            Ok(outcome) => outcome,
            Err(error @ (ProcessError::NotFound { .. } | ProcessError::Start { .. })) => {
                return Ok(OpResult::lost(Outcome::Failed, error.to_string(), String::new()));
            }
            Err(error) => return Err(error.into()),
        };
        let stderr = outcome.stderr.text();
        let said = stderr.trim_end().lines().last().map_or(String::new(), |line| format!(": {line}"));
        let (how, error) = match outcome.status {
            Status::Exited(0) => (Outcome::Ok, None),
            Status::Exited(code) => (Outcome::Exited, Some(format!("exited with code {code}{said}"))),
            Status::Signaled(signal) => (Outcome::Signaled, Some(format!("killed by signal {signal}{said}"))),
            Status::TimedOut => (Outcome::TimedOut, Some(format!("timed out after {} s", own.timeout.as_secs_f64()))),
            Status::Cancelled => return Err(SuiteError::Cancelled),
        };
        Ok(OpResult {
            outcome: how,
            exit_code: if let Status::Exited(code) = outcome.status { Some(code) } else { None },
            signal: if let Status::Signaled(signal) = outcome.status { Some(signal) } else { None },
            error,
            stderr,
            wall_s: outcome.wall.as_secs_f64(),
            user_s: outcome.user.as_secs_f64(),
            sys_s: outcome.sys.as_secs_f64(),
            max_rss_bytes: outcome.max_rss_bytes.unwrap_or_default(),
            ..OpResult::default()
        })
    }
}

fn parse(file: &Path, bytes: &[u8], format: Option<ReportFormat>) -> Result<Report, String> {
    if bytes.starts_with(b"SQLite format 3\0") && matches!(format, None | Some(ReportFormat::CoveragePy)) {
        return coverage_db::read(file);
    }
    let read = match format {
        None => coverage::read(bytes),
        Some(ReportFormat::Lcov) => coverage::read_as(bytes, Format::Lcov),
        Some(ReportFormat::Cobertura) => coverage::read_as(bytes, Format::Cobertura),
        Some(ReportFormat::CoveragePy) => coverage::read_as(bytes, Format::CoveragePy),
        Some(ReportFormat::GoCover) => coverage::read_as(bytes, Format::GoCover),
        Some(ReportFormat::LlvmCov) => coverage::read_as(bytes, Format::LlvmCov),
    };
    read.map_err(|error| error.to_string())
}

fn unknown() -> OpResult {
    OpResult::lost(Outcome::Failed, "it is no longer in lightspeed.toml".to_owned(), String::new())
}

fn written_at(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}
