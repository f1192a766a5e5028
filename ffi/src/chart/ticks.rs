//! The labels of an axis: round values, powers, or what was measured at, as many as have room.

use super::ruler::{Kind, Ruler};
use crate::text::units::{Unit, format_value};

/// Labels longer than this are not worth having instead of round ones.
const LONGEST_GIVEN: usize = 8;
/// Names are not cut shorter, and longer ones are always cut.
const SHORTEST_NAME: usize = 4;
const LONGEST_NAME: usize = 32;
/// From here on powers of two are written as such.
const LARGE_POWER: f64 = 1_048_576.0;

/// A label and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub at: f64,
    pub label: String,
}

impl Ruler {
    /// The best labels of which there are no more than `most` and none touches the next. `room` is the share of the side that a label
    /// takes, with the gap to the next.
    pub fn ticks(&self, most: usize, room: impl Fn(&str) -> f64) -> Vec<Tick> {
        let apart = |pair: &[Tick]| {
            let (one, next) = (&pair[0], &pair[1]);
            one.label != next.label && next.at - one.at >= (room(&one.label) + room(&next.label)) / 2.0
        };
        let fit = |ticks: &Vec<Tick>| (1..=most).contains(&ticks.len()) && ticks.windows(2).all(apart);
        let choices = match &self.kind {
            Kind::Names(names) => self.names(names),
            _ => self.numbers(most),
        };
        choices.into_iter().find(fit).unwrap_or_default()
    }

    /// Names, cut ever shorter, then ever fewer.
    fn names(&self, names: &[String]) -> Vec<Vec<Tick>> {
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let longest = longest.clamp(SHORTEST_NAME, LONGEST_NAME);
        let every = |step: usize, length: usize| {
            let named = names.iter().enumerate().step_by(step);
            named.map(|(place, name)| Tick { at: self.at(place as f64), label: cut(name, length) }).collect()
        };
        let shorter = (SHORTEST_NAME..=longest).rev().map(|length| every(1, length));
        shorter.chain((2..=names.len()).map(|step| every(step, longest.min(12)))).collect()
    }

    /// Numbers, the best first.
    fn numbers(&self, most: usize) -> Vec<Vec<Tick>> {
        let mut choices: Vec<Vec<f64>> = Vec::new();
        if self.given.len() <= most && self.given.iter().all(|value| self.is_short(*value)) {
            choices.push(self.given.clone());
        }
        match self.kind {
            Kind::Log { binary: true } => choices.extend(self.powers_of_two()),
            Kind::Log { binary: false } => choices.extend(self.powers_of_ten()),
            _ => {}
        }
        choices.extend((1..=most).rev().map(|most| self.round(most)));
        choices.iter().map(|values| self.labelled(values)).collect()
    }

    fn labelled(&self, values: &[f64]) -> Vec<Tick> {
        let large = matches!(self.kind, Kind::Log { binary: true })
            && values.iter().all(|value| value.log2().fract() == 0.0)
            && values.iter().any(|value| *value >= LARGE_POWER);
        let label = |value: f64| match &self.unit {
            Unit::Other(_) if large => format!("2^{}", value.log2()),
            Unit::Other(_) => plain(value),
            unit => shortened(&format_value(value, unit)),
        };
        values.iter().map(|value| Tick { at: self.at(*value), label: label(*value) }).collect()
    }

    /// Whether the label of a value says it, without many digits.
    fn is_short(&self, value: f64) -> bool {
        match &self.unit {
            Unit::Other(_) => plain(value).len() <= LONGEST_GIVEN && plain(value).parse() == Ok(value),
            _ => true,
        }
    }

    /// Powers of two, ever fewer.
    fn powers_of_two(&self) -> impl Iterator<Item = Vec<f64>> {
        let steps: &[i32] =
            if self.unit == Unit::Bytes { &[1, 2, 5, 10, 20, 50] } else { &[1, 2, 3, 4, 5, 10, 20, 50] };
        let (from, to) = (self.from.ceil() as i32, self.to.floor() as i32);
        let every = move |step: &i32| -> Vec<f64> {
            (from..=to).filter(|power| power % step == 0).map(|power| f64::from(power).exp2()).collect()
        };
        steps.iter().map(every).chain([100, 200].map(|step| every(&step))).filter(|values| values.len() >= 2)
    }

    /// 1, 2, 5, 10; where those are few, also what is between; then powers of ten, ever fewer.
    fn powers_of_ten(&self) -> impl Iterator<Item = Vec<f64>> {
        let (low, high) = (self.from.exp2(), self.to.exp2());
        let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
        let set = move |step: i32, digits: &[i32]| -> Vec<f64> {
            let powers = powers.clone().filter(|power| power % step == 0);
            let values = powers.flat_map(|power| digits.iter().map(move |digit| f64::from(*digit) * 10f64.powi(power)));
            values.filter(|value| (low..=high).contains(value)).collect()
        };
        let between = [set(1, &[1, 2, 5]), set(1, &[1, 2, 3, 4, 5, 6, 7, 8, 9])];
        let powers = [1, 2, 3, 5, 10, 20, 50, 100].map(|step| set(step, &[1]));
        between
            .into_iter()
            .filter(|values| values.len() >= 3)
            .chain(powers.into_iter().filter(|values| values.len() >= 2))
    }

    /// Multiples of 1, 2 or 5 times a power of ten; of a power of two for bytes.
    fn round(&self, most: usize) -> Vec<f64> {
        let ends = if matches!(self.kind, Kind::Log { .. }) {
            [self.from.exp2(), self.to.exp2()]
        } else {
            [self.from, self.to]
        };
        let [low, high] = ends;
        let rough = (high - low) / most as f64;
        // Rounding must not lose the ends.
        let inside = |step: f64| ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
        let fits = |step: &f64| {
            let (first, last) = inside(*step);
            last - first < most as f64
        };
        let steps: Vec<f64> = if self.unit == Unit::Bytes {
            let power = rough.log2().floor();
            (0..4).map(|more| (power + f64::from(more)).exp2().max(1.0)).collect()
        } else {
            let power = 10f64.powi(rough.log10().floor() as i32);
            // Half a worker is none.
            let whole = !self.given.is_empty() && self.given.iter().all(|value| value.fract() == 0.0);
            [1.0, 2.0, 5.0, 10.0, 20.0]
                .map(|digit| if whole { (digit * power).max(1.0) } else { digit * power })
                .to_vec()
        };
        let Some(step) = steps.into_iter().find(fits) else { return Vec::new() };
        let (first, last) = inside(step);
        let count = (last - first).max(-1.0) as usize;
        if last < first { Vec::new() } else { (0..=count).map(|place| (first + place as f64) * step).collect() }
    }
}

/// A bare number without the noise of its last digits.
fn plain(value: f64) -> String {
    let value: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    match value.abs() {
        0.0 => "0".to_owned(),
        1e-4..1e7 => value.to_string(),
        _ => format!("{value:e}"),
    }
}

/// 2ms instead of 2.000ms.
fn shortened(text: &str) -> String {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    format!("{number}{unit}")
}

/// A text of `length` characters at most; `…` stands for what is left out.
pub(super) fn cut(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    text.chars().take(length.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruler(kind: Kind, from: f64, to: f64, unit: &str) -> Ruler {
        Ruler { from, to, kind, unit: Unit::parse(unit), given: Vec::new() }
    }

    fn labels(ruler: &Ruler, most: usize) -> String {
        let ticks = ruler.ticks(most, |_| 0.0);
        ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn round_values() {
        let linear = |from: f64, to: f64, unit: &str, most: usize| labels(&ruler(Kind::Linear, from, to, unit), most);
        assert_eq!(linear(0.0, 1.04, "", 6), "0 0.2 0.4 0.6 0.8 1");
        assert_eq!(linear(-5.0, 5.0, "", 4), "-5 0 5");
        assert_eq!(linear(0.0, 0.021, "s", 6), "0s 5ms 10ms 15ms 20ms");
        assert_eq!(linear(0.0, 2.1, "s", 6), "0s 500ms 1s 1.5s 2s");
        assert_eq!(linear(0.0, 5e6, "bytes", 6), "0B 1MiB 2MiB 3MiB 4MiB");
        assert_eq!(linear(1.001, 1.0062, "s", 8), "1.001s 1.002s 1.003s 1.004s 1.005s 1.006s");
        assert_eq!(linear(0.0, 3e9, "", 4), "0 1e9 2e9 3e9");
        assert_eq!(linear(0.0, 3.1e-9, "", 4), "0 1e-9 2e-9 3e-9");
        assert_eq!(linear(-1e300, 1e300, "", 5), "-1e300 -5e299 0 5e299 1e300");
    }

    #[test]
    fn powers_of_two_and_ten() {
        let log = |binary: bool, low: f64, high: f64, unit: &str, most: usize| {
            labels(&ruler(Kind::Log { binary }, low.log2(), high.log2(), unit), most)
        };
        assert_eq!(log(true, 0.9, 17.0, "", 8), "1 2 4 8 16");
        assert_eq!(log(true, 0.9, 300.0, "", 5), "1 4 16 64 256");
        assert_eq!(log(true, 900.0, 2.2e6, "", 12), "2^10 2^11 2^12 2^13 2^14 2^15 2^16 2^17 2^18 2^19 2^20 2^21");
        assert_eq!(log(true, 900.0, 2.2e9, "bytes", 5), "1KiB 32KiB 1MiB 32MiB 1GiB");
        assert_eq!(log(false, 0.9e-3, 0.11, "s", 8), "1ms 2ms 5ms 10ms 20ms 50ms 100ms");
        assert_eq!(log(false, 0.9e-6, 1.1, "s", 8), "1us 10us 100us 1ms 10ms 100ms 1s");
        assert_eq!(log(false, 1e-300, 1e300, "", 8), "1e-300 1e-200 1e-100 1 1e100 1e200 1e300");
        assert_eq!(log(false, 3.9e-3, 8.1e-3, "s", 8), "4ms 5ms 6ms 7ms 8ms");
        assert_eq!(log(false, 3.1e-3, 3.42e-3, "s", 8), "3.1ms 3.15ms 3.2ms 3.25ms 3.3ms 3.35ms 3.4ms");
    }

    #[test]
    fn what_was_measured_at_is_labelled_where_it_has_room() {
        let mut given = ruler(Kind::Linear, 0.0, 10.0, "");
        given.given = vec![1.0, 6.0, 9.0];
        assert_eq!(labels(&given, 5), "1 6 9");
        assert_eq!(labels(&given, 2), "0 10");
        let close = given.ticks(5, |label| label.len() as f64 * 0.4);
        assert_eq!(close.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(), ["0", "10"]);
        given.given = vec![1.0 / 3.0, 6.0];
        assert_eq!(labels(&given, 4), "0 5 10");
    }

    #[test]
    fn names_are_cut_before_any_is_left_out() {
        let names = ["sequential", "threaded", "x"].map(str::to_owned).to_vec();
        let named = ruler(Kind::Names(names), -0.5, 2.5, "");
        let width = |columns: f64| {
            let ticks = named.ticks(9, |label| (label.chars().count() as f64 + 1.0) / columns);
            ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(width(60.0), "sequential threaded x");
        assert_eq!(width(21.0), "seque… threa… x");
        assert_eq!(width(18.0), "sequ… thre… x");
        assert_eq!(width(12.0), "sequential x");
    }

    #[test]
    fn labels_are_short() {
        for (long, short) in
            [("2.000ms", "2ms"), ("2.500ms", "2.5ms"), ("-1.250s", "-1.25s"), ("0B", "0B"), ("1.000e-5ns", "1e-5ns")]
        {
            assert_eq!(shortened(long), short);
        }
        for (value, label) in [(0.1 + 0.2, "0.3"), (-0.0, "0"), (1e6, "1000000"), (2e7, "2e7"), (1e-5, "1e-5")] {
            assert_eq!(plain(value), label);
        }
    }
}
