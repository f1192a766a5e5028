//! A process group and the strays that left it: all that must die with a command.

use std::collections::BTreeMap;
use std::process::Child;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// The process group that a child leads. Signals may be sent only while the leader is not reaped, because the
/// number can name another group afterwards.
#[derive(Debug)]
pub(super) struct Group {
    leader: Pid,
    /// Descendants seen so far, with their start times: a number alone could by now name another process.
    strays: BTreeMap<u32, String>,
}

impl Group {
    pub(super) fn of(child: &Child) -> Option<Self> {
        let leader = Pid::from_raw(i32::try_from(child.id()).ok()?)?;
        Some(Self { leader, strays: BTreeMap::new() })
    }

    pub(super) fn leader(&self) -> Pid {
        self.leader
    }

    /// Asks the group to end.
    pub(super) fn terminate(&mut self) {
        self.note_descendants();
        let _ = kill_process_group(self.leader, Signal::TERM);
    }

    /// Ends the group, and the descendants that left it for a group of their own.
    pub(super) fn kill(&mut self) {
        self.note_descendants();
        let _ = kill_process_group(self.leader, Signal::KILL);
        for (pid, started) in std::mem::take(&mut self.strays) {
            if start_time(pid).as_ref() == Some(&started)
                && let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw)
            {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }

    fn note_descendants(&mut self) {
        let mut parents = vec![self.leader.as_raw_nonzero().get().unsigned_abs()];
        parents.extend(self.strays.keys());
        while let Some(parent) = parents.pop() {
            for pid in children_of(parent) {
                if let Some(started) = start_time(pid)
                    && self.strays.insert(pid, started).is_none()
                {
                    parents.push(pid);
                }
            }
        }
    }
}

/// The direct children of a process; empty where the system does not tell.
fn children_of(pid: u32) -> Vec<u32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
        return Vec::new();
    };
    threads
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// The start time of a process, in the system's own unit.
fn start_time(pid: u32) -> Option<String> {
    const FIELD_AFTER_NAME: usize = 19;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(FIELD_AFTER_NAME).map(str::to_owned)
}
