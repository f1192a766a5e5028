//! An experiment that the caller runs: what to run next, when to stop, what the runs say.

use super::options::read;
use super::panic::{Poison, call};
use super::pointer::{HandleOut, Out, borrow, borrow_mut, free, item, slice};
use super::{
    lightspeed_buf, lightspeed_error, lightspeed_experiment_options, lightspeed_result, lightspeed_status,
    lightspeed_str,
};
use lightspeed_core::experiment::{BenchmarkResult, Design, Experiment, Next, Outcome, Plan, Results, Run, Side};
use lightspeed_core::stats::{Gate, GatePolicy};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// An experiment under way. Owned by the caller; free it with `lightspeed_experiment_free`. It starts nothing and reads no
/// clock. Functions that take it without `const` change it and need it for themselves; the others may be called by several
/// threads at once.
#[derive(Debug)]
pub struct lightspeed_experiment {
    experiment: Experiment,
    /// The place of each benchmark in the plan.
    places: BTreeMap<String, usize>,
    /// What the runs say, until there is another one.
    results: OnceLock<Results>,
    pub(super) poison: Poison,
}

/// Which code a run is of.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_side {
    /// Before the change. All runs of a sweep, which is of one code.
    Baseline = 0,
    /// After the change; in a calibration before it too.
    Current = 1,
}

/// A process run that is asked for.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_run {
    /// Whether there is one. If not, nothing is left to run and the rest is 0 and empty.
    pub more: bool,
    /// Whether it is the first of its pair.
    pub first: bool,
    /// Whether it only warms up: its values do not count.
    pub warmup: bool,
    /// Which code, a `lightspeed_side`.
    pub side: i32,
    /// Which benchmark, its place among those the experiment was made of.
    pub index: usize,
    /// The name of that benchmark; of a sweep a point, `workers=2,level=6`. Borrowed until the experiment is freed.
    pub benchmark: lightspeed_str,
    /// Which pair of this benchmark, from 0; of a sweep the round.
    pub pair: usize,
}

/// How far an experiment is.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_progress {
    /// Runs that were recorded, warm-ups included.
    pub done: usize,
    /// Runs in all, if those that are not decided go on as far as they may need.
    pub expected: usize,
    /// Benchmarks with nothing left to run.
    pub decided: usize,
    /// Benchmarks.
    pub benchmarks: usize,
    /// Seconds that runs took.
    pub spent_s: f64,
}

/// Makes an experiment of `count` benchmarks, at least one, named by texts that all differ. Nothing is run yet.
///
/// `options` may be NULL for the defaults: pairs until decided, 60 at most. Writes `*experiment`, owned by the caller. From any
/// thread.
///
/// Errors: INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_new(
    benchmarks: *const lightspeed_str,
    count: usize,
    options: *const lightspeed_experiment_options,
    experiment: *mut *mut lightspeed_experiment,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(experiment, "experiment")?;
            let options = read(options)?;
            let names = slice(benchmarks, count, "benchmarks")?.iter().map(|name| name.text("a benchmark's name"));
            let plan = options.plan(&names.collect::<Result<Vec<_>, _>>()?)?;
            out.set(lightspeed_experiment::new(Experiment::new(plan)?));
            Ok(())
        })
    }
}

/// Makes an experiment of a whole plan as JSON, for what options do not say: a margin, a control and an expected time for each
/// benchmark, other bets, other verdicts to stop at, sweeps. Nothing is run yet. Writes `*experiment`, owned by the caller. From
/// any thread.
///
/// `plan_json` is `{"design": {"kind": "until_decided", "most_pairs": 60, "bet": "signed_rank", "stop_at": ["regressed", …]},
/// "benchmarks": [{"id": "a", "margin": 0.02, "control": false, "run_s": null}], "alpha": 0.05, "seed": 1, "warmups": 0,
/// "budget_s": null}`; other designs are `two_samples` (`runs`), `pairs` (`pairs`) and `calibration` (`comparisons`, `pairs`).
///
/// A *sweep* runs one code at every point of some axes and says how much better each point is than the smallest of its line, and by
/// which law values grow or shrink along it. Its design is `{"kind": "sweep", "axes": ["workers=1,2,4", {"name": "level",
/// "values": [1, 6, 9]}], "repeats": 6}`, and its plan needs no `benchmarks`: they are the points, by names such as
/// `workers=2,level=6`, the last axis changing first.
///
/// - An axis is a text, `name=values` or `name:kind=values`, or an object with `name`, `values` (a list or a text), and if wanted a
///   `kind` (`int`, `float`, `shape` such as `16x64`, `text`). Texts list values with commas; of numbers also ranges, `1..16`,
///   `1..16 step 2`, `log2 1..64`.
/// - `combination`: `cartesian`, each value with all others (the default), or `zipped`, the first values of all axes, then the second.
/// - `repeats`: rounds over all points that count, 6 by default, the fewest that give a speed-up an interval where alpha is 0.05. Each
///   round has a random order of its own.
/// - `along`: the axis along which points are compared; by default the one that counts workers, else the first of several sizes.
/// - `workers`: the axis that counts workers, for the efficiency; by default one that is called `workers`, `threads`, `jobs` or the like.
/// - `better`: `lower` (the default) or `higher` values.
///
/// Errors: INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_from_plan(
    plan_json: lightspeed_str,
    experiment: *mut *mut lightspeed_experiment,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(experiment, "experiment")?;
            let plan: Plan = parsed(plan_json.text("plan_json")?, "plan_json")?;
            out.set(lightspeed_experiment::new(Experiment::new(plan)?));
            Ok(())
        })
    }
}

/// Takes up the experiment whose `lightspeed_experiment_state` this is, where it was. Writes `*experiment`, owned by the
/// caller. From any thread.
///
/// Errors: INVALID_ARGUMENT, also for a text that is the state of no experiment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_resume(
    state_json: lightspeed_str,
    experiment: *mut *mut lightspeed_experiment,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(experiment, "experiment")?;
            let resumed: Experiment = parsed(state_json.text("state_json")?, "state_json")?;
            out.set(lightspeed_experiment::new(resumed));
            Ok(())
        })
    }
}

/// Frees an experiment and the texts borrowed from it. NULL is a no-op. Consumes `experiment`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_free(experiment: *mut lightspeed_experiment) {
    // SAFETY: NULL or an experiment that the caller owns.
    unsafe { free(experiment) }
}

/// What to run now: writes `*run`, the same one until its outcome was recorded. Run it in a process of its own, or as freshly
/// as the harness can, then record what came of it.
///
/// Errors: INVALID_ARGUMENT; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_next(
    experiment: *mut lightspeed_experiment,
    run: *mut lightspeed_run,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(run, "run")?;
            let handle = borrow_mut(experiment, "experiment")?;
            let _guard = handle.poison.enter()?;
            out.set(match handle.experiment.next() {
                Next::Done => lightspeed_run::NONE,
                Next::Run(run) => lightspeed_run::new(&run, &handle.places)?,
            });
            Ok(())
        })
    }
}

/// Records the `count` values that the run gave, all finite and above 0, in whatever unit the benchmark has, and the seconds
/// that it took in all. The values of one run collapse to their median.
///
/// Errors: INVALID_ARGUMENT, also where no run was asked for; STATISTICS for values that are not usable. Nothing is changed then,
/// and the run is still the next one: record it again, or that it failed. POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_record(
    experiment: *mut lightspeed_experiment,
    values: *const f64,
    count: usize,
    wall_s: f64,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        record(experiment, || Ok(Outcome::Values { values: slice(values, count, "values")?.to_vec(), wall_s }), err)
    }
}

/// Records that the run raised an error, exited or crashed, and why. Its benchmark is not run again.
///
/// Errors: INVALID_ARGUMENT, also where no run was asked for; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_record_failed(
    experiment: *mut lightspeed_experiment,
    reason: lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe { record(experiment, || Ok(Outcome::Failed { reason: reason.text("reason")?.to_owned() }), err) }
}

/// Records that the run's time was up. Its benchmark is not run again.
///
/// Errors: as `lightspeed_experiment_record_failed`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_record_timed_out(
    experiment: *mut lightspeed_experiment,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe { record(experiment, || Ok(Outcome::TimedOut), err) }
}

/// Records that the run asked to be skipped. Its benchmark is not run again.
///
/// Errors: as `lightspeed_experiment_record_failed`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_record_skipped(
    experiment: *mut lightspeed_experiment,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe { record(experiment, || Ok(Outcome::Skipped), err) }
}

/// Asks for nothing more: the next run is none. What was recorded stays and has results.
///
/// Errors: INVALID_ARGUMENT; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_cancel(
    experiment: *mut lightspeed_experiment,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let handle = borrow_mut(experiment, "experiment")?;
            let _guard = handle.poison.enter()?;
            handle.experiment.cancel();
            handle.results.take();
            Ok(())
        })
    }
}

/// How many benchmarks it has. NULL gives 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_count(experiment: *const lightspeed_experiment) -> usize {
    // SAFETY: NULL or an experiment that was not freed.
    unsafe { experiment.as_ref() }.map_or(0, |experiment| experiment.places.len())
}

/// How far it is. Writes `*progress`.
///
/// Errors: INVALID_ARGUMENT; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_progress(
    experiment: *const lightspeed_experiment,
    progress: *mut lightspeed_progress,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(progress, "progress")?;
            let handle = borrow(experiment, "experiment")?;
            let _guard = handle.poison.enter()?;
            let found = handle.experiment.progress();
            out.set(lightspeed_progress {
                done: found.done,
                expected: found.expected,
                decided: found.decided,
                benchmarks: found.benchmarks,
                spent_s: found.spent_s,
            });
            Ok(())
        })
    }
}

/// What the runs of a benchmark say so far, at any time. Writes `*result`. The first call after a run was recorded works it out
/// for all benchmarks, further ones read it.
///
/// Of a sweep a point is set against the smallest of its line: `baseline` is that one's median, `ratio` how many times as much the
/// point takes. There is neither a verdict nor a gate. What speed-ups and laws there are says
/// `lightspeed_experiment_results_json`.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_experiment_count`; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_result(
    experiment: *const lightspeed_experiment,
    index: usize,
    result: *mut lightspeed_result,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(result, "result")?;
            let handle = borrow(experiment, "experiment")?;
            let _guard = handle.poison.enter()?;
            let found = item(&handle.results().benchmarks, index, "benchmark")?;
            out.set(lightspeed_result::of_experiment(found, handle.experiment.medians(index), handle.gate(found)));
            Ok(())
        })
    }
}

/// What the runs say so far, at any time, as JSON: each benchmark with all its numbers, their assumptions and warnings, negative
/// controls that moved, the seed. Writes `*json`, owned by the caller.
///
/// Of a sweep there is also `sweep`: its `points` in their order (`id`, `values` by axis, `spread`, the place of the `base`, `speedup`
/// and `efficiency` as `estimate` with `interval`, a `note` where one is missing), its `lines` (the values that are `fixed`, the axis
/// `along`, places of `points`, and `scaling`: a `model`, or null with the `reason`, and all `fits`), and the machine's `drift`, or
/// null.
///
/// Errors: INVALID_ARGUMENT; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_results_json(
    experiment: *const lightspeed_experiment,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(json, "json")?;
            let handle = borrow(experiment, "experiment")?;
            let _guard = handle.poison.enter()?;
            out.set(lightspeed_buf::json(handle.results())?);
            Ok(())
        })
    }
}

/// All there is to it, as JSON that `lightspeed_experiment_resume` takes: keep it after any step and go on in another process.
/// Writes `*json`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_experiment_state(
    experiment: *const lightspeed_experiment,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(json, "json")?;
            let handle = borrow(experiment, "experiment")?;
            let _guard = handle.poison.enter()?;
            out.set(lightspeed_buf::json(&handle.experiment)?);
            Ok(())
        })
    }
}

/// # Safety
/// Inputs of the caller, valid during the call.
unsafe fn record(
    experiment: *mut lightspeed_experiment,
    outcome: impl FnOnce() -> Result<Outcome, lightspeed_error>,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: as promised by the caller.
    unsafe {
        call(err, || {
            let handle = borrow_mut(experiment, "experiment")?;
            let _guard = handle.poison.enter()?;
            handle.experiment.record(outcome()?)?;
            handle.results.take();
            Ok(())
        })
    }
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str, name: &str) -> Result<T, lightspeed_error> {
    serde_json::from_str(text).map_err(|error| lightspeed_error::argument(format!("{name} is not usable: {error}")))
}

impl lightspeed_experiment {
    fn new(experiment: Experiment) -> Self {
        let names = experiment.plan().benchmarks.iter().map(|benchmark| benchmark.id.clone());
        let places = names.zip(0..).collect();
        Self { experiment, places, results: OnceLock::new(), poison: Poison::default() }
    }

    fn results(&self) -> &Results {
        self.results.get_or_init(|| self.experiment.results())
    }

    /// Neither a control nor a point of a sweep lets anything through or stops it.
    fn gate(&self, found: &BenchmarkResult) -> Option<Gate> {
        let is_sweep = matches!(self.experiment.plan().design, Design::Sweep(_));
        (!found.control && !is_sweep).then(|| GatePolicy::default().judge(found.status, found.verdict))
    }
}

impl lightspeed_run {
    const NONE: Self = Self {
        more: false,
        first: false,
        warmup: false,
        side: lightspeed_side::Baseline as i32,
        index: 0,
        benchmark: lightspeed_str::empty(),
        pair: 0,
    };

    fn new(run: &Run, places: &BTreeMap<String, usize>) -> Result<Self, lightspeed_error> {
        let unknown = || {
            let message = format!("{} is next and not in the plan: please report it", run.benchmark);
            lightspeed_error::new(lightspeed_status::Internal, message)
        };
        let (name, index) = places.get_key_value(&run.benchmark).ok_or_else(unknown)?;
        let side = match run.side {
            Side::Baseline => lightspeed_side::Baseline,
            Side::Current => lightspeed_side::Current,
        };
        Ok(Self {
            more: true,
            first: run.first,
            warmup: run.warmup,
            side: side as i32,
            index: *index,
            benchmark: lightspeed_str::borrowed(name),
            pair: run.pair,
        })
    }
}
