//! What two files of timings say about each other.

use super::table::{NARROWEST_NAME, WIDE};
use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};
use lightspeed_core::stats::{Inference, Status, Verdict};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt::Write as _;

/// What two files of timings say about each other.
#[derive(Debug, Serialize, Deserialize)]
pub struct Document {
    /// Name and version.
    pub schema: Cow<'static, str>,
    /// Changes smaller than this share count as none.
    pub margin: f64,
    /// The probability of claiming a change where there is none.
    pub alpha: f64,
    /// Whether the i-th runs of both files belong together.
    pub paired: bool,
    /// Those of both files.
    pub benchmarks: Vec<Compared>,
    /// Names that only the first file has.
    pub only_baseline: Vec<String>,
    /// Names that only the second file has.
    pub only_current: Vec<String>,
}

/// What is said of one benchmark.
#[derive(Debug, Serialize, Deserialize)]
pub struct Compared {
    /// Its name.
    pub benchmark: String,
    /// Whether it could be compared.
    pub status: Status,
    /// What the evidence says.
    pub verdict: Option<Verdict>,
    /// Why it could not be compared.
    pub reason: Option<String>,
    /// Estimate, interval and evidence.
    pub inference: Option<Inference>,
    /// The smallest change, a share, that these samples could show.
    pub smallest_effect: Option<f64>,
    /// Runs on each side that may settle it.
    pub runs_needed: Option<usize>,
}

/// The table, then what else there is to say; `width` is that of a terminal.
pub fn text(document: &Document, width: Option<u16>) -> String {
    let mut text = String::new();
    if !document.benchmarks.is_empty() {
        let table = table(document, width).to_string();
        table.lines().for_each(|line| text.extend([line.trim_end(), "\n"]));
        text.push('\n');
    }
    for result in &document.benchmarks {
        let warnings = result.inference.iter().flat_map(|inference| inference.warnings.iter().map(ToString::to_string));
        let needed = result.runs_needed.map(|n| format!("some {n} runs on each side may settle it"));
        for note in result.reason.iter().cloned().chain(warnings).chain(needed) {
            let _ = writeln!(text, "{}: {note}", result.benchmark);
        }
    }
    for (names, which) in [(&document.only_baseline, "first"), (&document.only_current, "second")] {
        if !names.is_empty() {
            let _ = writeln!(text, "only in the {which} file: {}", names.join(", "));
        }
    }
    let _ = writeln!(text, "margin {} %, error level {}", percent(document.margin), document.alpha);
    text
}

/// On a narrow terminal the columns in the middle make room for the verdict.
fn table(document: &Document, width: Option<u16>) -> Table {
    let wide = width.is_none_or(|width| width >= WIDE);
    let evidence = if document.paired { "e" } else { "p" };
    let columns = ["benchmark", "ratio", "interval", evidence, "could see", "verdict"];
    let shown = |index: &usize| wide || !matches!(index, 3 | 4);
    let mut table = Table::new();
    table.load_style(NOTHING);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header((0..columns.len()).filter(shown).map(|index| columns[index]));
    for result in &document.benchmarks {
        let cells = cells(result).into_iter().enumerate();
        table.add_row(cells.filter(|(index, _)| shown(index)).map(|(_, cell)| cell));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding(if index == 0 { (0, 0) } else { (2, 0) });
        column.set_constraint(match index {
            0 => ColumnConstraint::LowerBoundary(Width::Fixed(NARROWEST_NAME)),
            _ => ColumnConstraint::ContentWidth,
        });
    }
    table
}

fn cells(result: &Compared) -> [String; 6] {
    let shown = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |v| format!("{v:.4}"));
    let of = |show: &dyn Fn(&Inference) -> String| result.inference.as_ref().map_or_else(|| "-".to_owned(), show);
    let evidence = |i: &Inference| i.p_value.or(i.e_value).map_or_else(|| "?".to_owned(), |v| format!("{v:.3e}"));
    [
        result.benchmark.clone(),
        of(&|i| shown(i.estimate)),
        of(&|i| format!("{} … {}", shown(i.interval.low), shown(i.interval.high))),
        of(&evidence),
        result.smallest_effect.map_or_else(|| "-".to_owned(), |effect| format!("{} %", percent(effect))),
        result.verdict.map_or(result.status.as_str(), Verdict::as_str).to_owned(),
    ]
}

fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}
