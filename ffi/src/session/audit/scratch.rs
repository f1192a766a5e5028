//! The place an audit works in: copies of the tree, each with a session of its own, and one survey for all.

use super::behaviour::{Behaviours, Conditions, Instance, behaviours};
use super::copy::Copy;
use super::{AuditOptions, DIRECTORY};
use crate::cancel::Cancel;
use crate::session::moved::moved_paths;
use crate::session::{Overlay, Places, Session, SessionError};
use crate::store::{FileKind, OpenMode, Phase, TextLoading};
use crate::suite::SuiteConfig;
use crate::suite::asv::{AsvConfig, AsvSuite};
use crate::tree::{TreeError, find_repository, working_files};
use lightspeed_core::blocks::{FileBlocks, decode};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use tempfile::TempDir;

/// Copies of the tree with their sessions.
#[derive(Debug)]
pub(super) struct Scratch {
    /// Goes with the copies when this is dropped, unless they are to be kept.
    _directory: Option<TempDir>,
    /// The user's files that were copied.
    pub(super) files: BTreeSet<PathBuf>,
    /// Top of the user's repository, or the source root outside of one.
    user_top: PathBuf,
    pub(super) copies: Vec<Copy>,
    sessions: Vec<Session>,
    /// The instances that count, by their ids.
    pub(super) only: Option<regex::Regex>,
    /// Where survey and findings are kept.
    pub(super) results: PathBuf,
}

impl Session {
    /// Copies the tree as often as there are jobs.
    pub(super) fn scratch(&self, options: &AuditOptions) -> Result<Scratch, SessionError> {
        let only = options.benchmarks.as_deref().map(regex::Regex::new).transpose();
        let only =
            only.map_err(|error| SessionError::Request(format!("--benchmarks is no regular expression: {error}")))?;
        let store = if self.database().exists() { self.store(OpenMode::ReadOnly).ok() } else { None };
        let places = self.places(store.as_ref())?;
        let (root, suite_dir) = (places.root.path(), places.suite_dir.as_path());
        let mut files = working_files(root)?;
        files.extend(working_files(suite_dir)?);
        files.insert(self.config.path().to_owned());
        files.retain(|file| !places.written.iter().any(|written| file.starts_with(written)));
        let user_top = find_repository(root).unwrap_or_else(|| root.to_owned());
        let directory =
            TempDir::with_prefix("lightspeed-audit-").map_err(|error| unwritable(&std::env::temp_dir(), &error))?;
        let results = self.config.results_dir().join(DIRECTORY);
        std::fs::create_dir_all(&results).map_err(|error| unwritable(&results, &error))?;
        let jobs = options.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1);
        let (mut copies, mut sessions) = (Vec::new(), Vec::new());
        for number in 0..jobs {
            let copy = Copy::make(&files, &directory.path().join(format!("tree-{number}")))?;
            let mut session = self.in_copy(&copy, &places, &results)?;
            session.overlay.only.clone_from(&only);
            session.options.python = match (&self.options.python, &store) {
                (Some(python), _) if python.contains('/') => {
                    Some(self.options.cwd.join(python).to_string_lossy().into_owned())
                }
                (Some(python), _) => Some(python.clone()),
                (None, Some(store)) => store.meta(crate::session::META_PYTHON)?,
                (None, None) => None,
            };
            copies.push(copy);
            sessions.push(session);
        }
        let directory = if options.keep {
            let _ = directory.keep();
            None
        } else {
            Some(directory)
        };
        Ok(Scratch { _directory: directory, files, user_top, copies, sessions, only, results })
    }

    /// The same session on a copy of the tree.
    fn in_copy(&self, copy: &Copy, places: &Places, results: &Path) -> Result<Session, SessionError> {
        let mut session = self.clone();
        let mut config = self.audited()?.clone();
        config.benchmark_dir = copy.twin(&places.suite_dir);
        config.path = copy.twin(&config.path);
        config.env_dir = copy.twin(&config.env_dir);
        config.html_dir = copy.twin(&config.html_dir);
        config.results_dir = results.to_owned();
        session.config = SuiteConfig::Asv(config);
        session.options.source_root = Some(copy.twin(places.root.path()));
        session.options.results_dir = None;
        let import_parent = copy.twin(&places.import_parent);
        session.overlay = Overlay { env: environment(copy, &import_parent), ..Overlay::default() };
        Ok(session)
    }
}

impl Session {
    /// The configuration of a suite that can be audited.
    pub(super) fn audited(&self) -> Result<&AsvConfig, SessionError> {
        match &self.config {
            SuiteConfig::Asv(config) => Ok(config),
            SuiteConfig::Commands(_) => Err(SessionError::Request(
                "an audit compares what functions do, which commands do not show: it needs an ASV suite".to_owned(),
            )),
        }
    }

    pub(super) fn audited_suite(&self, places: &Places) -> Result<AsvSuite, SessionError> {
        self.asv_suite(self.audited()?, places, None)
    }
}

impl Scratch {
    /// The session of a copy.
    pub(super) fn session(&self, copy: usize) -> &Session {
        &self.sessions[copy]
    }

    /// What the user calls the top of the tree, in the first copy.
    pub(super) fn top(&self) -> PathBuf {
        self.top_of(0)
    }

    /// The same in another one.
    pub(super) fn top_of(&self, copy: usize) -> PathBuf {
        self.copies[copy].twin(&self.user_top)
    }

    /// Python files that the survey knows, in the first copy, with the lines of the blocks that somebody executes in setup
    /// or run.
    pub(super) fn surveyed_files(&self, places: &Places) -> Result<BTreeMap<PathBuf, Vec<u32>>, SessionError> {
        let session = self.session(0);
        let store = session.store(OpenMode::ReadOnly)?;
        let generation =
            store.current_generation()?.ok_or_else(|| SessionError::NoSurvey { database: session.database() })?;
        let data = store.load_survey(generation.id, TextLoading::Skip)?;
        let mut found = BTreeMap::new();
        for (number, file) in (0..).zip(&data.files) {
            let path = places.path_of(&file.path);
            if file.kind == FileKind::Source && path.is_file() {
                let rows = data.executions.iter().filter(|row| row.file == number && row.phase != Phase::Import);
                let executed: BTreeSet<u32> = rows.flat_map(|row| row.blocks.iter()).collect();
                found.insert(path, executed_lines(&decode(&file.analysis)?, &executed));
            }
        }
        Ok(found)
    }

    /// Runs instances some times in one copy as it is.
    pub(super) fn run<'a>(
        &self,
        copy: usize,
        instances: &[Instance<'a>],
        times: usize,
        heard: &Sender<String>,
        cancel: &Cancel,
    ) -> Result<Vec<Behaviours<'a>>, SessionError> {
        let session = self.session(copy);
        let suite = session.audited_suite(&session.places(None)?)?;
        let conditions = Conditions {
            suite: &suite,
            tree: self.copies[copy].directory(),
            default_timeout: session.config.default_timeout(),
            cancel,
        };
        (0..times).map(|_| behaviours(instances, &conditions, &mut |name| drop(heard.send(name.to_owned())))).collect()
    }
}

/// Lines whose innermost block is among `executed`.
fn executed_lines(file: &FileBlocks, executed: &BTreeSet<u32>) -> Vec<u32> {
    let mut lines = BTreeSet::new();
    // Parents precede children.
    for (number, block) in (0..).zip(&file.blocks) {
        for line in block.lines.start..=block.lines.end {
            if executed.contains(&number) {
                lines.insert(line);
            } else {
                lines.remove(&line);
            }
        }
    }
    lines.into_iter().collect()
}

/// The copy comes before any other one that is installed or on the user's own path, and nothing is left to chance.
fn environment(copy: &Copy, import_parent: &Path) -> Vec<(OsString, Option<OsString>)> {
    let twins = |name: &str| moved_paths(name, |path| Some(copy.twin(path)));
    let joined = |paths: Vec<PathBuf>| std::env::join_paths(paths).ok();
    let asv = std::iter::once(import_parent.to_owned()).chain(twins("ASV_PYTHONPATH")).collect();
    vec![
        ("ASV_PYTHONPATH".into(), joined(asv)),
        ("PYTHONPATH".into(), joined(twins("PYTHONPATH")).filter(|path| !path.is_empty())),
        ("PYTHONHASHSEED".into(), Some("0".into())),
    ]
}

fn unwritable(path: &Path, error: &std::io::Error) -> SessionError {
    SessionError::Tree(TreeError::Unreadable { path: path.to_owned(), detail: error.to_string() })
}
