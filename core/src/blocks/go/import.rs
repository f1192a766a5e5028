//! Imports: paths, and the names that packages go by.

use super::{DefinitionKind, Kind, Mention, Name, Names, Walker, lines_of, literal, tag};
use tree_sitter::{Node, TreeCursor};

impl Walker<'_> {
    pub(super) fn imports(&mut self, c: &mut TreeCursor<'_>) {
        self.each(c, |w, c, kind| match kind {
            Kind::ImportSpecList => w.imports(c),
            Kind::ImportSpec => w.import(c.node()),
            Kind::Error => w.unknown(c.node(), "a syntax error"),
            _ => {}
        });
    }

    fn import(&mut self, spec: Node<'_>) {
        let path = self.child(spec, self.fields().path).map_or("", |path| self.node_text(path));
        let path = literal::string(path).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let name = self.child(spec, self.fields().name);
        let kind = match name.map(|name| self.kind_of(name)) {
            Some(Kind::Dot) => DefinitionKind::Star,
            Some(Kind::Blank) => DefinitionKind::Effect,
            _ if path == "C" => DefinitionKind::Effect,
            _ => DefinitionKind::Import,
        };
        let local = match kind {
            DefinitionKind::Import => {
                Some(name.map_or_else(|| package_name(&path), |name| self.node_text(name)).to_owned())
            }
            _ => None,
        };
        let base = self.names.intern(&path);
        let local = local.map(|local| self.names.intern(&local));
        if let Some(local) = local {
            self.imports.entry(local).or_default().push(base);
        }
        let preamble = if path == "C" { self.preamble(spec) } else { Vec::new() };
        self.define(kind, lines_of(spec), |w| {
            w.canon.text(tag::IMPORT, path.as_bytes());
            for comment in preamble {
                w.canon.text(tag::PREAMBLE, comment.as_bytes());
            }
            let name = if kind == DefinitionKind::Star { w.names.intern("*") } else { Names::EMPTY };
            w.mention(Mention::Member { base, name });
            local.into_iter().collect()
        });
    }

    /// The comments before an import of C, which cgo reads: those before the declaration, and in its group.
    fn preamble(&self, spec: Node<'_>) -> Vec<String> {
        let before = std::iter::successors(spec.prev_sibling(), Node::prev_sibling);
        let mut inside: Vec<&str> = before
            .take_while(|node| matches!(self.kind_of(*node), Kind::Comment | Kind::Layout))
            .filter(|node| self.kind_of(*node) == Kind::Comment)
            .map(|node| self.node_text(node))
            .collect();
        inside.reverse();
        self.comments.iter().copied().chain(inside).map(|comment| comment.replace('\r', "")).collect()
    }

    /// The path of the one import that goes by this name.
    pub(super) fn imported(&self, name: Name) -> Option<Name> {
        match self.imports.get(&name).map(Vec::as_slice) {
            Some(&[path]) => Some(path),
            _ => None,
        }
    }
}

/// What a package is most likely called: by the last element of its path that is no version.
fn package_name(path: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (around, last) = path.rsplit_once('/').unwrap_or(("", path));
    if is_version(last) && !around.is_empty() {
        return around.rsplit('/').next().unwrap_or(around);
    }
    match last.rsplit_once('.') {
        Some((name, version)) if path.starts_with("gopkg.in/") && is_version(version) => name,
        _ => last,
    }
}

#[cfg(test)]
mod tests {
    use super::package_name;

    #[test]
    fn names_follow_from_paths() {
        for (path, name) in [
            ("fmt", "fmt"),
            ("math/rand/v2", "rand"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("example.com/m.v3", "m.v3"),
            ("v2", "v2"),
            ("", ""),
        ] {
            assert_eq!(package_name(path), name);
        }
    }
}
