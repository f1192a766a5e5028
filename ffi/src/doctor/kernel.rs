//! Settings of the kernel.

use super::check::Check;
use super::machine::Machine;

pub(super) fn aslr(machine: &Machine) -> Check {
    let why = "Where memory begins decides how it meets the caches. Pairs start each run afresh: over many layouts its luck averages out.";
    let check = Check::new("aslr", why);
    match machine.number("proc/sys/kernel/randomize_va_space") {
        Some(2) => check.ok("each process has a layout of its own"),
        Some(level @ (0 | 1)) => {
            let found =
                if level == 0 { "off: every run has the same layout" } else { "partly on: the heap stays in place" };
            let advice = "One layout is repeatable, but a change that moves code then differs by its luck, and the machine is \
                          easier to attack. Turn it on.";
            check.note(found, advice).fix("echo 2 > /proc/sys/kernel/randomize_va_space")
        }
        _ => check,
    }
}

/// The least that is refused: above it, users may not count what their own processes do.
const REFUSED: i64 = 3;

pub(super) fn perf_events(machine: &Machine) -> Check {
    let check =
        Check::new("perf_events", "`instructions` of a pair are counted by the processor, where it is allowed.");
    let level = machine.text("proc/sys/kernel/perf_event_paranoid").and_then(|text| text.parse::<i64>().ok());
    let Some(level) = level else { return check };
    let check = check.value("perf_event_paranoid", level as f64);
    if level >= REFUSED {
        let advice = "Without counters `instructions` are null, and all else works. 2 lets users count what their own processes do.";
        let check = check.note(format!("refused (perf_event_paranoid is {level})"), advice);
        return check.fix("echo 2 > /proc/sys/kernel/perf_event_paranoid");
    }
    let units = machine.names("sys/bus/event_source/devices").unwrap_or_default();
    let counts = |unit: &String| unit.starts_with("cpu") || unit.contains("pmu");
    if !units.is_empty() && !units.iter().any(counts) {
        let advice =
            "Without counters `instructions` are null, and all else works. Some hypervisors pass them on if asked.";
        return check.note("allowed, but this processor shows no counters", advice);
    }
    check.ok(format!("allowed (perf_event_paranoid is {level})"))
}
