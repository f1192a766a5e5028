//! A chart as SVG that reads on light and on dark pages and takes the width it is given.

use super::legend::{self, Entry, Sample};
use super::ruler::Ruler;
use super::ticks::{Tick, cut};
use super::{Chart, Series};
use plotters::coord::Shift;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::fmt::Write as _;
use std::ops::Range;

/// Units of the drawing. It is scaled to its place; whole numbers are positions, so that many make smooth curves.
const SIZE: (u32, u32) = (1440, 900);
/// The height of letters, and their width on average, generously.
const LETTER: (i32, f64) = (27, 0.58);
/// Plotters writes a font smaller by this than it was asked for.
const FONT: f64 = 1.24;
/// Marks on an axis towards its labels.
const TICK: i32 = 8;
/// A row of the legend, and what an entry takes besides its name.
const LEGEND_ROW: i32 = 42;
const SAMPLE: i32 = 56;
const MOST_LEGEND_ROWS: usize = 6;
/// From the middle of a mark to its outside.
const RADIUS: i32 = 8;

/// Text and axes; becomes the page's own colour where it sets one.
const TEXT: RGBColor = RGBColor(0x76, 0x76, 0x76);
/// Okabe and Ito's, those that light and dark backgrounds bear first; the text's colour stands for their black.
const COLOURS: [RGBColor; 8] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x56, 0xb4, 0xe9),
    TEXT,
    RGBColor(0xf0, 0xe4, 0x42),
];
/// Corners of marks around their middle; none for a circle. As many as have no common factor with the colours.
const SHAPES: [&[(i32, i32)]; 5] = [
    &[],
    &[(0, -10), (10, 8), (-10, 8)],
    &[(-8, -8), (8, -8), (8, 8), (-8, 8)],
    &[(0, -11), (11, 0), (0, 11), (-11, 0)],
    &[(0, 10), (-10, -8), (10, -8)],
];

/// An axis as Plotters asks for it: positions from 0 to 1, with our labels.
struct Side(Vec<Tick>);

impl Ranged for Side {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, at: &f64, (from, to): (i32, i32)) -> i32 {
        from + (f64::from(to - from) * at).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.0.iter().map(|tick| tick.at).collect() }
    }

    fn range(&self) -> Range<f64> {
        0.0..1.0
    }
}

impl ValueFormatter<f64> for Side {
    fn format_ext(&self, at: &f64) -> String {
        self.0.iter().find(|tick| tick.at == *at).map(|tick| tick.label.clone()).unwrap_or_default()
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;
/// A point of the drawing, in its units.
type Place = (i32, i32);

/// The chart as an SVG element. Texts and axes have the CSS property `color`, grey unless the page sets it.
pub fn svg(chart: &Chart) -> String {
    let chart = chart.tidied();
    if chart.is_empty() {
        return notice(&chart, "there is nothing to draw");
    }
    let mut drawn = String::new();
    let area = SVGBackend::with_string(&mut drawn, SIZE).into_drawing_area();
    let outcome = draw(&chart, &area).and_then(|()| area.present());
    drop(area);
    match outcome {
        Ok(()) => dressed(&chart, &drawn),
        Err(error) => notice(&chart, &format!("the chart cannot be drawn: {error}")),
    }
}

/// An element that says why there is no chart.
fn notice(chart: &Chart, says: &str) -> String {
    let (middle, height) = (SIZE.0 / 2, SIZE.1 / 8);
    let mut text = opening(chart, (SIZE.0, height));
    for (row, line) in [chart.title.as_str(), says].into_iter().enumerate() {
        let (y, line) = (LETTER.0 as usize * (row * 3 + 3) / 2, escaped(line));
        let _ = writeln!(
            text,
            r#"<text x="{middle}" y="{y}" text-anchor="middle" font-family="sans-serif" font-size="{}" fill="currentColor">{line}</text>"#,
            LETTER.0
        );
    }
    text + "</svg>\n"
}

/// What Plotters drew, scalable and in colours of the page.
fn dressed(chart: &Chart, drawn: &str) -> String {
    let inner = drawn.split_once(">\n").map_or(drawn, |(_, inner)| inner);
    // Texts have no quotes that are not escaped: only attributes are meant.
    let colour = format!("\"#{:02X}{:02X}{:02X}\"", TEXT.0, TEXT.1, TEXT.2);
    opening(chart, SIZE) + &inner.replace(&colour, "\"currentColor\"")
}

fn opening(chart: &Chart, (width, height): (u32, u32)) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\" color=\"#{:02x}{:02x}{:02x}\">\n",
        escaped(&chart.title),
        TEXT.0,
        TEXT.1,
        TEXT.2
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn draw(chart: &Chart, area: &Area) -> Drawn {
    let top = head(chart, area)?;
    let (_, body) = area.split_vertically(top);
    let (across, up) = (Ruler::across(chart), Ruler::up(chart));
    let heights: Vec<Tick> =
        up.ticks(9, |_| 0.08).into_iter().map(|tick| Tick { label: cut(&tick.label, 16), ..tick }).collect();
    let widest = heights.iter().map(|tick| wide(&tick.label)).max().unwrap_or(0);
    let left = widest + TICK * 2 + LETTER.0 * 2;
    let right = LETTER.0;
    let width = f64::from(SIZE.0 as i32 - left - right);
    let widths = across.ticks(20, |label| f64::from(wide(label) + LETTER.0) / width);

    let mut plot = ChartBuilder::on(&body)
        .margin_right(right)
        .margin_top(LETTER.0 / 2)
        .margin_bottom(4)
        .x_label_area_size(LETTER.0 * 3)
        .y_label_area_size(left)
        .build_cartesian_2d(Side(widths), Side(heights))?;
    plot.configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(TEXT.mix(0.22).stroke_width(2))
        .axis_style(TEXT.stroke_width(2))
        .set_all_tick_mark_size(TICK)
        .label_style(font(LETTER.0))
        .axis_desc_style(font(LETTER.0))
        .x_desc(chart.x.title())
        .y_desc(chart.y.title())
        .draw()?;
    let place = |point: (f64, f64)| plot.backend_coord(&(across.at(point.0), up.at(point.1)));
    let places = |points: &[(f64, f64)]| points.iter().map(|point| place(*point)).collect::<Vec<_>>();
    if let Some(reference) = &chart.reference {
        draw_reference(area, places(&reference.points))?;
    }
    for (index, series) in chart.series.iter().enumerate() {
        draw_series(area, series, index, place)?;
        draw_curve(area, places(&series.curve), colour(index))?;
    }
    // Above all lines.
    for (index, series) in chart.series.iter().enumerate() {
        for mark in &series.marks {
            draw_mark(area, place((mark.x, mark.y)), index)?;
        }
    }
    Ok(())
}

/// Draws the title and the legend; where they end.
fn head(chart: &Chart, area: &Area) -> Result<i32, DrawingAreaErrorKind<std::io::Error>> {
    let width = SIZE.0 as i32;
    let mut top = 4;
    if !chart.title.is_empty() {
        let style = TextStyle::from(("sans-serif", f64::from(LETTER.0) * 1.2 * FONT, FontStyle::Bold)).color(&TEXT);
        let fits = (f64::from(width) / (f64::from(LETTER.0) * 1.2 * LETTER.1)) as usize;
        area.draw_text(&cut(&chart.title, fits), &style.pos(Pos::new(HPos::Center, VPos::Top)), (width / 2, top + 4))?;
        top += LETTER.0 * 2;
    }
    let longest = (f64::from(width - SAMPLE - LETTER.0 * 2) / (f64::from(LETTER.0) * LETTER.1)) as usize;
    let taken = |entry: &Entry| SAMPLE + wide(&cut(&entry.name, longest)) + LETTER.0;
    let rows = legend::rows(&legend::entries(chart), MOST_LEGEND_ROWS, SIZE.0, |entry| taken(entry) as u32);
    for row in rows {
        let mut left = (width - row.iter().map(taken).sum::<i32>()).max(0) / 2;
        for entry in &row {
            draw_entry(area, entry, &cut(&entry.name, longest), (left, top + LEGEND_ROW / 2))?;
            left += taken(entry);
        }
        top += LEGEND_ROW;
    }
    Ok(top)
}

fn draw_entry(area: &Area, entry: &Entry, name: &str, (x, y): Place) -> Drawn {
    let line = vec![(x, y), (x + SAMPLE - 12, y)];
    match entry.sample {
        Sample::Series(index) => {
            area.draw(&PathElement::new(line, colour(index).stroke_width(3)))?;
            draw_mark(area, (x + (SAMPLE - 12) / 2, y), index)?;
        }
        Sample::Curve => draw_curve(area, line, TEXT)?,
        Sample::Reference => draw_reference(area, line)?,
        Sample::Rest => {}
    }
    area.draw_text(name, &font(LETTER.0).pos(Pos::new(HPos::Left, VPos::Center)), (x + SAMPLE, y))
}

/// What joins the marks of a series, and their intervals.
fn draw_series(area: &Area, series: &Series, index: usize, place: impl Fn((f64, f64)) -> Place) -> Drawn {
    let style = colour(index).mix(0.8);
    let joined: Vec<Place> = series.marks.iter().map(|mark| place((mark.x, mark.y))).collect();
    if joined.len() > 1 {
        area.draw(&PathElement::new(joined, style.stroke_width(3)))?;
    }
    for (mark, (low, high)) in series.marks.iter().filter_map(|mark| Some((mark, mark.interval?))) {
        let ends = [place((mark.x, low)), place((mark.x, high))];
        area.draw(&PathElement::new(ends.to_vec(), style.stroke_width(2)))?;
        for (x, y) in ends {
            area.draw(&PathElement::new(vec![(x - RADIUS, y), (x + RADIUS, y)], style.stroke_width(2)))?;
        }
    }
    Ok(())
}

fn draw_curve(area: &Area, points: Vec<Place>, colour: RGBColor) -> Drawn {
    area.draw(&DashedPathElement::new(points, 14, 9, colour.stroke_width(2)))
}

fn draw_reference(area: &Area, points: Vec<Place>) -> Drawn {
    area.draw(&DashedPathElement::new(points, 3, 7, TEXT.stroke_width(3)))
}

fn draw_mark(area: &Area, place: Place, index: usize) -> Drawn {
    let (style, shape) = (colour(index).filled(), SHAPES[index % SHAPES.len()]);
    if shape.is_empty() {
        return area.draw(&Circle::new(place, RADIUS, style));
    }
    area.draw(&(EmptyElement::at(place) + Polygon::new(shape, style)))
}

fn colour(index: usize) -> RGBColor {
    COLOURS[index % COLOURS.len()]
}

fn font(size: i32) -> TextStyle<'static> {
    TextStyle::from(("sans-serif", f64::from(size) * FONT)).color(&TEXT)
}

/// About how wide a text is; letters of other scripts count as squares.
fn wide(text: &str) -> i32 {
    let letters: f64 = text.chars().map(|c| if c.is_ascii() { LETTER.1 } else { 1.0 }).sum();
    (letters * f64::from(LETTER.0)).ceil() as i32
}
