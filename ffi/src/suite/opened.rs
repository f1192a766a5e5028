//! An opened suite, of whichever kind, and what carries out operations on its benchmarks.

use std::path::Path;

use super::asv::{
    AsvSuite, Discovery, InstanceRequest, Launch, MemoryTool, Overrides, Progress, SetupCacheRequest, Zygote,
};
use super::commands::{CommandRunner, CommandSuite};
use super::{Coverage, OpResult, Outcome, SuiteError};
use crate::cancel::Cancel;

/// An opened suite. It may be used from several threads.
#[derive(Debug)]
pub enum Suite {
    /// Of airspeed velocity.
    Asv(Box<AsvSuite>),
    /// Of commands.
    Commands(Box<CommandSuite>),
}

/// What runs the benchmarks of a suite, as far as it decides what their numbers mean. Texts are empty where the suite has no such
/// thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// The interpreter and its version.
    pub interpreter: String,
    /// The version of the program that measures.
    pub runner_version: String,
    /// How benchmarks get a process of their own.
    pub launch_mode: String,
}

impl Suite {
    /// Lists the benchmarks of `files`, or of all.
    ///
    /// # Errors
    /// Where the suite as a whole cannot be listed; a file that fails is among the failures.
    pub fn discover(
        &self,
        files: Option<&[String]>,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Discovery, SuiteError> {
        match self {
            Self::Asv(suite) => suite.discover(files, cancel, progress),
            Self::Commands(suite) => Ok(suite.discover(files)),
        }
    }

    /// Gets one file of the suite ready, to be surveyed when `trace`, else to be measured.
    ///
    /// # Errors
    /// Where it cannot be used, with the reason.
    pub fn serve(&self, file: &str, trace: bool, cancel: &Cancel) -> Result<Runner<'_>, SuiteError> {
        match self {
            Self::Asv(suite) => suite.serve(file, trace, cancel).map(|zygote| Runner::Asv(Box::new(zygote))),
            Self::Commands(suite) => Ok(Runner::Commands(suite.serve(file, cancel))),
        }
    }

    /// The sources under change.
    #[must_use]
    pub fn source_root(&self) -> &Path {
        match self {
            Self::Asv(suite) => &suite.source_root().root,
            Self::Commands(suite) => suite.source_root(),
        }
    }

    /// The interpreter that runs it, if there is one for all.
    #[must_use]
    pub fn python(&self) -> Option<&Path> {
        match self {
            Self::Asv(suite) => Some(&suite.python().executable),
            Self::Commands(_) => None,
        }
    }

    /// What runs it.
    #[must_use]
    pub fn circumstances(&self) -> Circumstances {
        match self {
            Self::Asv(suite) => Circumstances {
                interpreter: format!("{} {}", suite.python().implementation, suite.python().version),
                runner_version: suite.python().runner_version.clone(),
                launch_mode: match suite.launch() {
                    Launch::Fork => "fork".to_owned(),
                    Launch::Spawn => "spawn".to_owned(),
                },
            },
            Self::Commands(_) => Circumstances { launch_mode: "command".to_owned(), ..Circumstances::default() },
        }
    }
}

/// One file of a suite, ready. Each operation has a process of its own.
#[derive(Debug)]
pub enum Runner<'a> {
    /// Of airspeed velocity: the imported file.
    Asv(Box<Zygote<'a>>),
    /// Of commands.
    Commands(CommandRunner<'a>),
}

impl Runner<'_> {
    /// The file, relative to the suite's directory.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Asv(zygote) => zygote.file(),
            Self::Commands(runner) => runner.file(),
        }
    }

    /// What getting it ready executed, where that was traced.
    #[must_use]
    pub fn import(&self) -> Option<&Coverage> {
        match self {
            Self::Asv(zygote) => zygote.import(),
            Self::Commands(_) => None,
        }
    }

    /// Why what was traced of it may not be all that it executes.
    #[must_use]
    pub fn import_doubts(&self) -> &[String] {
        match self {
            Self::Asv(zygote) => zygote.import_doubts(),
            Self::Commands(_) => &[],
        }
    }

    /// Computes a shared cache.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn setup_cache(&mut self, request: &SetupCacheRequest<'_>) -> Result<OpResult, SuiteError> {
        match self {
            Self::Asv(zygote) => zygote.setup_cache(request),
            Self::Commands(_) => {
                let reason = "commands share no cache".to_owned();
                Ok(OpResult::lost(Outcome::Failed, reason, String::new()))
            }
        }
    }

    /// Runs an instance and tells what it executes.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn survey(&mut self, request: &InstanceRequest<'_>) -> Result<OpResult, SuiteError> {
        match self {
            Self::Asv(zygote) => zygote.survey(request),
            Self::Commands(runner) => runner.survey(request),
        }
    }

    /// Runs an instance once, under what tells the peak of its memory.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn allocate(&mut self, request: &InstanceRequest<'_>, tool: MemoryTool) -> Result<OpResult, SuiteError> {
        match self {
            Self::Asv(zygote) => zygote.allocate(request, tool),
            Self::Commands(_) => {
                let reason = "what a command allocates cannot be told".to_owned();
                Ok(OpResult::lost(Outcome::Failed, reason, String::new()))
            }
        }
    }

    /// Measures an instance.
    ///
    /// # Errors
    /// Where the caller asked to stop, or nothing can be started; whatever the benchmark does is an [`OpResult`].
    pub fn run(&mut self, request: &InstanceRequest<'_>, overrides: &Overrides) -> Result<OpResult, SuiteError> {
        match self {
            Self::Asv(zygote) => zygote.run(request, overrides),
            Self::Commands(runner) => runner.run(request),
        }
    }
}
