//! A survey's observations → the rows of the dependency index.

use super::{Places, SessionError};
use crate::store::{
    self, Execution, FileKind, Instance, Observed, ObservedKind, Phase, Profiles, SurveyData, SurveyedFile,
};
use crate::suite::Coverage;
use crate::tree::read_file;
use lightspeed_core::blocks::{FileBlocks, Mention, Options, analyse_python, encode};
use lightspeed_core::coverage::{CodeLines, LineMap};
use lightspeed_core::impact::OPENED_UNIT;
use lightspeed_core::source::{BlobId, blob_id, is_python};
use roaring::RoaringBitmap;
use std::collections::BTreeMap;
use std::path::Path;

/// What one instance was seen to do.
#[derive(Debug, Default)]
pub(super) struct Seen<'a> {
    /// Import, setup (with the shared cache's) and run.
    pub(super) phases: Vec<(Phase, &'a Coverage)>,
}

/// A file of the tree, analysed.
pub(super) struct TreeFile {
    pub(super) blob: BlobId,
    pub(super) kind: FileKind,
    pub(super) blocks: FileBlocks,
    pub(super) text: Vec<u8>,
}

/// Reads and analyses a file of the tree; a file that cannot be read as source counts as a whole.
fn read_tree_file(path: &Path, options: &Options) -> Result<TreeFile, SessionError> {
    let text = read_file(path)?;
    let blob = blob_id(&text);
    if path.extension().is_some_and(|e| e == "py") {
        let blocks = analyse_python(&text, options);
        return Ok(TreeFile { blob, kind: FileKind::Source, blocks, text });
    }
    Ok(TreeFile { blob, kind: FileKind::Whole, blocks: FileBlocks::default_module(), text: Vec::new() })
}

type Rows = BTreeMap<(u32, Phase), BTreeMap<Vec<u32>, RoaringBitmap>>;

/// Collects rows; numbers files as they come up, in order of path at the end.
pub(super) struct Compiler<'p> {
    places: &'p Places,
    options: Options,
    numbers: BTreeMap<String, u32>,
    files: Vec<(String, TreeFile)>,
    rows: Rows,
    observed: BTreeMap<(ObservedKind, String), RoaringBitmap>,
    vanished: Vec<String>,
}

impl<'p> Compiler<'p> {
    pub(super) fn new(places: &'p Places, options: Options) -> Self {
        Compiler {
            places,
            options,
            numbers: BTreeMap::new(),
            files: Vec::new(),
            rows: Rows::new(),
            observed: BTreeMap::new(),
            vanished: Vec::new(),
        }
    }

    /// Adds what an instance was seen to do.
    pub(super) fn add(&mut self, instance: u32, seen: &Seen<'_>) -> Result<(), SessionError> {
        let mut imported: Vec<u32> = Vec::new();
        let instance = RoaringBitmap::from_iter([instance]);
        for (phase, coverage) in &seen.phases {
            for (path, codes) in &coverage.files {
                let Some(file) = self.file(path)? else { continue };
                let was_imported = imported.contains(&file);
                if *phase == Phase::Import {
                    imported.push(file);
                }
                let units = self.units(file, codes, was_imported);
                self.insert(file, *phase, &units, &instance);
            }
            for path in &coverage.opened {
                if let Some(file) = self.file(path)? {
                    let unit = if self.files[file as usize].1.kind == FileKind::Whole { 0 } else { OPENED_UNIT };
                    self.insert(file, *phase, &RoaringBitmap::from_iter([unit]), &instance);
                }
            }
            for path in &coverage.listed {
                let name = self.places.name_of(Path::new(path));
                let name = if name == "." { String::new() } else { name };
                self.observe(ObservedKind::Listed, &name, &instance);
            }
            for module in &coverage.failed_imports {
                self.observe(ObservedKind::FailedImport, module, &instance);
            }
        }
        Ok(())
    }

    /// Adds a row.
    pub(super) fn insert(&mut self, file: u32, phase: Phase, units: &RoaringBitmap, instances: &RoaringBitmap) {
        if !units.is_empty() {
            let key: Vec<u32> = units.iter().collect();
            *self.rows.entry((file, phase)).or_default().entry(key).or_default() |= instances;
        }
    }

    /// Adds an observation of an earlier survey.
    pub(super) fn observe(&mut self, kind: ObservedKind, name: &str, instances: &RoaringBitmap) {
        if !instances.is_empty() {
            *self.observed.entry((kind, name.to_owned())).or_default() |= instances;
        }
    }

    /// The number of a file by its path relative to the source root; `None` where it is gone.
    pub(super) fn file_named(&mut self, name: &str) -> Result<Option<u32>, SessionError> {
        if let Some(&number) = self.numbers.get(name) {
            return Ok(Some(number));
        }
        let path = self.places.path_of(name);
        if !path.is_file() {
            self.vanished.push(name.to_owned());
            return Ok(None);
        }
        let file = read_tree_file(&path, &self.options)?;
        let number = self.files.len() as u32;
        self.numbers.insert(name.to_owned(), number);
        self.files.push((name.to_owned(), file));
        Ok(Some(number))
    }

    /// Instances that executed an import of `_thread`, with the file: threads started that way carry no trace function,
    /// so what they ran may be missing.
    pub(super) fn thread_users(&self) -> BTreeMap<u32, String> {
        let mut users = BTreeMap::new();
        for ((file, _), sets) in &self.rows {
            let (name, tree_file) = &self.files[*file as usize];
            let blocks = &tree_file.blocks;
            let imports = |m: &Mention| matches!(*m, Mention::Member { base, name } if blocks.name(base).is_empty() && blocks.name(name) == "_thread");
            let in_definitions = blocks.definitions.iter().filter(|d| d.mentions.iter().any(imports)).map(|d| d.scope);
            let in_blocks = (0..).zip(&blocks.blocks).filter(|(_, b)| b.mentions.iter().any(imports)).map(|(i, _)| i);
            let places: RoaringBitmap = in_definitions.chain(in_blocks).collect();
            for (units, instances) in sets {
                if units.iter().any(|unit| places.contains(*unit)) {
                    users.extend(instances.iter().map(|instance| (instance, name.clone())));
                }
            }
        }
        users
    }

    /// Notes source files that nothing depends on, so that they do not count as new later.
    pub(super) fn note_unused(&mut self, paths: impl IntoIterator<Item = std::path::PathBuf>) {
        for path in paths {
            let name = self.places.name_of(&path);
            if self.numbers.contains_key(&name) {
                continue;
            }
            let Ok(text) = read_file(&path) else { continue };
            let blocks = FileBlocks::default_module();
            let kind = if is_python(&name) { FileKind::Source } else { FileKind::Whole };
            let file = TreeFile { blob: blob_id(&text), kind, blocks, text: Vec::new() };
            self.numbers.insert(name.clone(), self.files.len() as u32);
            self.files.push((name, file));
        }
    }

    pub(super) fn blocks(&self, file: u32) -> &FileBlocks {
        &self.files[file as usize].1.blocks
    }

    fn file(&mut self, path: &str) -> Result<Option<u32>, SessionError> {
        let name = self.places.name_of(Path::new(path));
        self.file_named(&name)
    }

    fn units(&self, file: u32, codes: &[(u32, String, Vec<u32>)], imported: bool) -> RoaringBitmap {
        let file = &self.files[file as usize].1;
        if file.kind == FileKind::Whole {
            return RoaringBitmap::from_iter([0]);
        }
        let codes: Vec<CodeLines<'_>> =
            codes.iter().map(|(first_line, name, lines)| CodeLines { first_line: *first_line, name, lines }).collect();
        LineMap::new(&file.blocks).executed(&codes, imported)
    }

    /// The blobs of all files read, to be compared with the tree before the survey counts.
    pub(super) fn blobs(&self) -> impl Iterator<Item = (&str, BlobId)> {
        self.files.iter().map(|(name, file)| (name.as_str(), file.blob))
    }

    /// The finished survey, and what the views for other programs are made of.
    pub(super) fn finish(self, benchmarks: Vec<store::Benchmark>, instances: Vec<Instance>) -> (SurveyData, Profiles) {
        let mut data = SurveyData { benchmarks, instances, ..SurveyData::default() };
        for ((file, phase), sets) in self.rows {
            for (units, instances) in sets {
                data.executions.push(Execution { file, phase, blocks: units.into_iter().collect(), instances });
            }
        }
        let mut checksums = Vec::with_capacity(self.files.len());
        for (name, file) in self.files {
            checksums.push(file.blocks.blocks.iter().map(|block| block.checksum).collect());
            let analysis = if file.kind == FileKind::Source { encode(&file.blocks) } else { Vec::new() };
            let text = (file.kind == FileKind::Source).then_some(file.text);
            data.files.push(SurveyedFile { path: name, blob: file.blob.0, kind: file.kind, analysis, text });
        }
        for ((kind, name), instances) in self.observed {
            data.observed.push(Observed { kind, name, instances });
        }
        let profiles = Profiles::new(&data, &checksums);
        (data, profiles)
    }
}
