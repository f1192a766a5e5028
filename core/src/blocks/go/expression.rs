//! Expressions, types and plain statements: the general form, names and selectors.

use super::{Kind, Mention, Name, Walker, field_of, literal, tag};
use tree_sitter::{Node, TreeCursor};

/// Stands among the functions that a variable's value calls for literals that are called where they stand.
pub(super) const CALLED_LITERAL: &str = "func";

impl Walker<'_> {
    /// The form of any node inside a declaration.
    pub(super) fn node(&mut self, c: &mut TreeCursor<'_>) {
        let node = c.node();
        let kind = self.kind_of(node);
        match kind {
            Kind::Layout | Kind::Comment | Kind::Empty => {}
            Kind::Error => self.unknown(node, "a syntax error"),
            Kind::Token => self.canon.text(tag::TOKEN, node.kind().as_bytes()),
            Kind::Identifier | Kind::TypeIdentifier | Kind::Iota | Kind::Nil | Kind::True | Kind::False => {
                self.counts |= kind == Kind::Iota;
                self.name(node);
            }
            Kind::Blank | Kind::FieldIdentifier | Kind::PackageIdentifier => {
                self.canon.text(tag::NAME, self.node_text(node).as_bytes());
            }
            Kind::Label => self.canon.text(tag::LABEL, self.node_text(node).as_bytes()),
            Kind::Integer | Kind::Float | Kind::Imaginary | Kind::Rune | Kind::String | Kind::RawString => {
                self.literal(node, kind);
            }
            _ => self.nested(c, |w, c| w.inner(c, kind)),
        }
    }

    fn inner(&mut self, c: &mut TreeCursor<'_>, kind: Kind) {
        match kind {
            Kind::Parenthesized
            | Kind::ParenthesizedType
            | Kind::StatementList
            | Kind::ExpressionStatement
            | Kind::LiteralElement => self.children(c),
            Kind::Block => {
                self.canon.open(tag::SUITE);
                self.scopes.push();
                self.children(c);
                self.scopes.pop();
                self.canon.close();
            }
            Kind::Binary => self.binary(c),
            Kind::Selector | Kind::QualifiedType => self.selector(c, kind),
            Kind::KeyedElement => self.keyed(c),
            Kind::FunctionLiteral => self.function_literal(c),
            Kind::FunctionType | Kind::MethodElement => {
                self.canon.open(tag::METHOD);
                let name = self.child(c.node(), self.fields().name).map_or("", |name| self.node_text(name));
                self.canon.bytes(name.as_bytes());
                self.scopes.push();
                self.signature(c);
                self.scopes.pop();
                self.canon.close();
            }
            Kind::FieldDeclaration => self.field_declaration(c),
            Kind::If => self.if_(c),
            Kind::For => self.for_(c),
            Kind::ExpressionSwitch | Kind::TypeSwitch | Kind::Select => self.switch(c, kind),
            Kind::ShortVar | Kind::Receive => self.declaring(c),
            Kind::ConstDeclaration => self.local_constants(c),
            Kind::VarDeclaration | Kind::VarSpecList | Kind::TypeDeclaration => {
                self.each(c, |w, c, kind| match kind {
                    Kind::VarSpec => w.local_spec(c, tag::VAR),
                    Kind::TypeSpec | Kind::TypeAlias => w.local_type(c, kind),
                    Kind::Token => {}
                    _ => w.node(c),
                });
            }
            Kind::TypeConversion => self.conversion(c),
            Kind::ChannelType => self.channel(c.node(), false),
            Kind::Call => {
                self.note_call(c.node());
                self.general(c);
            }
            _ => self.general(c),
        }
    }

    /// The kind of a node and its children, each with the field that it is in.
    fn general(&mut self, c: &mut TreeCursor<'_>) {
        self.canon.open(tag::NODE);
        self.canon.bytes(c.node().kind().as_bytes());
        self.each(c, |w, c, kind| {
            w.field_name(c, kind);
            w.node(c);
        });
        self.canon.close();
    }

    /// The field that a child is in, if it has one that tells it from others.
    fn field_name(&mut self, c: &TreeCursor<'_>, kind: Kind) {
        if let Some(field) = c.field_name().filter(|_| !matches!(kind, Kind::Layout | Kind::Token)) {
            self.canon.bytes(field.as_bytes());
        }
    }

    /// `[]T(x)`. The grammar takes `*[]T(x)` for a conversion to a pointer, and `<-chan T(x)` for one to a channel; in Go
    /// they are what is pointed to or received by the value of a conversion.
    fn conversion(&mut self, c: &mut TreeCursor<'_>) {
        let (node, field) = (c.node(), self.fields().r#type);
        let Some(mut converted) = self.child(node, field) else { return self.general(c) };
        let mut operators = 0;
        let mut receives = false;
        while let Some(operator) =
            converted.child(0).map(|first| self.node_text(first)).filter(|o| matches!(*o, "*" | "<-"))
        {
            self.canon.open(tag::NODE);
            self.canon.bytes(b"unary_expression");
            self.canon.text(tag::TOKEN, operator.as_bytes());
            self.canon.bytes(b"operand");
            operators += 1;
            receives = operator == "<-";
            match self.first(converted) {
                Some(inner) if !receives => converted = inner,
                _ => break,
            }
        }
        if operators > 0 && node.parent().is_some_and(|around| goes_on(around, node)) {
            // Go reads `*[]T(x).f` as `*([]T(x).f)`.
            self.canon.leaf(tag::LEFT);
        }
        self.canon.open(tag::NODE);
        self.canon.bytes(node.kind().as_bytes());
        self.each(c, |w, c, kind| {
            let in_type = field_of(c) == field;
            w.field_name(c, kind);
            match (in_type, receives) {
                (true, true) => w.channel(converted, true),
                (true, false) => w.node(&mut converted.walk()),
                _ => w.node(c),
            }
        });
        (0..=operators).for_each(|_| self.canon.close());
    }

    /// A channel type. An arrow belongs to the first `chan` that can take it: the grammar reads `chan<- chan T` as
    /// `chan (<-chan T)`. `taken` says that the arrow before this one was.
    fn channel(&mut self, node: Node<'_>, taken: bool) {
        let arrow = |node: Node<'_>| node.kind() == "<-";
        let receives = !taken && node.child(0).is_some_and(arrow);
        let mut walk = node.walk();
        let sends = node.children(&mut walk).skip(1).any(arrow);
        let value = self.child(node, self.fields().value);
        let takes = !receives
            && !sends
            && value.is_some_and(|value| self.kind_of(value) == Kind::ChannelType && value.child(0).is_some_and(arrow));
        self.canon.open(tag::NODE);
        self.canon.bytes(match (receives, sends || takes) {
            (true, _) => b"receive".as_slice(),
            (_, true) => b"send",
            _ => b"channel",
        });
        match value {
            Some(value) if takes => self.channel(value, true),
            Some(value) => self.node(&mut value.walk()),
            None => {}
        }
        self.canon.close();
    }

    pub(super) fn children(&mut self, c: &mut TreeCursor<'_>) {
        self.each(c, |w, c, _| w.node(c));
    }

    /// A chain of operators that leans to the left may be thousands long: it takes a loop.
    fn binary(&mut self, c: &mut TreeCursor<'_>) {
        let mut height = 0;
        while self.kind_of(c.node()) == Kind::Binary {
            self.canon.open(tag::BINARY);
            height += 1;
            c.goto_first_child();
            while self.kind_of(c.node()) == Kind::Comment && c.goto_next_sibling() {}
        }
        self.node(c);
        for _ in 0..height {
            while c.goto_next_sibling() {
                self.node(c);
            }
            self.canon.close();
            c.goto_parent();
        }
    }

    /// `x.f`, and `pkg.T` where a type is expected.
    fn selector(&mut self, c: &mut TreeCursor<'_>, kind: Kind) {
        let fields = self.fields();
        let (operand, selected) = match kind {
            Kind::Selector => (fields.operand, fields.field),
            _ => (fields.package, fields.name),
        };
        let base = self.child(c.node(), operand);
        let name = self.child(c.node(), selected).map_or("", |name| self.node_text(name));
        let name = self.names.intern(name);
        self.canon.open(tag::NODE);
        self.canon.bytes(b"selector");
        let imported = base.and_then(|base| self.import_named(base));
        match (imported, base) {
            (Some(path), Some(base)) => {
                self.name(base);
                self.mention(Mention::Member { base: path, name });
            }
            (None, Some(base)) if self.kind_of(base) == Kind::PackageIdentifier => {
                self.name(base);
                self.mention(Mention::Attribute(name));
            }
            _ => {
                self.each(c, |w, c, _| {
                    if field_of(c) == operand {
                        w.node(c);
                    }
                });
                self.mention(Mention::Attribute(name));
            }
        }
        let text = self.names.text(name);
        self.canon.text(tag::NAME, text.as_bytes());
        self.canon.close();
    }

    /// The path of the package that a name denotes, if it is one of an import and no local one.
    fn import_named(&mut self, node: Node<'_>) -> Option<Name> {
        if !matches!(self.kind_of(node), Kind::Identifier | Kind::PackageIdentifier) {
            return None;
        }
        let name = self.names.intern(self.node_text(node));
        if self.scopes.is_local(name) { None } else { self.imported(name) }
    }

    /// `key: value` of a composite literal.
    fn keyed(&mut self, c: &mut TreeCursor<'_>) {
        let fields = self.fields();
        self.canon.open(tag::KEY);
        self.each(c, |w, c, kind| {
            let field = field_of(c);
            if field == fields.key || field == fields.value {
                w.node(c);
            } else if kind == Kind::Error {
                w.unknown(c.node(), "a syntax error");
            }
        });
        self.canon.close();
    }

    /// A name that is used: a mention unless it is local.
    fn name(&mut self, node: Node<'_>) {
        let text = self.node_text(node);
        self.canon.text(tag::NAME, text.as_bytes());
        let name = self.names.intern(text);
        if text != "_" && !self.scopes.is_local(name) {
            self.mention(Mention::Global(name));
        }
    }

    fn literal(&mut self, node: Node<'_>, kind: Kind) {
        let text = self.node_text(node);
        let known = match kind {
            Kind::Rune => literal::rune(text, &mut self.canon),
            Kind::String | Kind::RawString => {
                let value = literal::string(text);
                value.map(|bytes| self.canon.text(tag::STRING, &bytes)).is_some()
            }
            _ => literal::number(text, &mut self.canon),
        };
        if !known {
            self.unknown(node, "a literal that Go does not have");
        }
    }

    /// Notes which function of the module a call calls, if one.
    fn note_call(&mut self, call: Node<'_>) {
        if self.has_blocks() {
            return;
        }
        let Some(function) = self.child(call, self.fields().function).map(|function| self.bare(function)) else {
            return;
        };
        let foreign = |path: &str| !path.split('/').next().is_some_and(|host| host.contains('.'));
        let noted = match self.kind_of(function) {
            Kind::Identifier => !is_predeclared(self.node_text(function)),
            Kind::Selector => {
                let base = self.child(function, self.fields().operand);
                let path = base.and_then(|base| self.import_named(base));
                !path.is_some_and(|path| foreign(self.names.text(path)))
            }
            Kind::FunctionLiteral => return self.calls.push(CALLED_LITERAL.to_owned()),
            _ => false,
        };
        if noted {
            let path = self.names_in(function).join(".");
            self.calls.push(path);
        }
    }

    /// The names that stand in a node, in order.
    fn names_in(&self, node: Node<'_>) -> Vec<&str> {
        let mut names = Vec::new();
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            if matches!(self.kind_of(node), Kind::Identifier | Kind::FieldIdentifier | Kind::PackageIdentifier) {
                names.push(self.node_text(node));
            }
            let mut walk = node.walk();
            let children: Vec<Node<'_>> = node.children(&mut walk).collect();
            stack.extend(children.into_iter().rev());
        }
        names
    }
}

/// Whether an expression goes on after what it begins with: `x.f`, `x[i]`, `x(y)`.
fn goes_on(around: Node<'_>, first: Node<'_>) -> bool {
    let postfix =
        ["selector_expression", "index_expression", "slice_expression", "call_expression", "type_assertion_expression"];
    around.start_byte() == first.start_byte() && postfix.contains(&around.kind())
}

/// Functions and types that every package has: what they give does not depend on the calls before.
fn is_predeclared(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "append",
        "bool",
        "byte",
        "cap",
        "complex",
        "complex128",
        "complex64",
        "copy",
        "error",
        "float32",
        "float64",
        "imag",
        "int",
        "int16",
        "int32",
        "int64",
        "int8",
        "len",
        "make",
        "max",
        "min",
        "new",
        "real",
        "rune",
        "string",
        "uint",
        "uint16",
        "uint32",
        "uint64",
        "uint8",
        "uintptr",
    ];
    NAMES.binary_search(&name).is_ok()
}
