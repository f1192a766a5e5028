//! Which files may mention a name: so that following a change does not look into every file.

use super::closure::Changed;
use super::index::{Denotes, Index, IndexedFile};
use crate::blocks::{FileBlocks, Mention, Name};
use crate::source::is_go;
use std::collections::BTreeMap;

/// Files by the names that they mention. Keys are CRC32s: a collision costs a look into a file more, no answer.
#[derive(Clone, Debug, Default)]
pub(super) struct NamePostings {
    /// Files that spell a name.
    spelled: Postings,
    /// Files that mention a name as an attribute of something unknown, or in a string.
    loose: Postings,
    /// Files that mention a name of a module of the index.
    members: Postings,
    /// Files with star imports or computed names: they may mean names that they do not spell.
    beyond: Vec<u32>,
}

impl NamePostings {
    /// Looks at the files of `index`, whose modules must be known.
    pub(super) fn new(index: &Index) -> Self {
        let mut postings = NamePostings::default();
        for (number, file) in (0..).zip(&index.files) {
            for name in &file.blocks.names {
                postings.spelled.0.push((hash("", name), number));
            }
            if file.blocks.reaches_beyond_names() {
                postings.beyond.push(number);
            }
            postings.mentions(index, number, file);
        }
        for list in [&mut postings.spelled, &mut postings.loose, &mut postings.members] {
            list.0.sort_unstable();
            list.0.dedup();
        }
        postings
    }

    fn mentions(&mut self, index: &Index, number: u32, file: &IndexedFile) {
        let blocks = &file.blocks;
        let package = index.module_name(&file.path).filter(|_| is_go(&file.path));
        let mut loose = vec![false; blocks.names.len()];
        let mut denoted: BTreeMap<Name, Denotes> = BTreeMap::new();
        for mention in all_mentions(blocks) {
            match *mention {
                Mention::Attribute(name) | Mention::Text(name) => mark(&mut loose, name),
                Mention::Member { base, name } => {
                    let denotes = denoted.entry(base).or_insert_with(|| index.denotes(blocks.name(base), &file.path));
                    match denotes {
                        Denotes::Module(module) => self.members.0.push((hash(module, blocks.name(name)), number)),
                        Denotes::Inside(_) | Denotes::Object => mark(&mut loose, name),
                        Denotes::Foreign => {}
                    }
                }
                // Go's globals are of all files of the package.
                Mention::Global(name) => {
                    if let Some(package) = &package {
                        self.members.0.push((hash(package, blocks.name(name)), number));
                    }
                }
                // Others concern their own file; computed names are for those beyond.
                Mention::Computed { .. } => {}
            }
        }
        let named = loose.iter().zip(&blocks.names).filter(|(loose, _)| **loose);
        self.loose.0.extend(named.map(|(_, name)| (hash("", name), number)));
    }

    /// Files that may mention a changed name, in order; `own` is the file that binds it.
    pub(super) fn files(&self, changed: &Changed, own: Option<u32>) -> Vec<u32> {
        let mut files: Vec<u32> =
            self.loose.of("", &changed.name).chain(self.beyond.iter().copied()).chain(own).collect();
        if let Some(module) = &changed.module {
            files.extend(self.members.of(module, &changed.name));
        }
        files.sort_unstable();
        files.dedup();
        files
    }

    /// Files that spell `name`, in order.
    pub(super) fn spelling(&self, name: &str) -> impl Iterator<Item = u32> {
        self.spelled.of("", name)
    }
}

/// (Key, file), sorted.
#[derive(Clone, Debug, Default)]
struct Postings(Vec<(u32, u32)>);

impl Postings {
    fn of(&self, module: &str, name: &str) -> impl Iterator<Item = u32> {
        let key = hash(module, name);
        let start = self.0.partition_point(|(other, _)| *other < key);
        self.0[start..].iter().take_while(move |(other, _)| *other == key).map(|(_, file)| *file)
    }
}

fn all_mentions(blocks: &FileBlocks) -> impl Iterator<Item = &Mention> {
    let in_blocks = blocks.blocks.iter().flat_map(|block| &block.mentions);
    in_blocks.chain(blocks.definitions.iter().flat_map(|definition| &definition.mentions))
}

fn mark(flags: &mut [bool], name: Name) {
    if let Some(flag) = flags.get_mut(name as usize) {
        *flag = true;
    }
}

fn hash(module: &str, name: &str) -> u32 {
    let mut hasher = crate::checksum::Hasher::new();
    hasher.update(module.as_bytes());
    // No module's name ends in a colon.
    hasher.update(b":");
    hasher.update(name.as_bytes());
    hasher.finalize()
}
