//! Child processes: started from an argv, in a group of their own, with a deadline, an output cap and their resource use.
//!
//! A command is over when its first process ends: what it left running in its group is then killed, so that nothing of
//! one measurement runs into the next.

mod command;
mod drain;
mod error;
mod group;
mod instructions;
mod leader;
mod line_child;
mod pipes;
mod run;
mod tail;
mod usage;

pub use command::{Command, Launch, Stdin};
pub use error::ProcessError;
pub use line_child::{LineChild, Received};
pub use run::{Outcome, Status, run};
pub use tail::Captured;
pub use usage::Usage;
