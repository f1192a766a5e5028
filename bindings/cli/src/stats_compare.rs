//! `lightspeed stats compare`: what two files of timings say about each other.

use crate::exit::{Exit, Failure};
use crate::stats::CompareArgs;
use crate::stats_samples::{Sampled, Samples, read};
use crate::table::{Look, NARROWEST_NAME, WIDE};
use crate::{print, print_json};
use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};
use lightspeed_core::stats::{
    Bet, CompareOptions, EProcess, Inference, Quantity, StatsError, Status, Verdict, compare_quantity, quantile,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt::Write as _;

/// What two files of timings say about each other.
#[derive(Serialize, Deserialize)]
pub struct Document {
    schema: Cow<'static, str>,
    margin: f64,
    alpha: f64,
    paired: bool,
    benchmarks: Vec<Compared>,
    only_baseline: Vec<String>,
    only_current: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Compared {
    benchmark: String,
    status: Status,
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
        print(text(&document, Look::of_stdout().width).trim_end())?;
    }
    Ok(if document.benchmarks.iter().any(|b| b.verdict.is_some()) { Exit::Ok } else { Exit::NothingMeasured })
}

fn document(args: &CompareArgs, baseline: &Samples, current: &Samples) -> Document {
    let both = baseline.iter().filter_map(|(name, before)| Some((name, before, current.get(name)?)));
    let only =
        |here: &Samples, there: &Samples| here.keys().filter(|name| !there.contains_key(*name)).cloned().collect();
    Document {
        schema: "lightspeed.stats_compare/1".into(),
        margin: args.margin,
        alpha: args.alpha,
        paired: args.paired,
        benchmarks: both.map(|(name, before, now)| compared(args, name, before, now)).collect(),
        only_baseline: only(baseline, current),
        only_current: only(current, baseline),
    }
}

fn compared(args: &CompareArgs, name: &str, before: &Sampled, now: &Sampled) -> Compared {
    let refused = |status: Status, reason: String| Compared {
        benchmark: name.to_owned(),
        status,
        verdict: None,
        reason: Some(reason),
        inference: None,
        smallest_effect: None,
        runs_needed: None,
    };
    if let (Some(first), Some(second)) = (&before.unit, &now.unit)
        && first != second
    {
        return refused(Status::Incomparable, format!("{first} on one side, {second} on the other"));
    }
    let found = if args.paired {
        pairs(args, &before.runs, &now.runs)
    } else {
        // Where only one side is known not to vary, equal values are a coarse clock.
        let quantity = if before.quantity == now.quantity { now.quantity } else { Quantity::Time };
        samples(args, quantity, &before.runs, &now.runs)
    };
    match found {
        Ok(compared) => Compared { benchmark: name.to_owned(), ..compared },
        Err(error) => refused(Status::Unmeasurable, error.to_string()),
    }
}

fn samples(
    args: &CompareArgs,
    quantity: Quantity,
    before: &[Vec<f64>],
    now: &[Vec<f64>],
) -> Result<Compared, StatsError> {
    let options = CompareOptions { margin: args.margin, alpha: args.alpha };
    let comparison = compare_quantity(quantity, before, now, &options)?;
    Ok(Compared {
        benchmark: String::new(),
        status: Status::Ok,
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
        status: Status::Ok,
        verdict: Some(process.verdict(args.alpha)?),
        reason: None,
        smallest_effect: process.smallest_effect(args.alpha)?,
        runs_needed: process.pairs_needed(args.alpha)?,
        inference: Some(process.inference(args.alpha)?),
    })
}

/// The table, then what else there is to say; `width` is that of a terminal.
pub fn text(document: &Document, width: Option<u16>) -> String {
    let mut text = String::new();
    if !document.benchmarks.is_empty() {
        let table = table(document, width).to_string();
        table.lines().for_each(|line| text.extend([line.trim_end(), "\n"]));
        text.push('\n');
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

/// On a narrow terminal the columns in the middle make room for the verdict.
fn table(document: &Document, width: Option<u16>) -> Table {
    let wide = width.is_none_or(|width| width >= WIDE);
    let evidence = if document.paired { "e" } else { "p" };
    let columns = ["benchmark", "ratio", "interval", evidence, "could see", "verdict"];
    let shown = |index: &usize| wide || !matches!(index, 3 | 4);
    let mut table = Table::new();
    table.load_style(NOTHING).force_no_tty();
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header((0..columns.len()).filter(shown).map(|index| columns[index]));
    for result in &document.benchmarks {
        let cells = cells(result).into_iter().enumerate();
        table.add_row(cells.filter(|(index, _)| shown(index)).map(|(_, cell)| cell));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding(if index == 0 { (0, 0) } else { (2, 0) });
        column.set_constraint(match index {
            0 => ColumnConstraint::LowerBoundary(Width::Fixed(NARROWEST_NAME)),
            _ => ColumnConstraint::ContentWidth,
        });
    }
    table
}

fn cells(result: &Compared) -> [String; 6] {
    let shown = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |v| format!("{v:.4}"));
    let of = |show: &dyn Fn(&Inference) -> String| result.inference.as_ref().map_or_else(|| "-".to_owned(), show);
    let evidence = |i: &Inference| i.p_value.or(i.e_value).map_or_else(|| "?".to_owned(), |v| format!("{v:.3e}"));
    [
        result.benchmark.clone(),
        of(&|i| shown(i.estimate)),
        of(&|i| format!("{} … {}", shown(i.interval.low), shown(i.interval.high))),
        of(&evidence),
        result.smallest_effect.map_or_else(|| "-".to_owned(), |effect| format!("{} %", percent(effect))),
        result.verdict.map_or(result.status.as_str(), Verdict::as_str).to_owned(),
    ]
}

fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}
