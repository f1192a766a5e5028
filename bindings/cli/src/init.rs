//! `lightspeed init`: survey and baseline.

use crate::args::InitArgs;
use crate::exit::{Exit, Failure};
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::{InitOptions, InitReport};
use std::collections::BTreeMap;
use std::time::Duration;

/// Runs the command.
pub fn run(args: &InitArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let options = InitOptions {
        force: args.force,
        survey_only: args.survey_only,
        base_commit: args.base_commit.clone(),
        wait: args.no_wait.then_some(Duration::ZERO),
        timing: args.timing.timing(),
    };
    let mut reporter = args.session.volume.reporter();
    let report = session.init(&options, &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if args.session.json {
        print_json(&report)?;
    } else {
        print(&text(&report))?;
    }
    Ok(Exit::Ok)
}

/// The report as people read it.
pub fn text(report: &InitReport) -> String {
    let mut lines = Vec::new();
    for failure in &report.failures {
        let part = failure.part.as_ref().map_or(String::new(), |p| format!(" ({p})"));
        lines.push(format!("{}{part}: {}", failure.file, failure.error));
    }
    for (id, reason) in &report.always_affected {
        lines.push(format!("{id} will always be selected: {reason}"));
    }
    lines.extend(without_number(report));
    if report.surveyed == 0 && report.measured == 0 {
        lines.push("nothing to do: survey and baseline are up to date".to_owned());
    }
    let survey = format!(
        "{} instances depend on {} files; {} surveyed in {:.1} s",
        report.discovered.len(),
        report.source_files_covered,
        report.surveyed,
        report.timing.survey_s
    );
    // Looking for what is to be measured takes some time, however little it is.
    let baseline = if report.timing.baseline_s == 0.0 {
        String::new()
    } else {
        format!(", {} measured in {:.1} s", report.measured, report.timing.baseline_s)
    };
    lines.push(format!("{survey}{baseline}"));
    lines.push(format!("database: {}", report.database.display()));
    lines.join("\n")
}

/// Instances without a baseline, by what they have in common.
fn without_number(report: &InitReport) -> Vec<String> {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, reason) in &report.without_baseline {
        reasons.entry(reason).or_default().push(id);
    }
    let line = |(reason, ids): (&str, Vec<&str>)| match ids.as_slice() {
        [only] => format!("{only} gave no number: {reason}"),
        [first, .., last] => format!("{} instances gave no number ({first} … {last}): {reason}", ids.len()),
        [] => String::new(),
    };
    reasons.into_iter().map(line).collect()
}
