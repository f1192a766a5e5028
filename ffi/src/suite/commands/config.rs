//! lightspeed.toml: a suite of commands, resolved and checked before anything runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize as _;
use toml::Spanned;

use super::document::{Document, Entry, NamedCoverage, ReportFormat, WrittenBudget, WrittenCoverage};
use super::mistake::Mistake;
use super::sweep::sweeps;
use super::values::WrittenPath;
use crate::pair::{Budget, Metric, PairError};
use crate::suite::{AnalysisConfig, CompareConfig, SuiteError};
use crate::sweep::SweepOptions;

/// The name of the configuration file.
pub const FILE_NAME: &str = "lightspeed.toml";

/// Where results go, beside the configuration, where nobody says.
pub const RESULTS_DIR: &str = ".lightspeed";
const TIMEOUT: Duration = Duration::from_secs(60);
const REPEAT: u32 = 10;
const WARMUP: u32 = 1;
/// What wall time may lose where nothing is said.
const WALL_BUDGET: f64 = 0.05;

/// A suite of commands. Paths are absolute.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandConfig {
    /// The file it was read from.
    pub path: PathBuf,
    /// The sources whose changes count.
    pub source_root: Option<PathBuf>,
    /// The directory of the results.
    pub results_dir: PathBuf,
    /// How sources are analysed.
    pub analysis: AnalysisConfig,
    /// How two trees are compared.
    pub compare: CompareConfig,
    /// The benchmarks, in the order of the file; none only where there are sweeps.
    pub benchmarks: Vec<CommandBenchmark>,
    /// The sweeps, in the order of the file.
    pub sweeps: Vec<SweepOptions>,
}

/// One command and all that is known about how to run and judge it.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandBenchmark {
    /// What it is called; no other has this name.
    pub name: String,
    /// The program and its arguments; no shell reads them.
    pub command: Vec<String>,
    /// Where it runs.
    pub cwd: PathBuf,
    /// Variables to set, or (none) to remove, on top of this process's own.
    pub env: BTreeMap<String, Option<String>>,
    /// How much work one run does.
    pub work_units: Option<f64>,
    /// How long a run may take.
    pub timeout: Duration,
    /// How many runs count.
    pub repeat: u32,
    /// How many runs come first and do not count.
    pub warmup: u32,
    /// What is reported.
    pub metrics: Vec<Metric>,
    /// How much worse it may become; at least one, none twice.
    pub budgets: Vec<Budget>,
    /// Where is written which lines a run executes.
    pub coverage: CoverageSource,
    /// Words by which it can be chosen.
    pub tags: Vec<String>,
    /// The line of the file where it is defined, from 1.
    pub line: usize,
}

/// Where is written which lines a run executes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoverageSource {
    /// Nowhere yet: a Python command, run under the driver.
    Python,
    /// In a report.
    Report {
        /// What writes it; none where it is read as it lies there.
        command: Option<Vec<String>>,
        /// The report.
        file: PathBuf,
        /// Its format, where that is not left to its content.
        format: Option<ReportFormat>,
    },
    /// Nowhere: any change affects the benchmark.
    None,
}

impl CommandConfig {
    /// Reads a configuration.
    ///
    /// # Errors
    /// Where it cannot be read, and at the first mistake in it, with its place.
    pub fn load(path: &Path) -> Result<Self, SuiteError> {
        let unreadable = |source| SuiteError::Io { action: "read", path: path.to_owned(), source };
        let path = std::path::absolute(path).map_err(unreadable)?;
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let end = valid.len();
            Mistake::new(end..end, "it is not UTF-8 here: save it as UTF-8").locate(&valid, &path)
        })?;
        Self::parse(text, &path)
    }

    /// Reads the text of a configuration; what is relative in it is relative to the directory of `path`, an absolute one.
    ///
    /// # Errors
    /// At the first mistake, with its place.
    pub fn parse(text: &str, path: &Path) -> Result<Self, SuiteError> {
        let text = text.trim_start_matches('\u{feff}');
        read(text, path).map_err(|mistake| mistake.locate(text, path))
    }

    /// Refuses a file of sweeps alone, for what needs a suite.
    ///
    /// # Errors
    /// Where there is no benchmark.
    pub fn check_benchmarks(&self) -> Result<(), SuiteError> {
        if self.benchmarks.is_empty() {
            return Err(SuiteError::Config {
                path: self.path.clone(),
                line: 1,
                column: 1,
                problem: NO_BENCHMARK.to_owned(),
            });
        }
        Ok(())
    }
}

const NO_BENCHMARK: &str = "there is no benchmark: add a [[benchmark]] with a name and a command";

fn read(text: &str, path: &Path) -> Result<CommandConfig, Mistake> {
    let deserializer = toml::de::Deserializer::parse(text).map_err(|error| Mistake::of_syntax(&error))?;
    let document = Document::deserialize(deserializer).map_err(|error| Mistake::of_value(&error))?;
    let base = path.parent().unwrap_or(Path::new("/"));
    Ok(CommandConfig {
        path: path.to_owned(),
        source_root: document.source_root.as_ref().map(|given| resolve(base, given)),
        results_dir: document.results_dir.as_ref().map_or(base.join(RESULTS_DIR), |given| resolve(base, given)),
        benchmarks: benchmarks(&document, text, base)?,
        sweeps: sweeps(&document.sweep, base)?,
        analysis: document.analysis.unwrap_or_default(),
        compare: document.compare,
    })
}

fn benchmarks(document: &Document, text: &str, base: &Path) -> Result<Vec<CommandBenchmark>, Mistake> {
    let defaults = &document.defaults;
    let of_one = |key| format!("[defaults] can have no {key}: move it to a [[benchmark]]");
    if let Some(name) = &defaults.name {
        return Err(Mistake::new(name.span(), of_one("name")));
    }
    if let Some(command) = &defaults.command {
        return Err(Mistake::new(command.span(), of_one("command")));
    }
    if document.benchmark.is_empty() && document.sweep.is_empty() {
        return Err(Mistake::new(0..0, NO_BENCHMARK));
    }
    let newlines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut lines = BTreeMap::new();
    let mut benchmarks = Vec::new();
    for entry in &document.benchmark {
        let line = newlines.partition_point(|at| *at < entry.span().start) + 1;
        let benchmark = benchmark(entry, defaults, base, line)?;
        let name = benchmark.name.clone();
        if let Some(first) = lines.get(&name) {
            let span = entry.get_ref().name.as_ref().map_or(entry.span(), Spanned::span);
            let problem = format!(
                "the benchmarks of lines {first} and {line} are both called {name:?}: give one of them another name"
            );
            return Err(Mistake::new(span, problem));
        }
        lines.insert(name, line);
        benchmarks.push(benchmark);
    }
    Ok(benchmarks)
}

fn benchmark(entry: &Spanned<Entry>, defaults: &Entry, base: &Path, line: usize) -> Result<CommandBenchmark, Mistake> {
    let own = entry.get_ref();
    let missing = |key: &str| Mistake::new(entry.span(), format!("this benchmark has no {key}: add `{key} = \"…\"`"));
    let name = own.name.as_ref().ok_or_else(|| missing("name"))?.get_ref().0.clone();
    let command = own.command.as_ref().ok_or_else(|| missing("command"))?.get_ref().0.clone();
    let cwd = own.cwd.as_ref().or(defaults.cwd.as_ref()).map_or(base.to_owned(), |given| resolve(base, given));
    let env = defaults.env.iter().chain(&own.env);
    let work_units = own.work_units.or(defaults.work_units).map(|units| units.0);
    let tags = own.tags.as_ref().or(defaults.tags.as_ref());
    Ok(CommandBenchmark {
        coverage: coverage(own.coverage.as_ref().or(defaults.coverage.as_ref()), &command, &cwd),
        budgets: budgets(entry, defaults, work_units)?,
        name,
        command,
        cwd,
        env: env.map(|(name, value)| (name.0.clone(), value.0.clone())).collect(),
        work_units,
        timeout: own.timeout.or(defaults.timeout).map_or(TIMEOUT, |timeout| timeout.0),
        repeat: own.repeat.or(defaults.repeat).map_or(REPEAT, |repeat| repeat.0),
        warmup: own.warmup.or(defaults.warmup).map_or(WARMUP, |warmup| warmup.0),
        metrics: metrics(entry, defaults, work_units)?,
        tags: tags.into_iter().flatten().map(|tag| tag.0.clone()).collect(),
        line,
    })
}

fn metrics(entry: &Spanned<Entry>, defaults: &Entry, work_units: Option<f64>) -> Result<Vec<Metric>, Mistake> {
    let own = entry.get_ref().metrics.as_ref();
    let Some(named) = own.or(defaults.metrics.as_ref()) else {
        let tells = |metric: &Metric| *metric != Metric::Throughput || work_units.is_some();
        return Ok(Metric::ALL.into_iter().filter(tells).collect());
    };
    let named_metrics = &named.get_ref().0;
    if work_units.is_none() && named_metrics.contains(&Metric::Throughput) {
        let span = own.map_or(entry.span(), Spanned::span);
        return Err(Mistake::new(span, "the metric throughput needs the work of a run: add `work_units = …`"));
    }
    Ok(named_metrics.clone())
}

/// The defaults' budgets and the benchmark's own on top, by metric.
fn budgets(entry: &Spanned<Entry>, defaults: &Entry, work_units: Option<f64>) -> Result<Vec<Budget>, Mistake> {
    let mut budgets = BTreeMap::from([(Metric::Wall, Some(Budget::share(Metric::Wall, WALL_BUDGET)))]);
    for (metric, written) in defaults.budgets.iter().chain(&entry.get_ref().budgets) {
        budgets.insert(*metric, budget(*metric, written)?);
    }
    let budgets: Vec<Budget> = budgets.into_values().flatten().collect();
    if budgets.is_empty() {
        let problem = "no budget is left for this benchmark, so nothing could be decided: keep one";
        return Err(Mistake::new(entry.span(), problem));
    }
    if work_units.is_none() && budgets.iter().any(|budget| budget.metric == Metric::Throughput) {
        let problem =
            "the budget for throughput needs the work of a run: add `work_units = …`, or `budgets.throughput = false`";
        return Err(Mistake::new(entry.span(), problem));
    }
    Ok(budgets)
}

fn budget(metric: Metric, written: &Spanned<WrittenBudget>) -> Result<Option<Budget>, Mistake> {
    let at = |span| move |error: PairError| Mistake::new(span, error.to_string());
    let limit = |text: &Spanned<String>| Budget::parse_limit(metric, text.get_ref()).map_err(at(text.span()));
    match written.get_ref() {
        WrittenBudget::None => Ok(None),
        WrittenBudget::Text(text) => Budget::parse(metric, text).map(Some).map_err(at(written.span())),
        WrittenBudget::Limits(limits) => {
            let warn = limits.warn.as_ref().map(limit).transpose()?;
            Budget::new(metric, warn, limit(&limits.fail)?).map(Some).map_err(at(limits.fail.span()))
        }
    }
}

fn coverage(written: Option<&WrittenCoverage>, command: &[String], cwd: &Path) -> CoverageSource {
    match written {
        Some(WrittenCoverage::Named(NamedCoverage::Python)) => CoverageSource::Python,
        Some(WrittenCoverage::Named(NamedCoverage::None)) => CoverageSource::None,
        Some(WrittenCoverage::Report(report)) => CoverageSource::Report {
            command: report.command.as_ref().map(|command| command.0.clone()),
            file: resolve(cwd, &report.file),
            format: report.format,
        },
        None if runs_python(command) => CoverageSource::Python,
        None => CoverageSource::None,
    }
}

/// Whether the program is called `python`, `python3`, `python3.13t`, `pypy3` …
fn runs_python(command: &[String]) -> bool {
    let program = command.first().and_then(|program| Path::new(program).file_name()?.to_str()).unwrap_or_default();
    let version = program.strip_prefix("python").or_else(|| program.strip_prefix("pypy"));
    let is_version =
        |rest: &str| rest.strip_suffix('t').unwrap_or(rest).chars().all(|c| c.is_ascii_digit() || c == '.');
    version.is_some_and(is_version)
}

pub(super) fn resolve(base: &Path, given: &WrittenPath) -> PathBuf {
    base.join(&given.0).components().collect()
}
