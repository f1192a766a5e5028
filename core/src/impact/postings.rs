//! Which files know a name: so that following a change does not look into every file.

use super::index::IndexedFile;

/// Files by the names that they spell, and those that may mean names they do not spell.
#[derive(Clone, Debug, Default)]
pub(super) struct NamePostings {
    /// (CRC32 of a name, file), sorted: a collision costs a look into a file more, no answer.
    spelled: Vec<(u32, u32)>,
    /// Files with star imports or computed names.
    beyond: Vec<u32>,
}

impl NamePostings {
    pub(super) fn new(files: &[IndexedFile]) -> Self {
        let mut spelled = Vec::with_capacity(files.iter().map(|file| file.blocks.names.len()).sum());
        let mut beyond = Vec::new();
        for (number, file) in (0..).zip(files) {
            spelled.extend(file.blocks.names.iter().map(|name| (hash(name), number)));
            if file.blocks.reaches_beyond_names() {
                beyond.push(number);
            }
        }
        spelled.sort_unstable();
        spelled.dedup();
        NamePostings { spelled, beyond }
    }

    /// Files that may mention `name`, in order.
    pub(super) fn files(&self, name: &str) -> Vec<u32> {
        let mut files = self.spelling(name);
        files.extend(&self.beyond);
        files.sort_unstable();
        files.dedup();
        files
    }

    /// Files that spell `name` (and few that do not), in order.
    pub(super) fn spelling(&self, name: &str) -> Vec<u32> {
        let wanted = hash(name);
        let start = self.spelled.partition_point(|(hash, _)| *hash < wanted);
        self.spelled[start..].iter().take_while(|(hash, _)| *hash == wanted).map(|(_, file)| *file).collect()
    }
}

fn hash(name: &str) -> u32 {
    crc32fast::hash(name.as_bytes())
}
