//! The exact distribution of a rank sum of small samples, counted by what is exchanged for what.

use super::special::binomial;

/// The largest value of C(n, k) for which rows fit 32 bits, and all selections together 64: two samples of 33.
const MOST_IN_ROW: f64 = 4e9;
const MOST: f64 = 1.8e19;

/// In how many ways `size` of `ascending` can be taken so that they sum up to at most `s`, and in how many to exactly
/// that; `s` is at least the sum of the smallest. `None` where there are too many ways to count in integers.
///
/// A selection is the smallest values with k of them removed and k others added. Its sum exceeds theirs by how far
/// the removed lie below the border between both and the added above, so each side is counted by itself.
pub(super) fn selections(ascending: &[u64], size: usize, s: u64) -> Option<(f64, f64)> {
    let (smallest, others) = ascending.split_at(size);
    let longer = size.max(others.len());
    if binomial(longer, size.min(longer / 2)) > MOST_IN_ROW || binomial(ascending.len(), size) > MOST {
        return None;
    }
    let border = smallest.last().copied().unwrap_or(0);
    let removed: Vec<u64> = smallest.iter().rev().map(|value| border - value).collect();
    let added: Vec<u64> = others.iter().map(|value| value - border).collect();
    let excess = s.checked_sub(smallest.iter().sum())?;
    // What remains of the excess when k exchanges are made where they cost least; no others cost less.
    let least = prefix_sums(&removed).into_iter().zip(prefix_sums(&added));
    let limits: Vec<usize> =
        least.map_while(|(removed, added)| excess.checked_sub(removed + added)).map(|left| left as usize).collect();
    let (mut up_to, mut exactly) = (0, 0);
    for ((removed, added), limit) in subsets(&removed, &limits).iter().zip(&subsets(&added, &limits)).zip(&limits) {
        let (below, at) = joined(removed, added, *limit);
        up_to += below;
        exactly += at;
    }
    Some((up_to as f64, exactly as f64))
}

/// counts[k][x]: subsets of k values whose sum exceeds that of the k smallest by x, for x up to `limits[k]`.
fn subsets(ascending: &[u64], limits: &[usize]) -> Vec<Vec<u32>> {
    let sums = prefix_sums(ascending);
    // How far k of the first `seen` values can exceed the k smallest.
    let reach = |seen: usize, k: usize| (sums[seen] - sums[seen - k] - sums[k]) as usize;
    let width = |(k, limit): (usize, &usize)| reach(ascending.len(), k).min(*limit) + 1;
    let mut counts: Vec<Vec<u32>> = limits.iter().enumerate().map(|row| vec![0; width(row)]).collect();
    if let Some(none) = counts.first_mut() {
        none.fill(1);
    }
    for (seen, value) in ascending.iter().enumerate() {
        for k in (0..counts.len().min(seen + 2) - 1).rev() {
            let (fewer, more) = counts.split_at_mut(k + 1);
            let shift = (value - ascending[k]) as usize;
            let filled = fewer[k].len().min(reach(seen, k) + 1);
            if let Some(targets) = more[0].get_mut(shift..) {
                targets.iter_mut().zip(&fewer[k][..filled]).for_each(|(target, count)| *target += count);
            }
        }
    }
    counts
}

/// Pairs from both sides whose excesses sum up to at most `limit`, and to exactly that.
fn joined(removed: &[u32], added: &[u32], limit: usize) -> (u64, u64) {
    let product = |(x, y): (&u32, &u32)| u64::from(*x) * u64::from(*y);
    let mut removed = removed.to_vec();
    removed.resize(limit + 1, 0);
    let at = added.iter().zip(removed.iter().rev()).map(product).sum();
    let mut sum = 0;
    for count in &mut removed {
        sum += *count;
        *count = sum;
    }
    (added.iter().zip(removed.iter().rev()).map(product).sum(), at)
}

/// 0, v₀, v₀ + v₁, …
fn prefix_sums(values: &[u64]) -> Vec<u64> {
    let mut sums = vec![0];
    sums.extend(values.iter().scan(0, |sum, value| {
        *sum += value;
        Some(*sum)
    }));
    sums
}
