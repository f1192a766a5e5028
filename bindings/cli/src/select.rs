//! `lightspeed select`: what would run, and why.

use crate::args::SelectArgs;
use crate::exit::{Exit, Failure};
use crate::progress::Reporter;
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::SelectReport;

/// Runs the command.
pub fn run(args: &SelectArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let mut reporter = Reporter::default();
    let report = session.select(&args.changes.options()?, &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if args.session.json {
        print_json(&report)?;
    } else {
        print(&text(&report, args.explain))?;
    }
    Ok(Exit::Ok)
}

fn text(report: &SelectReport, explain: bool) -> String {
    let mut lines = vec![summary(report)];
    for affected in &report.affected {
        lines.push(format!("  {}", affected.benchmark));
        if explain {
            lines.extend(affected.reasons.iter().map(|reason| format!("      {}", reason.text)));
        }
    }
    lines.extend(notes(report));
    lines.join("\n")
}

/// What changed and how much of the suite that affects, in one line.
pub fn summary(report: &SelectReport) -> String {
    let total = report.affected.len() + report.unaffected.len();
    match report.changed_files.as_slice() {
        [] if report.affected.is_empty() => {
            let ignored = match report.ignored_files.len() {
                0 => String::new(),
                n => format!(" ({n} changed files belong neither to the sources nor to the suite)"),
            };
            format!("nothing changed since the survey{ignored}: nothing is affected, and nothing was checked")
        }
        [] => format!(
            "{} of {total} instances are new or defined otherwise than when they were surveyed",
            report.affected.len()
        ),
        files => {
            let mut names = files.iter().take(2).cloned().collect::<Vec<_>>().join(", ");
            if files.len() > 2 {
                names.push_str(&format!(" and {} more", files.len() - 2));
            }
            format!("{} of {total} instances are affected by changes in {names}", report.affected.len())
        }
    }
}

/// What else the reader should know.
pub fn notes(report: &SelectReport) -> Vec<String> {
    let mut lines = Vec::new();
    for hotfile in &report.hotfiles {
        lines.push(format!(
            "left out: {} instances affected by {} alone, which {:.0} % of the suite execute ({} sentinels stand for them; --hotfile-threshold 1 selects all)",
            hotfile.left_out.len(),
            hotfile.file,
            hotfile.share * 100.0,
            hotfile.sentinels.len()
        ));
    }
    if !report.removed.is_empty() {
        lines.push(format!("no longer in the suite: {}", report.removed.join(", ")));
    }
    lines.extend(report.environment.drift.iter().map(|d| format!("note: {d}")));
    lines.extend(report.diagnostics.iter().map(|d| format!("note: {d}")));
    lines
}
