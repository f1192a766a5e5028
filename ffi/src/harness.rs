//! What harnesses keep that run their benchmarks themselves: surveys, baselines and steps, in the database that sessions use.

use crate::session::{HostClass, IndexBasis, SessionError, delta_pct, index_of};
use crate::store::{
    self, Baseline, BaselineContext, Environment, Execution, GenerationInfo, Observed, ObservedKind, Profiles, Stats,
    StepResult, Store, SurveyData, SurveyLock, SurveyedFile, TextLoading,
};
use crate::suite::AnalysisConfig;
use lightspeed_core::blocks::encode;
use lightspeed_core::impact::{self, FileKind, Index, Phase, Policy};
use lightspeed_core::source::ModuleRoots;
use lightspeed_core::stats::summarize;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long another process's survey is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is noted with a survey, so that it can be asked without its session.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Notes {
    options: AnalysisConfig,
    roots: ModuleRoots,
    finest: Policy,
}

/// One measurement of one instance.
#[derive(Clone, Copy, Debug)]
pub struct Measurement<'a> {
    /// The instance.
    pub benchmark: &'a str,
    /// What the samples count: `seconds`, `bytes` …
    pub unit: &'a str,
    /// The samples, in the order of time.
    pub samples: &'a [f64],
}

/// Keeps a survey: it answers from now on, and the one before is gone, with the baselines of instances that are not in it.
///
/// # Errors
/// Another process surveys; a database that cannot be written.
pub fn put_survey(store: &Store, index: &Index) -> Result<(), SessionError> {
    let lock = store.path().with_file_name(store::LOCK_NAME);
    let _lock = SurveyLock::acquire(&lock, Some(PATIENCE), &mut || false)?;
    let notes = Notes {
        options: AnalysisConfig::of(&index.options, &index.extensions),
        roots: index.roots.clone(),
        finest: index.finest,
    };
    let notes = serde_json::to_string(&notes).map_err(|error| SessionError::Request(error.to_string()))?;
    let (mut data, profiles) = rows_of(index);
    data.index = IndexBasis::of(index).to_json();
    let begun = store.begin_generation(&notes, &here())?;
    Ok(store.complete_generation(begun.generation, &data, &profiles)?)
}

/// The survey that answers, a session's as well.
///
/// # Errors
/// There is none; one that cannot be read.
pub fn survey(store: &Store) -> Result<Index, SessionError> {
    let generation = generation(store)?;
    let notes: Notes = serde_json::from_str(&generation.config).unwrap_or_default();
    let data = store.load_survey(generation.id, TextLoading::Skip)?;
    index_of(data, &notes.roots, &notes.options, notes.finest)
}

/// Keeps samples as the baseline of an instance, replacing an earlier one.
///
/// # Errors
/// No samples, or some that are not finite; no survey; a database that cannot be written.
pub fn put_baseline(store: &Store, measured: &Measurement<'_>) -> Result<(), SessionError> {
    let generation = generation(store)?;
    let context = BaselineContext {
        unit: measured.unit.to_owned(),
        samples: measured.samples.to_vec(),
        runs: vec![u32::try_from(measured.samples.len()).unwrap_or(u32::MAX)],
        environment: here(),
        generation: generation.id,
        measured_at_ms: store::now_ms(),
        ..BaselineContext::default()
    };
    Ok(store.put_baseline(measured.benchmark, &Baseline { stats: stats(measured)?, context: Some(context) })?)
}

/// Samples of the baseline of an instance; `None` where it has none, or one without samples.
///
/// # Errors
/// A database that cannot be read.
pub fn baseline(store: &Store, benchmark: &str) -> Result<Option<Vec<f64>>, SessionError> {
    let found = store.baseline(benchmark)?.and_then(|baseline| baseline.context);
    Ok(found.map(|context| context.samples).filter(|samples| !samples.is_empty()))
}

/// Begins a step. Results of an earlier one of the same name are gone.
///
/// # Errors
/// A database that cannot be written.
pub fn begin_step(store: &Store, step_id: &str) -> Result<(), SessionError> {
    if step_id.is_empty() {
        return Err(SessionError::Request("a step needs a name".to_owned()));
    }
    Ok(store.begin_step(step_id, &here(), "{}")?)
}

/// Keeps what a step that was begun measured of one instance, beside its baseline. Others see it at once.
///
/// # Errors
/// No such step; no samples, or some that are not finite; a database that cannot be written.
pub fn put_result(
    store: &Store,
    step_id: &str,
    measured: &Measurement<'_>,
    verdict: Option<&str>,
) -> Result<(), SessionError> {
    if !store.has_step(step_id)? {
        return Err(SessionError::Request(format!("there is no step {step_id:?}: begin it first")));
    }
    let stats = stats(measured)?;
    let before = store.baseline(measured.benchmark)?;
    let result = StepResult {
        benchmark_id: measured.benchmark.to_owned(),
        stats: Some(stats),
        delta: before.and_then(|before| delta_pct(before.stats.median, stats.median)).map(|percent| percent / 100.0),
        status: "ok".to_owned(),
        verdict: verdict.map(str::to_owned),
        reason: None,
        samples: measured.samples.to_vec(),
        runs: vec![u32::try_from(measured.samples.len()).unwrap_or(u32::MAX)],
        reasons: "[]".to_owned(),
        comparison: None,
    };
    Ok(store.put_step_result(step_id, &result)?)
}

fn stats(measured: &Measurement<'_>) -> Result<Stats, SessionError> {
    let refused = |error| SessionError::Request(format!("the samples of {}: {error}", measured.benchmark));
    Ok(Stats::from(&summarize(measured.samples).map_err(refused)?))
}

fn generation(store: &Store) -> Result<GenerationInfo, SessionError> {
    store.current_generation()?.ok_or_else(|| SessionError::NoSurvey { database: store.path().to_owned() })
}

fn here() -> Environment {
    Environment { host_class: HostClass::of_this_machine().to_json(), ..Environment::default() }
}

/// An index as the database keeps it.
fn rows_of(index: &Index) -> (SurveyData, Profiles) {
    // Files of the suite are kept relative to its directory.
    let suite = index.roots.suite_dir.as_deref().filter(|directory| !matches!(*directory, "" | "."));
    let in_suite = |file: &str| {
        let below = suite.and_then(|directory| file.strip_prefix(directory)?.strip_prefix('/'));
        below.unwrap_or(file).to_owned()
    };
    let benchmark = |b: &impact::Benchmark| store::Benchmark {
        name: b.name.clone(),
        file: in_suite(&b.file),
        kind: "harness".to_owned(),
        ..store::Benchmark::default()
    };
    let instance = |number: u32| {
        let known = &index.instances[number as usize];
        store::Instance {
            id: index.id(number),
            benchmark: known.benchmark,
            param: known.param,
            always_affected: known.always_affected.iter().cloned().collect(),
        }
    };
    let file = |file: &impact::IndexedFile| SurveyedFile {
        path: file.path.clone(),
        blob: file.blob.0,
        kind: if file.kind == FileKind::Source { store::FileKind::Source } else { store::FileKind::Whole },
        analysis: if file.kind == FileKind::Source { encode(&file.blocks) } else { Vec::new() },
        text: None,
    };
    let execution = |row: &impact::Execution| Execution {
        file: row.file,
        phase: match row.phase {
            Phase::Import => store::Phase::Import,
            Phase::Setup => store::Phase::Setup,
            Phase::Run => store::Phase::Run,
        },
        blocks: row.units.clone(),
        instances: row.instances.clone(),
    };
    let seen = |kind: ObservedKind| {
        move |seen: &impact::Observed| Observed { kind, name: seen.name.clone(), instances: seen.instances.clone() }
    };
    let checksums: Vec<Vec<u32>> =
        index.files.iter().map(|file| file.blocks.blocks.iter().map(|block| block.checksum).collect()).collect();
    let data = SurveyData {
        benchmarks: index.benchmarks.iter().map(benchmark).collect(),
        instances: (0..index.instances.len() as u32).map(instance).collect(),
        files: index.files.iter().map(file).collect(),
        executions: index.rows().map(execution).collect(),
        observed: index
            .failed_imports
            .iter()
            .map(seen(ObservedKind::FailedImport))
            .chain(index.listed.iter().map(seen(ObservedKind::Listed)))
            .collect(),
        ..SurveyData::default()
    };
    let profiles = Profiles::new(&data, &checksums);
    (data, profiles)
}
