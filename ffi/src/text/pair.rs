//! The receipt of two commands that ran in turn.

use super::table::WIDE;
use super::units::{Unit, format_delta, format_value};
use crate::pair::{MetricReport, PairReceipt};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets::NOTHING};
use lightspeed_core::stats::{Status, Verdict};
use std::fmt::Write as _;

/// The receipt as people read it; `width` is that of a terminal.
pub fn text(receipt: &PairReceipt, width: Option<u16>) -> String {
    let mut text = String::new();
    let reports = shown(receipt);
    if !reports.is_empty() {
        let mut table = Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        // A narrow terminal has no room for the interval.
        let wide = width.is_none_or(|width| width >= WIDE);
        let shown = |cells: [String; 6]| cells.into_iter().enumerate().filter(|(i, _)| wide || *i != 4).map(|(_, c)| c);
        table.set_header(shown(["metric", "baseline", "current", "change", "interval", "verdict"].map(str::to_owned)));
        for report in &reports {
            table.add_row(shown(cells(report)).collect::<Vec<_>>());
        }
        let last = table.column_count().saturating_sub(1);
        for (index, column) in table.column_iter_mut().enumerate() {
            column.set_padding(if index == 0 { (0, 0) } else { (2, 0) });
            if (1..last).contains(&index) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let _ = writeln!(text, "{}\n", table.trim_fmt());
    }
    for reason in &receipt.verdict.reasons {
        let _ = writeln!(text, "{reason}");
    }
    text.push_str(&conclusion(receipt));
    text
}

/// What it comes to, in a line.
pub fn conclusion(receipt: &PairReceipt) -> String {
    let warmups = receipt.samples.iter().filter(|pair| pair.warmup).count();
    let verdict = receipt.verdict.verdict.map_or(receipt.verdict.status.as_str(), Verdict::as_str);
    format!(
        "{}: {verdict}, gate {}; {} pairs, {warmups} to warm up, seed {}",
        receipt.bench.name, receipt.verdict.gate, receipt.stats.pairs, receipt.bench.seed
    )
}

/// The metrics worth a line: those with a budget first, then those that are not 0 throughout.
pub fn shown(receipt: &PairReceipt) -> Vec<&MetricReport> {
    let metrics = &receipt.stats.metrics;
    let gated = metrics.iter().filter(|report| report.budget.is_some());
    let is_other = |report: &&MetricReport| report.budget.is_none() && report.baseline.is_some_and(|b| b.max > 0.0);
    gated.chain(metrics.iter().filter(is_other)).collect()
}

/// The cells of a metric's line.
pub fn cells(report: &MetricReport) -> [String; 6] {
    let value = |value: f64| match report.unit.as_str() {
        "ns" => format_value(value / 1e9, &Unit::Seconds),
        "bytes" => format_value(value, &Unit::Bytes),
        "count" => format_value(value, &Unit::Other(String::new())),
        other => format_value(value, &Unit::Other(other.to_owned())),
    };
    let percent = |ratio: Option<f64>| ratio.map_or("?".to_owned(), |ratio| format_delta((ratio - 1.0) * 100.0));
    let inference = report.inference.as_ref();
    let shown = |median: Option<f64>| median.map_or("?".to_owned(), value);
    let (before, now) = (report.baseline.map(|b| b.median), report.current.map(|c| c.median));
    let share = before.filter(|before| *before > 0.0).and_then(|before| Some(now? / before));
    let name = match report.per_unit {
        Some((before, now)) => format!("{} ({} → {} a unit)", report.metric.as_str(), value(before), value(now)),
        None => report.metric.as_str().to_owned(),
    };
    [
        name,
        shown(before),
        shown(now),
        percent(inference.and_then(|i| i.estimate).or(share)),
        inference.map_or(String::new(), |i| format!("{} … {}", percent(i.interval.low), percent(i.interval.high))),
        match report.verdict {
            Some(verdict) => verdict.as_str().to_owned(),
            None => report.budget.map_or(String::new(), |_| Status::Unmeasurable.as_str().to_owned()),
        },
    ]
}
