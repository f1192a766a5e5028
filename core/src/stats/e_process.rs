//! Evidence that grows pair by pair and may be looked at after every one.
//!
//! Two one-sided e-processes test "slower than the margin" and "faster than the margin", each at α/2. By Ville's
//! inequality E ever reaches 2/α with probability of at most α/2 where there is no such change. Tested against every
//! centre instead of the margin they give a confidence sequence: an interval that holds the true centre at all times
//! together with probability 1 − α. The verdict is read from that interval.

use serde::{Deserialize, Serialize};

use super::error::{StatsError, check_alpha, check_margin, check_positive, finite};
use super::hodges_lehmann::LogShift;
use super::inference::{Assumption, Estimand, Inference, Method};
use super::pairs::{log_ratio, log_ratios};
use super::pairwise::Pairwise;
use super::power::smallest_effect;
use super::sign_betting;
use super::signed_rank_betting::{self, Wealth};
use super::summary::{quantile_of_sorted, sorted};
use super::symmetric_mixture::Moments;
use super::verdict::Verdict;
use super::warning::Warning;

/// Beyond this many pairs an answer is no help.
const MOST_PAIRS: usize = 1 << 20;

/// What is bet on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bet {
    /// The sign of each difference, with more at stake the larger it is among those so far: about the centre of symmetric
    /// noise, whatever its spread and tails.
    #[default]
    SignedRank,
    /// The sign of each difference: about the median, whatever the noise.
    Sign,
    /// The size of each difference: about the centre of symmetric noise. Needs fewer pairs where that holds.
    Symmetric {
        /// Inverse variance of the stakes, in squared logarithms. Must be fixed before the first pair.
        rho: f64,
    },
}

impl Bet {
    /// Symmetric bets that do best at about `pairs` pairs whose ln(current/baseline) has a standard deviation of
    /// `spread`, both guessed beforehand.
    ///
    /// # Errors
    /// An `alpha` outside (0, 1), a `spread` that is not above 0, no pairs.
    pub fn symmetric(spread: f64, pairs: usize, alpha: f64) -> Result<Self, StatsError> {
        check_alpha(alpha)?;
        let doubled = -2.0 * libm::log(alpha);
        let rho = pairs as f64 * spread * spread / (doubled + libm::log1p(doubled));
        Self::Symmetric { rho }.checked()
    }

    fn checked(self) -> Result<Self, StatsError> {
        match self {
            Self::Symmetric { rho } if !(rho.is_finite() && rho > 0.0) => Err(StatsError::BadRho(rho)),
            usable => Ok(usable),
        }
    }
}

/// The pairs seen so far and what they say. Can be saved at any time and taken up again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct EProcess {
    bet: Bet,
    /// As given, a fraction.
    fraction: f64,
    /// In logarithms.
    margin: f64,
    differences: Vec<f64>,
    above_margin: usize,
    below_margin: usize,
    moments: Moments,
    /// For signed ranks: the bets against −margin, no change and +margin.
    wealths: Option<[Wealth; 3]>,
}

impl EProcess {
    /// Without pairs yet. Changes up to `margin`, a fraction, do not matter.
    ///
    /// # Errors
    /// A margin that is negative or not finite, a `rho` that is not above 0.
    pub fn new(bet: Bet, margin: f64) -> Result<Self, StatsError> {
        check_margin(margin)?;
        let log_margin = libm::log1p(margin);
        Ok(Self {
            bet: bet.checked()?,
            margin: log_margin,
            fraction: margin,
            differences: Vec::new(),
            above_margin: 0,
            below_margin: 0,
            moments: Moments::default(),
            wealths: (bet == Bet::SignedRank).then(|| [-log_margin, 0.0, log_margin].map(Wealth::new)),
        })
    }

    /// Takes one pair.
    ///
    /// # Errors
    /// NaN, infinities, zero or less; more than 2048 pairs for signed ranks. Nothing is taken then.
    pub fn push(&mut self, baseline: f64, current: f64) -> Result<(), StatsError> {
        check_positive(&[baseline])?;
        check_positive(&[current])?;
        self.push_difference(log_ratio(baseline, current))
    }

    fn push_difference(&mut self, difference: f64) -> Result<(), StatsError> {
        if let Some(wealths) = &mut self.wealths {
            let (n, most) = (self.differences.len() + 1, signed_rank_betting::MOST_PAIRS);
            if n > most {
                return Err(StatsError::TooMany { n, most });
            }
            wealths.iter_mut().for_each(|wealth| wealth.push(difference));
        }
        self.differences.push(difference);
        self.above_margin += usize::from(difference > self.margin);
        self.below_margin += usize::from(difference < -self.margin);
        self.moments.push(difference);
        Ok(())
    }

    /// ln(current/baseline) of the pairs, in their order.
    pub fn differences(&self) -> &[f64] {
        &self.differences
    }

    /// Natural logarithm of the evidence against "slower by the margin at most".
    pub fn ln_e_slower(&self) -> f64 {
        match (self.bet, &self.wealths) {
            (Bet::Symmetric { rho }, _) => self.moments.ln_e_above(self.margin, rho),
            (_, Some([.., beyond])) => beyond.ln_e_above(),
            (_, None) => sign_betting::ln_e(self.above_margin, self.differences.len()),
        }
    }

    /// Natural logarithm of the evidence against "faster by the margin at most".
    pub fn ln_e_faster(&self) -> f64 {
        match (self.bet, &self.wealths) {
            (Bet::Symmetric { rho }, _) => self.moments.ln_e_below(-self.margin, rho),
            (_, Some([beyond, ..])) => beyond.ln_e_below(),
            (_, None) => sign_betting::ln_e(self.below_margin, self.differences.len()),
        }
    }

    /// Natural logarithm of the evidence against "no change beyond the margin": the mean of both sides.
    pub fn ln_e_value(&self) -> f64 {
        let (a, b) = (self.ln_e_slower(), self.ln_e_faster());
        a.max(b) + libm::log1p(libm::exp(-(a - b).abs())) - std::f64::consts::LN_2
    }

    /// What the confidence sequence says now. One may stop at any time; `Inconclusive` and the minor verdicts may
    /// still become others.
    ///
    /// # Errors
    /// An `alpha` outside (0, 1).
    pub fn verdict(&self, alpha: f64) -> Result<Verdict, StatsError> {
        check_alpha(alpha)?;
        if self.nothing_is_excluded(alpha) {
            return Ok(Verdict::Inconclusive);
        }
        let LogShift { low, high, .. } = self.centre(alpha);
        let ends = (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY));
        Ok(Verdict::of_interval(ends, self.margin, true))
    }

    /// Whether signed ranks exclude neither the margin nor no change, so that their interval need not be searched for.
    fn nothing_is_excluded(&self, alpha: f64) -> bool {
        let Some([below, none, above]) = &self.wealths else { return false };
        let threshold = -libm::log(alpha / 2.0);
        let from_below = below.ln_e_above() >= threshold;
        let from_above = above.ln_e_below() >= threshold;
        let slower = from_below && none.ln_e_above() >= threshold;
        let faster = from_above && none.ln_e_below() >= threshold;
        !(slower || faster || from_below && from_above)
    }

    /// Pairs in all after which the centre may be known to lie beyond the margin or within it, if further ones fall as
    /// these did. `None` where no number is in sight or that is known already.
    ///
    /// # Errors
    /// An `alpha` outside (0, 1).
    pub fn pairs_needed(&self, alpha: f64) -> Result<Option<usize>, StatsError> {
        let settled = matches!(self.verdict(alpha)?, Verdict::Regressed | Verdict::Improved | Verdict::Equivalent);
        if self.differences.is_empty() || settled {
            return Ok(None);
        }
        let threshold = -libm::log(alpha / 2.0);
        match &self.wealths {
            Some(wealths) => Ok(self.pairs_at_this_rate(wealths, threshold)),
            None => Ok(self.pairs_by_signs(threshold)),
        }
    }

    /// The evidence of bets grows about evenly.
    fn pairs_at_this_rate(&self, [below, _, above]: &[Wealth; 3], threshold: f64) -> Option<usize> {
        let within = below.ln_e_above().min(above.ln_e_below());
        let most = above.ln_e_above().max(below.ln_e_below()).max(within);
        let n = self.differences.len();
        let needed = (threshold / most * (n + 1) as f64).ceil();
        (most > 0.0 && needed <= signed_rank_betting::MOST_PAIRS as f64).then(|| (needed as usize).max(n + 1))
    }

    fn pairs_by_signs(&self, threshold: f64) -> Option<usize> {
        let n = self.differences.len();
        let share = |beyond: &dyn Fn(f64) -> bool| self.differences.iter().filter(|d| beyond(**d)).count();
        let within = share(&|d| d < self.margin).min(share(&|d| d > -self.margin));
        let most = self.above_margin.max(self.below_margin).max(within);
        // Half a pair more on each side, so that a few pairs that all agree do not promise a certain outcome.
        let share = (most as f64 + 0.5) / (n + 1) as f64;
        let enough = |pairs: &usize| sign_betting::ln_e((share * *pairs as f64) as usize, *pairs) >= threshold;
        let doubled = std::iter::successors(Some(n + 1), |pairs| Some(2 * pairs)).take_while(|p| *p <= MOST_PAIRS);
        let first = doubled.into_iter().find(enough)?;
        let (mut low, mut high) = ((first / 2).max(n + 1), first);
        while low < high {
            let middle = low + (high - low) / 2;
            if enough(&middle) { high = middle } else { low = middle + 1 }
        }
        Some(high)
    }

    /// The smallest change, as a fraction, that pairs as noisy as these could have shown to be beyond the margin.
    ///
    /// # Errors
    /// An `alpha` outside (0, 1).
    pub fn smallest_effect(&self, alpha: f64) -> Result<Option<f64>, StatsError> {
        check_alpha(alpha)?;
        Ok(smallest_effect(&self.centre(alpha), self.margin))
    }

    /// The state as a result: the confidence sequence and the e-value of [`ln_e_value`](Self::ln_e_value).
    ///
    /// For signed ranks the estimate is the Hodges–Lehmann pseudo-median, and the statistic, about standard normal if
    /// nothing changed, the signed sum of the scores over the root of their squares. For sign betting they are the median
    /// and the number of pairs beyond the margin on the side with more of them; for symmetric bets both are means, the
    /// statistic in logarithms.
    ///
    /// # Errors
    /// No pairs, an `alpha` outside (0, 1), overflow.
    pub fn inference(&self, alpha: f64) -> Result<Inference, StatsError> {
        check_alpha(alpha)?;
        let n = self.differences.len();
        if n == 0 {
            return Err(StatsError::Empty);
        }
        let (method, statistic, assumption) = match self.bet {
            Bet::SignedRank => {
                let statistic = signed_rank_betting::statistic(&self.differences);
                (Method::SignedRankBetting, statistic, Assumption::SymmetricDifferences)
            }
            Bet::Sign => {
                let most = self.above_margin.max(self.below_margin);
                (Method::SignBetting, most as f64, Assumption::MedianOfEachPair)
            }
            Bet::Symmetric { .. } => (Method::SymmetricMixture, self.moments.mean(), Assumption::SymmetricDifferences),
        };
        let centre = self.centre(alpha);
        let ln_e = self.ln_e_value();
        let mut result = Inference::new(method, (n, n), Estimand::Ratio, alpha);
        result.estimate = Some(finite(libm::exp(centre.estimate))?);
        result.interval = centre.ratios(alpha)?;
        result.statistic = Some(statistic);
        result.ln_e_value = Some(ln_e);
        result.e_value = finite(libm::exp(ln_e)).ok();
        result.assumptions = vec![assumption];
        let zeros = self.differences.iter().filter(|d| **d == 0.0).count();
        result.warnings.extend((zeros > 0).then_some(Warning::ZeroDifferences { count: zeros }));
        Ok(result)
    }

    /// Centre of the differences with the confidence sequence's interval.
    fn centre(&self, alpha: f64) -> LogShift {
        let tail = alpha / 2.0;
        match self.bet {
            Bet::SignedRank => LogShift {
                estimate: Pairwise::averages(sorted(&self.differences)).median(),
                low: signed_rank_betting::lower_end(&self.differences, -libm::log(tail)),
                high: signed_rank_betting::upper_end(&self.differences, -libm::log(tail)),
            },
            Bet::Sign => {
                let sorted = sorted(&self.differences);
                // A centre is excluded from below where k differences lie above it: the k-th largest is the end.
                let k = sign_betting::smallest_k(sorted.len(), -libm::log(tail));
                let low = k.and_then(|k| sorted.get(sorted.len() - k)).copied();
                let high = k.and_then(|k| sorted.get(k - 1)).copied();
                LogShift { estimate: quantile_of_sorted(&sorted, 0.5), low, high }
            }
            Bet::Symmetric { rho } => {
                let (mean, reach) = (self.moments.mean(), self.moments.reach(rho, tail));
                LogShift { estimate: mean, low: reach.map(|r| mean - r), high: reach.map(|r| mean + r) }
            }
        }
    }
}

/// Runs an e-process over all pairs, for those who have them already.
///
/// # Errors
/// No pairs, sides of different length, NaN, infinities, zero or less, an unusable `bet`, `margin` or `alpha`, overflow.
pub fn e_value(baseline: &[f64], current: &[f64], bet: Bet, margin: f64, alpha: f64) -> Result<Inference, StatsError> {
    let mut process = EProcess::new(bet, margin)?;
    for difference in log_ratios(baseline, current)? {
        process.push_difference(difference)?;
    }
    process.inference(alpha)
}

/// What is saved: all else follows from it.
#[derive(Clone, Serialize, Deserialize)]
struct Saved {
    bet: Bet,
    margin: f64,
    differences: Vec<f64>,
}

impl From<EProcess> for Saved {
    fn from(process: EProcess) -> Self {
        Self { bet: process.bet, margin: process.fraction, differences: process.differences }
    }
}

impl TryFrom<Saved> for EProcess {
    type Error = StatsError;

    fn try_from(saved: Saved) -> Result<Self, StatsError> {
        let mut process = Self::new(saved.bet, saved.margin)?;
        for (index, difference) in saved.differences.into_iter().enumerate() {
            // No two doubles are further apart.
            if difference.is_nan() || difference.abs() > 1500.0 {
                return Err(StatsError::NotFinite { index });
            }
            process.push_difference(difference)?;
        }
        Ok(process)
    }
}
