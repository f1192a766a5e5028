//! Charts of numbers over numbers, in a terminal and as SVG. They know nothing of what was measured.

mod data;
mod legend;
mod ruler;
mod svg;
mod terminal;
mod ticks;

pub use data::{Axis, Chart, Mark, Reference, Scale, Series};
pub use svg::svg;
pub use terminal::terminal;
