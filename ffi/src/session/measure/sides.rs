//! Both trees of a pair, ready to run: one after the other, or both at once and in turn from sample to sample.

use super::paired::{BEFORE, Trial, status_of_run};
use crate::session::timing::{Measured, Pinned, Runner, Target, told};
use crate::session::{Event, Listener, SessionError};
use crate::suite::asv::{Repeat, Turns};
use crate::suite::{OpResult, Outcome as Ended};
use lightspeed_core::experiment::{Outcome, Side};
use lightspeed_core::stats::Status;
use serde_json::json;
use std::panic::resume_unwind;
use std::time::Instant;

/// Processors that a benchmark which does one thing at a time keeps busy at most: one, and some room for how times are told.
const SERIAL: f64 = 1.05;

/// Into how many a sample of ASV's length, 10 ms, is divided where two processes take turns: the noise of a pair was half of what it
/// was with whole ones.
const SPLIT: u64 = 10;
/// How many of those there are.
const SAMPLES: u64 = 100;
/// Seconds after which there are no more samples, as ASV has it.
const LONGEST_SAMPLING: f64 = 20.0;

/// Both trees.
pub(super) struct Sides<'a> {
    base: Runner<'a>,
    current: Runner<'a>,
    /// Seconds of all runs, from the start of their processes to their ends.
    pub(super) runs_s: f64,
}

/// A run, and the seconds that are its share.
#[derive(Clone, Debug)]
pub(super) struct Ran {
    result: OpResult,
    wall_s: f64,
}

impl<'a> Sides<'a> {
    pub(super) fn new(base: Runner<'a>, current: Runner<'a>) -> Self {
        Sides { base, current, runs_s: 0.0 }
    }

    /// Runs one side of an instance.
    ///
    /// # Errors
    /// The caller asked to stop, or no process can be started.
    pub(super) fn run(
        &mut self,
        trial: &mut Trial<'a>,
        side: Side,
        listener: Listener<'_>,
    ) -> Result<Outcome, SessionError> {
        if self.base.is_cancelled() {
            return Err(SessionError::Cancelled);
        }
        let held = trial.held.take().filter(|(held, _)| *held == side).map(|(_, ran)| ran);
        let Ran { result, wall_s } = match held {
            Some(ran) => ran,
            None => self.start(trial, side)?,
        };
        listener(Event::Ran { text: &told(trial.before.id, &result) });
        let (where_, measured) = match side {
            Side::Baseline => (BEFORE, &mut trial.baseline),
            Side::Current => ("", &mut trial.current),
        };
        let runs = measured.runs.len();
        measured.add(result);
        Ok(match (status_of_run(measured), measured.runs.get(runs)) {
            (Status::Ok, Some(values)) => Outcome::Values { values: values.clone(), wall_s },
            (Status::TimedOut, _) => Outcome::TimedOut,
            (Status::Skipped, _) => Outcome::Skipped,
            _ => Outcome::Failed { reason: format!("{where_}{}", measured.reason()) },
        })
    }

    /// The next run of a side, and what it is the first half of: where one processor is enough for both sides, the other one runs too,
    /// and waits for when it is asked for.
    fn start(&mut self, trial: &mut Trial<'a>, side: Side) -> Result<Ran, SessionError> {
        let began = Instant::now();
        if !trial.apart
            && is_serial(&trial.baseline, &trial.current)
            && let Ok(turns) = Turns::new(self.base.limit(&trial.before).max(self.current.limit(&trial.after())))
        {
            let [base, current] = self.together(trial, side, &turns)?;
            let wall_s = began.elapsed().as_secs_f64();
            self.runs_s += wall_s;
            trial.apart = [&base, &current].into_iter().any(|result| result.outcome != Ended::Ok);
            if !trial.apart {
                let ran = |result| Ran { result, wall_s: wall_s / 2.0 };
                let (own, other) = match side {
                    Side::Baseline => (base, (Side::Current, ran(current))),
                    Side::Current => (current, (Side::Baseline, ran(base))),
                };
                trial.held = Some(other);
                return Ok(ran(own));
            }
        }
        let number = shared_number(&trial.baseline, &trial.current, side);
        let pinned = Pinned { number, ..Pinned::default() };
        let result = match side {
            Side::Baseline => self.base.run(&trial.before, &pinned)?,
            Side::Current => self.current.run(&trial.after(), &pinned)?,
        };
        // The budget is the caller's time: starting a process is often most of it.
        let wall_s = began.elapsed().as_secs_f64();
        self.runs_s += wall_s;
        Ok(Ran { result, wall_s })
    }

    /// Runs both sides at once on one processor, where they take turns; `first` begins. Each pair has the next processor: where cores are
    /// shared with other machines, each has its own speed, and each changes it from one second to the next.
    fn together(&mut self, trial: &Trial<'a>, first: Side, turns: &Turns) -> Result<[OpResult; 2], SessionError> {
        let (before, after) = (trial.before, trial.after());
        let pinned = |side: Side| Pinned {
            cpu: Some(trial.baseline.runs.len()),
            turns: Some(turns.of(usize::from(side == Side::Current), side == first)),
            ..short_samples(&after, shared_number(&trial.baseline, &trial.current, side))
        };
        let (base_pinned, current_pinned) = (pinned(Side::Baseline), pinned(Side::Current));
        let operate = |runner: &mut Runner<'a>, target: &Target<'a>, pinned: &Pinned| {
            let result = runner.run(target, pinned);
            turns.end();
            result
        };
        let (base, current) = (&mut self.base, &mut self.current);
        let (base, current) = std::thread::scope(|scope| {
            let base = scope.spawn(|| operate(base, &before, &base_pinned));
            let current = operate(current, &after, &current_pinned);
            (base.join().unwrap_or_else(|panic| resume_unwind(panic)), current)
        });
        Ok([base?, current?])
    }
}

/// Short samples, so that turns change quickly; not where the suite says how many there are, or one call is a sample.
fn short_samples(target: &Target<'_>, number: Option<u64>) -> Pinned {
    let set = |name: &str| target.benchmark.attributes.get(name).is_some_and(|value| *value != json!(0));
    match number {
        Some(calls) if calls > 1 && !set("number") && !set("repeat") => Pinned {
            number: Some((calls / SPLIT).max(1)),
            repeat: Some(Repeat::Range(1, SAMPLES.min(SPLIT * calls), LONGEST_SAMPLING)),
            ..Pinned::default()
        },
        number => Pinned { number, ..Pinned::default() },
    }
}

/// Calls in a sample. Each side finds out for itself how many they are in its first run; what suits the faster one may take the slower
/// one for ever.
fn shared_number(baseline: &Measured, current: &Measured, side: Side) -> Option<u64> {
    let (own, other) = match side {
        Side::Baseline => (baseline.number, current.number),
        Side::Current => (current.number, baseline.number),
    };
    own.map(|own| other.map_or(own, |other| own.min(other)))
}

/// Whether both sides are known to keep one processor busy at most.
fn is_serial(baseline: &Measured, current: &Measured) -> bool {
    let serial = |side: &Measured| !side.runs.is_empty() && side.cpus <= SERIAL;
    serial(baseline) && serial(current)
}
