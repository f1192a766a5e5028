//! The programs that are needed beside this one.

use super::check::Check;
use crate::cancel::Cancel;
use crate::process::{Command, Status, run};
use crate::session::{Session, SessionError, SessionOptions};
use crate::suite::SuiteError;

/// The suite, if there is one here.
pub(super) enum Found {
    /// One that can be opened.
    Session(Box<Session>),
    /// None at all.
    Nothing,
    /// None that can be used, and why.
    Unusable(String),
}

impl Found {
    pub(super) fn look(options: &SessionOptions, cancel: &Cancel) -> Self {
        match Session::open(options.clone(), cancel.clone()) {
            Ok(session) => Found::Session(Box::new(session)),
            Err(SessionError::Suite(SuiteError::NoConfig { .. })) if options.config.is_none() => Found::Nothing,
            Err(error) => Found::Unusable(error.to_string()),
        }
    }
}

pub(super) fn suite(found: &Found) -> Check {
    let check = Check::new("suite", "What is measured, and where its results go.");
    match found {
        Found::Session(session) => check.ok(session.config().path().display().to_string()),
        Found::Nothing => check.ok("none in or below this directory"),
        Found::Unusable(reason) => check.note(reason, "Correct it, or name another one with --config."),
    }
}

pub(super) fn git(cancel: &Cancel) -> Check {
    let check = Check::new("git", "Changes are asked of git, and the tree before a change is taken from it.");
    match first_line("git", cancel) {
        Some(version) => check.ok(version.trim_start_matches("git version ")),
        None => check.warn("not found", "Install git; without it name changes with --changed-files."),
    }
}

pub(super) fn python(found: &Found, given: Option<&str>, cancel: &Cancel) -> Check {
    let check = Check::new("python", "An ASV suite runs in a Python of its own, with asv_runner.");
    if let Found::Session(session) = found {
        return match session.python() {
            Ok(None) => check.ok("not needed: a suite of commands"),
            Ok(Some(python)) => {
                let coverage = python.coverage_version.map_or(String::new(), |version| format!(", coverage {version}"));
                let (name, version, runner) = (python.executable.display(), python.version, python.runner_version);
                check.ok(format!("{version}, asv_runner {runner}{coverage} ({name})"))
            }
            Err(error) => check.warn(error.to_string(), "Without it nothing of this suite runs."),
        };
    }
    let name = given.unwrap_or("python3");
    match first_line(name, cancel) {
        Some(version) => {
            check.ok(format!("{} ({name}; no suite to ask it for)", version.trim_start_matches("Python ")))
        }
        None => check.note(format!("{name} was not found"), "An ASV suite needs one: name it with --python."),
    }
}

/// What a program says that is asked for its version.
fn first_line(program: &str, cancel: &Cancel) -> Option<String> {
    let outcome = run(&Command::new([program, "--version"], std::env::temp_dir()), cancel).ok()?;
    let text = outcome.stdout.text();
    let line = text.lines().next()?.trim();
    (outcome.status == Status::Exited(0) && !line.is_empty()).then(|| line.to_owned())
}
