//! `lightspeed stats compare`: what two files of timings say about each other.

use crate::exit::{Exit, Failure};
use crate::stats::CompareArgs;
use crate::stats_samples::{Sampled, Samples, read};
use crate::terminal::look;
use crate::{print, print_json};
use lightspeed::text::stats_compare::{Compared, Document, text};
use lightspeed_core::stats::{Bet, CompareOptions, EProcess, Quantity, StatsError, Status, compare_quantity, quantile};

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
        print(text(&document, look().width).trim_end())?;
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
