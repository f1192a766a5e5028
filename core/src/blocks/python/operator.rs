//! Operators: unary, comparisons, and chains of binary and boolean ones.

use super::cursor::Cursor;
use super::kind::Kind;
use super::{Walker, tag};
use crate::fingerprint::Canon;
use tree_sitter::Node;

impl Walker<'_> {
    /// A node whose operator tokens matter.
    pub(super) fn operator(&mut self, c: &mut Cursor<'_>, tag: u8) {
        self.canon.open(tag);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => w.operator_token(c.node()),
            _ => {
                w.expression(c);
            }
        });
        self.canon.close();
    }

    /// A left-leaning chain of operators is as long as the source likes, so its spine is a loop.
    pub(super) fn binary(&mut self, c: &mut Cursor<'_>) {
        let (mut height, mut checked) = (0, false);
        while c.kind() == Kind::BinaryOperator {
            let bits = self.is_bits(c.node());
            if bits && !checked && self.is_mixed(c.node()) {
                break;
            }
            checked = bits;
            self.canon.open(tag::BINARY);
            height += 1;
            c.first_child();
        }
        if c.kind() == Kind::BinaryOperator {
            self.bits(c);
        } else {
            self.expression(c);
        }
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

    /// `await a ** b` is to the grammar an `await` of the power; in Python the power of an `await`.
    pub(super) fn await_(&mut self, c: &mut Cursor<'_>) {
        let is_power = |n: &Node<'_>| self.kind_of(*n) == Kind::BinaryOperator;
        if c.node().named_child(0).filter(is_power).is_none() {
            self.sequence(c, tag::AWAIT);
            return;
        }
        self.each(c, |w, c, kind| {
            if kind != Kind::BinaryOperator {
                return;
            }
            w.canon.open(tag::BINARY);
            let mut first = true;
            w.each(c, |w, c, kind| match kind {
                Kind::Token => w.operator_token(c.node()),
                _ if std::mem::take(&mut first) => {
                    w.canon.open(tag::AWAIT);
                    w.expression(c);
                    w.canon.close();
                }
                _ => {
                    w.expression(c);
                }
            });
            w.canon.close();
        });
    }

    /// `a and b and c` is one node of three operands, `(a and b) and c` is two of two: as in Python's syntax.
    pub(super) fn boolean(&mut self, c: &mut Cursor<'_>) {
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

    /// `a[b] | c | d` in an annotation may lean to the right in the grammar's tree; in Python it leans left.
    pub(super) fn union_type(&mut self, c: &mut Cursor<'_>) {
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

    fn operator_token(&mut self, node: Node<'_>) {
        let operator = self.grammar.token(node);
        if operator == "<>" {
            self.unknown(node, "the operator <>, which Python 3 does not know");
        }
        self.canon.bytes(operator.as_bytes());
    }
}
