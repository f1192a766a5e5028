//! Two versions' imports, module by module.

use super::Import;
use crate::stats::{CompareOptions, Comparison, StatsError, benjamini_hochberg, compare, quantile, signed_rank};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a module costs, in microseconds: medians over all runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportCost {
    /// In the module itself.
    pub self_us: f64,
    /// In it and in what it was the first to import.
    pub cumulative_us: f64,
}

/// A module in both versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportChange {
    /// Its dotted name.
    pub module: String,
    /// How many imports it happens in, in B if it is there.
    pub depth: usize,
    /// In A, if A imports it.
    pub a: Option<ImportCost>,
    /// In B, if B imports it.
    pub b: Option<ImportCost>,
    /// By how many microseconds the module's own part became slower: all of it for a new one, less than nothing for one that is gone.
    pub self_delta_us: f64,
    /// Whether its own part takes another time, by Wilcoxon's signed ranks over the pairs, adjusted for the number of modules (Benjamini
    /// and Hochberg). `None` for a module that only one version imports, or that takes too little to be timed.
    pub p_value: Option<f64>,
    /// Whether that is evidence of a change beyond the margin: always for a module that only one version imports.
    pub changed: bool,
}

/// What importing costs in two versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportComparison {
    /// Pairs of runs.
    pub pairs: usize,
    /// Seconds for all of it, as any other benchmark is compared.
    pub total: Comparison,
    /// Microseconds for all of it: medians.
    pub total_us: (f64, f64),
    /// Every module, in the order in which B's imports begin; after them those that only A imports.
    pub modules: Vec<ImportChange>,
}

/// What takes less on both sides is not tested: CPython counts whole microseconds, and what so short a time measures is the counting.
const TIMEABLE_US: f64 = 50.0;

/// Compares runs that took turns: the n-th of A with the n-th of B.
///
/// # Errors
/// No runs, sides of different length, runs without an import, unusable options.
pub fn compare_imports(
    a: &[Vec<Import>],
    b: &[Vec<Import>],
    options: &CompareOptions,
) -> Result<ImportComparison, StatsError> {
    if a.len() != b.len() {
        return Err(StatsError::UnequalLengths { baseline: a.len(), current: b.len() });
    }
    let sides = [Side::new(a), Side::new(b)];
    let [total_a, total_b] = [&sides[0].totals, &sides[1].totals];
    let runs = |totals: &[f64]| totals.iter().map(|us| [us / 1e6]).collect::<Vec<_>>();
    let total = compare(&runs(total_a), &runs(total_b), options)?;
    let total_us = (quantile(total_a, 0.5)?, quantile(total_b, 0.5)?);
    let only_in_a = sides[0].order.iter().filter(|module| !sides[1].costs.contains_key(*module));
    let all = sides[1].order.iter().chain(only_in_a);
    let tested = all.map(|module| tested(module, &sides, options)).collect::<Result<Vec<_>, _>>()?;
    let modules = called(tested, options)?;
    Ok(ImportComparison { pairs: a.len(), total, total_us, modules })
}

/// One version's runs.
struct Side<'a> {
    /// Modules, in the order in which they first begin.
    order: Vec<&'a str>,
    costs: BTreeMap<&'a str, Times>,
    /// Microseconds of each run.
    totals: Vec<f64>,
}

/// A module's times by run. One that some run does not import takes nothing there.
struct Times {
    depth: usize,
    own: Vec<f64>,
    cumulative: Vec<f64>,
}

impl<'a> Side<'a> {
    fn new(runs: &'a [Vec<Import>]) -> Self {
        let mut side = Side { order: Vec::new(), costs: BTreeMap::new(), totals: vec![0.0; runs.len()] };
        for (number, run) in runs.iter().enumerate() {
            for import in run {
                let times = side.costs.entry(&import.module).or_insert_with(|| {
                    side.order.push(&import.module);
                    Times { depth: import.depth, own: vec![0.0; runs.len()], cumulative: vec![0.0; runs.len()] }
                });
                // A module can be imported again after it failed.
                times.own[number] += import.self_us as f64;
                times.cumulative[number] += import.cumulative_us as f64;
                side.totals[number] += import.self_us as f64;
            }
        }
        side
    }

    fn cost(&self, module: &str) -> Result<Option<ImportCost>, StatsError> {
        let Some(times) = self.costs.get(module) else { return Ok(None) };
        let (self_us, cumulative_us) = (quantile(&times.own, 0.5)?, quantile(&times.cumulative, 0.5)?);
        Ok(Some(ImportCost { self_us, cumulative_us }))
    }
}

/// A module before it is called a change; and its ratio, where it was tested.
type Tested = (ImportChange, Option<f64>);

fn tested(module: &str, sides: &[Side<'_>; 2], options: &CompareOptions) -> Result<Tested, StatsError> {
    let (a, b) = (sides[0].cost(module)?, sides[1].cost(module)?);
    let times = sides.each_ref().map(|side| side.costs.get(module));
    let own = |cost: Option<ImportCost>| cost.map_or(0.0, |cost| cost.self_us);
    let long_enough = own(a).max(own(b)) >= TIMEABLE_US;
    let test = match times {
        [Some(a), Some(b)] if long_enough && a.own.iter().chain(&b.own).all(|us| *us > 0.0) => {
            Some(signed_rank(&a.own, &b.own, options.alpha)?)
        }
        _ => None,
    };
    let change = ImportChange {
        module: module.to_owned(),
        depth: times[1].or(times[0]).map_or(0, |times| times.depth),
        a,
        b,
        self_delta_us: own(b) - own(a),
        p_value: test.as_ref().and_then(|test| test.p_value),
        changed: a.is_none() != b.is_none(),
    };
    Ok((change, test.and_then(|test| test.estimate)))
}

/// Adjusts the p-values for their number, and says which are evidence.
fn called(tested: Vec<Tested>, options: &CompareOptions) -> Result<Vec<ImportChange>, StatsError> {
    let values: Vec<f64> = tested.iter().filter_map(|(change, _)| change.p_value).collect();
    let mut adjusted = benjamini_hochberg(&values)?.into_iter();
    let called = tested.into_iter().map(|(mut change, ratio)| {
        if let (Some(_), Some(ratio)) = (change.p_value, ratio) {
            change.p_value = adjusted.next();
            let beyond = ratio.max(1.0 / ratio) > 1.0 + options.margin;
            change.changed = beyond && change.p_value.is_some_and(|p| p <= options.alpha);
        }
        change
    });
    Ok(called.collect())
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::stats::Verdict;

    fn run(modules: &[(&str, u64)]) -> Vec<Import> {
        let line = |(module, us): &(&str, u64)| format!("import time: {us} | {us} | {module}\n");
        parse(&modules.iter().map(line).collect::<String>())
    }

    #[test]
    fn what_became_slower_is_told_from_what_only_varies() {
        let side = |slow: u64, extra: &'static str| {
            let one = move |n: u64| {
                let wobble = n * 7 % 5;
                run(&[("same", 1000 + 10 * wobble), ("slower", slow + 10 * (n * 3 % 5)), ("tiny", 3), (extra, 200)])
            };
            (0..10).map(one).collect::<Vec<_>>()
        };
        let (a, b) = (side(2000, "gone"), side(2600, "new"));
        let found = compare_imports(&a, &b, &CompareOptions::default()).expect("it compares");
        let of = |name: &str| found.modules.iter().find(|change| change.module == name).expect("it is there");
        assert_eq!(found.pairs, 10);
        assert_eq!(
            found.modules.iter().map(|m| m.module.as_str()).collect::<Vec<_>>(),
            ["same", "slower", "tiny", "new", "gone"]
        );
        assert!(of("slower").changed && !of("same").changed && !of("tiny").changed);
        assert_eq!((of("tiny").p_value, of("slower").self_delta_us), (None, 600.0));
        assert!(of("new").changed && of("gone").changed);
        assert_eq!((of("gone").b, of("gone").self_delta_us), (None, -200.0));
        assert_eq!(found.total.verdict, Verdict::Regressed);
        assert_eq!(
            compare_imports(&a, &b[1..], &CompareOptions::default()).err().map(|e| e.to_string().len() > 10),
            Some(true)
        );
        assert!(compare_imports(&[], &[], &CompareOptions::default()).is_err());
    }
}
