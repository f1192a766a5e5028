//! The verbs that run benchmarks: baseline, measure.

use super::measure::{
    BaselineRequest, MeasureOptions, MeasureReport, MeasureRequest, NotRun, PairedOptions, Pairs, SelectedInstance,
    Status, baseline_pass, measure_selected,
};
use super::select::{ChangeSource, SelectOptions, Selected};
use super::survey::{InitOptions, InitReport};
use super::timing::{Conditions, Target, Timing};
use super::{ChangeText, SelectReport};
use super::{Listener, Session, SessionError};
use crate::store::{Environment, OpenMode, Store};
use crate::suite::{Benchmark, Suite};
use serde_json::{Value, json};
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
                    control: false,
                    run_s: None,
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
}

/// What the tree is measured against.
fn revision(paired: &PairedOptions, select: &SelectOptions) -> String {
    let compared = match &select.source {
        ChangeSource::Git { base } => base.clone(),
        ChangeSource::Files(_) | ChangeSource::Survey => None,
    };
    paired.base.clone().or(compared).unwrap_or_else(|| "HEAD".to_owned())
}
