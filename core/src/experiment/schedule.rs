//! Which benchmark is next, and whether the budget allows it.

use super::plan::{Design, Plan};
use super::series::Series;

/// The fewest pairs after which anything is decided, about.
const FEWEST_PAIRS: usize = 8;

/// The benchmark to go on with; `None` where all are done or the budget is spent.
///
/// A pair that was begun is completed. Without a budget the benchmark with the fewest pairs is next, so that all
/// advance in rounds. With one, the benchmark whose decision is expected to cost least is next, so that the budget
/// decides as many as it can; one whose next pair does not fit into the rest has to wait for a shorter one.
pub(super) fn choose(plan: &Plan, series: &[Series]) -> Option<usize> {
    if let Some(begun) = series.iter().position(|s| s.half_a_pair() && s.ended.is_none()) {
        return Some(begun);
    }
    let open = || series.iter().enumerate().filter(|(_, s)| s.is_open(&plan.design));
    let Some(budget_s) = plan.budget_s else {
        return open().min_by_key(|(index, s)| (s.pairs(), *index)).map(|(index, _)| index);
    };
    let left_s = budget_s - series.iter().map(|s| s.spent_s).sum::<f64>();
    let usual_s = usual_run_s(plan, series);
    let cost = |(index, s): (usize, &Series)| {
        let run_s = run_s(plan, index, s).unwrap_or(usual_s);
        (2.0 * run_s <= left_s && left_s > 0.0).then(|| (index, run_s * 2.0 * pairs_to_go(plan, index, s) as f64))
    };
    // Equal costs go in turn.
    let cheaper = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0));
    open().filter_map(cost).min_by(cheaper).map(|(index, _)| index)
}

/// Pairs that this benchmark is expected to need still.
pub(super) fn pairs_to_go(plan: &Plan, index: usize, series: &Series) -> usize {
    let done = series.pairs();
    let most = plan.design.most_pairs().saturating_sub(done);
    if !series.is_open(&plan.design) {
        return 0;
    }
    if !matches!(plan.design, Design::UntilDecided { .. }) {
        return most;
    }
    if done < FEWEST_PAIRS {
        return most.min(FEWEST_PAIRS - done);
    }
    match series.process.pairs_needed(plan.alpha_of(index)) {
        Ok(Some(needed)) => most.min(needed.saturating_sub(done).max(1)),
        _ => most,
    }
}

fn run_s(plan: &Plan, index: usize, series: &Series) -> Option<f64> {
    let expected = plan.benchmarks.get(index).and_then(|benchmark| benchmark.run_s);
    if series.runs > 0 { Some(series.spent_s / series.runs as f64) } else { expected }
}

/// What a run takes on average where that is known; nothing where it is known nowhere.
fn usual_run_s(plan: &Plan, series: &[Series]) -> f64 {
    let known: Vec<f64> = series.iter().enumerate().filter_map(|(index, s)| run_s(plan, index, s)).collect();
    if known.is_empty() { 0.0 } else { known.iter().sum::<f64>() / known.len() as f64 }
}
