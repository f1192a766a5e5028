//! What an operation was seen to execute and to read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The executed lines of one code object: the line it starts on, its name, and the lines. Where the code objects are not
/// known, the first two are 0 and empty.
pub type CodeLines = (u32, String, Vec<u32>);

/// What was executed, read and looked for under the source root and the suite's directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coverage {
    /// Executed lines by absolute path.
    pub files: BTreeMap<String, Vec<CodeLines>>,
    /// Files that were opened.
    pub opened: Vec<String>,
    /// Directories that were listed.
    pub listed: Vec<String>,
    /// Modules whose import was tried and failed.
    pub failed_imports: Vec<String>,
}

/// Coverage by the phase in which it was seen; none for a phase that was not traced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Phases {
    /// During setup (and setup_cache).
    pub setup: Option<Coverage>,
    /// During the benchmark itself and its teardown.
    pub run: Option<Coverage>,
}
