//! A session: a suite, a source tree and a database together.

use super::options::{Options, directory, init, read};
use super::panic::{Poison, PoisonGuard, call};
use super::pointer::{HandleOut, Out, borrow, free};
use super::progress::Callbacks;
use super::{lightspeed_buf, lightspeed_error, lightspeed_status, lightspeed_str};
use crate::cancel::Cancel;
use crate::session::{Session, SessionOptions};
use crate::suite::asv::Launch;
use std::path::PathBuf;

/// An opened session. Owned by the caller; free it with `lightspeed_session_free`, before or after what it returned. It
/// holds no process and no open file between calls, and may be shared between threads, calls at the same time included.
#[derive(Debug)]
pub struct lightspeed_session {
    pub(super) session: Session,
    pub(super) poison: Poison,
    pub(super) callbacks: Callbacks,
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
            out.set(lightspeed_session { session: opened, poison: Poison::default(), callbacks: Callbacks::default() });
            Ok(())
        })
    }
}

/// Frees a session. NULL is a no-op. Consumes `session`; selections and measurements live on. From inside a listener of the
/// session it does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_free(session: *mut lightspeed_session) {
    // SAFETY: NULL or a session that the caller owns.
    unsafe {
        if session.as_ref().is_none_or(|session| !session.callbacks.are_on_this_thread()) {
            free(session);
        }
    }
}

/// Where the session's database lies, whether there is one yet or not. Writes `*path`, owned by the caller: UTF-8, with
/// U+FFFD for what is none.
///
/// Errors: INVALID_ARGUMENT; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_database(
    session: *const lightspeed_session,
    path: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(path, "path")?;
            let handle = borrow(session, "session")?;
            let _guard = handle.enter()?;
            out.set(lightspeed_buf::new(handle.session.database().to_string_lossy().into_owned()));
            Ok(())
        })
    }
}

/// What the database keeps of measurements: the baselines, or, with a `step_id` that is not empty, the results of that
/// step. Writes `*json`, owned by the caller: the document that `lightspeed results --json` prints
/// (docs/schemas/results.json).
///
/// Errors: INVALID_ARGUMENT, also where there is no such step; NO_SURVEY; DATABASE, VERSION, BUSY; IO; POISONED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_session_results_json(
    session: *const lightspeed_session,
    step_id: lightspeed_str,
    json: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(json, "json")?;
            let handle = borrow(session, "session")?;
            let _guard = handle.enter()?;
            let step_id = step_id.text("step_id")?;
            let results = handle.session.results((!step_id.is_empty()).then_some(step_id))?;
            out.set(lightspeed_buf::json(&results)?);
            Ok(())
        })
    }
}

impl lightspeed_session {
    /// Begins a call on the handle.
    pub(super) fn enter(&self) -> Result<PoisonGuard<'_>, lightspeed_error> {
        self.callbacks.refuse_reentry()?;
        self.poison.enter()
    }
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
        let launch = match self.launch {
            l if l == lightspeed_launch::Fork as i32 => Launch::Fork,
            l if l == lightspeed_launch::Spawn as i32 => Launch::Spawn,
            other => {
                return Err(lightspeed_error::argument(format!("launch is {other}: that is no lightspeed_launch")));
            }
        };
        let python = (!python.is_empty()).then(|| python.to_owned());
        Ok(SessionOptions { config, cwd: directory(cwd)?, source_root, python, results_dir, launch })
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
