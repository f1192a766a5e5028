//! The most memory that a call of each instance holds, in both trees, in processes that take turns.

use super::CompareOptions;
use super::selection::{Picked, Side};
use crate::session::measure::{Meaning, ValueChange};
use crate::session::timing::{Measured, Runner, Target};
use crate::session::{Event, Listener, SessionError, Timing};
use crate::suite::Outcome;
use crate::suite::asv::MemoryTool;
use lightspeed_core::frame::Direction;
use lightspeed_core::stats::{CompareOptions as StatsOptions, Quantity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Instant;

/// Pairs that are enough where every run of a side gives the same.
const FEW: usize = 2;
/// Pairs where they do not: with four on each side ranks can tell, with six they need not all be apart.
const MANY: usize = 6;

/// What instances take of memory in both trees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MemoryReport {
    /// Each affected instance whose call can be looked at, by its id.
    pub benchmarks: BTreeMap<String, MemoryResult>,
    /// Seconds that all of it took.
    pub seconds: f64,
}

/// What a call of an instance takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MemoryResult {
    /// The peak in bytes, by the tool that tells it: `rss` of the whole process, `tracemalloc` and `memray` of the call.
    pub peaks: BTreeMap<MemoryTool, ValueChange>,
    /// Why there is not all of it.
    pub failure: Option<MemoryFailure>,
}

/// Why an instance has no peaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryFailure {
    /// `A` or `B`, where a run failed; null where there was no time for one.
    pub tree: Option<String>,
    /// What went wrong.
    pub reason: String,
}

/// Calls each instance in both trees under every tool that is there. `budget_s` bounds all runs together; an instance whose turn does
/// not come is in the report, with that for its reason.
///
/// # Errors
/// An interrupt, a process that cannot be started. What a benchmark does is a result.
pub(super) fn measure_memory(
    sides: (&Side, &Side),
    picked: &[Picked],
    (options, budget_s): (&CompareOptions, Option<f64>),
    listener: Listener<'_>,
) -> Result<MemoryReport, SessionError> {
    let began = Instant::now();
    let timing = Timing::default();
    let both: Vec<(&Picked, [Target<'_>; 2])> =
        picked.iter().filter_map(|each| Some((each, [sides.0.target(each)?, sides.1.target(each)?]))).collect();
    let targets = |side: usize| both.iter().map(|(_, targets)| targets[side]).collect::<Vec<_>>();
    let mut runners =
        [Runner::new(sides.0.conditions(&timing), &targets(0)), Runner::new(sides.1.conditions(&timing), &targets(1))];
    listener(Event::Begin { what: "memory", total: both.len() });
    let mut report = MemoryReport::default();
    let stats = StatsOptions { margin: options.margin, alpha: options.alpha };
    for (each, targets) in &both {
        listener(Event::Item { name: &each.id });
        let mut result = MemoryResult::default();
        if budget_s.is_some_and(|budget| began.elapsed().as_secs_f64() >= budget) {
            let reason = "the budget was spent before its turn".to_owned();
            result.failure = Some(MemoryFailure { tree: None, reason });
        }
        for tool in MemoryTool::ALL {
            if result.failure.is_some() {
                break;
            }
            match pairs(&mut runners, targets, tool)? {
                Ok(values) => {
                    let change = values.map(|[a, b]| ValueChange::between(&meaning(), (&a, &b), &stats));
                    result.peaks.extend(change.map(|change| (tool, change)));
                }
                Err(failure) => result.failure = Some(failure),
            }
        }
        report.benchmarks.insert(each.id.clone(), result);
        listener(Event::Done);
    }
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

fn meaning() -> Meaning {
    Meaning { quantity: Quantity::Observed, unit: "bytes".to_owned(), better: Direction::Lower }
}

/// The peaks of both sides; `None` where the tool is not there.
type Peaks = Option<[Vec<f64>; 2]>;

/// Runs as many pairs as decide.
fn pairs<'a>(
    runners: &mut [Runner<'a>; 2],
    targets: &[Target<'a>; 2],
    tool: MemoryTool,
) -> Result<Result<Peaks, MemoryFailure>, SessionError> {
    let mut values: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    for pair in 0..MANY {
        if pair >= FEW && values.iter().all(|values| values.windows(2).all(|two| two[0] == two[1])) {
            break;
        }
        for side in if pair % 2 == 0 { [0, 1] } else { [1, 0] } {
            if runners[side].is_cancelled() {
                return Err(SessionError::Cancelled);
            }
            let result = runners[side].allocate(&targets[side], tool)?;
            match (result.outcome, result.error, result.value) {
                (Outcome::Ok, None, Some(bytes)) => values[side].push(bytes),
                (Outcome::Ok, None, None) => return Ok(Ok(None)),
                (outcome, error, _) => {
                    let reason = Measured { outcome, error, ..Measured::default() }.reason();
                    return Ok(Err(MemoryFailure { tree: Some(["A", "B"][side].to_owned()), reason }));
                }
            }
        }
    }
    Ok(Ok(Some(values)))
}
