//! An index from the rows of the database.

use lightspeed_core::blocks::{FileBlocks, Options, decode};
use lightspeed_core::impact::{
    Benchmark, Execution, Extensions, FileKind, IndexedFile, Instance, Observed, Phase, Policy, Survey,
};
use lightspeed_core::source::{BlobId, ModuleRoots};
use lightspeed_core::survey::{bitmap_from_bytes, is_consistent};
use roaring::RoaringBitmap;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::json::read;
use crate::{Error, Index};

/// Takes the rows of a survey's tables, in the order of their numbers.
#[wasm_bindgen]
pub struct IndexRows(Survey);

/// How the survey is to be read.
#[derive(Deserialize)]
struct Basis {
    roots: ModuleRoots,
    options: Options,
    extensions: Extensions,
    finest: Policy,
}

#[wasm_bindgen]
impl IndexRows {
    /// No rows yet. `basis` is the value of `index` in the table `meta`.
    ///
    /// # Errors
    /// A text that is something else.
    #[wasm_bindgen(constructor)]
    pub fn new(basis: &str) -> Result<Self, Error> {
        let Basis { roots, options, extensions, finest } = read("how the survey is to be read", basis)?;
        Ok(Self(Survey { roots, options, extensions, finest, ..Survey::default() }))
    }

    /// A row of `file`.
    ///
    /// # Errors
    /// A blob id or an analysis that is none.
    pub fn add_file(&mut self, path: &str, blob: &[u8], kind: &str, analysis: &[u8]) -> Result<(), Error> {
        let blob = BlobId(blob.try_into().map_err(|_| Error::Rows("file"))?);
        let (kind, blocks) = match kind {
            "source" => (FileKind::Source, decode(analysis).map_err(|_| Error::Rows("file"))?),
            "whole" => (FileKind::Whole, FileBlocks::default_module()),
            _ => return Err(Error::Rows("file")),
        };
        self.0.files.push(IndexedFile { path: path.to_owned(), blob, kind, blocks });
        Ok(())
    }

    /// A row of `benchmark`.
    pub fn add_benchmark(&mut self, name: &str, file: &str) {
        let benchmark = Benchmark::of_suite(name, file, self.0.roots.suite_dir.as_deref());
        self.0.benchmarks.push(benchmark);
    }

    /// A row of `instance`; `always_affected` with its reasons in one line.
    pub fn add_instance(&mut self, benchmark: u32, param: Option<u32>, always_affected: Option<String>) {
        self.0.instances.push(Instance { benchmark, param, always_affected });
    }

    /// A row of `execution`.
    ///
    /// # Errors
    /// A phase or a bitmap that is none.
    pub fn add_execution(&mut self, file: u32, phase: u8, blocks: &[u8], instances: &[u8]) -> Result<(), Error> {
        let phase = match phase {
            0 => Phase::Import,
            1 => Phase::Setup,
            2 => Phase::Run,
            _ => return Err(Error::Rows("execution")),
        };
        let (units, instances) = (bitmap("execution", blocks)?, bitmap("execution", instances)?);
        self.0.executions.push(Execution { file, phase, units, instances });
        Ok(())
    }

    /// A row of `observed`.
    ///
    /// # Errors
    /// A kind or a bitmap that is none.
    pub fn add_observed(&mut self, kind: &str, name: &str, instances: &[u8]) -> Result<(), Error> {
        let observed = Observed { name: name.to_owned(), instances: bitmap("observed", instances)? };
        match kind {
            "failed_import" => self.0.failed_imports.push(observed),
            "listed" => self.0.listed.push(observed),
            _ => return Err(Error::Rows("observed")),
        }
        Ok(())
    }

    /// The index of these rows.
    ///
    /// # Errors
    /// Numbers that lead nowhere.
    pub fn finish(self) -> Result<Index, Error> {
        if is_consistent(&self.0) { Ok(Index::from(self.0)) } else { Err(Error::Rows("survey")) }
    }
}

fn bitmap(table: &'static str, bytes: &[u8]) -> Result<RoaringBitmap, Error> {
    bitmap_from_bytes(bytes).ok_or(Error::Rows(table))
}
