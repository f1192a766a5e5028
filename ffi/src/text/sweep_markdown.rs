//! A sweep as Markdown, for a pull request or a note.

use super::compare_markdown::escaped;
use super::sweep::{conclusion, laws, sheet};
use crate::sweep::SweepReport;
use std::fmt::Write as _;

/// A heading, the table of points, the laws, what failed, what to keep in mind.
#[must_use]
pub fn markdown(report: &SweepReport) -> String {
    let sheet = sheet(report, true);
    let cells = |cells: &[String]| cells.iter().map(|cell| escaped(cell)).collect::<Vec<_>>().join(" | ");
    let mut text = format!("### lightspeed sweep: {}\n\n| {} |\n|", escaped(&report.bench.name), cells(&sheet.header));
    let rule = |column: usize| if column < sheet.axes || sheet.header[column] == "status" { "---|" } else { "---:|" };
    (0..sheet.header.len()).for_each(|column| text.push_str(rule(column)));
    text.push('\n');
    for row in &sheet.rows {
        let _ = writeln!(text, "| {} |", cells(row));
    }
    let failed = report.points.iter().filter_map(|point| Some(format!("{}: {}", point.id, point.reason.as_ref()?)));
    let warnings = report.warnings.iter().map(|warning| format!("warning: {}", warning.text));
    for line in laws(report).into_iter().chain(failed).chain(warnings) {
        let _ = writeln!(text, "\n- {}", escaped(&line));
    }
    let _ = writeln!(text, "\n{}", escaped(&conclusion(report)));
    text
}
