//! Putting a survey together.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use super::change::analysed;
use super::go::{GoFiles, ToldGo, module_path};
use crate::blocks::{BlockKind, Options};
use crate::coverage::{CodeLines, LineMap, Report};
use crate::impact::{
    Benchmark, Execution, FileKind, IndexedFile, Instance, OPENED_UNIT, Phase, Policy, Survey, is_native_source,
};
use crate::source::{ModuleRoots, directory_of, is_go_module, is_python};

/// Takes source files and what each benchmark executed of them.
///
/// A benchmark of which nothing is told, or whose coverage names no file that is known, is always affected. Names by which
/// Python files import each other are not told, so changes are followed by [`Policy::Strict`] at the finest. Go's are known
/// where a `go.mod` is among the files, and else by the directories that paths end with: where all source is Go, changes are
/// followed by [`Policy::Precise`].
#[derive(Clone, Debug, Default)]
pub struct SurveyBuilder {
    options: Options,
    roots: ModuleRoots,
    files: Vec<IndexedFile>,
    numbers: BTreeMap<String, u32>,
    benchmarks: Vec<Told>,
    ids: BTreeSet<String>,
}

/// A benchmark of a [`SurveyBuilder`].
pub type BenchmarkNumber = u32;

/// Which files a coverage report was about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    /// How many of its files are known.
    pub known: usize,
    /// Paths that are no known file's: the system's own headers, a file that was not added.
    pub unknown: Vec<String>,
}

/// Why something cannot be added to a survey.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SurveyError {
    /// A path that names nothing below the source root.
    #[error("{0:?} is no path below the source root: use one like \"pkg/core.py\"")]
    BadPath(String),
    /// A file that was added twice.
    #[error("the file {0:?} was added before")]
    FileTwice(String),
    /// A file that was not added.
    #[error("the file {0:?} was not added: add the source files first")]
    UnknownFile(String),
    /// A benchmark without a name.
    #[error("a benchmark needs a name")]
    NoName,
    /// A name that was used before.
    #[error("the benchmark {0:?} was added before")]
    BenchmarkTwice(String),
    /// A function that a file does not have.
    #[error("{path:?} has no function {function:?}")]
    UnknownFunction {
        /// The file.
        path: String,
        /// The function.
        function: String,
    },
    /// A number that no benchmark has.
    #[error("there is no benchmark {0}")]
    UnknownBenchmark(BenchmarkNumber),
}

impl SurveyError {
    /// Its name in other languages: that of the variant.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadPath(_) => "BadPath",
            Self::FileTwice(_) => "FileTwice",
            Self::UnknownFile(_) => "UnknownFile",
            Self::NoName => "NoName",
            Self::BenchmarkTwice(_) => "BenchmarkTwice",
            Self::UnknownFunction { .. } => "UnknownFunction",
            Self::UnknownBenchmark(_) => "UnknownBenchmark",
        }
    }
}

/// What is known of a benchmark.
#[derive(Clone, Debug, Default)]
struct Told {
    id: String,
    /// Units by file.
    units: BTreeMap<u32, RoaringBitmap>,
    doubts: Vec<String>,
    go: ToldGo,
}

impl SurveyBuilder {
    /// Nothing known yet. Files are analysed with `options`, now and when they have changed.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// Adds a file with its content; `path` is '/'-separated and relative to the source root. Files of a language that the
    /// library reads are followed by blocks, others as a whole.
    ///
    /// # Errors
    /// A path that is none below the source root, or was added before.
    pub fn add_file(&mut self, path: &str, bytes: &[u8]) -> Result<FileKind, SurveyError> {
        let part_is_bad = |part: &str| matches!(part, "" | "." | "..");
        if path.contains(['\0', '\\']) || path.split('/').any(part_is_bad) {
            return Err(SurveyError::BadPath(path.to_owned()));
        }
        if self.numbers.contains_key(path) {
            return Err(SurveyError::FileTwice(path.to_owned()));
        }
        let (blob, kind, blocks) = analysed(path, bytes, &self.options);
        if is_go_module(path)
            && let Some(module) = module_path(bytes)
        {
            self.roots.go_modules.insert(directory_of(path).to_owned(), module);
        }
        self.numbers.insert(path.to_owned(), self.files.len() as u32);
        self.files.push(IndexedFile { path: path.to_owned(), blob, kind, blocks });
        Ok(kind)
    }

    /// Adds a benchmark, or one parameter combination of it, by its id.
    ///
    /// # Errors
    /// An empty id, or one that was added before.
    pub fn add_benchmark(&mut self, id: &str) -> Result<BenchmarkNumber, SurveyError> {
        if id.is_empty() {
            return Err(SurveyError::NoName);
        }
        let number = self.benchmarks.len() as BenchmarkNumber;
        if !self.ids.insert(id.to_owned()) {
            return Err(SurveyError::BenchmarkTwice(id.to_owned()));
        }
        self.benchmarks.push(Told { id: id.to_owned(), ..Told::default() });
        Ok(number)
    }

    /// Says that a benchmark executed these lines of a file, counted from 1.
    ///
    /// # Errors
    /// A benchmark or file that was not added.
    pub fn executed(&mut self, benchmark: BenchmarkNumber, path: &str, lines: &[u32]) -> Result<(), SurveyError> {
        let file = self.file(path)?;
        self.benchmark(benchmark)?;
        self.reported(benchmark, file);
        self.note(benchmark, file, lines);
        Ok(())
    }

    /// Says that a benchmark begins at a function of a Go test file: Go's coverage leaves these files out. That function, and
    /// all that it may reach by names in the test files of its directory, counts as executed. `function` is its qualified
    /// name: `BenchmarkParse`.
    ///
    /// # Errors
    /// A benchmark or file that was not added, a file without such a function.
    pub fn begins_at(&mut self, benchmark: BenchmarkNumber, path: &str, function: &str) -> Result<(), SurveyError> {
        let file = self.file(path)?;
        let blocks = &self.files[file as usize].blocks;
        let found = blocks.find(function).filter(|&block| blocks.blocks[block as usize].kind == BlockKind::Function);
        let unknown = || SurveyError::UnknownFunction { path: path.to_owned(), function: function.to_owned() };
        let block = found.ok_or_else(unknown)?;
        self.benchmark(benchmark)?.go.begins.push((file, block));
        Ok(())
    }

    /// Says that a benchmark depends on a file as a whole: it reads it, or is built from it.
    ///
    /// # Errors
    /// As [`executed`](Self::executed).
    pub fn depends_on(&mut self, benchmark: BenchmarkNumber, path: &str) -> Result<(), SurveyError> {
        let file = self.file(path)?;
        self.benchmark(benchmark)?;
        self.open(benchmark, file);
        Ok(())
    }

    /// Says what a coverage report of a run of a benchmark says. Its paths may be absolute or begin anywhere: the longest end of one that is
    /// the path of a known file is meant.
    ///
    /// Sources of compiled languages that the report does not mention at all (headers without code of their own) may be part
    /// of any that it does, and count as depended on.
    ///
    /// # Errors
    /// A benchmark that was not added.
    pub fn covered(&mut self, benchmark: BenchmarkNumber, report: &Report) -> Result<Located, SurveyError> {
        self.benchmark(benchmark)?;
        let (mut located, mut mentioned) = (Located::default(), BTreeSet::new());
        for (path, lines) in &report.files {
            let Some(file) = self.meant(path) else {
                located.unknown.push(path.clone());
                continue;
            };
            located.known += 1;
            mentioned.insert(file);
            self.reported(benchmark, file);
            if !lines.is_empty() {
                self.note(benchmark, file, &lines.iter().copied().collect::<Vec<_>>());
            }
        }
        let native = |number: &u32| self.files.get(*number as usize).is_some_and(|file| is_native_source(&file.path));
        if mentioned.iter().any(native) {
            let silent = (0..self.files.len() as u32).filter(|file| native(file) && !mentioned.contains(file));
            for file in silent.collect::<Vec<_>>() {
                self.open(benchmark, file);
            }
        }
        Ok(located)
    }

    /// Says that what is told of a benchmark cannot be relied on: it is always affected, for this reason.
    ///
    /// # Errors
    /// A benchmark that was not added.
    pub fn doubt(&mut self, benchmark: BenchmarkNumber, reason: &str) -> Result<(), SurveyError> {
        self.benchmark(benchmark)?.doubts.push(reason.to_owned());
        Ok(())
    }

    /// The survey.
    #[must_use]
    pub fn finish(self) -> Survey {
        let mut rows: BTreeMap<(u32, Phase, Vec<u32>), RoaringBitmap> = BTreeMap::new();
        let (mut benchmarks, mut instances) = (Vec::new(), Vec::new());
        let go = GoFiles::new(&self.roots, &self.files);
        let is_python = |file: &IndexedFile| file.kind == FileKind::Source && is_python(&file.path);
        let precise = go.is_some() && !self.files.iter().any(is_python);
        for (number, mut told) in (0..).zip(self.benchmarks) {
            if let Some(go) = &go {
                let linked = go.linked(&told.go);
                for (file, units) in linked.run {
                    *told.units.entry(file).or_default() |= units;
                }
                for (file, units) in linked.import {
                    rows.entry((file, Phase::Import, units.iter().collect())).or_default().insert(number);
                }
            }
            if told.units.is_empty() {
                told.doubts.push("nothing tells which of the files it executes".to_owned());
            }
            for (file, units) in told.units {
                rows.entry((file, Phase::Run, units.iter().collect())).or_default().insert(number);
            }
            benchmarks.push(Benchmark { name: told.id, ..Benchmark::default() });
            let always_affected = (!told.doubts.is_empty()).then(|| told.doubts.join("; "));
            instances.push(Instance { benchmark: number, param: None, always_affected });
        }
        let execution = |((file, phase, units), instances): ((u32, Phase, Vec<u32>), RoaringBitmap)| Execution {
            file,
            phase,
            units: units.into_iter().collect(),
            instances,
        };
        Survey {
            options: self.options,
            roots: self.roots,
            finest: if precise { Policy::Precise } else { Policy::Strict },
            files: self.files,
            benchmarks,
            instances,
            executions: rows.into_iter().map(execution).collect(),
            ..Survey::default()
        }
    }

    /// The file whose path is the longest end of this one.
    fn meant(&self, path: &str) -> Option<u32> {
        let path = path.replace('\\', "/");
        let starts = std::iter::once(0).chain(path.match_indices('/').map(|(at, _)| at + 1));
        starts.filter_map(|start| path.get(start..)).find_map(|end| self.numbers.get(end).copied())
    }

    fn file(&self, path: &str) -> Result<u32, SurveyError> {
        self.numbers.get(path).copied().ok_or_else(|| SurveyError::UnknownFile(path.to_owned()))
    }

    fn benchmark(&mut self, number: BenchmarkNumber) -> Result<&mut Told, SurveyError> {
        self.benchmarks.get_mut(number as usize).ok_or(SurveyError::UnknownBenchmark(number))
    }

    /// Coverage was told of a file, whether anything of it was executed or not.
    fn reported(&mut self, benchmark: BenchmarkNumber, file: u32) {
        if let Some(told) = self.benchmarks.get_mut(benchmark as usize) {
            told.go.reported.insert(file);
        }
    }

    fn note(&mut self, benchmark: BenchmarkNumber, file: u32, lines: &[u32]) {
        let (Some(indexed), Some(told)) = (self.files.get(file as usize), self.benchmarks.get_mut(benchmark as usize))
        else {
            return;
        };
        let units = match indexed.kind {
            FileKind::Whole => RoaringBitmap::from_iter([0]),
            FileKind::Source => {
                LineMap::new(&indexed.blocks).executed(&[CodeLines { first_line: 0, name: "", lines }], false)
            }
        };
        if !units.is_empty() {
            *told.units.entry(file).or_default() |= units;
        }
    }

    fn open(&mut self, benchmark: BenchmarkNumber, file: u32) {
        let unit = match self.files.get(file as usize).map(|file| file.kind) {
            Some(FileKind::Source) => OPENED_UNIT,
            _ => 0,
        };
        if let Some(told) = self.benchmarks.get_mut(benchmark as usize) {
            told.units.entry(file).or_default().insert(unit);
        }
    }
}
