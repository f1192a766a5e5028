//! The table of a measurement: benchmark, baseline, current, delta, and what did not run and why.

use std::cmp::Ordering;
use std::fmt::Write as _;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width};
use lightspeed_core::stats::Verdict;

use super::Look;
use super::paint::{Colour, marked, painted};
use super::units::{Unit, format_delta, format_value};

/// From this width on, the verdict has a column of its own.
pub const WIDE: u16 = 80;
/// The least width of the column of names, so that they wrap and not the numbers.
pub const NARROWEST_NAME: u16 = 16;

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Id of the benchmark with its parameters.
    pub benchmark: String,
    /// What its values are counted in.
    pub unit: Unit,
    /// Value before the change, if there is one.
    pub baseline: Option<f64>,
    /// Value now; `None` if it gave none.
    pub current: Option<f64>,
    /// (current − baseline) / baseline in per cent.
    pub delta_pct: Option<f64>,
    /// What happened: `ok`, `failed`, `timed_out`, `skipped`, `new` …
    pub status: String,
    /// What the evidence says, where two sides were compared.
    pub verdict: Option<Verdict>,
    /// Why the status is not `ok`.
    pub reason: Option<String>,
}

/// Renders all rows: the largest change first, then what has no change to show, each group by name.
///
/// Ends with the rows that gave no value, each with its reason. Without rows it is empty.
pub fn render(rows: &[Row], look: Look) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by(|a, b| by_change(a, b));
    let mut text = table(&rows, look).lines().fold(String::new(), |mut text, line| {
        text.push_str(painted(&line).trim_end());
        text.push('\n');
        text
    });
    if text.contains("%~") {
        text.push_str("~ inconclusive: noise could explain it\n");
    }
    text.push_str(&reasons(&rows, look.width));
    text
}

/// The largest change first, then what has no change to show, then what gave no value.
pub fn by_change(a: &Row, b: &Row) -> Ordering {
    let size = |row: &Row| row.delta_pct.map_or(-1.0, f64::abs);
    let dropped = |row: &Row| row.current.is_none();
    dropped(a).cmp(&dropped(b)).then_with(|| size(b).total_cmp(&size(a))).then_with(|| a.benchmark.cmp(&b.benchmark))
}

fn table(rows: &[&Row], look: Look) -> Table {
    let wide = look.width.is_none_or(|width| width >= WIDE);
    let verdicts = wide && rows.iter().any(|row| row.verdict.is_some());
    let mut table = Table::new();
    table.load_style(NOTHING);
    if let Some(width) = look.width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    let mut header = vec!["benchmark", "baseline", "current", "delta"];
    header.extend(verdicts.then_some("verdict"));
    table.set_header(header);
    table.add_rows(rows.iter().map(|row| cells(row, verdicts, look.colour)));
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding(if index == 0 { (0, 0) } else { (2, 0) });
        if index == 0 {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(NARROWEST_NAME)));
        } else {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        if (1..4).contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn cells(row: &Row, verdicts: bool, colours: bool) -> Vec<String> {
    let value = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| format_value(v, &row.unit));
    let current = if row.current.is_none() { row.status.clone() } else { value(row.current) };
    let mut delta = match row.delta_pct {
        Some(percent) => format_delta(percent),
        None if row.current.is_some() && row.status != "ok" => row.status.clone(),
        None => "-".to_owned(),
    };
    if !verdicts && row.verdict == Some(Verdict::Inconclusive) {
        delta.push('~');
    }
    let mut cells = vec![row.benchmark.clone(), value(row.baseline), current, delta];
    if verdicts {
        cells.push(row.verdict.map_or("-", Verdict::as_str).to_owned());
    }
    let Some(colour) = colour(row).filter(|_| colours) else { return cells };
    let plain = if row.current.is_none() { 2 } else { 3 };
    for cell in cells.iter_mut().skip(plain) {
        *cell = marked(cell, colour);
    }
    cells
}

fn colour(row: &Row) -> Option<Colour> {
    match row.verdict {
        _ if row.current.is_none() => Some(Colour::Yellow),
        Some(Verdict::Regressed) => Some(Colour::Red),
        Some(Verdict::Improved) => Some(Colour::Green),
        _ => None,
    }
}

/// The rows without a value and any other whose status has a reason, a line each; the reason moves to its own line
/// where it would not fit.
fn reasons(rows: &[&Row], width: Option<u16>) -> String {
    let told: Vec<&&Row> = rows.iter().filter(|row| row.current.is_none() || row.reason.is_some()).collect();
    if told.is_empty() {
        return String::new();
    }
    let mut text = format!("\nwithout a comparison: {}\n", told.len());
    for row in told {
        let reason = row.reason.as_deref().unwrap_or("no reason was given");
        let status = row.status.replace('_', " ");
        let tail = format!("{status}: {}", reason.lines().collect::<Vec<_>>().join(" "));
        let length = row.benchmark.chars().count() + tail.chars().count() + 4;
        let gap = if width.is_some_and(|width| length > usize::from(width)) { "\n      " } else { "  " };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {}{gap}{tail}", row.benchmark);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(benchmark: &str, baseline: f64, current: f64, verdict: Verdict) -> Row {
        Row {
            benchmark: benchmark.to_owned(),
            unit: Unit::Seconds,
            baseline: Some(baseline),
            current: Some(current),
            delta_pct: Some((current / baseline - 1.0) * 100.0),
            status: "ok".to_owned(),
            verdict: Some(verdict),
            reason: None,
        }
    }

    fn sample() -> Vec<Row> {
        vec![
            row("bench.time_small", 1.0e-3, 1.01e-3, Verdict::Equivalent),
            row("bench.Suite.time_reduce(1000, 'numpy')", 1.0e-3, 1.5e-3, Verdict::Regressed),
            Row { unit: Unit::Bytes, ..row("bench.peakmem_load", 18_245_222.4, 9_122_611.2, Verdict::Improved) },
            Row {
                current: None,
                delta_pct: None,
                status: "timed_out".to_owned(),
                verdict: None,
                reason: Some("it took more than 60 s".to_owned()),
                ..row("bench.time_hang", 2.0, 2.0, Verdict::Inconclusive)
            },
            Row {
                baseline: None,
                delta_pct: None,
                status: "new".to_owned(),
                verdict: None,
                unit: Unit::parse("rows"),
                ..row("bench.track_rows", 1.0, 42.0, Verdict::Inconclusive)
            },
            row("bench.time_noisy", 1.0e-6, 1.2e-6, Verdict::Inconclusive),
        ]
    }

    const PIPE: Look = Look { width: None, colour: false };

    #[test]
    fn a_pipe_gets_one_line_a_row() {
        let want = "\
benchmark                                baseline    current    delta  verdict
bench.Suite.time_reduce(1000, 'numpy')    1.000ms    1.500ms  +50.00%  regressed
bench.peakmem_load                      17.400MiB   8.700MiB  -50.00%  improved
bench.time_noisy                          1.000us    1.200us  +20.00%  inconclusive
bench.time_small                          1.000ms    1.010ms   +1.00%  equivalent
bench.track_rows                                -    42 rows      new  -
bench.time_hang                            2.000s  timed_out        -  -

without a comparison: 1
  bench.time_hang  timed out: it took more than 60 s
";
        assert_eq!(render(&sample(), PIPE), want);
    }

    #[test]
    fn a_narrow_terminal_wraps_names_and_keeps_numbers_whole() {
        let text = render(&sample(), Look { width: Some(60), colour: false });
        assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        for whole in ["17.400MiB", "+50.00%", "+20.00%~", "timed_out"] {
            assert!(text.contains(whole), "{whole} is missing in\n{text}");
        }
        assert!(!text.contains("verdict"));
    }

    #[test]
    fn widths_from_tiny_to_huge_do_not_break_it() {
        for width in [0, 1, 10, 20, 40, 59, 79, 80, 200, u16::MAX] {
            assert!(render(&sample(), Look { width: Some(width), colour: true }).contains("bench"), "{width}");
        }
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let plain = render(&sample(), Look { width: Some(100), colour: false });
        let colored = render(&sample(), Look { width: Some(100), colour: true });
        assert!(!plain.contains('\u{1b}') && colored.contains('\u{1b}'));
        let mut stripped = String::new();
        let mut escape = false;
        for c in colored.chars() {
            match c {
                '\u{1b}' => escape = true,
                'm' if escape => escape = false,
                _ if escape => {}
                c => stripped.push(c),
            }
        }
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&stripped), words(&plain));
    }

    #[test]
    fn no_rows_give_no_text() {
        assert_eq!(render(&[], PIPE), "");
    }
}
