//! What a workflow is told of a measurement.

use crate::exit::Exit;
use crate::gate::Limits;
use crate::github::{Annotation, Level, Place, Told, gate, in_workspace, markdown};
use lightspeed::session::{BenchmarkResult, MeasureReport, Status};
use lightspeed::text::measure::{counts, row};
use lightspeed::text::select::Chosen;
use lightspeed::text::table::{Row, by_change};
use lightspeed::text::units::{format_delta, format_value};
use lightspeed_core::impact::Reason;
use lightspeed_core::stats::Verdict;
use serde::Deserialize as _;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Benchmarks that one annotation names.
const MOST_NAMES: usize = 10;
/// Rows of the summary's table: GitHub takes a mebibyte in all.
const MOST_ROWS: usize = 500;

/// What is worth an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Failed,
    Regressed,
    NoNumber,
    SlowerMinor,
}

/// What the report comes to. `root` is what the paths in its reasons are relative to.
pub fn told(report: &MeasureReport, exit: Exit, limits: Limits, root: Option<&Path>) -> Told {
    let regressed = names(report, |result| result.verdict == Some(Verdict::Regressed));
    let counted = |count: usize| count.to_string();
    Told {
        annotations: annotations(report, limits, root),
        outputs: vec![
            ("gate", gate(exit).to_owned()),
            ("verdict", verdict(report).to_owned()),
            ("total", counted(report.counts.total)),
            ("affected", counted(report.counts.selected)),
            ("measured", counted(report.counts.measured)),
            ("failed", counted(report.counts.failed)),
            ("regressed", counted(regressed.len())),
            ("regressed_benchmarks", serde_json::json!(regressed).to_string()),
        ],
        summary: summary(report, exit),
    }
}

/// The verdict that asks most of a reader; `none` where nothing was compared.
fn verdict(report: &MeasureReport) -> &'static str {
    use Verdict::{Equivalent, FasterMinor, Improved, Inconclusive, Regressed, SlowerMinor};
    const ORDER: [Verdict; 6] = [Regressed, SlowerMinor, Inconclusive, Improved, FasterMinor, Equivalent];
    let there = |verdict: &&Verdict| report.benchmarks.values().any(|result| result.verdict == Some(**verdict));
    ORDER.iter().find(there).map_or("none", |verdict| verdict.as_str())
}

fn names(report: &MeasureReport, which: impl Fn(&BenchmarkResult) -> bool) -> Vec<&str> {
    report.benchmarks.iter().filter(|(_, result)| which(result)).map(|(id, _)| id.as_str()).collect()
}

fn annotations(report: &MeasureReport, limits: Limits, root: Option<&Path>) -> Vec<Annotation> {
    let mut groups: BTreeMap<(Level, Kind, Option<Place>), Vec<String>> = BTreeMap::new();
    for (id, result) in &report.benchmarks {
        if let Some((level, kind)) = kind(result, limits) {
            let place = root.and_then(|root| place(result, root));
            groups.entry((level, kind, place)).or_default().push(line(id, result));
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((level, kind, _), lines)| (*level, *kind, std::cmp::Reverse(lines.len())));
    let mut annotations: Vec<Annotation> =
        groups.into_iter().map(|((level, kind, place), lines)| annotation(level, kind, place, &lines)).collect();
    let message = if report.counts.selected > 0 { counts(report) } else { Chosen::from(report).summary() };
    annotations.push(Annotation { level: Level::Notice, title: "lightspeed measure".to_owned(), message, place: None });
    annotations
}

fn kind(result: &BenchmarkResult, limits: Limits) -> Option<(Level, Kind)> {
    match (result.status, result.verdict) {
        (Status::Failed | Status::TimedOut, _) => Some((Level::Error, Kind::Failed)),
        _ if limits.are_broken_by(result) => Some((Level::Error, Kind::Regressed)),
        (_, Some(Verdict::Regressed)) => Some((Level::Warning, Kind::Regressed)),
        (_, Some(Verdict::SlowerMinor)) => Some((Level::Notice, Kind::SlowerMinor)),
        (Status::Unmeasurable | Status::NotRunBudget, _) => Some((Level::Warning, Kind::NoNumber)),
        _ => None,
    }
}

/// The changed lines that a benchmark was selected for: of the first reason that has any, else just its file.
fn place(result: &BenchmarkResult, root: &Path) -> Option<Place> {
    let reasons: Vec<Reason> = result.reasons.iter().filter_map(|reason| Reason::deserialize(reason).ok()).collect();
    let best = reasons.iter().find(|reason| reason.new_lines.is_some()).or(reasons.first())?;
    let file = in_workspace(&root.join(&best.file)).filter(|file| !file.is_empty())?;
    Some(Place { file, lines: best.new_lines.map(|lines| (lines.start, lines.end)) })
}

fn line(id: &str, result: &BenchmarkResult) -> String {
    let Row { unit, baseline, current, delta_pct, .. } = row(id, result);
    match (baseline, current, delta_pct, &result.reason) {
        (Some(before), Some(now), Some(delta), _) if result.status == Status::Ok => {
            format!("{id}: {} → {} ({})", format_value(before, &unit), format_value(now, &unit), format_delta(delta))
        }
        (.., Some(reason)) => format!("{id}: {reason}"),
        _ => format!("{id}: {}", result.status),
    }
}

fn annotation(level: Level, kind: Kind, place: Option<Place>, lines: &[String]) -> Annotation {
    let many = if lines.len() == 1 { "benchmark" } else { "benchmarks" };
    let words = match kind {
        Kind::Failed => "failed",
        Kind::Regressed => "regressed",
        Kind::NoNumber => "gave no number to compare",
        Kind::SlowerMinor => "slower, perhaps by less than matters",
    };
    let mut message = lines.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join("\n");
    if lines.len() > MOST_NAMES {
        let _ = write!(message, "\n… and {} more", lines.len() - MOST_NAMES);
    }
    Annotation { level, title: format!("{} {many} {words}", lines.len()), message, place }
}

fn summary(report: &MeasureReport, exit: Exit) -> String {
    let mut text = format!("### lightspeed measure: {}\n\n", gate(exit).replace('_', " "));
    let _ = writeln!(text, "{}\n", markdown(&Chosen::from(report).summary()));
    let mut rows: Vec<Row> = report.benchmarks.iter().map(|(id, result)| row(id, result)).collect();
    rows.sort_by(by_change);
    if !rows.is_empty() {
        text.push_str("| benchmark | baseline | current | delta | verdict |\n|---|---:|---:|---:|---|\n");
    }
    for row in rows.iter().take(MOST_ROWS) {
        let value =
            |value: Option<f64>| value.map_or("-".to_owned(), |value| markdown(&format_value(value, &row.unit)));
        let verdict =
            row.verdict.filter(|_| row.status == "ok").map_or(row.status.as_str(), |verdict| verdict.as_str());
        let delta = row.delta_pct.map_or("-".to_owned(), format_delta);
        let (name, baseline, current) = (markdown(&row.benchmark), value(row.baseline), value(row.current));
        let _ = writeln!(text, "| {name} | {baseline} | {current} | {delta} | {} |", markdown(verdict));
    }
    if rows.len() > MOST_ROWS {
        let _ = writeln!(text, "\n{} more are left out here.", rows.len() - MOST_ROWS);
    }
    for row in rows.iter().take(MOST_ROWS) {
        if let Some(reason) = &row.reason {
            let _ = writeln!(text, "\n- {}: {}", markdown(&row.benchmark), markdown(reason));
        }
    }
    for note in Chosen::from(report).notes() {
        let _ = writeln!(text, "\n- {}", markdown(&note));
    }
    let _ = writeln!(text, "\n{}\n", markdown(&counts(report)));
    text
}
