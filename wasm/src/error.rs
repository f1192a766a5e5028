//! Why a call failed, and the `Error` object that JavaScript gets for it.

use lightspeed_core::experiment::ExperimentError;
use lightspeed_core::stats::CallError;
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
            Self::Text { .. } => "Input",
            Self::Stream => "Damaged",
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
        let object = ErrorObject::new(&error.to_string());
        object.set_code(error.code());
        object.into()
    }
}
