//! The map of a suite: groups of benchmarks by files.

use std::rc::Rc;

use lightspeed_core::impact::{self, Grouping, suite_map};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::Error;
use crate::json::write;

/// How many blocks of each file each group of benchmarks executes in setup or run.
#[wasm_bindgen]
pub struct SuiteMap {
    index: Rc<impact::Index>,
    map: impact::SuiteMap,
}

#[derive(Serialize)]
struct Row<'m> {
    name: &'m str,
    count: u64,
}

#[wasm_bindgen]
impl SuiteMap {
    /// The groups in the order of the suite, as JSON: `name`, and `count` of instances.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn rows(&self) -> Result<String, Error> {
        let rows: Vec<_> = self.map.rows.iter().map(|(name, who)| Row { name, count: who.len() }).collect();
        write("the rows", &rows)
    }

    /// Paths of the files that anyone executes, as JSON.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn columns(&self) -> Result<String, Error> {
        let paths: Vec<_> = self.files().map(|file| file.path.as_str()).collect();
        write("the columns", &paths)
    }

    /// Row by row, for each column how many of its blocks the group executes.
    #[must_use]
    pub fn cells(&self) -> Vec<u32> {
        self.map.cells.clone()
    }

    /// How many blocks each column's file has.
    #[must_use]
    pub fn units(&self) -> Vec<u32> {
        self.files().map(|file| file.blocks.blocks.len() as u32).collect()
    }

    /// Numbers of a row's instances.
    ///
    /// # Errors
    /// No such row.
    pub fn members(&self, row: u32) -> Result<Vec<u32>, Error> {
        let row = self.map.rows.get(row as usize).ok_or(Error::Unknown("there is no such row"))?;
        Ok(row.1.iter().collect())
    }
}

impl SuiteMap {
    pub(crate) fn new(index: Rc<impact::Index>, by: Grouping) -> Self {
        let map = suite_map(&index, by);
        Self { index, map }
    }

    fn files(&self) -> impl Iterator<Item = &impact::IndexedFile> {
        self.map.columns.iter().filter_map(|&file| self.index.files.get(file as usize))
    }
}
