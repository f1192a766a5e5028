//! `lightspeed results`: the baseline, or the results of a step.

use crate::args::ResultsArgs;
use crate::exit::{Exit, Failure};
use crate::terminal::look;
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::text::results::text;

/// Runs the command.
pub fn run(args: &ResultsArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let session = args.session.open(cancel)?;
    let results = session.results(args.step_id.as_deref())?;
    if args.session.json {
        print_json(&results)?;
    } else {
        print(text(&results, look()).trim_end())?;
    }
    Ok(Exit::Ok)
}
