//! An axis of a sweep: a name and the values that it takes.

use super::SweepError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Values of one axis at most.
const MOST_VALUES: usize = 10_000;

/// A parameter and its values, in the order in which they were given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Its name, by which a command mentions it.
    pub name: String,
    /// Its values, all of one type.
    pub values: Vec<Value>,
}

/// A value on an axis. All values of an axis have one type: the first of these that fits all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Anything else; `16x64` is a shape, whose size is the product.
    Text(String),
}

impl Axis {
    /// From `name=values`: values separated by commas, each a literal or a range of numbers (`1..16`, `1..16 step 2`, both ends
    /// included; `log2 1..64` doubles).
    ///
    /// # Errors
    /// What is no axis, has no values, or has one twice.
    pub fn parse(text: &str) -> Result<Self, SweepError> {
        let (name, values) = text.split_once('=').ok_or_else(|| SweepError::Axis(text.to_owned()))?;
        let mut literals = Vec::new();
        for item in values.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            literals.extend(expanded(item)?);
        }
        Self::new(name.trim(), &literals)
    }

    /// From a name and literals.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn new(name: &str, literals: &[String]) -> Result<Self, SweepError> {
        if !is_name(name) {
            return Err(SweepError::Name(name.to_owned()));
        }
        if literals.is_empty() {
            return Err(SweepError::Empty(name.to_owned()));
        }
        let axis = Axis { name: name.to_owned(), values: typed(literals) };
        for (place, value) in axis.values.iter().enumerate() {
            if axis.values[..place].contains(value) {
                return Err(SweepError::Repeated { axis: name.to_owned(), value: value.to_string() });
            }
        }
        Ok(axis)
    }
}

impl Value {
    /// How large it is: the number, or the product of a shape; nothing for other texts.
    #[must_use]
    pub fn size(&self) -> Option<f64> {
        match self {
            Value::Int(value) => Some(*value as f64),
            Value::Float(value) => Some(*value),
            Value::Text(text) => shape(text),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Int(value) => value.fmt(f),
            Value::Float(value) => value.fmt(f),
            Value::Text(text) => f.write_str(text),
        }
    }
}

/// Whether a text can be the name of an axis.
pub(super) fn is_name(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(|c| !c.is_ascii_digit());
    begins && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The product of `16x64`; nothing for what is no shape.
fn shape(text: &str) -> Option<f64> {
    let mut sizes =
        text.split('x').map(|part| part.parse::<u64>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())));
    let product = sizes.try_fold(1.0, |product, size| Some(product * size? as f64))?;
    text.contains('x').then_some(product)
}

fn typed(literals: &[String]) -> Vec<Value> {
    let ints: Option<Vec<Value>> = literals.iter().map(|text| text.parse().ok().map(Value::Int)).collect();
    let number = |text: &String| text.parse().ok().filter(|value: &f64| value.is_finite()).map(Value::Float);
    let floats = || literals.iter().map(number).collect::<Option<Vec<Value>>>();
    ints.or_else(floats).unwrap_or_else(|| literals.iter().cloned().map(Value::Text).collect())
}

/// What a literal or a range stands for.
fn expanded(item: &str) -> Result<Vec<String>, SweepError> {
    if !item.contains("..") {
        return Ok(vec![item.to_owned()]);
    }
    let refused = || SweepError::Range(item.to_owned());
    if let Some(range) = item.strip_prefix("log2 ") {
        let (from, to) = ends(range).ok_or_else(refused)?;
        let (first, last): (i64, i64) = (from.parse().map_err(|_| refused())?, to.parse().map_err(|_| refused())?);
        if first < 1 || last < first {
            return Err(refused());
        }
        let doubled = std::iter::successors(Some(first), |value| value.checked_mul(2));
        return Ok(doubled.take_while(|value| *value <= last).map(|value| value.to_string()).collect());
    }
    let (range, step) = item.split_once(" step ").unwrap_or((item, "1"));
    let (from, to) = ends(range).ok_or_else(refused)?;
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    let (first, last, by) = (number(from), number(to), number(step));
    let (Some(first), Some(last), Some(by)) = (first, last, by) else { return Err(refused()) };
    // Rounding must not lose the end of 0.1..0.5 step 0.1.
    let count = ((last - first) / by + 1e-9).floor();
    if by <= 0.0 || count < 0.0 || count >= MOST_VALUES as f64 {
        return Err(refused());
    }
    let digits = [from, step].map(|text| text.trim().split_once('.').map_or(0, |(_, digits)| digits.len()));
    let digits = digits[0].max(digits[1]);
    Ok((0..=count as usize).map(|place| format!("{:.digits$}", first + place as f64 * by)).collect())
}

fn ends(range: &str) -> Option<(&str, &str)> {
    let (from, to) = range.split_once("..")?;
    Some((from.trim(), to.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> Result<String, SweepError> {
        Ok(Axis::parse(text)?.values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn values_are_literals_and_ranges() {
        for (text, values) in [
            ("n=1,2,4", "1 2 4"),
            ("n = 1..4", "1 2 3 4"),
            ("n=1..16 step 5", "1 6 11 16"),
            ("n=1..15 step 5", "1 6 11"),
            ("n=log2 1..64", "1 2 4 8 16 32 64"),
            ("n=log2 3..20", "3 6 12"),
            ("n=0.1..0.5 step 0.1", "0.1 0.2 0.3 0.4 0.5"),
            ("n=-2..2 step 2", "-2 0 2"),
            ("payload=16x16,64x64", "16x16 64x64"),
            ("mode=fast,slow, a b", "fast slow a b"),
            ("n=1,2.5", "1 2.5"),
        ] {
            assert_eq!(shown(text).as_deref(), Ok(values), "{text}");
        }
    }

    #[test]
    fn what_is_no_axis_is_refused() {
        let refused = |text: &str| Axis::parse(text).unwrap_err();
        assert!(matches!(refused("n"), SweepError::Axis(_)));
        for name in ["=1", "1n=1", "a b=1", "a-b=1"] {
            assert!(matches!(refused(name), SweepError::Name(_)), "{name}");
        }
        for empty in ["n=", "n=,"] {
            assert!(matches!(refused(empty), SweepError::Empty(_)), "{empty}");
        }
        assert!(matches!(refused("n=1,2,1"), SweepError::Repeated { .. }));
        for range in
            ["n=4..1", "n=1..2 step 0", "n=1..2 step -1", "n=log2 0..8", "n=1..x", "n=1..1e9", "n=log2 1.5..8", "n=.."]
        {
            assert!(matches!(refused(range), SweepError::Range(_)), "{range}");
        }
    }

    #[test]
    fn shapes_and_numbers_have_a_size() {
        let size = |text: &str| Axis::new("n", &[text.to_owned()]).unwrap().values[0].size();
        assert_eq!(
            (size("16x4"), size("2x3x4"), size("8"), size("0.5")),
            (Some(64.0), Some(24.0), Some(8.0), Some(0.5))
        );
        assert_eq!((size("x"), size("16x"), size("ax2"), size("fast"), size("+1x2")), (None, None, None, None, None));
    }

    proptest! {
        #[test]
        fn any_text_is_an_axis_or_refused(text in ".{0,40}") {
            if let Ok(axis) = Axis::parse(&text) {
                prop_assert!(!axis.values.is_empty() && axis.values.len() <= MOST_VALUES * 20);
            }
        }

        #[test]
        fn integers_come_back(values in prop::collection::btree_set(any::<i64>(), 1..20)) {
            let text = format!("n={}", values.iter().map(i64::to_string).collect::<Vec<_>>().join(","));
            prop_assert_eq!(Axis::parse(&text).unwrap().values, values.into_iter().map(Value::Int).collect::<Vec<_>>());
        }
    }
}
