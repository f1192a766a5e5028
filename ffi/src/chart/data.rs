//! What a chart shows, before it is drawn.

use crate::text::units::Unit;

/// Sizes of numbers that are drawn as they are: differences of such, and ends of axes around them, neither vanish nor overflow.
pub(super) const SMALLEST: f64 = 1e-280;
pub(super) const LARGEST: f64 = 1e280;

/// Series over one pair of axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows; may be empty.
    pub title: String,
    /// From left to right.
    pub x: Axis,
    /// From the bottom to the top.
    pub y: Axis,
    /// What is drawn, in the order of the legend.
    pub series: Vec<Series>,
    /// What the series are held against.
    pub reference: Option<Reference>,
}

/// A side of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it counts.
    pub name: String,
    /// In what; times and sizes say it at every label, others once, behind the name.
    pub unit: Unit,
    /// Where values lie on it.
    pub scale: Scale,
}

/// Where values lie on an axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences are equally long.
    Linear,
    /// Equal ratios are equally long. Linear where a value is not above zero.
    Log,
    /// These stand at 0, 1, 2 and so on.
    Names(Vec<String>),
}

/// Values that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What the legend calls it.
    pub name: String,
    /// What was measured. They are joined in the order of x.
    pub marks: Vec<Mark>,
    /// The law that was fitted to them, as points on its curve from left to right; may be empty.
    pub curve: Vec<(f64, f64)>,
}

/// A value with its interval. What is not finite is not drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where it was measured.
    pub x: f64,
    /// What was measured.
    pub y: f64,
    /// The lower and upper end of its interval.
    pub interval: Option<(f64, f64)>,
}

/// A line to compare with, such as the ideal speed-up.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// What the legend calls it.
    pub name: String,
    /// Its points from left to right.
    pub points: Vec<(f64, f64)>,
}

impl Chart {
    /// The same chart as it can be drawn: finite numbers of sizes that can be told apart, marks in the order of x, texts of one line.
    pub(super) fn tidied(&self) -> Self {
        Chart {
            title: line(&self.title),
            x: self.x.tidied(),
            y: self.y.tidied(),
            series: self.series.iter().map(Series::tidied).collect(),
            reference: self.reference.as_ref().map(|reference| Reference {
                name: line(&reference.name),
                points: reference.points.iter().filter_map(point).collect(),
            }),
        }
    }

    /// Whether there is anything to draw.
    pub(super) fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.marks.is_empty() && series.curve.is_empty())
    }
}

impl Axis {
    /// Its name, with the unit where labels do not say it.
    pub(super) fn title(&self) -> String {
        match &self.unit {
            Unit::Other(unit) if !unit.is_empty() => format!("{} ({unit})", self.name),
            _ => self.name.clone(),
        }
    }

    fn tidied(&self) -> Self {
        let unit = match &self.unit {
            Unit::Other(unit) => Unit::Other(line(unit)),
            other => other.clone(),
        };
        let scale = match &self.scale {
            Scale::Names(names) => Scale::Names(names.iter().map(|name| line(name)).collect()),
            other => other.clone(),
        };
        Axis { name: line(&self.name), unit, scale }
    }
}

impl Series {
    fn tidied(&self) -> Self {
        let mut marks: Vec<Mark> = self.marks.iter().filter_map(Mark::tidied).collect();
        marks.sort_by(|a, b| a.x.total_cmp(&b.x));
        Series { name: line(&self.name), marks, curve: self.curve.iter().filter_map(point).collect() }
    }
}

impl Mark {
    fn tidied(&self) -> Option<Self> {
        let (x, y) = point(&(self.x, self.y))?;
        Some(Mark { x, y, interval: self.interval.as_ref().and_then(point) })
    }
}

/// Two numbers that can be drawn.
fn point((a, b): &(f64, f64)) -> Option<(f64, f64)> {
    Some((number(*a)?, number(*b)?))
}

fn number(value: f64) -> Option<f64> {
    let drawn = if value.abs() < SMALLEST { 0.0 } else { value.clamp(-LARGEST, LARGEST) };
    value.is_finite().then_some(drawn)
}

/// A text without what ends a line, moves the cursor or is not allowed in XML.
fn line(text: &str) -> String {
    let refused = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if refused(c) { ' ' } else { c }).collect()
}
