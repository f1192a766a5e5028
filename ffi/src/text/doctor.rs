//! An examination of a machine: what was found, and what to do about it.

use super::Look;
use super::paint::{Colour, marked, painted};
use crate::doctor::{Check, CheckStatus, DoctorReport, count};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets::NOTHING};
use std::fmt::Write as _;

/// Lines that are longer are hard to read.
const WIDEST: u16 = 110;

/// The report as people read it.
pub fn text(report: &DoctorReport, look: Look) -> String {
    let mut text = columns(vec![vec![host(report)]], look);
    text.push('\n');
    let known = report.checks.iter().filter(|check| check.status != CheckStatus::Unknown);
    text.push_str(&columns(known.map(|check| row(check, look.colour)).collect(), look));
    text.push_str(&unknown(report, look));
    let told = |status| report.with(status).filter_map(|check| Some([check.name.clone(), advice(check)?].to_vec()));
    let told: Vec<Vec<String>> = told(CheckStatus::Warn).chain(told(CheckStatus::Note)).collect();
    if !told.is_empty() {
        let _ = writeln!(text, "\nwhat to do");
        text.push_str(&columns(told, look));
    }
    text.push('\n');
    text.push_str(&columns(vec![vec![summary(report)]], look));
    text
}

fn host(report: &DoctorReport) -> String {
    let host = &report.host;
    let cpu = if host.cpu.is_empty() { "unknown processor" } else { &host.cpu };
    let governor = host.governor.as_deref().map_or(String::new(), |governor| format!(", governor {governor}"));
    let (cpus, memory) = (count(host.usable_cpus, "usable CPU"), host.memory_gib);
    let version = &report.tool.version;
    format!("lightspeed {version} on {cpu}, {cpus}, {memory} GiB, {}{governor}", host.os)
}

fn row(check: &Check, colours: bool) -> Vec<String> {
    let status = check.status.as_str();
    let colour = match check.status {
        CheckStatus::Warn => Some(Colour::Red),
        CheckStatus::Note => Some(Colour::Yellow),
        CheckStatus::Ok => Some(Colour::Green),
        CheckStatus::Unknown => None,
    };
    let status = colour.filter(|_| colours).map_or(status.to_owned(), |colour| marked(status, colour));
    vec![status, check.name.clone(), check.found.clone()]
}

/// What could not be found out, each reason once.
fn unknown(report: &DoctorReport, look: Look) -> String {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for check in report.with(CheckStatus::Unknown) {
        match reasons.iter_mut().find(|(reason, _)| *reason == check.found) {
            Some((_, names)) => names.push(&check.name),
            None => reasons.push((&check.found, vec![&check.name])),
        }
    }
    let lines = reasons.into_iter().map(|(reason, names)| vec![format!("unknown, {reason}: {}", names.join(", "))]);
    let lines: Vec<Vec<String>> = lines.collect();
    if lines.is_empty() { String::new() } else { format!("\n{}", columns(lines, look)) }
}

fn advice(check: &Check) -> Option<String> {
    let advice = check.advice.as_ref()?;
    let root = if check.fix.is_empty() { "" } else { " For root: `lightspeed doctor --fix`." };
    Some(format!("{} {advice}{root}", check.why))
}

fn summary(report: &DoctorReport) -> String {
    let of = |status| report.with(status).count();
    let verdict = match (of(CheckStatus::Warn), of(CheckStatus::Note)) {
        (0, 0) => "fit to measure",
        (0, _) => "fit to measure, with what is noted in mind",
        _ => "numbers from this machine are worse than they could be",
    };
    let [ok, note, warn, unknown] =
        [CheckStatus::Ok, CheckStatus::Note, CheckStatus::Warn, CheckStatus::Unknown].map(of);
    format!("{verdict}: {}, {}, {ok} ok, {unknown} unknown", count(warn, "warning"), count(note, "note"))
}

/// Rows in columns, of which the last one wraps.
fn columns(rows: Vec<Vec<String>>, look: Look) -> String {
    let last = rows.first().map_or(0, |row| row.len().saturating_sub(1));
    let mut table = Table::new();
    table.load_style(NOTHING);
    match look.width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.min(WIDEST)),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table.add_rows(rows);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding(if index == 0 { (0, 0) } else { (2, 0) });
        if index < last {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.lines().fold(String::new(), |mut text, line| {
        text.push_str(painted(&line).trim_end());
        text.push('\n');
        text
    })
}
