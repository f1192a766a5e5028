//! A session: a suite, a source tree and a database together.

use super::options::{Options, flag, init, read};
use super::panic::{Poison, call};
use super::pointer::{HandleOut, borrow, free, slice};
use super::{lightspeed_cancel, lightspeed_error, lightspeed_selection, lightspeed_status, lightspeed_str};
use crate::cancel::Cancel;
use crate::session::{ChangeSource, Policy, SelectOptions, Session, SessionError, SessionOptions};
use crate::suite::asv::Launch;
use std::path::PathBuf;

/// An opened session. Owned by the caller; free it with `lightspeed_session_free`, before or after what it returned. It
/// holds no process and no open file between calls, and may be shared between threads, calls at the same time included.
#[derive(Debug)]
pub struct lightspeed_session {
    session: Session,
    pub(super) poison: Poison,
}

/// How benchmarks get a process of their own.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_launch {
    /// Forked from a process that has imported their file.
    Fork = 0,
    /// A fresh process each.
    Spawn = 1,
}

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

/// What a session is opened with. Begin with `LIGHTSPEED_SESSION_OPTIONS_INIT` or `lightspeed_session_options_init`.
/// Read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_session_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// The directory that relative paths start from; empty for the process's own.
    pub cwd: lightspeed_str,
    /// The sources under change; empty takes what the last survey was told.
    pub source_root: lightspeed_str,
    /// The Python that runs the suite, a path or a name on PATH; empty takes that of the last survey, else the active
    /// environment's.
    pub python: lightspeed_str,
    /// Where the database lies; empty for the configuration's `results_dir`.
    pub results_dir: lightspeed_str,
    /// A `lightspeed_launch`.
    pub launch: i32,
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
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_session_options)`.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_options_init(
    options: *mut lightspeed_session_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || init(options, struct_size)) }
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

/// Opens a session; reads the configuration and touches nothing else.
///
/// `config` is the path of the suite's `asv.conf.json`; empty finds the one that there is in or below the directory of the
/// options. `options` may be NULL for the defaults. Writes `*session`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT; CONFIG where there is no configuration, there are several, or it is broken (with path and
/// line); IO.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_open(
    config: lightspeed_str,
    options: *const lightspeed_session_options,
    session: *mut *mut lightspeed_session,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(session, "session")?;
            let config = config.path("config")?;
            let opened = Session::open(read(options)?.checked(config)?, Cancel::new())?;
            out.set(lightspeed_session { session: opened, poison: Poison::default() });
            Ok(())
        })
    }
}

/// Frees a session. NULL is a no-op. Consumes `session`; selections live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_free(session: *mut lightspeed_session) {
    // SAFETY: NULL or a session that the caller owns.
    unsafe { free(session) }
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
    unsafe {
        let source = || {
            let files: Result<Vec<PathBuf>, _> =
                slice(files, count, "files")?.iter().map(|file| named(*file)).collect();
            Ok(ChangeSource::Files(files?))
        };
        select(session, source, options, selection, err)
    }
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
    unsafe {
        let source = || {
            let base = base.text("base")?;
            Ok(ChangeSource::Git { base: (!base.is_empty()).then(|| base.to_owned()) })
        };
        select(session, source, options, selection, err)
    }
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
            let _guard = handle.poison.enter()?;
            let options = read(options)?;
            let cancel = options.cancel.as_ref().map(|token| token.0.clone()).unwrap_or_default();
            let options = options.checked(source()?)?;
            if cancel.is_cancelled() {
                return Err(SessionError::Cancelled.into());
            }
            let report = handle.session.with_cancel(cancel).select(&options, &mut |_| {})?;
            out.set(lightspeed_selection(report));
            Ok(())
        })
    }
}

/// # Safety
/// The text is the caller's, valid during the call.
unsafe fn named(file: lightspeed_str) -> Result<PathBuf, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let path = unsafe { file.path("a changed file") }?;
    path.ok_or_else(|| lightspeed_error::argument("a changed file has an empty name".to_owned()))
}

impl lightspeed_session_options {
    /// # Safety
    /// The texts are the caller's, valid during the call.
    unsafe fn checked(self, config: Option<PathBuf>) -> Result<SessionOptions, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let (cwd, source_root, python, results_dir) = unsafe {
            let cwd = self.cwd.path("cwd")?;
            let source_root = self.source_root.path("source_root")?;
            (cwd, source_root, self.python.text("python")?, self.results_dir.path("results_dir")?)
        };
        let cwd = match cwd {
            Some(cwd) => std::path::absolute(cwd),
            None => std::env::current_dir(),
        };
        let unknown = |error| {
            let message = format!("the current directory cannot be found ({error}): set cwd");
            lightspeed_error::new(lightspeed_status::Io, message)
        };
        let launch = match self.launch {
            l if l == lightspeed_launch::Fork as i32 => Launch::Fork,
            l if l == lightspeed_launch::Spawn as i32 => Launch::Spawn,
            other => {
                return Err(lightspeed_error::argument(format!("launch is {other}: that is no lightspeed_launch")));
            }
        };
        let python = (!python.is_empty()).then(|| python.to_owned());
        Ok(SessionOptions { config, cwd: cwd.map_err(unknown)?, source_root, python, results_dir, launch })
    }
}

impl lightspeed_select_options {
    fn checked(self, source: ChangeSource) -> Result<SelectOptions, lightspeed_error> {
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
unsafe impl Options for lightspeed_session_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        let empty = lightspeed_str { ptr: std::ptr::null(), len: 0 };
        Self {
            struct_size: size_of::<Self>(),
            cwd: empty,
            source_root: empty,
            python: empty,
            results_dir: empty,
            launch: lightspeed_launch::Fork as i32,
        }
    }
}

// SAFETY: `repr(C)`, the size first, and only numbers and a pointer, which may have any bytes.
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
        }
    }
}
