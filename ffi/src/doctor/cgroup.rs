//! The control group of this process, of either version: what it may use, and how often that was too little.

use super::machine::Machine;

/// The directories of a group and of those around it, by what they limit. Empty where the kernel shows none.
#[derive(Clone, Debug, Default)]
pub(super) struct Cgroup {
    cpu: Vec<String>,
    memory: Vec<String>,
}

const MOUNT: &str = "sys/fs/cgroup";

impl Cgroup {
    pub(super) fn of(machine: &Machine) -> Self {
        let told = machine.text("proc/self/cgroup").unwrap_or_default();
        let mut group = Cgroup::default();
        for line in told.lines() {
            let mut parts = line.splitn(3, ':').skip(1);
            let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
            if controllers.is_empty() {
                let unified = if machine.has(&format!("{MOUNT}/cgroup.controllers")) { "" } else { "/unified" };
                let directories = around(machine, &format!("{MOUNT}{unified}"), path);
                group.cpu.extend(directories.iter().cloned());
                group.memory.extend(directories);
                continue;
            }
            for (name, directories) in [("cpu", &mut group.cpu), ("memory", &mut group.memory)] {
                if controllers.split(',').any(|controller| controller == name) {
                    let mounted = [name, controllers].map(|folder| format!("{MOUNT}/{folder}"));
                    let mounted = mounted.iter().find(|folder| machine.has(folder));
                    directories.extend(mounted.into_iter().flat_map(|folder| around(machine, folder, path)));
                }
            }
        }
        group
    }

    /// Processors that it may use at a time: `Some(None)` where nothing limits it.
    pub(super) fn cpus(&self, machine: &Machine) -> Option<Option<f64>> {
        if self.cpu.is_empty() {
            return None;
        }
        let quotas = self.cpu.iter().filter_map(|directory| quota(machine, directory));
        Some(quotas.min_by(f64::total_cmp))
    }

    /// Periods in which it, or one around it, had used up its share.
    pub(super) fn throttled(&self, machine: &Machine) -> Option<u64> {
        let counts = self.cpu.iter().filter_map(|directory| {
            machine.field(&format!("{directory}/cpu.stat"), "nr_throttled ")?.parse::<u64>().ok()
        });
        counts.max()
    }

    /// Bytes that are left of its limit; none where nothing limits it. What the kernel can take back at once is left.
    pub(super) fn memory_left(&self, machine: &Machine) -> Option<u64> {
        let left = self.memory.iter().filter_map(|directory| {
            let number =
                |names: [&str; 2]| names.iter().find_map(|name| machine.number(&format!("{directory}/{name}")));
            let limit = number(["memory.max", "memory.limit_in_bytes"])?;
            let used = number(["memory.current", "memory.usage_in_bytes"])?;
            let stat = format!("{directory}/memory.stat");
            let cached = machine.field(&stat, "total_inactive_file ").or(machine.field(&stat, "inactive_file "));
            let cached = cached.and_then(|bytes| bytes.parse().ok()).unwrap_or(0);
            Some(limit.saturating_sub(used.saturating_sub(cached)))
        });
        left.min()
    }
}

/// The directory of a group and all above it that can be seen: from inside of a container the path may be one outside.
fn around(machine: &Machine, mount: &str, path: &str) -> Vec<String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != "..").collect();
    let directories = (0..=parts.len())
        .rev()
        .map(|depth| parts[..depth].iter().fold(mount.to_owned(), |directory, part| format!("{directory}/{part}")));
    directories.filter(|directory| machine.has(directory)).collect()
}

fn quota(machine: &Machine, directory: &str) -> Option<f64> {
    let (quota, period) = match machine.text(&format!("{directory}/cpu.max")) {
        Some(text) => {
            let (quota, period) = text.split_once(' ')?;
            (quota.parse::<f64>().ok()?, period.parse::<f64>().ok()?)
        }
        None => {
            let number = |name: &str| machine.text(&format!("{directory}/{name}"))?.parse::<f64>().ok();
            (number("cpu.cfs_quota_us")?, number("cpu.cfs_period_us")?)
        }
    };
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}
