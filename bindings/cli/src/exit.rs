//! How the program ends: exit codes and error messages.

use crate::github::{self, guarded};
use lightspeed::doctor::DoctorError;
use lightspeed::pair::PairError;
use lightspeed::session::SessionError;
use lightspeed::sweep::SweepError;
use std::process::ExitCode;

/// Exit codes; documented in docs/cli.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done; also when nothing was affected.
    Ok = 0,
    /// The command could not be carried out.
    Error = 1,
    /// What was looked for was found: a regression beyond the limit that was set, or a miss of selection.
    Finding = 2,
    /// There is a warning, and --fail-on-warn was given.
    Warned = 3,
    /// The runs cannot tell, and --fail-on-inconclusive was given.
    Inconclusive = 4,
    /// A benchmark that was selected failed or timed out.
    BenchmarkFailed = 5,
    /// Something was selected, and nothing of it gave a number.
    NothingMeasured = 6,
    /// Interrupted by the user.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub struct Failure {
    message: String,
    detail: Option<String>,
    interrupted: bool,
}

impl Failure {
    /// A failure that is one sentence.
    pub fn plain(message: impl Into<String>) -> Self {
        Failure { message: message.into(), detail: None, interrupted: false }
    }

    /// Says it on standard error; to a workflow too, if that was asked for.
    pub fn report(&self, github: bool) -> Exit {
        use std::io::Write as _;
        let mut err = std::io::stderr().lock();
        if let Some(detail) = self.detail.as_deref().map(str::trim).filter(|d| !d.is_empty()) {
            let _ = writeln!(err, "{}\n", guarded(detail));
        }
        let who = if self.interrupted { "lightspeed" } else { "error" };
        let _ = writeln!(err, "{}", guarded(&format!("{who}: {}", self.message)));
        drop(err);
        if github && !self.interrupted {
            github::failed(&self.message);
        }
        if self.interrupted { Exit::Interrupted } else { Exit::Error }
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        // The other sentences name the cause by themselves.
        let traceback =
            matches!(error, SessionError::Suite(_) | SessionError::Build { .. }).then(|| error.detail()).flatten();
        Failure {
            message: error.to_string(),
            detail: traceback.map(std::borrow::Cow::into_owned),
            interrupted: matches!(error, SessionError::Cancelled),
        }
    }
}

impl From<PairError> for Failure {
    fn from(error: PairError) -> Self {
        Failure::plain(error.to_string())
    }
}

impl From<SweepError> for Failure {
    fn from(error: SweepError) -> Self {
        Failure::plain(error.to_string())
    }
}

impl From<DoctorError> for Failure {
    fn from(error: DoctorError) -> Self {
        let interrupted = matches!(error, DoctorError::Cancelled);
        Failure { message: error.to_string(), detail: None, interrupted }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::plain(error.to_string())
    }
}
