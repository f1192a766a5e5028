//! `lightspeed measure`: run what is affected and compare.

use crate::args::MeasureArgs;
use crate::exit::{Exit, Failure};
use lightspeed::cancel::Cancel;

/// Runs the command.
pub fn run(args: &MeasureArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let _ = (args, cancel);
    Ok(Exit::Ok)
}
