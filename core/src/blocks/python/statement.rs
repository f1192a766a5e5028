//! Simple statements: their form, what they bind, and which of them are definitions.

use super::cursor::Cursor;
use super::expression::is_grouping;
use super::kind::Kind;
use super::literal::Prefix;
use super::scope::{Binding, Names};
use super::{Walker, lines_of, tag};
use crate::blocks::{DefinitionKind, Mention, Name};
use crate::fingerprint::Canon;
use tree_sitter::Node;

impl Walker<'_> {
    /// The statements of a module or suite. Returns whether all of them are trivial (see `Block::trivial`).
    pub(super) fn suite(&mut self, c: &mut Cursor<'_>, may_have_docstring: bool) -> bool {
        let mut docstring = may_have_docstring && !self.options.docstrings;
        let (mut trivial, mut empty) = (true, c.kind() == Kind::Block);
        let mut layout = Layout::of(c.node(), empty);
        self.each(c, |w, c, kind| {
            if matches!(kind, Kind::Token) {
                return;
            }
            let node = c.node();
            empty = false;
            if !layout.fits(node, w.text) {
                w.unknown(node, "indentation that Python does not accept");
                return;
            }
            if std::mem::take(&mut docstring) && w.is_docstring(node, kind) {
                w.own(lines_of(node), None);
                return;
            }
            trivial = trivial && w.is_trivial(node, kind);
            w.nested(c, |w, c| w.statement(c, kind));
        });
        if empty {
            self.unknown(c.node(), "a suite without statements");
        }
        trivial
    }

    fn is_docstring(&self, node: Node<'_>, kind: Kind) -> bool {
        kind == Kind::ExpressionStatement
            && self.lone_expression(node).is_some_and(|n| match self.kind_of(n) {
                Kind::String => self.is_plain(n),
                Kind::ConcatenatedString => {
                    let mut walk = n.walk();
                    n.named_children(&mut walk).all(|n| n.kind() != "string" || self.is_plain(n))
                }
                _ => false,
            })
    }

    /// The expression that a statement is, without parentheses around it.
    fn lone_expression<'t>(&self, statement: Node<'t>) -> Option<Node<'t>> {
        let mut node = self.only_child(statement)?;
        while self.kind_of(node) == Kind::Parenthesized {
            node = self.only_child(node)?;
        }
        Some(node)
    }

    /// The one child that is no comment; a `(a,)` or `a, b` has none.
    fn only_child<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        if node.child_count() == 1 {
            return node.child(0);
        }
        let mut walk = node.walk();
        let mut found = None;
        for child in node.children(&mut walk) {
            match self.kind_of(child) {
                Kind::Extra | Kind::Token => {}
                Kind::Comma => return None,
                _ if found.is_some() => return None,
                _ => found = Some(child),
            }
        }
        found
    }

    /// A string literal without prefix letters that make it something else.
    fn is_plain(&self, string: Node<'_>) -> bool {
        let start = self.node_text(string);
        !start.bytes().take_while(u8::is_ascii_alphabetic).any(|b| matches!(b, b'f' | b'F' | b'b' | b'B' | b't' | b'T'))
    }

    fn is_trivial(&self, node: Node<'_>, kind: Kind) -> bool {
        match kind {
            Kind::Pass | Kind::Continue | Kind::Break | Kind::Global | Kind::Nonlocal => true,
            Kind::ExpressionStatement => self.is_constant_statement(node),
            _ => false,
        }
    }

    /// A statement that is a constant and does nothing; an f-string may do something.
    fn is_constant_statement(&self, node: Node<'_>) -> bool {
        self.lone_expression(node).is_some_and(|n| match self.kind_of(n) {
            Kind::Ellipsis | Kind::Integer | Kind::Float | Kind::None | Kind::True | Kind::False => true,
            Kind::String | Kind::ConcatenatedString => !self.is_formatted(n),
            _ => false,
        })
    }

    fn is_formatted(&self, string: Node<'_>) -> bool {
        let mut walk = string.walk();
        string.named_children(&mut walk).any(|n| match self.kind_of(n) {
            Kind::StringStart => Prefix::of(self.node_text(n)).format,
            Kind::String => self.is_formatted(n),
            _ => false,
        })
    }

    fn statement(&mut self, c: &mut Cursor<'_>, kind: Kind) {
        match kind {
            Kind::FunctionDefinition | Kind::ClassDefinition | Kind::DecoratedDefinition => self.definition(c),
            Kind::If => self.if_(c),
            Kind::For | Kind::While => self.loop_(c, kind),
            Kind::Try => self.try_(c),
            Kind::With => self.with(c),
            Kind::Match => self.match_(c),
            _ => self.simple(c, kind),
        }
    }

    fn simple(&mut self, c: &mut Cursor<'_>, kind: Kind) {
        let node = c.node();
        let lines = lines_of(node);
        let broken = self.has_error && node.has_error();
        let python2 = match kind {
            Kind::Print => !self.is_print_shift(node),
            _ => kind == Kind::Exec,
        };
        if broken || python2 || matches!(kind, Kind::Error | Kind::Other) {
            let what = if python2 { "a Python 2 statement" } else { "a syntax error" };
            self.unknown(node, what);
            self.own(lines, None);
            return;
        }
        let definition = if self.import_time() { self.definition_kind(node, kind) } else { None };
        match definition {
            Some(definition) => {
                self.define(definition, lines, |w| w.simple_form(c, kind));
            }
            None => {
                self.simple_form(c, kind);
                self.own(lines, None);
            }
        }
    }

    /// What kind of definition a simple statement is while its file is imported; `None` if it does nothing.
    fn definition_kind(&self, node: Node<'_>, kind: Kind) -> Option<DefinitionKind> {
        match kind {
            Kind::Pass | Kind::Global | Kind::Nonlocal | Kind::Break | Kind::Continue => None,
            Kind::Import | Kind::FutureImport => Some(DefinitionKind::Import),
            Kind::ImportFrom => {
                let mut walk = node.walk();
                let star = node.named_children(&mut walk).any(|n| self.kind_of(n) == Kind::WildcardImport);
                Some(if star { DefinitionKind::Star } else { DefinitionKind::Import })
            }
            Kind::Delete | Kind::TypeAlias => Some(DefinitionKind::Binding),
            Kind::ExpressionStatement if self.is_constant_statement(node) => None,
            Kind::ExpressionStatement => match self.lone_expression(node).map(|n| self.kind_of(n)) {
                Some(Kind::Assignment | Kind::AugmentedAssignment) => Some(DefinitionKind::Binding),
                Some(Kind::Call) if self.is_exports(node, true) => Some(DefinitionKind::Binding),
                _ => Some(DefinitionKind::Effect),
            },
            _ => Some(DefinitionKind::Effect),
        }
    }

    fn simple_form(&mut self, c: &mut Cursor<'_>, kind: Kind) {
        match kind {
            Kind::ExpressionStatement => self.expression_statement(c),
            Kind::Import => self.import(c),
            Kind::ImportFrom | Kind::FutureImport => self.import_from(c),
            Kind::Return => self.sequence(c, tag::RETURN),
            Kind::Delete => self.delete(c),
            Kind::Raise => self.raise(c),
            Kind::Assert => self.sequence(c, tag::ASSERT),
            Kind::Pass => self.canon.leaf(tag::PASS),
            Kind::Break => self.canon.leaf(tag::BREAK),
            Kind::Continue => self.canon.leaf(tag::CONTINUE),
            Kind::Global | Kind::Nonlocal => self.scope_statement(c, kind),
            Kind::TypeAlias => self.type_alias(c),
            Kind::Print => self.print_shift(c),
            _ => self.unknown(c.node(), "a statement that is not understood"),
        }
    }

    fn expression_statement(&mut self, c: &mut Cursor<'_>) {
        let exports = self.import_time() && self.is_exports(c.node(), false);
        self.exporting = exports;
        let mut commas = 0;
        if c.node().child_count() > 1 {
            self.each(c, |_, _, kind| commas += u32::from(kind == Kind::Comma));
        }
        self.canon.open(tag::EXPRESSION);
        if commas > 0 {
            self.canon.open(tag::TUPLE);
        }
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma => {}
            Kind::Assignment => w.assignment(c),
            Kind::AugmentedAssignment => w.augmented(c),
            _ => {
                w.expression(c);
            }
        });
        if commas > 0 {
            self.canon.close();
        }
        self.canon.close();
        if exports {
            let all = self.names.intern("__all__");
            self.binds.push(all);
        }
        self.exporting = false;
    }

    /// `(x): int` declares nothing, unlike `x: int`; for other targets the parentheses mean nothing.
    fn is_parenthesized_name(&self, target: Node<'_>) -> bool {
        let mut node = target;
        while self.kind_of(node) == Kind::Parenthesized || self.kind_of(node) == Kind::TuplePattern && is_grouping(node)
        {
            match self.only_child(node) {
                Some(inner) => node = inner,
                None => return false,
            }
        }
        node != target && self.kind_of(node) == Kind::Identifier
    }

    /// Whether a statement begins with `__all__`, or with an attribute of it.
    fn is_exports(&self, node: Node<'_>, attribute: bool) -> bool {
        let unwrapped = self.node_text(node).trim_start_matches(['(', ' ']);
        if !unwrapped.starts_with("__all__") {
            return false;
        }
        let (mut leaf, mut parent) = (node, Kind::Other);
        while let Some(inner) = leaf.child(0) {
            let open = inner.kind() == "(";
            parent = self.kind_of(leaf);
            leaf = if open { inner.next_sibling().unwrap_or(inner) } else { inner };
        }
        self.node_text(leaf) == "__all__" && (!attribute || parent == Kind::Attribute)
    }

    fn assignment(&mut self, c: &mut Cursor<'_>) {
        let node = c.node();
        let start = self.canon.len();
        self.canon.open(tag::ASSIGN);
        let mut first = true;
        self.each(c, |w, c, kind| {
            if std::mem::take(&mut first) {
                w.assigned(c);
            } else if kind == Kind::Colon {
                let parenthesized = node.child(0).is_some_and(|n| w.is_parenthesized_name(n));
                w.canon.retag(start, if parenthesized { tag::ANNOTATED_PARENTHESIZED } else { tag::ANNOTATED });
            } else if matches!(kind, Kind::Assignment) {
                w.nested(c, Walker::assignment);
            } else if kind != Kind::Token {
                w.spreads |= kind == Kind::Call && w.class_scope();
                w.expression(c);
            }
        });
        self.canon.close();
    }

    /// `print >>file, x` is a statement to the grammar, and a tuple whose first item shifts `print` to Python 3.
    fn is_print_shift(&self, node: Node<'_>) -> bool {
        node.named_child(0).is_some_and(|n| n.kind() == "chevron")
    }

    fn print_shift(&mut self, c: &mut Cursor<'_>) {
        let mut commas = 0;
        self.each(c, |_, _, kind| commas += u32::from(kind == Kind::Comma));
        self.canon.open(tag::EXPRESSION);
        if commas > 0 {
            self.canon.open(tag::TUPLE);
        }
        let print = self.names.intern("print");
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma => {}
            Kind::Other => {
                w.canon.open(tag::BINARY);
                w.emit_name(tag::NAME, print);
                w.use_name(super::Use::Name(print));
                w.canon.bytes(b">>");
                w.each(c, |w, c, kind| {
                    if kind != Kind::Token {
                        w.expression(c);
                    }
                });
                w.canon.close();
            }
            _ => {
                w.expression(c);
            }
        });
        if commas > 0 {
            self.canon.close();
        }
        self.canon.close();
    }

    fn class_scope(&self) -> bool {
        self.out.class_of(self.block).is_some()
    }

    /// A target, and whom assigning to it changes: `x.a = 1` and `x[k] = 1` change x.
    fn assigned(&mut self, c: &mut Cursor<'_>) {
        self.target(c);
        let mut node = c.node();
        if !matches!(self.kind_of(node), Kind::Attribute | Kind::Subscript) {
            return;
        }
        while let Some(base) = node
            .child(0)
            .filter(|n| matches!(self.kind_of(*n), Kind::Attribute | Kind::Subscript | Kind::Identifier | Kind::Call))
        {
            if self.kind_of(base) == Kind::Identifier {
                let name = self.identifier(base);
                let own = self.scopes.last().and_then(|s| s.binding(name));
                if own == Some(Binding::Other) {
                    self.binds.push(name);
                    if let Some(attribute) = c.node().child_by_field_id(self.grammar.fields.attribute) {
                        let attribute = self.identifier(attribute);
                        self.binds.push(attribute);
                    }
                    return;
                }
                break;
            }
            node = base;
        }
        // Something imported or computed is changed: whoever shares it can see that.
        self.effect = true;
    }

    fn augmented(&mut self, c: &mut Cursor<'_>) {
        let mut first = true;
        self.canon.open(tag::AUGMENTED);
        self.each(c, |w, c, kind| {
            if std::mem::take(&mut first) {
                // Read, then bound.
                let mut elsewhere = Canon::default();
                w.writing_to(&mut elsewhere, |w| {
                    w.expression(c);
                });
                w.assigned(c);
            } else if kind == Kind::Token {
                w.canon.bytes(w.grammar.token(c.node()).as_bytes());
            } else if kind == Kind::Assignment {
                w.nested(c, Walker::assignment);
            } else {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    fn delete(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::DELETE);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => {}
            Kind::ExpressionList => w.each(c, |w, c, kind| {
                if !matches!(kind, Kind::Token | Kind::Comma) {
                    w.assigned(c);
                }
            }),
            _ => w.assigned(c),
        });
        self.canon.close();
    }

    fn raise(&mut self, c: &mut Cursor<'_>) {
        let cause = self.grammar.fields.cause;
        self.canon.open(tag::RAISE);
        self.each(c, |w, c, kind| {
            if kind == Kind::Token {
                return;
            }
            let is_cause = c.field() == cause;
            if is_cause {
                w.canon.open(tag::CAUSE);
            }
            w.expression(c);
            if is_cause {
                w.canon.close();
            }
        });
        self.canon.close();
    }

    fn scope_statement(&mut self, c: &mut Cursor<'_>, kind: Kind) {
        self.canon.open(if kind == Kind::Global { tag::GLOBAL } else { tag::NONLOCAL });
        self.each(c, |w, c, child| {
            if child != Kind::Identifier {
                return;
            }
            let name = w.identifier(c.node());
            w.emit_name(tag::NAME, name);
            // A function that declares a global may rebind it: that mentions it.
            w.use_name(super::Use::Name(name));
            if let Some(scope) = w.scope() {
                let set = if kind == Kind::Global { &mut scope.globals } else { &mut scope.nonlocals };
                set.insert(name);
            }
        });
        self.canon.close();
    }

    fn type_alias(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::TYPE_ALIAS);
        let mut first = true;
        self.each(c, |w, c, kind| {
            if kind != Kind::Type {
                return;
            }
            if std::mem::take(&mut first)
                && let Some(name) = first_identifier(c.node())
            {
                let name = w.identifier(name);
                w.bind(name, Binding::Other);
            }
            w.expression(c);
        });
        self.canon.close();
    }

    fn import(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::IMPORT);
        self.each(c, |w, c, kind| {
            if matches!(kind, Kind::DottedName | Kind::AliasedImport) {
                let (module, alias) = w.imported(c.node());
                let text = w.names.text(module).to_owned();
                w.mention_module(&text);
                match alias {
                    Some(alias) => w.bind(alias, Binding::Import(module)),
                    None => {
                        let top = w.names.intern(text.split('.').next().unwrap_or(""));
                        w.bind(top, Binding::Import(top));
                    }
                }
            }
        });
        self.canon.close();
    }

    /// A `dotted_name` or `aliased_import`: writes it and returns the dotted name and the alias.
    fn imported(&mut self, node: Node<'_>) -> (Name, Option<Name>) {
        let fields = self.grammar.fields;
        let (dotted, alias) = match self.kind_of(node) {
            Kind::AliasedImport => (node.child_by_field_id(fields.name), node.child_by_field_id(fields.alias)),
            _ => (Some(node), None),
        };
        let name = dotted.map_or(Names::EMPTY, |n| self.dotted_name(n));
        self.canon.open(tag::ALIAS);
        self.emit_name(tag::NAME, name);
        let alias = alias.map(|n| self.identifier(n));
        if let Some(alias) = alias {
            self.emit_name(tag::NAME, alias);
        }
        self.canon.close();
        (name, alias)
    }

    /// `a . b` with whatever stands between its parts.
    pub(super) fn dotted_name(&mut self, node: Node<'_>) -> Name {
        if node.child_count() == 1 {
            return self.identifier(node);
        }
        let mut walk = node.walk();
        let parts: Vec<Node<'_>> =
            node.named_children(&mut walk).filter(|n| self.kind_of(*n) == Kind::Identifier).collect();
        let mut name = Names::EMPTY;
        for part in parts {
            let part = self.identifier(part);
            name = self.names.join(name, part);
        }
        name
    }

    fn import_from(&mut self, c: &mut Cursor<'_>) {
        let name_field = self.grammar.fields.name;
        let mut module = if c.kind() == Kind::FutureImport { self.names.intern("__future__") } else { Names::EMPTY };
        self.canon.open(tag::IMPORT_FROM);
        self.each(c, |w, c, kind| match kind {
            Kind::DottedName | Kind::RelativeImport if c.field() != name_field => {
                module = w.module_reference(c.node());
                w.emit_name(tag::NAME, module);
                let text = w.names.text(module).to_owned();
                w.mention_module(&text);
            }
            Kind::DottedName | Kind::AliasedImport => {
                let (name, alias) = w.imported(c.node());
                w.mention(Mention::Member { base: module, name });
                let target = w.names.join(module, name);
                w.bind(alias.unwrap_or(name), Binding::Import(target));
            }
            Kind::WildcardImport => {
                w.canon.leaf(tag::STAR_IMPORT);
                let star = w.names.intern("*");
                w.mention(Mention::Member { base: module, name: star });
            }
            _ => {}
        });
        self.canon.close();
    }

    fn module_reference(&mut self, node: Node<'_>) -> Name {
        if node.kind() == "dotted_name" {
            return self.dotted_name(node);
        }
        let mut walk = node.walk();
        let parts: Vec<Node<'_>> = node.named_children(&mut walk).collect();
        let mut dots = String::new();
        let mut rest = Names::EMPTY;
        for part in parts {
            match part.kind() {
                "import_prefix" => dots = ".".repeat(self.node_text(part).matches('.').count()),
                "dotted_name" => rest = self.dotted_name(part),
                _ => {}
            }
        }
        let dots = self.names.intern(&dots);
        self.names.join(dots, rest)
    }

    /// Importing `a.b.c` mentions the modules `a`, `a.b` and `a.b.c`, each as a member of its parent.
    fn mention_module(&mut self, module: &str) {
        let dots = module.bytes().take_while(|&b| b == b'.').count();
        let parts: Vec<&str> = module[dots..].split('.').filter(|p| !p.is_empty()).collect();
        for (i, part) in parts.iter().enumerate() {
            let base = format!("{}{}", &module[..dots], parts[..i].join("."));
            let (base, name) = (self.names.intern(&base), self.names.intern(part));
            self.mention(Mention::Member { base, name });
        }
    }
}

/// Where the statements of one suite may start: the grammar is laxer than Python about their columns.
struct Layout {
    column: Option<usize>,
    last_row: usize,
}

impl Layout {
    fn of(suite: Node<'_>, is_block: bool) -> Self {
        Layout {
            column: (!is_block).then_some(0),
            last_row: if is_block { suite.start_position().row } else { usize::MAX },
        }
    }

    /// Notes the next statement; whether it stands where it must.
    fn fits(&mut self, statement: Node<'_>, text: &str) -> bool {
        let start = statement.start_position();
        let first = self.column.is_none();
        let expected = *self.column.get_or_insert(start.column);
        let same_line = !first && start.row == self.last_row;
        self.last_row = statement.end_position().row;
        same_line || start.column == expected || {
            // A form feed starts the column anew.
            let line = &text[statement.start_byte() - start.column..statement.start_byte()];
            line.rsplit('\x0c').next().map_or(0, str::len) == expected
        }
    }
}

fn first_identifier(node: Node<'_>) -> Option<Node<'_>> {
    if node.kind() == "identifier" {
        return Some(node);
    }
    first_identifier(node.named_child(0)?)
}
