//! Why one benchmark is affected, or is not.

use super::options::read;
use super::panic::call;
use super::pointer::{Out, borrow};
use super::select::{named_files, since};
use super::{lightspeed_buf, lightspeed_error, lightspeed_select_options, lightspeed_session};
use super::{lightspeed_status, lightspeed_str};
use crate::session::ChangeSource;

/// Says what of the named changes reaches a benchmark and on which way, or what of the changed files it uses.
///
/// `benchmark` is the id of an instance or the name of a benchmark, which stands for all its instances. `files`, `count` and
/// `options` are as for `lightspeed_session_select_files`. Writes `*json`, owned by the caller: the document that
/// `lightspeed explain --json` prints (docs/schemas/explain.json).
///
/// Errors: as `lightspeed_session_select_files`; INVALID_ARGUMENT also where the suite has no such benchmark.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_explain_files(
    session: *const lightspeed_session,
    benchmark: lightspeed_str,
    files: *const lightspeed_str,
    count: usize,
    options: *const lightspeed_select_options,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe { explain(session, benchmark, || named_files(files, count), options, json, err) }
}

/// As `lightspeed_session_explain_files`, with git's changes since the revision `base`, as for
/// `lightspeed_session_select_git`. Writes `*json`, owned by the caller.
///
/// Errors: as `lightspeed_session_explain_files`; GIT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_explain_git(
    session: *const lightspeed_session,
    benchmark: lightspeed_str,
    base: lightspeed_str,
    options: *const lightspeed_select_options,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe { explain(session, benchmark, || since(base), options, json, err) }
}

/// As `lightspeed_session_explain_files`, with every difference between the tree and the survey. Writes `*json`, owned by
/// the caller.
///
/// Errors: as `lightspeed_session_explain_files`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_explain_survey(
    session: *const lightspeed_session,
    benchmark: lightspeed_str,
    options: *const lightspeed_select_options,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe { explain(session, benchmark, || Ok(ChangeSource::Survey), options, json, err) }
}

/// # Safety
/// Inputs and outputs of the caller, valid during the call.
unsafe fn explain(
    session: *const lightspeed_session,
    benchmark: lightspeed_str,
    source: impl FnOnce() -> Result<ChangeSource, lightspeed_error>,
    options: *const lightspeed_select_options,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: as promised by the caller.
    unsafe {
        call(err, || {
            let out = Out::new(json, "json")?;
            let handle = borrow(session, "session")?;
            let _guard = handle.enter()?;
            let benchmark = benchmark.text("benchmark")?;
            let options = read(options)?;
            let select = options.checked(source()?)?;
            let report = options.watch().over(&handle.callbacks, |cancel, listener| {
                handle.session.with_cancel(cancel).explain(benchmark, &select, listener)
            })?;
            out.set(lightspeed_buf::json(&report)?);
            Ok(())
        })
    }
}
