//! An audit: recall and precision of selection, with each miss.

use crate::session::{AuditReport, Figures, Miss, OPERATORS, Unstable};
use std::fmt::Write as _;

/// Unstable instances and missed ones that are named, each.
const MOST_NAMES: usize = 10;

/// The report as people read it.
pub fn text(report: &AuditReport) -> String {
    let mut text = String::new();
    if report.mutations.tried > report.failures.len() {
        text.push_str(&operators(report));
        text.push('\n');
        text.push_str(&rules(report));
    }
    for miss in &report.misses {
        missed(&mut text, miss);
    }
    for failure in &report.failures {
        let _ = writeln!(text, "\nnot tried: {failure}");
    }
    unstable(&mut text, &report.unstable);
    let _ = writeln!(text, "\n{}", summary(report));
    text
}

/// A line an operator, those of the library's order first, and one for all.
fn operators(report: &AuditReport) -> String {
    let mut rows =
        vec![["operator", "mutations", "affected", "selected", "missed", "recall", "precision"].map(str::to_owned)];
    let known = OPERATORS.iter().filter_map(|name| Some((*name, report.operators.get(*name)?)));
    let others = report.operators.iter().filter(|(name, _)| !OPERATORS.contains(&name.as_str()));
    rows.extend(known.chain(others.map(|(name, figures)| (name.as_str(), figures))).map(row));
    rows.push(row(("all", &report.overall)));
    columns(&rows)
}

fn row((name, figures): (&str, &Figures)) -> [String; 7] {
    let count = |n: u64| n.to_string();
    [
        name.to_owned(),
        count(figures.mutations),
        count(figures.affected),
        count(figures.selected),
        count(figures.missed),
        share(figures.recall),
        share(figures.precision),
    ]
}

fn rules(report: &AuditReport) -> String {
    let mut rows = vec![["rule", "selected", "affected", "precision"].map(str::to_owned)];
    for (rule, figures) in &report.rules {
        rows.push([rule.clone(), figures.selected.to_string(), figures.affected.to_string(), share(figures.precision)]);
    }
    if rows.len() == 1 { String::new() } else { columns(&rows) }
}

fn share(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.3}", (share * 1000.0).floor() / 1000.0))
}

/// The first column to the left, the others to the right.
fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let widths: Vec<usize> = (0..N).map(|c| rows.iter().map(|row| row[c].len()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(number, (cell, width))| {
            if number == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  "));
    }
    text
}

fn missed(text: &mut String, miss: &Miss) {
    let place = miss.line.map_or(miss.file.clone(), |line| format!("{}:{line}", miss.file));
    let _ = writeln!(
        text,
        "\nmissed: {} {place}: {} instances differ and were not selected, {} were",
        miss.operator,
        miss.instances.len(),
        miss.selected
    );
    for each in miss.instances.iter().take(MOST_NAMES) {
        let _ = writeln!(text, "  {} differs in {}", each.benchmark, each.differs.join(", "));
    }
    more(text, miss.instances.len());
    for line in miss.diff.lines() {
        let _ = writeln!(text, "    {line}");
    }
}

fn unstable(text: &mut String, unstable: &[Unstable]) {
    if unstable.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nleft out, because two runs of the same code differ: {}", unstable.len());
    for each in unstable.iter().take(MOST_NAMES) {
        let _ = writeln!(text, "  {} differs in {}", each.benchmark, each.differs.join(", "));
    }
    more(text, unstable.len());
}

fn more(text: &mut String, count: usize) {
    if count > MOST_NAMES {
        let _ = writeln!(text, "  … and {} more", count - MOST_NAMES);
    }
}

fn summary(report: &AuditReport) -> String {
    let counts = report.mutations;
    let rest = if counts.tried < counts.planned {
        format!("; {} are left, the same command goes on", counts.planned - counts.tried)
    } else {
        String::new()
    };
    let verdict = match (report.misses.len(), report.overall.affected) {
        (0, 0) => "nothing that was compared was affected, so nothing was shown".to_owned(),
        (0, affected) => format!("nothing was missed: all {affected} affected instances were selected"),
        (misses, _) => format!("selection missed instances in {misses} mutations"),
    };
    format!(
        "{} of {} mutations tried on {} instances: {verdict}{rest} ({:.1} s)",
        counts.tried, counts.planned, report.instances, report.total_s
    )
}
