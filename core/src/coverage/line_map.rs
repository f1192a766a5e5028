//! Executed lines → executed units of a file (blocks and, for code that runs outside its statement, definitions).

use crate::blocks::{BlockKind, FileBlocks};
use roaring::RoaringBitmap;

/// Lines of one code object, as a tracer saw them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLines<'a> {
    /// First line of the code object (its first decorator); 0 where the tracer knows lines only.
    pub first_line: u32,
    /// Its name: `<module>`, `f`, `<lambda>`; empty where unknown.
    pub name: &'a str,
    /// Executed lines, 1-based.
    pub lines: &'a [u32],
}

/// Reads coverage of one file; built once, used for every benchmark that ran it.
#[derive(Debug)]
pub struct LineMap<'a> {
    file: &'a FileBlocks,
    /// For each line (0-based) the owners that cover it.
    owners: Vec<Vec<u32>>,
}

/// Units of a file are numbered: first its blocks, then its definitions.
impl<'a> LineMap<'a> {
    /// Prepares `file`, which must come from the very source that was executed.
    #[must_use]
    pub fn new(file: &'a FileBlocks) -> Self {
        let last = file.owners.iter().map(|o| o.lines.end).max().unwrap_or(0);
        let mut owners = vec![Vec::new(); last as usize + 1];
        for (i, owner) in (0..).zip(&file.owners) {
            for line in owner.lines.start..=owner.lines.end {
                owners[line as usize].push(i);
            }
        }
        LineMap { file, owners }
    }

    /// The units that these lines belong to. `imported` says that the file had been imported before, so that
    /// lines of its statements can only be lambdas and the like: then the definition itself was executed.
    #[must_use]
    pub fn executed(&self, codes: &[CodeLines<'_>], imported: bool) -> RoaringBitmap {
        let mut units = RoaringBitmap::new();
        for code in codes {
            let root = self.root_of(code);
            if let Some(root) = root {
                units.insert(root);
            }
            for &line in code.lines {
                for &owner in self.owners.get(line as usize).into_iter().flatten() {
                    let owner = &self.file.owners[owner as usize];
                    let block = &self.file.blocks[owner.block as usize];
                    if root.is_some_and(|root| block.root != root) {
                        continue;
                    }
                    units.insert(owner.block);
                    units.insert(block.root);
                    let deferred = root.is_none() && imported;
                    if let Some(definition) = owner.definition.filter(|_| deferred) {
                        units.insert(self.file.blocks.len() as u32 + definition);
                    }
                }
            }
        }
        self.close(&mut units);
        units
    }

    fn root_of(&self, code: &CodeLines<'_>) -> Option<u32> {
        if code.first_line == 0 {
            return None;
        }
        if code.name == "<module>" {
            return Some(0);
        }
        let found = self.file.blocks.iter().position(|b| {
            matches!(b.kind, BlockKind::Function | BlockKind::Class)
                && b.lines.start == code.first_line
                && b.id.rsplit('.').next().is_some_and(|last| last.split('#').next() == Some(code.name))
        });
        found.map(|i| i as u32)
    }

    /// A branch runs inside its parent; a trivial one may leave no line of its own.
    fn close(&self, units: &mut RoaringBitmap) {
        let blocks = &self.file.blocks;
        for unit in units.clone() {
            let mut at = unit as usize;
            while let Some(block) = blocks.get(at).filter(|b| b.kind == BlockKind::Branch) {
                units.insert(block.parent);
                at = block.parent as usize;
            }
        }
        for (i, block) in (0..).zip(blocks) {
            if block.kind == BlockKind::Branch && block.trivial && units.contains(block.parent) {
                units.insert(i);
            }
        }
    }
}
