//! Colours in a table whose layout knows none: cells are marked with characters without width, and painted when they are in place.

/// Those of the eight bright colours that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Worse.
    Red = 9,
    /// Better.
    Green = 10,
    /// Without a value.
    Yellow = 11,
}

/// Where the text of a coloured cell begins, one for each colour, and where it ends: invisible operators, which names do not have.
const BEGIN: [(char, Colour); 3] =
    [('\u{2061}', Colour::Red), ('\u{2062}', Colour::Green), ('\u{2063}', Colour::Yellow)];
const END: char = '\u{2064}';

/// The text of a cell that is to be painted.
pub fn marked(text: &str, colour: Colour) -> String {
    let begin = BEGIN.iter().find(|(_, of)| *of == colour).map(|(mark, _)| *mark);
    begin.into_iter().chain(text.chars()).chain([END]).collect()
}

/// A line of the table with its marked cells painted, each with the blanks before it, and the last one to the line's end.
pub fn painted(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if let Some((_, colour)) = BEGIN.iter().find(|(mark, _)| *mark == c) {
            let before = text.trim_end_matches(' ').len();
            text.insert_str(before, &format!("\u{1b}[38;5;{}m", *colour as u8));
        } else if c == END {
            if rest.as_str().trim_end().is_empty() {
                text.extend(rest.by_ref());
            }
            text.push_str("\u{1b}[39m");
        } else {
            text.push(c);
        }
    }
    text
}
