//! Baselines that travel between databases, and the suite as the last survey found it.

use super::{META_PYTHON, META_SOURCE_ROOT, MeasuredIn, SessionError};
use crate::store::{Baseline, BaselineContext, Benchmark, Environment, Instance, Stats, Store, now_ms};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One baseline on its way. Other programs know the statistics alone; the rest is absent in what they wrote.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CarriedBaseline {
    /// Its statistics.
    #[serde(flatten)]
    pub stats: Stats,
    /// What its numbers count.
    #[serde(default)]
    pub unit: Option<String>,
    /// Values of its parameters.
    #[serde(default)]
    pub params: Option<Vec<String>>,
    /// Version of the benchmark's definition.
    #[serde(default)]
    pub version: Option<String>,
    /// Its samples.
    #[serde(default)]
    pub samples: Vec<f64>,
    /// How many of them each process run gave, in order.
    #[serde(default)]
    pub runs: Vec<u32>,
    /// Where it was measured.
    #[serde(default)]
    pub environment: Option<MeasuredIn>,
    /// When, in milliseconds since 1970.
    #[serde(default)]
    pub measured_at_ms: Option<i64>,
}

/// What became of baselines that were handed in.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct LoadReport {
    /// `lightspeed.load/1`.
    pub schema: Cow<'static, str>,
    /// How many were kept.
    pub loaded: usize,
    /// The others, with the reason.
    pub refused: BTreeMap<String, String>,
}

/// The suite as the last survey found it.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct SuiteReport {
    /// `lightspeed.suite/1`.
    pub schema: Cow<'static, str>,
    /// The sources under change, relative to the directory of the configuration; absent where a harness surveyed.
    pub source_root: Option<String>,
    /// The interpreter that ran the suite.
    pub python: Option<String>,
    /// git's SHA-1 of every file that an instance depends on, hexadecimal, by its path relative to the sources.
    pub files: BTreeMap<String, String>,
    /// Each benchmark by name, as its runner described it to the survey.
    pub benchmarks: BTreeMap<String, Value>,
}

/// All baselines of a database, by instance.
///
/// # Errors
/// A database that cannot be read.
pub fn export_baselines(store: &Store) -> Result<BTreeMap<String, CarriedBaseline>, SessionError> {
    let baselines = store.baselines()?.into_iter();
    Ok(baselines.map(|(id, baseline)| (id, carried(baseline))).collect())
}

/// Keeps baselines that [`export_baselines`] gave, or another program: a JSON object of [`CarriedBaseline`]s by instance. All
/// that fit are kept at once; who hands them in vouches for what they do not say, such as where they were measured.
///
/// # Errors
/// Text that is no such object; no survey; a database that cannot be written.
pub fn load_baselines(store: &Store, json: &str) -> Result<LoadReport, SessionError> {
    let given: BTreeMap<String, Value> = serde_json::from_str(json)
        .map_err(|error| SessionError::Request(format!("the baselines are no JSON object of baselines: {error}")))?;
    let no_survey = || SessionError::NoSurvey { database: store.path().to_owned() };
    let generation = store.current_generation()?.ok_or_else(no_survey)?;
    let (benchmarks, instances) = store.load_suite(generation.id)?;
    let known: BTreeMap<&str, (&Instance, &Benchmark)> = instances
        .iter()
        .filter_map(|instance| Some((instance.id.as_str(), (instance, benchmarks.get(instance.benchmark as usize)?))))
        .collect();
    let (mut kept, mut refused) = (Vec::new(), BTreeMap::new());
    for (id, value) in &given {
        let checked = serde_json::from_value(value.clone()).map_err(|error| error.to_string()).and_then(|baseline| {
            let &(instance, benchmark) = known.get(id.as_str()).ok_or("the survey has no such instance")?;
            checked(baseline, instance, benchmark)
        });
        match checked {
            Ok((stats, mut context)) => {
                context.generation = generation.id;
                if context.environment == Environment::default() {
                    context.environment = generation.environment.clone();
                }
                kept.push((id.as_str(), Baseline { stats, context: Some(context) }));
            }
            Err(reason) => {
                refused.insert(id.clone(), reason);
            }
        }
    }
    store.put_baselines(kept.iter().map(|(id, baseline)| (*id, baseline)))?;
    Ok(LoadReport { schema: "lightspeed.load/1".into(), loaded: kept.len(), refused })
}

/// The suite as the last survey found it.
///
/// # Errors
/// No survey; a database that cannot be read.
pub fn suite_of(store: &Store) -> Result<SuiteReport, SessionError> {
    let no_survey = || SessionError::NoSurvey { database: store.path().to_owned() };
    let generation = store.current_generation()?.ok_or_else(no_survey)?;
    let (benchmarks, _) = store.load_suite(generation.id)?;
    let entry = |benchmark: Benchmark| {
        let entry = serde_json::from_str(&benchmark.definition).unwrap_or_default();
        (benchmark.name, entry)
    };
    Ok(SuiteReport {
        schema: "lightspeed.suite/1".into(),
        source_root: store.meta(META_SOURCE_ROOT)?,
        python: store.meta(META_PYTHON)?,
        files: store.load_blobs(generation.id)?.into_iter().map(|(path, blob)| (path, blob.to_string())).collect(),
        benchmarks: benchmarks.into_iter().map(entry).collect(),
    })
}

impl From<Stats> for CarriedBaseline {
    /// As another program would write it.
    fn from(stats: Stats) -> Self {
        Self {
            stats,
            unit: None,
            params: None,
            version: None,
            samples: Vec::new(),
            runs: Vec::new(),
            environment: None,
            measured_at_ms: None,
        }
    }
}

fn carried(baseline: Baseline) -> CarriedBaseline {
    let Baseline { stats, context } = baseline;
    let Some(context) = context else {
        return CarriedBaseline::from(stats);
    };
    CarriedBaseline {
        stats,
        environment: Some((&context.environment).into()),
        unit: Some(context.unit),
        params: Some(context.params),
        version: Some(context.version),
        samples: context.samples,
        runs: context.runs,
        measured_at_ms: Some(context.measured_at_ms),
    }
}

/// The baseline with the context that the survey gives it, or why it is not one of this instance.
fn checked(
    given: CarriedBaseline,
    instance: &Instance,
    benchmark: &Benchmark,
) -> Result<(Stats, BaselineContext), String> {
    let params: Vec<String> =
        benchmark.param_values(instance.param).unwrap_or_default().into_iter().map(str::to_owned).collect();
    if let Some(theirs) = given.params.filter(|theirs| *theirs != params) {
        return Err(format!("its parameters are ({}), not ({})", params.join(", "), theirs.join(", ")));
    }
    if given.version.is_some_and(|theirs| theirs != benchmark.version) {
        return Err("it was measured with another version of the benchmark".to_owned());
    }
    // A harness tells units with its numbers alone.
    let unit = if benchmark.unit.is_empty() { given.unit.clone().unwrap_or_default() } else { benchmark.unit.clone() };
    if let Some(theirs) = given.unit.as_ref().filter(|theirs| **theirs != unit) {
        return Err(format!("its numbers are {unit}, not {theirs}"));
    }
    let s = &given.stats;
    let numbers = [Some(s.median), s.ci_99_a, s.ci_99_b, s.q_25, s.q_75].into_iter().flatten();
    if !numbers.chain(given.samples.iter().copied()).all(f64::is_finite) {
        return Err("its numbers are not all finite".to_owned());
    }
    let all = u32::try_from(given.samples.len()).unwrap_or(u32::MAX);
    let fits = given.runs.iter().try_fold(0_u32, |sum, run| sum.checked_add(*run)) == Some(all);
    let context = BaselineContext {
        unit,
        params,
        version: benchmark.version.clone(),
        runs: if fits { given.runs } else { vec![all] },
        samples: given.samples,
        environment: given.environment.map(Environment::from).unwrap_or_default(),
        generation: 0,
        measured_at_ms: given.measured_at_ms.unwrap_or_else(now_ms),
    };
    Ok((given.stats, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{GenerationState, OpenMode, Profiles, SurveyData, SurveyedFile};

    fn benchmark() -> Benchmark {
        Benchmark {
            name: "bench.time_it".into(),
            unit: "seconds".into(),
            version: "v1".into(),
            params: vec![vec!["1".into(), "2".into()]],
            param_names: vec!["n".into()],
            definition: r#"{"name": "bench.time_it", "type": "time"}"#.into(),
            ..Benchmark::default()
        }
    }

    fn surveyed(directory: &std::path::Path) -> Store {
        let store = Store::open(&directory.join("deps.db"), OpenMode::ReadWrite).unwrap();
        let instances = (0..2).map(|k| Instance {
            id: format!("bench.time_it-{k}"),
            benchmark: 0,
            param: Some(k),
            always_affected: Vec::new(),
        });
        let environment = Environment {
            host_class: crate::session::HostClass::of_this_machine().to_json(),
            interpreter: "CPython 3.13".into(),
            ..Environment::default()
        };
        let data = SurveyData {
            benchmarks: vec![benchmark()],
            files: vec![SurveyedFile {
                path: "pkg/a.py".into(),
                blob: lightspeed_core::source::blob_id(b"").0,
                ..SurveyedFile::default()
            }],
            instances: instances.collect(),
            ..SurveyData::default()
        };
        let begun = store.begin_generation("{}", &environment).unwrap();
        let profiles = Profiles { of: vec![0, 0], ..Profiles::default() };
        store.complete_generation(begun.generation, &data, &profiles).unwrap();
        assert_eq!(store.current_generation().unwrap().unwrap().state, GenerationState::Complete);
        store
    }

    #[test]
    fn what_is_exported_is_loaded_elsewhere_as_it_was() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (surveyed(here.path()), surveyed(there.path()));
        let given = r#"{"bench.time_it-0": {"median": 2.0, "ci_99_a": 1.0, "ci_99_b": 3.0, "q_25": null, "repeat": 3, "number": 7,
            "samples": [1.0, 2.0, 3.0], "runs": [2, 1], "params": ["1"], "version": "v1", "unit": "seconds"}}"#;
        let report = load_baselines(&from, given).unwrap();
        assert_eq!((report.loaded, report.refused.len()), (1, 0));
        let exported = export_baselines(&from).unwrap();
        assert_eq!(exported["bench.time_it-0"].environment.as_ref().unwrap().interpreter, "CPython 3.13");
        let text = serde_json::to_string(&exported).unwrap();
        assert_eq!(load_baselines(&to, &text).unwrap().loaded, 1);
        let same = |store: &Store| {
            let mut baseline = store.baseline("bench.time_it-0").unwrap().unwrap();
            baseline.context.as_mut().unwrap().generation = 0;
            baseline
        };
        assert_eq!(same(&to), same(&from));
        assert_eq!(same(&to).context.unwrap().runs, [2, 1]);
    }

    #[test]
    fn what_does_not_fit_is_named_and_the_rest_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let store = surveyed(directory.path());
        let given = r#"{"bench.time_it-0": {"median": 2.0}, "bench.time_it-1": {"median": 1.0, "params": ["3"]},
            "bench.gone": {"median": 1.0}, "bench.bad": 7}"#;
        let report = load_baselines(&store, given).unwrap();
        assert_eq!(report.loaded, 1);
        assert_eq!(report.refused["bench.time_it-1"], "its parameters are (2), not (3)");
        assert_eq!(report.refused["bench.gone"], "the survey has no such instance");
        assert!(report.refused.contains_key("bench.bad"));
        for (field, value) in [("version", r#""v2""#), ("unit", r#""bytes""#)] {
            let given = format!(r#"{{"bench.time_it-0": {{"median": 2.0, "{field}": {value}}}}}"#);
            assert_eq!(load_baselines(&store, &given).unwrap().loaded, 0, "{field}");
        }
        assert!(matches!(load_baselines(&store, "[]"), Err(SessionError::Request(_))));
    }

    #[test]
    fn the_suite_is_what_its_runner_said() {
        let directory = tempfile::tempdir().unwrap();
        let suite = suite_of(&surveyed(directory.path())).unwrap();
        assert_eq!(suite.benchmarks["bench.time_it"]["type"], "time");
        assert_eq!(suite.files["pkg/a.py"], "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "git hash-object /dev/null");
        let empty = tempfile::tempdir().unwrap();
        let store = Store::open(&empty.path().join("deps.db"), OpenMode::ReadWrite).unwrap();
        assert!(matches!(suite_of(&store), Err(SessionError::NoSurvey { .. })));
        assert!(matches!(load_baselines(&store, "{}"), Err(SessionError::NoSurvey { .. })));
    }
}
