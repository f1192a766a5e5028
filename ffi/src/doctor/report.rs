//! What an examination found.

use super::check::{Check, CheckStatus};
use super::same::SameReport;
use crate::pair::Tool;
use crate::session::HostClass;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Version of [`DoctorReport`] as a document.
pub const SCHEMA: &str = "lightspeed.doctor/1";

/// All that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoctorReport {
    /// [`SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// The class of the machine: results of different classes do not compare.
    pub host: HostClass,
    /// What was looked at.
    pub checks: Vec<Check>,
    /// The A/A run; null where it was left out or gave nothing.
    pub same: Option<SameReport>,
}

impl DoctorReport {
    /// The checks of that status.
    pub fn with(&self, status: CheckStatus) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.status == status)
    }

    /// What root can do, as a commented shell script; `None` where there is nothing. It was not run.
    #[must_use]
    pub fn script(&self) -> Option<String> {
        let mut script = String::from(
            "#!/bin/sh\n# What `lightspeed doctor` advises for this machine, to be read, and run as root.\n\
             # It holds until the next boot.\n",
        );
        let fixable = self.checks.iter().filter(|check| !check.fix.is_empty());
        let mut any = false;
        for Check { name, found, why, fix, .. } in fixable {
            any = true;
            // Writing to a String cannot fail.
            let _ = write!(script, "\n# {name}: {found}.\n# {why}\n{}\n", fix.join("\n"));
        }
        any.then_some(script)
    }
}
