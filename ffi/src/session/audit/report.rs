//! What an audit says: recall and precision, by operator and by rule, and each miss with its mutation.

use super::state::{Baseline, Found};
use lightspeed_core::impact::Policy;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What an audit found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditReport {
    /// `lightspeed.audit/1`.
    pub schema: Cow<'static, str>,
    /// How finely changes were followed.
    pub policy: Policy,
    /// See [`SelectOptions::hotfile_threshold`](crate::session::SelectOptions::hotfile_threshold).
    pub hotfile_threshold: f64,
    /// What the sample of mutations was drawn with; none where patches were given.
    pub seed: Option<u64>,
    /// Instances whose behaviour was compared.
    pub instances: usize,
    /// Instances left out, because two runs of the same code differ.
    pub unstable: Vec<Unstable>,
    /// How many mutations there are, and how many were tried.
    pub mutations: MutationCounts,
    /// All mutations together.
    pub overall: Figures,
    /// By operator, in the order in which they were asked for.
    pub operators: BTreeMap<String, Figures>,
    /// By rule of selection.
    pub rules: BTreeMap<String, RuleFigures>,
    /// Mutations with an instance that differs and was not selected.
    pub misses: Vec<Miss>,
    /// Mutations that could not be tried, with the reason.
    pub failures: Vec<String>,
    /// Seconds that this call took.
    pub total_s: f64,
}

/// An instance whose behaviour is not the same each time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unstable {
    /// Its id.
    pub benchmark: String,
    /// In what two runs differ.
    pub differs: Vec<String>,
}

/// How many mutations.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct MutationCounts {
    /// That were to be tried.
    pub planned: usize,
    /// That were tried, by this call or an earlier one.
    pub tried: usize,
}

/// Recall and precision of some mutations. Each instance counts once a mutation.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    /// How many mutations.
    pub mutations: u64,
    /// Instances that differ.
    pub affected: u64,
    /// Instances selected, without those that are selected whatever changes.
    pub selected: u64,
    /// Instances that differ and were not selected.
    pub missed: u64,
    /// Share of those that differ that was selected; none where nothing differs.
    pub recall: Option<f64>,
    /// Share of those selected that differs; none where nothing was selected.
    pub precision: Option<f64>,
    #[serde(skip)]
    selected_affected: u64,
}

/// Precision of one rule. An instance selected by several rules counts for each.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct RuleFigures {
    /// Instances selected by it.
    pub selected: u64,
    /// Those of them that differ.
    pub affected: u64,
    /// The share.
    pub precision: Option<f64>,
}

/// A mutation that changed what was not selected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Miss {
    /// What kind of change.
    pub operator: String,
    /// The file.
    pub file: String,
    /// The line on which it begins, where it is one change.
    pub line: Option<u64>,
    /// The change.
    pub diff: String,
    /// Who was missed.
    pub instances: Vec<Missed>,
    /// How many that differ were selected.
    pub selected: u64,
}

/// An instance that was missed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Missed {
    /// Its id.
    pub benchmark: String,
    /// In what it differs.
    pub differs: Vec<String>,
}

impl Figures {
    fn add(&mut self, found: &Found) {
        self.mutations += 1;
        self.affected += found.affected;
        self.selected += found.selected;
        self.missed += found.missed.len() as u64;
        self.selected_affected += found.selected_affected;
        self.recall = share(self.affected - self.missed, self.affected);
        self.precision = share(self.selected_affected, self.selected);
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl AuditReport {
    /// Whether everything that differs was selected.
    #[must_use]
    pub fn nothing_missed(&self) -> bool {
        self.misses.is_empty()
    }

    /// Adds up what the mutations showed.
    pub(super) fn of(&mut self, baseline: &Baseline, found: &[&Found]) {
        self.instances = baseline.stable.len();
        let mut unstable = baseline.unstable.clone();
        for each in found {
            for (id, differs) in &each.unstable {
                unstable.entry(id.clone()).or_insert_with(|| differs.clone());
            }
            if let Some(reason) = &each.failed {
                self.failures.push(format!("{} {}: {reason}", each.operator, each.file));
                continue;
            }
            self.overall.add(each);
            self.operators.entry(each.operator.clone()).or_default().add(each);
            for (rule, (selected, affected)) in &each.rules {
                let rule = self.rules.entry(rule.clone()).or_default();
                rule.selected += selected;
                rule.affected += affected;
                rule.precision = share(rule.affected, rule.selected);
            }
            if !each.missed.is_empty() {
                self.misses.push(miss(each));
            }
        }
        self.mutations.tried = found.len();
        self.unstable = unstable.into_iter().map(|(benchmark, differs)| Unstable { benchmark, differs }).collect();
    }
}

fn miss(found: &Found) -> Miss {
    let missed = |(benchmark, differs): (&String, &Vec<String>)| Missed {
        benchmark: benchmark.clone(),
        differs: differs.clone(),
    };
    Miss {
        operator: found.operator.clone(),
        file: found.file.clone(),
        line: found.line,
        diff: found.diff.clone(),
        instances: found.missed.iter().map(missed).collect(),
        selected: found.hit,
    }
}
