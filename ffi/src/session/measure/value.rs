//! A number other than the time of a run, on both sides: a metric that a benchmark tells, a peak of memory.

use super::report::Bounds;
use super::{MeasureOptions, compare_options, delta_pct};
use crate::session::timing::Told;
use lightspeed_core::frame::Direction;
use lightspeed_core::stats::{CompareOptions, Interval, Quantity, Verdict, compare_quantity, quantile};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A number on both sides, and what the difference comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueChange {
    /// What it counts; empty for a bare number.
    pub unit: String,
    /// Which way is better.
    pub better: Direction,
    /// Median before the change; null where there is none.
    pub baseline: Option<f64>,
    /// Median now; null where there is none.
    pub current: Option<f64>,
    /// (current − baseline) / baseline in per cent.
    pub delta_pct: Option<f64>,
    /// Of current/baseline, at 1 − alpha.
    pub interval: Option<Bounds>,
    /// Two-sided p-value of "no difference".
    pub p_value: Option<f64>,
    /// What the evidence says; `improved` and `regressed` heed which way is better.
    pub verdict: Option<Verdict>,
    /// Why there is no verdict.
    pub reason: Option<String>,
}

/// Where numbers come from, what they count, and which way is better.
#[derive(Clone, Debug)]
pub(in crate::session) struct Meaning {
    pub(in crate::session) quantity: Quantity,
    pub(in crate::session) unit: String,
    pub(in crate::session) better: Direction,
}

impl ValueChange {
    /// Compares the values of runs on both sides, one of each run.
    pub(in crate::session) fn between(
        meaning: &Meaning,
        (baseline, current): (&[f64], &[f64]),
        options: &CompareOptions,
    ) -> Self {
        let median = |values: &[f64]| quantile(values, 0.5).ok();
        let (before, now) = (median(baseline), median(current));
        let mut change = ValueChange {
            unit: meaning.unit.clone(),
            better: meaning.better,
            baseline: before,
            current: now,
            delta_pct: before.zip(now).and_then(|(before, now)| delta_pct(before, now)),
            interval: None,
            p_value: None,
            verdict: None,
            reason: None,
        };
        let runs = |values: &[f64]| values.iter().map(|&value| [value]).collect::<Vec<_>>();
        let (before, now) = (runs(baseline), runs(current));
        // A change for the worse is a rise to whoever compares.
        let compared = match meaning.better {
            Direction::Lower => compare_quantity(meaning.quantity, &before, &now, options),
            Direction::Higher => compare_quantity(meaning.quantity, &now, &before, options),
        };
        match compared {
            Ok(found) => {
                let turned = meaning.better == Direction::Higher;
                change.interval = Some(if turned { inverse(found.interval) } else { found.interval.into() });
                (change.p_value, change.verdict) = (Some(found.p_value), Some(found.verdict));
            }
            Err(error) => change.reason = Some(error.to_string()),
        }
        change
    }
}

fn inverse(interval: Interval) -> Bounds {
    let inverse = |end: Option<f64>| end.filter(|end| *end > 0.0).map(|end| 1.0 / end);
    Bounds { low: inverse(interval.high), high: inverse(interval.low) }
}

/// The metrics that the runs of both sides told of, and what is wrong with their frames.
pub(in crate::session) fn told_metrics(
    baseline: &Told,
    current: &Told,
    options: &MeasureOptions,
) -> (BTreeMap<String, ValueChange>, Option<String>) {
    let names: BTreeSet<&String> = baseline.names().chain(current.names()).collect();
    let change = |name: &String| {
        let metric = current.last(name).or_else(|| baseline.last(name))?;
        let meaning = Meaning { quantity: Quantity::Computed, unit: metric.unit.clone(), better: metric.better };
        let values = (baseline.values(name), current.values(name));
        let mut change = ValueChange::between(&meaning, (&values.0, &values.1), &compare_options(options));
        if values.0.is_empty() || values.1.is_empty() {
            let side = if values.0.is_empty() { "before the change" } else { "now" };
            change.reason = Some(format!("it is not told {side}"));
        }
        Some((name.clone(), change))
    };
    let mistake = current.mistake().or(baseline.mistake()).map(ToString::to_string);
    (names.into_iter().filter_map(change).collect(), mistake)
}
