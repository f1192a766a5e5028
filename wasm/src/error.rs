//! Why a call failed, and the `Error` object that JavaScript gets for it.

use lightspeed_core::coverage::CoverageError;
use lightspeed_core::experiment::ExperimentError;
use lightspeed_core::stats::CallError;
use lightspeed_core::survey::{SnapshotError, SurveyError};
use wasm_bindgen::prelude::*;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A statistic that cannot be had.
    #[error(transparent)]
    Call(#[from] CallError),
    /// A plan or an outcome that was refused.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// A text that is not the JSON of what it should be.
    #[error("{what} is not usable: {cause}")]
    Text {
        /// What the text should be.
        what: &'static str,
        /// What is wrong, and where.
        cause: serde_json::Error,
    },
    /// A coverage report that cannot be read.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// What a survey does not take.
    #[error(transparent)]
    Survey(#[from] SurveyError),
    /// Bytes that are no snapshot.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// Rows of a database that are none of ours.
    #[error("the database has a row of {0} that cannot be read: run `lightspeed init` again")]
    Rows(&'static str),
    /// Something that there is only once.
    #[error("the index of this snapshot was taken before: read the snapshot again for another one")]
    Taken,
    /// A number or a word that means nothing here.
    #[error("{0}")]
    Unknown(&'static str),
    /// A zlib stream that is none.
    #[error("the compressed text is damaged: run `lightspeed init` again")]
    Stream,
}

impl Error {
    /// The `code` of the `Error` object. Codes are names of variants of the core's errors, and `Input` for unusable
    /// texts; they stay, messages may change.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Call(cause) => cause.code(),
            Self::Experiment(cause) => cause.code(),
            Self::Coverage(cause) => cause.code(),
            Self::Survey(cause) => cause.code(),
            Self::Snapshot(cause) => cause.code(),
            Self::Text { .. } | Self::Unknown(_) => "Input",
            Self::Stream | Self::Rows(_) => "Damaged",
            Self::Taken => "Taken",
        }
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Error)]
    type ErrorObject;

    #[wasm_bindgen(constructor, js_class = "Error")]
    fn new(message: &str) -> ErrorObject;

    #[wasm_bindgen(method, setter)]
    fn set_code(this: &ErrorObject, code: &str);
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        error_object(&error.to_string(), error.code())
    }
}

/// An `Error` with a `code`.
pub(crate) fn error_object(message: &str, code: &str) -> JsValue {
    let object = ErrorObject::new(message);
    object.set_code(code);
    object.into()
}
