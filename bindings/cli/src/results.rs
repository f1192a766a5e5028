//! `lightspeed results`: the baseline, or the results of a step.

use crate::args::ResultsArgs;
use crate::exit::{Exit, Failure};
use crate::table::{Look, Row, render};
use crate::units::Unit;
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::{Results, StepReport};

/// Runs the command.
pub fn run(args: &ResultsArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let results = session.results(args.step_id.as_deref())?;
    if args.session.json {
        print_json(&results)?;
    } else {
        print(text(&results).trim_end())?;
    }
    Ok(Exit::Ok)
}

fn text(results: &Results) -> String {
    let rows = results.step.as_ref().map_or_else(|| baselines(results), step);
    if rows.is_empty() {
        return match &results.step {
            Some(step) => format!("step {} has no results", step.step_id),
            None => "there is no baseline yet: run `lightspeed init`".to_owned(),
        };
    }
    let table = render(&rows, Look::of_stdout());
    match (&results.step, results.steps.as_slice()) {
        (None, [_, ..]) => format!("{table}\nsteps: {}", results.steps.join(", ")),
        _ => table,
    }
}

fn baselines(results: &Results) -> Vec<Row> {
    let row = |(id, baseline): (&String, &lightspeed::session::BaselineReport)| Row {
        benchmark: id.clone(),
        unit: Unit::parse(baseline.unit.as_deref().unwrap_or("seconds")),
        baseline: Some(baseline.stats.median),
        current: None,
        delta_pct: None,
        status: "-".to_owned(),
        verdict: None,
        reason: None,
    };
    results.baselines.iter().map(row).collect()
}

fn step(step: &StepReport) -> Vec<Row> {
    let row = |(id, result): (&String, &lightspeed::session::StepBenchmark)| Row {
        benchmark: id.clone(),
        unit: Unit::parse(result.unit.as_deref().unwrap_or("seconds")),
        baseline: result.baseline,
        current: result.stats.map(|s| s.median),
        delta_pct: result.delta_pct,
        status: result.status.clone(),
        verdict: result.verdict.as_deref().and_then(lightspeed_core::stats::Verdict::parse),
        reason: result.reason.clone(),
    };
    step.benchmarks.iter().map(row).collect()
}
