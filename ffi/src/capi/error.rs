//! Why a call failed, as an object that the caller owns.

use super::pointer::free;
use super::{lightspeed_status, lightspeed_str};
use crate::pair::PairError;
use crate::session::SessionError;
use crate::store::StoreError;
use crate::suite::SuiteError;
use crate::tree::TreeError;
use lightspeed_core::experiment::ExperimentError;
use lightspeed_core::stats::{CallError, StatsError};
use std::path::Path;

/// Why a call failed. Owned by the caller; free it with `lightspeed_error_free`. It never changes and may be shared
/// between threads.
#[derive(Debug)]
pub struct lightspeed_error {
    status: lightspeed_status,
    message: String,
    detail: String,
    path: String,
    line: u32,
}

/// The status that the call answered. NULL gives OK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_error_code(error: *const lightspeed_error) -> lightspeed_status {
    // SAFETY: NULL or an error object of this library that was not freed.
    unsafe { error.as_ref() }.map_or(lightspeed_status::Ok, |error| error.status)
}

/// One sentence that says what was wrong and what to do. Borrowed until the error is freed. NULL gives the empty text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_error_message(error: *const lightspeed_error) -> lightspeed_str {
    // SAFETY: NULL or an error object of this library that was not freed.
    unsafe { text(error, |error| &error.message) }
}

/// What stands behind the message: a traceback, or the end of what a process wrote; often empty. Borrowed until the error
/// is freed. NULL gives the empty text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_error_detail(error: *const lightspeed_error) -> lightspeed_str {
    // SAFETY: NULL or an error object of this library that was not freed.
    unsafe { text(error, |error| &error.detail) }
}

/// The file or directory that the error is about; empty where it is about none. Borrowed until the error is freed. NULL
/// gives the empty text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_error_path(error: *const lightspeed_error) -> lightspeed_str {
    // SAFETY: NULL or an error object of this library that was not freed.
    unsafe { text(error, |error| &error.path) }
}

/// The line in that file, from 1; 0 where there is none, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_error_line(error: *const lightspeed_error) -> u32 {
    // SAFETY: NULL or an error object of this library that was not freed.
    unsafe { error.as_ref() }.map_or(0, |error| error.line)
}

/// Frees an error. NULL is a no-op. Consumes `error`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_error_free(error: *mut lightspeed_error) {
    // SAFETY: NULL or an error object that the caller owns.
    unsafe { free(error) }
}

/// # Safety
/// NULL or an error object that lives as long as C reads the text.
unsafe fn text(error: *const lightspeed_error, of: impl Fn(&lightspeed_error) -> &String) -> lightspeed_str {
    // SAFETY: as promised by the caller.
    unsafe { error.as_ref() }.map_or(lightspeed_str::empty(), |error| lightspeed_str::borrowed(of(error)))
}

impl lightspeed_error {
    pub(super) fn new(status: lightspeed_status, message: String) -> Self {
        Self { status, message, detail: String::new(), path: String::new(), line: 0 }
    }

    pub(super) fn argument(message: String) -> Self {
        Self::new(lightspeed_status::InvalidArgument, message)
    }

    pub(super) fn out_of_range(what: &str, index: usize, count: usize) -> Self {
        Self::new(lightspeed_status::OutOfRange, format!("there is no {what} {index}: there are {count}"))
    }

    /// The caller asked to stop.
    pub(super) fn cancelled() -> Self {
        SessionError::Cancelled.into()
    }

    pub(super) fn poisoned() -> Self {
        let message = "an earlier call on this handle failed inside: free it and open another".to_owned();
        Self::new(lightspeed_status::Poisoned, message)
    }

    pub(super) fn panicked(message: &str) -> Self {
        let message = format!("the library failed inside ({message}): please report it");
        Self::new(lightspeed_status::Panic, message)
    }

    pub(super) fn status(&self) -> lightspeed_status {
        self.status
    }

    /// Hands the object over to the caller.
    pub(super) fn into_handle(self) -> *mut Self {
        Box::into_raw(Box::new(self))
    }
}

impl From<PairError> for lightspeed_error {
    fn from(error: PairError) -> Self {
        Self::new((&error).into(), error.to_string())
    }
}

impl From<ExperimentError> for lightspeed_error {
    fn from(error: ExperimentError) -> Self {
        let cause = if let ExperimentError::Values { cause, .. } = &error { cause.code() } else { error.code() };
        Self { detail: cause.to_owned(), ..Self::new((&error).into(), error.to_string()) }
    }
}

impl From<CallError> for lightspeed_error {
    fn from(error: CallError) -> Self {
        Self { detail: error.code().to_owned(), ..Self::new((&error).into(), error.to_string()) }
    }
}

impl From<StatsError> for lightspeed_error {
    fn from(error: StatsError) -> Self {
        CallError::from(error).into()
    }
}

impl From<SessionError> for lightspeed_error {
    fn from(error: SessionError) -> Self {
        let (path, line) = place(&error);
        Self {
            status: (&error).into(),
            message: error.to_string(),
            detail: error.detail().unwrap_or_default().into_owned(),
            path: path.map_or(String::new(), |path| path.to_string_lossy().into_owned()),
            line,
        }
    }
}

/// What the error is about, and the line in it.
fn place(error: &SessionError) -> (Option<&Path>, u32) {
    match error {
        SessionError::Suite(error) => match error {
            SuiteError::Config { path, line, .. } => (Some(path), u32::try_from(*line).unwrap_or(0)),
            SuiteError::Io { path, .. } => (Some(path), 0),
            SuiteError::NoConfig { directory } => (Some(directory), 0),
            SuiteError::Import { file, .. } => (Some(Path::new(file)), 0),
            _ => (None, 0),
        },
        SessionError::Store(error) => (store_place(error), 0),
        SessionError::Tree(error) => (tree_place(error), 0),
        SessionError::NoSurvey { database } | SessionError::Unread { database } => (Some(database), 0),
        SessionError::NothingDiscovered { directory, .. } => (Some(directory), 0),
        SessionError::Shadowed { source_root, .. } => (Some(source_root), 0),
        SessionError::ChangedMeanwhile { file } => (Some(Path::new(file)), 0),
        SessionError::Build { log, .. } => (Some(log), 0),
        _ => (None, 0),
    }
}

fn store_place(error: &StoreError) -> Option<&Path> {
    match error {
        StoreError::Missing { path }
        | StoreError::NotADatabase { path }
        | StoreError::Damaged { path, .. }
        | StoreError::Foreign { path }
        | StoreError::Newer { path, .. }
        | StoreError::Older { path, .. }
        | StoreError::Busy { path }
        | StoreError::ReadOnly { path }
        | StoreError::Full { path }
        | StoreError::Unreadable { path, .. }
        | StoreError::SurveyRunning { path, .. }
        | StoreError::Sqlite { path, .. } => Some(path),
        _ => None,
    }
}

fn tree_place(error: &TreeError) -> Option<&Path> {
    match error {
        TreeError::NotARepository { root: path }
        | TreeError::GitFailed { repository: path, .. }
        | TreeError::GitTimedOut { repository: path, .. }
        | TreeError::UnknownRevision { repository: path, .. }
        | TreeError::Unreadable { path, .. }
        | TreeError::Unwritable { path, .. }
        | TreeError::TooLarge { path, .. } => Some(path),
        TreeError::UnknownFile { given, .. } => Some(Path::new(given)),
        TreeError::GitMissing => None,
    }
}
