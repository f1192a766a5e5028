//! The order in which the points of a sweep are run.

use crate::stats::random::Random;
use serde::{Deserialize, Serialize};

/// One run of one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Which repeat, from 0.
    pub repeat: usize,
    /// Which point, by its place among all.
    pub point: usize,
}

/// All runs: each repeat is a round over all points in an order of its own, so that a machine that becomes slower or faster meets every
/// point alike. The order follows from the seed, the same everywhere.
#[must_use]
pub fn rounds(points: usize, repeats: usize, seed: u64) -> Vec<Turn> {
    let mut random = Random::new(seed);
    let mut turns = Vec::new();
    for repeat in 0..repeats {
        let mut order: Vec<usize> = (0..points).collect();
        // Fisher and Yates.
        for last in (1..points).rev() {
            order.swap(last, random.below(last + 1));
        }
        turns.extend(order.into_iter().map(|point| Turn { repeat, point }));
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_round_has_every_point_once(points in 0..40usize, repeats in 0..6usize, seed in any::<u64>()) {
            let turns = rounds(points, repeats, seed);
            prop_assert_eq!(turns.len(), points * repeats);
            for (repeat, round) in turns.chunks(points.max(1)).enumerate() {
                prop_assert!(round.iter().all(|turn| turn.repeat == repeat));
                let mut seen: Vec<usize> = round.iter().map(|turn| turn.point).collect();
                seen.sort_unstable();
                prop_assert_eq!(seen, (0..points).collect::<Vec<_>>());
            }
            prop_assert_eq!(&turns, &rounds(points, repeats, seed));
        }
    }

    #[test]
    fn first_places_are_evenly_spread() {
        let mut first = [0; 5];
        for seed in 0..5000 {
            first[rounds(5, 1, seed)[0].point] += 1;
        }
        // Five standard deviations of a binomial with p = 1/5.
        assert!(first.iter().all(|count| (859..=1141).contains(count)), "{first:?}");
    }
}
