//! `new` and `make` of values: to the grammar both take types only.

use std::borrow::Cow;

/// The text as the grammar is to read it, of the same length: with other names for `new` and `make` where they are
/// called with what cannot be a type (`new(f(1))`, `new(T{})`), as Go has it since 1.26, or as functions of the
/// file may be called that have these names.
pub(super) fn plain_calls(text: &str) -> Cow<'_, str> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
    let mut plain = Cow::Borrowed(text);
    for (word, other) in [("new(", "ne_("), ("make(", "mak_(")] {
        for (start, _) in text.match_indices(word) {
            let alone = start == 0 || !is_part(text.as_bytes()[start - 1]);
            if alone && is_value(&text[start + word.len()..]) {
                plain.to_mut().replace_range(start..start + word.len(), other);
            }
        }
    }
    plain
}

/// Whether an argument begins as no type does.
fn is_value(argument: &str) -> bool {
    let argument = argument.trim_start();
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let path = &argument[..argument.find(|c| !part(c)).unwrap_or(argument.len())];
    let next = argument[path.len()..].trim_start().chars().next();
    match path.chars().next() {
        None => next.is_some_and(|c| "\"'`&-+!^".contains(c)),
        Some(first) if first.is_ascii_digit() || first == '.' => true,
        Some(_) if matches!(path, "func" | "struct" | "interface" | "map" | "chan") => false,
        Some(_) => next.is_some_and(|c| "({+-*/%|^=!<>&".contains(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::plain_calls;

    #[test]
    fn only_calls_with_values_are_renamed() {
        for (text, plain) in [
            ("x := new(f(1))", "x := ne_(f(1))"),
            ("x := new(T{1})", "x := ne_(T{1})"),
            ("x := new(3)", "x := ne_(3)"),
            ("make(n - 1)", "mak_(n - 1)"),
            ("new( \"a\" )", "ne_( \"a\" )"),
            ("new(T)", "new(T)"),
            ("new(p.T)", "new(p.T)"),
            ("new(T[int])", "new(T[int])"),
            ("new(struct{})", "new(struct{})"),
            ("make(map[string]int, n)", "make(map[string]int, n)"),
            ("make([]int, 3)", "make([]int, 3)"),
            ("new(*T)", "new(*T)"),
            ("renew(f(1))", "renew(f(1))"),
            ("new(", "new("),
        ] {
            assert_eq!(plain_calls(text), plain);
        }
    }
}
