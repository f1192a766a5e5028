//! `lightspeed doctor`: is this machine fit to measure, and what to do about it.

use crate::args::seconds;
use crate::exit::{Exit, Failure};
use crate::progress::VolumeArgs;
use crate::terminal::look;
use crate::{print, print_json};
use clap::Args;
use lightspeed::cancel::Cancel;
use lightspeed::doctor::{CheckStatus, DoctorOptions, DoctorReport, Machine, examine, work};
use lightspeed::session::SessionOptions;
use lightspeed::text::doctor::text;
use std::path::PathBuf;

/// `lightspeed doctor`
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// Run the same program in turn with itself for about this long, 20 times at least; 0 leaves that out
    #[arg(long, value_name = "SECONDS", default_value = "3", value_parser = seconds)]
    pub seconds: f64,
    /// Print what root can do as a shell script, and run none of it
    #[arg(long, conflicts_with_all = ["json", "seconds"])]
    pub fix: bool,
    /// Exit with 3 where there is a warning
    #[arg(long)]
    pub fail_on_warn: bool,
    /// The suite's configuration [default: the one in or below this directory, else lightspeed.toml above; there need be none]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The Python that runs the suite [default: that of the last survey, else the active environment's]
    #[arg(long, value_name = "PYTHON")]
    pub python: Option<String>,
    /// Where the database lies [default: results_dir of the configuration]
    #[arg(long, value_name = "DIR")]
    pub results_dir: Option<PathBuf>,
    /// Print a JSON document instead of text
    #[arg(long)]
    pub json: bool,
    /// Do the work of a run, and nothing else: what is timed
    #[arg(long, hide = true, exclusive = true)]
    pub work: bool,
    #[command(flatten)]
    pub volume: VolumeArgs,
}

/// Runs the command.
pub fn run(args: &DoctorArgs, cancel: &Cancel) -> Result<Exit, Failure> {
    if args.work {
        work();
        return Ok(Exit::Ok);
    }
    let mut reporter = args.volume.reporter();
    let report = examine(&Machine::here(), &options(args)?, cancel, &mut |event| reporter.hear(&event))?;
    drop(reporter);
    if args.fix {
        if let Some(script) = report.script() {
            print(script.trim_end())?;
        }
    } else if args.json {
        print_json(&report)?;
    } else {
        print(text(&report, look()).trim_end())?;
    }
    Ok(exit(&report, args))
}

fn options(args: &DoctorArgs) -> Result<DoctorOptions, Failure> {
    let program = std::env::current_exe()?.to_string_lossy().into_owned();
    Ok(DoctorOptions {
        session: SessionOptions {
            config: args.config.clone(),
            cwd: std::env::current_dir()?,
            python: args.python.clone(),
            results_dir: args.results_dir.clone(),
            ..SessionOptions::default()
        },
        temporary: std::env::temp_dir(),
        seconds: if args.fix { 0.0 } else { args.seconds },
        workload: [&program, "doctor", "--work"].map(str::to_owned).to_vec(),
    })
}

fn exit(report: &DoctorReport, args: &DoctorArgs) -> Exit {
    let warned = report.with(CheckStatus::Warn).next().is_some();
    if args.fail_on_warn && warned { Exit::Warned } else { Exit::Ok }
}
