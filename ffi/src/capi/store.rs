//! A database of surveys, baselines and steps, for harnesses that run their benchmarks themselves.

use super::panic::{Poison, call};
use super::pointer::{HandleOut, Out, borrow, free, out_slice, slice};
use super::{
    lightspeed_buf, lightspeed_error, lightspeed_index, lightspeed_status, lightspeed_str, lightspeed_verdict,
};
use crate::harness::{self, Measurement};
use crate::session::{SessionError, export_baselines, load_baselines, results_of, suite_of};
use crate::store::{OpenMode, Store};
use std::sync::{Mutex, PoisonError};

/// An open database, the one file that sessions use too. Owned by the caller; free it with `lightspeed_store_free`. May be
/// shared between threads, which take turns. Other processes may read it, and delete from it, meanwhile.
#[derive(Debug)]
pub struct lightspeed_store {
    store: Mutex<Store>,
    poison: Poison,
}

/// What a database is opened for.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_store_mode {
    /// To be read. It must be there.
    Read = 0,
    /// To be written as well. It is made where it is not there.
    Write = 1,
}

/// Opens the database at `path`, a file; `mode` is a `lightspeed_store_mode`. Writes `*store`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT; NO_SURVEY where it is to be read and not there; DATABASE, VERSION, BUSY; IO.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_open(
    path: lightspeed_str,
    mode: i32,
    store: *mut *mut lightspeed_store,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(store, "store")?;
            let path = path.path("path")?;
            let path = path.ok_or_else(|| lightspeed_error::argument("path is empty: name a file".to_owned()))?;
            let mode = match mode {
                m if m == lightspeed_store_mode::Read as i32 => OpenMode::ReadOnly,
                m if m == lightspeed_store_mode::Write as i32 => OpenMode::ReadWrite,
                other => {
                    let message = format!("mode is {other}: that is no lightspeed_store_mode");
                    return Err(lightspeed_error::argument(message));
                }
            };
            let opened = Store::open(&path, mode).map_err(SessionError::from)?;
            out.set(lightspeed_store { store: Mutex::new(opened), poison: Poison::default() });
            Ok(())
        })
    }
}

/// Closes a database. NULL is a no-op. Consumes `store`; indexes live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_free(store: *mut lightspeed_store) {
    // SAFETY: NULL or a store that the caller owns.
    unsafe { free(store) }
}

/// Keeps a survey: from now on it answers, and the one before is gone, with the baselines of instances that it does not have. All of it or
/// nothing.
///
/// Errors: INVALID_ARGUMENT; BUSY where another process surveys; DATABASE; IO; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_put_survey(
    store: *const lightspeed_store,
    index: *const lightspeed_index,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let index = borrow(index, "index")?;
            with(store, |store| harness::put_survey(store, &index.index))
        })
    }
}

/// The survey that answers, a session's as well. Writes `*index`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT; NO_SURVEY; DATABASE, VERSION; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_survey(
    store: *const lightspeed_store,
    index: *mut *mut lightspeed_index,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(index, "index")?;
            out.set(lightspeed_index::new(with(store, harness::survey)?));
            Ok(())
        })
    }
}

/// Keeps `count` samples, in the order of time, as the baseline of an instance, replacing an earlier one. `unit` says what they
/// count: `seconds`, `bytes` …
///
/// Errors: INVALID_ARGUMENT, also for no samples or some that are not finite; NO_SURVEY; DATABASE, BUSY; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_put_baseline(
    store: *const lightspeed_store,
    benchmark: lightspeed_str,
    unit: lightspeed_str,
    samples: *const f64,
    count: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let measured = measurement(benchmark, unit, samples, count)?;
            with(store, |store| harness::put_baseline(store, &measured))
        })
    }
}

/// The samples of the baseline of an instance: writes as many as there are, at most `capacity`, to `samples`, and how many there
/// are to `*count`; 0 where it has no baseline. With a `capacity` of 0 it only counts.
///
/// Errors: INVALID_ARGUMENT; DATABASE, BUSY; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_baseline(
    store: *const lightspeed_store,
    benchmark: lightspeed_str,
    samples: *mut f64,
    capacity: usize,
    count: *mut usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(count, "count")?;
            let benchmark = benchmark.text("benchmark")?;
            let found = with(store, |store| harness::baseline(store, benchmark))?.unwrap_or_default();
            out_slice(samples, capacity, &found, "samples")?;
            out.set(found.len());
            Ok(())
        })
    }
}

/// Begins a step, one measured change. Results of an earlier one of the same id are gone.
///
/// Errors: INVALID_ARGUMENT, also for an empty id; DATABASE, BUSY; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_begin_step(
    store: *const lightspeed_store,
    step_id: lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let step_id = step_id.text("step_id")?;
            with(store, |store| harness::begin_step(store, step_id))
        })
    }
}

/// Keeps what a step measured of an instance, with its change against the baseline. `verdict` is a `lightspeed_verdict`. Other
/// processes see it at once.
///
/// Errors: INVALID_ARGUMENT, also for a step that was not begun, for no samples or some that are not finite; DATABASE, BUSY;
/// POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_put_result(
    store: *const lightspeed_store,
    step_id: lightspeed_str,
    benchmark: lightspeed_str,
    unit: lightspeed_str,
    samples: *const f64,
    count: usize,
    verdict: i32,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let step_id = step_id.text("step_id")?;
            let measured = measurement(benchmark, unit, samples, count)?;
            let verdict = lightspeed_verdict::checked(verdict)?;
            with(store, |store| harness::put_result(store, step_id, &measured, verdict))
        })
    }
}

/// The baselines, or with a `step_id` that is not empty the results of that step, as a JSON document, the one that `lightspeed results
/// --json` prints (docs/schemas/results.json). Writes `*json`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT, also for a step that is not there; DATABASE, BUSY; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_results_json(
    store: *const lightspeed_store,
    step_id: lightspeed_str,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(json, "json")?;
            let step_id = step_id.text("step_id")?;
            let results = with(store, |store| results_of(store, (!step_id.is_empty()).then_some(step_id)))?;
            out.set(lightspeed_buf::json(&results)?);
            Ok(())
        })
    }
}

/// All baselines, as a JSON object by instance (docs/schemas/baselines.json), to be loaded into another database. Writes `*json`,
/// owned by the caller.
///
/// Errors: INVALID_ARGUMENT; DATABASE, BUSY; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_baselines_json(
    store: *const lightspeed_store,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(json, "json")?;
            out.set(lightspeed_buf::json(&with(store, export_baselines)?)?);
            Ok(())
        })
    }
}

/// Keeps baselines of such an object; of each only the statistics are required. The caller vouches for what they do not say, such
/// as that they were measured on this machine. What does not fit the survey is refused, the rest is kept, all at once. Writes
/// `*report`, owned by the caller: a JSON object with `loaded`, how many were kept, and `refused`, the reason by instance.
///
/// Errors: INVALID_ARGUMENT, also for text that is no such object; NO_SURVEY; DATABASE, BUSY; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_load_baselines(
    store: *const lightspeed_store,
    json: lightspeed_str,
    report: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(report, "report")?;
            let json = json.text("json")?;
            out.set(lightspeed_buf::json(&with(store, |store| load_baselines(store, json))?)?);
            Ok(())
        })
    }
}

/// The suite as the last survey found it, as a JSON object (docs/schemas/suite.json): benchmarks as their runner described them, files
/// with git's SHA-1. Writes `*json`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT; NO_SURVEY; DATABASE, BUSY; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_store_suite_json(
    store: *const lightspeed_store,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(json, "json")?;
            out.set(lightspeed_buf::json(&with(store, suite_of)?)?);
            Ok(())
        })
    }
}

/// # Safety
/// Inputs of the caller, valid for all of `'a`.
unsafe fn measurement<'a>(
    benchmark: lightspeed_str,
    unit: lightspeed_str,
    samples: *const f64,
    count: usize,
) -> Result<Measurement<'a>, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let (benchmark, unit, samples) =
        unsafe { (benchmark.text("benchmark")?, unit.text("unit")?, slice(samples, count, "samples")?) };
    if benchmark.is_empty() {
        return Err(lightspeed_error::argument("benchmark is empty".to_owned()));
    }
    Ok(Measurement { benchmark, unit, samples })
}

/// # Safety
/// NULL or a store that nobody frees during the call.
unsafe fn with<T>(
    store: *const lightspeed_store,
    what: impl FnOnce(&Store) -> Result<T, SessionError>,
) -> Result<T, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let handle = unsafe { borrow(store, "store") }?;
    let _guard = handle.poison.enter()?;
    // A panic has poisoned the handle itself; SQLite undid what was not finished.
    let store = handle.store.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(what(&store)?)
}
