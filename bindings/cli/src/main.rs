//! The `lightspeed` program.

// The commands that use these come with the session.
#[allow(dead_code)]
mod progress;
#[allow(dead_code)]
mod table;
#[allow(dead_code)]
mod units;

fn main() {}
