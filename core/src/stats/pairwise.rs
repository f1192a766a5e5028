//! All differences of two samples and all Walsh averages of one, by rank and without holding them where they are many.

/// Up to this many pairs all values are held in memory; above, they are searched.
const HELD_PAIRS: usize = 1 << 16;

/// A large set of values, by rank.
pub(super) enum Pairwise {
    /// All of them.
    Held(Vec<f64>),
    /// Differences x − y of two ascending samples.
    Differences(Vec<f64>, Vec<f64>),
    /// Averages (x + y)/2 of one ascending sample's values, each with itself and with every other.
    Averages(Vec<f64>),
}

impl Pairwise {
    /// All differences x − y of two ascending samples.
    pub(super) fn differences(xs: Vec<f64>, ys: Vec<f64>) -> Self {
        if xs.len().saturating_mul(ys.len()) > HELD_PAIRS {
            return Self::Differences(xs, ys);
        }
        Self::Held(xs.iter().flat_map(|x| ys.iter().map(move |y| x - y)).collect())
    }

    /// The Walsh averages of an ascending sample.
    pub(super) fn averages(xs: Vec<f64>) -> Self {
        if xs.len().saturating_mul(xs.len() + 1) / 2 > HELD_PAIRS {
            return Self::Averages(xs);
        }
        Self::Held(xs.iter().enumerate().flat_map(|(i, x)| xs[i..].iter().map(move |y| average(*x, *y))).collect())
    }

    /// How many values there are.
    pub(super) fn count(&self) -> u64 {
        match self {
            Self::Held(all) => all.len() as u64,
            Self::Differences(xs, ys) => xs.len() as u64 * ys.len() as u64,
            Self::Averages(xs) => xs.len() as u64 * (xs.len() as u64 + 1) / 2,
        }
    }

    /// The value of rank `k` from 0; ranks beyond the end give the largest.
    pub(super) fn kth(&mut self, k: u64) -> f64 {
        match self {
            Self::Held(all) => {
                let last = all.len().saturating_sub(1);
                *all.select_nth_unstable_by((k as usize).min(last), f64::total_cmp).1
            }
            Self::Differences(xs, ys) => {
                let (Some(x0), Some(x1), Some(y0), Some(y1)) = (xs.first(), xs.last(), ys.first(), ys.last()) else {
                    return 0.0;
                };
                search(x0 - y1, x1 - y0, |limit| differences_up_to(xs, ys, limit) > k)
            }
            Self::Averages(xs) => {
                let (Some(first), Some(last)) = (xs.first(), xs.last()) else {
                    return 0.0;
                };
                search(*first, *last, |limit| averages_up_to(xs, limit) > k)
            }
        }
    }

    /// The middle value, or the middle of the two middle ones.
    pub(super) fn median(&mut self) -> f64 {
        let count = self.count();
        let upper = self.kth(count / 2);
        if count % 2 == 1 { upper } else { self.kth(count / 2 - 1).midpoint(upper) }
    }

    /// The values of rank `k` from below and from above.
    pub(super) fn ends(&mut self, k: u64) -> (f64, f64) {
        let last = self.count() - 1;
        (self.kth(k), self.kth(last - k))
    }
}

/// Callers keep values far from overflow, or have checked that differences are finite.
fn average(x: f64, y: f64) -> f64 {
    0.5 * (x + y)
}

/// The smallest double in [low, high] for which `reached` holds, which it does for `high`.
///
/// Bisects the values of doubles, which finds the value itself and not an approximation.
fn search(low: f64, high: f64, reached: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (ordinal(low), ordinal(high));
    while low < high {
        let middle = low + (high - low) / 2;
        if reached(from_ordinal(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    from_ordinal(low)
}

/// How many differences are at most `limit`. Rounding keeps x − y monotone in both, so one sweep counts.
fn differences_up_to(xs: &[f64], ys: &[f64], limit: f64) -> u64 {
    let mut too_small = 0;
    let mut count = 0;
    for x in xs {
        while ys.get(too_small).is_some_and(|y| x - y > limit) {
            too_small += 1;
        }
        count += (ys.len() - too_small) as u64;
    }
    count
}

/// How many averages are at most `limit`, in one sweep.
fn averages_up_to(xs: &[f64], limit: f64) -> u64 {
    let mut small_enough = xs.len();
    let mut count = 0;
    for (i, x) in xs.iter().enumerate() {
        while small_enough > i && average(*x, xs[small_enough - 1]) > limit {
            small_enough -= 1;
        }
        if small_enough <= i {
            break;
        }
        count += (small_enough - i) as u64;
    }
    count
}

/// Maps doubles to integers of the same order.
fn ordinal(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn from_ordinal(ordinal: u64) -> f64 {
    f64::from_bits(if ordinal >> 63 == 1 { ordinal & !(1 << 63) } else { !ordinal })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::summary::sorted;

    #[test]
    fn searched_values_are_the_held_ones() {
        let xs = sorted(&(0..40).map(|i| f64::from(i * 7919 % 97) / 3.0 - 11.0).collect::<Vec<_>>());
        let ys = sorted(&(0..33).map(|i| f64::from(i * 104_729 % 89) / 7.0).collect::<Vec<_>>());
        let both = [
            (Pairwise::differences(xs.clone(), ys.clone()), Pairwise::Differences(xs.clone(), ys)),
            (Pairwise::averages(xs.clone()), Pairwise::Averages(xs)),
        ];
        for (mut held, mut searched) in both {
            assert!(matches!(held, Pairwise::Held(_)));
            assert_eq!(held.count(), searched.count());
            for k in 0..held.count() {
                assert_eq!(held.kth(k), searched.kth(k));
            }
        }
    }
}
