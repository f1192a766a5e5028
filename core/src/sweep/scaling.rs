//! How a time grows or shrinks with a size: which law fits, with which numbers, or that nobody can tell.

use super::squares::non_negative;
use crate::stats::quantile;
use crate::stats::random::Random;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sizes below which no law can be told from another.
const FEWEST_SIZES: usize = 4;
/// Runs of each size below which their noise is not known.
const FEWEST_RUNS: usize = 3;
/// What every law is off by, as a share: caches and schedulers follow none.
const ROUGHNESS: f64 = 0.01;
/// The weight of the best law at which it counts as told.
const TOLD: f64 = 0.9;
/// The ratio between the largest and the smallest time of a law that counts as constant.
const FLAT: f64 = 1.05;
/// Resamples for intervals.
const RESAMPLES: usize = 400;
/// Deviations of the normal distribution in a median absolute deviation.
const MAD_TO_SIGMA: f64 = 1.482_602_218_505_602;
/// The standard error of a median beside that of a mean, of normal values: √(π/2).
const MEDIAN_TO_MEAN: f64 = 1.253_314_137_315_500_3;

/// One run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// How large the point is, above zero.
    pub size: f64,
    /// What it took, above zero.
    pub seconds: f64,
}

/// A law. Coefficients are not negative. Those with ln n or n − 1 are of sizes from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// t = a
    Constant,
    /// t = a + b ln n
    Logarithmic,
    /// t = a + b n
    Linear,
    /// t = a + b n ln n
    Linearithmic,
    /// t = a + b n²
    Quadratic,
    /// t = a + b / n (Amdahl 1967): a share a / (a + b) is not divided among the n.
    Amdahl,
    /// t = a / n + b (n − 1) / n + c (n − 1), Gunther's universal scalability law for a fixed amount of work: contention b / a, coherency c / a.
    Usl,
}

impl Model {
    /// All of them, the simpler first.
    pub const ALL: [Model; 7] = [
        Model::Constant,
        Model::Logarithmic,
        Model::Linear,
        Model::Linearithmic,
        Model::Quadratic,
        Model::Amdahl,
        Model::Usl,
    ];

    fn terms(self, n: f64) -> Vec<f64> {
        match self {
            Model::Constant => vec![1.0],
            Model::Logarithmic => vec![1.0, libm::log(n)],
            Model::Linear => vec![1.0, n],
            Model::Linearithmic => vec![1.0, n * libm::log(n)],
            Model::Quadratic => vec![1.0, n * n],
            Model::Amdahl => vec![1.0, 1.0 / n],
            Model::Usl => vec![1.0 / n, (n - 1.0) / n, n - 1.0],
        }
    }

    /// Whether the coefficients make it this law, and no simpler one: its own last term counts.
    fn is_itself(self, coefficients: &[f64]) -> bool {
        coefficients.last().is_some_and(|last| *last > 0.0)
    }

    /// What the law says of a size.
    #[must_use]
    pub fn at(self, coefficients: &[f64], size: f64) -> f64 {
        self.terms(size).iter().zip(coefficients).map(|(term, value)| term * value).sum()
    }
}

/// A law with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Which.
    pub model: Model,
    /// Its coefficients, in seconds.
    pub coefficients: Vec<f64>,
    /// Of each: 95 % percentile intervals over resampled runs.
    pub intervals: Vec<(f64, f64)>,
    /// Σ of squared deviations of the medians in standard errors.
    pub chi_square: f64,
    /// Akaike's weight among all laws, corrected for few sizes (Burnham and Anderson 2002).
    pub weight: f64,
}

/// What can be said of how a time depends on a size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// The law, where one can be told from the others and fits.
    pub model: Option<Model>,
    /// Why there is none.
    pub reason: Option<String>,
    /// All laws that could be fitted, the best first.
    pub fits: Vec<Fit>,
}

impl Scaling {
    /// Nothing can be said.
    pub(super) fn none(reason: &str) -> Self {
        Scaling { model: None, reason: Some(reason.to_owned()), fits: Vec::new() }
    }
}

/// Fits all laws to the medians of each size, as docs/statistics.md says. Deviations are relative, since the noise of times is; their
/// standard error is that of a median (from the median absolute deviation of all runs around their size's median) and 1 %, as the root of
/// their squares. The law of the least AICc counts where its weight is at least 0.9 and it is not off by more than its errors explain.
/// Where all laws of weight above 0.1 move by less than 5 % over the sizes, it is constant.
#[must_use]
pub fn scaling(observations: &[Observation], seed: u64) -> Scaling {
    let Some(groups) = grouped(observations) else { return Scaling::none("sizes and times must be above zero") };
    if groups.len() < FEWEST_SIZES {
        return Scaling::none(&format!(
            "{} sizes tell no law from another: give at least {FEWEST_SIZES}",
            groups.len()
        ));
    }
    if groups.iter().any(|group| group.runs.len() < FEWEST_RUNS) {
        return Scaling::none(&format!("the noise is not known: run each size at least {FEWEST_RUNS} times"));
    }
    let error = standard_error(&groups);
    let medians: Vec<(f64, f64)> = groups.iter().map(|group| (group.size, median(&group.runs))).collect();
    let mut fits: Vec<(Fit, f64)> = Model::ALL.iter().filter_map(|&model| fitted(model, &medians, &error)).collect();
    let least = fits.iter().map(|(_, aicc)| *aicc).fold(f64::INFINITY, f64::min);
    let sum: f64 = fits.iter().map(|(_, aicc)| libm::exp((least - aicc) / 2.0)).sum();
    for (fit, aicc) in &mut fits {
        fit.weight = libm::exp((least - *aicc) / 2.0) / sum;
    }
    fits.sort_by(|a, b| b.0.weight.total_cmp(&a.0.weight).then(a.0.model.cmp(&b.0.model)));
    let mut fits: Vec<Fit> = fits.into_iter().map(|(fit, _)| fit).collect();
    intervals(&mut fits, &groups, seed);
    if is_flat(&fits, &medians) {
        return Scaling { model: Some(Model::Constant), reason: None, fits };
    }
    let reason = match fits.first() {
        None => Some("no law can be fitted".to_owned()),
        Some(best) if best.weight < TOLD => Some(undecided(&fits)),
        Some(best) if best.chi_square > too_far(medians.len() - best.coefficients.len()) => {
            Some("no law fits: the times leave the best one by more than their noise".to_owned())
        }
        Some(_) => None,
    };
    let model = fits.first().filter(|_| reason.is_none()).map(|best| best.model);
    Scaling { model, reason, fits }
}

/// The runs of one size.
struct Group {
    size: f64,
    runs: Vec<f64>,
}

fn grouped(observations: &[Observation]) -> Option<Vec<Group>> {
    let fits = |value: f64| value.is_finite() && value > 0.0;
    if !observations.iter().all(|each| fits(each.size) && fits(each.seconds)) {
        return None;
    }
    // Bits of positive numbers are in the order of the numbers.
    let mut groups: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for each in observations {
        groups.entry(each.size.to_bits()).or_default().push(each.seconds);
    }
    Some(groups.into_iter().map(|(bits, runs)| Group { size: f64::from_bits(bits), runs }).collect())
}

fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5).unwrap_or(f64::NAN)
}

/// The relative standard error of each size's median.
fn standard_error(groups: &[Group]) -> Vec<f64> {
    let deviations: Vec<f64> = groups
        .iter()
        .flat_map(|group| {
            let centre = median(&group.runs);
            // A median takes one deviation away, of few runs a large part of them.
            let widened = libm::sqrt(group.runs.len() as f64 / (group.runs.len() as f64 - 1.0));
            group.runs.iter().map(move |run| (run / centre - 1.0).abs() * widened)
        })
        .collect();
    let noise = MAD_TO_SIGMA * median(&deviations);
    let of = |group: &Group| MEDIAN_TO_MEAN * noise / libm::sqrt(group.runs.len() as f64);
    groups.iter().map(|group| libm::hypot(of(group), ROUGHNESS)).collect()
}

/// A law with its AICc; `None` where it is another one's special case, or has too many numbers.
fn fitted(model: Model, medians: &[(f64, f64)], error: &[f64]) -> Option<(Fit, f64)> {
    let (coefficients, chi_square) = solved(model, medians, error)?;
    let (k, n) = (coefficients.len() as f64, medians.len() as f64);
    if !model.is_itself(&coefficients) || n - k - 1.0 <= 0.0 {
        return None;
    }
    let aicc = chi_square + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0);
    let fit = Fit { model, coefficients, intervals: Vec::new(), chi_square, weight: 0.0 };
    Some((fit, aicc))
}

/// The coefficients of a law that leave the least χ², and that; `None` where a term is below zero, which is no cost.
fn solved(model: Model, medians: &[(f64, f64)], error: &[f64]) -> Option<(Vec<f64>, f64)> {
    let weighted = |row: usize, value: f64| value / (medians[row].1 * error[row]);
    let terms: Vec<Vec<f64>> = medians.iter().map(|(size, _)| model.terms(*size)).collect();
    let count = terms.first()?.len();
    if terms.iter().flatten().any(|term| *term < 0.0) {
        return None;
    }
    let columns: Vec<Vec<f64>> =
        (0..count).map(|term| (0..medians.len()).map(|row| weighted(row, terms[row][term])).collect()).collect();
    let y: Vec<f64> = (0..medians.len()).map(|row| weighted(row, medians[row].1)).collect();
    non_negative(&columns, &y)
}

/// Intervals of the coefficients: each law again on runs drawn with replacement within each size.
fn intervals(fits: &mut [Fit], groups: &[Group], seed: u64) {
    let mut random = Random::new(seed);
    let mut drawn: Vec<Vec<Vec<f64>>> = fits.iter().map(|fit| vec![Vec::new(); fit.coefficients.len()]).collect();
    let error = standard_error(groups);
    for _ in 0..RESAMPLES {
        let resampled: Vec<Group> = groups
            .iter()
            .map(|group| {
                let runs = (0..group.runs.len()).map(|_| group.runs[random.below(group.runs.len())]).collect();
                Group { size: group.size, runs }
            })
            .collect();
        let medians: Vec<(f64, f64)> = resampled.iter().map(|group| (group.size, median(&group.runs))).collect();
        for (fit, drawn) in fits.iter().zip(&mut drawn) {
            // Also where its own term is 0 this time: that is what the interval is to tell.
            let again = solved(fit.model, &medians, &error);
            let coefficients = again.map_or_else(|| fit.coefficients.clone(), |(coefficients, _)| coefficients);
            drawn.iter_mut().zip(coefficients).for_each(|(drawn, value)| drawn.push(value));
        }
    }
    for (fit, drawn) in fits.iter_mut().zip(&drawn) {
        let end = |values: &[f64], share: f64| quantile(values, share).unwrap_or(f64::NAN);
        fit.intervals = drawn.iter().map(|values| (end(values, 0.025), end(values, 0.975))).collect();
    }
}

/// Whether every law that counts says about the same for all sizes: then it does not matter which of them it is.
fn is_flat(fits: &[Fit], medians: &[(f64, f64)]) -> bool {
    let flat = |fit: &Fit| {
        let says: Vec<f64> = medians.iter().map(|(size, _)| fit.model.at(&fit.coefficients, *size)).collect();
        let (least, most) = says.iter().fold((f64::INFINITY, 0.0f64), |(least, most), &t| (least.min(t), most.max(t)));
        most <= least * FLAT
    };
    let freedom = |fit: &Fit| medians.len() - fit.coefficients.len();
    let mut counting = fits.iter().filter(|fit| fit.weight > 1.0 - TOLD).peekable();
    counting.peek().is_some() && counting.all(|fit| flat(fit) && fit.chi_square <= too_far(freedom(fit)))
}

/// Which laws nobody can tell apart: the best ones whose weights make up what one would need.
fn undecided(fits: &[Fit]) -> String {
    let mut weight = 0.0;
    let near = fits.iter().take_while(|fit| {
        let is_in = weight < TOLD;
        weight += fit.weight;
        is_in
    });
    let near: Vec<String> = near.map(|fit| format!("{:?}", fit.model).to_lowercase()).collect();
    format!("cannot tell {} apart: give a wider range of sizes, or more runs", near.join(" and "))
}

/// The χ² that a thousandth of all right laws exceed, about (Wilson and Hilferty 1931).
fn too_far(freedom: usize) -> f64 {
    const NORMAL: f64 = 3.090_232_306_167_813;
    let k = freedom.max(1) as f64;
    let ninth = 2.0 / (9.0 * k);
    let root = 1.0 - ninth + NORMAL * libm::sqrt(ninth);
    k * root * root * root
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times of a law with noise of about 3 %, `runs` of each size.
    fn times(model: Model, coefficients: &[f64], sizes: &[f64], runs: usize, seed: u64) -> Vec<Observation> {
        let mut random = Random::new(seed);
        // The sum of twelve uniform numbers less six is about normal.
        let mut normal = || (0..12).map(|_| random.below(1 << 20) as f64 / f64::from(1 << 20)).sum::<f64>() - 6.0;
        let all = sizes.iter().flat_map(|size| std::iter::repeat_n(*size, runs));
        all.map(|size| Observation { size, seconds: model.at(coefficients, size) * libm::exp(0.03 * normal()) })
            .collect()
    }

    const LAWS: [(Model, &[f64]); 7] = [
        (Model::Constant, &[0.2]),
        (Model::Logarithmic, &[0.1, 0.05]),
        (Model::Linear, &[0.1, 0.02]),
        (Model::Linearithmic, &[0.1, 0.01]),
        (Model::Quadratic, &[0.1, 0.001]),
        (Model::Amdahl, &[0.1, 0.9]),
        (Model::Usl, &[1.0, 0.05, 0.004]),
    ];
    const DOUBLED: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

    #[test]
    fn the_law_behind_the_times_is_found_or_nobody_can_tell() {
        for (model, coefficients) in LAWS {
            let found: Vec<Option<Model>> =
                (0..100).map(|seed| scaling(&times(model, coefficients, &DOUBLED, 5, seed), seed).model).collect();
            let right = found.iter().filter(|found| **found == Some(model)).count();
            let wrong = found.iter().flatten().filter(|found| **found != model).count();
            println!("{model:?}: {right} right, {wrong} wrong");
            assert!(wrong <= 5, "{model:?}: {wrong} of 100 wrong, {right} right");
        }
    }

    #[test]
    fn intervals_hold_the_truth() {
        let truth = [0.1, 0.02];
        let held = (0..100)
            .filter(|&seed| {
                let found = scaling(&times(Model::Linear, &truth, &DOUBLED, 7, seed), seed);
                let fit = found.fits.iter().find(|fit| fit.model == Model::Linear).unwrap();
                let (low, high) = fit.intervals[1];
                low <= truth[1] && truth[1] <= high
            })
            .count();
        assert!(held >= 85, "{held} of 100");
    }

    #[test]
    fn a_term_that_may_be_nothing_has_an_interval_down_to_it() {
        // Flat: a slope is found in half of all draws, and 0 in the others.
        let found = (0..40).map(|seed| scaling(&times(Model::Constant, &[0.1], &DOUBLED, 5, seed), seed));
        let slopes: Vec<(f64, f64)> = found
            .flat_map(|found| found.fits)
            .filter(|fit| fit.model == Model::Linear)
            .map(|fit| fit.intervals[1])
            .collect();
        assert!(slopes.len() > 5, "{slopes:?}");
        let reaching = slopes.iter().filter(|slope| slope.0 == 0.0).count();
        assert!(reaching * 10 >= slopes.len() * 8, "{reaching} of {}", slopes.len());
    }

    #[test]
    fn sizes_below_one_have_no_law_that_counts_from_one() {
        let sizes: Vec<f64> = (1..9).map(|tenth| f64::from(tenth) / 10.0).collect();
        let found = scaling(&times(Model::Linear, &[0.1, 0.5], &sizes, 5, 1), 1);
        let models: Vec<Model> = found.fits.iter().map(|fit| fit.model).collect();
        assert!(models.contains(&Model::Linear) && models.contains(&Model::Quadratic), "{models:?}");
        for other in [Model::Logarithmic, Model::Linearithmic, Model::Usl] {
            assert!(!models.contains(&other), "{models:?}");
        }
    }

    #[test]
    fn the_law_of_large_sizes_is_found() {
        // Bytes up to a gibibyte, the quadratic term ten thousand times the constant one at the end.
        let sizes: Vec<f64> = (20..=30).map(|power| f64::from(1u32 << power)).collect();
        let found = scaling(&times(Model::Quadratic, &[1.0, 1e-14], &sizes, 5, 1), 1);
        assert_eq!(found.model, Some(Model::Quadratic), "{found:?}");
        assert!((found.fits[0].coefficients[0] - 1.0).abs() < 0.1, "{found:?}");
    }

    #[test]
    fn at_least_two_laws_are_named_that_cannot_be_told_apart() {
        let unclear = (0..200).map(|seed| scaling(&times(Model::Logarithmic, &[0.1, 0.005], &DOUBLED, 3, seed), seed));
        let reasons: Vec<String> =
            unclear.filter_map(|found| found.reason).filter(|reason| reason.starts_with("cannot tell")).collect();
        assert!(reasons.len() > 5 && reasons.iter().all(|reason| reason.contains(" and ")), "{reasons:?}");
    }

    #[test]
    fn too_little_is_no_law() {
        let few = scaling(&times(Model::Linear, &[0.1, 0.02], &DOUBLED[..3], 5, 1), 1);
        assert!(few.model.is_none() && few.reason.unwrap().contains("at least 4"));
        let once = scaling(&times(Model::Linear, &[0.1, 0.02], &DOUBLED, 1, 1), 1);
        assert!(once.model.is_none() && once.reason.unwrap().contains("at least 3 times"));
        let none = scaling(&[Observation { size: 0.0, seconds: 1.0 }], 1);
        assert!(none.model.is_none() && none.fits.is_empty());
    }

    #[test]
    fn what_follows_no_law_is_said() {
        let jump = |size: f64| if size == 8.0 { 0.5 } else { 0.1 };
        let observed: Vec<Observation> = DOUBLED
            .iter()
            .flat_map(|&size| {
                (0..5).map(move |run| Observation { size, seconds: jump(size) * (1.0 + 0.01 * run as f64) })
            })
            .collect();
        let found = scaling(&observed, 1);
        assert_eq!(found.model, None, "{found:?}");
    }
}
