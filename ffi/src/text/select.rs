//! A selection: what would run, and why.

use crate::session::{HotfileText, MeasureReport, SelectReport};

/// The report as people read it.
pub fn text(report: &SelectReport, explain: bool) -> String {
    let chosen = Chosen::from(report);
    let mut lines = vec![chosen.summary()];
    for affected in &report.affected {
        lines.push(format!("  {}", affected.benchmark));
        if explain {
            lines.extend(affected.reasons.iter().map(|reason| format!("      {}", reason.text)));
        }
    }
    lines.extend(chosen.notes());
    lines.join("\n")
}

/// What a selection found, as a selection's and a measurement's document both tell it.
pub struct Chosen<'a> {
    affected: usize,
    total: usize,
    changed_files: &'a [String],
    ignored: usize,
    hotfiles: &'a [HotfileText],
    removed: &'a [String],
    drift: &'a [String],
    diagnostics: &'a [String],
}

impl<'a> From<&'a SelectReport> for Chosen<'a> {
    fn from(report: &'a SelectReport) -> Self {
        Chosen {
            affected: report.affected.len(),
            total: report.affected.len() + report.unaffected.len(),
            changed_files: &report.changed_files,
            ignored: report.ignored_files.len(),
            hotfiles: &report.hotfiles,
            removed: &report.removed,
            drift: &report.environment.drift,
            diagnostics: &report.diagnostics,
        }
    }
}

impl<'a> From<&'a MeasureReport> for Chosen<'a> {
    fn from(report: &'a MeasureReport) -> Self {
        let found = &report.selection;
        Chosen {
            affected: report.counts.selected,
            total: report.counts.total,
            changed_files: &found.changed_files,
            ignored: found.ignored_files.len(),
            hotfiles: &report.hotfiles,
            removed: &found.removed,
            drift: &found.drift,
            diagnostics: &found.diagnostics,
        }
    }
}

impl Chosen<'_> {
    /// What changed and how much of the suite that affects, in one line.
    pub fn summary(&self) -> String {
        let Chosen { affected, total, .. } = self;
        match self.changed_files {
            [] if *affected == 0 => {
                let ignored = match self.ignored {
                    0 => String::new(),
                    n => format!(" ({n} changed files belong neither to the sources nor to the suite)"),
                };
                format!("nothing changed since the survey{ignored}: nothing is affected, and nothing was checked")
            }
            [] => format!("{affected} of {total} instances are new or defined otherwise than when they were surveyed"),
            files => {
                let mut names = files.iter().take(2).cloned().collect::<Vec<_>>().join(", ");
                if files.len() > 2 {
                    names.push_str(&format!(" and {} more", files.len() - 2));
                }
                format!("{affected} of {total} instances are affected by changes in {names}")
            }
        }
    }

    /// What else the reader should know.
    pub fn notes(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for hotfile in self.hotfiles {
            lines.push(format!(
                "left out: {} instances affected by {} alone, which {:.0} % of the suite execute ({} sentinels stand for them; --hotfile-threshold 1 selects all)",
                hotfile.left_out.len(),
                hotfile.file,
                hotfile.share * 100.0,
                hotfile.sentinels.len()
            ));
        }
        if !self.removed.is_empty() {
            lines.push(format!("no longer in the suite: {}", self.removed.join(", ")));
        }
        lines.extend(self.drift.iter().chain(self.diagnostics).map(|note| format!("note: {note}")));
        lines
    }
}
