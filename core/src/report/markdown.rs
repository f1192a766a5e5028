//! A selection as Markdown, for a pull request or a note.

use std::collections::BTreeMap;

use super::selection::SelectReport;

/// The selection as Markdown: what is affected, under the reasons that it is affected for; then what was left out. Ids and paths are code.
#[must_use]
pub fn markdown(report: &SelectReport) -> String {
    let total = report.affected.len() + report.unaffected.len();
    let mut lines = vec![format!("**{} of {total} benchmark instances are affected.**", report.affected.len())];
    if !report.changed_files.is_empty() {
        let files: Vec<_> = report.changed_files.iter().map(|file| code(file)).collect();
        lines.extend([String::new(), format!("Changed: {}", files.join(", "))]);
    }
    for (reasons, instances) in by_reasons(report) {
        lines.push(String::new());
        lines.extend(reasons.iter().map(|reason| format!("- {}", escaped(reason))));
        lines.extend(instances.iter().map(|id| format!("  - {}", code(id))));
    }
    for hotfile in &report.hotfiles {
        let (left_out, sentinels) = (hotfile.left_out.len(), hotfile.sentinels.len());
        let file = code(&hotfile.file);
        lines.extend([
            String::new(),
            format!("Left out: {left_out} that the change of {file} affects; {sentinels} stand for them."),
        ]);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Instances by what affects them, in the order of the suite.
fn by_reasons(report: &SelectReport) -> Vec<(Vec<&str>, Vec<&str>)> {
    let mut groups: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    let mut numbers: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for affected in &report.affected {
        let reasons: Vec<&str> = affected.reasons.iter().map(|reason| reason.text.as_str()).collect();
        let number = *numbers.entry(reasons.clone()).or_insert_with(|| {
            groups.push((reasons, Vec::new()));
            groups.len() - 1
        });
        groups[number].1.push(&affected.benchmark);
    }
    groups
}

/// A text as code, whatever back-ticks and line ends it has.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A text in which nothing means anything to Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '|' | '~' | '@' => out.extend(['\\', c]),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
