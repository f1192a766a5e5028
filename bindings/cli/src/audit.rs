//! `lightspeed audit`: recall and precision of selection, with each miss.

use crate::args::AuditArgs;
use crate::exit::{Exit, Failure};
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::text::audit::text;

/// Runs the command.
pub fn run(args: &AuditArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let mut reporter = args.session.volume.reporter();
    let report = session.audit(&args.options(), &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if args.session.json {
        print_json(&report)?;
    } else {
        print(text(&report).trim_end())?;
    }
    Ok(match (report.nothing_missed(), report.failures.is_empty()) {
        (false, _) => Exit::Finding,
        (true, false) => Exit::Error,
        (true, true) => Exit::Ok,
    })
}
