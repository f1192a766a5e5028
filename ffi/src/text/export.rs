//! What was written of a survey.

use crate::session::ExportReport;

/// The report as people read it.
pub fn text(report: &ExportReport) -> String {
    let counts = &report.counts;
    let sources = match counts.sources {
        0 => "without sources".to_owned(),
        _ => format!("{} sources", counts.sources),
    };
    format!(
        "{} instances, {} files, {sources}, {} baselines, {} steps\n{}: {} ({:.1} KB)",
        counts.instances,
        counts.files,
        counts.baselines,
        counts.steps,
        report.form,
        report.file,
        report.bytes as f64 / 1000.0
    )
}
