//! Imports: what they bind and which modules they mention.

use super::cursor::Cursor;
use super::kind::Kind;
use super::scope::Binding;
use super::{Walker, tag};
use crate::blocks::names::Names;
use crate::blocks::{Mention, Name};
use tree_sitter::Node;

impl Walker<'_> {
    pub(super) fn import(&mut self, c: &mut Cursor<'_>) {
        self.canon.open(tag::IMPORT);
        self.each(c, |w, c, kind| {
            if matches!(kind, Kind::DottedName | Kind::AliasedImport) {
                let (module, alias) = w.imported(c.node());
                let text = w.names.text(module).to_owned();
                w.mention_module(&text);
                match alias {
                    Some(alias) => w.bind(alias, Binding::Import(module)),
                    None => {
                        let top = w.names.intern(text.split('.').next().unwrap_or(""));
                        w.bind(top, Binding::Import(top));
                    }
                }
            }
        });
        self.canon.close();
    }

    pub(super) fn import_from(&mut self, c: &mut Cursor<'_>) {
        let name_field = self.grammar.fields.name;
        let mut module = if c.kind() == Kind::FutureImport { self.names.intern("__future__") } else { Names::EMPTY };
        self.canon.open(tag::IMPORT_FROM);
        self.each(c, |w, c, kind| match kind {
            Kind::DottedName | Kind::RelativeImport if c.field() != name_field => {
                module = w.module_reference(c.node());
                w.emit_name(tag::NAME, module);
                let text = w.names.text(module).to_owned();
                w.mention_module(&text);
            }
            Kind::DottedName | Kind::AliasedImport => {
                let (name, alias) = w.imported(c.node());
                w.mention(Mention::Member { base: module, name });
                let target = w.names.join(module, name);
                w.bind(alias.unwrap_or(name), Binding::Import(target));
            }
            Kind::WildcardImport => {
                w.canon.leaf(tag::STAR_IMPORT);
                let star = w.names.intern("*");
                w.mention(Mention::Member { base: module, name: star });
            }
            _ => {}
        });
        self.canon.close();
    }

    /// `a . b` with whatever stands between its parts.
    pub(super) fn dotted_name(&mut self, node: Node<'_>) -> Name {
        if node.child_count() == 1 {
            return self.identifier(node);
        }
        let mut walk = node.walk();
        let parts: Vec<Node<'_>> =
            node.named_children(&mut walk).filter(|n| self.kind_of(*n) == Kind::Identifier).collect();
        let mut name = Names::EMPTY;
        for part in parts {
            let part = self.identifier(part);
            name = self.names.join(name, part);
        }
        name
    }

    /// A `dotted_name` or `aliased_import`: writes it and returns the dotted name and the alias.
    fn imported(&mut self, node: Node<'_>) -> (Name, Option<Name>) {
        let fields = self.grammar.fields;
        let (dotted, alias) = match self.kind_of(node) {
            Kind::AliasedImport => (node.child_by_field_id(fields.name), node.child_by_field_id(fields.alias)),
            _ => (Some(node), None),
        };
        let name = dotted.map_or(Names::EMPTY, |n| self.dotted_name(n));
        self.canon.open(tag::ALIAS);
        self.emit_name(tag::NAME, name);
        let alias = alias.map(|n| self.identifier(n));
        if let Some(alias) = alias {
            self.emit_name(tag::NAME, alias);
        }
        self.canon.close();
        (name, alias)
    }

    fn module_reference(&mut self, node: Node<'_>) -> Name {
        if node.kind() == "dotted_name" {
            return self.dotted_name(node);
        }
        let mut walk = node.walk();
        let parts: Vec<Node<'_>> = node.named_children(&mut walk).collect();
        let mut dots = String::new();
        let mut rest = Names::EMPTY;
        for part in parts {
            match part.kind() {
                "import_prefix" => dots = ".".repeat(self.node_text(part).matches('.').count()),
                "dotted_name" => rest = self.dotted_name(part),
                _ => {}
            }
        }
        let dots = self.names.intern(&dots);
        self.names.join(dots, rest)
    }

    /// Importing `a.b.c` mentions the modules `a`, `a.b` and `a.b.c`, each as a member of its parent.
    fn mention_module(&mut self, module: &str) {
        let dots = module.bytes().take_while(|&b| b == b'.').count();
        let parts: Vec<&str> = module[dots..].split('.').filter(|p| !p.is_empty()).collect();
        for (i, part) in parts.iter().enumerate() {
            let base = format!("{}{}", &module[..dots], parts[..i].join("."));
            let (base, name) = (self.names.intern(&base), self.names.intern(part));
            self.mention(Mention::Member { base, name });
        }
    }
}
