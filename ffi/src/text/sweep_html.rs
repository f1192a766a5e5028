//! A sweep as one HTML page: charts, tables, laws, what failed, how it was run. It loads nothing.

use super::sweep::{conclusion, laws, sheet};
use super::sweep_chart::charts;
use crate::chart::svg;
use crate::sweep::{Subject, SweepReport};
use lightspeed_core::stats::Status;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("sweep.css");

/// The page.
#[must_use]
pub fn html(report: &SweepReport) -> String {
    let title = format!("{} – lightspeed sweep", report.bench.name);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (report.bench.name) }
                p { (conclusion(report)) }
                @for warning in &report.warnings { p.warning { (warning.text) } }
                div.charts { @for chart in charts(report) { figure { (PreEscaped(svg(&chart))) } } }
                (table(report))
                @let laws = laws(report);
                @if !laws.is_empty() { h2 { "Laws" } ul { @for law in laws { li { (law) } } } }
                (failures(report))
                (facts(report))
            }
        }
    };
    page.into_string()
}

fn table(report: &SweepReport) -> Markup {
    let sheet = sheet(report, true);
    let class = |column: usize| if column < sheet.axes { "axis" } else { "number" };
    html! {
        div.wide {
            table {
                thead { tr { @for (at, name) in sheet.header.iter().enumerate() { th class=(class(at)) { (name) } } } }
                tbody { @for row in &sheet.rows { tr { @for (at, cell) in row.iter().enumerate() { td class=(class(at)) { (cell) } } } } }
            }
        }
    }
}

fn failures(report: &SweepReport) -> Markup {
    let failed = || report.points.iter().filter(|point| !matches!(point.status, Status::Ok | Status::NotRunBudget));
    html! {
        @if failed().next().is_some() { h2 { "Failed" } }
        @for point in failed() {
            p { b { (point.id) } ": " (point.reason.as_deref().unwrap_or(point.status.as_str())) }
            @if let Some(said) = &point.stderr { pre { (said) } }
        }
    }
}

fn facts(report: &SweepReport) -> Markup {
    let subject = match &report.bench.subject {
        Subject::Command(program) => shell_words::join(&program.command),
        Subject::Benchmark { name, .. } => name.clone(),
    };
    let host = &report.host;
    let machine = format!("{}, {} processors, {} GiB, {}", host.cpu, host.usable_cpus, host.memory_gib, host.os);
    let rounds = format!("{} after {} to warm up, in random order", report.bench.design.repeats, report.bench.warmup);
    let level = format!("{} %, from the rounds as pairs", (1.0 - report.bench.alpha) * 100.0);
    let facts = [
        ("What was run", subject),
        ("Rounds", rounds),
        ("Intervals", level),
        ("Machine", machine),
        ("Begun", report.started_at.clone()),
        ("Configuration", report.hash.clone()),
    ];
    html! {
        h2 { "How it was run" }
        dl { @for (name, value) in &facts { dt { (name) } dd { (value) } } }
    }
}
