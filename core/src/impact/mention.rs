//! Whether a mention may mean a changed name.

use super::closure::{Changed, Closure, Reach};
use super::index::Denotes;
use crate::blocks::{ANY_MODULE, FileBlocks, Mention, Name, OWN_MODULE};
use crate::source::is_go;

/// Which mentions of a file are worth a look for one changed name: most files do not know the name at all.
pub(super) struct Wanted {
    name: Option<Name>,
}

impl Wanted {
    pub(super) fn of(blocks: &FileBlocks, text: &str) -> Option<Self> {
        let name = (0..).zip(&blocks.names).find(|(_, n)| *n == text).map(|(i, _)| i);
        (name.is_some() || blocks.reaches_beyond_names()).then_some(Wanted { name })
    }

    fn could_be(&self, mention: Mention) -> bool {
        match mention {
            Mention::Global(name) | Mention::Attribute(name) | Mention::Text(name) | Mention::Member { name, .. } => {
                Some(name) == self.name
            }
            Mention::Computed { .. } => true,
        }
    }
}

impl Closure<'_> {
    /// Whether any of the mentions of one block or definition may mean the changed name.
    pub(super) fn any_matches(
        &self,
        path: &str,
        blocks: &FileBlocks,
        mentions: &[Mention],
        wanted: &Wanted,
        changed: &Changed,
    ) -> bool {
        let mut any_module = None;
        mentions.iter().any(|m| {
            if !wanted.could_be(*m) {
                return false;
            }
            // Code that imports by a computed name and reads computed attributes may read them of any module.
            let imports = || {
                mentions.iter().any(|m| matches!(*m, Mention::Computed { base, .. } if blocks.name(base) == ANY_MODULE))
            };
            let imports = matches!(m, Mention::Computed { .. }) && *any_module.get_or_insert_with(imports);
            self.matches(path, blocks, *m, imports, changed)
        })
    }

    fn matches(&self, path: &str, blocks: &FileBlocks, mention: Mention, imports: bool, changed: &Changed) -> bool {
        let is = |name| blocks.name(name) == changed.name;
        if changed.reach == Reach::Star {
            return false;
        }
        let new_module = changed.reach == Reach::NewModule;
        match mention {
            Mention::Global(name) => changed.class.is_none() && is(name) && self.shares_globals(path, changed),
            Mention::Attribute(name) => !new_module && is(name),
            Mention::Text(name) => is(name),
            Mention::Member { base, name } => is(name) && self.member(blocks.name(base), path, changed),
            Mention::Computed { base, prefix, suffix } => {
                let fits = changed.name.starts_with(blocks.name(prefix))
                    && changed.name.ends_with(blocks.name(suffix))
                    && !(changed.name.starts_with("__") && changed.name.ends_with("__"));
                fits && !changed.evaluation && self.computed(blocks.name(base), path, imports, changed)
            }
        }
    }

    /// Whether a global name of the file at `path` may be the changed one: of its own file, or of its package in Go.
    fn shares_globals(&self, path: &str, changed: &Changed) -> bool {
        let package = || changed.reach != Reach::File && is_go(path);
        path == changed.path || package() && self.index.module_name(path) == changed.module
    }

    fn member(&self, base: &str, path: &str, changed: &Changed) -> bool {
        match self.index.denotes(base, path) {
            Denotes::Module(m) => changed.class.is_none() && changed.module.as_ref() == Some(&m),
            Denotes::Inside(m) if changed.reach == Reach::NewModule => changed.module.as_ref() == Some(&m),
            Denotes::Inside(m) => {
                changed.class.is_some() || changed.module.as_ref().is_none_or(|c| *c == m || !self.is_package_path(&m))
            }
            Denotes::Foreign => false,
            Denotes::Object => changed.reach != Reach::NewModule,
        }
    }

    /// Whether the dotted name could only be a module path: each of its parents is a module and it is not an
    /// object that one of them binds.
    fn is_package_path(&self, dotted: &str) -> bool {
        let Some((parent, last)) = dotted.rsplit_once('.') else {
            return true;
        };
        let Some(file) = self.index.module_file(parent) else {
            return false;
        };
        let blocks = &self.index.files[file as usize].blocks;
        !blocks.definitions.iter().any(|d| d.binds.iter().any(|&n| blocks.name(n) == last))
    }

    fn computed(&self, base: &str, path: &str, imports: bool, changed: &Changed) -> bool {
        match base {
            ANY_MODULE => changed.is_module,
            _ if changed.reach == Reach::NewModule => false,
            "" => changed.class.is_some() || imports,
            OWN_MODULE => changed.class.is_none() && changed.path == path,
            _ => match self.index.denotes(base, path) {
                Denotes::Module(m) => changed.class.is_none() && changed.module.as_ref() == Some(&m),
                Denotes::Foreign => false,
                Denotes::Inside(_) | Denotes::Object => changed.class.is_some(),
            },
        }
    }
}
