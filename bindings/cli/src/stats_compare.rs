//! `lightspeed stats compare`: what two files of timings say about each other.

use crate::exit::{Exit, Failure};
use crate::stats::CompareArgs;
use crate::stats_samples::{Samples, read};
use crate::{print, print_json};
use comfy_table::presets::NOTHING;
use lightspeed_core::stats::{Bet, CompareOptions, EProcess, Inference, StatsError, Verdict, compare, quantile};
use serde::Serialize;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    margin: f64,
    alpha: f64,
    paired: bool,
    benchmarks: Vec<Compared>,
    only_baseline: Vec<String>,
    only_current: Vec<String>,
}

#[derive(Serialize)]
struct Compared {
    benchmark: String,
    verdict: Option<Verdict>,
    reason: Option<String>,
    inference: Option<Inference>,
    smallest_effect: Option<f64>,
    runs_needed: Option<usize>,
}

/// Runs the command.
pub fn run(args: &CompareArgs) -> Result<Exit, Failure> {
    let (mut baseline, mut current) = (read(&args.baseline)?, read(&args.current)?);
    // Two files with one benchmark each are about the same thing, whatever its command line was.
    if let (Some(first), Some(second), 1, 1) =
        (baseline.keys().next().cloned(), current.keys().next().cloned(), baseline.len(), current.len())
        && first != second
        && let (Some(before), Some(now)) = (baseline.remove(&first), current.remove(&second))
    {
        let name = format!("{first} → {second}");
        baseline.insert(name.clone(), before);
        current.insert(name, now);
    }
    let document = document(args, &baseline, &current);
    if args.json {
        print_json(&document)?;
    } else {
        print(text(&document).trim_end())?;
    }
    Ok(if document.benchmarks.iter().any(|b| b.verdict.is_some()) { Exit::Ok } else { Exit::NothingMeasured })
}

fn document(args: &CompareArgs, baseline: &Samples, current: &Samples) -> Document {
    let both = baseline.iter().filter_map(|(name, before)| Some((name, before, current.get(name)?)));
    let only =
        |here: &Samples, there: &Samples| here.keys().filter(|name| !there.contains_key(*name)).cloned().collect();
    Document {
        schema: "lightspeed.stats_compare/1",
        margin: args.margin,
        alpha: args.alpha,
        paired: args.paired,
        benchmarks: both.map(|(name, before, now)| compared(args, name, before, now)).collect(),
        only_baseline: only(baseline, current),
        only_current: only(current, baseline),
    }
}

fn compared(args: &CompareArgs, name: &str, before: &[Vec<f64>], now: &[Vec<f64>]) -> Compared {
    let found = if args.paired { pairs(args, before, now) } else { samples(args, before, now) };
    let mut compared = found.unwrap_or_else(|error| Compared {
        benchmark: String::new(),
        verdict: None,
        reason: Some(error.to_string()),
        inference: None,
        smallest_effect: None,
        runs_needed: None,
    });
    name.clone_into(&mut compared.benchmark);
    compared
}

fn samples(args: &CompareArgs, before: &[Vec<f64>], now: &[Vec<f64>]) -> Result<Compared, StatsError> {
    let comparison = compare(before, now, &CompareOptions { margin: args.margin, alpha: args.alpha })?;
    Ok(Compared {
        benchmark: String::new(),
        verdict: Some(comparison.verdict),
        reason: None,
        smallest_effect: comparison.smallest_effect,
        runs_needed: comparison.runs_needed,
        inference: Some(comparison.inference()),
    })
}

fn pairs(args: &CompareArgs, before: &[Vec<f64>], now: &[Vec<f64>]) -> Result<Compared, StatsError> {
    if before.len() != now.len() {
        return Err(StatsError::UnequalLengths { baseline: before.len(), current: now.len() });
    }
    let mut process = EProcess::new(Bet::default(), args.margin)?;
    for (before, now) in before.iter().zip(now) {
        process.push(quantile(before, 0.5)?, quantile(now, 0.5)?)?;
    }
    Ok(Compared {
        benchmark: String::new(),
        verdict: Some(process.verdict(args.alpha)?),
        reason: None,
        smallest_effect: process.smallest_effect(args.alpha)?,
        runs_needed: process.pairs_needed(args.alpha)?,
        inference: Some(process.inference(args.alpha)?),
    })
}

fn text(document: &Document) -> String {
    let mut table = comfy_table::Table::new();
    let evidence = if document.paired { "e" } else { "p" };
    table.load_style(NOTHING).set_header(["benchmark", "ratio", "interval", evidence, "verdict", "could see"]);
    for result in document.benchmarks.iter() {
        table.add_row(cells(result));
    }
    let mut text = String::new();
    if !document.benchmarks.is_empty() {
        let _ = writeln!(text, "{}\n", table.trim_fmt());
    }
    for result in &document.benchmarks {
        let warnings = result.inference.iter().flat_map(|inference| inference.warnings.iter().map(ToString::to_string));
        let needed = result.runs_needed.map(|n| format!("some {n} runs on each side may settle it"));
        for note in result.reason.iter().cloned().chain(warnings).chain(needed) {
            let _ = writeln!(text, "{}: {note}", result.benchmark);
        }
    }
    for (names, which) in [(&document.only_baseline, "first"), (&document.only_current, "second")] {
        if !names.is_empty() {
            let _ = writeln!(text, "only in the {which} file: {}", names.join(", "));
        }
    }
    let _ = writeln!(text, "margin {} %, error level {}", percent(document.margin), document.alpha);
    text
}

fn cells(result: &Compared) -> [String; 6] {
    let shown = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |v| format!("{v:.4}"));
    let inference = result.inference.as_ref();
    let interval =
        inference.map_or_else(String::new, |i| format!("{} … {}", shown(i.interval.low), shown(i.interval.high)));
    let evidence =
        inference.and_then(|i| i.p_value.or(i.e_value)).map_or_else(|| "?".to_owned(), |v| format!("{v:.3e}"));
    [
        result.benchmark.clone(),
        shown(inference.and_then(|i| i.estimate)),
        interval,
        evidence,
        result.verdict.map_or("none", Verdict::as_str).to_owned(),
        result.smallest_effect.map_or_else(|| "?".to_owned(), |effect| format!("{} %", percent(effect))),
    ]
}

fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}
