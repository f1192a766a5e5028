//! Special functions: normal and Student tails with their inverses, binomial coefficients.

use std::f64::consts::SQRT_2;

/// Upper tail of the standard normal distribution.
pub(super) fn normal_sf(z: f64) -> f64 {
    0.5 * libm::erfc(z / SQRT_2)
}

/// Lower tail of the standard normal distribution.
pub(super) fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

/// Logarithm of the lower tail of the standard normal distribution.
pub(super) fn ln_normal_cdf(z: f64) -> f64 {
    if z > 0.0 {
        libm::log1p(-normal_sf(z))
    } else if z > -30.0 {
        libm::log(normal_cdf(z))
    } else {
        // The asymptotic series, DLMF 7.12.1: its terms fall below a double's precision here.
        let s = 1.0 / (z * z);
        let series = 1.0 - s * (1.0 - 3.0 * s * (1.0 - 5.0 * s * (1.0 - 7.0 * s * (1.0 - 9.0 * s))));
        -z * z / 2.0 - 0.5 * libm::log(2.0 * std::f64::consts::PI) - libm::log(-z) + libm::log(series)
    }
}

/// The z whose lower tail is `p`; infinite for 0 and 1.
pub(super) fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        f64::NEG_INFINITY
    } else if p < 0.5 {
        -normal_isf(p)
    } else if p >= 1.0 {
        f64::INFINITY
    } else if p > 0.5 {
        normal_isf(1.0 - p)
    } else {
        0.0
    }
}

/// The z > 0 whose upper tail is `p`, for p in (0, ½).
pub(super) fn normal_isf(p: f64) -> f64 {
    invert_decreasing(normal_sf, p, 40.0)
}

/// Two-sided tail P(|T| ≥ t) of Student's distribution with real `df` > 0, for t ≥ 0.
///
/// Through the regularised incomplete beta function, DLMF 8.17.
pub(super) fn student_two_sided(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || t <= 0.0 {
        return 1.0;
    }
    // Both arguments are formed directly: 1 − x would lose the tail.
    let square = t * t;
    if square.is_infinite() {
        return 0.0;
    }
    let (x, y) = (df / (df + square), square / (df + square));
    let (a, b) = (df / 2.0, 0.5);
    if x < (a + 1.0) / (a + b + 2.0) {
        beta_front(a, b, x, y) * beta_fraction(a, b, x) / a
    } else {
        1.0 - beta_front(b, a, y, x) * beta_fraction(b, a, y) / b
    }
}

/// The t > 0 with P(|T| ≥ t) = `p`, for p in (0, 1).
pub(super) fn student_two_sided_inverse(p: f64, df: f64) -> f64 {
    invert_decreasing(|t| student_two_sided(t, df), p, 1e150)
}

/// Binomial coefficient as a float; infinite where it does not fit.
pub(super) fn binomial(n: usize, k: usize) -> f64 {
    let k = k.min(n.saturating_sub(k));
    let mut value = 1.0_f64;
    for i in 0..k {
        value = value * (n - i) as f64 / (i + 1) as f64;
        if value.is_infinite() {
            break;
        }
    }
    value
}

/// x^a (1−x)^b / B(a, b), with y = 1 − x.
fn beta_front(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let ln_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    libm::exp(a * libm::log(x) + b * libm::log(y) - ln_beta)
}

/// The continued fraction of DLMF 8.17.22, by the modified Lentz method.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for step in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + step * d);
            c = away_from_zero(1.0 + step / c);
            factor = c * d;
            value *= factor;
        }
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// The argument in [0, high] at which a decreasing function falls to `target`, to the last bit.
///
/// Bisects the bit pattern, which orders non-negative doubles: 63 steps whatever the magnitude.
fn invert_decreasing(f: impl Fn(f64) -> f64, target: f64, high: f64) -> f64 {
    let (mut low, mut high) = (0_u64, high.to_bits());
    while low < high {
        let middle = low + (high - low) / 2;
        if f(f64::from_bits(middle)) > target {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    f64::from_bits(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs(), "{got} is not {want}");
    }

    #[test]
    fn known_points() {
        close(normal_isf(0.025), 1.959963984540054);
        close(normal_sf(10.0), 7.619853024160525e-24);
        // df = 1 and 2 have closed forms.
        close(student_two_sided(1.0, 1.0), 0.5);
        close(student_two_sided_inverse(0.05, 1.0), 12.706204736174698);
        close(student_two_sided_inverse(0.05, 2.0), 4.302652729749464);
        close(student_two_sided(1e-3, 2.0), 1.0 - 1e-3 / (2.0 + 1e-6_f64).sqrt());
        close(binomial(60, 30), 118264581564861424.0);
        assert!(binomial(100_000, 50_000).is_infinite());
        assert_eq!(binomial(3, 0), 1.0);
    }
}
