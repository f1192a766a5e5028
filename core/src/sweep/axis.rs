//! An axis of a sweep: a name and the values that it takes.

use super::SweepError;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::fmt;

/// Values of one axis at most: an axis of more would have too many points by itself.
const MOST_VALUES: usize = 10_000;

/// A parameter and its values, in the order in which they were given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Json")]
pub struct Axis {
    /// Its name, by which a command mentions it.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// Its values; at least one, none twice.
    pub values: Vec<Value>,
    /// What it is where other axes are swept; nothing for the first value.
    pub default: Option<Value>,
}

/// What the values of an axis are. Where nobody says, the first of these that fits them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Whole numbers.
    Int,
    /// Numbers.
    Float,
    /// Sizes such as `16x64`; how large one is is their product.
    Shape,
    /// Anything.
    Text,
}

/// A value on an axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A shape, or any text.
    Text(String),
}

/// An axis as a document has it: `"n=1,2,4"`, or in parts. Read by hand: readers derived for every shape that it may have are larger, which
/// counts in a browser, and say no more than that none fits.
impl TryFrom<Json> for Axis {
    type Error = SweepError;

    fn try_from(written: Json) -> Result<Self, SweepError> {
        let parts = match &written {
            Json::String(text) => return Axis::parse(text),
            Json::Object(parts) => parts,
            _ => return Err(SweepError::Written),
        };
        if !parts.keys().all(|key| PARTS.contains(&key.as_str())) {
            return Err(SweepError::Written);
        }
        let part = |key: &str| parts.get(key).filter(|part| !part.is_null());
        let text = |part: &Json| part.as_str().map(str::to_owned).ok_or(SweepError::Written);
        let kind = part("kind").map(|kind| Kind::parse(&text(kind)?)).transpose()?;
        let literals = match part("values") {
            Some(Json::String(text)) => literals(text, kind)?,
            Some(Json::Array(values)) => values.iter().map(literal).collect::<Result<_, _>>()?,
            _ => return Err(SweepError::Written),
        };
        let name = text(part("name").ok_or(SweepError::Written)?)?;
        Axis::new(&name, &literals, kind, part("default").map(literal).transpose()?.as_deref())
    }
}

/// What an axis in parts consists of.
const PARTS: [&str; 4] = ["name", "values", "kind", "default"];

fn literal(value: &Json) -> Result<String, SweepError> {
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Ok(whole.to_string()),
            (None, Some(number)) => Ok(number.to_string()),
            (None, None) => Err(SweepError::Written),
        },
        _ => Err(SweepError::Written),
    }
}

impl Axis {
    /// From `name=values` or `name:kind=values`: values separated by commas, each a literal or a range of numbers (`1..16`,
    /// `1..16 step 2`, both ends included; `log2 1..64` doubles). Of the kind `text` all are literals.
    ///
    /// # Errors
    /// What is no axis, has no values, one twice, or one of another kind.
    pub fn parse(text: &str) -> Result<Self, SweepError> {
        let (name, values) = text.split_once('=').ok_or_else(|| SweepError::Axis(text.to_owned()))?;
        let (name, kind) = match name.split_once(':') {
            Some((name, kind)) => (name, Some(Kind::parse(kind.trim())?)),
            None => (name, None),
        };
        Self::new(name.trim(), &literals(values, kind)?, kind, None)
    }

    /// From a name and literals.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn new(name: &str, literals: &[String], kind: Option<Kind>, default: Option<&str>) -> Result<Self, SweepError> {
        if !is_name(name) {
            return Err(SweepError::Name(name.to_owned()));
        }
        if literals.is_empty() {
            return Err(SweepError::Empty(name.to_owned()));
        }
        if literals.len() > MOST_VALUES {
            return Err(SweepError::Many { most: MOST_VALUES });
        }
        let all = || literals.iter().map(String::as_str).chain(default);
        let kind = kind.unwrap_or_else(|| Kind::of(&all().collect::<Vec<_>>()));
        let read = |text: &str| {
            let refused = || SweepError::Kind { axis: name.to_owned(), value: text.to_owned(), kind: kind.words() };
            kind.read(text).ok_or_else(refused)
        };
        let values: Vec<Value> = literals.iter().map(|text| read(text)).collect::<Result<_, _>>()?;
        for (place, value) in values.iter().enumerate() {
            if values[..place].contains(value) {
                return Err(SweepError::Repeated { axis: name.to_owned(), value: value.to_string() });
            }
        }
        Ok(Axis { name: name.to_owned(), kind, values, default: default.map(read).transpose()? })
    }

    /// The same axis with its default alone.
    #[must_use]
    pub fn fixed(&self) -> Self {
        let only = self.default.as_ref().or(self.values.first());
        Axis { values: only.cloned().into_iter().collect(), ..self.clone() }
    }

    /// Whether each value has a size.
    #[must_use]
    pub fn has_sizes(&self) -> bool {
        self.values.iter().all(|value| value.size().is_some())
    }

    /// Whether each value has a size above zero.
    #[must_use]
    pub fn is_sized(&self) -> bool {
        self.values.iter().all(|value| value.size().is_some_and(|size| size > 0.0))
    }
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Int, Kind::Float, Kind::Shape, Kind::Text];

    fn parse(text: &str) -> Result<Self, SweepError> {
        let named = |kind: &Kind| kind.name() == text;
        Kind::ALL.into_iter().find(named).ok_or_else(|| SweepError::NoKind(text.to_owned()))
    }

    /// The first that fits all.
    fn of(literals: &[&str]) -> Self {
        let fits = |kind: &Kind| literals.iter().all(|text| kind.read(text).is_some());
        Kind::ALL.into_iter().find(fits).unwrap_or(Kind::Text)
    }

    fn read(self, text: &str) -> Option<Value> {
        match self {
            Kind::Int => text.parse().ok().map(Value::Int),
            // A sum with 0 leaves no −0, which would be called another point.
            Kind::Float => {
                text.parse().ok().filter(|value: &f64| value.is_finite()).map(|value| Value::Float(value + 0.0))
            }
            Kind::Shape => shape(text).map(|_| Value::Text(text.to_owned())),
            Kind::Text => Some(Value::Text(text.to_owned())),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Int => "int",
            Kind::Float => "float",
            Kind::Shape => "shape",
            Kind::Text => "text",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Kind::Int => "a whole number",
            Kind::Float => "a number",
            Kind::Shape => "a shape such as 16x64",
            Kind::Text => "a text",
        }
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

/// What is written between commas; ranges are spelt out, but for texts.
fn literals(text: &str, kind: Option<Kind>) -> Result<Vec<String>, SweepError> {
    let mut found = Vec::new();
    for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        if kind == Some(Kind::Text) {
            found.push(item.to_owned());
        } else {
            found.extend(expanded(item)?);
        }
        if found.len() > MOST_VALUES {
            return Err(SweepError::Many { most: MOST_VALUES });
        }
    }
    Ok(found)
}

/// What a literal or a range stands for.
fn expanded(item: &str) -> Result<Vec<String>, SweepError> {
    if !item.contains("..") {
        return Ok(vec![item.to_owned()]);
    }
    let doubled = item.strip_prefix("log2 ");
    let (range, step) = doubled.map_or_else(|| item.split_once(" step ").unwrap_or((item, "1")), |range| (range, "1"));
    let found = ends(range).and_then(|(from, to)| match doubled {
        Some(_) => powers(from.parse().ok()?, to.parse().ok()?),
        None => {
            let whole = || steps(from.parse().ok()?, to.parse().ok()?, step.trim().parse().ok()?);
            whole().or_else(|| fractions(from, to, step.trim()))
        }
    });
    found.filter(|found| !found.is_empty()).ok_or_else(|| SweepError::Range(item.to_owned()))
}

/// Each twice the one before.
fn powers(first: i64, last: i64) -> Option<Vec<String>> {
    let doubled = std::iter::successors(Some(first).filter(|first| *first > 0), |value| value.checked_mul(2));
    Some(doubled.take_while(|value| *value <= last).map(|value| value.to_string()).collect())
}

/// Whole numbers; `None` where there are too many, or the step leads nowhere.
fn steps(first: i64, last: i64, by: i64) -> Option<Vec<String>> {
    let count = last.checked_sub(first)?.checked_div(by)?;
    if by < 1 || count >= MOST_VALUES as i64 {
        return None;
    }
    Some((0..=count).map(|place| (first + place * by).to_string()).collect())
}

/// Numbers with as many digits as the first one or the step has.
fn fractions(from: &str, to: &str, step: &str) -> Option<Vec<String>> {
    let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
    let (first, last, by) = (number(from)?, number(to)?, number(step)?);
    // Rounding must not lose the end of 0.1..0.5 step 0.1.
    let count = ((last - first) / by + 1e-9).floor();
    if by <= 0.0 || !(0.0..MOST_VALUES as f64).contains(&count) {
        return None;
    }
    let digits = digits(from)?.max(digits(step)?);
    Some((0..=count as usize).map(|place| format!("{:.digits$}", first + place as f64 * by)).collect())
}

/// Digits behind the point of a number that may have an exponent.
fn digits(number: &str) -> Option<usize> {
    /// No double has more that count.
    const MOST: i64 = 400;
    let (number, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let written = number.split_once('.').map_or(0, |(_, digits)| digits.len());
    let needed = i64::try_from(written).ok()?.checked_sub(exponent.parse().ok()?)?;
    usize::try_from(needed.clamp(0, MOST)).ok()
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
            ("n=1e-3..3e-3 step 1e-3", "0.001 0.002 0.003"),
            ("n=0..1e0 step 2.5e-1", "0 0.25 0.5 0.75 1"),
            ("n=-2.1..0.7 step 0.7", "-2.1 -1.4 -0.7 0 0.7"),
            ("n=-0.0,1.5", "0 1.5"),
            ("n=9007199254740993..9007199254740995", "9007199254740993 9007199254740994 9007199254740995"),
            ("n=9223372036854775806..9223372036854775807", "9223372036854775806 9223372036854775807"),
            ("n=log2 4611686018427387904..9223372036854775807", "4611686018427387904"),
            ("n:text=../a,1..3", "../a 1..3"),
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
        for repeated in ["n=1,2,1", "n=0.0,-0.0", "n=1,01"] {
            assert!(matches!(refused(repeated), SweepError::Repeated { .. }), "{repeated}");
        }
        for many in ["n=1..9999,10000..19999", "n:text=1..9999", "n=1..1e4"].iter().zip([true, false, false]) {
            assert_eq!(matches!(Axis::parse(many.0), Err(SweepError::Many { .. })), many.1, "{}", many.0);
        }
        for range in [
            "n=4..1",
            "n=1..2 step 0",
            "n=1..2 step -1",
            "n=log2 0..8",
            "n=1..x",
            "n=1..1e9",
            "n=log2 1.5..8",
            "n=..",
            "n=1..2..3",
            "n=-9223372036854775808..9223372036854775807",
            "n=../a",
        ] {
            assert!(matches!(refused(range), SweepError::Range(_)), "{range}");
        }
    }

    #[test]
    fn shapes_and_numbers_have_a_size() {
        let size = |text: &str| Axis::new("n", &[text.to_owned()], None, None).unwrap().values[0].size();
        assert_eq!(
            (size("16x4"), size("2x3x4"), size("8"), size("0.5")),
            (Some(64.0), Some(24.0), Some(8.0), Some(0.5))
        );
        assert_eq!((size("x"), size("16x"), size("ax2"), size("fast"), size("+1x2")), (None, None, None, None, None));
    }

    #[test]
    fn kinds_are_found_or_asked_for() {
        let kind = |text: &str| Axis::parse(text).map(|axis| (axis.kind, axis.values));
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(kind("n=1,2"), Ok((Kind::Int, vec![Value::Int(1), Value::Int(2)])));
        assert_eq!(kind("n:float=1,2"), Ok((Kind::Float, vec![Value::Float(1.0), Value::Float(2.0)])));
        assert_eq!(kind("n:text=1,02"), Ok((Kind::Text, vec![text("1"), text("02")])));
        assert_eq!(kind("n=2x2,4x4"), Ok((Kind::Shape, vec![text("2x2"), text("4x4")])));
        assert_eq!(kind("n=2x2,4"), Ok((Kind::Text, vec![text("2x2"), text("4")])));
        assert!(matches!(kind("n:int=1,x"), Err(SweepError::Kind { .. })));
        assert!(matches!(kind("n:int=99999999999999999999"), Err(SweepError::Kind { .. })));
        assert!(matches!(kind("n:number=1"), Err(SweepError::NoKind(_))));
    }

    #[test]
    fn documents_have_axes_as_text_or_in_parts() {
        let read = |text: &str| serde_json::from_str::<Axis>(text).map_err(|error| error.to_string());
        assert_eq!(read(r#""n=1..3""#), Ok(Axis::parse("n=1,2,3").unwrap()));
        let parts = read(r#"{"name": "n", "values": [1, 2.5], "default": 4}"#).unwrap();
        assert_eq!((parts.kind, parts.default), (Kind::Float, Some(Value::Float(4.0))));
        assert_eq!(
            read(&serde_json::to_string(&Axis::parse("n=1,2").unwrap()).unwrap()),
            Axis::parse("n=1,2").map_err(|e| e.to_string())
        );
        assert_eq!(
            read(r#"{"name": "n", "values": "log2 1..8", "default": 2}"#).unwrap().fixed().values,
            [Value::Int(2)]
        );
        assert!(
            read(r#"{"name": "n", "values": [1], "kind": "int", "default": "x"}"#)
                .unwrap_err()
                .contains("whole number")
        );
        assert!(read(r#""n""#).unwrap_err().contains("is no axis"));
        for wrong in [
            "7",
            r#"{"name": "n"}"#,
            r#"{"name": "n", "values": [1], "vary": 2}"#,
            r#"{"name": "n", "values": [true]}"#,
        ] {
            assert!(read(wrong).unwrap_err().starts_with("an axis is text such as"), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_axis_or_refused(text in ".{0,40}") {
            if let Ok(axis) = Axis::parse(&text) {
                prop_assert!(!axis.values.is_empty() && axis.values.len() <= MOST_VALUES);
            }
        }

        #[test]
        fn ranges_have_the_numbers_that_their_step_says(first in -50..50i64, steps in 0..60i64, by in 1..40i64, scale in 0..5u32, beyond in 0.0..0.9f64) {
            // In units of the last digit: exact, where the parser has to go through doubles.
            let shown = |units: i64| {
                let sign = if units < 0 { "-" } else { "" };
                let (whole, rest) = (units.abs() / 10i64.pow(scale), units.abs() % 10i64.pow(scale));
                if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0digits$}", digits = scale as usize) }
            };
            let last = first + steps * by + (beyond * by as f64) as i64;
            let axis = Axis::parse(&format!("n={}..{} step {}", shown(first), shown(last), shown(by))).unwrap();
            let expected: Vec<f64> = (0..=steps).map(|step| shown(first + step * by).parse::<f64>().unwrap() + 0.0).collect();
            prop_assert_eq!(axis.values.iter().map(|value| value.size().unwrap()).collect::<Vec<_>>(), expected);
            let again: Axis = serde_json::from_str(&serde_json::to_string(&axis).unwrap()).unwrap();
            prop_assert_eq!(again, axis);
        }

        #[test]
        fn integers_come_back(values in prop::collection::btree_set(any::<i64>(), 1..20)) {
            let text = format!("n={}", values.iter().map(i64::to_string).collect::<Vec<_>>().join(","));
            prop_assert_eq!(Axis::parse(&text).unwrap().values, values.into_iter().map(Value::Int).collect::<Vec<_>>());
        }
    }
}
