//! Patterns of `match` statements.

use super::cursor::Cursor;
use super::kind::Kind;
use super::scope::{Binding, Dotted, Use};
use super::{Walker, literal, tag};
use crate::blocks::names::Names;

impl Walker<'_> {
    /// Writes a pattern and binds what it captures.
    pub(super) fn pattern(&mut self, c: &mut Cursor<'_>) {
        self.nested(c, |w, c| w.pattern_inner(c));
    }

    fn pattern_inner(&mut self, c: &mut Cursor<'_>) {
        match c.kind() {
            Kind::CasePattern => self.case_pattern(c),
            Kind::ListPattern => self.patterns(c, tag::PATTERN_SEQUENCE),
            Kind::TuplePattern => self.parenthesized_pattern(c),
            Kind::UnionPattern => self.patterns(c, tag::PATTERN_OR),
            Kind::DictPattern => self.patterns(c, tag::PATTERN_MAPPING),
            Kind::ClassPattern => self.patterns(c, tag::PATTERN_CLASS),
            Kind::KeywordPattern => self.keyword_pattern(c),
            Kind::AsPattern => self.as_pattern(c),
            Kind::SplatPattern => self.splat_pattern(c),
            Kind::DottedName => self.dotted_pattern(c),
            Kind::ComplexPattern => self.number_pattern(c),
            Kind::Integer | Kind::Float => self.number(c),
            Kind::Identifier => self.capture(c),
            _ => {
                self.canon.open(tag::PATTERN_VALUE);
                self.expression(c);
                self.canon.close();
            }
        }
    }

    /// The wrapper around one simple pattern: a sign, a wildcard, or what it wraps.
    fn case_pattern(&mut self, c: &mut Cursor<'_>) {
        let node = c.node();
        let signed = node.child(0).is_some_and(|n| n.kind() == "-");
        if signed {
            self.number_pattern(c);
            return;
        }
        self.each(c, |w, c, kind| match kind {
            Kind::Token if c.node().kind() == "_" => w.canon.leaf(tag::PATTERN_WILDCARD),
            Kind::Token => {}
            _ => w.pattern(c),
        });
    }

    /// `(p)` is p, `(p,)` and `(p, q)` are sequences.
    fn parenthesized_pattern(&mut self, c: &mut Cursor<'_>) {
        let (mut count, mut commas) = (0, 0);
        self.each(c, |_, _, kind| match kind {
            Kind::Comma => commas += 1,
            Kind::Token => {}
            _ => count += 1,
        });
        if count == 1 && commas == 0 {
            self.each(c, |w, c, kind| {
                if kind != Kind::Token {
                    w.pattern(c)
                }
            });
        } else {
            self.patterns(c, tag::PATTERN_SEQUENCE);
        }
    }

    fn patterns(&mut self, c: &mut Cursor<'_>, tag_: u8) {
        self.canon.open(tag_);
        let class = tag_ == tag::PATTERN_CLASS;
        let mut signed = false;
        self.each(c, |w, c, kind| match kind {
            Kind::DottedName if class => {
                w.dotted_use(c);
            }
            _ => w.pattern_part(c, kind, &mut signed),
        });
        self.canon.close();
    }

    /// A child of a pattern that may hold wildcards and signs as bare tokens.
    fn pattern_part(&mut self, c: &mut Cursor<'_>, kind: Kind, signed: &mut bool) {
        match kind {
            Kind::Token if c.node().kind() == "_" => self.canon.leaf(tag::PATTERN_WILDCARD),
            Kind::Token => *signed |= c.node().kind() == "-",
            Kind::Comma | Kind::Colon => {}
            _ if std::mem::take(signed) => {
                self.canon.open(tag::PATTERN_VALUE);
                self.canon.bytes(b"-");
                self.number_value(c);
                self.canon.close();
            }
            _ => self.pattern(c),
        }
    }

    fn keyword_pattern(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::PATTERN_KEYWORD);
        let (mut first, mut signed) = (true, false);
        self.each(c, |w, c, kind| match kind {
            Kind::Identifier if std::mem::take(&mut first) => {
                let name = w.identifier(c.node());
                w.emit_name(tag::NAME, name);
                w.mention(crate::blocks::Mention::Attribute(name));
            }
            _ => w.pattern_part(c, kind, &mut signed),
        });
        self.canon.close();
    }

    fn as_pattern(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::PATTERN_AS);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => {}
            _ => w.pattern(c),
        });
        self.canon.close();
    }

    fn splat_pattern(&mut self, c: &mut Cursor<'_>) {
        let double = c.node().child(0).is_some_and(|n| n.kind() == "**");
        self.canon.open(if double { tag::PATTERN_DOUBLE_STAR } else { tag::PATTERN_STAR });
        self.each(c, |w, c, kind| {
            if kind == Kind::Identifier {
                w.capture(c)
            }
        });
        self.canon.close();
    }

    fn capture(&mut self, c: &mut Cursor<'_>) {
        let name = self.identifier(c.node());
        self.emit_name(tag::PATTERN_CAPTURE, name);
        self.bind(name, Binding::Other);
    }

    /// A single name captures, a dotted one is a value.
    fn dotted_pattern(&mut self, c: &mut Cursor<'_>) {
        let name = self.dotted_name(c.node());
        let text = self.names.text(name);
        if text == "_" {
            self.canon.leaf(tag::PATTERN_WILDCARD);
        } else if text.contains('.') {
            self.canon.open(tag::PATTERN_VALUE);
            self.dotted_use(c);
            self.canon.close();
        } else {
            self.emit_name(tag::PATTERN_CAPTURE, name);
            self.bind(name, Binding::Other);
        }
    }

    fn dotted_use(&mut self, c: &mut Cursor<'_>) {
        let mut base: Option<Dotted> = None;
        self.each(c, |w, c, kind| {
            if kind != Kind::Identifier {
                return;
            }
            let name = w.identifier(c.node());
            w.emit_name(tag::NAME, name);
            base = Some(match base {
                None => {
                    w.use_name(Use::Name(name));
                    Dotted { root: name, path: Names::EMPTY }
                }
                Some(base) => {
                    w.use_name(Use::Attribute { base, name });
                    Dotted { root: base.root, path: w.names.join(base.path, name) }
                }
            });
        });
    }

    fn number_pattern(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::PATTERN_VALUE);
        self.each(c, |w, c, kind| match kind {
            Kind::Token => w.canon.bytes(c.node().kind().as_bytes()),
            Kind::Integer | Kind::Float => w.number_value(c),
            _ => w.pattern(c),
        });
        self.canon.close();
    }

    fn number(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::PATTERN_VALUE);
        self.number_value(c);
        self.canon.close();
    }

    fn number_value(&mut self, c: &mut Cursor<'_>) {
        let text = self.node_text(c.node());
        if !literal::number(text, &mut self.canon) {
            self.unknown(c.node(), "a number that Python 3 does not know");
        }
    }
}
