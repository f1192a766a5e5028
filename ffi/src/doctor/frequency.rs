//! What decides the clock of the processors: governor, turbo, the range that is allowed, the temperature.

use super::check::{Check, count};
use super::counters::Counters;
use super::machine::{CPU, Machine};

pub(super) fn governor(machine: &Machine) -> Check {
    let check = Check::new("governor", "A governor that follows the load lets the same code run at another clock.");
    let governors = machine.of_each_cpu("cpufreq/scaling_governor");
    if governors.is_empty() {
        return check;
    }
    let mut kinds = governors.clone();
    kinds.sort();
    kinds.dedup();
    let found = format!("{} on {}", kinds.join(", "), count(governors.len(), "CPU"));
    if kinds == ["performance"] {
        return check.ok(found);
    }
    check
        .warn(found, "Measure in pairs (`measure --paired`, `pair`), which meet the same clock; or ask for `performance`.")
        .fix(
            "for file in /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor; do echo performance > \"$file\"; done",
        )
}

pub(super) fn turbo(machine: &Machine) -> Check {
    let check = Check::new("turbo", "With turbo the clock depends on the temperature and on what the other cores do.");
    let told = [("intel_pstate/no_turbo", "0", "1"), ("cpufreq/boost", "1", "0")];
    let known = told.iter().find_map(|(file, on, off)| Some((file, on, off, machine.text(&format!("{CPU}/{file}"))?)));
    let Some((file, on, off, value)) = known else { return check };
    match value {
        value if value == *on => check
            .warn(
                format!("on ({file} is {on})"),
                "Measure in pairs, let the machine cool down between runs, or turn it off.",
            )
            .fix(format!("echo {off} > /{CPU}/{file}")),
        value if value == *off => check.ok(format!("off ({file} is {off})")),
        _ => check,
    }
}

pub(super) fn range(machine: &Machine) -> Check {
    let check =
        Check::new("frequency_range", "Within the range that is allowed, the clock may change while code runs.");
    let khz = |name: &str| {
        let texts = machine.of_each_cpu(&format!("cpufreq/{name}"));
        texts.iter().filter_map(|text| text.parse::<f64>().ok()).collect::<Vec<_>>()
    };
    let low = khz("scaling_min_freq").into_iter().min_by(f64::total_cmp);
    let high = khz("scaling_max_freq").into_iter().max_by(f64::total_cmp);
    let (Some(low), Some(high)) = (low, high) else { return check };
    let check = check.value("min_hz", low * 1e3).value("max_hz", high * 1e3);
    let found = format!("{:.2} to {:.2} GHz", low / 1e6, high / 1e6);
    let governors = machine.of_each_cpu("cpufreq/scaling_governor");
    if low == high || (!governors.is_empty() && governors.iter().all(|governor| governor == "performance")) {
        return check.ok(found);
    }
    check.note(found, "The governor `performance` keeps to the top of it; the lower limit can be raised to the upper one.").fix(
        "for cpu in /sys/devices/system/cpu/cpu[0-9]*/cpufreq; do cat \"$cpu/scaling_max_freq\" > \"$cpu/scaling_min_freq\"; done",
    )
}

pub(super) fn thermal(before: &Counters, after: &Counters) -> Check {
    let check =
        Check::new("thermal_throttling", "A processor that is too hot slows down, and all that it runs with it.");
    let Some(total) = after.thermal else { return check };
    let during = total.saturating_sub(before.thermal.unwrap_or(total));
    let check = check.value("since_boot", total as f64).value("while_looking", during as f64);
    let cool = "Clean or improve the cooling, run on mains, leave pauses between runs.";
    match (during, total) {
        (1.., _) => check.warn(format!("{during} times while this looked, {total} since boot"), cool),
        (_, 1..) => check.note(format!("not now, {total} times since boot"), cool),
        _ => check.ok("never since boot"),
    }
}
