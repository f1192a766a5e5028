//! What a change affects, as a document.

use std::borrow::Cow;
use std::collections::BTreeMap;

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use super::words::words;
use crate::impact::{Index, Policy, Reason, Selection};

/// Version of [`SelectReport`] as a document.
pub const SELECT_SCHEMA: &str = "lightspeed.select/1";

/// What would run, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SelectReport {
    /// `lightspeed.select/1`.
    pub schema: Cow<'static, str>,
    /// The survey that answered.
    pub generation: i64,
    /// How finely changes were followed.
    pub policy: Policy,
    /// Affected instances in the order of the suite.
    pub affected: Vec<Affected>,
    /// All others.
    pub unaffected: Vec<String>,
    /// Changes left out because they would select too large a share.
    pub hotfiles: Vec<HotfileText>,
    /// Files whose content differs from the survey's, relative to the source root.
    pub changed_files: Vec<String>,
    /// Changed files that belong neither to the sources nor to the suite.
    pub ignored_files: Vec<String>,
    /// Instances that the survey knew and the suite no longer has.
    pub removed: Vec<String>,
    /// The survey's circumstances, and what differs now.
    pub environment: EnvironmentText,
    /// What the reader should know about the limits of this answer.
    pub diagnostics: Vec<String>,
}

/// One affected instance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Affected {
    /// Its id, `name` or `name-K`.
    pub benchmark: String,
    /// Why.
    pub reasons: Vec<ReasonText>,
}

/// A reason, with the same in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReasonText {
    /// The reason itself.
    #[serde(flatten)]
    pub reason: Reason,
    /// In words.
    pub text: String,
}

/// A hotfile, in ids.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HotfileText {
    /// Its path.
    pub file: String,
    /// Share of all instances that execute its blocks.
    pub share: f64,
    /// How many instances its change affects.
    pub affected: u64,
    /// Those that are left out.
    pub left_out: Vec<String>,
    /// Those selected in their stead.
    pub sentinels: Vec<String>,
}

/// The circumstances of the survey.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EnvironmentText {
    /// Interpreter and version.
    pub interpreter: String,
    /// asv_runner's version.
    pub runner_version: String,
    /// What differs now, in words.
    pub drift: Vec<String>,
}

/// What a selection found to have changed, without whom it affects.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ChangeText {
    /// Files whose content differs from the survey's, relative to the source root.
    pub changed_files: Vec<String>,
    /// Changed files that belong neither to the sources nor to the suite.
    pub ignored_files: Vec<String>,
    /// Instances that the survey knew and the suite no longer has.
    pub removed: Vec<String>,
    /// What differs from the survey's circumstances, in words.
    pub drift: Vec<String>,
    /// What the reader should know about the limits of the selection.
    pub diagnostics: Vec<String>,
}

impl ChangeText {
    /// What a selection says of it.
    #[must_use]
    pub fn of(report: &SelectReport) -> Self {
        ChangeText {
            changed_files: report.changed_files.clone(),
            ignored_files: report.ignored_files.clone(),
            removed: report.removed.clone(),
            drift: report.environment.drift.clone(),
            diagnostics: report.diagnostics.clone(),
        }
    }
}

impl From<Reason> for ReasonText {
    fn from(reason: Reason) -> Self {
        let text = words(&reason);
        Self { reason, text }
    }
}

impl SelectReport {
    /// A selection that was asked for by `policy`, in ids and words. What only the caller knows is left empty.
    #[must_use]
    pub fn new(index: &Index, selection: &Selection, policy: Policy) -> Self {
        let mut reasons: BTreeMap<u32, Vec<ReasonText>> = BTreeMap::new();
        for (reason, who) in &selection.reasons {
            let reason = ReasonText::from(reason.clone());
            for instance in who {
                reasons.entry(instance).or_default().push(reason.clone());
            }
        }
        let ids = |who: &RoaringBitmap| who.iter().map(|i| index.id(i)).collect::<Vec<_>>();
        let affected = selection.affected();
        let hotfiles = selection.hotfiles.iter().map(|h| HotfileText {
            file: h.path.clone(),
            share: h.share,
            affected: h.affected.len(),
            left_out: ids(&(&h.affected - &affected)),
            sentinels: ids(&h.sentinels),
        });
        SelectReport {
            schema: SELECT_SCHEMA.into(),
            generation: 0,
            policy: policy.max(index.finest),
            affected: reasons.into_iter().map(|(i, reasons)| Affected { benchmark: index.id(i), reasons }).collect(),
            unaffected: ids(&(index.everyone() - &affected)),
            hotfiles: hotfiles.collect(),
            changed_files: selection.changed_files.clone(),
            ignored_files: Vec::new(),
            removed: Vec::new(),
            environment: EnvironmentText::default(),
            diagnostics: Vec::new(),
        }
    }
}
