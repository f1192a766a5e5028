//! Whether memory suffices.

use super::cgroup::Cgroup;
use super::check::{Check, percent};
use super::counters::Counters;
use super::machine::Machine;
use crate::text::units::{Unit, format_value};

/// Below these shares of it, memory is scarce, and very.
const SCARCE: (f64, f64) = (0.2, 0.05);
/// … and below this much in any case.
const LITTLE: f64 = 256.0 * 1024.0 * 1024.0;

pub(super) fn available(machine: &Machine) -> Check {
    let check = Check::new("memory", "Where memory is scarce the kernel takes caches away, and processes with them.");
    let (Some(total), Some(free)) = (bytes(machine, "MemTotal"), bytes(machine, "MemAvailable")) else { return check };
    let left = Cgroup::of(machine).memory_left(machine).map_or(free, |left| free.min(left as f64));
    let found = format!("{} of {} available", size(left), size(total));
    let check = check.value("available_bytes", left).value("total_bytes", total);
    let advice = "End what needs it, or raise the group's limit; benchmarks of large data need more than this.";
    match left / total {
        share if share < SCARCE.1 || left < LITTLE => check.warn(found, advice),
        share if share < SCARCE.0 => check.note(found, advice),
        _ => check.ok(found),
    }
}

pub(super) fn swap(machine: &Machine, before: &Counters, after: &Counters) -> Check {
    let check = Check::new("swap", "A page that has to come back from the swap space costs what a disk takes.");
    let (Some(total), Some(free)) = (bytes(machine, "SwapTotal"), bytes(machine, "SwapFree")) else { return check };
    if total == 0.0 {
        return check.ok("none");
    }
    let used = total - free;
    let moved = before.swapped_pages.zip(after.swapped_pages).map_or(0, |(before, after)| after.saturating_sub(before));
    let check = check.value("used_bytes", used).value("pages_while_looking", moved as f64);
    let found = format!("{} in use ({} of it)", size(used), percent(used / total));
    let advice = "End what needs the memory; what was swapped out comes back slowly the first time.";
    match moved {
        1.. => check.warn(format!("{found}, {moved} pages moved while this looked"), advice),
        _ if used > 0.0 => check.note(found, advice),
        _ => check.ok("not in use"),
    }
}

/// A size as people read it.
pub(super) fn size(bytes: f64) -> String {
    format_value(bytes, &Unit::Bytes)
}

fn bytes(machine: &Machine, key: &str) -> Option<f64> {
    let told = machine.field("proc/meminfo", &format!("{key}:"))?;
    Some(told.split_whitespace().next()?.parse::<f64>().ok()? * 1024.0)
}
