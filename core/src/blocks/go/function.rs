//! Functions and methods, and the directives that stand before declarations.

use super::{BlockKind, DefinitionKind, Item, Kind, Lines, Mention, Walker, field_of, lines_of, tag};
use tree_sitter::{Node, TreeCursor};

/// Comments that the compiler obeys.
pub(super) type Directives = Vec<String>;

impl<'s> Walker<'s> {
    pub(super) fn function(&mut self, c: &mut TreeCursor<'_>, kind: Kind) {
        let node = c.node();
        let fields = self.fields();
        let name = self.child(node, fields.name).map_or("", |name| self.node_text(name));
        let lines = lines_of(node);
        let receiver = self.child(node, fields.receiver).and_then(|list| self.receiver_type(list));
        let (class, id) = match receiver {
            Some(receiver) => (self.class(receiver, lines), format!("{receiver}.{name}")),
            None => (0, name.to_owned()),
        };
        self.outline(c, kind, class, name);
        let directives = self.directives();
        let id = self.unique(id);
        let outer = std::mem::replace(&mut self.block, class);
        let block = self.push_block(id, BlockKind::Function, lines);
        self.within(block, Some(lines), |w| {
            w.write_directives(&directives);
            w.canon.open(tag::FUNCTION);
            w.scopes.push();
            w.signature(c);
            let body = w.child(c.node(), fields.body);
            w.out.blocks[block as usize].trivial = body.is_none_or(|body| w.statements_of(body).is_none());
            if body.is_some() {
                w.body(c);
            }
            w.scopes.pop();
            w.canon.close();
        });
        self.block = outer;
    }

    /// The block that methods of a type stand in.
    fn class(&mut self, receiver: &str, lines: Lines) -> u32 {
        if let Some(&found) = self.classes.get(receiver) {
            return found;
        }
        let id = self.unique(receiver.to_owned());
        let block = self.push_block(id, BlockKind::Class, lines);
        self.classes.insert(receiver.to_owned(), block);
        block
    }

    /// What other code sees of a function: that it is there, and its types.
    fn outline(&mut self, c: &mut TreeCursor<'_>, kind: Kind, class: u32, name: &str) {
        let outer = std::mem::replace(&mut self.block, class);
        // Both run before anything that a benchmark does.
        let is_init = kind == Kind::FunctionDeclaration && matches!(name, "init" | "TestMain");
        let kind = if is_init { DefinitionKind::Effect } else { DefinitionKind::Binding };
        let index = self.define(kind, lines_of(c.node()), |w| {
            w.canon.open(tag::SIGNATURE);
            w.outline = true;
            w.scopes.push();
            w.signature(c);
            w.scopes.pop();
            w.outline = false;
            w.canon.close();
            if is_init || name == "_" { Vec::new() } else { vec![w.names.intern(name)] }
        });
        self.out.definitions[index as usize].spreads = class != 0;
        self.block = outer;
    }

    /// The name of the type that a method belongs to.
    fn receiver_type(&self, list: Node<'_>) -> Option<&'s str> {
        let mut node = self.first(list).and_then(|parameter| self.child(parameter, self.fields().r#type))?;
        loop {
            node = match self.kind_of(node) {
                Kind::TypeIdentifier => return Some(self.node_text(node)),
                Kind::GenericType => self.child(node, self.fields().r#type)?,
                Kind::PointerType | Kind::ParenthesizedType => self.first(node)?,
                _ => return None,
            };
        }
    }

    fn body(&mut self, c: &mut TreeCursor<'_>) {
        let body = self.fields().body;
        self.each(c, |w, c, _| {
            if field_of(c) == body {
                w.canon.open(tag::BODY);
                w.scopes.push();
                w.suite(c);
                w.scopes.pop();
                w.canon.close();
            }
        });
    }

    /// The directives among the comments since the last declaration, taken out.
    pub(super) fn directives(&mut self) -> Directives {
        let obeyed = |comment: &&str| {
            let directive = comment.starts_with("//go:") || comment.starts_with("//export ");
            directive && !["//go:build", "//go:generate"].iter().any(|other| comment.starts_with(other))
        };
        let found = self.comments.iter().copied().filter(obeyed);
        let plain = |comment: &str| comment.split_whitespace().collect::<Vec<_>>().join(" ");
        let found = found.map(plain).collect();
        self.comments.retain(|comment| !obeyed(comment));
        found
    }

    pub(super) fn write_directives(&mut self, directives: &Directives) {
        for text in directives {
            self.canon.text(tag::DIRECTIVE, text.as_bytes());
            for pattern in text.strip_prefix("//go:embed ").into_iter().flat_map(str::split_whitespace) {
                let pattern = self.names.intern(pattern.trim_matches(['"', '`']));
                self.mention(Mention::Text(pattern));
            }
        }
    }

    /// A function literal: its body is a block of its own.
    pub(super) fn function_literal(&mut self, c: &mut TreeCursor<'_>) {
        let body = self.fields().body;
        self.canon.open(tag::FUNCTION_LITERAL);
        self.scopes.push();
        let calls = std::mem::take(&mut self.calls);
        self.signature(c);
        self.each(c, |w, c, _| {
            if field_of(c) == body {
                w.literal_body(c);
            }
        });
        self.calls = calls;
        self.scopes.pop();
        self.canon.close();
    }

    /// The body of a literal in a declaration of the file is a function without a name: `table/func[0]`.
    fn literal_body(&mut self, c: &mut TreeCursor<'_>) {
        if self.has_blocks() {
            return self.branch(c, |w| w.branch_id("func"));
        }
        let id = format!("{}/func[{}]", self.variable.0, self.variable.1);
        self.variable.1 += 1;
        let id = self.unique(id);
        self.block_of(c, id, BlockKind::Function);
    }

    /// Whether statements here make blocks: in functions.
    pub(super) fn has_blocks(&self) -> bool {
        matches!(self.item, Item::Block(block) if block != 0)
    }
}
