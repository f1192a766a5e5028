//! The verbs that run benchmarks or read back what they gave: baseline, measure, results.

use super::measure::{
    BaselineRequest, Evidence, MeasureOptions, MeasureReport, MeasureRequest, NotRun, PairedOptions, Pairs,
    SelectedInstance, Status, baseline_pass, measure_selected, reward_of,
};
use super::select::{ChangeSource, SelectOptions, Selected};
use super::survey::{InitOptions, InitReport};
use super::timing::{Conditions, Target, Timing};
use super::{ChangeText, SelectReport};
use super::{Listener, Session, SessionError};
use crate::store::{Baselines, Environment, OpenMode, Stats, Step, StepResult, Store};
use crate::suite::{Benchmark, Suite};
use lightspeed_core::stats::Reward;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Instant;

impl Session {
    #[allow(clippy::too_many_arguments, reason = "the parts of an opened session, each used")]
    pub(super) fn baseline(
        &self,
        store: &Store,
        suite: &Suite,
        benchmarks: &[Benchmark],
        environment: &Environment,
        options: &InitOptions,
        listener: Listener<'_>,
        report: &mut InitReport,
    ) -> Result<(), SessionError> {
        let generation =
            store.current_generation()?.ok_or_else(|| SessionError::NoSurvey { database: self.database() })?;
        let request = BaselineRequest {
            conditions: self.conditions(suite, &options.timing),
            store,
            benchmarks,
            generation: generation.id,
            environment,
            force: options.force,
        };
        let pass = baseline_pass(&request, listener)?;
        report.measured = pass.measured;
        report.without_baseline = pass.without_baseline;
        Ok(())
    }

    fn conditions<'a>(&'a self, suite: &'a Suite, timing: &'a Timing) -> Conditions<'a> {
        Conditions { suite, timing, default_timeout: self.config.default_timeout(), cancel: &self.cancel }
    }

    /// Runs what the changes affect and compares it with the baseline. Nothing is run where nothing is affected.
    ///
    /// # Errors
    /// As [`Session::select`], and where the interpreter or the database cannot be used.
    pub fn measure(
        &self,
        select: &SelectOptions,
        options: &MeasureOptions,
        listener: Listener<'_>,
    ) -> Result<(SelectReport, MeasureReport), SessionError> {
        options.check()?;
        let began = Instant::now();
        let store = self.store(OpenMode::ReadWrite)?;
        let mut chosen = self.selected(&store, select, listener)?;
        let revision = options.paired.as_ref().map(|paired| revision(paired, select));
        // Git has looked at the revision already, and nothing will be run.
        let idle = matches!(select.source, ChangeSource::Git { .. }) && chosen.report.affected.is_empty();
        let checkout = match &revision {
            Some(revision) if !idle => {
                let checkout = self.check_out(&chosen, revision)?;
                if select.source == ChangeSource::Survey {
                    self.add_differences(&mut chosen, (&checkout, revision), select, &store, listener)?;
                }
                Some(checkout)
            }
            _ => None,
        };
        let select_s = began.elapsed().as_secs_f64();
        let session = if options.paired.is_some() { self.starting_afresh() } else { self.clone() };
        let suite = session.suite_for(&chosen, &store, listener)?;
        let before = match &checkout {
            Some(checkout) if suite.is_some() => Some(session.before(&chosen, checkout, &store, listener)?),
            _ => None,
        };
        let environment = suite.as_ref().map_or(chosen.generation.environment.clone(), |suite| self.environment(suite));
        let known: BTreeMap<String, (&Benchmark, Option<u64>)> = chosen
            .benchmarks
            .values()
            .flat_map(|b| b.instances().map(move |param| (b.instance_id(param), (b, param))))
            .collect();
        let (mut selected, mut not_run) = (Vec::new(), Vec::new());
        for affected in &chosen.report.affected {
            let reasons: Vec<Value> = affected.reasons.iter().map(|r| json!(r)).collect();
            let id = affected.benchmark.as_str();
            match known.get(id) {
                Some(&(benchmark, param)) => selected.push(SelectedInstance {
                    target: Target { id, benchmark, param },
                    reasons,
                    surveyed: chosen.surveyed.contains(id),
                }),
                None => not_run.push(NotRun {
                    id: id.to_owned(),
                    status: Status::Failed,
                    reason: "its definition cannot be read: run `lightspeed init`".to_owned(),
                    reasons,
                }),
            }
        }
        not_run.extend(chosen.report.removed.iter().map(|id| NotRun {
            id: id.clone(),
            status: Status::Removed,
            reason: "it is no longer in the suite".to_owned(),
            reasons: Vec::new(),
        }));
        let pairs = match (&before, &options.paired, &revision) {
            (Some(before), Some(options_), Some(revision)) => Some(Pairs {
                base: self.conditions(&before.suite, &options.timing),
                before: &before.benchmarks,
                failures: &before.failures,
                revision,
                options: options_,
            }),
            _ => None,
        };
        let request = MeasureRequest {
            conditions: suite.as_ref().map(|suite| self.conditions(suite, &options.timing)),
            pairs,
            store: &store,
            generation: chosen.generation.id,
            environment: &environment,
            selected: &selected,
            not_run: &not_run,
            unaffected: chosen.report.unaffected.len(),
            hotfiles: &chosen.report.hotfiles,
            options,
        };
        let mut report = measure_selected(&request, listener)?;
        report.selection = ChangeText::of(&chosen.report);
        report.timing.select_s = select_s;
        report.timing.total_s = began.elapsed().as_secs_f64();
        Ok((chosen.report, report))
    }

    /// The suite to measure with; none, and no Python is started, where nothing is affected.
    fn suite_for(
        &self,
        chosen: &Selected,
        store: &Store,
        listener: Listener<'_>,
    ) -> Result<Option<Suite>, SessionError> {
        if chosen.report.affected.is_empty() {
            return Ok(None);
        }
        let suite = self.suite(&chosen.places, Some(store))?;
        // Shadowing is looked for again: what was right at the survey may be wrong now.
        self.discover(&suite, Some(&[]), listener)?;
        Ok(Some(suite))
    }

    /// The baselines, or a step's results, as they are kept.
    ///
    /// # Errors
    /// No database, or no such step.
    pub fn results(&self, step_id: Option<&str>) -> Result<Results, SessionError> {
        results_of(&self.store(OpenMode::ReadOnly)?, step_id)
    }
}

/// The baselines in a database, or a step's results.
///
/// # Errors
/// No such step.
pub fn results_of(store: &Store, step_id: Option<&str>) -> Result<Results, SessionError> {
    let steps: Vec<String> = store.list_steps()?.into_iter().map(|s| s.step_id).collect();
    let Some(id) = step_id else {
        let baselines = baseline_reports(&store.baselines()?);
        return Ok(Results { schema: "lightspeed.results/1".into(), baselines, step: None, steps });
    };
    let Some((step, results)) = store.step(id)? else {
        let known = if steps.is_empty() { "none yet".to_owned() } else { steps.join(", ") };
        return Err(SessionError::Request(format!("there is no step {id:?}: the steps are {known}")));
    };
    let units = store.baselines()?;
    Ok(Results {
        schema: "lightspeed.results/1".into(),
        baselines: BTreeMap::new(),
        step: Some(step_report(step, results, &units)),
        steps,
    })
}

/// What the tree is measured against.
fn revision(paired: &PairedOptions, select: &SelectOptions) -> String {
    let compared = match &select.source {
        ChangeSource::Git { base } => base.clone(),
        ChangeSource::Files(_) | ChangeSource::Survey => None,
    };
    paired.base.clone().or(compared).unwrap_or_else(|| "HEAD".to_owned())
}

/// What the database keeps of measurements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// `lightspeed.results/1`.
    pub schema: Cow<'static, str>,
    /// Baselines by instance; empty where a step was asked for.
    pub baselines: BTreeMap<String, BaselineReport>,
    /// The step that was asked for.
    pub step: Option<StepReport>,
    /// Ids of all steps, oldest first.
    pub steps: Vec<String>,
}

/// One baseline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BaselineReport {
    /// What its numbers count.
    pub unit: Option<String>,
    /// Its statistics.
    pub stats: Stats,
    /// Its samples; empty if another program wrote it.
    pub samples: Vec<f64>,
    /// Values of its parameters.
    pub params: Vec<String>,
    /// The survey it was measured with.
    pub generation: Option<i64>,
    /// When, in milliseconds since 1970.
    pub measured_at_ms: Option<i64>,
}

/// One step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepReport {
    /// Its id.
    pub step_id: String,
    /// When it began, in milliseconds since 1970.
    pub created_at_ms: i64,
    /// Its summary.
    pub summary: Value,
    /// All its times together as a reward: the geometric mean of their ratios.
    pub reward: Option<Reward>,
    /// What became of each instance.
    pub benchmarks: BTreeMap<String, StepBenchmark>,
}

/// What became of one instance in a step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StepBenchmark {
    /// What the comparison said; its unit is that of the baseline where none was made here.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// Its baseline's median now.
    pub baseline: Option<f64>,
    /// Its statistics in the step.
    pub stats: Option<Stats>,
    /// Change in per cent.
    pub delta_pct: Option<f64>,
    /// What happened.
    pub status: String,
    /// What the evidence said.
    pub verdict: Option<String>,
    /// Why there is no number.
    pub reason: Option<String>,
    /// Why it was selected.
    pub reasons: Value,
    /// Its samples, of failed runs too.
    #[serde(default)]
    pub samples: Vec<f64>,
    /// How many of them each process run gave, in order.
    #[serde(default)]
    pub runs: Vec<u32>,
}

fn baseline_reports(baselines: &Baselines) -> BTreeMap<String, BaselineReport> {
    let report = |b: &crate::store::Baseline| {
        let context = b.context.as_ref();
        BaselineReport {
            unit: context.map(|c| c.unit.clone()),
            stats: b.stats,
            samples: context.map(|c| c.samples.clone()).unwrap_or_default(),
            params: context.map(|c| c.params.clone()).unwrap_or_default(),
            generation: context.map(|c| c.generation),
            measured_at_ms: context.map(|c| c.measured_at_ms),
        }
    };
    baselines.iter().map(|(id, b)| (id.clone(), report(b))).collect()
}

fn step_report(step: Step, results: Vec<StepResult>, baselines: &Baselines) -> StepReport {
    let one = |result: StepResult| {
        let baseline = baselines.get(&result.benchmark_id);
        let mut evidence = Evidence::kept(result.comparison.as_deref());
        evidence.unit = evidence.unit.or_else(|| Some(baseline?.context.as_ref()?.unit.clone()));
        let found = StepBenchmark {
            evidence,
            baseline: baseline.map(|b| b.stats.median),
            stats: result.stats,
            delta_pct: result.delta.map(|fraction| fraction * 100.0),
            status: result.status,
            verdict: result.verdict,
            reason: result.reason,
            reasons: serde_json::from_str(&result.reasons).unwrap_or_default(),
            samples: result.samples,
            runs: result.runs,
        };
        (result.benchmark_id, found)
    };
    let benchmarks: BTreeMap<String, StepBenchmark> = results.into_iter().map(one).collect();
    let rewards = benchmarks.values().map(|b| (b.evidence.unit.as_deref().unwrap_or_default(), b.evidence.reward));
    let reward = reward_of(rewards);
    StepReport {
        step_id: step.step_id,
        created_at_ms: step.created_at_ms,
        summary: serde_json::from_str(&step.summary).unwrap_or_default(),
        reward,
        benchmarks,
    }
}
