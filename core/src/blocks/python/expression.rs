//! Expressions: their canonical form and the names they use.

use super::cursor::Cursor;
use super::kind::Kind;
use super::literal;
use super::scope::{Binding, Dotted, Names, ScopeKind, Use};
use super::{MAX_DEPTH, Walker, tag};
use crate::blocks::{Mention, Name};
use crate::fingerprint::Canon;
use tree_sitter::Node;

impl Walker<'_> {
    /// Writes an expression; says which dotted name it is, if it is one.
    pub(super) fn expression(&mut self, c: &mut Cursor<'_>) -> Option<Dotted> {
        let mut dotted = None;
        if self.is_starred_chain(c) {
            let outer = self.hoisted.replace(c.node().start_byte());
            self.canon.open(tag::STARRED);
            self.nested(c, |w, c| dotted = w.expression_inner(c));
            self.canon.close();
            self.hoisted = outer;
        } else {
            self.nested(c, |w, c| dotted = w.expression_inner(c));
        }
        dotted
    }

    /// `*a.b()` is to the grammar a call of an attribute of `*a`; the star belongs to all of it.
    fn is_starred_chain(&self, c: &Cursor<'_>) -> bool {
        let may_lean = matches!(
            c.kind(),
            Kind::Attribute
                | Kind::Call
                | Kind::Subscript
                | Kind::BinaryOperator
                | Kind::BooleanOperator
                | Kind::ComparisonOperator
                | Kind::Conditional
                | Kind::UnionType
                | Kind::GenericType
                | Kind::MemberType
        );
        may_lean && self.starts_with_star(c.node()) && self.hoisted != Some(c.node().start_byte())
    }

    fn starts_with_star(&self, node: Node<'_>) -> bool {
        self.text.as_bytes().get(node.start_byte()) == Some(&b'*')
    }

    fn expression_inner(&mut self, c: &mut Cursor<'_>) -> Option<Dotted> {
        match c.kind() {
            Kind::Identifier => return Some(self.name_use(c.node())),
            Kind::Attribute => return self.attribute(c),
            Kind::Parenthesized | Kind::Type | Kind::AsPatternTarget => return self.within(c),
            Kind::True => self.canon.leaf(tag::TRUE),
            Kind::False => self.canon.leaf(tag::FALSE),
            Kind::None => self.canon.leaf(tag::NONE),
            Kind::Ellipsis => self.canon.leaf(tag::ELLIPSIS),
            Kind::Integer | Kind::Float => {
                let text = self.node_text(c.node());
                if !literal::number(text, &mut self.canon) {
                    self.unknown(c.node(), "a number that Python 3 does not know");
                }
            }
            Kind::String | Kind::ConcatenatedString => self.string(c),
            Kind::TuplePattern if is_grouping(c.node()) => return self.within(c),
            Kind::Tuple | Kind::ExpressionList | Kind::PatternList | Kind::TuplePattern => self.sequence(c, tag::TUPLE),
            Kind::List | Kind::ListPattern => self.sequence(c, tag::LIST),
            Kind::Set => self.sequence(c, tag::SET),
            Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType => {
                if self.hoisted == Some(c.node().start_byte()) {
                    return self.within(c);
                }
                self.sequence(c, tag::STARRED)
            }
            Kind::DictionarySplat | Kind::DictionarySplatPattern => self.sequence(c, tag::DOUBLE_STARRED),
            Kind::Dictionary | Kind::Pair => self.sequence(c, tag::DICT),
            Kind::Subscript => self.subscript(c),
            Kind::GenericType => self.generic_type(c),
            Kind::UnionType => self.union_type(c),
            Kind::MemberType => return self.attribute(c),
            Kind::ConstrainedType => self.sequence(c, tag::TYPE_PARAMETER),
            Kind::Slice => self.slice(c),
            Kind::Call => self.call(c),
            Kind::BinaryOperator => self.binary(c),
            Kind::BooleanOperator => self.boolean(c),
            Kind::UnaryOperator => self.operator(c, tag::UNARY),
            Kind::ComparisonOperator => self.operator(c, tag::COMPARE),
            Kind::Not => self.sequence(c, tag::NOT),
            Kind::Await => self.sequence(c, tag::AWAIT),
            Kind::Conditional => self.sequence(c, tag::CONDITIONAL),
            Kind::NamedExpression => self.named(c),
            Kind::Yield => self.yield_(c),
            Kind::Lambda => self.lambda(c),
            Kind::ListComprehension => self.comprehension(c, tag::LIST_COMPREHENSION),
            Kind::SetComprehension => self.comprehension(c, tag::SET_COMPREHENSION),
            Kind::DictionaryComprehension => self.comprehension(c, tag::DICT_COMPREHENSION),
            Kind::GeneratorExpression => self.comprehension(c, tag::GENERATOR),
            _ => self.unknown(c.node(), "an expression that is not understood"),
        }
        None
    }

    /// The one expression that a node wraps.
    fn within(&mut self, c: &mut Cursor<'_>) -> Option<Dotted> {
        let mut dotted = None;
        self.each(c, |w, c, kind| {
            if kind != Kind::Token {
                dotted = w.expression(c)
            }
        });
        dotted
    }

    fn name_use(&mut self, node: Node<'_>) -> Dotted {
        let name = self.identifier(node);
        self.emit_name(tag::NAME, name);
        self.use_name(Use::Name(name));
        Dotted { root: name, path: Names::EMPTY }
    }

    /// A node whose children are expressions between punctuation.
    pub(super) fn sequence(&mut self, c: &mut Cursor<'_>, tag: u8) {
        self.canon.open(tag);
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma | Kind::Colon => {}
            _ => {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    /// A node whose operator tokens matter.
    fn operator(&mut self, c: &mut Cursor<'_>, tag: u8) {
        self.canon.open(tag);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => w.operator_token(c.node()),
            _ => {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    fn operator_token(&mut self, node: Node<'_>) {
        let operator = self.grammar.token(node);
        if operator == "<>" {
            self.unknown(node, "the operator <>, which Python 3 does not know");
        }
        self.canon.bytes(operator.as_bytes());
    }

    fn attribute(&mut self, c: &mut Cursor<'_>) -> Option<Dotted> {
        let text = self.node_text(c.node());
        if self.is_plain_chain(text) {
            return self.plain_chain(text);
        }
        let mut base = None;
        let mut first = true;
        let mut result = None;
        self.canon.open(tag::ATTRIBUTE);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => {}
            _ if std::mem::take(&mut first) => base = w.expression(c),
            _ => {
                let name = w.identifier(c.node());
                w.emit_name(tag::NAME, name);
                result = w.attribute_of(base, name);
            }
        });
        self.canon.close();
        result
    }

    /// Whether the text of an attribute is names and dots alone, not too many to be nested.
    fn is_plain_chain(&self, text: &str) -> bool {
        let (mut dots, mut starts) = (0, true);
        for byte in text.bytes() {
            match byte {
                b'.' if !starts => (dots, starts) = (dots + 1, true),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => starts = false,
                b'0'..=b'9' if !starts => {}
                _ => return false,
            }
        }
        let literal = ["None.", "True.", "False."].iter().any(|literal| text.starts_with(literal));
        !starts && !literal && self.depth + dots < MAX_DEPTH
    }

    /// `a.b.c` is read from its text, which is quicker than from its nodes.
    fn plain_chain(&mut self, text: &str) -> Option<Dotted> {
        let mut parts = text.split(['.']);
        let root = self.names.intern(parts.next()?);
        parts.clone().for_each(|_| self.canon.open(tag::ATTRIBUTE));
        self.emit_name(tag::NAME, root);
        self.use_name(Use::Name(root));
        parts.fold(Some(Dotted { root, path: Names::EMPTY }), |base, part| {
            let name = self.names.intern(part);
            self.emit_name(tag::NAME, name);
            self.canon.close();
            self.attribute_of(base, name)
        })
    }

    fn attribute_of(&mut self, base: Option<Dotted>, name: Name) -> Option<Dotted> {
        if self.names.text(name) == "__dict__" {
            self.computed(base, Names::EMPTY, Names::EMPTY);
        }
        match base {
            Some(base) => {
                self.use_name(Use::Attribute { base, name });
                let path = self.names.join(base.path, name);
                Some(Dotted { root: base.root, path })
            }
            None => {
                self.mention(Mention::Attribute(name));
                None
            }
        }
    }

    pub(super) fn computed(&mut self, base: Option<Dotted>, prefix: Name, suffix: Name) {
        match base {
            Some(base) => self.use_name(Use::Computed { base, prefix, suffix }),
            None => self.mention(Mention::Computed { base: Names::EMPTY, prefix, suffix }),
        }
    }

    /// What stands between the brackets is a tuple if there is a comma or a star.
    fn subscript(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::SUBSCRIPT);
        let (mut tuple, mut inside) = (false, None);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => inside = inside.or((w.grammar.token(c.node()) == "[").then_some(w.canon.len())),
            Kind::Comma => tuple = true,
            _ => {
                tuple |= w.starts_with_star(c.node());
                w.expression(c);
            }
        });
        if let Some(inside) = inside.filter(|_| tuple) {
            self.canon.open_at(inside, tag::TUPLE);
            self.canon.close();
        }
        self.canon.close();
    }

    /// `list[int]` in an annotation: the grammar's own node for what is a subscript.
    fn generic_type(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::SUBSCRIPT);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => {}
            Kind::TypeParameter => {
                let (start, mut tuple) = (w.canon.len(), false);
                w.each(c, |w, c, kind| match kind {
                    Kind::Token => {}
                    Kind::Comma => tuple = true,
                    _ => {
                        tuple |= w.starts_with_star(c.node());
                        w.type_argument(c);
                    }
                });
                if tuple {
                    w.canon.open_at(start, tag::TUPLE);
                    w.canon.close();
                }
            }
            _ => {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    /// `Shape[1:2]` in an annotation: the grammar takes the slice for a bound.
    fn type_argument(&mut self, c: &mut Cursor<'_>) {
        let slice = (c.node().child(0)).filter(|n| self.kind_of(*n) == Kind::ConstrainedType);
        if slice.is_none() {
            self.expression(c);
            return;
        }
        self.each(c, |w, c, _| {
            w.canon.open(tag::SLICE);
            w.each(c, |w, c, kind| {
                if kind != Kind::Colon {
                    w.expression(c);
                }
            });
            w.canon.leaf(tag::ABSENT);
            w.canon.close();
        });
    }

    /// `a[b] | c | d` in an annotation may lean to the right in the grammar's tree; in Python it leans left.
    fn union_type(&mut self, c: &mut Cursor<'_>) {
        let mut operands = Vec::new();
        self.union_operands(c, &mut operands);
        (1..operands.len()).for_each(|_| self.canon.open(tag::BINARY));
        for (i, operand) in operands.iter().enumerate() {
            if i > 0 {
                self.canon.bytes(b"|");
            }
            self.canon.append(operand);
            if i > 0 {
                self.canon.close();
            }
        }
    }

    fn union_operands(&mut self, c: &mut Cursor<'_>, operands: &mut Vec<Canon>) {
        let union = match c.kind() {
            Kind::UnionType => true,
            Kind::Type => (c.node().named_child(0))
                .is_some_and(|n| matches!(self.kind_of(n), Kind::UnionType | Kind::BinaryOperator)),
            Kind::BinaryOperator => {
                (c.node().child_by_field_id(self.grammar.fields.operator)).is_some_and(|n| self.grammar.token(n) == "|")
            }
            _ => false,
        };
        if !union {
            let mut form = Canon::default();
            self.writing_to(&mut form, |w| {
                w.expression(c);
            });
            operands.push(form);
            return;
        }
        self.nested(c, |w, c| {
            w.each(c, |w, c, kind| {
                if kind != Kind::Token {
                    w.union_operands(c, operands);
                }
            })
        });
    }

    fn slice(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::SLICE);
        let (mut filled, mut colons) = (false, 0);
        self.each(c, |w, c, kind| {
            if kind == Kind::Colon {
                if !std::mem::take(&mut filled) {
                    w.canon.leaf(tag::ABSENT);
                }
                colons += 1;
            } else {
                w.expression(c);
                filled = true;
            }
        });
        if !filled {
            self.canon.leaf(tag::ABSENT);
        }
        // `a[1:2]` and `a[1:2:]` mean the same.
        (colons..2).for_each(|_| self.canon.leaf(tag::ABSENT));
        self.canon.close();
    }

    /// A left-leaning chain of operators is as long as the source likes, so its spine is a loop.
    fn binary(&mut self, c: &mut Cursor<'_>) {
        let mut height = 0;
        while c.kind() == Kind::BinaryOperator {
            self.canon.open(tag::BINARY);
            height += 1;
            c.first_child();
        }
        self.expression(c);
        for _ in 0..height {
            while c.next_sibling() {
                match c.kind() {
                    Kind::Extra => {}
                    Kind::Token => self.operator_token(c.node()),
                    _ => {
                        self.expression(c);
                    }
                }
            }
            self.canon.close();
            c.parent();
        }
    }

    /// `a and b and c` is one node of three operands, `(a and b) and c` is two of two: as in Python's syntax.
    fn boolean(&mut self, c: &mut Cursor<'_>) {
        let (grammar, field) = (self.grammar, self.grammar.fields.operator);
        let operator = |c: &Cursor<'_>| c.node().child_by_field_id(field).map_or("", |n| grammar.token(n));
        self.canon.open(tag::BOOLEAN);
        let own = operator(c);
        self.canon.bytes(own.as_bytes());
        let mut height = 0;
        while c.kind() == Kind::BooleanOperator && operator(c) == own {
            height += 1;
            c.first_child();
        }
        self.expression(c);
        for _ in 0..height {
            while c.next_sibling() {
                if !matches!(c.kind(), Kind::Extra | Kind::Token) {
                    self.expression(c);
                }
            }
            c.parent();
        }
        self.canon.close();
    }

    fn named(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::NAMED);
        let mut first = true;
        self.each(c, |w, c, kind| match kind {
            Kind::Token => {}
            _ if std::mem::take(&mut first) => {
                let name = w.identifier(c.node());
                w.emit_name(tag::NAME, name);
                w.bind_named(name);
            }
            _ => {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    /// `:=` in a comprehension binds in the scope around it.
    fn bind_named(&mut self, name: Name) {
        if let Some(at) = self.scopes.iter().rposition(|s| s.kind != ScopeKind::Comprehension) {
            self.scopes[at].bind(name, Binding::Other);
            if matches!(self.scopes[at].kind, ScopeKind::Module | ScopeKind::Class) {
                self.binds.push(name);
            }
        }
    }

    fn yield_(&mut self, c: &mut Cursor<'_>) {
        let owner = self.scopes.iter_mut().rev().find(|s| s.kind != ScopeKind::Comprehension);
        if let Some(scope) = owner {
            scope.yields = true;
        }
        let from = c.node().child(1).is_some_and(|n| n.kind() == "from");
        self.sequence(c, if from { tag::YIELD_FROM } else { tag::YIELD });
    }

    fn lambda(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::LAMBDA);
        let mut defaults = Canon::default();
        let mut parameters = Vec::new();
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Colon => {}
            Kind::LambdaParameters => {
                let found = w.parameters(c);
                w.canon.append(&found.structure);
                (defaults, parameters) = (found.defaults, found.names);
            }
            _ => {
                w.push_scope(ScopeKind::Lambda);
                parameters.iter().for_each(|&name| w.bind(name, Binding::Other));
                w.expression(c);
                w.pop_scope();
            }
        });
        self.canon.append(&defaults);
        self.canon.close();
    }

    fn comprehension(&mut self, c: &mut Cursor<'_>, tag: u8) {
        self.canon.open(tag);
        self.push_scope(ScopeKind::Comprehension);
        let mut outermost = true;
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma => {}
            Kind::ForInClause => w.for_clause(c, std::mem::take(&mut outermost)),
            Kind::IfClause => w.sequence(c, tag::IF_CLAUSE),
            _ => {
                w.expression(c);
            }
        });
        self.pop_scope();
        self.canon.close();
    }

    /// The outermost iterable is evaluated in the scope around the comprehension.
    fn for_clause(&mut self, c: &mut Cursor<'_>, outermost: bool) {
        let is_async = self.is_async(c.node());
        let left = self.grammar.fields.left;
        self.canon.open(if is_async { tag::ASYNC_FOR_CLAUSE } else { tag::FOR_CLAUSE });
        self.each(c, |w, c, kind| match kind {
            Kind::Token | Kind::Comma => {}
            _ if c.field() == left => w.target(c),
            _ => {
                let inner = if outermost { w.scopes.pop() } else { None };
                w.expression(c);
                w.scopes.extend(inner);
            }
        });
        self.canon.close();
    }

    /// An expression that is assigned to: same form, but names are bound.
    pub(super) fn target(&mut self, c: &mut Cursor<'_>) {
        self.nested(c, |w, c| match c.kind() {
            Kind::Identifier => {
                let name = w.identifier(c.node());
                w.emit_name(tag::NAME, name);
                w.bind(name, Binding::Other);
            }
            kind if kind == Kind::Parenthesized || kind == Kind::TuplePattern && is_grouping(c.node()) => {
                w.each(c, |w, c, kind| {
                    if kind != Kind::Token {
                        w.target(c)
                    }
                })
            }
            kind @ (Kind::Tuple
            | Kind::TuplePattern
            | Kind::PatternList
            | Kind::ExpressionList
            | Kind::List
            | Kind::ListPattern
            | Kind::ListSplat
            | Kind::ListSplatPattern
            | Kind::AsPatternTarget) => {
                w.canon.open(match kind {
                    Kind::List | Kind::ListPattern => tag::LIST,
                    Kind::ListSplat | Kind::ListSplatPattern => tag::STARRED,
                    _ => tag::TUPLE,
                });
                w.each(c, |w, c, kind| {
                    if !matches!(kind, Kind::Token | Kind::Comma) {
                        w.target(c)
                    }
                });
                w.canon.close();
            }
            _ => {
                w.expression(c);
            }
        });
    }

    fn call(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::CALL);
        let mut callee = None;
        let mut first = true;
        self.each(c, |w, c, kind| {
            if std::mem::take(&mut first) {
                callee = w.expression(c);
            } else if kind == Kind::ArgumentList {
                w.arguments(c);
                w.reflection(callee, c.node());
            } else {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    /// Positional arguments, then keywords: their interleaving means nothing.
    pub(super) fn arguments(&mut self, c: &mut Cursor<'_>) {
        if c.node().child_count() == 2 {
            // The parentheses, nothing between them.
            return;
        }
        let mut keywords = None;
        self.each(c, |w, c, kind| {
            let start = w.canon.len();
            match kind {
                Kind::Token | Kind::Comma => {}
                Kind::KeywordArgument => {
                    keywords.get_or_insert(start);
                    w.keyword(c);
                }
                Kind::DictionarySplat => {
                    keywords.get_or_insert(start);
                    w.sequence(c, tag::DOUBLE_STARRED);
                }
                _ => {
                    w.expression(c);
                    if let Some(keywords) = &mut keywords {
                        w.canon.swap_tail(*keywords, start);
                        *keywords += w.canon.len() - start;
                    }
                }
            }
        });
    }

    fn keyword(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::KEYWORD);
        let mut first = true;
        self.each(c, |w, c, kind| match kind {
            Kind::Token => {}
            _ if std::mem::take(&mut first) => {
                let name = w.identifier(c.node());
                w.emit_name(tag::NAME, name);
                // A keyword may name a field that a generated __init__ takes.
                w.mention(Mention::Attribute(name));
            }
            _ => {
                w.expression(c);
            }
        });
        self.canon.close();
    }
}

/// Whether a `tuple_pattern` is a parenthesised target: `(a)`, but not `(a,)` nor `()`.
pub(super) fn is_grouping(node: Node<'_>) -> bool {
    let mut walk = node.walk();
    let (mut items, mut commas) = (0, 0);
    for child in node.children(&mut walk).filter(|n| !n.is_extra()) {
        items += u32::from(child.is_named());
        commas += u32::from(child.kind() == ",");
    }
    items == 1 && commas == 0
}
