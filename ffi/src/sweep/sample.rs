//! One run of one point.

use super::options::{OWN, SweepOptions};
use crate::pair::{Direction, Metric};
use crate::process::{self, Outcome};
use lightspeed_core::frame::{self, read_frames, read_last_frames};
use lightspeed_core::stats::Status;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many bytes of what a failed run said are kept.
const LONGEST_COMPLAINT: usize = 2000;

/// One run of one point, as the journal and the document have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepSample {
    /// The point, by its place.
    pub point: usize,
    /// The round, from 0; warm-ups are counted by themselves.
    pub round: usize,
    /// Whether it only warms up.
    pub warmup: bool,
    /// How it ended: `ok`, `failed`, `timed_out` or `skipped`.
    pub status: Status,
    /// Why it is not `ok`.
    pub reason: Option<String>,
    /// Seconds that it took.
    pub wall_s: f64,
    /// Its numbers, by their names.
    pub metrics: BTreeMap<String, frame::Metric>,
    /// The end of its standard error, where it is not `ok`.
    pub stderr: Option<String>,
}

impl SweepSample {
    /// Of a process that ended.
    pub(super) fn of(outcome: &Outcome, options: &SweepOptions) -> Self {
        let mut sample = SweepSample { metrics: used(outcome), ..SweepSample::ended(outcome.wall.as_secs_f64()) };
        match outcome.status {
            process::Status::Exited(0) => {}
            process::Status::Exited(code) => sample.fail(Status::Failed, format!("exited with {code}")),
            process::Status::Signaled(signal) => sample.fail(Status::Failed, format!("was ended by signal {signal}")),
            process::Status::TimedOut | process::Status::Cancelled => {
                sample.fail(Status::TimedOut, format!("took longer than {} s", options.timeout_s));
            }
        }
        if sample.status == Status::Ok {
            sample.read(&outcome.stdout.text(), outcome.stdout.truncated, options);
        }
        if sample.status != Status::Ok {
            sample.complain(&outcome.stderr.text());
        }
        sample
    }

    /// Of a process that could not be started.
    pub(super) fn unstarted(reason: String) -> Self {
        SweepSample { status: Status::Failed, reason: Some(reason), ..Self::ended(0.0) }
    }

    /// A run that ended well and told nothing yet.
    pub(crate) fn ended(wall_s: f64) -> Self {
        SweepSample {
            point: 0,
            round: 0,
            warmup: false,
            status: Status::Ok,
            reason: None,
            wall_s,
            metrics: BTreeMap::new(),
            stderr: None,
        }
    }

    /// A run that is no number.
    pub(crate) fn fail(&mut self, status: Status, reason: String) {
        self.status = status;
        self.reason = Some(reason);
    }

    /// Keeps the end of what it said.
    pub(crate) fn complain(&mut self, said: &str) {
        let said = said.trim_end();
        let from = (said.len().saturating_sub(LONGEST_COMPLAINT)..=said.len()).find(|at| said.is_char_boundary(*at));
        self.stderr = from.map(|from| said[from..].to_owned()).filter(|said| !said.is_empty());
    }

    /// Takes in what its frames told, of output whose beginning may have been cut off.
    pub(crate) fn read(&mut self, output: &str, truncated: bool, options: &SweepOptions) {
        let read = if truncated { read_last_frames } else { read_frames };
        let frame = match read(output) {
            Ok(frame) => frame,
            Err(error) => return self.fail(Status::Failed, error.to_string()),
        };
        if let Some(name) = frame.metrics.keys().find(|name| options.own().contains(&name.as_str())) {
            return self
                .fail(Status::Failed, format!("a frame tells {name}, which is measured here: call it otherwise"));
        }
        if let Some(name) = options.expects.iter().find(|name| !frame.metrics.contains_key(*name)) {
            let what = if frame.metrics.is_empty() {
                "it printed no frame".to_owned()
            } else {
                "its frame does not".to_owned()
            };
            return self.fail(Status::Failed, format!("{what}, which must tell {name}"));
        }
        self.metrics.extend(frame.metrics);
    }
}

/// What the system says that a process used.
fn used(outcome: &Outcome) -> BTreeMap<String, frame::Metric> {
    let seconds = |time: std::time::Duration| Some((time.as_secs_f64(), "seconds"));
    let of = |metric: Metric| match metric {
        Metric::Wall => seconds(outcome.wall),
        Metric::User => seconds(outcome.user),
        Metric::Sys => seconds(outcome.sys),
        Metric::Cpu => seconds(outcome.user + outcome.sys),
        _ => outcome.max_rss_bytes.map(|bytes| (bytes as f64, "bytes")),
    };
    let told = OWN.iter().filter_map(|metric| Some((metric.as_str().to_owned(), of(*metric)?)));
    told.map(|(name, (value, unit))| (name, frame::Metric { value, unit: unit.to_owned(), better: Direction::Lower }))
        .collect()
}
