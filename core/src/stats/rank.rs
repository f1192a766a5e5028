//! Ranks of two samples and the exact distributions of their sums under "no difference".

use std::ops::{AddAssign, SubAssign};

use super::exchanges::selections;
use super::special::binomial;

/// Two samples ranked together. Ranks are doubled, so that midranks are whole numbers.
pub(super) struct Ranked {
    /// Doubled ranks of both samples, ascending.
    pub(super) doubled: Vec<u64>,
    /// Sum of the doubled ranks of the first sample.
    pub(super) first_sum: u64,
    /// Σ(t³ − t) over groups of t equal values.
    pub(super) tie_term: f64,
}

/// Ranks two finite samples together.
pub(super) fn rank(first: &[f64], second: &[f64]) -> Ranked {
    let mut pooled: Vec<(f64, bool)> =
        first.iter().map(|v| (*v, true)).chain(second.iter().map(|v| (*v, false))).collect();
    pooled.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranked = Ranked { doubled: Vec::with_capacity(pooled.len()), first_sum: 0, tie_term: 0.0 };
    let mut start = 0_u64;
    for group in pooled.chunk_by(|a, b| a.0 == b.0) {
        let size = group.len() as u64;
        let doubled = 2 * start + size + 1;
        ranked.first_sum += doubled * group.iter().filter(|(_, is_first)| *is_first).count() as u64;
        ranked.doubled.extend(group.iter().map(|_| doubled));
        let t = size as f64;
        ranked.tie_term += t * (t * t - 1.0);
        start += size;
    }
    ranked
}

/// P(U ≤ u) for u = 0 ..= mn/2, for samples of m and n distinct values.
///
/// The counts are the coefficients of the Gaussian binomial ∏ (1 − q^(n+i)) / (1 − q^i), i = 1 ..= m. They are
/// formed modulo a power of two, which is exact because every final count fits: callers keep mn ≤ 2500.
pub(super) fn untied_lower_half(m: usize, n: usize) -> Vec<f64> {
    if binomial(m + n, m) < 1e19 { cumulated::<Small>(m, n) } else { cumulated::<Large>(m, n) }
}

/// The smaller of P(S ≤ s) and P(S ≥ s), for S the sum of `size` ranks drawn without replacement from `doubled`
/// (ascending doubled ranks).
pub(super) fn smaller_tied_tail(doubled: &[u64], size: usize, s: u64) -> f64 {
    let all: u64 = doubled.iter().sum();
    let n = doubled.len() as u64;
    // Twice the mean of S is size·all/n. Above it the ranks are counted from the other end.
    let (lower, at) = if 2 * s * n <= size as u64 * all {
        lower_tail(doubled, size, s)
    } else {
        let mirrored: Vec<u64> = doubled.iter().rev().map(|rank| 2 * (n + 1) - rank).collect();
        lower_tail(&mirrored, size, size as u64 * 2 * (n + 1) - s)
    };
    lower.min(1.0 - lower + at)
}

/// (P(S ≤ s), P(S = s)).
fn lower_tail(doubled: &[u64], size: usize, s: u64) -> (f64, f64) {
    let (up_to, exactly) = selections(doubled, size, s).unwrap_or_else(|| many_selections(doubled, size, s));
    let total = binomial(doubled.len(), size);
    (up_to / total, exactly / total)
}

/// [`selections`] where they are too many for integers.
fn many_selections(doubled: &[u64], size: usize, s: u64) -> (f64, f64) {
    // counts[j][x]: subsets of j ranks whose sum exceeds that of the j smallest by x. A further rank never lowers the
    // excess, so what exceeds the final one needs no counting.
    let smallest: Vec<u64> = prefix_sums(doubled.iter().copied().take(size));
    let largest: Vec<u64> = prefix_sums(doubled.iter().rev().copied().take(size));
    let excess = s.saturating_sub(smallest.last().copied().unwrap_or(0));
    let width = |(low, high): (&u64, &u64)| (high - low).min(excess) as usize + 1;
    let mut counts: Vec<Vec<f64>> = smallest.iter().zip(&largest).map(|ends| vec![0.0; width(ends)]).collect();
    if let Some(only) = counts.first_mut().and_then(|row| row.first_mut()) {
        *only = 1.0;
    }
    let seen_sums: Vec<u64> = prefix_sums(doubled.iter().copied());
    for (seen, weight) in doubled.iter().enumerate() {
        for j in (0..size.min(seen + 1)).rev() {
            let (head, tail) = counts.split_at_mut(j + 1);
            let (Some(from), Some(to)) = (head.last(), tail.first_mut()) else {
                continue;
            };
            // What j ranks seen so far can reach at most, how far this weight moves it, and how far those that must
            // still come move it at least.
            let reach = seen_sums[seen] - seen_sums[seen - j] - smallest[j];
            let shift = (smallest[j] + weight - smallest[j + 1]) as usize;
            let Some(last) = seen_sums.get(seen + size - j) else {
                continue;
            };
            let rest = last - seen_sums[seen + 1] - (smallest[size] - smallest[j + 1]);
            let allowed = (excess + 1).saturating_sub(rest).saturating_sub(shift as u64);
            let filled = from.iter().take((reach + 1).min(allowed) as usize);
            for (target, count) in to.iter_mut().skip(shift).zip(filled) {
                *target += count;
            }
        }
    }
    let row = counts.last().map_or(&[][..], Vec::as_slice);
    (row.iter().sum(), row.get(excess as usize).copied().unwrap_or(0.0))
}

/// 0, v₀, v₀ + v₁, …
fn prefix_sums(values: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut sums = vec![0];
    sums.extend(values.scan(0, |sum, v| {
        *sum += v;
        Some(*sum)
    }));
    sums
}

type Small = std::num::Wrapping<u64>;
type Large = std::num::Wrapping<u128>;

/// An unsigned integer that wraps around.
trait Count: Copy + Default + AddAssign + SubAssign {
    const ONE: Self;
    fn to_f64(self) -> f64;
}

impl Count for Small {
    const ONE: Self = std::num::Wrapping(1);
    fn to_f64(self) -> f64 {
        self.0 as f64
    }
}

impl Count for Large {
    const ONE: Self = std::num::Wrapping(1);
    fn to_f64(self) -> f64 {
        self.0 as f64
    }
}

fn cumulated<T: Count>(m: usize, n: usize) -> Vec<f64> {
    let (m, n) = (m.min(n), m.max(n));
    let half = m * n / 2;
    let mut counts = vec![T::default(); half + 1];
    counts[0] = T::ONE;
    for i in 1..=m {
        // Times 1 − q^(n+i), from the top; then over 1 − q^i, from the bottom. In blocks, which do not overlap.
        for start in (n + i..half + 1).step_by(n + i).rev() {
            let (below, block) = counts.split_at_mut(start);
            block.iter_mut().zip(&below[start - (n + i)..]).for_each(|(count, other)| *count -= *other);
        }
        for start in (i..=half).step_by(i) {
            let (below, block) = counts.split_at_mut(start);
            block.iter_mut().zip(&below[start - i..]).for_each(|(count, other)| *count += *other);
        }
    }
    let total = binomial(m + n, m);
    let mut sum = T::default();
    counts
        .into_iter()
        .map(|count| {
            sum += count;
            sum.to_f64() / total
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_counting_agree() {
        let mut checked = 0;
        for (size, others, groups) in
            [(1, 1, 1), (1, 7, 3), (5, 2, 4), (9, 9, 5), (14, 17, 6), (12, 3, 1), (20, 20, 30)]
        {
            let values: Vec<f64> = (0..size + others).map(|i| f64::from(i * 37 % groups)).collect();
            let ranked = rank(&values, &[]).doubled;
            let size = size as usize;
            let (least, most): (u64, u64) = (ranked[..size].iter().sum(), ranked[others as usize..].iter().sum());
            for s in (least..=most).step_by((most - least) as usize / 40 + 1) {
                assert_eq!(
                    selections(&ranked, size, s),
                    Some(many_selections(&ranked, size, s)),
                    "{ranked:?} {size} {s}"
                );
                checked += 1;
            }
        }
        assert!(checked > 100, "{checked}");
    }

    #[test]
    fn many_selections_are_not_counted_in_integers() {
        let ranked: Vec<u64> = (1..=70).map(|rank| 2 * rank).collect();
        assert_eq!(selections(&ranked, 35, 2500), None);
        // Two samples of 33 that are all tied: every selection, which is just below what fits.
        let (up_to, exactly) = selections(&[66; 66], 33, 33 * 66).unwrap();
        assert_eq!((up_to, exactly), (7_219_428_434_016_265_735_u64 as f64, up_to));
    }
}
