//! String literals: their value, what f-strings interpolate, and the names that constants spell.

use super::cursor::Cursor;
use super::kind::Kind;
use super::literal::{self, Prefix};
use super::{Walker, tag};
use crate::blocks::Mention;
use crate::fingerprint::Canon;
use tree_sitter::Node;

/// String constants longer than this are no names.
const MAX_NAME: usize = 96;

impl Walker<'_> {
    /// A string literal, implicit concatenation included.
    pub(super) fn string(&mut self, c: &mut Cursor<'_>) {
        let mut parts = StringParts { pending: std::mem::take(&mut self.string_buffer), ..StringParts::default() };
        if c.kind() == Kind::String {
            self.string_piece(c, &mut parts);
        } else {
            self.each(c, |w, c, _| w.string_piece(c, &mut parts));
        }
        if parts.format || parts.template {
            self.canon.open(if parts.template { tag::TEMPLATE } else { tag::JOINED });
            parts.flush();
            self.canon.append(&parts.done);
            self.canon.close();
        } else {
            self.text_mentions(&parts);
            self.canon.text(if parts.bytes { tag::BYTES } else { tag::STRING }, &parts.pending);
        }
        parts.pending.clear();
        self.string_buffer = parts.pending;
    }

    /// A constant that could be a name, or a dotted path of names, mentions it.
    fn text_mentions(&mut self, parts: &StringParts) {
        if parts.bytes || parts.pending.is_empty() || parts.pending.len() > MAX_NAME {
            return;
        }
        let Ok(text) = std::str::from_utf8(&parts.pending) else {
            return;
        };
        let is_name = |s: &str| {
            s.chars().all(|c| c == '_' || c.is_alphanumeric()) && s.starts_with(|c: char| c == '_' || c.is_alphabetic())
        };
        if text.split(['.', ':']).all(is_name) {
            for piece in text.split(['.', ':']) {
                let name = self.names.intern(piece);
                if self.exporting {
                    self.out.exports.get_or_insert_default().push(name);
                } else {
                    self.mention(Mention::Text(name));
                }
            }
        }
    }

    fn string_piece(&mut self, c: &mut Cursor<'_>, parts: &mut StringParts) {
        let node = c.node();
        if self.plain_piece(node, parts) {
            return;
        }
        let mut prefix = Prefix::default();
        let (mut at, mut quotes) = (node.start_byte(), 1);
        self.each(c, |w, c, kind| {
            let child = c.node();
            match kind {
                Kind::StringStart => {
                    let start = w.node_text(child);
                    prefix = Prefix::of(start);
                    if start.ends_with('`') {
                        w.unknown(node, "backquotes, which Python 3 does not know");
                    }
                    quotes = start.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
                    parts.format |= prefix.format;
                    parts.template |= prefix.template;
                    parts.bytes |= prefix.bytes;
                    at = child.end_byte();
                }
                Kind::Interpolation => {
                    parts.literal(w.text.get(at..child.start_byte()), prefix);
                    w.nested(c, |w, c| w.interpolation(c, prefix, parts));
                    at = child.end_byte();
                }
                // The grammar's end token may begin early (`r'\\\\'`): only its last characters are the quotes.
                Kind::StringEnd => parts.literal(w.text.get(at..child.end_byte().saturating_sub(quotes)), prefix),
                _ => {}
            }
        });
    }

    /// A literal without interpolations is read from its text, which is quicker than from its nodes.
    fn plain_piece(&self, node: Node<'_>, parts: &mut StringParts) -> bool {
        let text = self.node_text(node);
        let prefix = Prefix::of(text);
        let quoted = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let quotes = match quoted.as_bytes() {
            [a @ (b'"' | b'\''), b, c, ..] if a == b && a == c && quoted.len() >= 6 => 3,
            [b'"' | b'\'', ..] => 1,
            _ => return false,
        };
        let inner = quoted.get(quotes..quoted.len().saturating_sub(quotes));
        if prefix.format || prefix.template || inner.is_none() {
            return false;
        }
        parts.bytes |= prefix.bytes;
        parts.literal(inner, prefix);
        true
    }

    fn interpolation(&mut self, c: &mut Cursor<'_>, prefix: Prefix, parts: &mut StringParts) {
        let open = c.node().start_byte() + 1;
        let (mut conversion, mut debug) = (None, None);
        let mut spec = Canon::default();
        let mut has_spec = false;
        let mut value = Canon::default();
        self.writing_to(&mut value, |w| {
            w.each(c, |w, c, kind| match kind {
                Kind::Token if c.node().kind() == "=" => debug = Some(c.node().end_byte()),
                Kind::Token => {}
                Kind::TypeConversion => conversion = w.node_text(c.node()).as_bytes().get(1).copied(),
                Kind::FormatSpecifier => {
                    has_spec = true;
                    w.writing_to(&mut spec, |w| w.format_specifier(c, prefix));
                }
                _ => {
                    w.expression(c);
                }
            });
        });
        if let Some(end) = debug {
            // `{x = }` is the text "x = " followed by repr(x): white space up to the value counts.
            let tail = self.text.get(end..).unwrap_or("");
            let spaces = tail.len() - tail.trim_start().len();
            parts.literal(self.text.get(open..end + spaces), Prefix { raw: true, ..Prefix::default() });
            if conversion.is_none() && !has_spec {
                conversion = Some(b'r');
            }
        }
        parts.flush();
        if prefix.template {
            // A template keeps the text of the expression beside its value.
            let end = c.node().named_child(0).map_or(open, |n| n.end_byte());
            parts.done.text(tag::TEXT, self.text.get(open..end).unwrap_or("").as_bytes());
        }
        parts.done.open(tag::FORMATTED);
        parts.done.append(&value);
        parts.done.bytes(conversion.as_slice());
        if has_spec {
            parts.done.append(&spec);
        }
        parts.done.close();
    }

    fn format_specifier(&mut self, c: &mut Cursor<'_>, prefix: Prefix) {
        let node = c.node();
        let mut at = node.start_byte() + 1;
        let mut parts = StringParts { format: true, ..StringParts::default() };
        self.each(c, |w, c, kind| {
            if matches!(kind, Kind::FormatExpression | Kind::Interpolation) {
                parts.literal(w.text.get(at..c.node().start_byte()), prefix);
                w.nested(c, |w, c| w.interpolation(c, prefix, &mut parts));
                at = c.node().end_byte();
            }
        });
        parts.literal(self.text.get(at..node.end_byte()), prefix);
        parts.flush();
        self.canon.open(tag::JOINED);
        self.canon.append(&parts.done);
        self.canon.close();
    }
}

/// Pieces of a string so far: neighbouring text merges, as it does in Python's syntax tree.
#[derive(Default)]
struct StringParts {
    done: Canon,
    pending: Vec<u8>,
    format: bool,
    template: bool,
    bytes: bool,
}

impl StringParts {
    fn literal(&mut self, text: Option<&str>, prefix: Prefix) {
        literal::decode_text(text.unwrap_or(""), prefix, &mut self.pending);
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            self.done.text(tag::TEXT, &self.pending);
            self.pending.clear();
        }
    }
}
