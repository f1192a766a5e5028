//! What was recorded of one benchmark.

use serde::{Deserialize, Serialize};

use super::plan::Design;
use super::run::Side;
use crate::stats::random::Random;
use crate::stats::{EProcess, StatsError, Status};

/// Runs of one benchmark, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Series {
    /// Medians of the runs of each side; pair i consists of the i-th of both.
    pub(super) baseline: Vec<f64>,
    pub(super) current: Vec<f64>,
    /// Whether the baseline ran first, of each pair that was begun.
    pub(super) baseline_first: Vec<bool>,
    pub(super) warmed_up: usize,
    pub(super) runs: usize,
    pub(super) spent_s: f64,
    pub(super) process: EProcess,
    /// It ended otherwise than by its numbers, with the reason.
    pub(super) ended: Option<(Status, String)>,
    /// A verdict that ends it was reached.
    pub(super) decided: bool,
}

impl Series {
    pub(super) fn new(design: &Design, margin: f64) -> Result<Self, StatsError> {
        Ok(Self {
            baseline: Vec::new(),
            current: Vec::new(),
            baseline_first: Vec::new(),
            warmed_up: 0,
            runs: 0,
            spent_s: 0.0,
            process: EProcess::new(design.bet(), margin)?,
            ended: None,
            decided: false,
        })
    }

    /// Complete pairs.
    pub(super) fn pairs(&self) -> usize {
        self.baseline.len().min(self.current.len())
    }

    pub(super) fn half_a_pair(&self) -> bool {
        self.baseline.len() != self.current.len()
    }

    pub(super) fn is_open(&self, design: &Design) -> bool {
        self.ended.is_none() && !self.decided && self.pairs() < design.most_pairs()
    }

    /// Takes a value that counts, and looks at the evidence where it completes a pair.
    pub(super) fn take(&mut self, side: Side, value: f64, design: &Design, alpha: f64) -> Result<(), StatsError> {
        let (own, other) = match side {
            Side::Baseline => (&mut self.baseline, &self.current),
            Side::Current => (&mut self.current, &self.baseline),
        };
        let pair = other.get(own.len()).copied();
        if let (Design::UntilDecided { stop_at, .. }, Some(other)) = (design, pair) {
            let (before, now) = if side == Side::Current { (other, value) } else { (value, other) };
            self.process.push(before, now)?;
            self.decided = stop_at.contains(&self.process.verdict(alpha)?);
        }
        own.push(value);
        if pair.is_none() {
            self.baseline_first.push(side == Side::Baseline);
        }
        Ok(())
    }

    /// Whether this is a state that recording could have led to, in the orders that the seed gives this benchmark.
    pub(super) fn is_sound(&self, design: &Design, seed: u64, benchmark: usize) -> bool {
        let (b, c) = (self.baseline.len(), self.current.len());
        let looked_at = if matches!(design, Design::UntilDecided { .. }) { b.min(c) } else { 0 };
        let times = |values: &[f64]| values.iter().all(|v| v.is_finite() && *v > 0.0);
        let order = |(pair, first): (usize, &bool)| *first == baseline_first(seed, benchmark, pair);
        b.abs_diff(c) <= 1
            && self.baseline_first.len() == b.max(c)
            && self.baseline_first.iter().enumerate().all(order)
            && (!self.half_a_pair() || self.baseline_first.last() == Some(&(b > c)))
            && self.process.differences().len() == looked_at
            && (times(&self.baseline) && times(&self.current))
            && (self.spent_s.is_finite() && self.spent_s >= 0.0)
    }
}

/// Whether the baseline runs first in this pair: a fair coin for each block of two pairs, and the other way round in
/// its second pair.
pub(super) fn baseline_first(seed: u64, benchmark: usize, pair: usize) -> bool {
    // A generator for each block, so that nothing but the seed need be kept. Odd constants keep the states apart.
    let own = (benchmark as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let block = ((pair / 2) as u64).wrapping_mul(0xd1b5_4a32_d192_ed03);
    let mut random = Random::new(seed ^ own.wrapping_add(block));
    // The first numbers of nearby states resemble each other.
    (0..4).for_each(|_| {
        random.bits();
    });
    (random.below(2) == 0) != (pair % 2 == 1)
}
