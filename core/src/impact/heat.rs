//! How much of the suite executes a file's blocks, and how much of the files the suite executes.

use std::collections::BTreeMap;

use roaring::RoaringBitmap;

use super::index::{Index, Phase};

/// The instances that executed a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heat {
    /// While they imported the file.
    pub importing: RoaringBitmap,
    /// In setup or run.
    pub executing: RoaringBitmap,
}

/// What rows of a [`SuiteMap`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grouping {
    /// Files of the suite.
    File,
    /// Names without their last part: classes, or files of functions.
    Class,
    /// Benchmarks, with all combinations of their parameters.
    Benchmark,
}

/// Groups of benchmarks by files: how many blocks of each file they execute in setup or run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SuiteMap {
    /// Each group's name and instances, in the order of the suite.
    pub rows: Vec<(String, RoaringBitmap)>,
    /// Numbers of the files that anyone executes in setup or run, in the order of the index.
    pub columns: Vec<u32>,
    /// Row by row, as many as there are columns.
    pub cells: Vec<u32>,
}

/// Who executed each block of a file, by block number; nothing for a file that is not in the index.
#[must_use]
pub fn heat(index: &Index, file: u32) -> Vec<Heat> {
    let blocks = index.files.get(file as usize).map_or(0, |file| file.blocks.blocks.len());
    let mut found = vec![Heat::default(); blocks];
    for row in index.rows_in(file) {
        for unit in &row.units {
            let Some(heat) = found.get_mut(unit as usize) else { break };
            match row.phase {
                Phase::Import => heat.importing |= &row.instances,
                Phase::Setup | Phase::Run => heat.executing |= &row.instances,
            }
        }
    }
    found
}

/// The map of the suite.
#[must_use]
pub fn suite_map(index: &Index, by: Grouping) -> SuiteMap {
    let (rows, group_of) = groups(index, by);
    let mut columns = Vec::new();
    let mut by_column: Vec<Vec<u32>> = Vec::new();
    for (number, file) in (0..).zip(&index.files) {
        let blocks = file.blocks.blocks.len() as u32;
        let mut executed: BTreeMap<u32, RoaringBitmap> = BTreeMap::new();
        for row in index.rows_in(number).filter(|row| row.phase != Phase::Import) {
            let mut last = None;
            for instance in &row.instances {
                let group = group_of.get(instance as usize).copied();
                if let Some(group) = group.filter(|_| group != last) {
                    *executed.entry(group).or_default() |= &row.units;
                    last = Some(group);
                }
            }
        }
        if executed.is_empty() {
            continue;
        }
        let mut cells = vec![0; rows.len()];
        for (group, units) in executed {
            cells[group as usize] = units.range_cardinality(..blocks) as u32;
        }
        columns.push(number);
        by_column.push(cells);
    }
    let cells = (0..rows.len()).flat_map(|row| by_column.iter().map(move |column| column[row])).collect();
    SuiteMap { rows, columns, cells }
}

/// The groups, and the group of each instance.
fn groups(index: &Index, by: Grouping) -> (Vec<(String, RoaringBitmap)>, Vec<u32>) {
    let mut rows: Vec<(String, RoaringBitmap)> = Vec::new();
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut group_of = Vec::with_capacity(index.instances.len());
    for (instance, number) in index.instances.iter().zip(0..) {
        let name = index.benchmarks.get(instance.benchmark as usize).map_or("", |benchmark| match by {
            Grouping::File => benchmark.file.as_str(),
            Grouping::Class => benchmark.name.rsplit_once('.').map_or("", |(class, _)| class),
            Grouping::Benchmark => benchmark.name.as_str(),
        });
        let group = *numbers.entry(name.to_owned()).or_insert_with(|| {
            rows.push((name.to_owned(), RoaringBitmap::new()));
            rows.len() as u32 - 1
        });
        rows[group as usize].1.insert(number);
        group_of.push(group);
    }
    (rows, group_of)
}
