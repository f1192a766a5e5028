//! Calls that reach names by computed strings: `getattr(ops, "op_" + kind)`.

use super::Walker;
use super::kind::Kind;
use super::scope::Dotted;
use crate::blocks::names::Names;
use crate::blocks::{ANY_MODULE, Mention, OWN_MODULE};
use tree_sitter::Node;

/// Dotted names of more parts are no references to modules.
const MAX_DOTTED: usize = 32;

/// Callables that reach names which stand nowhere in the source, by their last part.
const REFLECTIVE: &[&str] = &[
    "getattr",
    "hasattr",
    "setattr",
    "delattr",
    "attrgetter",
    "methodcaller",
    "vars",
    "dir",
    "getmembers",
    "globals",
    "locals",
    "eval",
    "exec",
    "import_module",
    "__import__",
    "walk_packages",
    "iter_modules",
];

impl Walker<'_> {
    /// Calls that reach names which stand nowhere in the source: `getattr(ops, "op_" + kind)`.
    pub(super) fn reflection(&mut self, callee: Option<Dotted>, arguments: Node<'_>) {
        let Some(callee) = callee else { return };
        let last = if callee.path == Names::EMPTY { callee.root } else { callee.path };
        let name = self.names.text(last).rsplit('.').next().unwrap_or("");
        let Some(&name) = REFLECTIVE.iter().find(|r| **r == name) else {
            return;
        };
        let mut walk = arguments.walk();
        let positional: Vec<Node<'_>> = arguments.named_children(&mut walk).filter(|n| n.kind() != "comment").collect();
        let base = positional.first().and_then(|n| self.dotted_node(*n));
        match name {
            "getattr" | "hasattr" | "setattr" | "delattr" => {
                let (prefix, suffix) = positional.get(1).map_or_else(Default::default, |n| self.known_ends(*n));
                if positional.get(1).is_some_and(|n| n.kind() != "string" || prefix.1) {
                    let (prefix, suffix) = (self.names.intern(&prefix.0), self.names.intern(&suffix));
                    self.computed(base, prefix, suffix);
                }
            }
            "attrgetter" | "methodcaller" => self.computed(None, Names::EMPTY, Names::EMPTY),
            "vars" | "dir" | "getmembers" => self.computed(base, Names::EMPTY, Names::EMPTY),
            "globals" | "locals" | "eval" | "exec" => self.computed_module(OWN_MODULE),
            "import_module" | "__import__" if positional.first().is_some_and(|n| n.kind() == "string") => {}
            "import_module" | "__import__" | "walk_packages" | "iter_modules" => self.computed_module(ANY_MODULE),
            _ => {}
        }
    }

    fn computed_module(&mut self, base: &str) {
        let base = self.names.intern(base);
        self.mention(Mention::Computed { base, prefix: Names::EMPTY, suffix: Names::EMPTY });
    }

    /// A node that is a dotted name, without visiting it.
    fn dotted_node(&mut self, node: Node<'_>) -> Option<Dotted> {
        let (mut root, mut attributes) = (node, Vec::new());
        while self.kind_of(root) == Kind::Attribute {
            attributes.push(root.child_by_field_name("attribute")?);
            root = root.child_by_field_name("object")?;
        }
        if self.kind_of(root) != Kind::Identifier || attributes.len() > MAX_DOTTED {
            return None;
        }
        let root = self.identifier(root);
        let mut path = Names::EMPTY;
        for attribute in attributes.into_iter().rev() {
            let name = self.identifier(attribute);
            path = self.names.join(path, name);
        }
        Some(Dotted { root, path })
    }

    /// What is known of a computed string: its start (and whether it is computed at all) and its end.
    fn known_ends(&mut self, node: Node<'_>) -> ((String, bool), String) {
        let text = |w: &Self, n: Node<'_>| w.node_text(n).to_owned();
        match node.kind() {
            "binary_operator" => {
                let side = |w: &mut Self, field: &str| {
                    node.child_by_field_name(field)
                        .filter(|n| n.kind() == "string")
                        .map_or(String::new(), |n| w.plain_string(n))
                };
                let plus = node.child_by_field_name("operator").is_some_and(|n| n.kind() == "+");
                if plus {
                    return ((side(self, "left"), true), side(self, "right"));
                }
                let template = side(self, "left");
                ((template.split('%').next().unwrap_or("").to_owned(), true), String::new())
            }
            "string" => {
                let mut walk = node.walk();
                let parts: Vec<Node<'_>> = node.children(&mut walk).collect();
                if !parts.iter().any(|n| n.kind() == "interpolation") {
                    return ((String::new(), false), String::new());
                }
                let edge = |w: &Self, n: Option<&Node<'_>>| {
                    n.filter(|n| n.kind() == "string_content").map_or(String::new(), |n| text(w, *n))
                };
                let end = parts.len().saturating_sub(2);
                ((edge(self, parts.get(1)), true), edge(self, parts.get(end)))
            }
            _ => ((String::new(), true), String::new()),
        }
    }

    fn plain_string(&mut self, node: Node<'_>) -> String {
        let mut walk = node.walk();
        let content = node.children(&mut walk).find(|n| n.kind() == "string_content");
        content.map_or(String::new(), |n| self.node_text(n).to_owned())
    }
}
