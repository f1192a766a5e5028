//! What makes a sweep's numbers worth less than they look.

use super::cores::physical_cores;
use super::options::SweepOptions;
use super::report::PointReport;
use crate::pair::Metric;
use lightspeed_core::sweep::{Drift, Value};
use serde::{Deserialize, Serialize};

/// Runs below which starting the process is much of what is measured, in seconds.
const SHORT_S: f64 = 0.005;

/// Something to keep in mind; it changes no number and no exit code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepWarning {
    /// Which.
    pub kind: WarningKind,
    /// In words.
    pub text: String,
}

/// What to keep in mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// Runs are too short for their wall time to be about more than starting them.
    TooShort,
    /// More workers than cores.
    Oversubscribed,
    /// The machine's speed moved.
    Drift,
    /// Points have fewer runs than were asked for.
    Unfinished,
}

/// More workers than cores: known before anything runs.
pub(super) fn oversubscribed(options: &SweepOptions) -> Option<SweepWarning> {
    let workers = options.design.axes.get(options.design.workers()?)?;
    let most = workers
        .values
        .iter()
        .filter_map(|value| if let Value::Int(count) = value { Some(*count) } else { None })
        .max()?;
    let cores = physical_cores();
    let text = format!(
        "{} goes up to {most}, and there are {cores} physical cores: beyond that, workers wait for each other",
        workers.name
    );
    usize::try_from(most)
        .is_ok_and(|most| most > cores)
        .then_some(SweepWarning { kind: WarningKind::Oversubscribed, text })
}

/// What the numbers say about themselves.
pub(super) fn of_results(options: &SweepOptions, points: &[PointReport], drift: Option<&Drift>) -> Vec<SweepWarning> {
    [too_short(options, points), drift.map(drifted), unfinished(options, points)].into_iter().flatten().collect()
}

fn too_short(options: &SweepOptions, points: &[PointReport]) -> Option<SweepWarning> {
    if options.metric != Metric::Wall.as_str() {
        return None;
    }
    let is_short = |point: &&PointReport| point.spread.is_some_and(|spread| spread.median < SHORT_S);
    let short: Vec<&PointReport> = points.iter().filter(is_short).collect();
    let first = short.first()?;
    let text = format!(
        "{} of {} points ran for less than {:.0} ms ({} among them), much of which is the start of the process: give them more to do, or let them tell the time themselves in a frame",
        short.len(),
        points.len(),
        SHORT_S * 1e3,
        first.id
    );
    Some(SweepWarning { kind: WarningKind::TooShort, text })
}

fn drifted(drift: &Drift) -> SweepWarning {
    let text = format!(
        "the last third of the rounds gave {:.3} times the values of the first: the machine's speed moved; every point met it alike",
        drift.ratio
    );
    SweepWarning { kind: WarningKind::Drift, text }
}

fn unfinished(options: &SweepOptions, points: &[PointReport]) -> Option<SweepWarning> {
    let repeats = options.design.repeats;
    let short = points.iter().filter(|point| point.is_unfinished(repeats)).count();
    let text = format!("{short} of {} points have fewer than {repeats} runs: --resume goes on", points.len());
    (short > 0).then_some(SweepWarning { kind: WarningKind::Unfinished, text })
}
