//! Random numbers from a seed, the same on every platform.
//!
//! The generator is PCG64 (XSL RR 128/64) with the seed as its initial state and a fixed stream.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// The stream: PCG's own default increment.
const STREAM: u128 = 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96;

/// A seeded source of random numbers.
pub(crate) struct Random(Pcg64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Pcg64::new(u128::from(seed), STREAM))
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A whole number below `bound`, each with the same probability; 0 for a bound of 0.
    ///
    /// The high half of a 128-bit product, drawn again while the low half is below 2⁶⁴ mod `bound` (Lemire 2019).
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        let uneven = bound.wrapping_neg().checked_rem(bound).unwrap_or(0);
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            if product as u64 >= uneven {
                return (product >> 64) as usize;
            }
        }
    }
}
