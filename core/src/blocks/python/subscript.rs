//! Subscripts and slices, in expressions and in annotations.

use super::cursor::Cursor;
use super::kind::Kind;
use super::{Walker, tag};

impl Walker<'_> {
    /// What stands between the brackets is a tuple if there is a comma or a star.
    pub(super) fn subscript(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::SUBSCRIPT);
        let (mut tuple, mut inside) = (false, None);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => inside = inside.or((w.grammar.token(c.node()) == "[").then_some(w.canon.len())),
            Kind::Comma => tuple = true,
            _ => {
                // Before the bracket a star belongs to all of it (`*a[b]`).
                tuple |= inside.is_some() && w.starts_with_star(c.node());
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
    pub(super) fn generic_type(&mut self, c: &mut Cursor<'_>) {
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

    pub(super) fn slice(&mut self, c: &mut Cursor<'_>) {
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
}
