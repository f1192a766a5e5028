//! Statements: headers belong to the block around, suites that may be skipped are blocks.

use super::{BlockKind, Kind, Lines, Walker, field_of, lines_of, tag};
use tree_sitter::{Node, TreeCursor};

impl Walker<'_> {
    /// The statements of a suite, if it has any.
    pub(super) fn statements_of<'t>(&self, suite: Node<'t>) -> Option<Node<'t>> {
        let mut walk = suite.walk();
        let list = suite.children(&mut walk).find(|child| self.kind_of(*child) == Kind::StatementList)?;
        let mut walk = list.walk();
        let does = |child: Node<'_>| !matches!(self.kind_of(child), Kind::Comment | Kind::Layout | Kind::Empty);
        list.children(&mut walk).any(does).then_some(list)
    }

    /// A suite that may be skipped.
    pub(super) fn branch(&mut self, c: &mut TreeCursor<'_>, id: impl FnOnce(&mut Self) -> String) {
        let suite = c.node();
        let id = id(self);
        self.block_of(c, id, BlockKind::Branch);
        let own = self.statements_of(suite).map(lines_of);
        let inner = own.and_then(|own| self.alone(own, suite));
        if let (Some(gap), Some(gaps)) = (inner, self.gaps.last_mut()) {
            gaps.push(gap);
        }
    }

    /// Makes a block of a suite, in a scope of its own; in the form around stands a placeholder.
    pub(super) fn block_of(&mut self, c: &mut TreeCursor<'_>, id: String, kind: BlockKind) {
        let own = self.statements_of(c.node()).map(lines_of);
        let lines = self.extent(c.node());
        let block = self.push_block(id, kind, lines);
        self.out.blocks[block as usize].trivial = own.is_none();
        self.scopes.push();
        self.within(block, own, |w| w.suite(c));
        self.scopes.pop();
        self.canon.text(tag::SUITE, b"");
    }

    /// The lines of a suite or a case: to its brace, last statement, or colon. The empty lines after a case are part of its node.
    fn extent(&self, suite: Node<'_>) -> Lines {
        let mut walk = suite.walk();
        let inner = |child: &Node<'_>| !matches!(self.kind_of(*child), Kind::Comment) && !child.byte_range().is_empty();
        let ends = |child: Node<'_>| match self.kind_of(child) {
            Kind::StatementList => {
                let mut walk = child.walk();
                let last = child.named_children(&mut walk).filter(inner).last();
                last.map(|last| lines_of(last).end)
            }
            _ => Some(lines_of(child).end),
        };
        let end = suite.children(&mut walk).filter(inner).filter_map(ends).last();
        let lines = lines_of(suite);
        Lines { start: lines.start, end: end.unwrap_or(lines.end) }
    }

    /// The statements of a suite or a case.
    pub(super) fn suite(&mut self, c: &mut TreeCursor<'_>) {
        self.each(c, |w, c, kind| match kind {
            Kind::StatementList => w.children(c),
            Kind::Error => w.unknown(c.node(), "a syntax error"),
            _ => {}
        });
    }

    /// The lines of a suite's statements that it does not share with its brace or colon.
    fn alone(&self, own: Lines, suite: Node<'_>) -> Option<Lines> {
        let mut walk = suite.walk();
        let (mut lines, mut before) = (own, true);
        for child in suite.children(&mut walk) {
            let (first, last) = (child.start_position().row as u32 + 1, child.end_position().row as u32 + 1);
            match self.kind_of(child) {
                Kind::StatementList => before = false,
                Kind::Comment => {}
                _ if before => lines.start = lines.start.max(last + 1),
                _ => lines.end = lines.end.min(first - 1),
            }
        }
        (lines.start <= lines.end).then_some(lines)
    }

    pub(super) fn if_(&mut self, c: &mut TreeCursor<'_>) {
        let fields = self.fields();
        let id = self.branch_id("if");
        self.canon.open(tag::IF);
        let (mut height, mut more) = (0u32, true);
        while more {
            self.scopes.push();
            more = false;
            self.each(c, |w, c, kind| {
                let field = field_of(c);
                if field == fields.initializer {
                    w.tagged(c, tag::INITIALIZER);
                } else if field == fields.condition {
                    w.tagged(c, tag::CONDITION);
                } else if field == fields.consequence {
                    let suffix = if height == 0 { String::new() } else { format!(".elif[{}]", height - 1) };
                    w.branch(c, |_| format!("{id}{suffix}"));
                } else if field == fields.alternative && kind == Kind::If {
                    more = true;
                } else if field == fields.alternative {
                    w.canon.text(tag::ELSE, b"");
                    w.branch(c, |_| format!("{id}.else"));
                } else if kind == Kind::Error {
                    w.unknown(c.node(), "a syntax error");
                }
            });
            if more {
                height += 1;
                descend(c, fields.alternative);
            }
        }
        for _ in 0..height {
            c.goto_parent();
        }
        (0..=height).for_each(|_| self.scopes.pop());
        self.canon.close();
    }

    pub(super) fn for_(&mut self, c: &mut TreeCursor<'_>) {
        let body = self.fields().body;
        self.canon.open(tag::FOR);
        self.scopes.push();
        self.each(c, |w, c, kind| match kind {
            Kind::Layout | Kind::Token => {}
            Kind::ForClause => w.for_clause(c),
            Kind::RangeClause => w.declaring(c),
            _ if field_of(c) == body => w.branch(c, |w| w.branch_id("for")),
            _ => w.tagged(c, tag::CONDITION),
        });
        self.scopes.pop();
        self.canon.close();
    }

    fn for_clause(&mut self, c: &mut TreeCursor<'_>) {
        let fields = self.fields();
        self.each(c, |w, c, kind| {
            let field = field_of(c);
            if field == fields.initializer {
                w.tagged(c, tag::INITIALIZER);
            } else if field == fields.condition {
                w.tagged(c, tag::CONDITION);
            } else if field == fields.update {
                w.tagged(c, tag::UPDATE);
            } else if kind == Kind::Error {
                w.unknown(c.node(), "a syntax error");
            }
        });
    }

    /// `switch` of both kinds, and `select`.
    pub(super) fn switch(&mut self, c: &mut TreeCursor<'_>, kind: Kind) {
        let fields = self.fields();
        let (word, tag) = match kind {
            Kind::Select => ("select", tag::SELECT),
            Kind::TypeSwitch => ("switch", tag::TYPE_SWITCH),
            _ => ("switch", tag::SWITCH),
        };
        let id = self.branch_id(word);
        self.canon.open(tag);
        self.scopes.push();
        let (mut cases, mut alias) = (0u32, None);
        self.each(c, |w, c, kind| {
            let field = field_of(c);
            match kind {
                Kind::Layout | Kind::Token => {}
                Kind::ExpressionCase | Kind::TypeCase | Kind::CommunicationCase | Kind::DefaultCase => {
                    w.case(c, kind, &format!("{id}.case[{cases}]"), alias);
                    cases += 1;
                }
                _ if field == fields.initializer => w.tagged(c, tag::INITIALIZER),
                _ if field == fields.alias => {
                    alias = w.first(c.node());
                    let name = alias.map_or("", |alias| w.node_text(alias));
                    w.canon.text(tag::NAME, name.as_bytes());
                }
                _ => w.tagged(c, tag::VALUE),
            }
        });
        self.scopes.pop();
        self.canon.close();
    }

    fn case(&mut self, c: &mut TreeCursor<'_>, kind: Kind, id: &str, alias: Option<Node<'_>>) {
        self.canon.open(if kind == Kind::DefaultCase { tag::DEFAULT } else { tag::CASE });
        self.scopes.push();
        self.each(c, |w, c, kind| {
            if !matches!(kind, Kind::StatementList | Kind::Layout | Kind::Token) {
                w.node(c);
            }
        });
        if let Some(alias) = alias {
            self.declare(alias);
        }
        self.branch(c, |_| id.to_owned());
        self.scopes.pop();
        self.canon.close();
    }

    /// A statement or clause that declares names by `:=`: they are in scope when it ends.
    pub(super) fn declaring(&mut self, c: &mut TreeCursor<'_>) {
        let fields = self.fields();
        let mut walk = c.node().walk();
        let defines = c.node().children(&mut walk).any(|child| self.node_text(child) == ":=");
        let mut declared = Vec::new();
        self.canon.text(tag::TOKEN, if defines { b":=" } else { b"=" });
        self.each(c, |w, c, kind| {
            let field = field_of(c);
            if field == fields.left && defines {
                w.canon.open(tag::LEFT);
                let mut walk = c.node().walk();
                for name in c.node().named_children(&mut walk) {
                    if w.kind_of(name) != Kind::Comment {
                        w.canon.text(tag::NAME, w.node_text(name).as_bytes());
                        declared.push(name);
                    }
                }
                w.canon.close();
            } else if field == fields.left {
                w.tagged(c, tag::LEFT);
            } else if field == fields.right {
                w.tagged(c, tag::RIGHT);
            } else if kind == Kind::Error {
                w.unknown(c.node(), "a syntax error");
            }
        });
        declared.into_iter().for_each(|name| self.declare(name));
    }

    /// Variables and constants of a function: in scope when their spec ends.
    pub(super) fn local_spec(&mut self, c: &mut TreeCursor<'_>, tag: u8) {
        self.canon.open(tag);
        let declared = self.bound_names(c);
        self.typed_values(c);
        self.canon.close();
        declared.into_iter().for_each(|name| self.scopes.declare(name));
    }

    /// Constants of a function; where they count by `iota`, with their places in the group.
    pub(super) fn local_constants(&mut self, c: &mut TreeCursor<'_>) {
        let (mut position, mut counts) = (0u32, false);
        self.each(c, |w, c, kind| match kind {
            Kind::ConstSpec => {
                w.counts = false;
                w.local_spec(c, tag::CONST);
                if w.child(c.node(), w.fields().value).is_some() {
                    counts = w.counts;
                }
                if counts {
                    w.canon.text(tag::POSITION, &position.to_le_bytes());
                }
                position += 1;
            }
            Kind::Token => {}
            _ => w.node(c),
        });
    }

    /// A type of a function is in scope in its own declaration.
    pub(super) fn local_type(&mut self, c: &mut TreeCursor<'_>, kind: Kind) {
        if let Some(name) = self.child(c.node(), self.fields().name) {
            self.declare(name);
        }
        self.scopes.push();
        self.type_spec(c, kind);
        self.scopes.pop();
    }

    pub(super) fn type_spec(&mut self, c: &mut TreeCursor<'_>, kind: Kind) {
        let fields = self.fields();
        self.canon.open(if kind == Kind::TypeAlias { tag::ALIAS } else { tag::TYPE });
        self.each(c, |w, c, kind| {
            let field = field_of(c);
            if field == fields.name {
                w.canon.text(tag::NAME, w.node_text(c.node()).as_bytes());
            } else if field == fields.type_parameters {
                w.type_parameters(c);
            } else if field == fields.r#type {
                w.node(c);
            } else if kind == Kind::Error {
                w.unknown(c.node(), "a syntax error");
            }
        });
        self.canon.close();
    }

    pub(super) fn tagged(&mut self, c: &mut TreeCursor<'_>, tag: u8) {
        self.canon.open(tag);
        self.node(c);
        self.canon.close();
    }

    pub(super) fn declare(&mut self, name: Node<'_>) {
        if let Some(name) = self.local_name(name) {
            self.scopes.declare(name);
        }
    }
}

/// Goes to the child in a field.
fn descend(c: &mut TreeCursor<'_>, field: u16) {
    if !c.goto_first_child() {
        return;
    }
    while field_of(c) != field {
        if !c.goto_next_sibling() {
            return;
        }
    }
}
