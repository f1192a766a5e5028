//! Rounds: every instance once, then every instance once more, so that a slow minute does not hit one alone.

use super::zygotes::{Caches, Zygotes, settle};
use super::{Conditions, Measured, Pinned, Target, duration};
use crate::session::{Event, Listener, SessionError};
use crate::suite::asv::{InstanceRequest, MemoryTool};
use crate::suite::{self, OpResult, SuiteError};
use std::collections::BTreeMap;
use std::time::Duration;

/// Hears of an instance as soon as its last round is done.
pub(in crate::session) type Finished<'f> = &'f mut dyn FnMut(&Target<'_>, Measured) -> Result<(), SessionError>;

/// Measures instances in ASV's order: round by round, the users of one shared cache together, by name; each in a
/// process of its own. `what` is how the listener hears of it.
///
/// What goes wrong inside a benchmark, or in the import of its file, is its [`Measured`]. Whatever was finished before
/// an error has been handed over.
///
/// # Errors
/// The caller asked to stop, no process can be started, or `finished` failed.
pub(in crate::session) fn measure_instances(
    what: &str,
    conditions: &Conditions<'_>,
    targets: &[Target<'_>],
    listener: Listener<'_>,
    finished: Finished<'_>,
) -> Result<(), SessionError> {
    let mut jobs: Vec<Job<'_>> = in_asv_order(targets).into_iter().map(|target| Job::new(target, conditions)).collect();
    let total = jobs.iter().map(|job| job.left as usize).sum();
    listener(Event::Begin { what, total });
    let mut runner = Runner::new(*conditions, targets);
    let rounds = jobs.iter().map(|job| job.left).max().unwrap_or(0);
    for round in (1..=rounds).rev() {
        // A job with fewer rounds waits for the last ones.
        for job in jobs.iter_mut().filter(|job| job.left == round) {
            if conditions.cancel.is_cancelled() {
                return Err(SessionError::Cancelled);
            }
            listener(Event::Item { name: job.target.id });
            let result = runner.run(&job.target, &Pinned { number: job.measured.number, ..Pinned::default() })?;
            listener(Event::Ran { text: &told(job.target.id, &result) });
            job.measured.add(result);
            let done = if job.measured.is_sound() { 1 } else { job.left };
            job.left -= done;
            (0..done).for_each(|_| listener(Event::Done));
            if job.left == 0 {
                job.measured.close();
                finished(&job.target, std::mem::take(&mut job.measured))?;
            }
        }
    }
    Ok(())
}

/// How a run ended.
pub(in crate::session) fn told(id: &str, result: &OpResult) -> String {
    let outcome = format!("{:?}", result.outcome).to_lowercase();
    let samples = result.samples.as_ref().map_or(String::new(), |samples| format!(", {} samples", samples.len()));
    let error = result.error.as_ref().map_or(String::new(), |error| format!(": {error}"));
    format!("{id}: {outcome} after {:.2} s{samples}{error}", result.wall_s)
}

/// An instance and what its rounds gave so far.
struct Job<'a> {
    target: Target<'a>,
    left: u32,
    measured: Measured,
}

impl<'a> Job<'a> {
    fn new(target: Target<'a>, conditions: &Conditions<'_>) -> Self {
        Self { target, left: conditions.timing.rounds_of(target.benchmark), measured: Measured::default() }
    }
}

/// By name and combination; then the users of one cache together, in the order of the first of each.
fn in_asv_order<'a>(targets: &[Target<'a>]) -> Vec<Target<'a>> {
    let mut sorted = targets.to_vec();
    sorted.sort_by(|a, b| (&a.benchmark.name, a.param).cmp(&(&b.benchmark.name, b.param)));
    let mut places: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for target in &sorted {
        let next = places.len();
        places.entry(target.benchmark.setup_cache_key.as_deref()).or_insert(next);
    }
    sorted.sort_by_key(|target| places.get(&target.benchmark.setup_cache_key.as_deref()).copied());
    sorted
}

/// Runs instances one by one; keeps what they share.
pub(in crate::session) struct Runner<'a> {
    conditions: Conditions<'a>,
    zygotes: Zygotes<'a>,
    caches: Caches<'a>,
}

impl<'a> Runner<'a> {
    /// Nothing started yet. `targets` are all that will be run.
    pub(in crate::session) fn new(conditions: Conditions<'a>, targets: &[Target<'a>]) -> Self {
        Self { conditions, zygotes: Zygotes::new(conditions), caches: Caches::new(targets, &conditions) }
    }

    /// Whether the caller asked to stop.
    pub(in crate::session) fn is_cancelled(&self) -> bool {
        self.conditions.cancel.is_cancelled()
    }

    /// Runs an instance once.
    pub(in crate::session) fn run(&mut self, target: &Target<'a>, pinned: &Pinned) -> Result<OpResult, SessionError> {
        let overrides = self.conditions.timing.overrides(pinned);
        self.operate(target, |zygote, request| zygote.run(request, &overrides))
    }

    /// Runs an instance once under what tells the peak of its memory.
    pub(in crate::session) fn allocate(
        &mut self,
        target: &Target<'a>,
        tool: MemoryTool,
    ) -> Result<OpResult, SessionError> {
        self.operate(target, |zygote, request| zygote.allocate(request, tool))
    }

    /// How long a run of an instance may take.
    pub(in crate::session) fn limit(&self, target: &Target<'_>) -> Duration {
        duration(self.conditions.seconds_for(target.benchmark))
    }

    fn operate(
        &mut self,
        target: &Target<'a>,
        operation: impl FnOnce(&mut suite::Runner<'a>, &InstanceRequest<'_>) -> Result<OpResult, SuiteError>,
    ) -> Result<OpResult, SessionError> {
        let benchmark = target.benchmark;
        let zygote = match self.zygotes.of(&benchmark.file)? {
            Ok(zygote) => zygote,
            Err(result) => return Ok(result),
        };
        let cache_dir = match self.caches.of(benchmark, zygote)? {
            Ok(cache_dir) => cache_dir,
            Err(result) => return Ok(result),
        };
        let seconds = self.conditions.seconds_for(benchmark);
        let request = InstanceRequest { benchmark, param: target.param, cache_dir, timeout: duration(seconds) };
        settle(operation(zygote, &request), seconds)
    }
}
