//! Running a command to its end.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use super::instructions::Instructions;
use super::leader::{Leader, Waited};
use super::pipes::Pipes;
use super::tail::Captured;
use super::usage::Usage;
use super::{Command, Launch, ProcessError};
use crate::cancel::Cancel;

/// How long outputs may stay open after the command has ended, before and again after its group is killed.
pub(super) const DRAIN_LIMIT: Duration = Duration::from_millis(250);

/// How a command ended, what it used and what it wrote.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// From just before it was started to its end.
    pub wall: Duration,
    /// CPU time in user mode, of it and the descendants it waited for.
    pub user: Duration,
    /// CPU time in the kernel, of the same.
    pub sys: Duration,
    /// Peak resident memory of the largest of the same processes. None where it stayed below what its process had to start
    /// with, see [`Launch`](super::Launch).
    pub max_rss_bytes: Option<u64>,
    /// What else it used.
    pub usage: Usage,
    /// The end of its standard output.
    pub stdout: Captured,
    /// The end of its standard error.
    pub stderr: Captured,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal, which nobody here sent.
    Signaled(i32),
    /// Ended here, because its time was up.
    TimedOut,
    /// Ended here, because the caller asked for it.
    Cancelled,
}

impl Status {
    /// Whether it ended by itself with code 0.
    pub fn success(self) -> bool {
        self == Status::Exited(0)
    }
}

impl From<ExitStatus> for Status {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Status::Exited(code),
            (None, signal) => Status::Signaled(signal.unwrap_or_default()),
        }
    }
}

/// Runs a command to its end, its deadline or the caller's request to stop.
///
/// # Errors
/// Only where the command could not be started or waited for; however it ends, there is an [`Outcome`].
pub fn run(command: &Command, cancel: &Cancel) -> Result<Outcome, ProcessError> {
    let input = command.input()?;
    let copied = if command.launch == Launch::Lean { own_memory(&["RssAnon:", "RssShmem:"]) } else { 0 };
    let instructions = Instructions::watched();
    let started = Instant::now();
    let mut child = command.spawn(input)?;
    let refused = |source: io::Error| ProcessError::Start { program: command.program(), source };
    let mut pipes = Pipes::of(&mut child, command.output_cap);
    let mut leader = Leader::new(child).map_err(refused)?;
    let floor = if command.launch == Launch::Lean { copied } else { own_memory(&["VmHWM:"]) };

    let waited = leader.wait(started.checked_add(command.timeout), cancel, &mut pipes);
    let ended = match waited {
        Waited::Exited(at) => at,
        Waited::TimedOut | Waited::Cancelled => leader.stop(&mut pipes),
    };
    if !pipes.drain(DRAIN_LIMIT) {
        leader.kill_group();
        pipes.drain(DRAIN_LIMIT);
    }
    let (used, usage) = leader.reap().map_err(|source| ProcessError::Wait { program: command.program(), source })?;
    let usage = Usage { instructions: instructions.read(), ..usage };
    let (stdout, stderr) = pipes.captured();
    Ok(Outcome {
        status: match waited {
            Waited::Exited(_) => used.status.into(),
            Waited::TimedOut => Status::TimedOut,
            Waited::Cancelled => Status::Cancelled,
        },
        wall: ended.duration_since(started),
        user: used.rusage.utime,
        sys: used.rusage.stime,
        max_rss_bytes: Some(used.rusage.maxrss).filter(|&peak| peak > floor),
        usage,
        stdout,
        stderr,
    })
}

/// What Linux says of the memory of this process under these names, in bytes; 0 elsewhere.
fn own_memory(names: &[&str]) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |line: &str| {
        names.iter().find_map(|name| line.strip_prefix(name)?.split_whitespace().next()?.parse::<u64>().ok())
    };
    status.lines().filter_map(of).sum::<u64>() * 1024
}
