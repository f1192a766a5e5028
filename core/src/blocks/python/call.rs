//! Calls and their arguments.

use super::cursor::Cursor;
use super::kind::Kind;
use super::{Walker, tag};
use crate::blocks::Mention;

impl Walker<'_> {
    pub(super) fn call(&mut self, c: &mut Cursor<'_>) {
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
        // A keyword may name a field that a generated __init__ takes.
        self.name_and_value(c, tag::KEYWORD, |w, name| w.mention(Mention::Attribute(name)));
    }
}
