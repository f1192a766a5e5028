//! What importing the sources costs in both trees, in processes that take turns.

use super::CompareOptions;
use super::selection::Side;
use crate::process::{self, Command, Status};
use crate::session::{Event, Listener, SessionError};
use lightspeed_core::import_time::{Import, ImportComparison, compare_imports, parse};
use lightspeed_core::stats::CompareOptions as StatsOptions;
use serde::{Deserialize, Serialize};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Pairs of runs: with ten, one module among a hundred is told by ranks alone.
const PAIRS: usize = 12;
/// How long one import may take.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Bytes kept of what it writes: a line of 100 for each of a hundred thousand modules.
const OUTPUT: usize = 10 << 20;
/// Lines of a failed import that are told.
const TAIL_LINES: usize = 3;
/// What stands between the imports of the interpreter itself and those that are asked for.
const MARK: &str = "lightspeed: imports begin";

/// What importing costs in both trees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportReport {
    /// What was imported, in this order.
    pub imported: Vec<String>,
    /// The times, in pairs; none where an import failed.
    pub comparison: Option<ImportComparison>,
    /// Why there are none.
    pub failure: Option<String>,
    /// Seconds that all of it took.
    pub seconds: f64,
}

/// Imports `modules` in both trees in turn.
///
/// # Errors
/// An interrupt, a process that cannot be started. An import that fails is a result.
pub(super) fn measure_imports(
    (a, b): (&Side, &Side),
    modules: &[String],
    options: &CompareOptions,
    listener: Listener<'_>,
) -> Result<ImportReport, SessionError> {
    let began = Instant::now();
    let imported = if modules.is_empty() { vec![package(b)?] } else { modules.to_vec() };
    listener(Event::Begin { what: "imports", total: PAIRS });
    let sides = [("A", command(a, &imported)), ("B", command(b, &imported))];
    let mut runs: [Vec<Vec<Import>>; 2] = [Vec::new(), Vec::new()];
    let mut report = ImportReport { imported, comparison: None, failure: None, seconds: 0.0 };
    // The first of each writes the bytecode, and does not count.
    'pairs: for pair in 0..=PAIRS {
        for side in if pair % 2 == 0 { [0, 1] } else { [1, 0] } {
            let (name, command) = &sides[side];
            match run(command, &b.session.cancel)? {
                Ok(found) if pair > 0 => runs[side].push(found),
                Ok(_) => {}
                Err(why) => {
                    report.failure = Some(format!("in {name}, {why}"));
                    break 'pairs;
                }
            }
        }
        if pair > 0 {
            listener(Event::Done);
        }
    }
    if report.failure.is_none() {
        let stats = StatsOptions { margin: options.margin, alpha: options.alpha };
        match compare_imports(&runs[0], &runs[1], &stats) {
            Ok(found) => report.comparison = Some(found),
            Err(error) => report.failure = Some(error.to_string()),
        }
    }
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

/// The package under change.
fn package(side: &Side) -> Result<String, SessionError> {
    let package = &side.places.modules.source_package;
    if package.is_empty() {
        let text = "the sources are no Python package, so there is nothing to import: name modules with --import";
        return Err(SessionError::Request(text.to_owned()));
    }
    Ok(package.clone())
}

/// Python, told to import modules and to say what each costs, without what the interpreter itself imports.
fn command(side: &Side, modules: &[String]) -> Command {
    let python = side.suite.python().map(|path| path.to_string_lossy().into_owned());
    let python = python.or_else(|| side.session.options.python.clone()).unwrap_or_else(|| "python3".to_owned());
    let imports: Vec<String> = modules.iter().map(|module| format!("import {module}")).collect();
    // A pause of the garbage collector would fall to whichever module is imported just then: an import more, and it is another one.
    let code = format!("import gc, sys; gc.disable(); sys.stderr.write('\\n{MARK}\\n'); {}", imports.join("; "));
    let mut command = Command::new([python.as_str(), "-X", "importtime", "-c", &code], &side.places.import_parent);
    command.timeout = TIMEOUT;
    command.output_cap = OUTPUT;
    command.env.clone_from(&side.session.overlay.env);
    let set = |name: &str| side.session.overlay.env.iter().rev().find(|(known, _)| known == name);
    let paths = ["ASV_PYTHONPATH", "PYTHONPATH"].into_iter().filter_map(|name| set(name)?.1.clone());
    let paths = paths.flat_map(|joined| split(&joined)).chain([side.places.import_parent.clone()]);
    command.env.push(("PYTHONPATH".into(), std::env::join_paths(paths).ok()));
    // The trees are ours: their bytecode may be kept, as that of an installed package is.
    command.env.push(("PYTHONDONTWRITEBYTECODE".into(), None::<OsString>));
    command
}

fn split(joined: &OsStr) -> Vec<PathBuf> {
    std::env::split_paths(joined).collect()
}

/// The modules of one run; or why it failed.
fn run(command: &Command, cancel: &crate::cancel::Cancel) -> Result<Result<Vec<Import>, String>, SessionError> {
    let outcome = process::run(command, cancel).map_err(|error| SessionError::Request(error.to_string()))?;
    let said = outcome.stderr.text();
    let after = said.split_once(&format!("\n{MARK}\n")).map_or("", |(_, after)| after);
    let how = match outcome.status {
        Status::Exited(0) => return Ok(Ok(parse(after))),
        Status::Cancelled => return Err(SessionError::Cancelled),
        Status::Exited(code) => format!("exited with {code}"),
        Status::Signaled(signal) => format!("was ended by signal {signal}"),
        Status::TimedOut => format!("took longer than {} s", TIMEOUT.as_secs()),
    };
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("import time:") && !line.is_empty()).collect();
    let tail = lines[lines.len().saturating_sub(TAIL_LINES)..].join(" / ");
    Ok(Err(format!("the import {how}: {tail}")))
}
