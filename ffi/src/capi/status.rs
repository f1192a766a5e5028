//! What a call answers: numbers that never change their meaning.

use super::lightspeed_str;
use crate::pair::PairError;
use crate::session::SessionError;
use crate::store::StoreError;
use crate::suite::SuiteError;
use crate::tree::TreeError;
use lightspeed_core::experiment::ExperimentError;
use lightspeed_core::stats::{CallError, StatsError};
use std::ffi::CStr;

/// What a call answers. Numbers are never reused or changed, new ones may be added: treat an unknown one as a failure.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_status {
    /// Done.
    Ok = 0,
    /// An argument is NULL, no UTF-8, out of its range or of an unknown size, or the call comes when it may not: a fault of
    /// the caller.
    InvalidArgument = 1,
    /// An index is not below the count.
    OutOfRange = 2,
    /// The library failed inside; the message says how. The handle of the call answers POISONED from now on.
    Panic = 3,
    /// An earlier call on this handle ended with PANIC: free it and open another.
    Poisoned = 4,
    /// The cancel token of the call was raised. What was finished is kept.
    Cancelled = 5,
    /// Two parts of the library disagree: please report it.
    Internal = 6,
    /// A file or directory cannot be read or written.
    Io = 7,
    /// There is no configuration, there are several, or it is broken.
    Config = 8,
    /// No usable Python, or one without asv_runner.
    Python = 9,
    /// The suite cannot be imported or listed, has no benchmarks, or would measure another copy of the package.
    Suite = 10,
    /// A process could not be started or did not end as it should.
    Process = 11,
    /// Git is missing, failed, or knows no such repository or revision.
    Git = 12,
    /// There is no finished survey.
    NoSurvey = 13,
    /// The database is damaged, foreign, or says what cannot be.
    Database = 14,
    /// The database or an analysis in it is of another release.
    Version = 15,
    /// Another process holds what is needed; try again.
    Busy = 16,
    /// A changed file that is neither on disk nor in the survey.
    UnknownFile = 17,
    /// Nobody said where the sources are.
    NoSourceRoot = 18,
    /// A source file changed during the call.
    ChangedMeanwhile = 19,
    /// Baselines were measured on another class of machine, and the caller wants none of that.
    OtherHost = 20,
    /// Numbers that have no such statistic; the error's detail is the name of the cause, such as `NotPositive`.
    Statistics = 21,
    /// A coverage report that cannot be used.
    Coverage = 22,
}

use lightspeed_status as S;

/// All of them, in the order of their numbers.
const ALL: [(S, &CStr); 23] = [
    (S::Ok, c"OK"),
    (S::InvalidArgument, c"INVALID_ARGUMENT"),
    (S::OutOfRange, c"OUT_OF_RANGE"),
    (S::Panic, c"PANIC"),
    (S::Poisoned, c"POISONED"),
    (S::Cancelled, c"CANCELLED"),
    (S::Internal, c"INTERNAL"),
    (S::Io, c"IO"),
    (S::Config, c"CONFIG"),
    (S::Python, c"PYTHON"),
    (S::Suite, c"SUITE"),
    (S::Process, c"PROCESS"),
    (S::Git, c"GIT"),
    (S::NoSurvey, c"NO_SURVEY"),
    (S::Database, c"DATABASE"),
    (S::Version, c"VERSION"),
    (S::Busy, c"BUSY"),
    (S::UnknownFile, c"UNKNOWN_FILE"),
    (S::NoSourceRoot, c"NO_SOURCE_ROOT"),
    (S::ChangedMeanwhile, c"CHANGED_MEANWHILE"),
    (S::OtherHost, c"OTHER_HOST"),
    (S::Statistics, c"STATISTICS"),
    (S::Coverage, c"COVERAGE"),
];

/// The name of a status without its prefix, `INVALID_ARGUMENT`; `UNKNOWN` for a number that this release does not know.
/// Static and NUL-terminated. From any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lightspeed_status_name(status: i32) -> lightspeed_str {
    let known = ALL.iter().find(|(each, _)| *each as i32 == status);
    lightspeed_str::terminated(known.map_or(c"UNKNOWN", |(_, name)| name))
}

impl From<&SessionError> for lightspeed_status {
    fn from(error: &SessionError) -> Self {
        match error {
            SessionError::Suite(error) => error.into(),
            SessionError::Store(error) => error.into(),
            SessionError::Tree(error) => error.into(),
            SessionError::Analysis(_) => S::Version,
            SessionError::NoSourceRoot => S::NoSourceRoot,
            SessionError::NoSurvey { .. } | SessionError::Unread { .. } => S::NoSurvey,
            SessionError::NothingDiscovered { .. } | SessionError::Shadowed { .. } => S::Suite,
            SessionError::ChangedMeanwhile { .. } => S::ChangedMeanwhile,
            SessionError::OtherHost { .. } => S::OtherHost,
            SessionError::Request(_) | SessionError::Sweep(_) => S::InvalidArgument,
            SessionError::Build { .. } => S::Process,
            SessionError::Cancelled => S::Cancelled,
        }
    }
}

impl From<&SuiteError> for lightspeed_status {
    fn from(error: &SuiteError) -> Self {
        match error {
            SuiteError::Io { .. } => S::Io,
            SuiteError::Config { .. } | SuiteError::NoConfig { .. } | SuiteError::SeveralConfigs { .. } => S::Config,
            SuiteError::Python { .. } => S::Python,
            SuiteError::Import { .. } | SuiteError::Discovery { .. } => S::Suite,
            SuiteError::Protocol { .. } => S::Internal,
            SuiteError::Cancelled => S::Cancelled,
            SuiteError::Process(_) => S::Process,
        }
    }
}

impl From<&StoreError> for lightspeed_status {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Missing { .. } => S::NoSurvey,
            StoreError::NotADatabase { .. }
            | StoreError::Damaged { .. }
            | StoreError::Foreign { .. }
            | StoreError::GenerationGone { .. }
            | StoreError::Sqlite { .. } => S::Database,
            StoreError::Newer { .. } | StoreError::Older { .. } => S::Version,
            StoreError::Busy { .. } | StoreError::SurveyRunning { .. } => S::Busy,
            StoreError::ReadOnly { .. } | StoreError::Full { .. } | StoreError::Unreadable { .. } => S::Io,
            StoreError::Cancelled => S::Cancelled,
            StoreError::NotFinite { .. } | StoreError::Inconsistent { .. } => S::Internal,
        }
    }
}

impl From<&TreeError> for lightspeed_status {
    fn from(error: &TreeError) -> Self {
        match error {
            TreeError::NotARepository { .. }
            | TreeError::GitMissing
            | TreeError::GitFailed { .. }
            | TreeError::GitTimedOut { .. }
            | TreeError::UnknownRevision { .. } => S::Git,
            TreeError::Unreadable { .. } | TreeError::Unwritable { .. } | TreeError::TooLarge { .. } => S::Io,
            TreeError::UnknownFile { .. } => S::UnknownFile,
        }
    }
}

impl From<&PairError> for lightspeed_status {
    fn from(error: &PairError) -> Self {
        match error {
            PairError::Options(_) => S::InvalidArgument,
            PairError::Command { .. } => S::Process,
            PairError::Experiment(error) => error.into(),
        }
    }
}

impl From<&ExperimentError> for lightspeed_status {
    fn from(error: &ExperimentError) -> Self {
        match error {
            ExperimentError::Values { .. } => S::Statistics,
            ExperimentError::Stats(error) => error.into(),
            _ => S::InvalidArgument,
        }
    }
}

impl From<&CallError> for lightspeed_status {
    fn from(error: &CallError) -> Self {
        match error {
            CallError::UnknownFunction(_) | CallError::Input { .. } => S::InvalidArgument,
            CallError::Stats(error) => error.into(),
        }
    }
}

/// Numbers that come from measuring are no fault of the caller, what is asked of them is.
impl From<&StatsError> for lightspeed_status {
    fn from(error: &StatsError) -> Self {
        match error {
            StatsError::BadMargin(_)
            | StatsError::BadAlpha(_)
            | StatsError::BadRho(_)
            | StatsError::BadResamples { .. }
            | StatsError::BadQuantile(_) => S::InvalidArgument,
            _ => S::Statistics,
        }
    }
}
