//! The points of a sweep, and the command at each.

use super::axis::is_name;
use super::{Axis, SweepError, Value};
use serde::{Deserialize, Serialize};

/// Points of a sweep at most.
const MOST_POINTS: usize = 10_000;

/// How axes make points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Combination {
    /// Every value of each axis with every value of the others.
    #[default]
    Cartesian,
    /// The first values of all axes together, then the second ones, and so on.
    Zipped,
}

/// One value of each axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// By the axes, in their order.
    pub values: Vec<Value>,
}

/// All points, the last axis changing first.
///
/// # Errors
/// No axis, two of one name, zipped ones of different lengths, or too many points.
pub fn points(axes: &[Axis], combination: Combination) -> Result<Vec<Point>, SweepError> {
    if axes.is_empty() {
        return Err(SweepError::NoAxes);
    }
    for (place, axis) in axes.iter().enumerate() {
        if axes[..place].iter().any(|before| before.name == axis.name) {
            return Err(SweepError::Twice(axis.name.clone()));
        }
    }
    match combination {
        Combination::Cartesian => cartesian(axes),
        Combination::Zipped => zipped(axes),
    }
}

fn cartesian(axes: &[Axis]) -> Result<Vec<Point>, SweepError> {
    let count = axes.iter().try_fold(1usize, |count, axis| count.checked_mul(axis.values.len()));
    if count.is_none_or(|count| count > MOST_POINTS) {
        return Err(SweepError::Many { most: MOST_POINTS });
    }
    let mut found = vec![Point { values: Vec::new() }];
    for axis in axes {
        let with = |point: &Point, value: &Value| {
            let mut values = point.values.clone();
            values.push(value.clone());
            Point { values }
        };
        found = found.iter().flat_map(|point| axis.values.iter().map(move |value| with(point, value))).collect();
    }
    Ok(found)
}

/// An axis with a single value keeps it at every point.
fn zipped(axes: &[Axis]) -> Result<Vec<Point>, SweepError> {
    let several = || axes.iter().filter(|axis| axis.values.len() > 1);
    let Some(first) = several().next() else { return cartesian(axes) };
    if let Some(other) = several().find(|other| other.values.len() != first.values.len()) {
        return Err(SweepError::Unequal {
            first: first.name.clone(),
            first_len: first.values.len(),
            other: other.name.clone(),
            other_len: other.values.len(),
        });
    }
    let value = |axis: &Axis, place: usize| axis.values.get(place).or(axis.values.first()).cloned();
    let at = |place: usize| Point { values: axes.iter().filter_map(|axis| value(axis, place)).collect() };
    Ok((0..first.values.len()).map(at).collect())
}

impl Point {
    /// `workers=2,payload=16x16`: the same in every document.
    #[must_use]
    pub fn id(&self, axes: &[Axis]) -> String {
        let named = axes.iter().zip(&self.values).map(|(axis, value)| format!("{}={value}", axis.name));
        named.collect::<Vec<_>>().join(",")
    }

    /// A word of a command with `{name}` replaced by this point's values; `{{` and `}}` stand for braces.
    ///
    /// # Errors
    /// A placeholder that no axis has.
    pub fn fill(&self, word: &str, axes: &[Axis]) -> Result<String, SweepError> {
        let mut filled = String::new();
        for piece in pieces(word) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Name(name) => match axes.iter().zip(&self.values).find(|(axis, _)| axis.name == name) {
                    Some((_, value)) => filled.push_str(&value.to_string()),
                    None => {
                        let axes = axes.iter().map(|axis| axis.name.as_str()).collect::<Vec<_>>().join(", ");
                        return Err(SweepError::Placeholder { name: name.to_owned(), axes });
                    }
                },
            }
        }
        Ok(filled)
    }
}

/// Refuses axes that no word mentions.
///
/// # Errors
/// The first of them.
pub fn check_used(words: &[String], axes: &[Axis]) -> Result<(), SweepError> {
    let mentions =
        |axis: &Axis| words.iter().flat_map(|word| pieces(word)).any(|piece| piece == Piece::Name(&axis.name));
    match axes.iter().find(|axis| !mentions(axis)) {
        Some(axis) => Err(SweepError::Unused(axis.name.clone())),
        None => Ok(()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'w> {
    Text(&'w str),
    Name(&'w str),
}

/// Text and placeholders. Braces around what is no name are text: JSON may stand in a command.
fn pieces(word: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = word;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        found.push(Piece::Text(before));
        if from.starts_with("{{") || from.starts_with("}}") {
            found.push(Piece::Text(&from[..1]));
            rest = &from[2..];
            continue;
        }
        let name = from.strip_prefix('{').and_then(|inner| Some(inner.split_once('}')?.0));
        match name.filter(|name| is_name(name)) {
            Some(name) => {
                found.push(Piece::Name(name));
                rest = &from[name.len() + 2..];
            }
            None => {
                found.push(Piece::Text(&from[..1]));
                rest = &from[1..];
            }
        }
    }
    found.push(Piece::Text(rest));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn axes(texts: &[&str]) -> Vec<Axis> {
        texts.iter().map(|text| Axis::parse(text).unwrap()).collect()
    }

    #[test]
    fn points_are_all_combinations_or_pairs() {
        let axes = axes(&["a=1,2", "b=x,y"]);
        let ids =
            |combination| points(&axes, combination).unwrap().iter().map(|point| point.id(&axes)).collect::<Vec<_>>();
        assert_eq!(ids(Combination::Cartesian), ["a=1,b=x", "a=1,b=y", "a=2,b=x", "a=2,b=y"]);
        assert_eq!(ids(Combination::Zipped), ["a=1,b=x", "a=2,b=y"]);
        let kept = points(&self::axes(&["a=1,2", "b=7"]), Combination::Zipped).unwrap();
        assert_eq!(kept[1].values, [Value::Int(2), Value::Int(7)]);
    }

    #[test]
    fn what_makes_no_points_is_refused() {
        let refused = |texts: &[&str], combination| points(&axes(texts), combination).unwrap_err();
        assert_eq!(refused(&[], Combination::Cartesian), SweepError::NoAxes);
        assert_eq!(refused(&[], Combination::Zipped), SweepError::NoAxes);
        assert_eq!(refused(&["a=1", "a=2"], Combination::Cartesian), SweepError::Twice("a".to_owned()));
        assert!(matches!(refused(&["a=1,2", "b=1,2,3"], Combination::Zipped), SweepError::Unequal { .. }));
        assert!(matches!(refused(&["a=1..1000", "b=1..1000"], Combination::Cartesian), SweepError::Many { .. }));
    }

    #[test]
    fn commands_mention_axes() {
        let axes = axes(&["workers=4", "payload=16x16"]);
        let point = &points(&axes, Combination::Cartesian).unwrap()[0];
        for (word, filled) in [
            ("{workers}", "4"),
            ("--size={payload}/{workers}", "--size=16x16/4"),
            ("{{workers}}", "{workers}"),
            (r#"{"a": {workers}}"#, r#"{"a": 4}"#),
            ("{", "{"),
            ("}{workers", "}{workers"),
            ("{}", "{}"),
            ("{1}", "{1}"),
        ] {
            assert_eq!(point.fill(word, &axes).as_deref(), Ok(filled), "{word}");
        }
        assert!(matches!(point.fill("{other}", &axes), Err(SweepError::Placeholder { .. })));
        let words = ["run".to_owned(), "{workers}".to_owned()];
        assert_eq!(check_used(&words, &axes), Err(SweepError::Unused("payload".to_owned())));
    }

    proptest! {
        #[test]
        fn words_without_names_stay_as_they_are_but_for_doubled_braces(word in "[a-z {}\"é]{0,20}") {
            let axes = axes(&["n_1=1"]);
            let point = &points(&axes, Combination::Cartesian).unwrap()[0];
            if let Ok(filled) = point.fill(&word, &axes) {
                prop_assert!(filled.len() <= word.len());
                if !word.contains("{{") && !word.contains("}}") { prop_assert_eq!(filled, word); }
            }
        }
    }
}
