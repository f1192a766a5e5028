//! The layer "startup" in hyperfine's format.

use super::report::{CompareReport, CompareResult};
use crate::pair::{PairReceipt, RunSample};
use crate::suite::Layer;
use lightspeed_core::report::{HyperfineExport, HyperfineResult, TimedRun};

/// Both sides of everything that starts, A first.
pub(super) fn startup(report: &CompareReport) -> HyperfineExport {
    let started = report.benchmarks.iter().filter(|(_, found)| found.layer == Layer::Startup);
    let results = started.flat_map(|(id, found)| {
        let sides = [("A", &report.a.name, runs(found, true)), ("B", &report.b.name, runs(found, false))];
        sides.map(|(letter, name, runs)| HyperfineResult::of(&format!("{id} ({letter}: {name})"), &runs))
    });
    HyperfineExport { results: results.flatten().collect() }
}

/// The runs of one side.
fn runs(found: &CompareResult, before: bool) -> Vec<TimedRun> {
    if let Some(receipt) = &found.result.receipt {
        return of_receipt(receipt, before);
    }
    let samples = if before { &found.result.baseline_samples } else { &found.result.current_samples };
    let run = |wall_s: &f64| TimedRun { wall_s: *wall_s, user_s: 0.0, sys_s: 0.0, max_rss_bytes: None, exit_code: 0 };
    samples.iter().flatten().map(run).collect()
}

fn of_receipt(receipt: &PairReceipt, before: bool) -> Vec<TimedRun> {
    let side = |pair: &crate::pair::PairSample| if before { pair.baseline.clone() } else { pair.current.clone() };
    let seconds = |ns: u64| ns as f64 / 1e9;
    let run = |run: RunSample| {
        Some(TimedRun {
            wall_s: seconds(run.wall_ns),
            user_s: seconds(run.user_ns),
            sys_s: seconds(run.sys_ns),
            max_rss_bytes: run.max_rss_bytes,
            exit_code: run.exit_code?,
        })
    };
    receipt.samples.iter().filter(|pair| !pair.warmup).filter_map(side).filter_map(run).collect()
}
