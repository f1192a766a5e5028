//! What the closure hit, as reasons with their chains.

use super::closure::{Closure, HitKind, Step};
use super::diff::{FileDiff, How, NameChange};
use super::file::FileSelection;
use super::reason::{Link, Reason, Reasons, Rule};

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
                (HitKind::Broken { .. }, _) => Rule::ImportBroken,
                (HitKind::Mention { .. }, Some(How::New)) => Rule::NameNew,
                (HitKind::Mention { .. }, Some(How::Gone)) => Rule::NameGone,
                (HitKind::Mention { .. }, _) => Rule::NameChanged,
            };
            let (block, block_file) = match hit.kind {
                HitKind::Mention { file, block } | HitKind::Header { file, block } => {
                    let source = &self.index.files[file as usize];
                    (Some(source.blocks.blocks[block as usize].id.clone()), Some(source.path.clone()))
                }
                HitKind::Effect { file, .. } | HitKind::Broken { file } => {
                    (None, Some(self.index.files[file as usize].path.clone()))
                }
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
