//! What may be wrong with a series of pairs: order, drift, neighbours that resemble each other.

use serde::{Deserialize, Serialize};

use super::error::{StatsError, check_alpha, check_finite, finite};
use super::hodges_lehmann::shift;
use super::mann_whitney::{Untied, ranked_test};
use super::special::{normal_isf, student_two_sided};
use super::summary::{compensated_sum, sorted};
use super::warning::Warning;

/// Fewer pairs than this show nothing about their course.
const FEWEST: usize = 4;

/// What a series of pairs shows about the way it was measured; `None` where it is too short or does not vary.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Diagnostics {
    /// Whether what runs second differs from what runs first.
    pub order: Option<OrderEffect>,
    /// Whether the differences rise or fall.
    pub drift: Option<Drift>,
    /// Whether neighbours resemble each other.
    pub autocorrelation: Option<Autocorrelation>,
}

/// Pairs measured baseline first against those measured current first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OrderEffect {
    /// Second to first, a ratio.
    pub ratio: f64,
    /// Two-sided p-value of "the order does not matter", Mann–Whitney.
    pub p_value: f64,
}

/// Differences against time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Spearman's rank correlation.
    pub rho: f64,
    /// Two-sided p-value of "no correlation", by Student's t with n − 2 degrees of freedom; not below 2/n!.
    pub p_value: f64,
}

/// Each difference against the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Autocorrelation {
    /// Correlation at lag 1.
    pub lag_1: f64,
    /// What independent differences exceed with probability α, about z/√n (Bartlett 1946).
    pub limit: f64,
}

/// Looks at ln(current/baseline) of pairs in the order in which they were measured. `baseline_first` says, for each
/// pair, which side ran first.
///
/// # Errors
/// No pairs, another number of orders than of pairs, NaN, infinities, an `alpha` outside (0, 1), overflow.
pub fn diagnose(log_ratios: &[f64], baseline_first: &[bool], alpha: f64) -> Result<Diagnostics, StatsError> {
    check_alpha(alpha)?;
    check_finite(log_ratios)?;
    if log_ratios.len() != baseline_first.len() {
        return Err(StatsError::UnequalLengths { baseline: baseline_first.len(), current: log_ratios.len() });
    }
    let largest = log_ratios.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
    // Squares of anything larger would not fit; no two doubles are that far apart.
    if largest > 1500.0 {
        return Err(StatsError::Overflow);
    }
    Ok(Diagnostics {
        order: order_effect(log_ratios, baseline_first)?,
        drift: drift(log_ratios),
        autocorrelation: autocorrelation(log_ratios, alpha),
    })
}

impl Diagnostics {
    /// Warnings for what would be seen with probability of at most `alpha` if nothing were wrong.
    pub fn warnings(&self, alpha: f64) -> Vec<Warning> {
        let order = self.order.filter(|order| order.p_value <= alpha);
        let drift = self.drift.filter(|drift| drift.p_value <= alpha);
        let lag = self.autocorrelation.filter(|lag| lag.lag_1.abs() > lag.limit);
        let order = order.map(|OrderEffect { ratio, p_value }| Warning::OrderEffect { ratio, p_value });
        let drift = drift.map(|Drift { rho, p_value }| Warning::Drift { rho, p_value });
        let lag = lag.map(|Autocorrelation { lag_1, limit }| Warning::Autocorrelation { lag_1, limit });
        order.into_iter().chain(drift).chain(lag).collect()
    }
}

fn order_effect(log_ratios: &[f64], baseline_first: &[bool]) -> Result<Option<OrderEffect>, StatsError> {
    let with = |first: bool| {
        let chosen = log_ratios.iter().zip(baseline_first).filter(|(_, order)| **order == first);
        chosen.map(|(d, _)| *d).collect::<Vec<f64>>()
    };
    let (current_first, baseline_first) = (with(false), with(true));
    if current_first.len() < 2 || baseline_first.len() < 2 {
        return Ok(None);
    }
    let untied = Untied::new(current_first.len(), baseline_first.len());
    let p_value = ranked_test(&current_first, &baseline_first, &untied).p_value;
    // The second place acts on current in one order and on baseline in the other: the shift holds it twice.
    let doubled = shift(sorted(&current_first), sorted(&baseline_first), &untied, 0.5).estimate;
    Ok(Some(OrderEffect { ratio: finite(libm::exp(doubled / 2.0))?, p_value }))
}

fn drift(values: &[f64]) -> Option<Drift> {
    let n = values.len();
    if n < FEWEST {
        return None;
    }
    let times: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let rho = correlation(&mean_ranks(values), &times)?;
    let degrees = (n - 2) as f64;
    let t = rho.abs() * (degrees / ((1.0 - rho) * (1.0 + rho))).sqrt();
    let p_min = 2.0 * libm::exp(-libm::lgamma(n as f64 + 1.0));
    let p_value = if t.is_finite() { student_two_sided(t, degrees) } else { 0.0 };
    Some(Drift { rho, p_value: p_value.max(p_min) })
}

fn autocorrelation(values: &[f64], alpha: f64) -> Option<Autocorrelation> {
    let n = values.len();
    if n < FEWEST || values.iter().all(|v| Some(v) == values.first()) {
        return None;
    }
    let mean = compensated_sum(values.iter().copied()) / n as f64;
    let unit = values.iter().fold(0.0_f64, |m, v| m.max((v - mean).abs()));
    let off = |v: &f64| (v - mean) / unit;
    let squares = compensated_sum(values.iter().map(|v| off(v) * off(v)));
    let products = compensated_sum(values.windows(2).map(|w| w.iter().map(off).product()));
    let lag_1 = products / squares;
    lag_1.is_finite().then(|| Autocorrelation { lag_1, limit: normal_isf(alpha / 2.0) / (n as f64).sqrt() })
}

/// Ranks from 1; equal values share their mean rank.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for group in order.chunk_by(|a, b| values[*a] == values[*b]) {
        for index in group {
            ranks[*index] = start as f64 + (group.len() + 1) as f64 / 2.0;
        }
        start += group.len();
    }
    ranks
}

/// Pearson's correlation of two samples of one length; `None` where one does not vary.
fn correlation(xs: &[f64], ys: &[f64]) -> Option<f64> {
    let mean = |v: &[f64]| compensated_sum(v.iter().copied()) / v.len() as f64;
    let (mx, my) = (mean(xs), mean(ys));
    let products = compensated_sum(xs.iter().zip(ys).map(|(x, y)| (x - mx) * (y - my)));
    let squares = |v: &[f64], m: f64| compensated_sum(v.iter().map(|x| (x - m) * (x - m)));
    let r = products / (squares(xs, mx).sqrt() * squares(ys, my).sqrt());
    r.is_finite().then(|| r.clamp(-1.0, 1.0))
}
