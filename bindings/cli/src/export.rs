//! `lightspeed export`: the survey and what was measured, in one file that needs no database.

use crate::database_args::ExportArgs;
use crate::exit::{Exit, Failure};
use crate::{output, print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::ExportReport;
use lightspeed::text::export::text;
use std::path::Path;

/// Runs the command.
pub fn run(args: &ExportArgs, cancel: Cancel) -> Result<Exit, Failure> {
    refuse_mixture(&args.snapshot, args.json)?;
    let export = args.database.open(cancel)?.export(&args.content.options())?;
    output::write(&args.snapshot, &export.bytes, "snapshot")?;
    let report = export.report(args.snapshot.display().to_string(), "snapshot", export.bytes.len());
    tell(&report, &args.snapshot, args.json)?;
    Ok(Exit::Ok)
}

/// A file and a document cannot both go to standard output.
pub fn refuse_mixture(file: &Path, json: bool) -> Result<(), Failure> {
    if json && file == Path::new("-") {
        return Err(Failure::plain("standard output takes the file or the document of --json: name a file"));
    }
    Ok(())
}

/// Says what was written, unless standard output is what was written to.
pub fn tell(report: &ExportReport, file: &Path, json: bool) -> Result<(), Failure> {
    match (json, file == Path::new("-")) {
        (true, _) => print_json(report),
        (false, false) => print(&text(report)),
        (false, true) => Ok(()),
    }
}
