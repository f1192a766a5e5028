//! What `python -X importtime` writes to standard error.

use serde::{Deserialize, Serialize};

/// What each of its lines begins with.
const PREFIX: &str = "import time:";
/// Spaces by which a module is indented for each import that it happens in.
const INDENT: usize = 2;

/// A module that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Its dotted name.
    pub module: String,
    /// Microseconds in the module itself.
    pub self_us: u64,
    /// Microseconds in it and in what it was the first to import.
    pub cumulative_us: u64,
    /// How many imports it happened in.
    pub depth: usize,
}

/// The modules in the order in which their imports began: each before what it was the first to import. Other lines are passed over.
#[must_use]
pub fn parse(text: &str) -> Vec<Import> {
    // CPython writes a module when it is finished, which is after all that it imports.
    let mut families: Vec<Vec<Import>> = Vec::new();
    for import in text.lines().filter_map(line) {
        let is_below = |family: &Vec<Import>| family[0].depth > import.depth;
        let below = families.iter().rev().take_while(|family| is_below(family)).count();
        let below = families.split_off(families.len() - below);
        families.push(std::iter::once(import).chain(below.into_iter().flatten()).collect());
    }
    families.into_iter().flatten().collect()
}

/// `import time:      1234 |       5678 |   package.module`
fn line(text: &str) -> Option<Import> {
    let mut columns = text.strip_prefix(PREFIX)?.splitn(3, '|');
    let mut microseconds = || columns.next()?.trim().parse::<u64>().ok();
    let (self_us, cumulative_us) = (microseconds()?, microseconds()?);
    let name = columns.next()?.strip_prefix(' ')?;
    let module = name.trim_start_matches(' ');
    let depth = (name.len() - module.len()) / INDENT;
    let module = module.trim_end();
    (!module.is_empty()).then(|| Import { module: module.to_owned(), self_us, cumulative_us, depth })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_come_before_what_they_import() {
        let text = "import time: self [us] | cumulative | imported package\n\
            import time:        10 |         10 |     a.b.c\n\
            hello\n\
            import time:        20 |         30 |   a.b\n\
            import time:         5 |          5 |   d\n\
            import time:       100 |        135 | a\n\
            import time:         1 |          1 | e\n\
            import time:       cut | \n\
            import time:   1 | 2";
        let found: Vec<_> = parse(text).into_iter().map(|i| (i.depth, i.module, i.self_us, i.cumulative_us)).collect();
        let expected = [(0, "a", 100, 135), (1, "a.b", 20, 30), (2, "a.b.c", 10, 10), (1, "d", 5, 5), (0, "e", 1, 1)];
        assert_eq!(found, expected.map(|(depth, module, own, all)| (depth, module.to_owned(), own, all)));
        // Cut off before the last ones were finished: what they imported is there.
        assert_eq!(parse("import time: 1 | 1 |     x\nimport time: 1 | 1 |   y\n").len(), 2);
        assert!(parse("").is_empty());
    }
}
