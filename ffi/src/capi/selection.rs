//! A selection: the affected benchmarks and why.

use super::panic::call;
use super::pointer::{Out, borrow, free, item};
use super::{lightspeed_buf, lightspeed_error, lightspeed_status, lightspeed_str};
use crate::session::{Affected, SelectReport};

/// What a change affects. Owned by the caller; free it with `lightspeed_selection_free`. It never changes, does not need
/// its session, and may be shared between threads.
#[derive(Debug)]
pub struct lightspeed_selection(pub(super) SelectReport);

/// Frees a selection and the texts borrowed from it. NULL is a no-op. Consumes `selection`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_selection_free(selection: *mut lightspeed_selection) {
    // SAFETY: NULL or a selection that the caller owns.
    unsafe { free(selection) }
}

/// How many benchmark instances are affected. NULL gives 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_selection_count(selection: *const lightspeed_selection) -> usize {
    // SAFETY: NULL or a selection that was not freed.
    unsafe { selection.as_ref() }.map_or(0, |selection| selection.0.affected.len())
}

/// How many benchmark instances are not affected, left-out changes of hotfiles included. NULL gives 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_selection_unaffected_count(selection: *const lightspeed_selection) -> usize {
    // SAFETY: NULL or a selection that was not freed.
    unsafe { selection.as_ref() }.map_or(0, |selection| selection.0.unaffected.len())
}

/// The id of an affected instance, `name` or `name-K`, in the order of the suite. Writes `*benchmark`, borrowed until the
/// selection is freed.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_selection_count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_selection_benchmark(
    selection: *const lightspeed_selection,
    index: usize,
    benchmark: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(benchmark, "benchmark")?;
            out.set(lightspeed_str::borrowed(&affected(selection, index)?.benchmark));
            Ok(())
        })
    }
}

/// How many reasons an affected instance has, at least one. Writes `*count`.
///
/// Errors: as `lightspeed_selection_benchmark`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_selection_reason_count(
    selection: *const lightspeed_selection,
    index: usize,
    count: *mut usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(count, "count")?;
            out.set(affected(selection, index)?.reasons.len());
            Ok(())
        })
    }
}

/// A reason of an affected instance, in words. Writes `*text`, borrowed until the selection is freed. The JSON document has
/// the reason's parts.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` or `reason` is not below its count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_selection_reason(
    selection: *const lightspeed_selection,
    index: usize,
    reason: usize,
    text: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(text, "text")?;
            let found = item(&affected(selection, index)?.reasons, reason, "reason")?;
            out.set(lightspeed_str::borrowed(&found.text));
            Ok(())
        })
    }
}

/// The whole selection as a JSON document, the one that `lightspeed select --json` prints
/// (docs/schemas/select.json). Writes `*json`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_selection_json(
    selection: *const lightspeed_selection,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(json, "json")?;
            out.set(lightspeed_buf::json(&borrow(selection, "selection")?.0)?);
            Ok(())
        })
    }
}

/// # Safety
/// NULL or a selection that nobody frees during `'a`.
unsafe fn affected<'a>(selection: *const lightspeed_selection, index: usize) -> Result<&'a Affected, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let selection = unsafe { borrow(selection, "selection") }?;
    item(&selection.0.affected, index, "affected benchmark")
}
