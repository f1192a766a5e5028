//! What is measured of a run.

use super::receipt::RunSample;
use lightspeed_core::frame::Direction;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A quantity of one run. Less of it is better, but for the throughput.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Wall clock, in nanoseconds.
    Wall,
    /// CPU time in user mode, in nanoseconds.
    User,
    /// CPU time in the kernel, in nanoseconds.
    Sys,
    /// Both, in nanoseconds.
    Cpu,
    /// Peak resident memory, in bytes.
    MaxRss,
    /// Page faults without input or output.
    MinorFaults,
    /// Page faults that had to read.
    MajorFaults,
    /// Times that the first thread gave up the processor.
    VoluntarySwitches,
    /// Times that the processor was taken from the first thread.
    InvoluntarySwitches,
    /// Bytes fetched from storage.
    ReadBytes,
    /// Bytes sent to storage.
    WrittenBytes,
    /// Instructions executed in user mode, where the processor counts them.
    Instructions,
    /// Work units a second.
    Throughput,
}

impl Metric {
    /// All of them, in the order of reports.
    pub const ALL: [Metric; 13] = [
        Metric::Wall,
        Metric::User,
        Metric::Sys,
        Metric::Cpu,
        Metric::MaxRss,
        Metric::MinorFaults,
        Metric::MajorFaults,
        Metric::VoluntarySwitches,
        Metric::InvoluntarySwitches,
        Metric::ReadBytes,
        Metric::WrittenBytes,
        Metric::Instructions,
        Metric::Throughput,
    ];

    /// The name used in documents and options.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Metric::Wall => "wall",
            Metric::User => "user",
            Metric::Sys => "sys",
            Metric::Cpu => "cpu",
            Metric::MaxRss => "max_rss",
            Metric::MinorFaults => "minor_faults",
            Metric::MajorFaults => "major_faults",
            Metric::VoluntarySwitches => "voluntary_switches",
            Metric::InvoluntarySwitches => "involuntary_switches",
            Metric::ReadBytes => "read_bytes",
            Metric::WrittenBytes => "written_bytes",
            Metric::Instructions => "instructions",
            Metric::Throughput => "throughput",
        }
    }

    /// The metric of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Metric::ALL.into_iter().find(|metric| metric.as_str() == name)
    }

    /// What its values count.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Metric::Wall | Metric::User | Metric::Sys | Metric::Cpu => "ns",
            Metric::MaxRss | Metric::ReadBytes | Metric::WrittenBytes => "bytes",
            Metric::Throughput => "units/s",
            _ => "count",
        }
    }

    /// Which way is better.
    #[must_use]
    pub fn direction(self) -> Direction {
        if self == Metric::Throughput { Direction::Higher } else { Direction::Lower }
    }

    /// Its value in a run; `None` where the system does not tell, or nobody said how many work units there are.
    #[must_use]
    pub fn of(self, sample: &RunSample, work_units: Option<f64>) -> Option<f64> {
        let count = |value: Option<u64>| value.map(|v| v as f64);
        match self {
            Metric::Wall => Some(sample.wall_ns as f64),
            Metric::User => Some(sample.user_ns as f64),
            Metric::Sys => Some(sample.sys_ns as f64),
            Metric::Cpu => Some((sample.user_ns + sample.sys_ns) as f64),
            Metric::MaxRss => count(sample.max_rss_bytes),
            Metric::MinorFaults => count(sample.minor_faults),
            Metric::MajorFaults => count(sample.major_faults),
            Metric::VoluntarySwitches => count(sample.voluntary_switches),
            Metric::InvoluntarySwitches => count(sample.involuntary_switches),
            Metric::ReadBytes => count(sample.read_bytes),
            Metric::WrittenBytes => count(sample.written_bytes),
            Metric::Instructions => count(sample.instructions),
            Metric::Throughput => work_units.map(|units| units * 1e9 / sample.wall_ns as f64),
        }
    }
}
