//! What differs between a survey and the tree as it is: the core's index, and changes for it.

use super::documents::Documents;
use super::{Event, IndexBasis, Listener, Places, Session, SessionError};
use crate::store::{self, FileKind, SurveyData};
use crate::suite::AnalysisConfig;
use crate::tree::{ChangedPath, read_file};
use lightspeed_core::blocks::{FileBlocks, decode};
use lightspeed_core::impact::{
    self, After, Change, Execution, Index, IndexedFile, Instance, Observed, Phase, Policy, Survey, is_native_source,
};
use lightspeed_core::source::{BlobId, ModuleRoots};
use lightspeed_core::survey::change_by;
use std::collections::BTreeSet;

/// The stretch of work in which files are read to see what changed; short, unless they are many.
pub const CHANGES: &str = "changes";

/// Builds the core's index from a stored survey that was made with `analysis`, and carries no finer policy than `finest`.
///
/// # Errors
/// An analysis that cannot be decoded.
pub fn index_of(
    data: SurveyData,
    roots: &ModuleRoots,
    analysis: &AnalysisConfig,
    finest: Policy,
) -> Result<Index, SessionError> {
    Ok(Index::new(survey_of(data, IndexBasis::new(roots, analysis, finest))?))
}

/// A stored survey as the core has it.
pub(super) fn survey_of(data: SurveyData, basis: IndexBasis) -> Result<Survey, SessionError> {
    let mut files = Vec::with_capacity(data.files.len());
    for file in data.files {
        let (kind, blocks) = match file.kind {
            FileKind::Source => (impact::FileKind::Source, decode(&file.analysis)?),
            FileKind::Whole => (impact::FileKind::Whole, FileBlocks::default_module()),
        };
        files.push(IndexedFile { path: file.path, blob: BlobId(file.blob), kind, blocks });
    }
    let suite_dir = basis.roots.suite_dir.as_deref();
    let benchmarks = data.benchmarks.iter().map(|b| impact::Benchmark::of_suite(&b.name, &b.file, suite_dir));
    let instances = data.instances.into_iter().map(|instance| Instance {
        benchmark: instance.benchmark,
        param: instance.param,
        always_affected: (!instance.always_affected.is_empty()).then(|| instance.always_affected.join("; ")),
    });
    let executions = data.executions.into_iter().map(|row| Execution {
        file: row.file,
        phase: phase(row.phase),
        units: row.blocks,
        instances: row.instances,
    });
    let (mut failed_imports, mut listed) = (Vec::new(), Vec::new());
    for observed in data.observed {
        let list = match observed.kind {
            store::ObservedKind::FailedImport => &mut failed_imports,
            store::ObservedKind::Listed => &mut listed,
        };
        list.push(Observed { name: observed.name, instances: observed.instances });
    }
    Ok(Survey {
        files,
        benchmarks: benchmarks.collect(),
        instances: instances.collect(),
        executions: executions.collect(),
        failed_imports,
        listed,
        roots: basis.roots,
        options: basis.options,
        extensions: basis.extensions,
        finest: basis.finest,
    })
}

fn phase(phase: store::Phase) -> Phase {
    match phase {
        store::Phase::Import => Phase::Import,
        store::Phase::Setup => Phase::Setup,
        store::Phase::Run => Phase::Run,
    }
}

/// The present state of a file, as the core wants it.
pub(super) fn change(
    places: &Places,
    documents: &Documents,
    path: &str,
    index: &Index,
    diagnostics: &mut Vec<String>,
) -> Option<Change> {
    let absolute = places.path_of(path);
    let analyse = |bytes: &[u8]| documents.analyse(path, bytes, &index.options);
    match read_file(&absolute) {
        Ok(bytes) => change_by(index, path, Some(&bytes), analyse),
        Err(_) if !absolute.exists() => change_by(index, path, None, analyse),
        Err(error) => {
            diagnostics.push(error.to_string());
            Some(Change { path: path.to_owned(), after: After::Whole(BlobId::default()) })
        }
    }
}

impl Session {
    /// Every difference between the survey and the tree: surveyed files whose content differs or that are gone, and
    /// source files that are new.
    pub(super) fn all_changes(
        &self,
        places: &Places,
        index: &Index,
        listener: Listener<'_>,
    ) -> Result<Vec<Change>, SessionError> {
        let mut names: BTreeSet<String> = index.files.iter().map(|f| f.path.clone()).collect();
        for path in places.source_files()? {
            names.insert(places.name_of(&path));
        }
        let mut diagnostics = Vec::new();
        self.looked_at(&names, places, index, &mut diagnostics, listener)
    }

    /// The changes among `paths` that lie in the sources or the suite.
    pub(super) fn changes_of(
        &self,
        paths: &[ChangedPath],
        places: &Places,
        index: &Index,
        diagnostics: &mut Vec<String>,
        listener: Listener<'_>,
    ) -> Result<(Vec<Change>, Vec<String>), SessionError> {
        let (mut names, mut ignored) = (BTreeSet::new(), Vec::new());
        for changed in paths {
            if changed.directory {
                let below =
                    index.files.iter().map(|f| &f.path).filter(|name| places.path_of(name).starts_with(&changed.path));
                names.extend(below.cloned());
            }
            let name = places.name_of(&changed.path);
            let native = !index.built_from(&name).is_empty();
            if is_native_source(&name) && !native {
                diagnostics.push(format!(
                    "{name} is the source of something compiled, but no benchmark loads a compiled module from the sources: \
                     nothing is selected for it"
                ));
            }
            if native || places.holds(&changed.path) || index.file(&name).is_some() {
                names.insert(name);
            } else {
                ignored.push(name);
            }
        }
        Ok((self.looked_at(&names, places, index, diagnostics, listener)?, ignored))
    }

    /// The changes among these files, each of which is read.
    fn looked_at(
        &self,
        names: &BTreeSet<String>,
        places: &Places,
        index: &Index,
        diagnostics: &mut Vec<String>,
        listener: Listener<'_>,
    ) -> Result<Vec<Change>, SessionError> {
        let mut changes = Vec::new();
        if !names.is_empty() {
            listener(Event::Begin { what: CHANGES, total: names.len() });
        }
        for name in names {
            listener(Event::Item { name });
            self.check_cancelled()?;
            changes.extend(change(places, &self.documents, name, index, diagnostics));
            listener(Event::Done);
        }
        Ok(changes)
    }
}
