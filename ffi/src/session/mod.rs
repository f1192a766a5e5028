//! The verbs a user knows: survey, select, measure. A session ties a suite, a source tree and a database together.

mod audit;
mod basis;
mod before;
mod carried;
mod compare;
mod compile;
mod discovery;
mod documents;
mod error;
mod explain;
mod export;
mod host;
mod measure;
mod moved;
mod places;
mod progress;
mod results;
mod select;
mod stale;
mod survey;
mod sweep;
mod timing;
mod verbs;

pub use audit::{
    AuditOptions, AuditReport, Figures, Miss, Missed, MutationCounts, MutationSource, OPERATORS, RuleFigures, Unstable,
};
pub use basis::IndexBasis;
pub use carried::{CarriedBaseline, LoadReport, SuiteReport, export_baselines, load_baselines, suite_of};
pub use compare::{
    Calibrated, CompareOptions, CompareReport, CompareResult, CompareTiming, Filter, ImportReport, MemoryFailure,
    MemoryReport, MemoryResult, TreeText,
};
pub use error::SessionError;
pub use explain::{ExplainReport, Explained, ExplainedReason, Use};
pub use export::{
    BenchmarkContext, Context, Export, ExportCounts, ExportOptions, ExportReport, SuiteContext, export_of,
};
pub use host::HostClass;
pub use lightspeed_core::impact::Policy;
pub use lightspeed_core::report::{Affected, ChangeText, EnvironmentText, HotfileText, ReasonText, SelectReport};
pub(crate) use measure::delta_pct;
pub use measure::{
    BenchmarkResult, Bounds, Counts, Dropped, Evidence, MeasureOptions, MeasureReport, MeasureTiming, MeasuredIn,
    PairedOptions, PairedReport, Status, ValueChange,
};
pub use places::Places;
pub use progress::{Event, Listener};
pub use results::{BaselineReport, Results, StepBenchmark, StepReport, results_of};
pub use select::{ChangeSource, SelectOptions};
pub use stale::{CHANGES, index_of};
pub use survey::{InitOptions, InitReport, InitTiming};
pub use timing::Timing;

use crate::cancel::Cancel;
use crate::store::{DATABASE_NAME, LOCK_NAME, OpenMode, Store};
use crate::suite::asv::{AsvConfig, AsvOptions, AsvSuite, Launch, PythonInfo};
use crate::suite::commands::CommandSuite;
use crate::suite::{Suite, SuiteConfig};
use documents::Documents;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What a session is opened with.
#[derive(Clone, Debug, Default)]
pub struct SessionOptions {
    /// The suite's `asv.conf.json` or `lightspeed.toml`; `None` finds the one there is ([`SuiteConfig::find`]).
    pub config: Option<PathBuf>,
    /// The directory that relative paths of the caller start from.
    pub cwd: PathBuf,
    /// The sources under change; `None` takes what the last survey was told, else what the configuration says.
    pub source_root: Option<PathBuf>,
    /// The interpreter; `None` takes that of the last survey, else the active environment's.
    pub python: Option<String>,
    /// Where the database lies instead of the config's `results_dir`.
    pub results_dir: Option<PathBuf>,
    /// How benchmarks get a process of their own.
    pub launch: Launch,
}

/// An opened session. It holds no process and no open file between calls, only what it analysed last; share it freely
/// between threads.
#[derive(Clone, Debug)]
pub struct Session {
    config: SuiteConfig,
    options: SessionOptions,
    cancel: Cancel,
    overlay: Overlay,
    documents: Documents,
}

/// What is laid over a suite that runs in another tree than the user's.
#[derive(Clone, Debug, Default)]
struct Overlay {
    /// Environment variables.
    env: Vec<(OsString, Option<OsString>)>,
    /// The instances that count, by their ids.
    only: Option<regex::Regex>,
    /// The user's own source root, where this session works in another tree.
    home: Option<PathBuf>,
}

impl Session {
    /// Reads the configuration; touches nothing else.
    ///
    /// # Errors
    /// No configuration, several, or a broken one.
    pub fn open(options: SessionOptions, cancel: Cancel) -> Result<Self, SessionError> {
        let path = match &options.config {
            Some(path) => options.cwd.join(path),
            None => SuiteConfig::find(&options.cwd)?,
        };
        let mut config = SuiteConfig::load(&path)?;
        if let Some(results_dir) = &options.results_dir {
            config.set_results_dir(options.cwd.join(results_dir));
        }
        Ok(Session { config, options, cancel, overlay: Overlay::default(), documents: Documents::default() })
    }

    /// The same session under another request to stop.
    #[must_use]
    pub fn with_cancel(&self, cancel: Cancel) -> Self {
        Session { cancel, ..self.clone() }
    }

    /// The suite's configuration.
    #[must_use]
    pub fn config(&self) -> &SuiteConfig {
        &self.config
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.config.results_dir().join(DATABASE_NAME)
    }

    /// The user's sources: what the paths in reasons are relative to.
    ///
    /// # Errors
    /// Nobody said where they are, or they are not there.
    pub fn source_root(&self) -> Result<PathBuf, SessionError> {
        let store = self.store(OpenMode::ReadOnly)?;
        Ok(self.places(Some(&store))?.home().to_owned())
    }

    /// The interpreter that would run the suite; `None` for commands, which bring their own.
    ///
    /// # Errors
    /// Where none is found, or it cannot run the suite.
    pub fn python(&self) -> Result<Option<PythonInfo>, SessionError> {
        if matches!(self.config, SuiteConfig::Commands(_)) {
            return Ok(None);
        }
        let surveyed = self.database().exists();
        let store = surveyed.then(|| self.store(OpenMode::ReadOnly)).transpose()?;
        let named = self.named_python(store.as_ref())?;
        Ok(Some(PythonInfo::find(named.as_deref(), &self.overlay.env, &self.cancel)?))
    }

    fn lock_path(&self) -> PathBuf {
        self.config.results_dir().join(LOCK_NAME)
    }

    fn store(&self, mode: OpenMode) -> Result<Store, SessionError> {
        Ok(Store::open(&self.database(), mode)?)
    }

    /// Where sources and suite are: as given, else as the survey noted, relative to the configuration.
    fn places(&self, store: Option<&Store>) -> Result<Places, SessionError> {
        let given = self.options.source_root.as_ref().map(|root| self.options.cwd.join(root));
        let noted = match store {
            Some(store) if given.is_none() => store.meta(META_SOURCE_ROOT)?,
            _ => None,
        };
        let noted = noted.map(|relative| self.config.directory().join(relative));
        let root = given.or_else(|| self.config.source_root()).or(noted).ok_or(SessionError::NoSourceRoot)?;
        let mut places = Places::find(&root, self.config.benchmark_dir())?;
        places.written = self.written();
        places.extensions.clone_from(&self.config.analysis().extensions);
        Ok(places)
    }

    /// Where results and environments go, without symbolic links; the sources themselves are never among them.
    fn written(&self) -> Vec<PathBuf> {
        let real = self.config.written().into_iter().filter_map(|directory| directory.canonicalize().ok());
        let suite = self.config.benchmark_dir().unwrap_or(self.config.directory());
        real.filter(|directory| !suite.starts_with(directory)).collect()
    }

    /// Opens the suite: checks what it needs to run and unpacks the driver.
    fn suite(&self, places: &Places, store: Option<&Store>) -> Result<Suite, SessionError> {
        match &self.config {
            SuiteConfig::Asv(config) => Ok(Suite::Asv(Box::new(self.asv_suite(config, places, store)?))),
            SuiteConfig::Commands(config) => {
                config.check_benchmarks()?;
                let home = self.overlay.home.as_deref().unwrap_or(places.home());
                let trees = (home, places.root.path());
                let excluded = places.written.iter().cloned().chain(environments(places.root.path())).collect();
                let suite = CommandSuite::open(config.clone(), trees, excluded, self.overlay.env.clone())?;
                Ok(Suite::Commands(Box::new(suite)))
            }
        }
    }

    fn asv_suite(&self, config: &AsvConfig, places: &Places, store: Option<&Store>) -> Result<AsvSuite, SessionError> {
        let mut options = AsvOptions::new(config.clone(), places.root.path());
        options.config.benchmark_dir.clone_from(&places.suite_dir);
        if places.home() != places.root.path() {
            // Another revision is measured: it must come before any installed or editable copy.
            let mut path = places.import_parent.clone().into_os_string();
            if let Some(more) = std::env::var_os("ASV_PYTHONPATH") {
                path.push(":");
                path.push(more);
            }
            options.env.push(("ASV_PYTHONPATH".into(), Some(path)));
        }
        options.env.extend(self.overlay.env.iter().cloned());
        options.launch = self.options.launch;
        options.python = self.named_python(store)?;
        Ok(AsvSuite::open(options, &self.cancel)?)
    }

    /// The interpreter that was asked for, else the survey's own, unless it is gone: then the usual search decides and
    /// drift is reported.
    fn named_python(&self, store: Option<&Store>) -> Result<Option<String>, SessionError> {
        Ok(match (&self.options.python, store) {
            (Some(python), _) if python.contains('/') => {
                Some(self.options.cwd.join(python).to_string_lossy().into_owned())
            }
            (Some(python), _) => Some(python.clone()),
            (None, Some(store)) => store.meta(META_PYTHON)?.filter(|path| Path::new(path).exists()),
            (None, None) => None,
        })
    }

    fn check_cancelled(&self) -> Result<(), SessionError> {
        if self.cancel.is_cancelled() { Err(SessionError::Cancelled) } else { Ok(()) }
    }
}

/// Virtual environments that lie among the sources.
fn environments(root: &Path) -> Vec<PathBuf> {
    const MARKER: &str = "pyvenv.cfg";
    let inside = |directory: &Path| {
        let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir() && !path.is_symlink()).collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    let mut level = vec![root.to_owned()];
    for _ in 0..ENVIRONMENT_DEPTH {
        let (environments, others): (Vec<_>, Vec<_>) =
            level.iter().flat_map(|directory| inside(directory)).partition(|path| path.join(MARKER).is_file());
        found.extend(environments);
        level = others;
    }
    found
}

/// How many levels below the sources virtual environments are looked for.
const ENVIRONMENT_DEPTH: usize = 2;
/// Source root, relative to the directory of the configuration.
const META_SOURCE_ROOT: &str = "source_root";
/// Interpreter of the last survey.
const META_PYTHON: &str = "python";
