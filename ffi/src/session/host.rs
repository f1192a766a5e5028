//! The class of machine that numbers belong to: results of different classes do not compare.

use serde::{Deserialize, Serialize};

/// What of a machine decides how fast it is, as far as it tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostClass {
    /// Model name of the processor.
    pub cpu: String,
    /// Processors that this process may use.
    pub usable_cpus: usize,
    /// Memory in GiB, rounded.
    pub memory_gib: u64,
    /// Kernel name and architecture.
    pub os: String,
    /// Frequency governor, where readable.
    pub governor: Option<String>,
}

impl HostClass {
    /// The machine this runs on. What cannot be read stays empty.
    #[must_use]
    pub fn of_this_machine() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, key: &str| {
            let line = text.lines().find(|line| line.starts_with(key))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        };
        let kib =
            field(&read("/proc/meminfo"), "MemTotal").and_then(|v| v.split_whitespace().next()?.parse::<f64>().ok());
        let governor = read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").trim().to_owned();
        HostClass {
            cpu: field(&read("/proc/cpuinfo"), "model name").unwrap_or_default(),
            usable_cpus: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gib: kib.map_or(0, |kib| (kib / (1024.0 * 1024.0)).round() as u64),
            os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            governor: (!governor.is_empty()).then_some(governor),
        }
    }

    /// As the database keeps it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
