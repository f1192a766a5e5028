//! The e-value of bets on signs whose stakes rise with the rank of the difference's size.
//!
//! With x = d − centre, the stake on x > 0 is t = tanh(δ q), where q is the half-normal score of the rank of |x| among
//! the sizes of the blocks before and itself; the bet multiplies the wealth by 1 + t sign(x). One bet stakes nearly all
//! each time, whatever the rank: differences that are all far beyond the centre decide as early as signs alone would.
//!
//! Why this is fair: with the past fixed, ψ(x) = t sign(x) is an odd function that never falls. For e symmetric around 0
//! its mean is 0, and for e − c with c ≥ 0 at most that, because ψ never falls. So no factor gains on average wherever a
//! difference, given the past, is symmetric around the centre or around less. Nothing else is asked of the noise, and
//! its law may change from pair to pair. The wealths of the bets are averaged with fixed weights, which keeps that.
//!
//! Ranks look at complete blocks of two and never at the other pair of the same block. With an effect of the position
//! within a pair, the second pair of a block leans by as much against the first as the first leans; then ψ is the same
//! function for both, with means −u ± v and −u′ ∓ v′ (u, u′, v, v′ ≥ 0), the sign that of a fair coin. A block then
//! multiplies the wealth by (1 − u)(1 − u′) − v v′ ≤ 1 on average: seen at the ends of blocks the process stays fair.

use super::summary::compensated_sum;

/// Stakes for small and for large effects.
const DELTAS: [f64; 2] = [0.45, 1.1];
/// The stake of the bet that does not look at ranks.
const STEADY: f64 = 0.95;
/// ln 0.6, ln 0.2 and ln 0.2.
const LN_SHARES: PerBet = [-0.510_825_623_765_990_7, -1.609_437_912_434_100_3, -1.609_437_912_434_100_3];

/// A number for each δ and for the steady bet.
type PerBet = [f64; 3];

/// Inverting the bets takes time with the square of the number of pairs.
pub(super) const MOST_PAIRS: usize = 2048;

/// The bets against one centre, in both directions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wealth {
    centre: f64,
    /// |d − centre| in the order of the pairs.
    sizes: Vec<f64>,
    above: PerBet,
    below: PerBet,
}

impl Wealth {
    pub(super) fn new(centre: f64) -> Self {
        Self { centre, sizes: Vec::new(), above: [0.0; 3], below: [0.0; 3] }
    }

    pub(super) fn push(&mut self, difference: f64) {
        let off = difference - self.centre;
        let before = &self.sizes[..blocks_before(self.sizes.len())];
        let doubled: usize = before.iter().map(|size| doubled_order(*size, off.abs())).sum();
        let gains = gains(doubled + 1, before.len() + 1);
        let (for_above, for_below) = if off > 0.0 { (gains.won, gains.lost) } else { (gains.lost, gains.won) };
        if off != 0.0 {
            add(&mut self.above, for_above);
            add(&mut self.below, for_below);
        }
        self.sizes.push(off.abs());
    }

    /// ln E against "the centre is at most this one".
    pub(super) fn ln_e_above(&self) -> f64 {
        ln_e(&self.above)
    }

    /// ln E against "the centre is at least this one".
    pub(super) fn ln_e_below(&self) -> f64 {
        ln_e(&self.below)
    }
}

/// The smallest centre at which ln E against "the centre is at most this" is below `threshold`; `None` where that is
/// so for every centre however small.
///
/// E changes where a centre passes a difference (a sign turns) or the middle of two (the later one's rank changes), each
/// time in one factor, so all centres are tried in one sweep from below. All centres below the result are excluded at
/// once, whatever E is beyond it: a true centre among them means that its own E has reached the threshold.
pub(super) fn lower_end(differences: &[f64], threshold: f64) -> Option<f64> {
    let mut sweep = Sweep::new(differences);
    if ln_e(&sweep.wealth) < threshold {
        return None;
    }
    for event in events(differences) {
        sweep.pass(&event);
        if ln_e(&sweep.wealth) < threshold {
            return Some(event.centre);
        }
    }
    None
}

/// [`lower_end`] seen from above.
pub(super) fn upper_end(differences: &[f64], threshold: f64) -> Option<f64> {
    let mirrored: Vec<f64> = differences.iter().map(|d| -d).collect();
    lower_end(&mirrored, threshold).map(|end| -end)
}

/// The normal-scores statistic against a centre of 0: about standard normal where that is the centre.
pub(super) fn statistic(differences: &[f64]) -> f64 {
    let scored: Vec<f64> = differences
        .iter()
        .enumerate()
        .map(|(index, difference)| {
            let before = &differences[..blocks_before(index)];
            let doubled: usize = before.iter().map(|other| doubled_order(other.abs(), difference.abs())).sum();
            let score = half_normal_score(doubled + 1, before.len() + 1);
            if *difference == 0.0 { 0.0 } else { score.copysign(*difference) }
        })
        .collect();
    let squares = compensated_sum(scored.iter().map(|score| score * score));
    if squares > 0.0 { compensated_sum(scored.iter().copied()) / squares.sqrt() } else { 0.0 }
}

/// How many pairs lie in the blocks of two before the one that pair `index` belongs to.
fn blocks_before(index: usize) -> usize {
    index - index % 2
}

/// What another size adds to the doubled rank of `size`.
fn doubled_order(other: f64, size: f64) -> usize {
    usize::from(other < size) + usize::from(other <= size)
}

/// ln of the factors of a bet that is won or lost.
#[derive(Clone, Copy)]
struct Gains {
    won: PerBet,
    lost: PerBet,
}

fn gains(doubled_rank: usize, of: usize) -> Gains {
    let score = half_normal_score(doubled_rank, of);
    let [small, large] = DELTAS.map(|delta| libm::tanh(delta * score));
    let stakes = [small, large, STEADY];
    Gains { won: stakes.map(libm::log1p), lost: stakes.map(|stake| libm::log1p(-stake)) }
}

/// The half-normal quantile of the rank, within 0.4 % (Winitzki 2008). Any rising score is as valid.
fn half_normal_score(doubled_rank: usize, of: usize) -> f64 {
    const A: f64 = 0.147;
    let p = doubled_rank as f64 / (2 * of) as f64;
    let ln = libm::log1p(-p * p);
    let half = 2.0 / (std::f64::consts::PI * A) + ln / 2.0;
    (2.0 * ((half * half - ln / A).sqrt() - half)).max(0.0).sqrt()
}

fn add(sums: &mut PerBet, terms: PerBet) {
    sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
}

fn ln_e(wealth: &PerBet) -> f64 {
    let [a, b, c] = std::array::from_fn(|bet| wealth[bet] + LN_SHARES[bet]);
    let most = a.max(b).max(c);
    most + libm::log([a, b, c].map(|ln| libm::exp(ln - most)).iter().sum())
}

/// The centre passes a difference (`earlier` is `later`) or the middle of two.
struct Event {
    centre: f64,
    earlier: usize,
    later: usize,
}

fn events(differences: &[f64]) -> Vec<Event> {
    let mut events = Vec::with_capacity(differences.len() * (differences.len() + 1) / 2);
    for (later, difference) in differences.iter().enumerate() {
        events.push(Event { centre: *difference, earlier: later, later });
        for (earlier, other) in differences[..blocks_before(later)].iter().enumerate() {
            if other != difference {
                events.push(Event { centre: 0.5 * (other + difference), earlier, later });
            }
        }
    }
    events.sort_unstable_by(|a, b| {
        a.centre.total_cmp(&b.centre).then_with(|| (a.later, a.earlier).cmp(&(b.later, b.earlier)))
    });
    events
}

/// Signs, ranks and factors of all differences as the centre rises.
struct Sweep<'a> {
    differences: &'a [f64],
    doubled_ranks: Vec<usize>,
    gains: Vec<Gains>,
    positive: Vec<bool>,
    wealth: PerBet,
}

impl<'a> Sweep<'a> {
    /// Below all differences: all signs are positive, and larger differences lie further off.
    fn new(differences: &'a [f64]) -> Self {
        let rank = |(index, difference): (usize, &f64)| {
            1 + differences[..blocks_before(index)]
                .iter()
                .map(|other| doubled_order(*other, *difference))
                .sum::<usize>()
        };
        let doubled_ranks: Vec<usize> = differences.iter().enumerate().map(rank).collect();
        let gains: Vec<Gains> =
            doubled_ranks.iter().enumerate().map(|(index, rank)| gains(*rank, blocks_before(index) + 1)).collect();
        let mut wealth = [0.0; 3];
        gains.iter().for_each(|gains| add(&mut wealth, gains.won));
        Self { differences, doubled_ranks, gains, positive: vec![true; differences.len()], wealth }
    }

    fn pass(&mut self, event: &Event) {
        let index = event.later;
        let before = self.factor(index);
        add(&mut self.wealth, before.map(|term| -term));
        if event.earlier == index {
            self.positive[index] = false;
        } else {
            // The smaller of two differences lies further off from now on.
            let rank = &mut self.doubled_ranks[index];
            *rank = if self.differences[event.earlier] < self.differences[index] { *rank - 2 } else { *rank + 2 };
            self.gains[index] = gains(*rank, blocks_before(index) + 1);
        }
        let after = self.factor(index);
        add(&mut self.wealth, after);
    }

    fn factor(&self, index: usize) -> PerBet {
        if self.positive[index] { self.gains[index].won } else { self.gains[index].lost }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Differences with ties and of both signs.
    fn differences(seed: u64, n: usize) -> Vec<f64> {
        let mut random = super::super::random::Random::new(seed);
        (0..n).map(|_| random.below(40) as f64 / 8.0 - 2.0).collect()
    }

    fn at(centre: f64, differences: &[f64]) -> Wealth {
        let mut wealth = Wealth::new(centre);
        differences.iter().for_each(|d| wealth.push(*d));
        wealth
    }

    #[test]
    fn no_block_gains_on_average_whatever_the_past_and_the_position() {
        // Two-point laws are the extreme points of the symmetric ones; the centre may lie below the one that is tested.
        for (seed, n) in [(1, 0), (2, 2), (3, 8), (4, 30)] {
            let past = differences(seed, n);
            for case in 0..2000_u32 {
                let part = |step: u32, of: u32| f64::from(case / step % of);
                let (size, other) = (part(1, 10) / 3.0, part(10, 5) / 1.7);
                let (position, below) = (part(50, 4) / 2.3, part(200, 10) / 4.1);
                let after = |block: &[f64], which: &dyn Fn(&Wealth) -> &PerBet| {
                    let mut all = past.clone();
                    all.extend(block);
                    which(&at(0.0, &all)).map(libm::exp)
                };
                let before = at(0.0, &past);
                let (mut first, mut both) = ([0.0; 3], [0.0; 3]);
                for signs in 0..8_u32 {
                    let sign = |bit: u32| if signs >> bit & 1 == 1 { 1.0 } else { -1.0 };
                    let block =
                        [sign(0) * size + sign(2) * position - below, sign(1) * other - sign(2) * position - below];
                    add(&mut first, after(&block[..1], &|w| &w.above).map(|e| e / 8.0));
                    add(&mut both, after(&block, &|w| &w.above).map(|e| e / 8.0));
                }
                for (average, now) in first.iter().chain(&both).zip(before.above.iter().chain(&before.above)) {
                    assert!(average / libm::exp(*now) <= 1.0 + 1e-12, "{average} after {past:?}, case {case}");
                }
            }
        }
    }

    #[test]
    fn the_end_is_where_the_first_centre_is_not_excluded() {
        for seed in 0..40 {
            let differences = differences(seed, 5 + seed as usize % 30);
            for threshold in [0.1, 1.0, 3.0] {
                let excluded = |centre: f64| at(centre, &differences).ln_e_above() >= threshold;
                let mut centres: Vec<f64> = events(&differences).iter().map(|event| event.centre).collect();
                centres.dedup();
                let inner = centres.windows(2).map(|w| (w[0], 0.5 * (w[0] + w[1])));
                let pieces = std::iter::once((f64::NEG_INFINITY, -1e9)).chain(inner);
                let naive = pieces.map(|(start, inside)| (start, excluded(inside))).find(|(_, e)| !e);
                let naive = naive.map(|(start, _)| start).filter(|start| start.is_finite());
                match lower_end(&differences, threshold) {
                    // Differences that coincide turn one after another, which may exclude less.
                    Some(end) => assert!(naive.is_none_or(|naive| end <= naive), "{seed} {threshold}: {end} {naive:?}"),
                    None => assert_eq!(naive, None),
                }
            }
        }
    }
}
