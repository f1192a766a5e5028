//! A measurement: what came of every selected benchmark.

use super::panic::call;
use super::pointer::{Out, borrow, free, item};
use super::{lightspeed_buf, lightspeed_error, lightspeed_gate, lightspeed_result, lightspeed_status, lightspeed_str};
use crate::session::{BenchmarkResult, MeasureReport};

/// What measuring gave. Owned by the caller; free it with `lightspeed_measurement_free`. It never changes, does not need its
/// session, and may be shared between threads.
#[derive(Debug)]
pub struct lightspeed_measurement {
    report: MeasureReport,
    /// The keys of the results: an index finds them without a walk.
    ids: Vec<String>,
}

/// Frees a measurement and the texts borrowed from it. NULL is a no-op. Consumes `measurement`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_free(measurement: *mut lightspeed_measurement) {
    // SAFETY: NULL or a measurement that the caller owns.
    unsafe { free(measurement) }
}

/// How many instances it has: every selected one, and those that are no longer in the suite. NULL gives 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_count(measurement: *const lightspeed_measurement) -> usize {
    // SAFETY: NULL or a measurement that was not freed.
    unsafe { measurement.as_ref() }.map_or(0, |measurement| measurement.ids.len())
}

/// The worst gate of all instances, a `lightspeed_gate`. LIGHTSPEED_GATE_NONE for NULL, and where there are no instances.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_gate(measurement: *const lightspeed_measurement) -> i32 {
    // SAFETY: NULL or a measurement that was not freed.
    let measurement = unsafe { measurement.as_ref() };
    let worst = measurement.and_then(|measurement| measurement.report.benchmarks.values().filter_map(|r| r.gate).max());
    worst.map_or(lightspeed_gate::None, Into::into) as i32
}

/// The id of an instance, `name` or `name-K`; they are in the order of their ids. Writes `*benchmark`, borrowed until the
/// measurement is freed.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_measurement_count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_benchmark(
    measurement: *const lightspeed_measurement,
    index: usize,
    benchmark: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(benchmark, "benchmark")?;
            let measurement = borrow(measurement, "measurement")?;
            out.set(lightspeed_str::borrowed(item(&measurement.ids, index, "measured benchmark")?));
            Ok(())
        })
    }
}

/// The numbers of an instance. Writes `*result`.
///
/// Errors: as `lightspeed_measurement_benchmark`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_result(
    measurement: *const lightspeed_measurement,
    index: usize,
    result: *mut lightspeed_result,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(result, "result")?;
            out.set(lightspeed_result::of_measurement(found(measurement, index)?));
            Ok(())
        })
    }
}

/// What an instance's numbers count: `seconds`, `bytes` …; empty where that is not known. Writes `*unit`, borrowed until the
/// measurement is freed.
///
/// Errors: as `lightspeed_measurement_benchmark`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_unit(
    measurement: *const lightspeed_measurement,
    index: usize,
    unit: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(unit, "unit")?;
            out.set(lightspeed_str::borrowed(&found(measurement, index)?.unit));
            Ok(())
        })
    }
}

/// Why an instance's outcome is not OK, or why there is no verdict, in a sentence; empty where neither is so. Writes `*text`,
/// borrowed until the measurement is freed.
///
/// Errors: as `lightspeed_measurement_benchmark`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_message(
    measurement: *const lightspeed_measurement,
    index: usize,
    text: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(text, "text")?;
            let reason = found(measurement, index)?.reason.as_deref();
            out.set(lightspeed_str::borrowed(reason.unwrap_or_default()));
            Ok(())
        })
    }
}

/// How many reasons there are why an instance was selected; 0 where it is no longer in the suite. Writes `*count`.
///
/// Errors: as `lightspeed_measurement_benchmark`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_reason_count(
    measurement: *const lightspeed_measurement,
    index: usize,
    count: *mut usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(count, "count")?;
            out.set(found(measurement, index)?.reasons.len());
            Ok(())
        })
    }
}

/// A reason why an instance was selected, in words, as in its selection. Writes `*text`, borrowed until the measurement is
/// freed. The JSON document has the reason's parts.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` or `reason` is not below its count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_reason(
    measurement: *const lightspeed_measurement,
    index: usize,
    reason: usize,
    text: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(text, "text")?;
            let reason = item(&found(measurement, index)?.reasons, reason, "reason")?;
            let words = reason.get("text").and_then(serde_json::Value::as_str);
            out.set(lightspeed_str::borrowed(words.unwrap_or_default()));
            Ok(())
        })
    }
}

/// The whole measurement as a JSON document, the one that `lightspeed measure --json` prints (docs/schemas/measure.json).
/// Writes `*json`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measurement_json(
    measurement: *const lightspeed_measurement,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(json, "json")?;
            out.set(lightspeed_buf::json(&borrow(measurement, "measurement")?.report)?);
            Ok(())
        })
    }
}

impl lightspeed_measurement {
    pub(super) fn new(report: MeasureReport) -> Self {
        Self { ids: report.benchmarks.keys().cloned().collect(), report }
    }
}

/// # Safety
/// NULL or a measurement that nobody frees during `'a`.
unsafe fn found<'a>(
    measurement: *const lightspeed_measurement,
    index: usize,
) -> Result<&'a BenchmarkResult, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let measurement = unsafe { borrow(measurement, "measurement") }?;
    let id = item(&measurement.ids, index, "measured benchmark")?;
    let gone = || lightspeed_error::out_of_range("measured benchmark", index, measurement.ids.len());
    measurement.report.benchmarks.get(id).ok_or_else(gone)
}
