//! `lightspeed results`: the baseline, or the results of a step.

use crate::args::ResultsArgs;
use crate::exit::{Exit, Failure};
use crate::print;
use lightspeed::cancel::Cancel;

/// Runs the command.
pub fn run(args: &ResultsArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let _ = (args, cancel);
    print("")?;
    Ok(Exit::Ok)
}
