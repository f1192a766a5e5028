//! The configuration of a suite, of whichever kind.

use std::path::{Path, PathBuf};

use super::asv::{AsvConfig, find_config};
use super::commands::{CommandConfig, FILE_NAME};
use super::{AnalysisConfig, Benchmark, CompareConfig, Layer, LayerPatterns, SuiteError};

/// The configuration of a suite.
#[derive(Clone, Debug)]
pub enum SuiteConfig {
    /// `asv.conf.json`.
    Asv(AsvConfig),
    /// `lightspeed.toml`.
    Commands(CommandConfig),
}

impl SuiteConfig {
    /// Reads a configuration; what ends in `.toml` is one of commands.
    ///
    /// # Errors
    /// Where it cannot be read or is not valid, with the place of the mistake.
    pub fn load(path: &Path) -> Result<Self, SuiteError> {
        if path.extension().is_some_and(|extension| extension == "toml") {
            CommandConfig::load(path).map(Self::Commands)
        } else {
            AsvConfig::load(path).map(Self::Asv)
        }
    }

    /// Finds the one configuration of a project: `lightspeed.toml` in `directory`, else the `asv.conf.json` in or below it,
    /// else `lightspeed.toml` in the nearest directory above.
    ///
    /// # Errors
    /// Where there is none, or more than one to choose from.
    pub fn find(directory: &Path) -> Result<PathBuf, SuiteError> {
        let own = directory.join(FILE_NAME);
        let asv = find_config(directory);
        match (own.is_file(), asv) {
            (true, Ok(asv)) if asv.parent() == Some(directory) => {
                Err(SuiteError::SeveralConfigs { candidates: vec![asv, own] })
            }
            (true, _) => Ok(own),
            (false, Err(SuiteError::NoConfig { directory })) => {
                let above =
                    directory.ancestors().skip(1).map(|parent| parent.join(FILE_NAME)).find(|path| path.is_file());
                above.ok_or(SuiteError::NoConfig { directory })
            }
            (false, asv) => asv,
        }
    }

    /// The file it was read from.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Asv(config) => &config.path,
            Self::Commands(config) => &config.path,
        }
    }

    /// The directory it lies in.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.path().parent().unwrap_or(Path::new("."))
    }

    /// The directory of the results.
    #[must_use]
    pub fn results_dir(&self) -> &Path {
        match self {
            Self::Asv(config) => &config.results_dir,
            Self::Commands(config) => &config.results_dir,
        }
    }

    /// Puts the results elsewhere.
    pub fn set_results_dir(&mut self, directory: PathBuf) {
        match self {
            Self::Asv(config) => config.results_dir = directory,
            Self::Commands(config) => config.results_dir = directory,
        }
    }

    /// How sources are analysed.
    #[must_use]
    pub fn analysis(&self) -> &AnalysisConfig {
        match self {
            Self::Asv(config) => &config.analysis,
            Self::Commands(config) => &config.analysis,
        }
    }

    /// How two trees are compared.
    #[must_use]
    pub fn compare(&self) -> &CompareConfig {
        match self {
            Self::Asv(config) => &config.compare,
            Self::Commands(config) => &config.compare,
        }
    }

    /// The layer of a benchmark.
    #[must_use]
    pub fn layer(&self, benchmark: &Benchmark) -> Layer {
        match self {
            Self::Asv(config) => Layer::of(benchmark, &config.layers),
            Self::Commands(_) => Layer::of(benchmark, &LayerPatterns::new()),
        }
    }

    /// The sources under change, where it says so.
    #[must_use]
    pub fn source_root(&self) -> Option<PathBuf> {
        match self {
            Self::Asv(_) => None,
            Self::Commands(config) => Some(config.source_root.clone().unwrap_or_else(|| self.directory().to_owned())),
        }
    }

    /// The directory of the benchmarks, where they are files.
    #[must_use]
    pub fn benchmark_dir(&self) -> Option<&Path> {
        match self {
            Self::Asv(config) => Some(&config.benchmark_dir),
            Self::Commands(_) => None,
        }
    }

    /// Directories that tools write results and environments to.
    #[must_use]
    pub fn written(&self) -> Vec<&Path> {
        match self {
            Self::Asv(config) => vec![&config.results_dir, &config.env_dir, &config.html_dir],
            Self::Commands(config) => vec![&config.results_dir],
        }
    }

    /// Seconds that a benchmark may run, where it does not say so itself.
    #[must_use]
    pub fn default_timeout(&self) -> f64 {
        match self {
            Self::Asv(config) => config.default_benchmark_timeout,
            // Every command has a timeout of its own.
            Self::Commands(_) => 60.0,
        }
    }
}
