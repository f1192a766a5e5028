//! Is this machine fit to measure, and what to do about it.

mod cgroup;
mod check;
mod counters;
mod cpu_list;
mod cpus;
mod disk;
mod frequency;
mod kernel;
mod load;
mod machine;
mod memory;
mod report;
mod same;
mod surroundings;
mod versions;
mod workload;

pub(crate) use check::count;
pub use check::{Check, CheckStatus};
pub use machine::Machine;
pub use report::{DoctorReport, SCHEMA};
pub use same::{Halves, SameReport, TOLD_WITH};
pub use workload::work;

use crate::cancel::Cancel;
use crate::pair::Tool;
use crate::session::{HostClass, Listener, SessionOptions};
use counters::Counters;
use std::path::PathBuf;
use std::time::Duration;
use versions::Found;

/// What is examined, beside the machine itself.
#[derive(Clone, Debug)]
pub struct DoctorOptions {
    /// The suite, which need not be there, and where its results go.
    pub session: SessionOptions,
    /// Where temporary files go.
    pub temporary: PathBuf,
    /// How long the A/A run takes, in seconds; at 0 there is none.
    pub seconds: f64,
    /// What it runs: a program that calls [`work`], and its arguments.
    pub workload: Vec<String>,
}

/// Why nothing was found: all that cannot be read is `unknown` instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DoctorError {
    /// The caller asked to stop.
    #[error("interrupted: nothing was found out")]
    Cancelled,
}

/// Two readings of what is counted are at least this far apart.
const BETWEEN_READINGS: Duration = Duration::from_millis(200);

/// Looks at a machine, and lets it run the same program in turn with itself.
///
/// # Errors
/// Where the caller asked to stop.
pub fn examine(
    machine: &Machine,
    options: &DoctorOptions,
    cancel: &Cancel,
    listener: Listener<'_>,
) -> Result<DoctorReport, DoctorError> {
    // Before the A/A run, which is load too.
    let load = load::load(machine);
    let before = Counters::read(machine);
    let same = if options.seconds > 0.0 {
        Some(same::run(&options.workload, options.seconds, cancel, listener)?)
    } else {
        std::thread::sleep(BETWEEN_READINGS);
        None
    };
    let after = Counters::read(machine);
    let mut checks = processors(machine, &before, &after);
    checks.push(load);
    checks.extend(others(machine, &before, &after));
    let found = Found::look(&options.session, cancel);
    checks.extend(programs(&found, options, cancel));
    if let Some(same) = &same {
        checks.extend(same::checks(same.as_ref().map_err(String::as_str)));
    }
    if cancel.is_cancelled() {
        return Err(DoctorError::Cancelled);
    }
    Ok(DoctorReport {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "lightspeed".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        host: HostClass::of_this_machine(),
        checks,
        same: same.and_then(Result::ok),
    })
}

fn processors(machine: &Machine, before: &Counters, after: &Counters) -> Vec<Check> {
    vec![
        frequency::governor(machine),
        frequency::turbo(machine),
        frequency::range(machine),
        frequency::thermal(before, after),
        surroundings::mains(machine),
        cpus::usable(machine),
        cpus::smt(machine),
        cpus::isolated(machine),
        cpus::nohz_full(machine),
        cpus::interrupts(machine),
    ]
}

fn others(machine: &Machine, before: &Counters, after: &Counters) -> Vec<Check> {
    vec![
        load::steal(before, after),
        load::quota(machine),
        load::quota_throttling(before, after),
        surroundings::virtual_machine(machine),
        surroundings::container(machine),
        memory::available(machine),
        memory::swap(machine, before, after),
        kernel::aslr(machine),
        kernel::perf_events(machine),
    ]
}

fn programs(found: &Found, options: &DoctorOptions, cancel: &Cancel) -> Vec<Check> {
    let session = &options.session;
    let results = match found {
        Found::Session(session) => session.config().results_dir().to_owned(),
        _ => session.results_dir.as_ref().map_or(session.cwd.clone(), |directory| session.cwd.join(directory)),
    };
    vec![
        disk::results(&results),
        disk::temporary(&options.temporary),
        versions::suite(found),
        versions::git(cancel),
        versions::python(found, session.python.as_deref(), cancel),
    ]
}
