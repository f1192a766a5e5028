//! `lightspeed init`: survey and baseline.

use crate::args::InitArgs;
use crate::exit::{Exit, Failure};
use crate::{print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::InitOptions;
use lightspeed::text::init::text;
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
