//! A survey as bytes, with what belongs to it: four bytes of magic, a version, and a compressed body.

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use super::bitmap::{bitmap_from_bytes, bitmap_to_bytes};
use crate::blocks::{self, FileBlocks, Options};
use crate::impact::{
    Benchmark, Execution, Extensions, FileKind, IndexedFile, Instance, Observed, Phase, Policy, Survey,
};
use crate::source::{BlobId, ModuleRoots};

const MAGIC: [u8; 4] = *b"LSSV";
const VERSION: u32 = 3;
/// The best that is not slow.
const LEVEL: u8 = 8;
/// No survey inflates to more; a damaged one must not fill the memory.
const MOST_BYTES: usize = 1 << 30;

/// What a snapshot may carry beside the survey. It has no part in an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Sources as they were surveyed, by path.
    pub texts: BTreeMap<String, Vec<u8>>,
    /// Where the survey comes from and what was measured, as JSON; empty for none.
    pub context: String,
}

/// Why bytes are no survey.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Something else.
    #[error("it is no Lightspeed snapshot")]
    Foreign,
    /// Of another release.
    #[error("the snapshot has version {found}, this release reads version {VERSION}: write it again with this release")]
    Version {
        /// Its version.
        found: u32,
    },
    /// Cut off or changed.
    #[error("the snapshot is damaged: write it again")]
    Damaged,
}

impl SnapshotError {
    /// Its name in other languages: that of the variant.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Foreign => "Foreign",
            Self::Version { .. } => "Version",
            Self::Damaged => "Damaged",
        }
    }
}

/// Writes a survey. The same survey gives the same bytes.
#[must_use]
pub fn encode(survey: &Survey) -> Vec<u8> {
    encode_with(survey, &Extras::default())
}

/// Writes a survey with what belongs to it.
#[must_use]
pub fn encode_with(survey: &Survey, extras: &Extras) -> Vec<u8> {
    // Writing to memory cannot fail; an empty body is refused by `decode`.
    let body = postcard::to_allocvec(&Document::new(survey, extras)).unwrap_or_default();
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend(compress_to_vec_zlib(&body, LEVEL));
    bytes
}

/// Reads a survey back.
///
/// # Errors
/// Bytes that are none, are of another version, or are damaged.
pub fn decode(bytes: &[u8]) -> Result<Survey, SnapshotError> {
    Ok(decode_with(bytes)?.0)
}

/// Reads a survey back with what came with it.
///
/// # Errors
/// As [`decode`].
pub fn decode_with(bytes: &[u8]) -> Result<(Survey, Extras), SnapshotError> {
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(SnapshotError::Foreign)?;
    if *magic != MAGIC {
        return Err(SnapshotError::Foreign);
    }
    let (version, body) = rest.split_first_chunk::<4>().ok_or(SnapshotError::Damaged)?;
    let found = u32::from_le_bytes(*version);
    if found != VERSION {
        return Err(SnapshotError::Version { found });
    }
    let body = decompress_to_vec_zlib_with_limit(body, MOST_BYTES).map_err(|_| SnapshotError::Damaged)?;
    let document: Document = postcard::from_bytes(&body).map_err(|_| SnapshotError::Damaged)?;
    document.read().filter(|(survey, _)| is_consistent(survey)).ok_or(SnapshotError::Damaged)
}

#[derive(Serialize, Deserialize)]
struct Document {
    roots: ModuleRoots,
    options: Options,
    extensions: Extensions,
    finest: Policy,
    files: Vec<File>,
    benchmarks: Vec<[String; 3]>,
    /// Benchmark, combination, why it is always affected.
    instances: Vec<(u32, Option<u32>, Option<String>)>,
    /// File, phase, units, instances.
    executions: Vec<(u32, Phase, Bitmap, Bitmap)>,
    failed_imports: Vec<(String, Bitmap)>,
    listed: Vec<(String, Bitmap)>,
    texts: Vec<(String, Vec<u8>)>,
    context: String,
}

#[derive(Serialize, Deserialize)]
struct File {
    path: String,
    blob: BlobId,
    /// The analysis in its own versioned encoding; none for files that are compared as a whole.
    analysis: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct Bitmap(Vec<u8>);

impl From<&RoaringBitmap> for Bitmap {
    fn from(bitmap: &RoaringBitmap) -> Self {
        Self(bitmap_to_bytes(bitmap))
    }
}

impl Bitmap {
    fn read(&self) -> Option<RoaringBitmap> {
        bitmap_from_bytes(&self.0)
    }
}

impl Document {
    fn new(survey: &Survey, extras: &Extras) -> Self {
        let file = |file: &IndexedFile| File {
            path: file.path.clone(),
            blob: file.blob,
            analysis: (file.kind == FileKind::Source).then(|| blocks::encode(&file.blocks)),
        };
        let observed = |seen: &Observed| (seen.name.clone(), Bitmap::from(&seen.instances));
        Document {
            roots: survey.roots.clone(),
            options: survey.options.clone(),
            extensions: survey.extensions.clone(),
            finest: survey.finest,
            files: survey.files.iter().map(file).collect(),
            benchmarks: survey.benchmarks.iter().map(|b| [&b.name, &b.file, &b.qualified].map(String::clone)).collect(),
            instances: survey.instances.iter().map(|i| (i.benchmark, i.param, i.always_affected.clone())).collect(),
            executions: survey
                .executions
                .iter()
                .map(|row| (row.file, row.phase, Bitmap::from(&row.units), Bitmap::from(&row.instances)))
                .collect(),
            failed_imports: survey.failed_imports.iter().map(observed).collect(),
            listed: survey.listed.iter().map(observed).collect(),
            texts: extras.texts.iter().map(|(path, text)| (path.clone(), text.clone())).collect(),
            context: extras.context.clone(),
        }
    }

    fn read(self) -> Option<(Survey, Extras)> {
        let file = |file: File| {
            let (kind, blocks) = match &file.analysis {
                Some(analysis) => (FileKind::Source, blocks::decode(analysis).ok()?),
                None => (FileKind::Whole, FileBlocks::default_module()),
            };
            Some(IndexedFile { path: file.path, blob: file.blob, kind, blocks })
        };
        let execution = |(file, phase, units, instances): (u32, Phase, Bitmap, Bitmap)| {
            Some(Execution { file, phase, units: units.read()?, instances: instances.read()? })
        };
        let observed = |(name, instances): (String, Bitmap)| Some(Observed { name, instances: instances.read()? });
        let survey = Survey {
            roots: self.roots,
            options: self.options,
            extensions: self.extensions,
            finest: self.finest,
            files: self.files.into_iter().map(file).collect::<Option<_>>()?,
            benchmarks: self
                .benchmarks
                .into_iter()
                .map(|[name, file, qualified]| Benchmark { name, file, qualified })
                .collect(),
            instances: self
                .instances
                .into_iter()
                .map(|(benchmark, param, always_affected)| Instance { benchmark, param, always_affected })
                .collect(),
            executions: self.executions.into_iter().map(execution).collect::<Option<_>>()?,
            failed_imports: self.failed_imports.into_iter().map(observed).collect::<Option<_>>()?,
            listed: self.listed.into_iter().map(observed).collect::<Option<_>>()?,
        };
        Some((survey, Extras { texts: self.texts.into_iter().collect(), context: self.context }))
    }
}

/// Whether every number in it points at something.
#[must_use]
pub fn is_consistent(survey: &Survey) -> bool {
    let are_instances = |who: &RoaringBitmap| who.max().is_none_or(|last| (last as usize) < survey.instances.len());
    survey.instances.iter().all(|instance| (instance.benchmark as usize) < survey.benchmarks.len())
        && survey.executions.iter().all(|row| (row.file as usize) < survey.files.len() && are_instances(&row.instances))
        && survey.failed_imports.iter().chain(&survey.listed).all(|seen| are_instances(&seen.instances))
}
