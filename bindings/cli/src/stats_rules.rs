//! Rules by which tools call a difference, each as its public documentation describes it.

use lightspeed_core::stats::{is_different, mann_whitney, summarize};

/// perfgate, paired: a 95 % interval of the mean difference, mean ± t·s/√n with t = 2.0 below 30 pairs and 1.96 above,
/// that does not hold 0. Where a significant result is required, pairs are added until it is one.
pub fn perfgate(baseline: &[f64], current: &[f64]) -> bool {
    let differences: Vec<f64> = baseline.iter().zip(current).map(|(b, c)| c - b).collect();
    let (mean, sd) = mean_and_sd(&differences);
    let t = if differences.len() < 30 { 2.0 } else { 1.96 };
    differences.len() >= 2 && mean.abs() > t * sd / (differences.len() as f64).sqrt()
}

/// benchstat: Mann–Whitney's p-value below α, from samples of four upwards.
pub fn benchstat(baseline: &[f64], current: &[f64], alpha: f64) -> bool {
    baseline.len() >= 4
        && mann_whitney(baseline, current, alpha).is_ok_and(|test| test.p_value.is_some_and(|p| p < alpha))
}

/// hyperfine prints mean ± one standard deviation; readers take two that do not overlap for a difference.
pub fn hyperfine(baseline: &[f64], current: &[f64]) -> bool {
    let ((first, a), (second, b)) = (mean_and_sd(baseline), mean_and_sd(current));
    baseline.len() >= 2 && (first - second).abs() > a + b
}

/// ASV: Mann–Whitney at p < 0.002, or disjoint 99 % intervals where the samples are too few for that.
pub fn asv(baseline: &[f64], current: &[f64]) -> bool {
    let summaries = summarize(baseline).ok().zip(summarize(current).ok());
    summaries.is_some_and(|(first, second)| is_different(Some((baseline, current)), &first, &second))
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_sees_a_large_change_and_none_in_equal_samples() {
        let baseline: Vec<f64> = (0..20).map(|i| 1.0 + f64::from(i * 7 % 20) / 1000.0).collect();
        let slower: Vec<f64> = baseline.iter().rev().map(|v| v * 2.0).collect();
        type Rule = fn(&[f64], &[f64]) -> bool;
        let rules: [Rule; 4] = [perfgate, |a, b| benchstat(a, b, 0.05), hyperfine, asv];
        for rule in rules {
            assert!(rule(&baseline, &slower) && !rule(&baseline, &baseline) && !rule(&baseline[..1], &slower[..1]));
        }
    }
}
