//! Which processors there are to run on, and who else comes to them.

use super::check::{Check, count};
use super::cpu_list::CpuList;
use super::machine::{CPU, Machine};

pub(super) fn usable(machine: &Machine) -> Check {
    let check = Check::new("usable_cpus", "A benchmark and the program that times it want a processor each.");
    let Some(usable) = machine.usable_cpus().filter(|cpus| !cpus.is_empty()) else { return check };
    let check = check.value("usable_cpus", usable.len() as f64);
    let online = machine.text(&format!("{CPU}/online")).and_then(|text| CpuList::parse(&text));
    let more = online.filter(|online| online.len() > usable.len());
    let of = more.as_ref().map_or(String::new(), |online| format!(" of {} online", online.len()));
    let found = format!("{} ({usable}){of}", usable.len());
    if usable.len() == 1 {
        return check
            .warn(found, "Let the process use a second processor: `taskset`, the container's or job's cpuset.");
    }
    check.ok(found)
}

pub(super) fn smt(machine: &Machine) -> Check {
    let check = Check::new("smt", "Two threads of one core share its units and caches: each slows the other down.");
    match machine.text(&format!("{CPU}/smt/active")).as_deref() {
        Some("0") => check.ok("no core is shared by two threads"),
        Some("1") => {
            let check = check
                .note("on", "Run nothing else while measuring, or keep to one thread of each core with `taskset`.");
            let can_be_set = machine.text(&format!("{CPU}/smt/control")).as_deref() == Some("on");
            if can_be_set { check.fix(format!("echo off > /{CPU}/smt/control")) } else { check }
        }
        _ => check,
    }
}

pub(super) fn isolated(machine: &Machine) -> Check {
    let check =
        Check::new("isolated_cpus", "The scheduler puts nothing on isolated processors by itself: it is quiet there.");
    let (Some(isolated), Some(usable)) = (isolated_cpus(machine), machine.usable_cpus()) else { return check };
    let check = check.value("isolated_cpus", isolated.len() as f64);
    if isolated.is_empty() {
        return check.ok("none");
    }
    let command_line = machine.text("proc/cmdline").unwrap_or_default();
    let nocbs = command_line.split_whitespace().find_map(|word| word.strip_prefix("rcu_nocbs="));
    let quiet =
        nocbs.is_some_and(|list| list == "all" || CpuList::parse(list).is_some_and(|list| isolated.is_within(&list)));
    let on_them = !usable.is_empty() && usable.is_within(&isolated);
    let found = format!("{isolated}{}", if on_them { ", and this runs there" } else { "" });
    match (on_them, quiet) {
        (true, true) => check.ok(found),
        (false, _) => check.note(found, format!("Run there what is measured: `taskset -c {isolated} lightspeed …`.")),
        (true, false) => {
            check.note(found, format!("Keep the kernel's callbacks away too: boot with `rcu_nocbs={isolated}`."))
        }
    }
}

pub(super) fn nohz_full(machine: &Machine) -> Check {
    let check = Check::new("nohz_full", "intel_pstate sets the clock at ticks, which nohz_full takes away.");
    // The kernel writes "(null)" where it was built with it and nothing was asked for.
    let told = machine.text(&format!("{CPU}/nohz_full"));
    let Some(told) = told.map(|text| if text == "(null)" { String::new() } else { text }) else { return check };
    let Some(cpus) = CpuList::parse(&told) else { return check };
    if cpus.is_empty() {
        return check.ok("not in use");
    }
    if machine.has(&format!("{CPU}/intel_pstate")) {
        let advice = "Boot with `intel_pstate=disable`, or without `nohz_full`.";
        return check.warn(format!("CPUs {cpus}, with intel_pstate: their clock may stay where it was"), advice);
    }
    check.ok(format!("CPUs {cpus}"))
}

pub(super) fn interrupts(machine: &Machine) -> Check {
    let check = Check::new("interrupts", "An interrupt takes the processor away from whatever runs there.");
    let (Some(names), Some(isolated)) = (machine.names("proc/irq"), isolated_cpus(machine)) else { return check };
    if isolated.is_empty() {
        return check.ok("no isolated CPUs to keep them from");
    }
    let lists = names.iter().filter_map(|irq| machine.text(&format!("proc/irq/{irq}/smp_affinity_list")));
    let coming = lists.filter_map(|list| CpuList::parse(&list)).filter(|list| list.without(&isolated) != *list).count();
    let check = check.value("on_isolated_cpus", coming as f64);
    if coming == 0 {
        return check.ok("none comes to isolated CPUs");
    }
    let found = format!("{} may come to isolated CPUs {isolated}", count(coming, "interrupt"));
    let check = check.note(found, "Send them to the other processors, and stop irqbalance, which moves them back.");
    let online = machine.text(&format!("{CPU}/online")).and_then(|text| CpuList::parse(&text)).unwrap_or_default();
    let others = online.without(&isolated);
    if others.is_empty() {
        return check;
    }
    check.fix("systemctl stop irqbalance 2>/dev/null || true").fix(format!(
        "for file in /proc/irq/[0-9]*/smp_affinity_list; do echo {others} > \"$file\" 2>/dev/null || true; done"
    ))
}

fn isolated_cpus(machine: &Machine) -> Option<CpuList> {
    CpuList::parse(&machine.text(&format!("{CPU}/isolated"))?)
}
