//! Which benchmarks a change affects: how to select, and the calls of a session that do.

use super::options::{Options, flag, init, read};
use super::panic::call;
use super::pointer::{HandleOut, borrow, slice};
use super::progress::Watch;
use super::{lightspeed_cancel, lightspeed_error, lightspeed_listener, lightspeed_selection, lightspeed_session};
use super::{lightspeed_status, lightspeed_str};
use crate::cancel::Cancel;
use crate::session::{ChangeSource, Policy, SelectOptions};
use lightspeed_core::survey::Question;
use std::ffi::c_void;
use std::path::PathBuf;

/// How finely changes are followed.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_policy {
    /// By blocks and by the names that definitions bind.
    Precise = 0,
    /// Likewise, but what runs at import affects all that imported the file.
    Strict = 1,
    /// A changed file affects all that depend on it.
    File = 2,
}

/// How to select. Begin with `LIGHTSPEED_SELECT_OPTIONS_INIT` or `lightspeed_select_options_init`. Read during the call
/// only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_select_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// Changes of one file that affect more than this share of the suite, where as large a share executes it, are left
    /// out and reported as a hotfile; 0 to 1, and 1 leaves nothing out.
    pub hotfile_threshold: f64,
    /// 1 selects everything where the environment differs from the survey's; else 0.
    pub strict_environment: i32,
    /// A `lightspeed_policy`.
    pub policy: i32,
    /// Stops the call when raised; NULL for never. Borrowed until the call returns.
    pub cancel: *const lightspeed_cancel,
    /// Hears what the call does; NULL for nobody.
    pub listener: lightspeed_listener,
    /// Handed to `listener`.
    pub userdata: *mut c_void,
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_select_options)`.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_select_options_init(
    options: *mut lightspeed_select_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || init(options, struct_size)) }
}

/// Says what the named changes affect.
///
/// `files` are `count` paths of changed files or directories, relative to the session's directory, the source root or the
/// repository; with a `count` of 0 nothing changed and nothing is affected. `options` may be NULL for the defaults. Starts
/// no Python unless files of the suite changed. Writes `*selection`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT; UNKNOWN_FILE; NO_SURVEY; DATABASE, VERSION, BUSY; IO; CANCELLED; POISONED; where files of the
/// suite changed also PYTHON, SUITE, PROCESS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_select_files(
    session: *const lightspeed_session,
    files: *const lightspeed_str,
    count: usize,
    options: *const lightspeed_select_options,
    selection: *mut *mut lightspeed_selection,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe { select(session, || named_files(files, count), options, selection, err) }
}

/// Says what git's changes affect: what differs from the revision `base`, from the last commit if that is empty;
/// untracked and deleted files included.
///
/// `options` may be NULL for the defaults. Writes `*selection`, owned by the caller.
///
/// Errors: as `lightspeed_session_select_files`; GIT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_select_git(
    session: *const lightspeed_session,
    base: lightspeed_str,
    options: *const lightspeed_select_options,
    selection: *mut *mut lightspeed_selection,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe { select(session, || since(base), options, selection, err) }
}

/// Says what every difference between the tree and the survey affects.
///
/// `options` may be NULL for the defaults. Writes `*selection`, owned by the caller.
///
/// Errors: as `lightspeed_session_select_files`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_select_survey(
    session: *const lightspeed_session,
    options: *const lightspeed_select_options,
    selection: *mut *mut lightspeed_selection,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe { select(session, || Ok(ChangeSource::Survey), options, selection, err) }
}

/// # Safety
/// Inputs and outputs of the caller, valid during the call.
unsafe fn select(
    session: *const lightspeed_session,
    source: impl FnOnce() -> Result<ChangeSource, lightspeed_error>,
    options: *const lightspeed_select_options,
    selection: *mut *mut lightspeed_selection,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: as promised by the caller.
    unsafe {
        call(err, || {
            let out = HandleOut::new(selection, "selection")?;
            let handle = borrow(session, "session")?;
            let _guard = handle.enter()?;
            let options = read(options)?;
            let select = options.checked(source()?)?;
            let report = options.watch().over(&handle.callbacks, |cancel, listener| {
                handle.session.with_cancel(cancel).select(&select, listener)
            })?;
            out.set(lightspeed_selection(report));
            Ok(())
        })
    }
}

/// The changes that these files are.
///
/// # Safety
/// The paths are the caller's, valid during the call.
pub(super) unsafe fn named_files(files: *const lightspeed_str, count: usize) -> Result<ChangeSource, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let files: Result<Vec<PathBuf>, _> =
        unsafe { slice(files, count, "files")?.iter().map(|file| named(*file)).collect() };
    Ok(ChangeSource::Files(files?))
}

/// The changes that git sees since this revision.
///
/// # Safety
/// The text is the caller's, valid during the call.
pub(super) unsafe fn since(base: lightspeed_str) -> Result<ChangeSource, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let base = unsafe { base.text("base") }?;
    Ok(ChangeSource::Git { base: (!base.is_empty()).then(|| base.to_owned()) })
}

/// # Safety
/// The text is the caller's, valid during the call.
unsafe fn named(file: lightspeed_str) -> Result<PathBuf, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let path = unsafe { file.path("a changed file") }?;
    path.ok_or_else(|| lightspeed_error::argument("a changed file has an empty name".to_owned()))
}

impl lightspeed_select_options {
    pub(super) fn watch(&self) -> Watch {
        Watch { cancel: self.cancel, listener: self.listener, userdata: self.userdata }
    }

    /// What an index is asked, and when to stop.
    ///
    /// # Safety
    /// The token is NULL or lives during the call.
    pub(super) unsafe fn question(self) -> Result<(Question, Cancel), lightspeed_error> {
        let SelectOptions { policy, hotfile_threshold, .. } = self.checked(ChangeSource::Survey)?;
        // SAFETY: as promised by the caller.
        let cancel = unsafe { self.cancel.as_ref() }.map(|token| token.0.clone()).unwrap_or_default();
        Ok((Question { policy, hotfile_threshold }, cancel))
    }

    pub(super) fn checked(self, source: ChangeSource) -> Result<SelectOptions, lightspeed_error> {
        if !(0.0..=1.0).contains(&self.hotfile_threshold) {
            let message = format!("hotfile_threshold is {}: it must lie between 0 and 1", self.hotfile_threshold);
            return Err(lightspeed_error::argument(message));
        }
        let strict_environment = flag(self.strict_environment, "strict_environment")?;
        let policy = match self.policy {
            p if p == lightspeed_policy::Precise as i32 => Policy::Precise,
            p if p == lightspeed_policy::Strict as i32 => Policy::Strict,
            p if p == lightspeed_policy::File as i32 => Policy::File,
            other => {
                return Err(lightspeed_error::argument(format!("policy is {other}: that is no lightspeed_policy")));
            }
        };
        Ok(SelectOptions { source, policy, hotfile_threshold: self.hotfile_threshold, strict_environment })
    }
}

// SAFETY: `repr(C)`, the size first, and only numbers and pointers, which may have any bytes.
unsafe impl Options for lightspeed_select_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        let usual = SelectOptions::new(ChangeSource::Survey);
        Self {
            struct_size: size_of::<Self>(),
            hotfile_threshold: usual.hotfile_threshold,
            strict_environment: usual.strict_environment.into(),
            policy: lightspeed_policy::Precise as i32,
            cancel: std::ptr::null(),
            listener: None,
            userdata: std::ptr::null_mut(),
        }
    }
}
