//! Whatever the text is, it is read, or refused with a place in it.

use crate::parse;
use proptest::prelude::*;

/// Pieces of which many texts are nearly right.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[[benchmark]]\n",
        "[defaults]\n",
        "[analysis]\n",
        "[benchmark.env]\n",
        "name",
        "command",
        "cwd",
        "env",
        "work_units",
        "timeout",
        "repeat",
        "warmup",
        "metrics",
        "budgets",
        ".wall",
        ".throughput",
        "coverage",
        "tags",
        " = ",
        "'a'",
        "'b'",
        "\"b \\\"c\"",
        "'5%'",
        "'2%:5%'",
        "{ warn = '3%', fail = '5%' }",
        "{ file = 'x' }",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "0",
        "-1",
        "1e9",
        "nan",
        "false",
        "true",
        "1979-05-27",
        "\n",
        "\n",
        "\n",
        "ä",
        "\u{0}",
        "'''",
        "#",
        "9223372036854775808",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn reads_or_refuses(text: &str) -> Result<(), TestCaseError> {
    if let Err(message) = parse(text) {
        prop_assert!(!message.contains(char::is_control), "{message:?}");
        let place = message.strip_prefix("/project/lightspeed.toml:").unwrap();
        let numbers: Vec<usize> = place.split(':').take(2).map(|number| number.parse().unwrap()).collect();
        prop_assert!(numbers[0] >= 1 && numbers[0] <= text.matches('\n').count() + 1 && numbers[1] >= 1);
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        reads_or_refuses(&text)?;
    }

    #[test]
    fn text_that_is_nearly_right_is_read_or_refused(text in pieces()) {
        reads_or_refuses(&text)?;
    }

    #[test]
    fn any_value_is_read_or_refused(key in "[a-z_]{1,12}|name|command|timeout|repeat|budgets|coverage|env", value in "\\PC{0,30}") {
        reads_or_refuses(&format!("[[benchmark]]\nname = 'a'\ncommand = 'b'\n{key} = {value}\n"))?;
        reads_or_refuses(&format!("[[benchmark]]\nname = 'x'\ncommand = \"{value}\"\nbudgets.wall = '{value}'\ntimeout = '{value}'"))?;
    }
}
