//! What the kernel counts from boot on: only the difference of two readings says something about now.

use super::cgroup::Cgroup;
use super::machine::{CPU, Machine};

/// One reading.
#[derive(Clone, Debug, Default)]
pub(super) struct Counters {
    /// Ticks of all processors, and those of them that the hypervisor gave to others.
    pub(super) ticks: Option<Ticks>,
    /// Periods in which the control group had used up its share.
    pub(super) quota_throttled: Option<u64>,
    /// Times that a processor slowed down because it was hot.
    pub(super) thermal: Option<u64>,
    /// Pages that went to the swap space or came back.
    pub(super) swapped_pages: Option<u64>,
}

/// Ticks of all processors together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticks {
    pub(super) all: u64,
    pub(super) stolen: u64,
}

impl Counters {
    pub(super) fn read(machine: &Machine) -> Self {
        Counters {
            ticks: machine.field("proc/stat", "cpu ").and_then(|fields| Ticks::parse(&fields)),
            quota_throttled: Cgroup::of(machine).throttled(machine),
            thermal: thermal(machine),
            swapped_pages: swapped_pages(machine),
        }
    }
}

impl Ticks {
    /// Reads user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user and nice.
    fn parse(fields: &str) -> Option<Self> {
        let ticks: Vec<u64> = fields.split_whitespace().take(8).map_while(|field| field.parse().ok()).collect();
        let stolen = *ticks.get(7)?;
        Some(Ticks { all: ticks.iter().sum(), stolen })
    }

    /// The share that was stolen since an earlier reading; none where no time went by.
    pub(super) fn stolen_since(self, before: Self) -> Option<f64> {
        let all = self.all.checked_sub(before.all).filter(|all| *all > 0)?;
        Some(self.stolen.saturating_sub(before.stolen) as f64 / all as f64)
    }
}

/// The most of any usable processor, its own and its package's.
fn thermal(machine: &Machine) -> Option<u64> {
    let counts = ["core_throttle_count", "package_throttle_count"].map(|name| format!("thermal_throttle/{name}"));
    let usable = machine.usable_cpus()?;
    let paths = usable.iter().flat_map(|cpu| counts.iter().map(move |name| format!("{CPU}/cpu{cpu}/{name}")));
    paths.filter_map(|path| machine.number(&path)).max()
}

fn swapped_pages(machine: &Machine) -> Option<u64> {
    let pages = |key: &str| machine.field("proc/vmstat", key)?.parse::<u64>().ok();
    Some(pages("pswpin ")? + pages("pswpout ")?)
}
