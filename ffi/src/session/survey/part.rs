//! Finished pieces of a survey, kept one by one until all are there.

use crate::suite::{Coverage, OpResult, Outcome};
use serde::{Deserialize, Serialize};

/// One finished piece of a survey, as it is kept until all are there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) import: Option<Coverage>,
    pub(super) setup: Option<Coverage>,
    pub(super) run: Option<Coverage>,
    /// Why what was traced may not be all.
    pub(super) doubts: Vec<String>,
}

impl Part {
    /// The part of one operation.
    pub(super) fn of(result: OpResult) -> Part {
        let mut doubts = result.always_affected;
        let reason = result.error.unwrap_or_default();
        match result.outcome {
            Outcome::Ok | Outcome::Skipped => {}
            _ if doubts.is_empty() => doubts.push(format!("failed during the survey: {reason}")),
            _ => {}
        }
        Part { import: None, setup: result.phases.setup, run: result.phases.run, doubts }
    }
}

/// Where the parts of one survey are kept under.
pub(super) fn import_key(file: &str) -> String {
    format!("import:{file}")
}

pub(super) fn cache_key(key: &str) -> String {
    format!("cache:{key}")
}

pub(super) fn instance_key(id: &str) -> String {
    format!("instance:{id}")
}
