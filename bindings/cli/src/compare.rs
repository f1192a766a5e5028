//! `lightspeed compare`: two revisions in turn, and what it comes to, for a terminal and for a pull request.

use crate::compare_args::CompareArgs;
use crate::exit::{Exit, Failure};
use crate::terminal::look;
use crate::{output, print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::suite::SuiteConfig;
use lightspeed::text::compare::text;
use lightspeed::text::compare_markdown::{Heading, markdown};

/// What people read, in the directory of the results.
const SUMMARY: &str = "summary.md";

/// Runs the command.
pub fn run(args: &CompareArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let mut reporter = args.session.volume.reporter();
    let report = session.compare(&args.options(), &mut |event| reporter.hear(&event))?;
    drop(reporter);
    let summary = markdown(&report, &Heading::default());
    output::write(&report.results_dir.join(SUMMARY), summary.as_bytes(), "summary")?;
    if let Some(file) = &args.github_comment {
        output::write(file, markdown(&report, &Heading { marked: true }).as_bytes(), "comment")?;
    }
    if args.session.json {
        print_json(&report)?;
    } else {
        print(&text(&report, look()))?;
    }
    if report.interrupted {
        return Ok(Exit::Interrupted);
    }
    let limits = args.gate.limits(matches!(session.config(), SuiteConfig::Commands(_)));
    Ok(args.gate.exit(&report.counts, limits, report.benchmarks.values().map(|found| &found.result)))
}
