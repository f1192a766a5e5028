//! What of an edited text has to be read anew, and that part as a text that can be parsed alone.

use super::memo::{Reading, Statement};
use std::ops::Range;
use tree_sitter::Point;

/// A part of a text that is read anew among statements that are as they were.
///
/// It starts where a statement starts that the edit may have touched, and ends where the first statement starts that
/// stands behind the edit, in the suite of the first or in one around that. Numbers of statements are those of
/// [`Reading::statements`].
#[derive(Debug)]
pub(super) struct Splice {
    /// The classes around the part, outermost first: their headers are read too.
    pub(super) classes: Vec<usize>,
    /// The statements that the part replaces.
    pub(super) replaced: Range<usize>,
    /// How deep the statement after the part stands; `None` where the part goes on to the end.
    pub(super) depth_after: Option<usize>,
    /// The text up to the end of the part, and one statement in the place of the next.
    pub(super) text: String,
    /// Where that statement starts.
    pub(super) end_mark: usize,
    /// What of the text is to be parsed.
    pub(super) ranges: Vec<tree_sitter::Range>,
    /// How far the statements after the part have moved.
    pub(super) shift: Shift,
}

/// How far a statement has moved.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shift {
    bytes: isize,
    lines: i32,
}

impl Shift {
    pub(super) fn byte(self, byte: usize) -> usize {
        byte.wrapping_add_signed(self.bytes)
    }

    pub(super) fn line(self, line: u32) -> u32 {
        line.wrapping_add_signed(self.lines)
    }
}

/// What stands in the place of the statement after the part.
const NEXT: &str = "pass\n";

impl Splice {
    /// `None` where the whole text may as well be read.
    ///
    /// The first byte of the part's first statement is as it was, and so is the indentation before it: the statement
    /// before ends as it did, whatever follows, unless the part alone is an error. The statement after starts a line
    /// with the indentation that it had, so where the part ends it does not matter which statement that is.
    pub(super) fn new(before: &Reading, text: &str) -> Option<Splice> {
        let edit = Edit::between(&before.text, text);
        let all = &before.statements;
        let first = all.partition_point(|statement| statement.first < edit.start).checked_sub(1);
        let after = statement_after(all, first, &edit, text);
        let start = first.unwrap_or(0);
        let replaced = start..after.unwrap_or(all.len());
        let classes = classes_around(all, first);
        let end = after.map_or(text.len(), |next| edit.shift.byte(all[next].start));
        let (mut part, mut end_mark) = (text.get(..end)?.to_owned(), usize::MAX);
        if let Some(next) = after {
            part.push_str(text.get(end..edit.shift.byte(all[next].first))?);
            end_mark = part.len();
            part.push_str(NEXT);
        }
        let ranges = ranges(all, &classes, first);
        let parsed: usize = ranges.iter().map(|range| range.end_byte.min(part.len()) - range.start_byte).sum();
        (parsed <= text.len() / 4 * 3).then_some(Splice {
            classes,
            replaced,
            depth_after: after.map(|next| all[next].depth),
            text: part,
            end_mark,
            ranges,
            shift: edit.shift,
        })
    }
}

/// The bytes of two texts that are not the same.
struct Edit {
    start: usize,
    /// Where the old text goes on as before.
    old_end: usize,
    shift: Shift,
}

impl Edit {
    fn between(old: &str, new: &str) -> Edit {
        let (old, new) = (old.as_bytes(), new.as_bytes());
        let start = common(old.chunks(64), new.chunks(64), old.iter(), new.iter());
        let (old_rest, new_rest) = (&old[start..], &new[start..]);
        let same = common(old_rest.rchunks(64), new_rest.rchunks(64), old_rest.iter().rev(), new_rest.iter().rev());
        let lines = |part: &[u8]| part.iter().filter(|&&b| b == b'\n').count() as i32;
        let (removed, added) = (&old_rest[..old_rest.len() - same], &new_rest[..new_rest.len() - same]);
        Edit {
            start,
            old_end: old.len() - same,
            shift: Shift { bytes: new.len() as isize - old.len() as isize, lines: lines(added) - lines(removed) },
        }
    }
}

/// How many bytes are the same, chunk by chunk and then one by one.
fn common<'t>(
    chunks: impl Iterator<Item = &'t [u8]>,
    other_chunks: impl Iterator<Item = &'t [u8]>,
    bytes: impl Iterator<Item = &'t u8>,
    other_bytes: impl Iterator<Item = &'t u8>,
) -> usize {
    let whole: usize = chunks.zip(other_chunks).take_while(|(a, b)| a == b).map(|(a, _)| a.len()).sum();
    whole + bytes.zip(other_bytes).skip(whole).take_while(|(a, b)| a == b).count()
}

/// The first statement behind the edit that starts in the suite of `first` or one around that, at the start of a line.
fn statement_after(all: &[Statement], first: Option<usize>, edit: &Edit, text: &str) -> Option<usize> {
    let mut depth = first.map_or(0, |first| all[first].depth);
    let from = first.map_or(0, |first| first + 1);
    // A statement that nothing stands before may be a docstring, or have been one.
    let mut opening = first.is_none();
    for (number, statement) in all.iter().enumerate().skip(from) {
        if statement.depth > depth {
            continue;
        }
        depth = statement.depth;
        let opens = std::mem::take(&mut opening);
        if statement.start >= edit.old_end && !opens && follows_line(text, edit.shift.byte(statement.start)) {
            return Some(number);
        }
    }
    None
}

/// The classes that a statement stands in, outermost first.
fn classes_around(all: &[Statement], first: Option<usize>) -> Vec<usize> {
    let mut classes = Vec::new();
    let mut depth = first.map_or(0, |first| all[first].depth);
    for (number, statement) in all[..first.unwrap_or(0)].iter().enumerate().rev() {
        if depth == 0 {
            break;
        }
        if statement.depth < depth {
            depth = statement.depth;
            classes.push(number);
        }
    }
    classes.reverse();
    classes
}

/// The headers of `classes`, and everything from `first` on.
fn ranges(all: &[Statement], classes: &[usize], first: Option<usize>) -> Vec<tree_sitter::Range> {
    let point = |number: usize| Point { row: all[number].line as usize - 1, column: 0 };
    let mut ranges: Vec<tree_sitter::Range> = Vec::new();
    let mut add = |start_byte: usize, start_point: Point, end_byte: usize, end_point: Point| match ranges.last_mut() {
        Some(last) if last.end_byte == start_byte => (last.end_byte, last.end_point) = (end_byte, end_point),
        _ => ranges.push(tree_sitter::Range { start_byte, end_byte, start_point, end_point }),
    };
    for &class in classes {
        // The statement after a class that another one stands in is the first of that class.
        add(all[class].start, point(class), all[class + 1].start, point(class + 1));
    }
    let (start, place) = first.map_or((0, Point::default()), |first| (all[first].start, point(first)));
    let end = u32::MAX as usize;
    add(start, place, end, Point { row: end, column: end });
    ranges
}

/// Whether nothing stands before `at` in its line, and the line does not continue the one before.
pub(super) fn starts_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("").trim_end_matches([' ', '\t']);
    follows_line(text, before.len())
}

/// Whether a line starts at `at` that does not continue the one before.
fn follows_line(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("");
    let Some(lines) = before.strip_suffix('\n') else { return before.is_empty() };
    !lines.strip_suffix('\r').unwrap_or(lines).ends_with('\\')
}
