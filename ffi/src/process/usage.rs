//! What a process used beside time and memory, read while it is a zombie: where the system offers no file, nothing is made up.

use std::fs::read_to_string;

use rustix::process::Pid;

/// Counters of one process; `None` where the system does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Page faults without input or output, of it and the descendants it waited for.
    pub minor_faults: Option<u64>,
    /// Page faults that had to read, of the same.
    pub major_faults: Option<u64>,
    /// Times that its first thread gave up the processor.
    pub voluntary_switches: Option<u64>,
    /// Times that the processor was taken from its first thread.
    pub involuntary_switches: Option<u64>,
    /// Bytes fetched from storage, of it and the descendants it waited for.
    pub read_bytes: Option<u64>,
    /// Bytes sent to storage, of the same.
    pub written_bytes: Option<u64>,
    /// Instructions executed in user mode, of it and all descendants that have ended.
    pub instructions: Option<u64>,
}

impl Usage {
    /// Of a child that has ended and was not reaped yet.
    pub(super) fn of(pid: Pid) -> Self {
        let file = |name: &str| read_to_string(format!("/proc/{}/{name}", pid.as_raw_nonzero())).unwrap_or_default();
        let (stat, status, io) = (file("stat"), file("status"), file("io"));
        // Fields are counted from after the name, which may hold anything.
        let fields: Vec<&str> = stat.rsplit_once(')').map_or(Vec::new(), |(_, rest)| rest.split_whitespace().collect());
        let field = |number: usize| fields.get(number)?.parse::<u64>().ok();
        let with_children = |own: usize| Some(field(own)? + field(own + 1)?);
        let line = |text: &str, key: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            value.and_then(|value| value.trim().parse().ok())
        };
        Usage {
            minor_faults: with_children(7),
            major_faults: with_children(9),
            voluntary_switches: line(&status, "voluntary_ctxt_switches"),
            involuntary_switches: line(&status, "nonvoluntary_ctxt_switches"),
            read_bytes: line(&io, "read_bytes"),
            written_bytes: line(&io, "write_bytes"),
            instructions: None,
        }
    }
}
