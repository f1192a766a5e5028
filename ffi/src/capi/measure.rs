//! Running what a change affects: how to measure, and the calls of a session that do.

use super::init::timing;
use super::options::{Options, flag, given, init, read, seed};
use super::panic::call;
use super::pointer::{HandleOut, borrow};
use super::progress::Watch;
use super::select::{named_files, since};
use super::{lightspeed_cancel, lightspeed_error, lightspeed_listener, lightspeed_measurement};
use super::{lightspeed_select_options, lightspeed_session, lightspeed_status, lightspeed_str};
use crate::session::{ChangeSource, MeasureOptions, PairedOptions};
use std::ffi::c_void;

/// How to measure in pairs: the tree before the change and the tree as it is, in turn, until it is known whether they differ.
/// Begin with `LIGHTSPEED_PAIRED_OPTIONS_INIT` or `lightspeed_paired_options_init`. Read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_paired_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// The revision before the change; empty for the one that git compared with, else the last commit.
    pub base: lightspeed_str,
    /// Pairs of each instance at most.
    pub most_pairs: usize,
    /// Seconds that all runs may take together; what is undecided then stays so. Negative for no limit.
    pub budget_s: f64,
    /// Decides every order, where `random_seed` is 0.
    pub seed: u64,
    /// 1 takes a seed that nothing decides, and `seed` must be 0 then; 0 takes `seed`. The document says which one it was.
    pub random_seed: i32,
}

/// How to measure and compare. Begin with `LIGHTSPEED_MEASURE_OPTIONS_INIT` or `lightspeed_measure_options_init`. Read during
/// the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_measure_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// Process runs of each timed benchmark, from 1; negative for the benchmark's own number.
    pub rounds: i64,
    /// Samples in each run, from 1; negative for the benchmark's own number.
    pub repeat: i64,
    /// Seconds in each run before samples count; negative for the benchmark's own.
    pub warmup_time: f64,
    /// Results are kept in the database as the step of this name; empty keeps none.
    pub step_id: lightspeed_str,
    /// Changes up to this fraction do not matter: 0.02 is 2 %.
    pub margin: f64,
    /// Probability of claiming a change where there is none, above 0 and below 1.
    pub alpha: f64,
    /// 1 refuses to measure where a baseline is of another class of machine; 0 says so of each instance.
    pub strict_host: i32,
    /// How to measure in pairs, as many rounds as it takes to decide: `rounds` is not given then. NULL compares with the stored baselines
    /// instead. Read during the call only.
    pub paired: *const lightspeed_paired_options,
    /// Stops the call when raised; NULL for never. Borrowed until the call returns.
    pub cancel: *const lightspeed_cancel,
    /// Hears what the call does; NULL for nobody.
    pub listener: lightspeed_listener,
    /// Handed to `listener`.
    pub userdata: *mut c_void,
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_paired_options)`.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_paired_options_init(
    options: *mut lightspeed_paired_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || init(options, struct_size)) }
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_measure_options)`.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_measure_options_init(
    options: *mut lightspeed_measure_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || init(options, struct_size)) }
}

/// Runs what the named changes affect and compares it. Starts no Python where nothing is affected.
///
/// `files`, `count` and `select` are as for `lightspeed_session_select_files`, but the token and the listener are those of `options`
/// and must be NULL in `select`. `select` and `options` may be NULL for the defaults. What goes wrong in one benchmark is in the
/// measurement, and no error. Writes `*measurement`, owned by the caller.
///
/// Errors: as `lightspeed_session_select_files`; PYTHON, SUITE, PROCESS; OTHER_HOST with `strict_host`; GIT with `paired`.
/// After CANCELLED the results so far are in the step, if one was named.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_measure_files(
    session: *const lightspeed_session,
    files: *const lightspeed_str,
    count: usize,
    select: *const lightspeed_select_options,
    options: *const lightspeed_measure_options,
    measurement: *mut *mut lightspeed_measurement,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe { measure(session, || named_files(files, count), select, options, measurement, err) }
}

/// As `lightspeed_session_measure_files`, for git's changes since the revision `base`, as for
/// `lightspeed_session_select_git`. Writes `*measurement`, owned by the caller.
///
/// Errors: as `lightspeed_session_measure_files`; GIT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_measure_git(
    session: *const lightspeed_session,
    base: lightspeed_str,
    select: *const lightspeed_select_options,
    options: *const lightspeed_measure_options,
    measurement: *mut *mut lightspeed_measurement,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe { measure(session, || since(base), select, options, measurement, err) }
}

/// As `lightspeed_session_measure_files`, for every difference between the tree and the survey; in pairs, also for those
/// between the tree and the revision before. Writes `*measurement`, owned by the caller.
///
/// Errors: as `lightspeed_session_measure_files`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_measure_survey(
    session: *const lightspeed_session,
    select: *const lightspeed_select_options,
    options: *const lightspeed_measure_options,
    measurement: *mut *mut lightspeed_measurement,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe { measure(session, || Ok(ChangeSource::Survey), select, options, measurement, err) }
}

/// # Safety
/// Inputs and outputs of the caller, valid during the call.
unsafe fn measure(
    session: *const lightspeed_session,
    source: impl FnOnce() -> Result<ChangeSource, lightspeed_error>,
    select: *const lightspeed_select_options,
    options: *const lightspeed_measure_options,
    measurement: *mut *mut lightspeed_measurement,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: as promised by the caller.
    unsafe {
        call(err, || {
            let out = HandleOut::new(measurement, "measurement")?;
            let handle = borrow(session, "session")?;
            let _guard = handle.enter()?;
            let (select, options) = (read(select)?, read(options)?);
            if !select.watch().is_idle() {
                let message = "cancel and listener belong into the measure options here: leave those of select NULL";
                return Err(lightspeed_error::argument(message.to_owned()));
            }
            let (select, measure) = (select.checked(source()?)?, options.checked()?);
            let watch = Watch { cancel: options.cancel, listener: options.listener, userdata: options.userdata };
            let (_, report) = watch.over(&handle.callbacks, |cancel, listener| {
                handle.session.with_cancel(cancel).measure(&select, &measure, listener)
            })?;
            out.set(lightspeed_measurement::new(report));
            Ok(())
        })
    }
}

impl lightspeed_measure_options {
    /// # Safety
    /// The texts and the other options are the caller's, valid during the call.
    unsafe fn checked(&self) -> Result<MeasureOptions, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let (step_id, paired) = unsafe {
            let paired = if self.paired.is_null() { None } else { Some(read(self.paired)?.checked()?) };
            (self.step_id.text("step_id")?, paired)
        };
        Ok(MeasureOptions {
            timing: timing(self.rounds, self.repeat, self.warmup_time)?,
            step_id: (!step_id.is_empty()).then(|| step_id.to_owned()),
            margin: self.margin,
            alpha: self.alpha,
            strict_host: flag(self.strict_host, "strict_host")?,
            paired,
        })
    }
}

impl lightspeed_paired_options {
    /// # Safety
    /// The text is the caller's, valid during the call.
    unsafe fn checked(&self) -> Result<PairedOptions, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let base = unsafe { self.base.text("base") }?;
        Ok(PairedOptions {
            base: (!base.is_empty()).then(|| base.to_owned()),
            most_pairs: self.most_pairs,
            budget_s: given(self.budget_s, "budget_s")?,
            seed: seed(self.seed, self.random_seed)?,
        })
    }
}

// SAFETY: `repr(C)`, the size first, and only numbers and pointers, which may have any bytes.
unsafe impl Options for lightspeed_paired_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>(),
            base: lightspeed_str::empty(),
            most_pairs: 60,
            budget_s: -1.0,
            seed: 0,
            random_seed: 1,
        }
    }
}

// SAFETY: `repr(C)`, the size first, and only numbers and pointers, which may have any bytes.
unsafe impl Options for lightspeed_measure_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        let usual = MeasureOptions::default();
        Self {
            struct_size: size_of::<Self>(),
            rounds: -1,
            repeat: -1,
            warmup_time: -1.0,
            step_id: lightspeed_str::empty(),
            margin: usual.margin,
            alpha: usual.alpha,
            strict_host: usual.strict_host.into(),
            paired: std::ptr::null(),
            cancel: std::ptr::null(),
            listener: None,
            userdata: std::ptr::null_mut(),
        }
    }
}
