//! The statements of a module and of its classes as they were read, for the next reading of the edited text.

use super::cursor::Cursor;
use super::fragment::{Fragment, Mark, Step};
use super::splice::{Shift, Splice, starts_line};
use super::{BlockKind, FileBlocks, Name, Options, Walker, grammar, parse, unparsed, walk};
use crate::blocks::names::Names;
use tree_sitter::Node;

/// A text without errors as it was read.
#[derive(Debug)]
pub(in crate::blocks) struct Reading {
    pub(super) text: String,
    /// In source order, a class before its own.
    pub(super) statements: Vec<Statement>,
    /// Names of this and earlier readings, which fragments go by.
    names: Names,
    last_line: u32,
}

/// A statement of a module or class, with those that stand in the same line.
#[derive(Debug)]
pub(super) struct Statement {
    /// In how many classes it stands.
    pub(super) depth: usize,
    /// Where its first line starts, and where in it the statement does.
    pub(super) start: usize,
    pub(super) first: usize,
    pub(super) line: u32,
    fragment: Fragment,
}

/// The part of the walk that remembers statements, and takes over remembered ones.
#[derive(Debug, Default)]
pub(super) struct Memo {
    statements: Vec<Statement>,
    /// The suites being read whose statements are remembered, outermost first.
    suites: Vec<Suite>,
    /// What was done with names of scopes, by the place of the scope in the stack.
    pub(super) steps: Vec<(usize, Name, Step)>,
    kept: Option<Kept>,
    /// Something was read that cannot be remembered, or taken over that does not fit.
    failed: bool,
}

/// A suite whose statements are remembered.
#[derive(Debug)]
struct Suite {
    /// The statement being read and where it began.
    open: Option<(usize, Mark)>,
    /// Whether the present statement is what `open` began with.
    alone: bool,
    /// Whether it begins with a statement that stands in the line of something else.
    begins_inline: bool,
    /// Whether it goes on with statements that are taken over.
    spliced: bool,
}

/// Statements to be taken over from another reading.
#[derive(Debug)]
struct Kept {
    rest: std::vec::IntoIter<Statement>,
    /// How many of them are gone.
    passed: usize,
    splice: Splice,
    /// Of the module and each class around the part: its last line, should statements follow the part in it.
    last_lines: Vec<u32>,
    /// Id of the class that is entered next.
    class_id: String,
    /// Spliced suites opened so far.
    opened: usize,
    /// Whether the statement in the place of the next was met where it belongs.
    met_end: bool,
}

/// How a suite is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Remembering {
    /// Its statements are not remembered.
    No,
    /// They are.
    Yes,
    /// They are, and some were taken over already.
    Continued,
}

/// The analysis of `text`, which replaces the one of `reading`; most of it is taken over where the two are alike.
/// A text that nothing can be taken over from leaves `reading` as it is, for the next one.
pub(in crate::blocks) fn analyse_again(text: &str, options: &Options, reading: &mut Option<Reading>) -> FileBlocks {
    if let Some(blocks) = read_part(text, options, reading) {
        return blocks;
    }
    let Some(tree) = parse(text, &[]) else { return unparsed() };
    if tree.root_node().has_error() {
        return walk(text, &tree, options);
    }
    let mut walker = Walker::new(text, grammar(), options);
    walker.names.start_log();
    walker.memo = Some(Memo::default());
    walker.module(&mut Cursor::new(&tree, walker.grammar));
    let (blocks, remembered) = walker.finish();
    if let Some(new) = remembered.and_then(|(memo, names)| Reading::new(text, memo, names, &blocks)) {
        *reading = Some(new);
    }
    blocks
}

/// `None` where all of it has to be read.
pub(super) fn read_part(text: &str, options: &Options, reading: &mut Option<Reading>) -> Option<FileBlocks> {
    let mut splice = Splice::new(reading.as_ref()?, text)?;
    let tree = parse(&splice.text, &splice.ranges).filter(|tree| !tree.root_node().has_error())?;
    let before = reading.take()?;
    let part = std::mem::take(&mut splice.text);
    let mut walker = Walker::new(&part, grammar(), options);
    walker.names = before.names;
    walker.names.start_log();
    let last_lines = vec![splice.shift.line(before.last_line)];
    let rest = before.statements.into_iter();
    let kept = Kept { rest, passed: 0, splice, last_lines, class_id: String::new(), opened: 0, met_end: false };
    walker.memo = Some(Memo { kept: Some(kept), ..Memo::default() });
    walker.module(&mut Cursor::new(&tree, walker.grammar));
    if !walker.memo.as_ref().is_some_and(Memo::took_all) {
        return None;
    }
    let (blocks, remembered) = walker.finish();
    let (memo, names) = remembered?;
    *reading = Some(Reading::new(text, memo, names, &blocks)?);
    Some(blocks)
}

impl Reading {
    /// `None` where something cannot be taken over from it.
    fn new(text: &str, memo: Memo, names: Names, blocks: &FileBlocks) -> Option<Reading> {
        // Names that no text holds any more are only forgotten with all others.
        let crowded = names.len() > 2 * blocks.names.len() + 1024;
        if memo.failed || crowded || !blocks.diagnostics.is_empty() {
            return None;
        }
        let last_line = blocks.blocks.first()?.lines.end;
        Some(Reading { text: text.to_owned(), statements: memo.statements, names, last_line })
    }
}

impl Memo {
    /// Whether everything was put where it belongs.
    fn took_all(&self) -> bool {
        let complete = |kept: &Kept| {
            kept.rest.as_slice().is_empty()
                && kept.opened > kept.splice.classes.len()
                && kept.met_end == kept.splice.depth_after.is_some()
        };
        !self.failed && self.kept.as_ref().is_none_or(complete)
    }

    fn next_kept(&mut self, wanted: impl FnOnce(&Kept, &Statement) -> bool) -> Option<Statement> {
        let kept = self.kept.as_mut()?;
        let next = kept.rest.as_slice().first()?;
        if !wanted(kept, next) {
            return None;
        }
        kept.passed += 1;
        kept.rest.next()
    }
}

impl Kept {
    /// How many statements stand before what is read of the spliced suite `level`.
    fn before(&self, level: usize) -> usize {
        self.splice.classes.get(level).copied().unwrap_or(self.splice.replaced.start)
    }

    /// Passes over what is read anew where suite `level` goes on: the class that the part stands in, or what it replaces.
    fn pass(&mut self, level: usize) {
        if level < self.splice.classes.len() {
            let class = self.rest.next();
            self.passed += 1;
            if let Some((id, last_line)) = class.as_ref().and_then(|class| class.fragment.first_block(class.line)) {
                self.class_id = id.to_owned();
                self.last_lines.push(self.splice.shift.line(last_line));
            }
        } else {
            let replaced = self.splice.replaced.len();
            self.rest.by_ref().take(replaced).for_each(drop);
            self.passed += replaced;
        }
    }
}

impl Walker<'_> {
    /// Before the statements of a suite, `body` if it is a module's or definition's: takes over those before the part.
    pub(super) fn open_suite(&mut self, body: bool) -> Remembering {
        let Some(memo) = &mut self.memo else { return Remembering::No };
        let level = memo.suites.len();
        let block = &self.out.blocks[self.block as usize];
        let of_class = memo.suites.last().is_none_or(|suite| suite.alone && block.kind == BlockKind::Class);
        if !body || self.depth as usize != level || !of_class {
            return Remembering::No;
        }
        let spliced = memo.kept.as_ref().is_some_and(|kept| kept.opened <= kept.splice.classes.len());
        memo.suites.push(Suite { open: None, alone: false, begins_inline: false, spliced });
        let Some(kept) = memo.kept.as_mut().filter(|_| spliced) else { return Remembering::Yes };
        memo.failed |= kept.opened != level || level > 0 && block.id != kept.class_id;
        kept.opened += 1;
        let count = memo.statements.len();
        self.take_over(level, Shift::default(), |kept, _| kept.passed < kept.before(level));
        let Some(memo) = &mut self.memo else { return Remembering::No };
        if let Some(kept) = &mut memo.kept {
            kept.pass(level);
        }
        if memo.statements.len() > count { Remembering::Continued } else { Remembering::Yes }
    }

    /// Before a statement of a suite that is remembered. False where it only stands for the one after the part.
    pub(super) fn open_statement(&mut self, node: Node<'_>) -> bool {
        let (first, place) = (node.start_byte(), node.start_position());
        let Some(memo) = &mut self.memo else { return true };
        let depth = memo.suites.len() - 1;
        if let Some(kept) = memo.kept.as_mut().filter(|kept| kept.splice.end_mark == first) {
            let begun = memo.statements.last().is_some_and(|statement| statement.depth >= depth);
            let belongs = kept.splice.depth_after == Some(depth) && memo.suites[depth].spliced && begun;
            (kept.met_end, memo.failed) = (true, memo.failed || !belongs);
            return false;
        }
        let starts = starts_line(self.text, first);
        let suite = &mut memo.suites[depth];
        suite.alone = starts;
        suite.begins_inline |= !starts && suite.open.is_none();
        // All of a suite is remembered or nothing.
        memo.failed |= starts && suite.begins_inline;
        // A class that is gone through again does not bring what stands behind it in its last line.
        let behind_class = suite.open.as_ref().is_some_and(|(number, _)| memo.statements.len() > number + 1);
        memo.failed |= !starts && behind_class;
        if starts {
            self.close_statement();
            let line = place.row as u32 + 1;
            let mark = self.mark(line);
            if let Some(memo) = &mut self.memo {
                memo.suites[depth].open = Some((memo.statements.len(), mark));
                let (start, fragment) = (first - place.column, Fragment::default());
                memo.statements.push(Statement { depth, start, first, line, fragment });
            }
        }
        true
    }

    /// After the statements of a suite that is remembered: takes over those after the part.
    pub(super) fn close_suite(&mut self) {
        self.close_statement();
        let declares = self.scopes.last().is_some_and(|own| !own.globals.is_empty() || !own.nonlocals.is_empty());
        let Some(memo) = &mut self.memo else { return };
        memo.failed |= declares;
        let level = memo.suites.len() - 1;
        let goes_on = memo.suites.pop().is_some_and(|suite| suite.spliced);
        let Some(kept) = memo.kept.as_ref().filter(|_| goes_on) else { return };
        if kept.splice.depth_after.is_none_or(|depth| depth < level) {
            return;
        }
        memo.failed |= !kept.met_end;
        if let Some(&last_line) = kept.last_lines.get(level) {
            self.out.blocks[self.block as usize].lines.end = last_line;
        }
        let shift = kept.splice.shift;
        self.take_over(level, shift, |_, statement| statement.depth >= level);
    }

    /// Notes what is done with a name of the scope at `place` in the stack.
    pub(super) fn note(&mut self, place: usize, name: Name, step: Step) {
        if let Some(memo) = &mut self.memo {
            memo.steps.push((place, name, step));
        }
    }

    /// Takes over the statements that are `wanted`: those of suite `level` are replayed, what stands in them is theirs.
    fn take_over(&mut self, level: usize, shift: Shift, wanted: impl Fn(&Kept, &Statement) -> bool) {
        while let Some(mut statement) = self.memo.as_mut().and_then(|memo| memo.next_kept(&wanted)) {
            statement.start = shift.byte(statement.start);
            statement.first = shift.byte(statement.first);
            statement.line = shift.line(statement.line);
            let fits = statement.depth != level || self.replay(&statement.fragment, statement.line);
            if let Some(memo) = &mut self.memo {
                memo.failed |= !fits;
                memo.statements.push(statement);
            }
        }
    }

    /// Remembers what the statement gave that was opened last in the innermost suite.
    fn close_statement(&mut self) {
        let Some(memo) = &mut self.memo else { return };
        let Some((number, mark)) = memo.suites.last_mut().and_then(|suite| suite.open.take()) else { return };
        let fragment = self.fragment_since(mark);
        let Some(memo) = &mut self.memo else { return };
        match fragment {
            Some(fragment) => memo.statements[number].fragment = fragment,
            None => memo.failed = true,
        }
    }
}
