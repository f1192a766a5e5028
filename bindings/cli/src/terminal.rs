//! What the output of this process goes to.

use lightspeed::text::Look;
use std::ffi::OsStr;
use std::io::IsTerminal as _;

/// What suits the standard output of this process.
pub fn look() -> Look {
    let terminal = std::io::stdout().is_terminal();
    // Some terminals say 0 where they do not know.
    let width = || terminal_size::terminal_size().map(|(width, _)| width.0).filter(|width| *width > 0);
    Look {
        width: if terminal { width() } else { None },
        colour: wants_colour(terminal, std::env::var_os("NO_COLOR").as_deref(), std::env::var_os("TERM").as_deref()),
    }
}

/// Colours only on a terminal that has them, and not where NO_COLOR is set to anything.
fn wants_colour(terminal: bool, no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    terminal && no_color.is_none_or(OsStr::is_empty) && term.is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_that_want_them() {
        let (set, empty, dumb) = (Some(OsStr::new("1")), Some(OsStr::new("")), Some(OsStr::new("dumb")));
        assert!(wants_colour(true, None, None));
        assert!(wants_colour(true, empty, Some(OsStr::new("xterm"))));
        assert!(!wants_colour(false, None, None));
        assert!(!wants_colour(true, set, None));
        assert!(!wants_colour(true, None, dumb));
    }
}
