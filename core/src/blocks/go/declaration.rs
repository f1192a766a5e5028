//! A file's own declarations: package, imports, constants, variables, types.

use super::expression::CALLED_LITERAL;
use super::function::Directives;
use super::{BlockKind, DefinitionKind, Item, Kind, Lines, MODULE_ID, Mention, Name, Walker, field_of, lines_of, tag};
use crate::fingerprint::Canon;
use tree_sitter::{Node, TreeCursor};

/// The type and values of the last constant that has any: the next ones repeat them.
#[derive(Default)]
struct Repeated {
    form: Canon,
    mentions: Vec<Mention>,
    counts: bool,
}

impl Walker<'_> {
    pub(super) fn file(&mut self, c: &mut TreeCursor<'_>) {
        let root = c.node();
        let end = self.text.lines().count() as u32;
        self.push_block(MODULE_ID.to_owned(), BlockKind::Module, Lines { start: 1, end: end.max(1) });
        if self.kind_of(root) == Kind::Error {
            self.unknown(root, "a syntax error");
        }
        self.declarations(c);
        self.note_effects();
        if root.has_error() && self.out.diagnostics.is_empty() {
            self.unknown(root, "a syntax error");
        }
        self.out.blocks[0].checksum = self.canon.checksum();
    }

    fn declarations(&mut self, c: &mut TreeCursor<'_>) {
        if !c.goto_first_child() {
            return;
        }
        loop {
            let node = c.node();
            match self.kind_of(node) {
                Kind::Comment => self.comments.push(self.node_text(node)),
                Kind::Layout => {}
                kind => {
                    self.declaration(c, kind);
                    self.comments.clear();
                }
            }
            if !c.goto_next_sibling() {
                break;
            }
        }
        c.goto_parent();
        let left = self.directives();
        if !left.is_empty() {
            let lines = Lines { start: self.out.blocks[0].lines.end, end: self.out.blocks[0].lines.end };
            self.define(DefinitionKind::Effect, lines, |w| {
                w.write_directives(&left);
                Vec::new()
            });
        }
    }

    fn declaration(&mut self, c: &mut TreeCursor<'_>, kind: Kind) {
        match kind {
            Kind::PackageClause => self.package(c.node()),
            Kind::ImportDeclaration => self.imports(c),
            Kind::ConstDeclaration => self.constants(c),
            Kind::VarDeclaration => self.variables(c),
            Kind::TypeDeclaration => self.types(c),
            Kind::FunctionDeclaration | Kind::MethodDeclaration => self.function(c, kind),
            _ => self.unknown(c.node(), "a syntax error"),
        }
    }

    /// The package's name, and under which circumstances the file belongs to it.
    fn package(&mut self, clause: Node<'_>) {
        let constraint: Vec<&str> =
            self.comments.iter().filter_map(|comment| comment.strip_prefix("//go:build")).collect();
        let directives = self.directives();
        let name = self.first(clause).map_or("", |name| self.node_text(name));
        self.define(DefinitionKind::Guard, lines_of(clause), |w| {
            w.canon.text(tag::PACKAGE, name.as_bytes());
            for text in constraint {
                let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                w.canon.text(tag::DIRECTIVE, text.as_bytes());
            }
            w.write_directives(&directives);
            Vec::new()
        });
        self.canon.text(tag::PACKAGE, name.as_bytes());
    }

    /// Visits the specs of a declaration, each with the directives that stand before it.
    fn specs<'t>(
        &mut self,
        c: &mut TreeCursor<'t>,
        wanted: &[Kind],
        visit: &mut dyn FnMut(&mut Self, &mut TreeCursor<'t>, &Directives),
    ) {
        let mut before = self.directives();
        if !c.goto_first_child() {
            return;
        }
        loop {
            match self.kind_of(c.node()) {
                Kind::Comment => {
                    self.comments = vec![self.node_text(c.node())];
                    before.append(&mut self.directives());
                }
                Kind::VarSpecList => {
                    let mut outer = std::mem::take(&mut before);
                    self.specs(c, wanted, &mut |w, c, directives| {
                        outer.extend_from_slice(directives);
                        visit(w, c, &std::mem::take(&mut outer));
                    });
                }
                Kind::Error => self.unknown(c.node(), "a syntax error"),
                kind if wanted.contains(&kind) => visit(self, c, &std::mem::take(&mut before)),
                _ => {}
            }
            if !c.goto_next_sibling() {
                break;
            }
        }
        c.goto_parent();
    }

    fn constants(&mut self, c: &mut TreeCursor<'_>) {
        let (mut repeated, mut position) = (Repeated::default(), 0u32);
        self.specs(c, &[Kind::ConstSpec], &mut |w, c, directives| {
            w.constant(c, directives, &mut repeated, position);
            position += 1;
        });
    }

    fn constant(&mut self, c: &mut TreeCursor<'_>, directives: &Directives, repeated: &mut Repeated, position: u32) {
        let fields = self.fields();
        let name = self.child(c.node(), fields.name).map_or("", |name| self.node_text(name));
        self.variable = (name.to_owned(), 0);
        let index = self.define(DefinitionKind::Binding, lines_of(c.node()), |w| {
            w.write_directives(directives);
            w.canon.open(tag::CONST);
            let binds = w.bound_names(c);
            let start = w.canon.len();
            w.counts = false;
            let own = w.typed_values(c);
            if own {
                repeated.form = w.canon.copy_from(start);
                repeated.counts = w.counts;
            } else {
                w.canon.append(&repeated.form);
            }
            if repeated.counts {
                w.canon.text(tag::POSITION, &position.to_le_bytes());
            }
            if !own {
                repeated.mentions.clone().into_iter().for_each(|mention| w.mention(mention));
            }
            w.canon.close();
            binds
        });
        repeated.mentions.clone_from(&self.out.definitions[index as usize].mentions);
    }

    fn variables(&mut self, c: &mut TreeCursor<'_>) {
        self.specs(c, &[Kind::VarSpec], &mut |w, c, directives| w.variable(c, directives));
    }

    fn variable(&mut self, c: &mut TreeCursor<'_>, directives: &Directives) {
        let spec = c.node();
        let fields = self.fields();
        let value = self.child(spec, fields.value);
        let names = self.children_in(spec, fields.name);
        let blank = names.iter().all(|name| self.node_text(*name) == "_");
        self.variable = (names.first().map_or("", |name| self.node_text(*name)).to_owned(), 0);
        let kind = match value {
            Some(value) if blank && self.does_something(value) => DefinitionKind::Effect,
            _ if blank => {
                // It says something to the compiler and nothing to the program.
                let item = std::mem::replace(&mut self.item, Item::Block(0));
                self.canon.open(tag::VAR);
                self.children(c);
                self.canon.close();
                self.item = item;
                return;
            }
            _ => DefinitionKind::Binding,
        };
        let mut calls = Vec::new();
        let index = self.define(kind, lines_of(spec), |w| {
            w.write_directives(directives);
            w.canon.open(tag::VAR);
            let binds = w.bound_names(c);
            w.calls.clear();
            w.typed_values(c);
            calls = w.write_order();
            w.canon.close();
            binds
        });
        self.initialised.push((index, calls));
    }

    /// Functions that are called for the value of a variable may do more than to give it. Conversions do not.
    fn note_effects(&mut self) {
        for (index, calls) in std::mem::take(&mut self.initialised) {
            self.out.definitions[index as usize].effect |= calls.iter().any(|name| !self.types.contains(name));
        }
    }

    /// Functions may count how often they were called: which call this is belongs to what it gives.
    /// Gives what was called.
    fn write_order(&mut self) -> Vec<String> {
        let mut calls = std::mem::take(&mut self.calls);
        calls.sort_unstable();
        calls.dedup();
        for function in calls.iter().filter(|name| *name != CALLED_LITERAL) {
            let before = self.called.entry(function.clone()).or_insert(0);
            if *before > 0 {
                self.canon.text(tag::CALLED, &before.to_le_bytes());
            }
            *before += 1;
        }
        calls
    }

    fn types(&mut self, c: &mut TreeCursor<'_>) {
        self.specs(c, &[Kind::TypeSpec, Kind::TypeAlias], &mut |w, c, directives| {
            let kind = w.kind_of(c.node());
            w.define(DefinitionKind::Binding, lines_of(c.node()), |w| {
                w.write_directives(directives);
                let name = w.child(c.node(), w.fields().name).map(|name| w.node_text(name)).unwrap_or_default();
                w.scopes.push();
                w.type_spec(c, kind);
                w.scopes.pop();
                w.types.insert(name.to_owned());
                let name = w.names.intern(name);
                vec![name]
            });
        });
    }

    /// Writes the type and the values of a spec; whether it has any.
    pub(super) fn typed_values(&mut self, c: &mut TreeCursor<'_>) -> bool {
        let fields = self.fields();
        let mut any = false;
        self.each(c, |w, c, kind| {
            let field = field_of(c);
            if field == fields.r#type || field == fields.value {
                any = true;
                w.tagged(c, if field == fields.value { tag::VALUE } else { tag::TYPE });
            } else if kind == Kind::Error {
                w.unknown(c.node(), "a syntax error");
            }
        });
        any
    }

    /// Writes the names that a spec declares, and returns those that something can mention.
    pub(super) fn bound_names(&mut self, c: &mut TreeCursor<'_>) -> Vec<Name> {
        let field = self.fields().name;
        let mut binds = Vec::new();
        self.each(c, |w, c, kind| {
            if field_of(c) == field && kind != Kind::Layout {
                w.canon.text(tag::NAME, w.node_text(c.node()).as_bytes());
                binds.extend(w.local_name(c.node()));
            }
        });
        binds
    }

    /// Whether a value calls something that may do more than convert or make a value, or waits for something.
    fn does_something(&self, value: Node<'_>) -> bool {
        let mut stack = vec![value];
        while let Some(node) = stack.pop() {
            match self.kind_of(node) {
                Kind::Call if !self.is_plain_call(node) => return true,
                Kind::Unary if self.child(node, self.fields().operator).is_some_and(|o| self.node_text(o) == "<-") => {
                    return true;
                }
                Kind::FunctionLiteral => {}
                _ => {
                    let mut walk = node.walk();
                    stack.extend(node.children(&mut walk));
                }
            }
        }
        false
    }

    /// `new(T)`, `make(T)`, or a conversion to a pointer type: `(*T)(nil)`.
    fn is_plain_call(&self, call: Node<'_>) -> bool {
        let Some(function) = self.child(call, self.fields().function).map(|function| self.bare(function)) else {
            return false;
        };
        match self.kind_of(function) {
            Kind::Identifier => matches!(self.node_text(function), "new" | "make"),
            kind => kind == Kind::Unary,
        }
    }
}
