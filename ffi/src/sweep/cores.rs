//! How many processors there are to compute on.

use std::collections::BTreeSet;
use std::fs;

/// Physical cores that this process may use; where the system does not tell, its logical processors.
pub(super) fn physical_cores() -> usize {
    let usable = std::thread::available_parallelism().map_or(1, usize::from);
    let core = |cpu: usize| {
        let read = |name: &str| fs::read_to_string(format!("/sys/devices/system/cpu/cpu{cpu}/topology/{name}")).ok();
        Some((read("physical_package_id")?, read("core_id")?))
    };
    let allowed = rustix::thread::sched_getaffinity(None).ok();
    let cpus = (0..rustix::thread::CpuSet::MAX_CPU).filter(|cpu| allowed.as_ref().is_some_and(|set| set.is_set(*cpu)));
    let cores: BTreeSet<(String, String)> = cpus.filter_map(core).collect();
    if cores.is_empty() { usable } else { cores.len().min(usable) }
}
