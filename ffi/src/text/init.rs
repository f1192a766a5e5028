//! A survey with its baseline.

use crate::session::InitReport;
use std::collections::BTreeMap;

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
