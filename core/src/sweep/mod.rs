//! Sweeps: a command or benchmark at every point of one or more parameter axes. Starts nothing and reads no clock.
//!
//! Flow: [`Axis`] → [`SweepDesign`], what is run → [`round`], in which order → what it gave → [`analyse`], which point is how much faster than
//! the smallest, and [`scaling`], how that grows.

mod analysis;
mod axis;
mod design;
mod error;
mod order;
mod point;
mod scaling;
mod squares;

pub use analysis::{Analysis, Drift, Gain, LineResult, PointResult, Spread, analyse};
pub use axis::{Axis, Kind, Value};
pub use design::{Line, SweepDesign, bases};
pub use error::SweepError;
pub use order::round;
pub use point::{Combination, Point, check_used, points};
pub use scaling::{Fit, Model, Observation, Scaling, scaling};
