//! Where values lie on a side of the drawing: its ends and its scale.

use super::{Axis, Chart, Scale};
use crate::text::units::Unit;

/// Empty room at an end, as a share of what lies between the ends.
const MARGIN: f64 = 0.04;
/// What lies between the ends is this share of them at least: labels show four digits, and noise should look like noise.
const LEAST_SPAN: f64 = 0.005;

/// A side of the drawing. Positions on it go from 0 to 1.
#[derive(Debug)]
pub(super) struct Ruler {
    /// Its ends; of logarithms to base two where it is logarithmic.
    pub from: f64,
    pub to: f64,
    pub kind: Kind,
    pub unit: Unit,
    /// Values that are labelled rather than round ones, in order.
    pub given: Vec<f64>,
}

/// How values become positions, and what is labelled.
#[derive(Debug, PartialEq)]
pub(super) enum Kind {
    Linear,
    /// Powers of two are labelled, else of ten.
    Log {
        binary: bool,
    },
    Names(Vec<String>),
}

impl Ruler {
    /// The horizontal side: what was measured at is labelled.
    pub fn across(chart: &Chart) -> Self {
        let marks = || chart.series.iter().flat_map(|series| &series.marks);
        let mut given: Vec<f64> = marks().map(|mark| mark.x).collect();
        given.sort_by(f64::total_cmp);
        given.dedup();
        let lines = lines(chart).map(|point| point.0);
        let values: Vec<f64> = given.iter().copied().chain(lines).collect();
        Self::new(&chart.x, &values, given, padded)
    }

    /// The vertical side: from zero, unless all values are far from it.
    pub fn up(chart: &Chart) -> Self {
        let marks = chart.series.iter().flat_map(|series| &series.marks);
        let marks =
            marks.flat_map(|mark| [Some(mark.y), mark.interval.map(|ends| ends.0), mark.interval.map(|ends| ends.1)]);
        let values: Vec<f64> = marks.flatten().chain(lines(chart).map(|point| point.1)).collect();
        let from_zero = |low: f64, high: f64| {
            let (from, to) = padded(low, high);
            if low >= 0.0 && low <= high / 2.0 { (0.0, to) } else { (from, to) }
        };
        Self::new(&chart.y, &values, Vec::new(), from_zero)
    }

    /// Where a value lies.
    pub fn at(&self, value: f64) -> f64 {
        let value = if matches!(self.kind, Kind::Log { .. }) { value.log2() } else { value };
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    fn new(axis: &Axis, values: &[f64], given: Vec<f64>, linear: impl Fn(f64, f64) -> (f64, f64)) -> Self {
        let low = values.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let high = values.iter().copied().reduce(f64::max).unwrap_or(0.0);
        let (kind, (from, to)) = match &axis.scale {
            Scale::Names(names) => {
                let last = names.len().max(1) as f64 - 1.0;
                (Kind::Names(names.clone()), (low.min(0.0) - 0.5, high.max(last) + 0.5))
            }
            Scale::Log if low > 0.0 => {
                let binary = axis.unit == Unit::Bytes || is_binary(low, high, &given);
                (Kind::Log { binary }, padded_log(low.log2(), high.log2()))
            }
            Scale::Log | Scale::Linear => (Kind::Linear, linear(low, high)),
        };
        Ruler { from, to, kind, unit: axis.unit.clone(), given }
    }
}

/// Points of curves and of the reference.
fn lines(chart: &Chart) -> impl Iterator<Item = &(f64, f64)> {
    let reference = chart.reference.iter().flat_map(|reference| &reference.points);
    chart.series.iter().flat_map(|series| &series.curve).chain(reference)
}

/// Ends with room, apart from each other.
fn padded(low: f64, high: f64) -> (f64, f64) {
    let middle = low / 2.0 + high / 2.0;
    if low == high {
        let half = if middle == 0.0 { 1.0 } else { middle.abs() / 2.0 };
        return (middle - half, middle + half);
    }
    let span = (high - low).max(low.abs().max(high.abs()) * LEAST_SPAN);
    let half = span * (0.5 + MARGIN);
    (middle - half, middle + half)
}

/// The same for logarithms.
fn padded_log(low: f64, high: f64) -> (f64, f64) {
    let least = if low == high { 2.0 } else { LEAST_SPAN.ln_1p() / std::f64::consts::LN_2 };
    let half = (high - low).max(least) * (0.5 + MARGIN);
    let middle = (low + high) / 2.0;
    (middle - half, middle + half)
}

/// Whether values are best told by powers of two: both ends are such, or most of the values.
fn is_binary(low: f64, high: f64, given: &[f64]) -> bool {
    let is_power = |value: f64| value.log2().fract() == 0.0;
    let powers = given.iter().filter(|value| is_power(**value)).count();
    low < high && is_power(low) && is_power(high) || powers * 2 > given.len() && powers > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::data::{LARGEST, SMALLEST};
    use crate::chart::{Mark, Series};

    fn axis(scale: Scale) -> Axis {
        Axis { name: String::new(), unit: Unit::Other(String::new()), scale }
    }

    fn chart(x: Scale, y: Scale, points: &[(f64, f64)]) -> Chart {
        let marks = points.iter().map(|&(x, y)| Mark { x, y, interval: None }).collect();
        let series = vec![Series { name: String::new(), marks, curve: Vec::new() }];
        Chart { title: String::new(), x: axis(x), y: axis(y), series, reference: None }
    }

    #[track_caller]
    fn close(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-9, "{left} is not {right}");
    }

    #[test]
    fn equal_ratios_are_equally_long() {
        let ruler = Ruler::across(&chart(Scale::Log, Scale::Linear, &[(1.0, 1.0), (100.0, 1.0)]));
        close(ruler.at(10.0), 0.5);
        close(ruler.at(10.0) - ruler.at(1.0), ruler.at(100.0) - ruler.at(10.0));
        assert_eq!(ruler.kind, Kind::Log { binary: false });
    }

    #[test]
    fn without_a_logarithm_it_is_linear() {
        for least in [0.0, -1.0] {
            let ruler = Ruler::across(&chart(Scale::Log, Scale::Linear, &[(least, 1.0), (100.0, 1.0)]));
            assert_eq!(ruler.kind, Kind::Linear);
            close(ruler.at(f64::midpoint(least, 100.0)), 0.5);
        }
        let below = chart(Scale::Linear, Scale::Log, &[(1.0, 1.0)]);
        let mut marked = below.clone();
        marked.series[0].marks[0].interval = Some((-1.0, 2.0));
        assert_eq!((Ruler::up(&below).kind, Ruler::up(&marked).kind), (Kind::Log { binary: false }, Kind::Linear));
    }

    #[test]
    fn powers_of_two_are_known() {
        let binary = |values: &[f64]| {
            let points: Vec<_> = values.iter().map(|value| (*value, 1.0)).collect();
            Ruler::across(&chart(Scale::Log, Scale::Linear, &points)).kind == Kind::Log { binary: true }
        };
        assert!(binary(&[1.0, 2.0, 4.0, 8.0]) && binary(&[0.25, 64.0]) && binary(&[1.0, 2.0, 4.0, 8.0, 12.0]));
        assert!(binary(&(1..=16).map(f64::from).collect::<Vec<_>>()));
        assert!(!binary(&[1.0, 10.0, 100.0]) && !binary(&[1.0]) && !binary(&[3.0, 6.0, 12.0]));
    }

    #[test]
    fn heights_begin_at_zero_unless_they_are_far_from_it() {
        let from =
            |low: f64, high: f64| Ruler::up(&chart(Scale::Linear, Scale::Linear, &[(0.0, low), (1.0, high)])).from;
        assert_eq!((from(1.0, 10.0), from(0.0, 3.0)), (0.0, 0.0));
        assert!(from(9.0, 10.0) > 8.0 && from(-1.0, 10.0) < -1.0);
    }

    #[test]
    fn the_ends_are_apart_whatever_the_values() {
        let edges = [(-LARGEST, LARGEST), (SMALLEST, LARGEST), (SMALLEST, SMALLEST), (LARGEST, LARGEST)];
        let near = [(0.0, 0.0), (3.0, 3.0), (1e16, 1e16 + 2.0), (1.0, 1.0 + 1e-15)];
        for (low, high) in edges.into_iter().chain(near) {
            for scale in [Scale::Linear, Scale::Log] {
                let ruler = Ruler::up(&chart(Scale::Linear, scale, &[(0.0, low), (1.0, high)]));
                assert!(ruler.from < ruler.to && (ruler.to - ruler.from).is_finite(), "{low} {high}: {ruler:?}");
                assert!((0.0..=1.0).contains(&ruler.at(low)) && ruler.at(low) <= ruler.at(high));
                if ruler.kind != Kind::Linear {
                    assert!(ruler.from.exp2() > 0.0 && ruler.to.exp2().is_finite(), "{low} {high}: {ruler:?}");
                }
            }
        }
    }

    #[test]
    fn names_stand_in_the_middle_of_equal_parts() {
        let names = Scale::Names(vec!["a".into(), "b".into()]);
        let ruler = Ruler::across(&chart(names, Scale::Linear, &[(0.0, 1.0), (1.0, 2.0)]));
        close(ruler.at(0.0), 0.25);
        close(ruler.at(1.0), 0.75);
    }
}
