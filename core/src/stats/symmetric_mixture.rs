//! The e-value of bets on symmetric differences, mixed over stakes by a half-normal law.
//!
//! For x symmetric around 0 or below, exp(λx − λ²x²/2) has expectation of at most 1 for every stake λ ≥ 0 (de la Peña
//! 1999). With S = Σx, V = Σx² and a half-normal law of variance 1/ρ for λ the product averages to
//! E = 2√(ρ/(ρ+V)) exp(S²/(2(ρ+V))) Φ(S/√(ρ+V)): the one-sided normal mixture of Howard et al. (2021).

use super::special::ln_normal_cdf;

/// Mean and spread of differences, updated one by one (Welford 1962).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Moments {
    n: f64,
    mean: f64,
    /// Σ(d − mean)².
    squares: f64,
}

impl Moments {
    pub(super) fn push(&mut self, difference: f64) {
        self.n += 1.0;
        let off = difference - self.mean;
        self.mean += off / self.n;
        self.squares += off * (difference - self.mean);
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    /// ln E against "the centre is at most `centre`".
    pub(super) fn ln_e_above(&self, centre: f64, rho: f64) -> f64 {
        self.ln_e(self.mean - centre, rho)
    }

    /// ln E against "the centre is at least `centre`".
    pub(super) fn ln_e_below(&self, centre: f64, rho: f64) -> f64 {
        self.ln_e(centre - self.mean, rho)
    }

    /// ln E where the mean is `distance` beyond the tested centre.
    fn ln_e(&self, distance: f64, rho: f64) -> f64 {
        let total = rho + self.squares + self.n * distance * distance;
        let z = self.n * distance / total.sqrt();
        std::f64::consts::LN_2 + 0.5 * libm::log(rho / total) + z * z / 2.0 + ln_normal_cdf(z)
    }

    /// How far from the mean a centre must be to be excluded with probability `tail` of error on each side, at all
    /// times together; `None` where no centre is.
    ///
    /// E is not monotone in the centre: it falls again where all values lie far on one side. There it is not used: a
    /// centre beyond the excluded ones nearest the mean counts as excluded too. That adds to the error at most
    /// the probability that all values so far lie on one side of the true centre at a time when E can
    /// reach the threshold at all, 2^(−n₀); it is taken off `tail` beforehand.
    pub(super) fn reach(&self, rho: f64, tail: f64) -> Option<f64> {
        let first = (2..4000).find(|n| largest_ln_e(f64::from(*n)) >= -libm::log(tail)).unwrap_or(4000);
        let threshold = -libm::log(tail - libm::ldexp(1.0, -first));
        let peak = ((self.n - 1.0).max(0.0) * (rho + self.squares) / self.n).sqrt();
        if self.n < 2.0 || self.ln_e(peak, rho) < threshold {
            return None;
        }
        let (mut low, mut high) = (0.0, peak);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if self.ln_e(middle, rho) >= threshold {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    }
}

/// No n differences give a larger ln E than 2 exp((n − 1)/2)/√n, whatever ρ.
fn largest_ln_e(n: f64) -> f64 {
    std::f64::consts::LN_2 + (n - 1.0) / 2.0 - 0.5 * libm::log(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_factor_of_a_bet_exceeds_one_in_expectation() {
        // Two-point laws are the extreme points of the symmetric ones; the centre may also lie below.
        for u in (0..400).map(|i| f64::from(i) / 20.0) {
            for below in (0..100).map(|i| f64::from(i) / 10.0) {
                let bet = |x: f64| libm::exp(x - x * x / 2.0);
                assert!(0.5 * (bet(u - below) + bet(-u - below)) <= 1.0, "{u} around -{below}");
            }
        }
    }

    #[test]
    fn the_reach_is_where_the_threshold_is_met() {
        let mut moments = Moments::default();
        for i in 0..40 {
            moments.push(f64::from(i * 7 % 11) / 100.0);
        }
        let reach = moments.reach(0.01, 0.025).unwrap();
        let at = |d: f64| moments.ln_e_above(moments.mean() - d, 0.01);
        let threshold = -libm::log(0.025 - libm::ldexp(1.0, -10));
        assert!(at(reach) >= threshold && at(reach * (1.0 - 1e-9)) < threshold);
        assert_eq!(Moments::default().reach(0.01, 0.025), None);
    }
}
