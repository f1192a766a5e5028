//! Everything of libLightspeed that touches the world: SQLite, processes, the source tree, suites, sessions.
#![deny(unsafe_code)]

pub mod cancel;
pub mod capi;
pub mod chart;
pub mod doctor;
pub mod harness;
pub mod pair;
pub mod process;
pub mod session;
pub mod store;
pub mod suite;
pub mod text;
pub mod tree;
