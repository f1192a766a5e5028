//! The database of one results directory: survey, baselines, steps.
//!
//! One SQLite file in WAL mode that other programs may read, and delete from, while we write. Nothing here knows what a
//! survey means: it keeps what it is given, all of it or none.

mod baseline;
mod blob;
mod database;
mod error;
mod generation;
mod lock;
mod model;
mod profile;
mod schema;
mod state;
mod step;
mod survey;

pub(crate) use database::now_ms;
pub use database::{OpenMode, Store};
pub use error::StoreError;
pub use generation::Begun;
pub use lock::SurveyLock;
pub use model::*;
pub use profile::{Dependency, Profiles};
pub use survey::TextLoading;

/// Name of the database in a results directory.
pub const DATABASE_NAME: &str = ".lightspeed_deps.db";
/// Name of the survey lock beside it.
pub const LOCK_NAME: &str = ".lightspeed_deps.lock";
