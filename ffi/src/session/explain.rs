//! Explanation: for one benchmark, what of a change reaches it and on which way, or what of the changed files it uses.

use super::{Listener, Places, Policy, Session, SessionError};
use super::{ReasonText, SelectOptions};
use crate::store::{OpenMode, Store};
use lightspeed_core::impact::{FileKind, Index, OPENED_UNIT, Phase};
use lightspeed_core::source::{Lines, decode_python};
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Why benchmarks are affected, or are not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExplainReport {
    /// `lightspeed.explain/1`.
    pub schema: Cow<'static, str>,
    /// The survey that answered.
    pub generation: i64,
    /// How finely changes were followed.
    pub policy: Policy,
    /// Files whose content differs from the survey's, relative to the source root.
    pub changed_files: Vec<String>,
    /// The instances asked for, in the order of the suite.
    pub instances: Vec<Explained>,
}

/// One instance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Explained {
    /// Its id, `name` or `name-K`.
    pub benchmark: String,
    /// Whether the change affects it.
    pub affected: bool,
    /// Why.
    pub reasons: Vec<ExplainedReason>,
    /// What it uses of the changed files, or of all files where none changed.
    pub uses: Vec<Use>,
}

/// A reason with the lines it speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainedReason {
    /// The reason.
    #[serde(flatten)]
    pub reason: ReasonText,
    /// The changed lines as they were surveyed.
    pub old_text: Option<Vec<String>>,
    /// The changed lines as they are.
    pub new_text: Option<Vec<String>>,
    /// The first line of each statement of the chain, as surveyed.
    pub chain_text: Vec<String>,
}

/// What an instance was seen to use of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// The file, relative to the source root.
    pub file: String,
    /// Blocks that ran while the suite's file was imported.
    pub import: Vec<String>,
    /// Blocks that ran in `setup` or `setup_cache`.
    pub setup: Vec<String>,
    /// Blocks that ran in the benchmark itself or its teardown.
    pub run: Vec<String>,
    /// Whether it was opened and read, or loaded compiled.
    pub opened: bool,
}

impl Session {
    /// Says why the instances of a benchmark are affected or not. `benchmark` is an instance's id or a benchmark's name.
    ///
    /// # Errors
    /// As [`Session::select`]; and where the suite has no such benchmark.
    pub fn explain(
        &self,
        benchmark: &str,
        options: &SelectOptions,
        listener: Listener<'_>,
    ) -> Result<ExplainReport, SessionError> {
        let store = self.store(OpenMode::ReadOnly)?;
        let selected = self.selected(&store, options, listener)?;
        let surveyed: Vec<String> = (0..selected.index.instances.len() as u32).map(|i| selected.index.id(i)).collect();
        let numbers: BTreeMap<&str, u32> = surveyed.iter().map(String::as_str).zip(0..).collect();
        let reasons: BTreeMap<&str, &[ReasonText]> =
            selected.report.affected.iter().map(|a| (a.benchmark.as_str(), a.reasons.as_slice())).collect();
        let ids = asked_for(benchmark, numbers.keys().chain(reasons.keys()).copied())?;
        let mut texts = Texts {
            store: &store,
            generation: selected.generation.id,
            places: &selected.places,
            kept: BTreeMap::new(),
        };
        let changed: BTreeSet<&str> = selected.report.changed_files.iter().map(String::as_str).collect();
        let mut instances = Vec::new();
        for (id, number) in in_suite_order(ids, &numbers) {
            let because = reasons.get(id).copied().unwrap_or_default();
            let explained: Result<Vec<_>, _> = because.iter().map(|reason| texts.explain(reason)).collect();
            instances.push(Explained {
                benchmark: id.to_owned(),
                affected: reasons.contains_key(id),
                reasons: explained?,
                uses: number.map(|number| uses(&selected.index, number, &changed)).unwrap_or_default(),
            });
        }
        Ok(ExplainReport {
            schema: "lightspeed.explain/1".into(),
            generation: selected.generation.id,
            policy: options.policy,
            changed_files: selected.report.changed_files,
            instances,
        })
    }
}

/// The ids that a user's word names.
fn asked_for<'i>(benchmark: &str, ids: impl Iterator<Item = &'i str>) -> Result<BTreeSet<&'i str>, SessionError> {
    let all: BTreeSet<&str> = ids.collect();
    let of_benchmark = |id: &str| match id.rsplit_once('-') {
        Some((name, number)) => name == benchmark && number.bytes().all(|b| b.is_ascii_digit()),
        None => false,
    };
    let found: BTreeSet<&str> = all.iter().copied().filter(|id| *id == benchmark || of_benchmark(id)).collect();
    if found.is_empty() {
        let lower = benchmark.to_lowercase();
        let near: Vec<&str> = all.iter().copied().filter(|id| id.to_lowercase().contains(&lower)).take(5).collect();
        let hint = if near.is_empty() {
            "`lightspeed select --json` lists all".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        return Err(SessionError::Request(format!("the suite has no benchmark {benchmark:?}: {hint}")));
    }
    Ok(found)
}

/// Surveyed instances in the order of the survey, then new ones.
fn in_suite_order<'i>(ids: BTreeSet<&'i str>, numbers: &BTreeMap<&str, u32>) -> Vec<(&'i str, Option<u32>)> {
    let mut ordered: Vec<(&str, Option<u32>)> = ids.into_iter().map(|id| (id, numbers.get(id).copied())).collect();
    ordered.sort_by_key(|(_, number)| number.unwrap_or(u32::MAX));
    ordered
}

fn uses(index: &Index, instance: u32, changed: &BTreeSet<&str>) -> Vec<Use> {
    let mut found: BTreeMap<u32, Use> = BTreeMap::new();
    for row in index.rows_of(instance) {
        let file = &index.files[row.file as usize];
        if !changed.is_empty() && !changed.contains(file.path.as_str()) {
            continue;
        }
        let entry = found.entry(row.file).or_insert_with(|| Use {
            file: file.path.clone(),
            import: Vec::new(),
            setup: Vec::new(),
            run: Vec::new(),
            opened: false,
        });
        entry.opened |= file.kind == FileKind::Whole || row.units.contains(OPENED_UNIT);
        let blocks = match row.phase {
            Phase::Import => &mut entry.import,
            Phase::Setup => &mut entry.setup,
            Phase::Run => &mut entry.run,
        };
        if file.kind == FileKind::Source {
            blocks.extend(executed(index, row.file, &row.units));
        }
    }
    found.into_values().collect()
}

fn executed<'i>(index: &'i Index, file: u32, units: &RoaringBitmap) -> impl Iterator<Item = String> + 'i {
    let blocks = &index.files[file as usize].blocks.blocks;
    let known: Vec<usize> = units.iter().map(|unit| unit as usize).take_while(|&unit| unit < blocks.len()).collect();
    known.into_iter().map(|unit| blocks[unit].id.clone())
}

/// The texts of changed files before and now, each read once.
struct Texts<'a> {
    store: &'a Store,
    generation: i64,
    places: &'a Places,
    kept: BTreeMap<(String, bool), Option<Vec<String>>>,
}

impl Texts<'_> {
    fn explain(&mut self, reason: &ReasonText) -> Result<ExplainedReason, SessionError> {
        let cause = &reason.reason;
        let mut chain_text = Vec::new();
        for link in &cause.chain {
            let first = Lines { start: link.lines.start, end: link.lines.start };
            let text = self.lines(&link.file, true, Some(first))?;
            chain_text.push(text.and_then(|mut lines| lines.pop()).unwrap_or_default());
        }
        Ok(ExplainedReason {
            old_text: self.lines(&cause.file, true, cause.old_lines)?,
            new_text: self.lines(&cause.file, false, cause.new_lines)?,
            chain_text,
            reason: reason.clone(),
        })
    }

    /// Lines of a file, as surveyed or as they are; `None` where the file cannot be read or is no text.
    fn lines(&mut self, file: &str, surveyed: bool, lines: Option<Lines>) -> Result<Option<Vec<String>>, SessionError> {
        let Some(lines) = lines else { return Ok(None) };
        let key = (file.to_owned(), surveyed);
        if !self.kept.contains_key(&key) {
            let bytes = if surveyed {
                self.store.file_text(self.generation, file)?
            } else {
                crate::tree::read_file(&self.places.path_of(file)).ok()
            };
            let text = bytes.and_then(|bytes| Some(decode_python(&bytes).ok()?.lines().map(str::to_owned).collect()));
            self.kept.insert(key.clone(), text);
        }
        let range = lines.start.saturating_sub(1) as usize..lines.end as usize;
        Ok(self.kept[&key]
            .as_ref()
            .and_then(|text: &Vec<String>| text.get(range.start..range.end.min(text.len())))
            .map(<[_]>::to_vec))
    }
}
