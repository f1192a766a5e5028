//! Samples to summaries and comparisons. No domain words in here.
//!
//! Bytes are the same native and WASM: transcendental functions come from the `libm` crate, never from
//! the platform. Every public function returns finite numbers, `None` or a [`StatsError`].

mod asv;
mod compare;
mod error;
mod hodges_lehmann;
mod laplace;
mod mann_whitney;
mod rank;
mod special;
mod summary;
mod welch;

pub use asv::is_different;
pub use compare::{CompareOptions, Comparison, Counts, Method, Verdict, Warning, compare};
pub use error::StatsError;
pub use hodges_lehmann::{Interval, RatioEstimate, hodges_lehmann};
pub use mann_whitney::{MannWhitney, NullDistribution, mann_whitney};
pub use summary::{Summary, quantile, summarize};
pub use welch::{Welch, welch};
