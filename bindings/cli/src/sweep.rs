//! `lightspeed sweep`: a command or benchmark at every point of some axes.

use crate::args::opened;
use crate::exit::{Exit, Failure};
use crate::sweep_args::{Asked, SweepArgs};
use crate::terminal::look;
use crate::{output, print, print_json};
use lightspeed::cancel::Cancel;
use lightspeed::session::{Session, SessionOptions};
use lightspeed::sweep::{Keeping, Subject, SweepOptions, SweepReport, run_sweep};
use lightspeed::text::{sweep as text, sweep_csv, sweep_html, sweep_markdown};
use lightspeed_core::stats::Status;
use std::path::Path;

/// Runs the command.
pub fn run(args: &SweepArgs, cancel: Cancel) -> Result<Exit, Failure> {
    let Asked { options, results_dir } = args.asked()?;
    if args.dry_run {
        return dry_run(args, options, cancel);
    }
    let keeping =
        Keeping { directory: results_dir.join("sweeps"), resume: args.resume, retry_failed: args.retry_failed };
    let mut reporter = args.volume.reporter();
    let report = match &options.subject {
        Subject::Command(_) => run_sweep(&options, &keeping, &cancel, &mut |event| reporter.hear(&event))?,
        Subject::Benchmark { config, .. } => {
            session(args, config, cancel)?.sweep(&options, &keeping, &mut |event| reporter.hear(&event))?
        }
    };
    drop(reporter);
    write(args, &report)?;
    let to_stdout = |file: &Option<std::path::PathBuf>| file.as_deref() == Some(Path::new("-"));
    if args.json {
        print_json(&report)?;
    } else if ![&args.output, &args.csv, &args.markdown, &args.html].into_iter().any(to_stdout) {
        let plots = if args.no_plot { String::new() } else { text::plots(&report, look()) };
        print(format!("{plots}{}", text::text(&report, look())).trim_end())?;
    }
    Ok(exit(&report))
}

/// The session that runs a benchmark.
fn session(args: &SweepArgs, config: &Path, cancel: Cancel) -> Result<Session, Failure> {
    let options = SessionOptions {
        config: Some(config.to_owned()),
        cwd: std::env::current_dir()?,
        source_root: args.source_root.clone(),
        python: args.python.clone(),
        ..SessionOptions::default()
    };
    opened(options, args.volume, cancel)
}

/// Writes what was asked for beside what is printed.
fn write(args: &SweepArgs, report: &SweepReport) -> Result<(), Failure> {
    if let Some(file) = &args.output {
        output::write_json(file, report, "document")?;
    }
    if let Some(file) = &args.csv {
        let csv = sweep_csv::csv(report).map_err(|error| Failure::plain(error.to_string()))?;
        output::write(file, &csv, "CSV")?;
    }
    if let Some(file) = &args.markdown {
        output::write(file, sweep_markdown::markdown(report).as_bytes(), "Markdown")?;
    }
    if let Some(file) = &args.html {
        output::write(file, sweep_html::html(report).as_bytes(), "page")?;
    }
    Ok(())
}

/// What would be run.
fn dry_run(args: &SweepArgs, options: SweepOptions, cancel: Cancel) -> Result<Exit, Failure> {
    let mut reporter = args.volume.reporter();
    let options = match &options.subject {
        Subject::Command(_) => options,
        Subject::Benchmark { config, .. } => {
            session(args, config, cancel)?.sweep_options(&options, &mut |event| reporter.hear(&event))?
        }
    };
    drop(reporter);
    let points = options.points()?;
    let commands = options.commands(&points)?;
    for (point, command) in points.iter().zip(commands) {
        let words = command.map_or(String::new(), |words| format!("  {}", shell_words::join(words)));
        print(&format!("{}{words}", point.id(&options.design.axes)))?;
    }
    let rounds = options.warmup + options.design.repeats;
    print(&format!("{} points, {rounds} rounds: {} runs", points.len(), points.len() * rounds))?;
    Ok(Exit::Ok)
}

fn exit(report: &SweepReport) -> Exit {
    if report.failed() > 0 {
        Exit::BenchmarkFailed
    } else if report.interrupted {
        Exit::Interrupted
    } else if !report.points.iter().any(|point| point.status == Status::Ok) {
        Exit::NothingMeasured
    } else {
        Exit::Ok
    }
}
