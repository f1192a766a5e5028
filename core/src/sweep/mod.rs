//! Sweeps: a command or benchmark at every point of one or more parameter axes. Starts nothing and reads no clock.
//!
//! Flow: [`Axis`] → [`points`] → [`rounds`], the order of all runs → what they gave → [`scaling`], how it grows.

mod axis;
mod error;
mod order;
mod point;
mod scaling;
mod squares;

pub use axis::{Axis, Value};
pub use error::SweepError;
pub use order::{Turn, rounds};
pub use point::{Combination, Point, check_used, points};
pub use scaling::{Fit, Model, Observation, Scaling, scaling};
