//! The first process of a command: waited for without being reaped, so that its group can be ended safely.

use std::io;
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::time::{Duration, Instant};

use rustix::process::{WaitId, WaitIdOptions, waitid};
use wait4::{ResUse, Wait4};

use super::group::Group;
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
    exits: Receiver<Instant>,
    exited: Option<Instant>,
    reaped: bool,
}

impl Leader {
    pub(super) fn new(child: Child) -> io::Result<Self> {
        let group = Group::of(&child).ok_or_else(|| io::Error::other("the child has no process id"))?;
        let (exit, exits) = channel();
        let pid = group.leader();
        let mut leader = Self { child, group, exits, exited: None, reaped: false };
        let watch = move || {
            // NOWAIT leaves a zombie, which keeps the group's number ours until it is reaped.
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while let Err(rustix::io::Errno::INTR) = waitid(WaitId::Pid(pid), options) {}
            let _ = exit.send(Instant::now());
        };
        match std::thread::Builder::new().name("lightspeed-wait".into()).spawn(watch) {
            Ok(_) => Ok(leader),
            Err(error) => {
                leader.group.kill();
                leader.exited = Some(Instant::now());
                let _ = leader.child.wait();
                leader.reaped = true;
                Err(error)
            }
        }
    }

    /// Waits until the child has ended, `deadline` (none: for ever) has passed or `cancel` is raised.
    pub(super) fn wait(&mut self, deadline: Option<Instant>, cancel: &Cancel) -> Waited {
        loop {
            let left = deadline.map_or(CANCEL_CHECK, |end| end.saturating_duration_since(Instant::now()));
            if let Some(exited) = self.exited_within(left.min(CANCEL_CHECK)) {
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
        if self.exited.is_none() {
            match self.exits.try_recv() {
                Ok(at) => self.exited = Some(at),
                Err(TryRecvError::Disconnected) => self.exited = Some(Instant::now()),
                Err(TryRecvError::Empty) => {}
            }
        }
        self.exited.is_some()
    }

    /// Ends the child and its group: politely first, within a second in any case. Returns when the child ended.
    pub(super) fn stop(&mut self) -> Instant {
        if self.exited_within(Duration::ZERO).is_none() {
            self.group.terminate();
            if self.exited_within(TERMINATION_GRACE).is_none() {
                self.group.kill();
            }
        }
        self.exited_within(KILL_LIMIT).unwrap_or_else(Instant::now)
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

    fn exited_within(&mut self, limit: Duration) -> Option<Instant> {
        if self.exited.is_none() {
            match self.exits.recv_timeout(limit) {
                Ok(at) => self.exited = Some(at),
                Err(RecvTimeoutError::Disconnected) => self.exited = Some(Instant::now()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        self.exited
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        if !self.reaped {
            self.stop();
            let _ = self.reap();
        }
    }
}
