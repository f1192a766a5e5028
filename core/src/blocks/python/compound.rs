//! Compound statements: their headers belong to the block around, suites that may be skipped are blocks.

use super::cursor::Cursor;
use super::kind::Kind;
use super::scope::Binding;
use super::{Walker, lines_of, tag};
use crate::blocks::{BlockKind, DefinitionKind};
use crate::source::Lines;
use tree_sitter::Node;

impl Walker<'_> {
    /// A suite that may be skipped: a block of its own, a placeholder in the form around it.
    fn branch(&mut self, c: &mut Cursor<'_>, id: String) {
        let lines = lines_of(c.node());
        let outer = self.block;
        let block = self.push_block(id, BlockKind::Branch, lines);
        self.block = block;
        let item = if self.import_time() { self.item } else { super::Item::Block(block) };
        let mut trivial = false;
        let checksum = self.checksum_of(|w| w.with_item(item, |w| trivial = w.suite(c, false)));
        self.block = outer;
        self.out.blocks[block as usize].checksum = checksum;
        self.out.blocks[block as usize].trivial = trivial;
        self.canon.leaf(tag::SUITE);
    }

    /// Part of a compound statement's header: a definition of its own while importing.
    pub(super) fn header(&mut self, lines: Lines, f: impl FnOnce(&mut Self)) {
        if self.import_time() {
            self.define(DefinitionKind::Guard, lines, f);
        } else {
            f(self);
            self.own(lines, None);
        }
    }

    /// Ends a compound statement that began when `first` definitions existed. Its guards decide which of its
    /// definitions are evaluated, so they bind what those bind; with `all`, so does each definition in
    /// the range `raising` (a `try` body that may stop anywhere).
    pub(super) fn spread_bindings(&mut self, first: usize, raising: Option<std::ops::Range<usize>>) {
        if first == self.out.definitions.len() {
            return;
        }
        let root = self.out.blocks[self.block as usize].root;
        let inside = &self.out.definitions[first..];
        let in_root = |d: &&crate::blocks::Definition| self.out.blocks[d.scope as usize].root == root;
        let mut names: Vec<_> = inside.iter().filter(in_root).flat_map(|d| d.binds.iter().copied()).collect();
        names.sort_unstable();
        names.dedup();
        let effect = inside.iter().filter(in_root).any(|d| d.effect);
        for (i, definition) in self.out.definitions.iter_mut().enumerate().skip(first) {
            let own = definition.scope == self.block && definition.kind == DefinitionKind::Guard;
            let raises = raising.as_ref().is_some_and(|r| r.contains(&i))
                && self.out.blocks[definition.scope as usize].root == root;
            if own || raises {
                definition.binds.clone_from(&names);
                definition.effect |= effect && own;
            }
        }
    }

    pub(super) fn if_(&mut self, c: &mut Cursor<'_>) {
        let first = self.out.definitions.len();
        let n = self.ordinal("if");
        let id = format!("{}/if[{n}]", self.out.blocks[self.block as usize].id);
        self.canon.open(tag::IF);
        let mut arms = 0;
        self.if_arms(c, &id, &mut arms);
        self.canon.close();
        self.spread_bindings(first, None);
    }

    /// The arms of an `if`; an `else` that holds nothing but another `if` is an `elif`, as in Python's syntax.
    fn if_arms(&mut self, c: &mut Cursor<'_>, id: &str, arms: &mut u32) {
        let start = c.node().start_position().row as u32 + 1;
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Colon => {}
            Kind::Elif => w.if_arms(c, id, arms),
            Kind::Else => w.else_arm(c, id, arms),
            Kind::Block => {
                let suffix = if *arms == 0 { String::new() } else { format!(".elif[{}]", *arms - 1) };
                *arms += 1;
                w.branch(c, format!("{id}{suffix}"));
            }
            _ => {
                let lines = Lines { start, end: lines_of(c.node()).end };
                w.header(lines, |w| {
                    w.expression(c);
                });
            }
        });
    }

    fn else_arm(&mut self, c: &mut Cursor<'_>, id: &str, arms: &mut u32) {
        self.each(c, |w, c, kind| {
            if kind != Kind::Block {
                return;
            }
            let only = only_statement(c.node()).filter(|n| w.kind_of(*n) == Kind::If);
            if only.is_some() {
                w.nested(c, |w, c| {
                    w.each(c, |w, c, kind| {
                        if kind == Kind::If {
                            w.if_arms(c, id, arms)
                        }
                    })
                });
            } else {
                w.canon.leaf(tag::ELSE);
                w.branch(c, format!("{id}.else"));
            }
        });
    }

    pub(super) fn loop_(&mut self, c: &mut Cursor<'_>, kind: Kind) {
        let first = self.out.definitions.len();
        let is_for = kind == Kind::For;
        let name = if is_for { "for" } else { "while" };
        let n = self.ordinal(name);
        let id = format!("{}/{name}[{n}]", self.out.blocks[self.block as usize].id);
        let is_async = self.is_async(c.node());
        self.canon.open(match (kind, is_async) {
            (Kind::For, false) => tag::FOR,
            (Kind::For, true) => tag::ASYNC_FOR,
            _ => tag::WHILE,
        });
        let left = self.grammar.fields.left;
        let start = c.node().start_position().row as u32 + 1;
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Colon => {}
            Kind::Block => w.branch(c, id.clone()),
            Kind::Else => w.alternative(c, &id),
            _ => {
                let lines = Lines { start, end: lines_of(c.node()).end };
                w.header(lines, |w| {
                    w.operates |= is_for;
                    if c.field() == left {
                        w.target(c);
                    } else {
                        w.expression(c);
                    }
                });
            }
        });
        self.canon.close();
        self.spread_bindings(first, None);
    }

    /// The `else` of a loop or `try`.
    fn alternative(&mut self, c: &mut Cursor<'_>, id: &str) {
        self.canon.leaf(tag::ELSE);
        self.each(c, |w, c, kind| {
            if kind == Kind::Block {
                w.branch(c, format!("{id}.else"));
            }
        });
    }

    pub(super) fn try_(&mut self, c: &mut Cursor<'_>) {
        let first = self.out.definitions.len();
        let n = self.ordinal("try");
        let id = format!("{}/try[{n}]", self.out.blocks[self.block as usize].id);
        let outer_guard = self.guarded;
        let (mut handlers, mut body_end) = (0, first);
        let catches = self.catches_import_error(c.node());
        self.canon.open(tag::TRY);
        self.own_token_line(c.node());
        self.each(c, |w, c, kind| match kind {
            Kind::Block => {
                w.guarded |= catches;
                w.canon.open(tag::SUITE);
                w.suite(c, false);
                w.canon.close();
                w.guarded = outer_guard;
                body_end = w.out.definitions.len();
            }
            Kind::Except => {
                w.except(c, format!("{id}.except[{handlers}]"));
                handlers += 1;
            }
            Kind::Else => w.alternative(c, &id),
            Kind::Finally => {
                w.canon.open(tag::FINALLY);
                w.own_token_line(c.node());
                w.each(c, |w, c, kind| {
                    if kind == Kind::Block {
                        w.suite(c, false);
                    }
                });
                w.canon.close();
            }
            _ => {}
        });
        self.canon.close();
        self.spread_bindings(first, (handlers > 0).then_some(first..body_end));
    }

    /// The line of a keyword that has nothing to evaluate still belongs to the block around it.
    fn own_token_line(&mut self, node: Node<'_>) {
        let line = node.start_position().row as u32 + 1;
        self.own(Lines { start: line, end: line }, None);
    }

    fn catches_import_error(&self, node: Node<'_>) -> bool {
        let mut walk = node.walk();
        node.named_children(&mut walk).filter(|n| n.kind() == "except_clause").any(|n| {
            match n.child_by_field_id(self.grammar.fields.value) {
                None => true,
                Some(value) => ["ImportError", "ModuleNotFoundError", "Exception"]
                    .iter()
                    .any(|e| self.node_text(value).contains(e)),
            }
        })
    }

    fn except(&mut self, c: &mut Cursor<'_>, id: String) {
        let fields = self.grammar.fields;
        let star = c.node().child(1).is_some_and(|n| n.kind() == "*");
        let start = c.node().start_position().row as u32 + 1;
        let (mut values, mut end) = (0, start);
        self.each(c, |_, c, kind| {
            if kind != Kind::Comma && c.field() == fields.value {
                (values, end) = (values + 1, lines_of(c.node()).end);
            }
        });
        self.canon.open(if star { tag::EXCEPT_STAR } else { tag::EXCEPT });
        self.own_token_line(c.node());
        if values > 1 {
            self.header(Lines { start, end }, |w| w.handled_tuple(c));
        }
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Colon | Kind::Comma => {}
            Kind::Block => w.branch(c, id.clone()),
            _ if values > 1 && c.field() == fields.value => {}
            _ => {
                let field = c.field();
                let lines = Lines { start, end: lines_of(c.node()).end };
                w.header(lines, |w| w.handled(c, field == fields.alias));
            }
        });
        self.canon.close();
    }

    /// `except A, B:` catches the tuple of both.
    fn handled_tuple(&mut self, c: &mut Cursor<'_>) {
        let value = self.grammar.fields.value;
        self.canon.open(tag::TUPLE);
        self.each(c, |w, c, kind| {
            if kind != Kind::Comma && c.field() == value {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    /// What a handler catches (`E`, `E as name` in either shape the grammar gives it).
    fn handled(&mut self, c: &mut Cursor<'_>, is_alias: bool) {
        match c.kind() {
            Kind::Identifier if is_alias => {
                let name = self.identifier(c.node());
                self.emit_name(tag::PATTERN_CAPTURE, name);
                self.bind(name, Binding::Other);
            }
            Kind::AsPattern => self.as_target(c, tag::PATTERN_CAPTURE),
            _ => {
                self.expression(c);
            }
        }
    }

    /// `value as target`.
    pub(super) fn as_target(&mut self, c: &mut Cursor<'_>, tag_: u8) {
        self.each(c, |w, c, kind| match kind {
            Kind::Token => {}
            Kind::AsPatternTarget => w.each(c, |w, c, kind| match kind {
                Kind::Identifier if tag_ == tag::PATTERN_CAPTURE => {
                    let name = w.identifier(c.node());
                    w.emit_name(tag_, name);
                    w.bind(name, Binding::Other);
                }
                Kind::Token => {}
                _ => w.target(c),
            }),
            _ => {
                w.expression(c);
            }
        });
    }

    pub(super) fn match_(&mut self, c: &mut Cursor<'_>) {
        let first = self.out.definitions.len();
        let n = self.ordinal("match");
        let id = format!("{}/match[{n}]", self.out.blocks[self.block as usize].id);
        let lines =
            Lines { start: c.node().start_position().row as u32 + 1, end: c.node().start_position().row as u32 + 1 };
        let subject = self.grammar.fields.subject;
        self.canon.open(tag::MATCH);
        let mut commas = 0;
        self.each(c, |_, _, kind| commas += u32::from(kind == Kind::Comma));
        self.header(lines, |w| {
            if commas > 0 {
                w.canon.open(tag::TUPLE);
            }
            w.each(c, |w, c, kind| {
                if kind != Kind::Comma && c.field() == subject {
                    w.expression(c);
                }
            });
            if commas > 0 {
                w.canon.close();
            }
        });
        let mut cases = 0;
        self.each(c, |w, c, kind| {
            if kind == Kind::Block {
                w.each(c, |w, c, kind| {
                    if kind == Kind::CaseClause {
                        w.case(c, format!("{id}.case[{cases}]"));
                        cases += 1;
                    }
                });
            }
        });
        self.canon.close();
        self.spread_bindings(first, None);
    }

    fn case(&mut self, c: &mut Cursor<'_>, id: String) {
        let start = c.node().start_position().row as u32 + 1;
        let (mut patterns, mut commas) = (0, 0);
        self.each(c, |_, _, kind| {
            patterns += u32::from(kind == Kind::CasePattern);
            commas += u32::from(kind == Kind::Comma);
        });
        let sequence = patterns > 1 || commas > 0;
        self.canon.open(tag::CASE);
        let end = lines_of(c.node()).end.min(start);
        self.header(Lines { start, end }, |w| {
            if sequence {
                w.canon.open(tag::PATTERN_SEQUENCE);
            }
            w.each(c, |w, c, kind| {
                if kind == Kind::CasePattern {
                    w.pattern(c)
                }
            });
            if sequence {
                w.canon.close();
            }
            w.each(c, |w, c, kind| {
                if kind == Kind::IfClause {
                    w.sequence(c, tag::GUARD)
                }
            });
        });
        self.each(c, |w, c, kind| {
            if kind == Kind::Block {
                w.branch(c, id.clone())
            }
        });
        self.canon.close();
    }
}

/// The one statement of a suite, if it has just one.
fn only_statement(block: Node<'_>) -> Option<Node<'_>> {
    let mut walk = block.walk();
    let mut statements = block.named_children(&mut walk).filter(|n| !n.is_extra());
    let only = statements.next()?;
    statements.next().is_none().then_some(only)
}
