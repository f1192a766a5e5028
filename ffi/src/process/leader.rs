//! The first process of a command: waited for without being reaped, so that its group can be ended safely.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use wait4::{ResUse, Wait4};

use super::group::Group;
use super::pipes::Pipes;
use super::usage::Usage;
use crate::cancel::Cancel;

/// How soon a raised [`Cancel`] is noticed.
pub(super) const CANCEL_CHECK: Duration = Duration::from_millis(20);
/// How long a group may take to end by itself before it is killed.
const TERMINATION_GRACE: Duration = Duration::from_millis(500);
/// How long a killed process may take to be gone (it can be stuck in the kernel).
const KILL_LIMIT: Duration = Duration::from_secs(5);

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waited {
    Exited(Instant),
    TimedOut,
    Cancelled,
}

/// A started child and its group. Dropping it ends and reaps them.
#[derive(Debug)]
pub(super) struct Leader {
    child: Child,
    group: Group,
    /// Can be read once the child has ended.
    end: OwnedFd,
    exited: Option<Instant>,
    reaped: bool,
}

impl Leader {
    pub(super) fn new(mut child: Child) -> io::Result<Self> {
        let mut group = Group::of(&child).ok_or_else(|| io::Error::other("the child has no process id"))?;
        match end_of(group.leader()) {
            Ok(end) => Ok(Self { child, group, end, exited: None, reaped: false }),
            Err(error) => {
                group.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }

    /// Waits until the child has ended, `deadline` (none: for ever) has passed or `cancel` is raised; empties `pipes` meanwhile.
    pub(super) fn wait(&mut self, deadline: Option<Instant>, cancel: &Cancel, pipes: &mut Pipes) -> Waited {
        loop {
            let left = deadline.map_or(CANCEL_CHECK, |end| end.saturating_duration_since(Instant::now()));
            if let Some(exited) = self.exited_within(left.min(CANCEL_CHECK), pipes) {
                return Waited::Exited(exited);
            }
            if cancel.is_cancelled() {
                return Waited::Cancelled;
            }
            if deadline.is_some_and(|end| Instant::now() >= end) {
                return Waited::TimedOut;
            }
        }
    }

    /// Whether the child has ended.
    pub(super) fn has_exited(&mut self) -> bool {
        self.exited_within(Duration::ZERO, &mut Pipes::default()).is_some()
    }

    /// Ends the child and its group: politely first, within a second in any case; empties `pipes` meanwhile. Returns when the child
    /// ended.
    pub(super) fn stop(&mut self, pipes: &mut Pipes) -> Instant {
        if !self.has_exited() {
            self.group.terminate();
            if self.exited_within(TERMINATION_GRACE, pipes).is_none() {
                self.group.kill();
            }
        }
        self.exited_within(KILL_LIMIT, pipes).unwrap_or_else(Instant::now)
    }

    /// Ends what the child left behind in its group.
    pub(super) fn kill_group(&mut self) {
        if !self.reaped {
            self.group.kill();
        }
    }

    /// Ends the group and collects the status and resource use of the child, which must have ended.
    pub(super) fn reap(&mut self) -> io::Result<(ResUse, Usage)> {
        self.kill_group();
        let counters = Usage::of(self.group.leader());
        let usage = self.child.try_wait4()?;
        self.reaped = true;
        let usage = usage.ok_or_else(|| io::Error::other("it does not end although it was killed"))?;
        Ok((usage, counters))
    }

    fn exited_within(&mut self, limit: Duration, pipes: &mut Pipes) -> Option<Instant> {
        let deadline = Instant::now() + limit;
        while self.exited.is_none() {
            let left = deadline.saturating_duration_since(Instant::now());
            self.exited = pipes.wait(Some(self.end.as_fd()), left);
            if left.is_zero() {
                break;
            }
        }
        self.exited
    }
}

/// Something that can be read once the child `pid` has ended, which stays a zombie: that keeps the group's number ours until it is
/// reaped.
fn end_of(pid: Pid) -> io::Result<OwnedFd> {
    #[cfg(target_os = "linux")]
    if let Ok(descriptor) = rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()) {
        return Ok(descriptor);
    }
    // Older kernels and other systems: a thread that waits, and closes a pipe.
    let (reader, writer) = io::pipe()?;
    let watch = move || {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while let Err(rustix::io::Errno::INTR) = waitid(WaitId::Pid(pid), options) {}
        drop(writer);
    };
    std::thread::Builder::new().name("lightspeed-wait".into()).spawn(watch)?;
    Ok(reader.into())
}

impl Drop for Leader {
    fn drop(&mut self) {
        if !self.reaped {
            self.stop(&mut Pipes::default());
            let _ = self.reap();
        }
    }
}
