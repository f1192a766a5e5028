//! Chains of `&` and `^`, which the grammar groups otherwise than Python.

use super::cursor::Cursor;
use super::kind::Kind;
use super::{Walker, tag};
use crate::fingerprint::Canon;
use tree_sitter::Node;

impl Walker<'_> {
    /// `&` and `^`, of which the grammar binds the wrong one more tightly.
    pub(super) fn is_bits(&self, node: Node<'_>) -> bool {
        matches!(self.binary_operator(node), "&" | "^")
    }

    fn binary_operator(&self, node: Node<'_>) -> &'static str {
        if self.kind_of(node) != Kind::BinaryOperator {
            return "";
        }
        node.child_by_field_id(self.grammar.fields.operator).map_or("", |n| self.grammar.token(n))
    }

    /// Whether a chain of `&` and `^` without parentheses has both.
    pub(super) fn is_mixed(&self, mut node: Node<'_>) -> bool {
        let own = self.binary_operator(node);
        while self.is_bits(node) {
            // The right operand of `&` may be a `^`, which may have an `&` no further.
            let right = node.child(node.child_count().saturating_sub(1)).is_some_and(|n| self.is_bits(n));
            if right || self.binary_operator(node) != own {
                return true;
            }
            let Some(left) = node.child(0) else { break };
            node = left;
        }
        false
    }

    /// A chain with both `&` and `^`: in Python a `^` of `&`s.
    pub(super) fn bits(&mut self, c: &mut Cursor<'_>) {
        let (mut operands, mut operators) = (Vec::new(), Vec::new());
        self.bit_operands(c, &mut operands, &mut operators);
        // A term begins at every operand that no `&` precedes.
        let begins = |i: &usize| i.checked_sub(1).and_then(|before| operators.get(before)).is_none_or(|o| *o != "&");
        let starts: Vec<usize> = (0..operands.len()).filter(begins).collect();
        (1..starts.len()).for_each(|_| self.canon.open(tag::BINARY));
        for (i, &start) in starts.iter().enumerate() {
            if i > 0 {
                self.canon.bytes(b"^");
            }
            let end = starts.get(i + 1).copied().unwrap_or(operands.len());
            let factors = operands.get(start..end).unwrap_or_default();
            (1..factors.len()).for_each(|_| self.canon.open(tag::BINARY));
            for (j, factor) in factors.iter().enumerate() {
                if j > 0 {
                    self.canon.bytes(b"&");
                }
                self.canon.append(factor);
                if j > 0 {
                    self.canon.close();
                }
            }
            if i > 0 {
                self.canon.close();
            }
        }
    }

    fn bit_operands(&mut self, c: &mut Cursor<'_>, operands: &mut Vec<Canon>, operators: &mut Vec<&'static str>) {
        let mut height = 0;
        while self.is_bits(c.node()) {
            height += 1;
            c.first_child();
        }
        self.bit_operand(c, operands);
        for _ in 0..height {
            while c.next_sibling() {
                match c.kind() {
                    Kind::Extra => {}
                    Kind::Token => operators.push(self.grammar.token(c.node())),
                    _ if self.is_bits(c.node()) => self.nested(c, |w, c| w.bit_operands(c, operands, operators)),
                    _ => self.bit_operand(c, operands),
                }
            }
            c.parent();
        }
    }

    fn bit_operand(&mut self, c: &mut Cursor<'_>, operands: &mut Vec<Canon>) {
        let mut form = Canon::default();
        self.writing_to(&mut form, |w| {
            w.expression(c);
        });
        operands.push(form);
    }
}
