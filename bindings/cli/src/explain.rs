//! `lightspeed explain`: why a benchmark is affected or is not, with the lines that changed.

use crate::args::ExplainArgs;
use crate::exit::{Exit, Failure};
use crate::terminal::look;
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::text::explain::text;

/// Runs the command.
pub fn run(args: &ExplainArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let mut reporter = args.session.volume.reporter();
    let report = session.explain(&args.benchmark, &args.changes.options()?, &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if args.session.json {
        print_json(&report)?;
    } else {
        print(text(&report, look().colour).trim_end())?;
    }
    Ok(Exit::Ok)
}
