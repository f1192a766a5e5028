//! The e-value of bets on signs: of `n` differences, `k` lie beyond the margin.
//!
//! Where beyond has a probability of at most ½, (p/½)^k ((1 − p)/½)^(n − k) has expectation of at most 1 for every
//! p ≥ ½. Averaged over p between ½ and 1 that is E = 2^(n+1) ∫ p^k (1 − p)^(n − k) dp, a beta mixture cut at ½. The
//! integral has a closed form: E = Σ C(n+1, j) / ((n + 1) C(n, k)), j = 0 ..= k.

use std::f64::consts::{LN_2, PI};

/// ln E for `k` of `n` beyond the margin.
pub(super) fn ln_e(k: usize, n: usize) -> f64 {
    let size = n + 1;
    if 2 * k < size {
        return libm::log(lower_tail(k, size) / (size - k) as f64);
    }
    // The sum is 2^(n+1) less its upper part, which by symmetry is the lower tail up to n − k.
    let ln_half_binomial = ln_pmf(k, n);
    let upper = if k == n {
        libm::ldexp(1.0, -i32::try_from(size).unwrap_or(i32::MAX))
    } else {
        libm::exp(ln_pmf(n - k, size)) * lower_tail(n - k, size)
    };
    LN_2 - libm::log(size as f64) - ln_half_binomial + libm::log1p(-upper)
}

/// The smallest k of n with ln E ≥ `threshold`; `None` if there is none.
pub(super) fn smallest_k(n: usize, threshold: f64) -> Option<usize> {
    let (mut low, mut high) = (n / 2, n + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if ln_e(middle, n) >= threshold {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    (low <= n).then_some(low)
}

/// Σ C(n, j) / C(n, k), j = 0 ..= k, for k ≤ n/2: terms fall from 1.
fn lower_tail(k: usize, n: usize) -> f64 {
    let (mut sum, mut term) = (0.0, 1.0);
    for j in (0..=k).rev() {
        sum += term;
        term *= j as f64 / (n - j + 1) as f64;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// ln of the probability of k heads of n, by Loader's saddle-point expansion (2000), which does not cancel.
fn ln_pmf(k: usize, n: usize) -> f64 {
    if k == 0 || k == n {
        return -(n as f64) * LN_2;
    }
    let (heads, tails, size) = (k as f64, (n - k) as f64, n as f64);
    let deviance = deviance(heads, size / 2.0) + deviance(tails, size / 2.0);
    stirling_error(size) - stirling_error(heads) - stirling_error(tails) - deviance
        + 0.5 * libm::log(size / (2.0 * PI * heads * tails))
}

/// x ln(x/m) + m − x.
fn deviance(x: f64, m: f64) -> f64 {
    let step = (x - m) / (x + m);
    if step.abs() >= 0.1 {
        return x * libm::log(x / m) + m - x;
    }
    // (x − m) v + 2x Σ v^(2j+1)/(2j+1), v = step, j ≥ 1.
    let mut sum = (x - m) * step;
    let mut power = 2.0 * x * step;
    for j in 1..1000 {
        power *= step * step;
        let next = sum + power / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// ln(n!) less Stirling's formula, for whole n ≥ 1.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        let factorial: f64 = (2..=n as u32).map(f64::from).product();
        return libm::log(factorial) - (n + 0.5) * libm::log(n) + n - 0.5 * libm::log(2.0 * PI);
    }
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // 2^(n+1) ∫ … for k = n is (2^(n+1) − 1)/(n + 1).
        for n in 0..40 {
            let want = libm::log((libm::ldexp(1.0, n + 1) - 1.0) / f64::from(n + 1));
            assert!((ln_e(n as usize, n as usize) - want).abs() < 1e-13, "{n}");
        }
        assert!((ln_e(0, 5) - libm::log(1.0 / 6.0)).abs() < 1e-15);
    }

    #[test]
    fn one_more_pair_keeps_the_expectation_at_even_odds() {
        for n in [0, 1, 2, 5, 17, 100, 999] {
            for k in 0..=n {
                let ln_e_now = ln_e(k, n);
                let growth = |k| libm::exp(ln_e(k, n + 1) - ln_e_now);
                let expected = 0.5 * (growth(k) + growth(k + 1));
                assert!((expected - 1.0).abs() < 1e-11, "{k} of {n}: {expected}");
            }
        }
    }

    #[test]
    fn the_threshold_is_where_it_is_reached() {
        let threshold = libm::log(40.0);
        assert_eq!(smallest_k(7, threshold), None);
        assert_eq!(smallest_k(8, threshold), Some(8));
        for n in 8..300 {
            let k = smallest_k(n, threshold).unwrap();
            assert!(ln_e(k, n) >= threshold && ln_e(k - 1, n) < threshold, "{n}");
        }
    }
}
