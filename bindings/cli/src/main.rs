//! The `lightspeed` program: survey, select and measure from a terminal.

mod args;
mod audit;
mod blocks;
mod compare;
mod compare_args;
mod dashboard;
mod database_args;
mod doctor;
mod exit;
mod explain;
mod export;
mod gate;
mod github;
mod github_measure;
mod github_pair;
mod http;
mod init;
mod measure;
mod output;
mod page;
mod pair;
mod pair_args;
mod progress;
mod report;
mod results;
mod select;
mod serve;
mod show;
mod stats;
mod stats_compare;
mod stats_rules;
mod stats_samples;
mod stats_simulate;
mod sweep;
mod sweep_args;
mod terminal;

use args::{Cli, Command};
use clap::Parser as _;
use exit::{Exit, Failure};
use lightspeed::cancel::Cancel;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; a misspelt flag is the user's, not a finding.
            let failed = error.use_stderr();
            let _ = error.print();
            return if failed { Exit::Error.into() } else { Exit::Ok.into() };
        }
    };
    let cancel = Cancel::new();
    stop_on_interrupt(&cancel);
    let github = cli.command.tells_github();
    let done = match cli.command {
        Command::Init(args) => init::run(&args, cancel),
        Command::Select(args) => select::run(&args, cancel),
        Command::Explain(args) => explain::run(&args, cancel),
        Command::Measure(args) => measure::run(&args, cancel),
        Command::Compare(args) => compare::run(&args, cancel),
        Command::Pair(args) => pair::run(&args, &cancel),
        Command::Sweep(args) => sweep::run(&args, cancel),
        Command::Audit(args) => audit::run(&args, cancel),
        Command::Doctor(args) => doctor::run(&args, &cancel),
        Command::Show(args) => show::run(&args),
        Command::Results(args) => results::run(&args, cancel),
        Command::Export(args) => export::run(&args, cancel),
        Command::Report(args) => report::run(&args, cancel),
        Command::Dashboard(args) => dashboard::run(&args, &cancel),
        Command::Blocks(args) => blocks::run(&args),
        Command::Stats(command) => stats::run(&command),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(github).into(),
    }
}

/// The first interrupt lets what is finished be kept; the second one ends at once.
fn stop_on_interrupt(cancel: &Cancel) {
    let cancel = cancel.clone();
    let _ = ctrlc::set_handler(move || {
        if cancel.is_cancelled() {
            std::process::exit(i32::from(Exit::Interrupted as u8));
        }
        cancel.cancel();
    });
}

/// Prints a line or document; a reader that went away (`| head`) is no error.
fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    match writeln!(std::io::stdout(), "{}", github::guarded(text)) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::from(error)),
        _ => Ok(()),
    }
}

/// Prints a document as JSON.
fn print_json(document: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document).map_err(|error| Failure::plain(error.to_string()))?;
    print(&github::guarded_json(text))
}
