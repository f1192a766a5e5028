//! Metrics that are worked out of others.

use super::SweepError;
use crate::pair::Direction;
use exmex::{Express as _, FlatEx, FloatOpsFactory, MakeOperators as _, MatchLiteral};
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
    let Some(expression) = parsed(&derived.expression, |word| known.iter().any(|name| name == word)) else {
        let problem = "write it with numbers, names, + - * / ^, parentheses, and functions such as sqrt and max";
        return Err(refused(problem.to_owned()));
    };
    match expression.var_names().iter().find(|name| !known.contains(name)) {
        Some(name) => Err(refused(format!("there is no number {name}; there are {}", known.join(", ")))),
        None => Ok(()),
    }
}

/// Its value; nothing where it has none, as where the denominator is 0 or one of its names has no number.
pub(super) fn value(derived: &Derived, numbers: &BTreeMap<String, f64>) -> Option<f64> {
    let expression = parsed(&derived.expression, |word| numbers.contains_key(word))?;
    let given: Option<Vec<f64>> = expression.var_names().iter().map(|name| numbers.get(name).copied()).collect();
    expression.eval(&given?).ok().filter(|value| value.is_finite())
}

type Expression = FlatEx<f64, FloatOpsFactory<f64>, Number>;

fn parsed(expression: &str, is_known: impl Fn(&str) -> bool) -> Option<Expression> {
    let operators = FloatOpsFactory::<f64>::make();
    let is_name = |word: &str| is_known(word) || !operators.iter().any(|operator| operator.repr() == word);
    Expression::parse(&in_braces(expression, is_name)).ok()
}

/// An expression whose names stand in braces: `e` is a number otherwise, and `max_rss` begins with a function.
fn in_braces(expression: &str, is_name: impl Fn(&str) -> bool) -> String {
    let of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = String::new();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '{' => rest.find('}').map_or(rest.len(), |at| at + 1),
            c if of_word(c) => rest.find(|c| !of_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        if of_word(first) && !first.is_ascii_digit() && is_name(piece) {
            found.extend(["{", piece, "}"]);
        } else {
            found.push_str(piece);
        }
        rest = after;
    }
    found
}

/// A number as it is written, perhaps with an exponent.
#[derive(Clone, Debug)]
struct Number;

impl MatchLiteral for Number {
    fn is_literal(text: &str) -> Option<&str> {
        let bytes = text.as_bytes();
        let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
        let mut end = digits(0);
        if bytes.get(end) == Some(&b'.') {
            end += 1 + digits(end + 1);
        }
        if !bytes.iter().take(end).any(u8::is_ascii_digit) {
            return None;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let from = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            end = if digits(from) > 0 { from + digits(from) } else { end };
        }
        text.get(..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        let error = check(&derived("a / c"), &known).unwrap_err();
        assert_eq!(error.to_string(), "d = a / c cannot be worked out: there is no number c; there are a, b");
    }

    #[test]
    fn a_name_means_what_is_called_so() {
        let known = ["e", "PI", "max_rss", "min", "größe", "cache-hits", "x1e3", "1 / 0"];
        let numbers: BTreeMap<String, f64> =
            known.iter().zip(2..).map(|(n, v)| ((*n).to_owned(), f64::from(v))).collect();
        let known = known.map(str::to_owned);
        for (expression, expected) in [
            ("e", 2.0),
            ("1e3 * e", 2000.0),
            ("1e-1 + 2.5E+1*e", 50.1),
            ("PI/e", 1.5),
            ("max_rss", 4.0),
            ("sqrt(max_rss) max 1", 2.0),
            ("max(max_rss, min)", 5.0),
            ("größe*2", 12.0),
            ("{cache-hits} + cos(0)", 8.0),
            ("x1e3-.5", 7.5),
            ("{1 / 0}", 9.0),
            ("2 * π", 2.0 * std::f64::consts::PI),
        ] {
            assert!(check(&derived(expression), &known).is_ok(), "{expression}");
            assert_eq!(value(&derived(expression), &numbers), Some(expected), "{expression}");
        }
        for wrong in ["2e", "max_rs", "min(1, 2)", "1.5.2", ".", "e e", "größ", "{}", "max"] {
            assert!(check(&derived(wrong), &known).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_expression_is_worked_out_or_refused(expression in r"([a-z1-9{}()+*/^., eEπßä_-]|max|sqrt|PI|1e3){0,20}|\PC{0,20}") {
            let derived = derived(&expression);
            let known = ["a".to_owned(), "e".to_owned()];
            let numbers = BTreeMap::from([("a".to_owned(), 2.0), ("e".to_owned(), 3.0)]);
            if check(&derived, &known).is_err() {
                prop_assert_eq!(value(&derived, &numbers), None);
            }
        }
    }
}
