//! A chart in characters.

use super::Chart;
use super::legend::{self, Entry, Sample};
use super::ruler::Ruler;
use super::ticks::{Tick, cut};
use anstyle::Ansi256Color;
use ratatui_core::buffer::{Buffer, Cell};
use ratatui_core::layout::Rect;
use ratatui_core::style::{Color, Modifier, Style};
use ratatui_core::symbols::line;
use ratatui_core::text::Span;
use ratatui_core::widgets::Widget;
use ratatui_widgets::canvas::{Canvas, Context, Line, Points};

/// Columns and rows that a chart needs.
const LEAST_WIDTH: u16 = 40;
const LEAST_HEIGHT: u16 = 12;
/// Labels of the vertical axis are cut where they are longer.
const LONGEST_LABEL: usize = 14;
/// Columns of a legend's entry besides its name: the sample, and the gap to the next.
const BESIDE_NAME: usize = 5;
/// Rows from one label of the vertical axis to the next.
const ROWS_A_LABEL: u16 = 3;
/// Every so many dots one is set, of curves and of the reference.
const CURVE_DOTS: f64 = 3.0;
const REFERENCE_DOTS: f64 = 5.0;
/// Of which a braille character has two in a row and four in a column.
const DOTS: (f64, f64) = (2.0, 4.0);

/// Okabe and Ito's colours in a terminal's 256, those that light and dark backgrounds bear first.
const COLOURS: [u8; 8] = [32, 166, 36, 175, 214, 74, 245, 185];
/// As many as have no common factor with the colours, so that neither need end where the other does.
const MARKERS: [&str; 11] = ["●", "▲", "■", "◆", "○", "△", "□", "◇", "×", "+", "*"];

/// The chart as lines of text of at most `width` columns and `height` rows, without a line end after the last; a sentence where it has no
/// room or shows nothing.
pub fn terminal(chart: &Chart, width: u16, height: u16, colour: bool) -> String {
    let chart = chart.tidied();
    if chart.is_empty() {
        return sentence(&chart, "there is nothing to draw");
    }
    if width < LEAST_WIDTH || height < LEAST_HEIGHT {
        return sentence(&chart, &format!("a chart needs {LEAST_WIDTH} columns and {LEAST_HEIGHT} rows"));
    }
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let (up, across) = (Ruler::up(&chart), Ruler::across(&chart));
    let below_title = head(&chart, &mut buffer);
    let above_legend = foot(&chart, &mut buffer);
    let plot = axes(&chart, (&across, &up), below_title..above_legend, &mut buffer);
    Canvas::default()
        .x_bounds([0.0, 1.0])
        .y_bounds([0.0, 1.0])
        .paint(|context| lines(&chart, (&across, &up), plot, context))
        .render(plot, &mut buffer);
    for (place, series) in chart.series.iter().enumerate() {
        for mark in &series.marks {
            let cell = cell((across.at(mark.x), up.at(mark.y)), plot);
            buffer.set_string(cell.0, cell.1, marker(place), style(place));
        }
    }
    text(&buffer, colour)
}

fn sentence(chart: &Chart, says: &str) -> String {
    if chart.title.is_empty() { says.to_owned() } else { format!("{}: {says}", chart.title) }
}

/// Draws the titles above the plot; the row after them.
fn head(chart: &Chart, buffer: &mut Buffer) -> u16 {
    let width = usize::from(buffer.area.width);
    let mut row = 0;
    for (title, style) in [(&chart.title, Modifier::BOLD), (&chart.y.title(), Modifier::DIM)] {
        if !title.is_empty() {
            buffer.set_string(0, row, cut_to(title, width), style);
            row += 1;
        }
    }
    row
}

/// Draws the legend at the bottom; its first row.
fn foot(chart: &Chart, buffer: &mut Buffer) -> u16 {
    let Rect { width, height, .. } = buffer.area;
    let entries = legend::entries(chart);
    let longest = usize::from(width) - BESIDE_NAME;
    let wide = |entry: &Entry| (columns(&cut_to(&entry.name, longest)) + BESIDE_NAME) as u32;
    let rows = legend::rows(&entries, usize::from(height / 4), u32::from(width) + 3, wide);
    let first = height - rows.len() as u16;
    for (row, entries) in (first..).zip(rows) {
        let mut column = 0;
        for entry in entries {
            let (sample, style) = match entry.sample {
                Sample::Series(place) => (marker(place), style(place)),
                Sample::Curve => ("⠤", Style::new()),
                Sample::Reference => ("⠄", Modifier::DIM.into()),
                Sample::Rest => ("…", Style::new()),
            };
            buffer.set_string(column, row, sample, style);
            let name = cut_to(&entry.name, longest);
            buffer.set_string(column + 2, row, &name, Style::new());
            column += (columns(&name) + BESIDE_NAME) as u16;
        }
    }
    first
}

/// Draws both axes with their labels between two rows; what is left for the plot.
fn axes(chart: &Chart, (across, up): (&Ruler, &Ruler), rows: std::ops::Range<u16>, buffer: &mut Buffer) -> Rect {
    let title = chart.x.title();
    // The axis itself, its labels and its name.
    let height = (rows.end - rows.start).saturating_sub(if title.is_empty() { 2 } else { 3 });
    let heights = up.ticks(usize::from(height / ROWS_A_LABEL + 1), |_| f64::from(ROWS_A_LABEL - 1) / f64::from(height));
    let heights: Vec<Tick> =
        heights.into_iter().map(|tick| Tick { label: cut_to(&tick.label, LONGEST_LABEL), ..tick }).collect();
    let left = heights.iter().map(|tick| columns(&tick.label)).max().unwrap_or(0) as u16 + 2;
    let plot = Rect::new(left, rows.start, buffer.area.width - left, height);
    let widths = across.ticks(usize::from(plot.width), |label| (columns(label) + 2) as f64 / f64::from(plot.width));

    let dim = Modifier::DIM;
    for row in plot.top()..plot.bottom() {
        buffer.set_string(left - 1, row, line::VERTICAL, dim);
    }
    buffer.set_string(left - 1, plot.bottom(), line::BOTTOM_LEFT, dim);
    for column in plot.left()..plot.right() {
        buffer.set_string(column, plot.bottom(), line::HORIZONTAL, dim);
    }
    for tick in heights {
        let (_, row) = cell((0.0, tick.at), plot);
        buffer.set_string(left - 1, row, line::VERTICAL_LEFT, dim);
        buffer.set_string(left - 2 - columns(&tick.label) as u16 + 1, row, &tick.label, Style::new());
    }
    for tick in widths {
        let (column, _) = cell((tick.at, 0.0), plot);
        buffer.set_string(column, plot.bottom(), line::HORIZONTAL_DOWN, dim);
        let wide = columns(&tick.label) as u16;
        let begin = (column + 1).saturating_sub(wide.div_ceil(2)).min(buffer.area.width.saturating_sub(wide));
        buffer.set_string(begin, plot.bottom() + 1, &tick.label, Style::new());
    }
    let title = cut_to(&title, usize::from(plot.width));
    let begin = left + (plot.width - columns(&title) as u16) / 2;
    buffer.set_string(begin, rows.end - 1, &title, dim);
    plot
}

/// Draws the reference, and of each series its intervals and its curve, or what joins its marks where it has none.
fn lines(chart: &Chart, (across, up): (&Ruler, &Ruler), plot: Rect, context: &mut Context) {
    let place = |point: &(f64, f64)| (across.at(point.0), up.at(point.1));
    let dotted = |context: &mut Context, points: &[(f64, f64)], every: f64, color: Color| {
        let points: Vec<_> = points.iter().map(place).collect();
        context.draw(&Points { coords: &dots(&points, every, plot), color });
    };
    if let Some(reference) = &chart.reference {
        dotted(context, &reference.points, REFERENCE_DOTS, Color::Reset);
    }
    for (index, series) in chart.series.iter().enumerate() {
        let color = style(index).fg.unwrap_or_default();
        let mut join = |from: (f64, f64), to: (f64, f64)| {
            let ((x1, y1), (x2, y2)) = (place(&from), place(&to));
            context.draw(&Line { x1, y1, x2, y2, color });
        };
        for (mark, (low, high)) in series.marks.iter().filter_map(|mark| Some((mark, mark.interval?))) {
            join((mark.x, low), (mark.x, high));
        }
        if series.curve.is_empty() {
            for pair in series.marks.windows(2) {
                join((pair[0].x, pair[0].y), (pair[1].x, pair[1].y));
            }
        }
        dotted(context, &series.curve, CURVE_DOTS, color);
    }
}

/// Points on a line, so many dots from each other.
fn dots(points: &[(f64, f64)], every: f64, plot: Rect) -> Vec<(f64, f64)> {
    let (across, up) = (f64::from(plot.width) * DOTS.0, f64::from(plot.height) * DOTS.1);
    let mut found: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    let mut since = 0.0;
    for pair in points.windows(2) {
        let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
        let long = ((x2 - x1) * across).hypot((y2 - y1) * up);
        let mut along = every - since;
        while along <= long {
            found.push((x1 + (x2 - x1) * along / long, y1 + (y2 - y1) * along / long));
            along += every;
        }
        since = long - (along - every);
    }
    found
}

/// The character of a position: that of the dot which the canvas sets there.
fn cell((x, y): (f64, f64), plot: Rect) -> (u16, u16) {
    let dot = |share: f64, cells: u16, dots: f64| {
        ((share * (f64::from(cells) * dots - 1.0)).round() / dots).floor().clamp(0.0, f64::from(cells) - 1.0) as u16
    };
    (plot.x + dot(x, plot.width, DOTS.0), plot.y + dot(1.0 - y, plot.height, DOTS.1))
}

fn marker(place: usize) -> &'static str {
    MARKERS[place % MARKERS.len()]
}

fn style(place: usize) -> Style {
    Style::new().fg(Color::Indexed(COLOURS[place % COLOURS.len()]))
}

fn columns(text: &str) -> usize {
    Span::raw(text).width()
}

/// A text of so many columns at most.
fn cut_to(text: &str, most: usize) -> String {
    let mut length = text.chars().count();
    let mut shorter = text.to_owned();
    while columns(&shorter) > most && length > 1 {
        length -= 1;
        shorter = cut(text, length);
    }
    shorter
}

/// What the buffer holds, without blanks at the ends of lines.
fn text(buffer: &Buffer, colour: bool) -> String {
    let rows = buffer.content.chunks(usize::from(buffer.area.width).max(1));
    rows.map(|row| row_text(row, colour)).collect::<Vec<_>>().join("\n")
}

fn row_text(row: &[Cell], colour: bool) -> String {
    let end = row.iter().rposition(|cell| cell.symbol() != " ").map_or(0, |last| last + 1);
    let mut text = String::new();
    let mut painted = anstyle::Style::new();
    let mut covered = 0;
    for cell in &row[..end] {
        // A wide character covers the cells after it.
        if covered > 0 {
            covered -= 1;
            continue;
        }
        covered = columns(cell.symbol()).saturating_sub(1);
        let style = if colour && cell.symbol() != " " { escapes(cell) } else { anstyle::Style::new() };
        if style != painted {
            text.push_str(&format!("{painted:#}{style}"));
            painted = style;
        }
        text.push_str(cell.symbol());
    }
    text.push_str(&format!("{painted:#}"));
    text
}

fn escapes(cell: &Cell) -> anstyle::Style {
    let colour = if let Color::Indexed(index) = cell.fg { Some(Ansi256Color(index).into()) } else { None };
    let mut style = anstyle::Style::new().fg_color(colour);
    if cell.modifier.contains(Modifier::BOLD) {
        style = style.bold();
    }
    if cell.modifier.contains(Modifier::DIM) {
        style = style.dimmed();
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_equally_far_apart_over_corners() {
        let plot = Rect::new(0, 0, 50, 25);
        let line = [(0.0, 0.0), (0.025, 0.0), (0.1, 0.0), (0.1, 0.5)];
        let found = dots(&line, 4.0, plot);
        assert_eq!(found.len(), 16);
        for pair in found.windows(2) {
            let apart = (pair[1].0 - pair[0].0).abs() * 100.0 + (pair[1].1 - pair[0].1).abs() * 100.0;
            assert!((apart - 4.0).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn marks_stand_where_the_canvas_sets_its_dots() {
        let plot = Rect::new(0, 0, 7, 5);
        for step in 0..=50 {
            let (x, y) = (f64::from(step) / 50.0, f64::from(step * step) / 2500.0);
            let mut buffer = Buffer::empty(plot);
            let point = [(x, y)];
            let draw = |context: &mut Context| context.draw(&Points { coords: &point, color: Color::Reset });
            Canvas::default().x_bounds([0.0, 1.0]).y_bounds([0.0, 1.0]).paint(draw).render(plot, &mut buffer);
            let set: Vec<_> = buffer.content.iter().enumerate().filter(|(_, cell)| cell.symbol() != " ").collect();
            let (column, row) = cell((x, y), plot);
            assert_eq!(set.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [usize::from(row * 7 + column)]);
        }
    }

    #[test]
    fn texts_are_cut_by_the_columns_they_take() {
        assert_eq!(
            (cut_to("abcdef", 4).as_str(), cut_to("日本語", 5).as_str(), cut_to("abc", 3).as_str()),
            ("abc…", "日…", "abc")
        );
    }
}
