//! Baselines: measured where there is no valid one, and judged before anything is compared with them.

use super::status_of;
use crate::session::timing::{Conditions, Measured, Target, measure_instances};
use crate::session::{Listener, SessionError};
use crate::store::{Baseline, BaselineContext, BaselineGap, Environment, Store};
use crate::suite::Benchmark;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a pass over the baselines needs.
pub(in crate::session) struct BaselineRequest<'a> {
    /// What instances are measured with.
    pub(in crate::session) conditions: Conditions<'a>,
    /// Where baselines are kept.
    pub(in crate::session) store: &'a Store,
    /// The suite; all instances get a baseline.
    pub(in crate::session) benchmarks: &'a [Benchmark],
    /// The complete survey.
    pub(in crate::session) generation: i64,
    /// Where this is measured.
    pub(in crate::session) environment: &'a Environment,
    /// Measure everything again.
    pub(in crate::session) force: bool,
}

/// What a pass over the baselines did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::session) struct BaselinePass {
    /// Instances that gave a baseline now.
    pub(in crate::session) measured: usize,
    /// Instances that have none, with the reason.
    pub(in crate::session) without_baseline: BTreeMap<String, String>,
}

/// Measures the instances without a valid baseline; each is kept as soon as it is there. One that gave no number is
/// remembered and not tried again before the next survey.
///
/// # Errors
/// As [`measure_instances`], and where the database cannot be used.
pub(in crate::session) fn baseline_pass(
    request: &BaselineRequest<'_>,
    listener: Listener<'_>,
) -> Result<BaselinePass, SessionError> {
    let mut pass = BaselinePass::default();
    let missing = missing(request, &mut pass)?;
    if missing.is_empty() {
        return Ok(pass);
    }
    let targets: Vec<Target<'_>> =
        missing.iter().map(|(id, benchmark, param)| Target { id, benchmark, param: *param }).collect();
    measure_instances("baseline", &request.conditions, &targets, listener, &mut |target, measured| {
        keep(request, target, &measured)?;
        if measured.summary.is_some() {
            pass.measured += 1;
        } else {
            pass.without_baseline.insert(target.id.to_owned(), measured.reason());
        }
        Ok(())
    })?;
    Ok(pass)
}

/// An instance without a valid baseline: its id, benchmark and parameter combination.
type Missing<'a> = (String, &'a Benchmark, Option<u64>);

/// The instances to measure; those that were tried in vain are noted in `pass`.
fn missing<'a>(request: &BaselineRequest<'a>, pass: &mut BaselinePass) -> Result<Vec<Missing<'a>>, SessionError> {
    let (baselines, gaps) = (request.store.baselines()?, request.store.baseline_gaps()?);
    let mut missing = Vec::new();
    for benchmark in request.benchmarks {
        for param in benchmark.instances() {
            let id = benchmark.instance_id(param);
            let target = Target { id: &id, benchmark, param };
            let valid = baselines.get(&id).is_some_and(|found| unfit(found, &target, request.environment).is_none());
            let gap = gaps
                .get(&id)
                .filter(|gap| (gap.generation, &gap.environment) == (request.generation, request.environment));
            match gap {
                _ if valid && !request.force => {}
                Some(gap) if !request.force => {
                    pass.without_baseline.insert(id, gap.reason.clone());
                }
                _ => missing.push((id, benchmark, param)),
            }
        }
    }
    Ok(missing)
}

fn keep(request: &BaselineRequest<'_>, target: &Target<'_>, measured: &Measured) -> Result<(), SessionError> {
    let Some(stats) = measured.stats() else {
        let gap = BaselineGap {
            generation: request.generation,
            environment: request.environment.clone(),
            status: status_of(measured).as_str().to_owned(),
            reason: measured.reason(),
        };
        return Ok(request.store.put_baseline_gap(target.id, &gap)?);
    };
    let context = BaselineContext {
        unit: target.benchmark.unit.clone(),
        params: values_of(target),
        version: target.benchmark.version.clone().unwrap_or_default(),
        samples: measured.samples(),
        runs: measured.run_lengths(),
        environment: request.environment.clone(),
        generation: request.generation,
        measured_at_ms: crate::store::now_ms(),
    };
    let baseline = Baseline { stats, context: Some(context) };
    Ok(request.store.put_baseline(target.id, &baseline)?)
}

fn values_of(target: &Target<'_>) -> Vec<String> {
    let values = target.param.and_then(|param| target.benchmark.params_of(param));
    values.unwrap_or_default().into_iter().map(str::to_owned).collect()
}

/// Why a baseline does not compare with numbers of this instance measured in `environment`; `None` if it does.
pub(super) fn unfit(baseline: &Baseline, target: &Target<'_>, environment: &Environment) -> Option<String> {
    let Some(context) = &baseline.context else {
        return Some("its baseline was written by another program, so nothing is known about it".to_owned());
    };
    let params = values_of(target);
    if context.params != params {
        let (then, now) = (context.params.join(", "), params.join(", "));
        return Some(format!("its parameters were ({then}) and are ({now}) now"));
    }
    let own = target.benchmark.version.as_deref().unwrap_or_default();
    if context.version != own {
        return Some("the benchmark itself changed since its baseline was measured".to_owned());
    }
    let there = &context.environment;
    let pairs = [
        ("unit", &context.unit, &target.benchmark.unit),
        ("interpreter", &there.interpreter, &environment.interpreter),
        ("asv_runner", &there.runner_version, &environment.runner_version),
        ("launch mode", &there.launch_mode, &environment.launch_mode),
    ];
    if let Some((what, then, now)) = pairs.into_iter().find(|(_, then, now)| then != now) {
        return Some(format!("its baseline has another {what}: {then}, now {now}"));
    }
    let difference = host_difference(&there.host_class, &environment.host_class)?;
    Some(format!("its baseline was measured on another class of machine: {difference}"))
}

/// What differs between two classes of machine.
pub(super) fn host_difference(then: &str, now: &str) -> Option<String> {
    if then == now {
        return None;
    }
    let read = |text: &str| serde_json::from_str::<BTreeMap<String, Value>>(text).unwrap_or_default();
    let (then, now) = (read(then), read(now));
    let keys = then.keys().chain(now.keys()).collect::<std::collections::BTreeSet<_>>();
    let differing = keys.into_iter().filter(|key| then.get(*key) != now.get(*key));
    let shown = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => "unknown".to_owned(),
        Some(other) => other.to_string(),
    };
    let each: Vec<_> =
        differing.map(|key| format!("{key} {}, now {}", shown(then.get(key)), shown(now.get(key)))).collect();
    Some(each.join("; "))
}
