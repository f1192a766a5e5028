//! Metrics that are worked out of others.

use super::SweepError;
use crate::pair::Direction;
use exmex::Express as _;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A metric that is worked out of others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Derived {
    /// Its name.
    pub name: String,
    /// Over names of axes and metrics: `requests / wall`, with `+ - * / ^`, parentheses, `sqrt`, `ln`, `min`, …
    pub expression: String,
    /// What it counts; empty for a bare number.
    #[serde(default)]
    pub unit: String,
    /// Which way is better.
    #[serde(default)]
    pub better: Direction,
}

/// Whether it can be worked out of these names.
pub(super) fn check(derived: &Derived, known: &[String]) -> Result<(), SweepError> {
    let refused = |problem: String| SweepError::Expression {
        name: derived.name.clone(),
        expression: derived.expression.clone(),
        problem,
    };
    if derived.name.trim().is_empty() {
        return Err(refused("it needs a name: write name = expression".to_owned()));
    }
    if let Some(name) = known.iter().find(|name| is_word_of(&derived.expression, name) && !is_variable(name)) {
        return Err(refused(format!(
            "{name} is a number or function of its own there: call the axis or metric otherwise"
        )));
    }
    let expression = exmex::parse::<f64>(&derived.expression).map_err(|error| refused(error.to_string()))?;
    match expression.var_names().iter().find(|name| !known.contains(name)) {
        Some(name) => Err(refused(format!("there is no number {name}; there are {}", known.join(", ")))),
        None => Ok(()),
    }
}

/// Whether a name stands in an expression by itself.
fn is_word_of(expression: &str, name: &str) -> bool {
    let of_words = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    expression.match_indices(name).any(|(at, _)| {
        let (before, after) = (&expression[..at], &expression[at + name.len()..]);
        !of_words(before.chars().next_back()) && !of_words(after.chars().next())
    })
}

/// Whether a name means what is called so; `e`, `PI` or `max` do not. One that is no word must stand in braces.
fn is_variable(name: &str) -> bool {
    let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    !is_word || exmex::parse::<f64>(name).is_ok_and(|alone| alone.var_names() == [name])
}

/// Its value; nothing where it has none, as where the denominator is 0 or one of its names has no number.
pub(super) fn value(derived: &Derived, numbers: &BTreeMap<String, f64>) -> Option<f64> {
    let expression = exmex::parse::<f64>(&derived.expression).ok()?;
    let given: Option<Vec<f64>> = expression.var_names().iter().map(|name| numbers.get(name).copied()).collect();
    expression.eval(&given?).ok().filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived(expression: &str) -> Derived {
        Derived {
            name: "d".to_owned(),
            expression: expression.to_owned(),
            unit: String::new(),
            better: Direction::Lower,
        }
    }

    #[test]
    fn expressions_have_a_value_where_there_is_one() {
        let numbers = BTreeMap::from([("a".to_owned(), 6.0), ("b_2".to_owned(), 4.0), ("zero".to_owned(), 0.0)]);
        for (expression, expected) in [
            ("a / b_2", Some(1.5)),
            ("(a + b_2) * 2 - 2^3", Some(12.0)),
            ("-a + sqrt(b_2)", Some(-4.0)),
            ("1e3 * a", Some(6000.0)),
            ("a / zero", None),
            ("zero / zero", None),
            ("a / missing", None),
            ("ln(zero)", None),
        ] {
            assert_eq!(value(&derived(expression), &numbers), expected, "{expression}");
        }
    }

    #[test]
    fn what_cannot_be_worked_out_is_refused() {
        let known = ["a".to_owned(), "b".to_owned()];
        assert!(check(&derived("a / b"), &known).is_ok());
        for wrong in ["", "a /", "(a", "c + a", "a b", "a $ b"] {
            assert!(check(&derived(wrong), &known).is_err(), "{wrong}");
        }
        let reserved = ["e", "max", "sqrt", "PI"].map(str::to_owned);
        for wrong in ["1 / e", "max * 2", "2 * sqrt", "PI"] {
            let error = check(&derived(wrong), &reserved).unwrap_err().to_string();
            assert!(error.contains("of its own there"), "{error}");
        }
        assert!(check(&derived("max(max_rss, 2 e)"), &["max_rss".to_owned()]).is_err());
        assert!(check(&derived("sqrt(max_rss) * {cache-hits}"), &["max_rss", "cache-hits"].map(str::to_owned)).is_ok());
        let error = check(&derived("a / c"), &known).unwrap_err();
        assert_eq!(error.to_string(), "d = a / c cannot be worked out: there is no number c; there are a, b");
    }
}
