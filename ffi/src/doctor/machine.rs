//! What a machine tells in files, read below a root: `/` in life, a copy of some other machine's files in tests.

use super::cpu_list::CpuList;
use std::path::PathBuf;

/// The files of a machine. What is not there is `None`, whatever the reason.
#[derive(Clone, Debug)]
pub struct Machine {
    root: PathBuf,
}

impl Machine {
    /// The machine this runs on.
    #[must_use]
    pub fn here() -> Self {
        Self::at("/")
    }

    /// The machine whose files lie below `root`.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Machine { root: root.into() }
    }

    /// The text of a file, without blanks around it; paths are relative to the root.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        let bytes = std::fs::read(self.root.join(path)).ok()?;
        Some(String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    /// The number that a file holds.
    pub(super) fn number(&self, path: &str) -> Option<u64> {
        self.text(path)?.parse().ok()
    }

    /// What stands after `key` in the first line that begins with it, as in /proc/meminfo.
    pub(super) fn field(&self, path: &str, key: &str) -> Option<String> {
        let text = self.text(path)?;
        let value = text.lines().find_map(|line| line.strip_prefix(key))?;
        Some(value.trim_start_matches([':', ' ', '\t']).trim().to_owned())
    }

    /// The names in a directory, in order.
    pub(super) fn names(&self, path: &str) -> Option<Vec<String>> {
        let entries = std::fs::read_dir(self.root.join(path)).ok()?;
        let mut names: Vec<String> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        Some(names)
    }

    /// Whether there is such a file or directory.
    pub(super) fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// The processors that this process may use, as the kernel says.
    pub(super) fn usable_cpus(&self) -> Option<CpuList> {
        CpuList::parse(&self.field("proc/self/status", "Cpus_allowed_list")?)
    }

    /// The file of that name below the directory of every usable processor; empty where none has it.
    pub(super) fn of_each_cpu(&self, name: &str) -> Vec<String> {
        let paths = self.usable_cpus().unwrap_or_default();
        paths.iter().filter_map(|cpu| self.text(&format!("{CPU}/cpu{cpu}/{name}"))).collect()
    }
}

/// Where processors are described.
pub(super) const CPU: &str = "sys/devices/system/cpu";
