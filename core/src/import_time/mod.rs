//! What importing costs: what `python -X importtime` writes, as a tree, and how two versions differ in it.

mod compare;
mod parse;

pub use compare::{ImportChange, ImportComparison, ImportCost, compare_imports};
pub use parse::{Import, parse};
