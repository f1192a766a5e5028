//! What importing costs in two versions, as people and programs read it.

use super::units::{Unit, format_value};
use crate::session::ImportReport;
use lightspeed_core::import_time::{ImportChange, ImportComparison, ImportCost};
use std::fmt::Write as _;

/// Modules that are listed as the dearest, or as changed.
const TOP: usize = 15;
/// What costs a smaller share of all is left out of the tree.
const TREE_SHARE: f64 = 0.005;
const MICRO: f64 = 1e-6;

/// All modules as tab-separated values, in the order in which B's imports begin. Times are in microseconds.
#[must_use]
pub fn tsv(comparison: &ImportComparison) -> String {
    let mut text =
        "module\tdepth\ta_self_us\ta_cumulative_us\tb_self_us\tb_cumulative_us\tself_delta_us\tp_value\tchanged\n"
            .to_owned();
    for change in &comparison.modules {
        let ImportChange { module, depth, a, b, self_delta_us, p_value, changed } = change;
        let cost = |cost: &Option<ImportCost>| {
            cost.map_or("\t".to_owned(), |cost| format!("{}\t{}", cost.self_us, cost.cumulative_us))
        };
        let p_value = p_value.map_or(String::new(), |p| p.to_string());
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{module}\t{depth}\t{}\t{}\t{self_delta_us}\t{p_value}\t{changed}", cost(a), cost(b));
    }
    text
}

/// What it comes to, in a line.
#[must_use]
pub fn total(report: &ImportReport) -> String {
    let what = report.imported.join(", ");
    let Some(comparison) = &report.comparison else {
        return format!("import {what}: {}", report.failure.as_deref().unwrap_or("nothing was measured"));
    };
    let (a, b) = comparison.total_us;
    format!(
        "import {what}: {} → {} ({:+.1}%, {}; {} pairs)",
        time(a),
        time(b),
        (comparison.total.ratio - 1.0) * 100.0,
        comparison.total.verdict.as_str(),
        comparison.pairs
    )
}

/// Modules whose own part changed, by how much, the largest first; where none did, the dearest of B.
#[must_use]
pub fn top(comparison: &ImportComparison) -> Vec<&ImportChange> {
    let mut changed: Vec<&ImportChange> = comparison.modules.iter().filter(|change| change.changed).collect();
    changed.sort_by(|x, y| y.self_delta_us.abs().total_cmp(&x.self_delta_us.abs()).then(x.module.cmp(&y.module)));
    if changed.is_empty() {
        changed = comparison.modules.iter().filter(|change| change.b.is_some()).collect();
        let own = |change: &ImportChange| change.b.map_or(0.0, |cost| cost.self_us);
        changed.sort_by(|x, y| own(y).total_cmp(&own(x)).then(x.module.cmp(&y.module)));
    }
    changed.truncate(TOP);
    changed
}

/// The dearer imports of B as a tree: cumulative time, own time, module.
#[must_use]
pub fn tree(comparison: &ImportComparison) -> String {
    let least = comparison.total_us.1 * TREE_SHARE;
    let mut text = String::new();
    for change in &comparison.modules {
        let Some(cost) = change.b.filter(|cost| cost.cumulative_us >= least) else { continue };
        let indent = "  ".repeat(change.depth);
        let _ =
            writeln!(text, "{:>10} {:>10}  {indent}{}", time(cost.cumulative_us), time(cost.self_us), change.module);
    }
    text
}

/// A line for each module of [`top`]: own time in A and B, the difference, the name.
#[must_use]
pub fn lines(comparison: &ImportComparison) -> Vec<String> {
    let line = |change: &ImportChange| {
        let own = |cost: Option<ImportCost>| cost.map_or("–".to_owned(), |cost| time(cost.self_us));
        let note = match (change.a, change.b) {
            (None, _) => "  new",
            (_, None) => "  gone",
            _ if change.changed => "",
            _ => " ~",
        };
        format!("{:>10} {:>10} {:>11}{note:<6} {}", own(change.a), own(change.b), delta(change), change.module)
    };
    top(comparison).into_iter().map(line).collect()
}

fn delta(change: &ImportChange) -> String {
    let sign = if change.self_delta_us < 0.0 { "-" } else { "+" };
    format!("{sign}{}", time(change.self_delta_us.abs()))
}

fn time(us: f64) -> String {
    format_value(us * MICRO, &Unit::Seconds)
}
