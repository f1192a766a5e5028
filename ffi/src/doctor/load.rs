//! Who else wants the processors: other processes, other machines, the limits of a control group.

use super::cgroup::Cgroup;
use super::check::{Check, count, percent};
use super::counters::Counters;
use super::machine::Machine;

/// Shares of the usable processors that others keep busy.
const LOAD: (f64, f64) = (0.2, 0.5);
/// Shares of the time.
const STEAL: (f64, f64) = (0.001, 0.01);

pub(super) fn load(machine: &Machine) -> Check {
    let check = Check::new("load", "What else runs takes time, caches and memory bandwidth from the benchmark.");
    let average = machine.text("proc/loadavg").and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    let usable = machine.usable_cpus().map_or(0, |cpus| cpus.len());
    let Some(average) = average.filter(|_| usable > 0) else { return check };
    let found = format!("{average} over the last minute on {}", count(usable, "usable CPU"));
    let check = check.value("load_1m", average).value("usable_cpus", usable as f64);
    check.graded(average / usable as f64, LOAD, found, "Wait until it is over, or end what else runs (`top` names it).")
}

pub(super) fn steal(before: &Counters, after: &Counters) -> Check {
    let check = Check::new("steal", "Time that the hypervisor gave to other machines counts as the benchmark's own.");
    let share = before.ticks.zip(after.ticks).and_then(|(before, after)| after.stolen_since(before));
    let Some(share) = share else { return check };
    let advice = "Others share the host: measure in pairs, at another hour, or on a host of one's own.";
    check.value("share", share).graded(share, STEAL, format!("{} of the time", percent(share)), advice)
}

pub(super) fn quota(machine: &Machine) -> Check {
    let check = Check::new("cpu_quota", "A group that used up its share stands still until the next period begins.");
    let Some(limit) = Cgroup::of(machine).cpus(machine) else { return check };
    let Some(cpus) = limit else { return check.ok("none") };
    let usable = machine.usable_cpus().map_or(0, |cpus| cpus.len());
    let found = format!("{cpus:.2} CPUs' time on {}", count(usable, "usable CPU"));
    let check = check.value("cpus", cpus);
    if usable > 0 && cpus >= usable as f64 {
        return check.ok(found);
    }
    let advice = "Give whole processors (a cpuset) in place of a quota, or a quota of all usable ones.";
    check.warn(found, advice)
}

pub(super) fn quota_throttling(before: &Counters, after: &Counters) -> Check {
    let check = Check::new("cpu_throttling", "Whoever is throttled by a quota takes longer by whole periods.");
    let Some(total) = after.quota_throttled else { return check };
    let during = total.saturating_sub(before.quota_throttled.unwrap_or(total));
    let check = check.value("since_start", total as f64).value("while_looking", during as f64);
    let advice = "Raise the quota, or run less at a time.";
    match (during, total) {
        (1.., _) => check.warn(format!("{during} periods while this looked, {total} in all"), advice),
        (_, 1..) => check.note(format!("not now, {total} periods in all"), advice),
        _ => check.ok("never"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::CheckStatus;
    use super::super::counters::Ticks;
    use super::*;

    fn reading(all: u64, stolen: u64, throttled: u64) -> Counters {
        Counters {
            ticks: Some(Ticks { all, stolen }),
            quota_throttled: Some(throttled),
            thermal: None,
            swapped_pages: None,
        }
    }

    #[test]
    fn only_what_came_between_two_readings_is_stolen() {
        let of = |before: Counters, after: Counters| steal(&before, &after);
        let check = of(reading(1000, 900, 0), reading(1400, 900, 0));
        assert_eq!((check.status, check.found.as_str()), (CheckStatus::Ok, "0.0 % of the time"));
        let check = of(reading(1000, 0, 0), reading(1400, 20, 0));
        assert_eq!((check.status, check.found.as_str()), (CheckStatus::Warn, "5.0 % of the time"));
        assert_eq!(of(reading(1000, 0, 0), reading(3000, 4, 0)).status, CheckStatus::Note);
        assert_eq!(of(reading(1000, 0, 0), reading(1000, 0, 0)).status, CheckStatus::Unknown);
        assert_eq!(of(Counters::default(), reading(1000, 0, 0)).status, CheckStatus::Unknown);
    }

    #[test]
    fn throttling_now_is_worse_than_throttling_once() {
        let of = |before: u64, after: u64| quota_throttling(&reading(1, 0, before), &reading(2, 0, after)).status;
        assert_eq!([of(0, 0), of(7, 7), of(7, 8)], [CheckStatus::Ok, CheckStatus::Note, CheckStatus::Warn]);
    }
}
