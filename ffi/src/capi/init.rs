//! Surveying a suite and measuring its baseline.

use super::options::{Options, flag, given, given_count, init, read};
use super::panic::call;
use super::pointer::{Out, borrow};
use super::progress::Watch;
use super::{lightspeed_buf, lightspeed_cancel, lightspeed_error, lightspeed_listener, lightspeed_session};
use super::{lightspeed_status, lightspeed_str};
use crate::session::{InitOptions, Timing};
use std::ffi::c_void;
use std::time::Duration;

/// How to initialise. Begin with `LIGHTSPEED_INIT_OPTIONS_INIT` or `lightspeed_init_options_init`. Read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_init_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// 1 surveys and measures everything again; 0 keeps what is still true.
    pub force: i32,
    /// 1 leaves the baseline timing out; else 0.
    pub survey_only: i32,
    /// Seconds to wait for another process's survey; negative for as long as it takes.
    pub wait_s: f64,
    /// The revision of the sources to survey and measure; empty for the tree as it is.
    pub base_commit: lightspeed_str,
    /// Process runs of each timed benchmark, from 1; negative for the benchmark's own number.
    pub rounds: i64,
    /// Samples in each run, from 1; negative for the benchmark's own number.
    pub repeat: i64,
    /// Seconds in each run before samples count; negative for the benchmark's own.
    pub warmup_time: f64,
    /// Stops the call when raised; NULL for never. Borrowed until the call returns.
    pub cancel: *const lightspeed_cancel,
    /// Hears what the call does; NULL for nobody.
    pub listener: lightspeed_listener,
    /// Handed to `listener`.
    pub userdata: *mut c_void,
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_init_options)`.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_init_options_init(
    options: *mut lightspeed_init_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || init(options, struct_size)) }
}

/// Surveys the suite and measures its baseline; what is there and still true is kept. Runs the suite's Python.
///
/// `options` may be NULL for the defaults. Writes `*report_json`, owned by the caller: the document that `lightspeed init --json`
/// prints (docs/schemas/init.json). What goes wrong in one benchmark is in it, and no error.
///
/// Errors: INVALID_ARGUMENT; NO_SOURCE_ROOT; PYTHON, SUITE, PROCESS; GIT with `base_commit`; CHANGED_MEANWHILE; DATABASE, VERSION;
/// BUSY where another survey ran longer than `wait_s`; IO; CANCELLED, after which the same call goes on where this one ended;
/// POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_init(
    session: *const lightspeed_session,
    options: *const lightspeed_init_options,
    report_json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(report_json, "report_json")?;
            let handle = borrow(session, "session")?;
            let _guard = handle.enter()?;
            let options = read(options)?;
            let init = options.checked()?;
            let watch = Watch { cancel: options.cancel, listener: options.listener, userdata: options.userdata };
            let report = watch
                .over(&handle.callbacks, |cancel, listener| handle.session.with_cancel(cancel).init(&init, listener))?;
            out.set(lightspeed_buf::json(&report)?);
            Ok(())
        })
    }
}

/// How long to measure, as options say it.
pub(super) fn timing(rounds: i64, repeat: i64, warmup_time: f64) -> Result<Timing, lightspeed_error> {
    Ok(Timing {
        rounds: given_count(rounds, 1, "rounds")?,
        repeat: given_count(repeat, 1, "repeat")?,
        warmup_time: given(warmup_time, "warmup_time")?,
    })
}

impl lightspeed_init_options {
    /// # Safety
    /// The text is the caller's, valid during the call.
    unsafe fn checked(&self) -> Result<InitOptions, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let base_commit = unsafe { self.base_commit.text("base_commit") }?;
        let too_long = |_| lightspeed_error::argument(format!("wait_s is {}: nobody can wait that long", self.wait_s));
        let wait = given(self.wait_s, "wait_s")?.map(Duration::try_from_secs_f64).transpose().map_err(too_long)?;
        Ok(InitOptions {
            force: flag(self.force, "force")?,
            survey_only: flag(self.survey_only, "survey_only")?,
            wait,
            base_commit: (!base_commit.is_empty()).then(|| base_commit.to_owned()),
            timing: timing(self.rounds, self.repeat, self.warmup_time)?,
        })
    }
}

// SAFETY: `repr(C)`, the size first, and only numbers and pointers, which may have any bytes.
unsafe impl Options for lightspeed_init_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            force: 0,
            survey_only: 0,
            wait_s: -1.0,
            base_commit: lightspeed_str::empty(),
            rounds: -1,
            repeat: -1,
            warmup_time: -1.0,
            cancel: std::ptr::null(),
            listener: None,
            userdata: std::ptr::null_mut(),
        }
    }
}
