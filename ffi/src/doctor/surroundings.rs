//! What is around this system: a hypervisor, a container, a plug.

use super::check::Check;
use super::machine::Machine;

pub(super) fn virtual_machine(machine: &Machine) -> Check {
    let check = Check::new(
        "virtual_machine",
        "The host's other guests and its clock decide too, and nobody in here sees them.",
    );
    let (Some(flags), kind) = (machine.field("proc/cpuinfo", "flags").or_else(|| arm(machine)), hypervisor(machine))
    else {
        return check;
    };
    if kind.is_none() && !flags.split_whitespace().any(|flag| flag == "hypervisor") {
        return check.ok("no");
    }
    let found = kind.map_or("yes".to_owned(), |kind| format!("yes ({kind})"));
    check.note(found, "Compare what was measured in turn (`measure --paired`, `pair`), not runs of different days.")
}

pub(super) fn container(machine: &Machine) -> Check {
    let check = Check::new("container", "Settings of the kernel are the host's: root in here may not change them.");
    let Some(groups) = machine.text("proc/self/cgroup") else { return check };
    let known = ["docker", "kubepods", "containerd", "libpod", "lxc", "garden"];
    let marked = [(".dockerenv", "docker"), ("run/.containerenv", "podman")];
    let kind = marked.iter().find(|(file, _)| machine.has(file)).map(|(_, kind)| *kind);
    match kind.or_else(|| known.into_iter().find(|kind| groups.contains(kind))) {
        Some(kind) => check.note(format!("yes ({kind})"), "Do on the host what is advised for root."),
        None => check.ok("no"),
    }
}

pub(super) fn mains(machine: &Machine) -> Check {
    let check = Check::new("mains", "On battery most machines lower their clock.");
    let Some(supplies) = machine.names("sys/class/power_supply") else { return check };
    let tells = |supply: &String, name: &str| machine.text(&format!("sys/class/power_supply/{supply}/{name}"));
    let of_kind =
        |kind: &str| supplies.iter().filter(|s| tells(s, "type").as_deref() == Some(kind)).collect::<Vec<_>>();
    let plugged = of_kind("Mains").into_iter().filter_map(|supply| tells(supply, "online")).collect::<Vec<_>>();
    let discharging =
        of_kind("Battery").into_iter().any(|supply| tells(supply, "status").as_deref() == Some("Discharging"));
    match (plugged.iter().any(|online| online == "1"), discharging, plugged.is_empty()) {
        (true, ..) => check.ok("plugged in"),
        (_, true, _) | (_, _, false) => check.warn("on battery", "Plug it in."),
        (_, false, true) => check.ok("no battery in use"),
    }
}

/// Processors of ARM list features where others list flags.
fn arm(machine: &Machine) -> Option<String> {
    machine.field("proc/cpuinfo", "Features")
}

/// Who says that it is one.
fn hypervisor(machine: &Machine) -> Option<String> {
    let products = [
        "KVM",
        "QEMU",
        "VMware",
        "VirtualBox",
        "Xen",
        "Amazon EC2",
        "Google",
        "Hyper-V",
        "Virtual Machine",
        "Firecracker",
    ];
    let told = ["sys_vendor", "product_name"]
        .map(|name| machine.text(&format!("sys/class/dmi/id/{name}")).unwrap_or_default());
    // Some of these also sell machines that are none.
    let metal = told.iter().any(|text| text.contains(".metal"));
    let named = products.into_iter().find(|product| !metal && told.iter().any(|text| text.contains(product)));
    let kind =
        machine.text("sys/hypervisor/type").filter(|kind| !kind.is_empty() && kind.chars().all(char::is_alphanumeric));
    named.map(str::to_owned).or(kind)
}
