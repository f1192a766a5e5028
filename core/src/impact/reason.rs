//! Reasons: which rule, which change, by way of what.

use super::closure::{Closure, HitKind, Step};
use super::diff::{FileDiff, How, NameChange};
use super::file::{FileSelection, Reasons};
use crate::source::Lines;

/// Why instances are affected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Reason {
    /// The changed file; for `always` the suite file.
    pub file: String,
    /// Which rule.
    pub rule: Rule,
    /// The block that was executed or mentions the name.
    pub block: Option<String>,
    /// File of that block, where it is another one.
    pub block_file: Option<String>,
    /// The changed name.
    pub name: Option<String>,
    /// Lines of the change before.
    pub old_lines: Option<Lines>,
    /// Lines of the change now.
    pub new_lines: Option<Lines>,
    /// Statements between the change and the block, first to last.
    pub chain: Vec<Link>,
    /// Why an instance is always affected.
    pub detail: Option<String>,
}

/// One statement of a chain of mentions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Link {
    /// Where it stands.
    pub file: String,
    /// Its lines at survey time.
    pub lines: Lines,
    /// The name it mentions.
    pub mentions: String,
}

/// Rules of selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// It executed a block whose checksum differs.
    BlockChanged,
    /// It executed a block that is gone.
    BlockGone,
    /// It executed code that mentions a name whose definition differs.
    NameChanged,
    /// It executed code that mentions a name that is new.
    NameNew,
    /// It executed code that mentions a name that is gone.
    NameGone,
    /// It executed a function whose decorators or defaults differ.
    HeaderChanged,
    /// It imported a file whose statements have other effects.
    EffectChanged,
    /// It imported a file whose import now fails.
    ImportBroken,
    /// It ran a function while importing whose body differs.
    ImportBody,
    /// A special method appeared on an existing class, or left it.
    SpecialMethod,
    /// The benchmark itself, its class or what the runner reads from it.
    Benchmark,
    /// The file has parts that cannot be read.
    Unknown,
    /// A file it read as a whole differs.
    WholeFile,
    /// A module it looked for in vain appeared.
    ModuleAppeared,
    /// A directory that it listed has a new or lost file.
    DirectoryChanged,
    /// It stands for a hotfile's change.
    Sentinel,
    /// Nothing reliable is known of it.
    Always,
    /// It is new in the suite, or its parameters are.
    NewBenchmark,
}

impl Reason {
    /// A reason that names only a file and a rule.
    #[must_use]
    pub fn new(file: &str, rule: Rule) -> Self {
        Reason {
            file: file.to_owned(),
            rule,
            block: None,
            block_file: None,
            name: None,
            old_lines: None,
            new_lines: None,
            chain: Vec::new(),
            detail: None,
        }
    }
}

impl FileSelection<'_> {
    /// Turns what the closure hit into reasons.
    pub(super) fn collect(&self, closure: &Closure<'_>, d: &FileDiff, reasons: &mut Reasons) {
        for hit in &closure.hits {
            let origin = closure.origin(hit.via, &hit.name);
            let change = d.names.iter().find(|n| n.name == origin);
            let rule = match (&hit.kind, change.map(|c| c.how)) {
                (HitKind::Benchmark, _) => Rule::Benchmark,
                (HitKind::Header { .. }, _) => Rule::HeaderChanged,
                (HitKind::Effect { .. }, _) => Rule::EffectChanged,
                (HitKind::Mention { .. }, Some(How::New)) => Rule::NameNew,
                (HitKind::Mention { .. }, Some(How::Gone)) => Rule::NameGone,
                (HitKind::Mention { .. }, _) => Rule::NameChanged,
            };
            let (block, block_file) = match hit.kind {
                HitKind::Mention { file, block } | HitKind::Header { file, block } => {
                    let source = &self.index.files[file as usize];
                    (Some(source.blocks.blocks[block as usize].id.clone()), Some(source.path.clone()))
                }
                HitKind::Effect { file, .. } => (None, Some(self.index.files[file as usize].path.clone())),
                HitKind::Benchmark => (None, None),
            };
            let reason = Reason {
                block,
                block_file: block_file.filter(|f| *f != self.change.path),
                name: Some(change.map_or_else(|| origin.to_owned(), qualified)),
                old_lines: change.and_then(|c| c.old_lines),
                new_lines: change.and_then(|c| c.new_lines),
                chain: self.chain(closure, hit.via),
                ..self.reason(rule)
            };
            reasons.push((reason, hit.instances.clone()));
        }
    }

    fn chain(&self, closure: &Closure<'_>, via: Option<usize>) -> Vec<Link> {
        let link = |step: &Step| {
            let source = &self.index.files[step.file as usize];
            Link { file: source.path.clone(), lines: step.lines, mentions: step.name.clone() }
        };
        let mut links: Vec<Link> = closure.steps(via).map(link).collect();
        links.reverse();
        links
    }
}

impl Closure<'_> {
    /// Steps from the last to the first.
    fn steps(&self, via: Option<usize>) -> impl Iterator<Item = &Step> {
        std::iter::successors(via.and_then(|i| self.trail.get(i)), |step| step.via.and_then(|i| self.trail.get(i)))
    }

    /// The changed name at the start of a chain.
    fn origin<'s>(&'s self, via: Option<usize>, name: &'s str) -> &'s str {
        self.steps(via).last().map_or(name, |step| &step.name)
    }
}

pub(super) fn qualified(change: &NameChange) -> String {
    change.class.as_ref().map_or_else(|| change.name.clone(), |class| format!("{class}.{}", change.name))
}
