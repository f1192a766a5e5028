//! What a survey knows of files and benchmarks, as documents.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::blocks::BlockKind;
use crate::impact::{FileKind, Index, OPENED_UNIT, Phase, heat};

/// A file that some instance depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyedFile {
    /// Relative to the source root.
    pub path: String,
    /// How its changes are judged.
    pub kind: FileKind,
    /// git's SHA-1 of its content, in hexadecimal.
    pub blob: String,
    /// How many blocks it has.
    pub blocks: u32,
    /// How many instances depend on it in any way.
    pub importers: u64,
    /// How many of them execute anything of it in setup or run.
    pub users: u64,
}

/// A block, and how many instances execute it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockHeat {
    /// Path of the file, `::`, identity inside the file.
    pub id: String,
    /// What kind of block.
    pub kind: BlockKind,
    /// First line, from 1.
    pub start_line: u32,
    /// Last line, included.
    pub end_line: u32,
    /// Instances that execute it while importing.
    pub importing: u64,
    /// Instances that execute it in setup or run.
    pub executing: u64,
}

/// A file that an instance depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceFile {
    /// Relative to the source root.
    pub path: String,
    /// Ids of the blocks that it executes in setup or run, in the order of the file.
    pub blocks: Vec<String>,
    /// Whether it imports the file.
    pub imported: bool,
    /// Whether it reads the file as a whole.
    pub opened: bool,
}

/// All files of a survey, in its order.
#[must_use]
pub fn surveyed_files(index: &Index) -> Vec<SurveyedFile> {
    let file = |(number, file): (u32, &crate::impact::IndexedFile)| SurveyedFile {
        path: file.path.clone(),
        kind: file.kind,
        blob: file.blob.to_string(),
        blocks: file.blocks.blocks.len() as u32,
        importers: index.importers(number).len(),
        users: index.users(number).len(),
    };
    (0..).zip(&index.files).map(file).collect()
}

/// The blocks of a surveyed file in its order; `None` for a path that was not surveyed.
#[must_use]
pub fn block_heat(index: &Index, path: &str) -> Option<Vec<BlockHeat>> {
    let number = index.file(path)?;
    let blocks = &index.files[number as usize].blocks.blocks;
    let found = blocks.iter().zip(heat(index, number)).map(|(block, heat)| BlockHeat {
        id: format!("{path}::{}", block.id),
        kind: block.kind,
        start_line: block.lines.start,
        end_line: block.lines.end,
        importing: heat.importing.len(),
        executing: heat.executing.len(),
    });
    Some(found.collect())
}

/// What an instance depends on, in the order of the files.
#[must_use]
pub fn instance_files(index: &Index, instance: u32) -> Vec<InstanceFile> {
    let mut files: Vec<InstanceFile> = Vec::new();
    for (number, file) in (0..).zip(&index.files) {
        if !index.importers(number).contains(instance) {
            continue;
        }
        let (mut units, mut imported, mut opened) = (BTreeSet::new(), false, false);
        for row in index.rows_in(number).filter(|row| row.instances.contains(instance)) {
            imported |= row.phase == Phase::Import;
            opened |= file.kind == FileKind::Whole || row.units.contains(OPENED_UNIT);
            if row.phase != Phase::Import && file.kind == FileKind::Source {
                units.extend(&row.units);
            }
        }
        let blocks = units.iter().filter_map(|unit| file.blocks.blocks.get(*unit as usize));
        files.push(InstanceFile {
            path: file.path.clone(),
            blocks: blocks.map(|block| format!("{}::{}", file.path, block.id)).collect(),
            imported,
            opened,
        });
    }
    files
}
