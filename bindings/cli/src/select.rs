//! `lightspeed select`: what would run, and why.

use crate::args::SelectArgs;
use crate::exit::{Exit, Failure};
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::text::select::text;

/// Runs the command.
pub fn run(args: &SelectArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let mut reporter = args.session.volume.reporter();
    let report = session.select(&args.changes.options()?, &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if args.session.json {
        print_json(&report)?;
    } else {
        print(&text(&report, args.explain))?;
    }
    Ok(Exit::Ok)
}
