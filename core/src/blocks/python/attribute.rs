//! Attributes: dotted names as far as they are known, and what they mention.

use super::cursor::Cursor;
use super::kind::Kind;
use super::scope::{Dotted, Use};
use super::{MAX_DEPTH, Walker, tag};
use crate::blocks::names::Names;
use crate::blocks::{Mention, Name};

impl Walker<'_> {
    pub(super) fn attribute(&mut self, c: &mut Cursor<'_>) -> Option<Dotted> {
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

    pub(super) fn computed(&mut self, base: Option<Dotted>, prefix: Name, suffix: Name) {
        match base {
            Some(base) => self.use_name(Use::Computed { base, prefix, suffix }),
            None => self.mention(Mention::Computed { base: Names::EMPTY, prefix, suffix }),
        }
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
        let mut dotted = Some(Dotted { root, path: Names::EMPTY });
        for part in parts {
            let name = self.names.intern(part);
            self.emit_name(tag::NAME, name);
            self.canon.close();
            dotted = self.attribute_of(dotted, name);
        }
        dotted
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
}
