//! The order in which the points of a sweep are run.

use crate::stats::random::Random;

/// The places of all points in the order of one round. Each round has an order of its own, so that a machine that becomes slower or faster
/// meets every point alike. It follows from the seed and the round's number alone, the same everywhere.
#[must_use]
pub fn round(points: usize, number: usize, seed: u64) -> Vec<usize> {
    // Odd constants keep the states of rounds apart; the first numbers of nearby states resemble each other.
    let mut random = Random::new(seed ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (0..4).for_each(|_| {
        random.bits();
    });
    let mut order: Vec<usize> = (0..points).collect();
    // Fisher and Yates.
    for last in (1..points).rev() {
        order.swap(last, random.below(last + 1));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_round_has_every_point_once(points in 0..40usize, number in 0..60usize, seed in any::<u64>()) {
            let mut seen = round(points, number, seed);
            prop_assert_eq!(&seen, &round(points, number, seed));
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..points).collect::<Vec<_>>());
        }
    }

    #[test]
    fn first_places_are_evenly_spread_over_seeds_and_over_rounds() {
        let spread = |first: &dyn Fn(u64) -> usize| {
            let mut counts = [0; 5];
            (0..5000).for_each(|number| counts[first(number)] += 1);
            // Five standard deviations of a binomial with p = 1/5.
            assert!(counts.iter().all(|count| (859..=1141).contains(count)), "{counts:?}");
        };
        spread(&|seed| round(5, 0, seed)[0]);
        spread(&|number| round(5, number as usize, 1)[0]);
    }
}
