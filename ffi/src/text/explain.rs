//! Why a benchmark is affected or is not, with the lines that changed.

use crate::session::{ExplainReport, Explained, ExplainedReason, Use};
use anstyle::AnsiColor;
use similar::algorithms::{Capture, Compact, Replace, myers};
use similar::{ChangeTag, group_diff_ops};
use std::fmt::Write as _;

/// Equal lines shown around each changed place.
const CONTEXT: usize = 1;
/// Lines of one reason's difference that are shown.
const MOST_LINES: usize = 30;

/// The report as people read it.
pub fn text(report: &ExplainReport, color: bool) -> String {
    let mut text = String::new();
    let mut rest = report.instances.as_slice();
    while let Some(first) = rest.first() {
        // Instances of a benchmark most often share their fate.
        let same = |other: &&Explained| (&other.reasons, &other.uses) == (&first.reasons, &first.uses);
        let count = rest.iter().take_while(same).count();
        let (group, others) = rest.split_at(count);
        rest = others;
        instances(&mut text, report, group, color);
    }
    text
}

fn instances(text: &mut String, report: &ExplainReport, group: &[Explained], color: bool) {
    let Some(first) = group.first() else { return };
    let name = match group.last() {
        Some(last) if group.len() > 1 => format!("{} to {}", first.benchmark, last.benchmark),
        _ => first.benchmark.clone(),
    };
    let verb = if group.len() > 1 { "are" } else { "is" };
    if first.affected {
        let _ = writeln!(text, "{name} {verb} affected:");
        let mut shown = None;
        for each in &first.reasons {
            // One change reaches a benchmark on many ways; its lines are shown with the first.
            let lines = (&each.old_text, &each.new_text);
            reason(text, each, shown.replace(lines) != Some(lines), color);
        }
    } else if report.changed_files.is_empty() {
        let _ = writeln!(text, "nothing changed since the survey; {name} {verb} known to use");
        uses(text, &first.uses);
    } else if first.uses.is_empty() {
        let _ = writeln!(text, "{name} {verb} not affected: no file that changed is used");
    } else {
        let _ = writeln!(text, "{name} {verb} not affected: nothing that changed is among what is used of these files");
        uses(text, &first.uses);
    }
    text.push('\n');
}

fn uses(text: &mut String, uses: &[Use]) {
    for used in uses {
        let _ = writeln!(text, "  {}{}", used.file, if used.opened { " (opened and read)" } else { "" });
        for (phase, blocks) in [("import", &used.import), ("setup", &used.setup), ("run", &used.run)] {
            if !blocks.is_empty() {
                let _ = writeln!(text, "    {phase:<6}  {}", blocks.join(", "));
            }
        }
    }
}

fn reason(text: &mut String, each: &ExplainedReason, with_lines: bool, color: bool) {
    let _ = writeln!(text, "  {}", each.reason.text);
    for (link, line) in each.reason.reason.chain.iter().zip(&each.chain_text) {
        let _ = writeln!(text, "      {}:{}  {}", link.file, link.lines.start, line.trim());
    }
    if !with_lines {
        return;
    }
    let (old, new) = (each.old_text.as_deref().unwrap_or_default(), each.new_text.as_deref().unwrap_or_default());
    let lines = difference(old, new);
    for (tag, line) in lines.iter().take(MOST_LINES) {
        let (sign, style) = match tag {
            ChangeTag::Equal => (' ', None),
            ChangeTag::Delete => ('-', Some(AnsiColor::Red.on_default())),
            ChangeTag::Insert => ('+', Some(AnsiColor::Green.on_default())),
        };
        let style = style.filter(|_| color).unwrap_or_default();
        let _ = writeln!(text, "    {style}{sign} {line}{style:#}");
    }
    if lines.len() > MOST_LINES {
        let _ = writeln!(text, "    … and {} lines more", lines.len() - MOST_LINES);
    }
}

/// The lines that differ, each changed place with a little around it.
fn difference<'l>(old: &'l [String], new: &'l [String]) -> Vec<(ChangeTag, &'l str)> {
    let [old, new] = [old, new].map(|lines| lines.iter().map(String::as_str).collect::<Vec<_>>());
    // One algorithm is called by its name: what chooses between all of them carries all of them.
    let mut found = Compact::new(Replace::new(Capture::new()), old.as_slice(), new.as_slice());
    let Ok(()) = myers::diff(&mut found, old.as_slice(), 0..old.len(), new.as_slice(), 0..new.len());
    let groups = group_diff_ops(found.into_inner().into_inner().into_ops(), CONTEXT);
    let changes = groups.iter().flatten().flat_map(|operation| operation.iter_changes(&old, &new));
    changes.map(|change| (change.tag(), change.value())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn only_what_differs_is_shown_with_its_neighbours() {
        let (old, new) = (lines("a b c d e f g"), lines("a b c X e f g"));
        let shown: String = difference(&old, &new).iter().map(|(tag, line)| format!("{tag}{line}")).collect();
        assert_eq!(shown, " c-d+X e");
        assert_eq!(difference(&[], &new).len(), 7);
        assert!(difference(&old, &old).is_empty());
    }
}
