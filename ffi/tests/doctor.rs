//! What is said of machines whose files are laid out here: a server set up for measuring, a laptop on battery, a virtual machine in a
//! container with a quota, and a system that tells nothing.
#![allow(clippy::unwrap_used, clippy::panic)]

use lightspeed::cancel::Cancel;
use lightspeed::doctor::{Check, CheckStatus, DoctorOptions, DoctorReport, Machine, examine};
use lightspeed::session::SessionOptions;
use lightspeed::text::Look;
use lightspeed::text::doctor::text;
use std::path::Path;

/// What every Linux has, on a machine of four processors at rest.
const COMMON: &[(&str, &str)] = &[
    ("proc/self/status", "Name:\tlightspeed\nCpus_allowed:\tf\nCpus_allowed_list:\t0-3\n"),
    ("proc/self/cgroup", "0::/user.slice\n"),
    ("proc/stat", "cpu  100 0 50 800 0 0 0 0 0 0\ncpu0 25 0 12 200 0 0 0 0 0 0\n"),
    ("proc/vmstat", "pswpin 10\npswpout 20\n"),
    ("proc/sys/kernel/randomize_va_space", "2\n"),
    ("proc/sys/kernel/perf_event_paranoid", "2\n"),
    ("proc/cmdline", "quiet\n"),
    ("proc/irq/9/smp_affinity_list", "0-3\n"),
    ("sys/devices/system/cpu/online", "0-3\n"),
    ("sys/devices/system/cpu/isolated", "\n"),
    ("sys/devices/system/cpu/nohz_full", "(null)\n"),
    ("sys/bus/event_source/devices/cpu/type", "4\n"),
    ("sys/fs/cgroup/cgroup.controllers", "cpu memory\n"),
    ("sys/fs/cgroup/user.slice/cpu.stat", "usage_usec 5\nnr_throttled 0\n"),
    ("sys/fs/cgroup/user.slice/cpu.max", "max 100000\n"),
    (
        "proc/meminfo",
        "MemTotal:       16000000 kB\nMemAvailable:   12000000 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\n",
    ),
    ("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu sse2\n"),
    ("proc/loadavg", "0.10 0.20 0.30 1/100 999\n"),
    ("sys/class/power_supply/.keep", ""),
    ("sys/devices/system/cpu/smt/active", "0\n"),
    ("sys/devices/system/cpu/smt/control", "off\n"),
];

struct Fixture(tempfile::TempDir);

impl Fixture {
    fn empty() -> Self {
        Fixture(tempfile::tempdir().unwrap())
    }

    fn new(files: &[(&str, &str)]) -> Self {
        let fixture = Self::empty();
        COMMON.iter().chain(files).for_each(|(path, text)| fixture.write(path, text));
        fixture
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The file for each of the four processors.
    fn each(&self, name: &str, text: &str) {
        (0..4).for_each(|cpu| self.write(&format!("sys/devices/system/cpu/cpu{cpu}/{name}"), text));
    }

    fn examined(&self) -> DoctorReport {
        let here = tempfile::tempdir().unwrap();
        let options = DoctorOptions {
            session: SessionOptions { cwd: here.path().to_owned(), ..SessionOptions::default() },
            temporary: here.path().to_owned(),
            seconds: 0.0,
            workload: Vec::new(),
        };
        examine(&Machine::at(self.0.path()), &options, &Cancel::new(), &mut |_| {}).unwrap()
    }
}

fn good() -> Fixture {
    let fixture = Fixture::new(&[("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n")]);
    fixture.each("cpufreq/scaling_governor", "performance\n");
    fixture.each("cpufreq/scaling_min_freq", "800000\n");
    fixture.each("cpufreq/scaling_max_freq", "3000000\n");
    fixture.each("thermal_throttle/core_throttle_count", "0\n");
    fixture
}

fn laptop() -> Fixture {
    let fixture = Fixture::new(&[
        ("sys/devices/system/cpu/intel_pstate/no_turbo", "0\n"),
        ("sys/devices/system/cpu/smt/active", "1\n"),
        ("sys/devices/system/cpu/smt/control", "on\n"),
        ("sys/devices/system/cpu/isolated", "2-3\n"),
        ("sys/devices/system/cpu/nohz_full", "2-3\n"),
        ("sys/class/power_supply/AC/type", "Mains\n"),
        ("sys/class/power_supply/AC/online", "0\n"),
        ("sys/class/power_supply/BAT0/type", "Battery\n"),
        ("sys/class/power_supply/BAT0/status", "Discharging\n"),
        ("proc/loadavg", "2.50 1.00 0.50 3/900 4242\n"),
        (
            "proc/meminfo",
            "MemTotal: 8000000 kB\nMemAvailable: 300000 kB\nSwapTotal: 2000000 kB\nSwapFree: 1500000 kB\n",
        ),
        ("proc/sys/kernel/randomize_va_space", "0\n"),
        ("proc/sys/kernel/perf_event_paranoid", "4\n"),
    ]);
    fixture.each("cpufreq/scaling_governor", "powersave\n");
    fixture.each("cpufreq/scaling_min_freq", "400000\n");
    fixture.each("cpufreq/scaling_max_freq", "4200000\n");
    fixture.each("thermal_throttle/package_throttle_count", "17\n");
    fixture
}

#[track_caller]
fn check<'r>(report: &'r DoctorReport, name: &str) -> &'r Check {
    report.checks.iter().find(|check| check.name == name).unwrap_or_else(|| panic!("no check {name}"))
}

#[track_caller]
fn says(report: &DoctorReport, name: &str, status: CheckStatus, found: &str) {
    let check = check(report, name);
    assert_eq!((check.status, check.found.as_str()), (status, found), "{check:#?}");
    assert_eq!(check.advice.is_some(), matches!(status, CheckStatus::Warn | CheckStatus::Note), "{check:#?}");
}

/// The checks of the machine alone, without disks and programs.
fn of_machine(report: &DoctorReport, status: CheckStatus) -> Vec<&str> {
    let others = ["disk_results", "disk_temporary", "suite", "git", "python"];
    report.with(status).map(|check| check.name.as_str()).filter(|name| !others.contains(name)).collect()
}

#[test]
fn a_machine_that_was_set_up_for_measuring_is_fit() {
    let report = good().examined();
    assert_eq!(of_machine(&report, CheckStatus::Warn), [] as [&str; 0]);
    assert_eq!(of_machine(&report, CheckStatus::Note), [] as [&str; 0]);
    // Two readings of files that stay as they are: no time went by.
    assert_eq!(of_machine(&report, CheckStatus::Unknown), ["steal"]);
    says(&report, "governor", CheckStatus::Ok, "performance on 4 CPUs");
    says(&report, "turbo", CheckStatus::Ok, "off (intel_pstate/no_turbo is 1)");
    says(&report, "usable_cpus", CheckStatus::Ok, "4 (0-3)");
    says(&report, "cpu_quota", CheckStatus::Ok, "none");
    assert_eq!(report.script(), None);
}

#[test]
fn a_laptop_on_battery_is_told_what_to_do() {
    use CheckStatus::{Note, Warn};
    let report = laptop().examined();
    says(&report, "governor", Warn, "powersave on 4 CPUs");
    says(&report, "turbo", Warn, "on (intel_pstate/no_turbo is 0)");
    says(&report, "frequency_range", Note, "0.40 to 4.20 GHz");
    says(&report, "thermal_throttling", Note, "not now, 17 times since boot");
    says(&report, "mains", Warn, "on battery");
    says(&report, "smt", Note, "on");
    says(&report, "isolated_cpus", Note, "2-3");
    says(&report, "nohz_full", Warn, "CPUs 2-3, with intel_pstate: their clock may stay where it was");
    says(&report, "interrupts", Note, "1 interrupt may come to isolated CPUs 2-3");
    says(&report, "load", Warn, "2.5 over the last minute on 4 usable CPUs");
    says(&report, "memory", Warn, "292.969MiB of 7.629GiB available");
    says(&report, "swap", Note, "488.281MiB in use (25 % of it)");
    says(&report, "aslr", Note, "off: every run has the same layout");
    says(&report, "perf_events", Note, "refused (perf_event_paranoid is 4)");
    let script = report.script().unwrap();
    for line in [
        "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo",
        "echo off > /sys/devices/system/cpu/smt/control",
        "echo 2 > /proc/sys/kernel/randomize_va_space",
        "echo 2 > /proc/sys/kernel/perf_event_paranoid",
        "for file in /proc/irq/[0-9]*/smp_affinity_list; do echo 0-1 > \"$file\" 2>/dev/null || true; done",
    ] {
        assert!(script.lines().any(|found| found == line), "{line} is not in\n{script}");
    }
    assert!(script.contains("echo performance >"), "{script}");
    assert!(!script.contains("echo 0 > /proc/sys/kernel/randomize_va_space"), "{script}");
}

#[test]
fn a_container_with_a_quota_in_a_virtual_machine() {
    use CheckStatus::{Note, Unknown, Warn};
    let fixture = Fixture::new(&[
        ("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu sse2 hypervisor\n"),
        ("sys/class/dmi/id/sys_vendor", "Amazon EC2\n"),
        ("proc/self/cgroup", "0::/kubepods/pod1/c1\n"),
        (".dockerenv", ""),
        // As seen from inside: the path is the host's, and only what is mounted is there.
        ("sys/fs/cgroup/cpu.max", "150000 100000\n"),
        ("sys/fs/cgroup/cpu.stat", "nr_periods 90\nnr_throttled 12\nthrottled_usec 800\n"),
        ("sys/fs/cgroup/memory.max", "1073741824\n"),
        ("sys/fs/cgroup/memory.current", "1063741824\n"),
        ("sys/fs/cgroup/memory.stat", "anon 5\ninactive_file 0\n"),
    ]);
    let report = fixture.examined();
    says(&report, "virtual_machine", Note, "yes (Amazon EC2)");
    says(&report, "container", Note, "yes (docker)");
    says(&report, "cpu_quota", Warn, "1.50 CPUs' time on 4 usable CPUs");
    says(&report, "cpu_throttling", Note, "not now, 12 periods in all");
    says(&report, "memory", Warn, "9.537MiB of 15.259GiB available");
    says(&report, "governor", Unknown, "this system does not tell");
    assert_eq!(check(&report, "cpu_quota").values["cpus"], 1.5);
}

#[test]
fn control_groups_of_the_first_version_limit_too() {
    let fixture = Fixture::new(&[
        ("proc/self/cgroup", "5:memory:/\n3:cpu,cpuacct:/jobs/one\n0::/\n"),
        ("sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_quota_us", "50000\n"),
        ("sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/cpu,cpuacct/jobs/one/cpu.cfs_quota_us", "-1\n"),
        ("sys/fs/cgroup/cpu,cpuacct/jobs/one/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/cpu,cpuacct/jobs/one/cpu.stat", "nr_throttled 3\n"),
        ("sys/fs/cgroup/memory/memory.limit_in_bytes", "2147483648\n"),
        ("sys/fs/cgroup/memory/memory.usage_in_bytes", "1610612736\n"),
        ("sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 536870912\n"),
    ]);
    let report = fixture.examined();
    says(&report, "cpu_quota", CheckStatus::Warn, "0.50 CPUs' time on 4 usable CPUs");
    says(&report, "cpu_throttling", CheckStatus::Note, "not now, 3 periods in all");
    assert_eq!(check(&report, "memory").values["available_bytes"], 1_073_741_824.0);
}

#[test]
fn what_a_system_does_not_tell_is_unknown_and_said_once() {
    let report = Fixture::empty().examined();
    assert_eq!(of_machine(&report, CheckStatus::Warn).len() + of_machine(&report, CheckStatus::Note).len(), 0);
    assert_eq!(of_machine(&report, CheckStatus::Ok).len(), 0);
    assert!(of_machine(&report, CheckStatus::Unknown).len() >= 19);
    let shown = text(&report, Look::default());
    assert_eq!(shown.matches("this system does not tell").count(), 1, "{shown}");
    assert_eq!(shown.matches("governor").count() - usize::from(report.host.governor.is_some()), 1, "{shown}");
}

#[test]
fn files_that_hold_anything_at_all_are_no_failure() {
    for noise in
        ["", "\n", "-1", "99999999999999999999999", "max", "0-4294967295", "a: b\0c", "\u{1b}[31m\n$(false)\n", "é,–"]
    {
        let fixture = laptop();
        let mut paths = vec![fixture.0.path().to_owned()];
        while let Some(path) = paths.pop() {
            if path.is_dir() {
                paths.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else {
                std::fs::write(&path, noise).unwrap();
            }
        }
        let report = fixture.examined();
        let script = report.script().unwrap_or_default();
        let comments_only = |line: &str| !line.contains("$(false)") || line.starts_with('#');
        assert!(script.lines().all(comments_only) && !script.contains('\u{1b}'), "{noise:?}:\n{script}");
        assert!(!text(&report, Look::default()).contains('\u{1b}'), "{noise:?}");
    }
}

#[test]
fn no_line_is_wider_than_its_terminal() {
    for report in [good().examined(), laptop().examined(), Fixture::empty().examined()] {
        for width in [40, 60, 80, 120] {
            let shown = text(&report, Look { width: Some(width), colour: false });
            let widest = shown.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} in {width}:\n{shown}");
        }
        let _ = text(&report, Look { width: Some(1), colour: true });
    }
}

#[test]
fn a_script_that_is_read_by_a_shell_is_one() {
    let script = laptop().examined().script().unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &script).unwrap();
    let done = std::process::Command::new("sh").arg("-n").arg(file.path()).output().unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{script}\n{}", String::from_utf8_lossy(&done.stderr));
    assert!(Path::new(file.path()).exists());
}
