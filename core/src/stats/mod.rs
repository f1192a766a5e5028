//! Samples to summaries and comparisons. No domain words in here.
//!
//! Bytes are the same native and WASM: transcendental functions come from the `libm` crate, never from
//! the platform. Every public function returns finite numbers, `None` or a [`StatsError`].

mod asv;
mod bootstrap;
mod call;
mod compare;
mod deterministic;
mod diagnostics;
mod e_process;
mod error;
mod exchanges;
mod family;
mod gate;
mod hodges_lehmann;
mod inference;
mod laplace;
mod mann_whitney;
mod margin;
mod outliers;
mod pairs;
mod pairwise;
mod power;
pub(crate) mod random;
mod rank;
mod reward;
mod sign_betting;
mod sign_flip;
mod signed_rank;
mod signed_rank_betting;
mod special;
mod summary;
mod symmetric_mixture;
mod verdict;
mod warning;
mod welch;

pub use asv::is_different;
pub use bootstrap::{BootstrapOptions, Resampled, bootstrap};
pub use call::{CallError, FUNCTIONS, call};
pub use compare::{CompareOptions, Comparison, Counts, compare};
pub use deterministic::{Quantity, compare_quantity};
pub use diagnostics::{Autocorrelation, Diagnostics, Drift, OrderEffect, diagnose};
pub use e_process::{Bet, EProcess, e_value};
pub use error::StatsError;
pub(crate) use error::check_positive as check_times;
pub use family::{benjamini_hochberg, holm};
pub use gate::{Gate, GatePolicy, Status};
pub use hodges_lehmann::hodges_lehmann;
pub use inference::{Assumption, Distribution, Draws, Estimand, Inference, Interval, Method, Sizes};
pub use mann_whitney::mann_whitney;
pub use margin::{Margin, MarginOptions, MarginSource, NoiseFloor};
pub use outliers::{Outliers, outliers};
pub use reward::{Reward, geometric_mean};
pub use sign_flip::sign_flip;
pub use signed_rank::signed_rank;
pub use summary::{Summary, quantile, summarize};
pub use verdict::Verdict;
pub use warning::Warning;
pub use welch::welch;
