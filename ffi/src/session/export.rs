//! A survey on its way out of the database: a snapshot, with the sources and with what was measured.

use super::results::{baseline_reports, step_report};
use super::stale::survey_of;
use super::{BaselineReport, IndexBasis, META_SOURCE_ROOT, Session, SessionError, StepReport};
use crate::store::{self, FileKind, GenerationInfo, OpenMode, Store, SurveyData, TextLoading};
use lightspeed_core::source::{BlobId, blob_id};
use lightspeed_core::survey::{Extras, encode_with};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a snapshot carries beside the survey and the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportOptions {
    /// The sources as they were surveyed, as far as the database keeps them: reasons can then be shown by lines.
    pub sources: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        ExportOptions { sources: true }
    }
}

/// A snapshot. The same database gives the same bytes.
#[derive(Clone, Debug)]
pub struct Export {
    /// As [`encode_with`] writes it.
    pub bytes: Vec<u8>,
    /// What the suite is called.
    pub name: String,
    /// Ids of the steps in it, oldest first.
    pub steps: Vec<String>,
    /// [`Session::state`] of what it was made of.
    pub state: String,
    /// The survey in it.
    pub generation: i64,
    /// What else is in it.
    pub counts: ExportCounts,
}

impl Export {
    /// What is to be told of it once it is written to `file`, in a `form` that takes `bytes`.
    #[must_use]
    pub fn report(&self, file: String, form: &'static str, bytes: usize) -> ExportReport {
        let (generation, counts) = (self.generation, self.counts);
        ExportReport { schema: "lightspeed.export/1".into(), file, form: form.into(), bytes, generation, counts }
    }
}

/// How much there is in a snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportCounts {
    /// Benchmarks.
    pub benchmarks: usize,
    /// Their instances.
    pub instances: usize,
    /// Files that they depend on, or may.
    pub files: usize,
    /// Sources that are in it as text.
    pub sources: usize,
    /// Baselines.
    pub baselines: usize,
    /// Steps.
    pub steps: usize,
}

/// What was written where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportReport {
    /// `lightspeed.export/1`.
    pub schema: Cow<'static, str>,
    /// The file.
    pub file: String,
    /// `snapshot` or `page`.
    pub form: Cow<'static, str>,
    /// Its size in bytes.
    pub bytes: usize,
    /// The survey in it.
    pub generation: i64,
    /// What is in it.
    #[serde(flatten)]
    pub counts: ExportCounts,
}

/// What a snapshot says beside the survey.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Context {
    /// `lightspeed.context/1`.
    pub schema: Cow<'static, str>,
    /// Where the survey comes from.
    pub suite: SuiteContext,
    /// The benchmarks, in the order of their numbers.
    pub benchmarks: Vec<BenchmarkContext>,
    /// Baselines by instance.
    pub baselines: BTreeMap<String, BaselineReport>,
    /// Steps, oldest first.
    pub steps: Vec<StepReport>,
}

/// Where a survey comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SuiteContext {
    /// What is benchmarked: the package, else the directory of the sources, else the suite's own package.
    pub name: String,
    /// The survey's number.
    pub generation: i64,
    /// When it was complete, in milliseconds since 1970.
    pub surveyed_at_ms: i64,
    /// The interpreter that ran it.
    pub interpreter: String,
    /// Version of the benchmark runner.
    pub runner_version: String,
    /// Class of the machine; empty where nobody said.
    pub host: Value,
}

/// One benchmark, as its runner described it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BenchmarkContext {
    /// Dotted name.
    pub name: String,
    /// File that defines it, relative to the suite's directory.
    pub file: String,
    /// `time`, `peakmemory`, `track` …
    pub kind: String,
    /// Unit of its numbers.
    pub unit: String,
    /// Representations of each parameter's values.
    pub params: Vec<Vec<String>>,
    /// Names of the parameters.
    pub param_names: Vec<String>,
}

impl Session {
    /// A snapshot of the current survey and of what was measured, made of the database alone.
    ///
    /// # Errors
    /// No survey, one of a release that did not note how to read it, or a database that cannot be read.
    pub fn export(&self, options: &ExportOptions) -> Result<Export, SessionError> {
        export_of(&self.store(OpenMode::ReadOnly)?, options)
    }

    /// A text that is another one as soon as a snapshot would be; far cheaper than the snapshot.
    ///
    /// # Errors
    /// No database, or one that cannot be read.
    pub fn state(&self) -> Result<String, SessionError> {
        Ok(self.store(OpenMode::ReadOnly)?.state()?)
    }
}

/// A snapshot of a database.
///
/// # Errors
/// As [`Session::export`].
pub fn export_of(store: &Store, options: &ExportOptions) -> Result<Export, SessionError> {
    store.at_once(|store| {
        let no_survey = || SessionError::NoSurvey { database: store.path().to_owned() };
        let generation = store.current_generation()?.ok_or_else(no_survey)?;
        let texts = if options.sources { TextLoading::Load } else { TextLoading::Skip };
        let mut data = store.load_survey(generation.id, texts)?;
        let basis = IndexBasis::noted(&data.index, &generation)
            .ok_or_else(|| SessionError::Unread { database: store.path().to_owned() })?;
        let name = name(&basis, store.meta(META_SOURCE_ROOT)?.as_deref());
        let context = context(store, &generation, &data, name.clone())?;
        let extras = Extras {
            texts: texts_of(&mut data),
            context: serde_json::to_string(&context).map_err(|error| SessionError::Request(error.to_string()))?,
        };
        let counts = ExportCounts {
            benchmarks: data.benchmarks.len(),
            instances: data.instances.len(),
            files: data.files.len(),
            sources: extras.texts.len(),
            baselines: context.baselines.len(),
            steps: context.steps.len(),
        };
        Ok(Export {
            bytes: encode_with(&survey_of(data, basis)?, &extras),
            name,
            steps: context.steps.into_iter().map(|step| step.step_id).collect(),
            state: store.state()?,
            generation: generation.id,
            counts,
        })
    })
}

/// Taken out of the survey. Of sources that nothing depends on no text is kept, or an empty one.
fn texts_of(data: &mut SurveyData) -> BTreeMap<String, Vec<u8>> {
    let mut texts = BTreeMap::new();
    for file in data.files.iter_mut().filter(|file| file.kind == FileKind::Source) {
        if let Some(text) = file.text.take()
            && blob_id(&text) == BlobId(file.blob)
        {
            texts.insert(file.path.clone(), text);
        }
    }
    texts
}

fn context(
    store: &Store,
    generation: &GenerationInfo,
    data: &SurveyData,
    name: String,
) -> Result<Context, SessionError> {
    let baselines = store.baselines()?;
    let mut steps = Vec::new();
    for step in store.list_steps()? {
        if let Some((step, results)) = store.step(&step.step_id)? {
            steps.push(step_report(step, results, &baselines));
        }
    }
    let environment = &generation.environment;
    Ok(Context {
        schema: "lightspeed.context/1".into(),
        suite: SuiteContext {
            name,
            generation: generation.id,
            surveyed_at_ms: generation.completed_at_ms.unwrap_or(generation.created_at_ms),
            interpreter: environment.interpreter.clone(),
            runner_version: environment.runner_version.clone(),
            host: serde_json::from_str(&environment.host_class).unwrap_or_else(|_| Value::Object(Default::default())),
        },
        benchmarks: data.benchmarks.iter().map(BenchmarkContext::from).collect(),
        baselines: baseline_reports(&baselines),
        steps,
    })
}

impl From<&store::Benchmark> for BenchmarkContext {
    fn from(benchmark: &store::Benchmark) -> Self {
        let store::Benchmark { name, file, kind, unit, params, param_names, .. } = benchmark.clone();
        BenchmarkContext { name, file, kind, unit, params, param_names }
    }
}

/// The package under change, else the directory that holds the sources, else the suite's own package.
fn name(basis: &IndexBasis, source_root: Option<&str>) -> String {
    let directory = source_root.and_then(|path| path.rsplit('/').next()).filter(|part| !matches!(*part, "." | ".."));
    let candidates = [basis.roots.source_package.as_str(), directory.unwrap_or(""), basis.roots.suite_package.as_str()];
    candidates.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned()
}
