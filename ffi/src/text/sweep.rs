//! A sweep as people read it: a line for each point, the law along each line of points, what failed and why.

use super::Look;
use super::sweep_chart::charts;
use super::sweep_law::law;
use super::units::{Unit, format_value};
use crate::chart::terminal;
use crate::doctor::count as plural;
use crate::sweep::{PointReport, SweepReport};
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use lightspeed_core::stats::Status;
use lightspeed_core::sweep::{Gain, LineResult};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Lines of a failed run's standard error that are shown.
const COMPLAINT_LINES: usize = 5;

/// Columns and lines of a plot in a terminal.
const WIDEST_PLOT: u16 = 100;
const PLOT_HEIGHT: u16 = 18;

/// The points in a table that every rendering shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) header: Vec<String>,
    /// How many of the first columns are axes.
    pub(super) axes: usize,
    pub(super) rows: Vec<Vec<String>>,
}

/// The report as people read it; on a terminal, `look` has its width.
pub fn text(report: &SweepReport, look: Look) -> String {
    let mut text = fitting(report, look.width.map_or(usize::MAX, usize::from));
    let laws = laws(report);
    if !laws.is_empty() {
        let _ = writeln!(text, "\n{}", laws.join("\n"));
    }
    for note in notes(report) {
        let _ = writeln!(text, "\n{note}");
    }
    for point in report.points.iter().filter(|point| is_failed(point)) {
        let _ = writeln!(text, "\n{}: {}", point.id, point.reason.as_deref().unwrap_or(point.status.as_str()));
        let said = point.stderr.as_deref().unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        for line in &lines[lines.len().saturating_sub(COMPLAINT_LINES)..] {
            let _ = writeln!(text, "    {}", line.replace(char::is_control, " "));
        }
    }
    if !report.warnings.is_empty() {
        text.push('\n');
    }
    for warning in &report.warnings {
        let _ = writeln!(text, "warning: {}", warning.text);
    }
    let _ = write!(text, "\n{}", conclusion(report));
    text
}

/// The charts of a sweep, for a terminal; nothing elsewhere, or where there is nothing to draw.
pub fn plots(report: &SweepReport, look: Look) -> String {
    let Some(width) = look.width else { return String::new() };
    let drawn =
        charts(report).into_iter().map(|chart| terminal(&chart, width.min(WIDEST_PLOT), PLOT_HEIGHT, look.colour));
    drawn.filter(|plot| !plot.is_empty()).map(|plot| plot + "\n\n").collect()
}

/// What it comes to, in a line.
pub fn conclusion(report: &SweepReport) -> String {
    let count = |wanted: fn(Status) -> bool| report.points.iter().filter(|point| wanted(point.status)).count();
    let counts = [
        ("ok", count(|status| status == Status::Ok)),
        ("failed", count(|status| status == Status::Failed)),
        ("timed out", count(|status| status == Status::TimedOut)),
        ("skipped", count(|status| status == Status::Skipped)),
        ("not run", count(|status| status == Status::NotRunBudget)),
    ];
    let states: Vec<String> =
        counts.iter().filter(|(_, count)| *count > 0).map(|(state, count)| format!("{count} {state}")).collect();
    let interrupted = if report.interrupted { ", interrupted" } else { "" };
    format!(
        "{}: {}, {}{interrupted}; {}, seed {}",
        report.bench.name,
        plural(report.points.len(), "point"),
        states.join(", "),
        plural(report.samples.len(), "run"),
        report.bench.seed
    )
}

/// The law of each line, where anything can be said; the lines are named where there are several. What holds for all is said once.
pub(super) fn laws(report: &SweepReport) -> Vec<String> {
    let lines: Vec<&LineResult> = report.lines.iter().filter(|line| line.points.len() > 1).collect();
    match lines.as_slice() {
        [first, .., last] if lines.iter().all(|line| line.scaling == first.scaling) && last.scaling.model.is_none() => {
            vec![law(report, &LineResult { fixed: BTreeMap::new(), ..(*first).clone() })]
        }
        lines => lines.iter().map(|line| law(report, line)).collect(),
    }
}

/// All points; the narrow one leaves out spreads and intervals. Columns that say nothing are left out.
pub(super) fn sheet(report: &SweepReport, wide: bool) -> Sheet {
    let mut axes: Vec<String> = report.bench.design.axes.iter().map(|axis| axis.name.clone()).collect();
    // Beside its values, and after what a line of points has in common.
    let along = report.lines.first().map(|line| line.along.clone());
    axes.sort_by_key(|name| Some(name) == along.as_ref());
    let efficiency = report.points.iter().any(|point| point.efficiency.is_some());
    let states = report.points.iter().any(|point| point.status != Status::Ok);
    let columns = [
        (true, report.metric.name.as_str()),
        (wide, "min … max"),
        (true, "speed-up"),
        (wide, "interval"),
        (efficiency, "efficiency"),
        (wide && efficiency, "interval"),
        (states, "status"),
    ];
    let told = told(report);
    let shown = columns.iter().filter(|(shown, _)| *shown).map(|(_, name)| (*name).to_owned());
    let mut header: Vec<String> = axes.iter().cloned().chain(shown).collect();
    let place = header.len() - usize::from(states);
    header.splice(place..place, told.iter().cloned());
    let row = |point: &PointReport| {
        let values = axes.iter().map(|axis| point.values.get(axis).map_or(String::new(), ToString::to_string));
        let cells =
            cells(report, point).into_iter().zip(columns).filter(|(_, (shown, _))| *shown).map(|(cell, _)| cell);
        let mut row: Vec<String> = values.chain(cells).collect();
        row.splice(place..place, told.iter().map(|name| median(point, name)));
        row
    };
    let in_lines = report.lines.iter().flat_map(|line| &line.points).filter_map(|place| report.points.get(*place));
    let mut sheet = Sheet { header, axes: axes.len(), rows: in_lines.map(row).collect() };
    for column in (sheet.axes..sheet.header.len()).rev() {
        if sheet.rows.iter().all(|row| row[column].is_empty()) {
            sheet.remove(column);
        }
    }
    sheet
}

impl Sheet {
    fn remove(&mut self, column: usize) {
        self.header.remove(column);
        self.rows.iter_mut().for_each(|row| {
            row.remove(column);
        });
    }
}

/// The table as wide as fits: with everything, without spreads and intervals, or without what was told beside them.
fn fitting(report: &SweepReport, width: usize) -> String {
    let mut narrowest = sheet(report, false);
    let told = told(report);
    for column in (narrowest.axes + 1..narrowest.header.len()).rev() {
        if told.contains(&narrowest.header[column]) {
            narrowest.remove(column);
        }
    }
    let wider = [sheet(report, true), sheet(report, false)].map(|sheet| table(&sheet));
    let fits = |text: &String| text.lines().all(|line| line.chars().count() <= width);
    wider.into_iter().find(fits).unwrap_or_else(|| table(&narrowest))
}

/// Why points that gave values have no speed-up, or no interval for it; what holds for several is said once.
fn notes(report: &SweepReport) -> Vec<String> {
    let mut noted: Vec<(&str, Vec<&str>)> = Vec::new();
    for (place, point) in report.points.iter().enumerate() {
        let Some(note) = point
            .note
            .as_deref()
            .filter(|_| point.status == Status::Ok && (point.base != place || point.spread.is_none()))
        else {
            continue;
        };
        match noted.iter_mut().find(|(known, _)| *known == note) {
            Some((_, points)) => points.push(&point.id),
            None => noted.push((note, vec![&point.id])),
        }
    }
    let of = |points: &[&str]| match points {
        [only] => (*only).to_owned(),
        points => plural(points.len(), "point"),
    };
    noted.iter().map(|(note, points)| format!("{}: {note}", of(points))).collect()
}

/// What was asked for by name beside the metric of comparison.
fn told(report: &SweepReport) -> Vec<String> {
    let derived = report.bench.derived.iter().map(|derived| &derived.name);
    derived.chain(&report.bench.expects).filter(|name| **name != report.metric.name).cloned().collect()
}

/// The median of a metric.
fn median(point: &PointReport, name: &str) -> String {
    let metric = point.metrics.get(name).and_then(|metric| Some((metric.spread?.median, Unit::parse(&metric.unit))));
    metric.map_or("-".to_owned(), |(median, unit)| format_value(median, &unit))
}

fn cells(report: &SweepReport, point: &PointReport) -> [String; 7] {
    let unit = Unit::parse(&report.metric.unit);
    let value = |value: f64| format_value(value, &unit);
    let range = point.spread.and_then(|spread| Some(format!("{} … {}", value(spread.min?), value(spread.max?))));
    let interval = |gain: Option<Gain>, show: fn(f64) -> String| {
        let bounds = gain.and_then(|gain| gain.interval.low.zip(gain.interval.high));
        bounds.map_or(String::new(), |(low, high)| format!("{} … {}", show(low), show(high)))
    };
    let is_base = report.points.get(point.base).is_some_and(|base| base.id == point.id);
    let ratio = |gain: Option<Gain>| gain.map_or(String::new(), |gain| times(gain.estimate));
    [
        point.spread.map_or("-".to_owned(), |spread| value(spread.median)),
        range.unwrap_or_default(),
        ratio(point.speedup),
        if is_base { String::new() } else { interval(point.speedup, times) },
        point.efficiency.map_or(String::new(), |gain| share(gain.estimate)),
        if is_base { String::new() } else { interval(point.efficiency, share) },
        if point.status == Status::Ok { String::new() } else { point.status.as_str().replace('_', " ") },
    ]
}

fn share(value: f64) -> String {
    format!("{:.0} %", value * 100.0)
}

fn times(ratio: f64) -> String {
    if (0.01..1000.0).contains(&ratio) { format!("{ratio:.2}") } else { format!("{ratio:.2e}") }
}

fn is_failed(point: &PointReport) -> bool {
    !matches!(point.status, Status::Ok | Status::NotRunBudget)
}

fn table(sheet: &Sheet) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(&sheet.header);
    table.add_rows(&sheet.rows);
    let last = table.column_count().saturating_sub(1);
    let has_states = sheet.header.last().is_some_and(|name| name == "status");
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding(if index == 0 { (0, 0) } else { (2, 0) });
        if index >= sheet.axes && !(has_states && index == last) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt() + "\n"
}
