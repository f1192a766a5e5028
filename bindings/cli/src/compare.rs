//! `lightspeed compare`: two revisions in turn, and what it comes to, for a terminal and for a pull request.

use crate::compare_args::CompareArgs;
use crate::exit::{Exit, Failure};
use crate::gate::GateArgs;
use crate::terminal::look;
use crate::{output, print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::{CompareReport, MemoryResult, ValueChange};
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
    let exit = args.gate.exit(&report.counts, limits, report.benchmarks.values().map(|found| &found.result));
    let exit = with_memory(exit, &report, &args.gate);
    Ok(with_imports(exit, &report, &args.gate))
}

/// What peaks of memory add: that a call failed in B, or that one holds more, where that counts.
fn with_memory(exit: Exit, report: &CompareReport, gate: &GateArgs) -> Exit {
    let Some(memory) = &report.memory else { return exit };
    let failed =
        |result: &MemoryResult| result.failure.as_ref().is_some_and(|failure| failure.tree.as_deref() == Some("B"));
    let counts = |peak: &ValueChange| {
        gate.counts(peak.verdict, peak.baseline.zip(peak.current).map(|(before, now)| now / before))
    };
    let regressed = |result: &MemoryResult| result.peaks.values().any(counts);
    let results = || memory.benchmarks.values();
    match exit {
        Exit::BenchmarkFailed => exit,
        _ if results().any(failed) => Exit::BenchmarkFailed,
        _ if results().any(regressed) => Exit::Finding,
        other => other,
    }
}

/// What importing adds: that it failed, or that it regressed, where that counts.
fn with_imports(exit: Exit, report: &CompareReport, gate: &GateArgs) -> Exit {
    let Some(imports) = &report.imports else { return exit };
    let total = imports.comparison.as_ref().map(|comparison| &comparison.total);
    let regressed = total.is_some_and(|total| gate.counts(Some(total.verdict), Some(total.ratio)));
    match exit {
        _ if imports.failure.is_some() => Exit::BenchmarkFailed,
        Exit::BenchmarkFailed => exit,
        _ if regressed => Exit::Finding,
        other => other,
    }
}
