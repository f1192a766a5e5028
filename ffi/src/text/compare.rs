//! A comparison of two revisions, as people read it.

use super::Look;
use super::imports;
use super::measure::row;
use super::table::{Row, render};
use super::values;
use crate::session::{CompareReport, MemoryFailure, MemoryReport, Status, TreeText};

/// The report as people read it.
pub fn text(report: &CompareReport, look: Look) -> String {
    let mut lines = vec![format!("A is {}, B is {}", tree(&report.a), tree(&report.b)), found(report)];
    let rows: Vec<Row> = report.benchmarks.iter().map(|(id, found)| row(id, &found.result)).collect();
    if !rows.is_empty() {
        lines.extend([String::new(), render(&rows, look).trim_end().to_owned(), String::new()]);
    }
    lines.extend(values::told(report.benchmarks.iter().map(|(id, found)| (id, &found.result)), "A, B"));
    if let Some(memory) = &report.memory {
        lines.push("peak memory of one call: A, B, change".to_owned());
        lines.extend(values::lines(&values::peaks(memory)));
        lines.extend(uncalled(memory));
        lines.push(String::new());
    }
    if let Some(found) = &report.imports {
        lines.push(imports::total(found));
        lines.extend(found.comparison.iter().flat_map(imports::lines));
        lines.push(String::new());
    }
    // What was not run at all is below the table already.
    let begun = report.undecided.iter().filter(|each| each.status == Status::Ok);
    lines.extend(begun.map(|each| format!("undecided: {}: {}", each.benchmark, each.reason)));
    lines.extend(notes(report));
    lines.push(spent(report));
    lines.push(format!("written to {}", report.results_dir.display()));
    lines.join("\n")
}

/// Instances without peaks, a line each.
pub fn uncalled(memory: &MemoryReport) -> Vec<String> {
    let failures = memory.benchmarks.iter().filter_map(|(id, result)| Some((id, result.failure.as_ref()?)));
    let line = |(id, failure): (&String, &MemoryFailure)| match &failure.tree {
        Some(tree) => format!("memory of {id}: in {tree}, {}", failure.reason),
        None => format!("memory of {id}: {}", failure.reason),
    };
    failures.map(line).collect()
}

/// A tree in words.
pub fn tree(tree: &TreeText) -> String {
    let commit = tree.commit.get(..12).unwrap_or(&tree.commit);
    let edits = match tree.edits {
        0 => String::new(),
        1 => " and 1 path that differs from it".to_owned(),
        many => format!(" and {many} paths that differ from it"),
    };
    format!("{} ({commit}{edits})", tree.name)
}

/// What is affected, in a line.
pub fn found(report: &CompareReport) -> String {
    let counts = &report.counts;
    let called = report.memory.iter().flat_map(|memory| memory.benchmarks.keys());
    // They are what the layers leave; for their memory others count too.
    let more = called.filter(|id| !report.benchmarks.contains_key(*id)).count();
    let (selected, total) = (counts.selected + more, counts.total + more);
    if report.all {
        return format!("{selected} instances were run, which is all that count");
    }
    match report.selection.changed_files.as_slice() {
        [] => "no source differs between the two: nothing is affected, and nothing was run".to_owned(),
        files => {
            let shown: Vec<&str> = files.iter().take(2).map(String::as_str).collect();
            let more = if files.len() > 2 { format!(" and {} more", files.len() - 2) } else { String::new() };
            format!("{selected} of {total} instances are affected by changes in {}{more}", shown.join(", "))
        }
    }
}

/// What else a reader should know, a line each.
pub fn notes(report: &CompareReport) -> Vec<String> {
    let mut lines = Vec::new();
    if report.interrupted {
        lines.push("interrupted: what was finished is here".to_owned());
    }
    lines.extend(controls(report));
    if let Some(calibrated) = &report.calibration {
        lines.push(format!(
            "A against itself: {} of {} comparisons were called a change",
            calibrated.called, calibrated.comparisons
        ));
    }
    if !report.selection.removed.is_empty() {
        lines.push(format!("in A alone: {}", report.selection.removed.join(", ")));
    }
    lines.extend(report.selection.diagnostics.iter().map(|note| format!("note: {note}")));
    if let Some(kept) = &report.kept {
        lines.push(format!("the trees are kept in {}; `git worktree remove` makes git forget them", kept.display()));
    }
    lines
}

/// What the unaffected instances show that ran along.
fn controls(report: &CompareReport) -> Option<String> {
    let count = report.controls.len();
    if let Some(drift) = &report.drift {
        return Some(format!(
            "note: {} of {} unaffected instances moved too ({}): the machine may be what changed",
            drift.moved.len(),
            drift.controls,
            drift.moved.join(", ")
        ));
    }
    let floor = report.noise_floor?.fraction * 100.0;
    let who = if count == 1 { "1 unaffected instance".to_owned() } else { format!("{count} unaffected instances") };
    Some(format!("{who} ran along, and seemed to move by {floor:.1} % at most"))
}

/// Where the time went, and how to run the same again.
pub fn spent(report: &CompareReport) -> String {
    let timing = &report.timing;
    format!(
        "{} of {} instances measured in {:.1} s ({:.1} s in benchmarks), --seed {}",
        report.counts.measured, report.counts.total, timing.total_s, timing.runs_s, report.seed
    )
}
