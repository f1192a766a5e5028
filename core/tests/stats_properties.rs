//! Properties of the statistics that hold for every sample, and the error rates of the verdict.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "what a test expects may come from the platform")]

use lightspeed_core::stats::{
    CompareOptions, Comparison, Method, StatsError, Verdict, Warning, compare, hodges_lehmann, is_different,
    mann_whitney, quantile, summarize, welch,
};
use proptest::prelude::*;

/// Samples as benchmarks give them: close together, with ties.
fn timings(max: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((1_u32..2000).prop_map(|v| 1.0 + f64::from(v) / 512.0), 1..max)
}

/// Any bits at all.
fn anything() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![any::<f64>(), any::<u64>().prop_map(f64::from_bits), Just(0.0)], 0..12)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

fn reversed(sample: &[f64]) -> Vec<f64> {
    sample.iter().rev().copied().collect()
}

proptest! {
    #[test]
    fn order_of_values_is_irrelevant(a in timings(40), b in timings(40)) {
        let (ra, rb) = (reversed(&a), reversed(&b));
        prop_assert_eq!(summarize(&a), summarize(&ra));
        prop_assert_eq!(mann_whitney(&a, &b, 0.05), mann_whitney(&ra, &rb, 0.05));
        prop_assert_eq!(hodges_lehmann(&a, &b, 0.05), hodges_lehmann(&ra, &rb, 0.05));
        prop_assert_eq!(welch(&a, &b, 0.05), welch(&ra, &rb, 0.05));
    }

    #[test]
    fn a_power_of_two_scales_every_summary_exactly(a in timings(40), exponent in -200_i32..200) {
        let factor = 2.0_f64.powi(exponent);
        let scaled: Vec<f64> = a.iter().map(|v| v * factor).collect();
        let (plain, scaled) = (summarize(&a).unwrap(), summarize(&scaled).unwrap());
        prop_assert_eq!(plain.median * factor, scaled.median);
        prop_assert_eq!(plain.q_75 * factor, scaled.q_75);
        prop_assert!(close(plain.mean * factor, scaled.mean));
        for (p, s) in [(plain.sd, scaled.sd), (plain.ci_99_a, scaled.ci_99_a), (plain.ci_99_b, scaled.ci_99_b)] {
            prop_assert_eq!(p.is_some(), s.is_some());
            prop_assert!(p.zip(s).is_none_or(|(p, s)| (p * factor - s).abs() <= 1e-9 * factor));
        }
    }

    #[test]
    fn summaries_are_ordered(a in timings(60)) {
        let s = summarize(&a).unwrap();
        prop_assert!(s.min <= s.q_25 && s.q_25 <= s.median && s.median <= s.q_75 && s.q_75 <= s.max);
        prop_assert!(s.min <= s.mean && s.mean <= s.max);
        prop_assert!(s.ci_99_a.is_none_or(|low| low <= s.median) && s.ci_99_b.is_none_or(|high| high >= s.median));
        prop_assert!(s.ci_99_a.is_some() == (a.len() > 1));
    }

    #[test]
    fn exchanging_the_samples_mirrors_the_result(a in timings(40), b in timings(40)) {
        let (ab, ba) = (mann_whitney(&a, &b, 0.05).unwrap(), mann_whitney(&b, &a, 0.05).unwrap());
        prop_assert!(close(ab.p_value.unwrap(), ba.p_value.unwrap()));
        prop_assert_eq!(ab.statistic.unwrap() + ba.statistic.unwrap(), (a.len() * b.len()) as f64);
        prop_assert!(ab.p_value.unwrap() >= ab.p_min.unwrap() * (1.0 - 1e-12));
        prop_assert_eq!(ab.estimate.unwrap(), -ba.estimate.unwrap());
        let (ab, ba) = (hodges_lehmann(&a, &b, 0.05).unwrap(), hodges_lehmann(&b, &a, 0.05).unwrap());
        prop_assert!(close(ab.estimate.unwrap() * ba.estimate.unwrap(), 1.0));
        prop_assert!(ab.interval.low.zip(ba.interval.high).is_none_or(|(low, high)| close(low * high, 1.0)));
    }

    #[test]
    fn distinct_values_are_rejected_exactly_when_the_interval_excludes_one(
        a in prop::collection::hash_set(1_u32..100_000, 2..30), b in prop::collection::hash_set(100_001_u32..200_000, 2..30),
        shift in 0.2_f64..3.0,
    ) {
        let a: Vec<f64> = a.into_iter().map(f64::from).collect();
        let b: Vec<f64> = b.into_iter().map(|v| f64::from(v) * shift - 90_000.25).filter(|v| *v > 0.0).collect();
        prop_assume!(!b.is_empty());
        prop_assume!(!a.iter().any(|v| b.contains(v)));
        let found = hodges_lehmann(&a, &b, 0.05).unwrap();
        let excludes_one = found.interval.low.is_some_and(|v| v > 1.0) || found.interval.high.is_some_and(|v| v < 1.0);
        prop_assert_eq!(found.p_value.unwrap() <= 0.05, excludes_one);
    }

    #[test]
    fn nothing_panics_and_every_number_is_finite(a in anything(), b in anything(), alpha in any::<f64>(), q in any::<f64>()) {
        let mut documents = Vec::new();
        let mut keep = |result: Result<serde_json::Value, StatsError>| documents.extend(result);
        let json = |v: serde_json::Result<serde_json::Value>| v.unwrap();
        keep(summarize(&a).map(|s| json(serde_json::to_value(s))));
        keep(quantile(&a, q).map(|s| json(serde_json::to_value(s))));
        for alpha in [alpha, 0.05] {
            keep(hodges_lehmann(&a, &b, alpha).map(|s| json(serde_json::to_value(s))));
            keep(welch(&a, &b, alpha).map(|s| json(serde_json::to_value(s))));
            let options = CompareOptions { margin: alpha.abs(), alpha };
            keep(compare(&[&a], &[&b], &options).map(|s| json(serde_json::to_value(s))));
            keep(compare(&[&a, &b], &[&b, &a], &options).map(|s| json(serde_json::to_value(s))));
        }
        keep(mann_whitney(&a, &b, 0.05).map(|s| json(serde_json::to_value(s))));
        if let (Ok(x), Ok(y)) = (summarize(&a), summarize(&b)) {
            is_different(Some((&a, &b)), &x, &y);
        }
        // serde_json writes NaN and infinities as null, so the fields that are never null tell.
        for document in documents {
            for field in ["median", "mean", "ratio", "estimate", "p_value", "p_min"] {
                prop_assert!(!document.get(field).is_some_and(serde_json::Value::is_null), "{}", document);
            }
        }
    }

    #[test]
    fn the_verdict_mirrors_and_never_contradicts_the_interval(
        a in prop::collection::vec(timings(6), 1..7), b in prop::collection::vec(timings(6), 1..7), margin in 0.0_f64..0.3,
    ) {
        let options = CompareOptions { margin, alpha: 0.05 };
        let (ab, ba) = (compare(&a, &b, &options).unwrap(), compare(&b, &a, &options).unwrap());
        let mirrored = match ab.verdict {
            Verdict::Regressed => Verdict::Improved,
            Verdict::Improved => Verdict::Regressed,
            Verdict::SlowerMinor => Verdict::FasterMinor,
            Verdict::FasterMinor => Verdict::SlowerMinor,
            same => same,
        };
        prop_assert_eq!(mirrored, ba.verdict);
        prop_assert!(ab.interval.low.is_none_or(|low| low <= ab.ratio * (1.0 + 1e-12)));
        prop_assert!(ab.interval.high.is_none_or(|high| high >= ab.ratio * (1.0 - 1e-12)));
        if ab.verdict.is_change() {
            prop_assert!(ab.p_value <= 0.05);
            prop_assert!(ab.interval.low.unwrap() > 1.0 || ab.interval.high.unwrap() < 1.0);
        }
    }
}

fn check(baseline: &[&[f64]], current: &[&[f64]]) -> Comparison {
    compare(baseline, current, &CompareOptions::default()).unwrap()
}

#[test]
fn one_run_on_a_side_claims_nothing_below_a_factor_of_two() {
    let base: Vec<f64> = (0..10).map(|i| 1.0 + f64::from(i) * 1e-3).collect();
    let times = |factor: f64| base.iter().map(|v| v * factor).collect::<Vec<_>>();
    for (factor, verdict) in [(1.3, Verdict::Inconclusive), (10.0, Verdict::Regressed), (0.1, Verdict::Improved)] {
        let result = check(&[&base], &[&times(factor)]);
        assert_eq!((result.verdict, result.method), (verdict, Method::SingleRun), "{factor}");
        assert!(result.warnings.contains(&Warning::SingleRun));
    }
}

#[test]
fn two_runs_that_agree_show_a_change_and_two_that_do_not_hide_it() {
    let run = |level: f64| (0..8).map(|i| level * (1.0 + f64::from(i) * 1e-3)).collect::<Vec<_>>();
    let base = [run(1.0), run(1.004)];
    let steady = compare(&base, &[run(1.3), run(1.306)], &CompareOptions::default()).unwrap();
    assert_eq!((steady.verdict, steady.method), (Verdict::Regressed, Method::SamplesAndRuns));
    let shaky = compare(&base, &[run(1.1), run(1.5)], &CompareOptions::default()).unwrap();
    assert_eq!(shaky.verdict, Verdict::Inconclusive);
}

#[test]
fn four_runs_need_no_assumption() {
    let result = check(&[&[1.0], &[1.01], &[1.02], &[1.03]], &[&[1.2], &[1.21], &[1.22], &[1.23]]);
    assert_eq!((result.verdict, result.method), (Verdict::Regressed, Method::RunMedians));
    assert!(result.warnings.is_empty());
    let same = check(&[&[1.0], &[1.001], &[1.002], &[1.003]], &[&[1.0], &[1.001], &[1.002], &[1.003]]);
    assert_eq!(same.verdict, Verdict::Equivalent);
}

#[test]
fn identical_values_and_values_alone_are_no_change() {
    assert_eq!(check(&[&[5.0; 8], &[5.0; 8]], &[&[5.0; 8], &[5.0; 8]]).verdict, Verdict::Inconclusive);
    assert_eq!(check(&[[5.0].as_slice(); 5], &[[5.0].as_slice(); 5]).verdict, Verdict::Equivalent);
    let alone = check(&[&[1.0]], &[&[100.0]]);
    assert_eq!(alone.verdict, Verdict::Inconclusive);
    assert!(matches!(alone.warnings[..], [Warning::SingleRun, Warning::TooFewSamples { p_min: 1.0 }]));
}

#[test]
fn minor_changes_are_told_from_those_beyond_the_margin() {
    let runs = |level: f64| (0..6).map(|i| vec![level * (1.0 + f64::from(i) * 1e-3)]).collect::<Vec<_>>();
    let verdict = |level: f64| compare(&runs(1.0), &runs(level), &CompareOptions::default()).unwrap().verdict;
    assert_eq!(verdict(1.02), Verdict::SlowerMinor);
    assert_eq!(verdict(1.0 / 1.02), Verdict::FasterMinor);
    assert_eq!(verdict(1.05), Verdict::Regressed);
    assert_eq!(verdict(1.01), Verdict::Equivalent);
}

#[test]
fn what_is_not_usable_is_refused() {
    let compare_with = |margin, alpha| compare(&[&[1.0]], &[&[1.0]], &CompareOptions { margin, alpha });
    assert_eq!(compare_with(-0.1, 0.05), Err(StatsError::BadMargin(-0.1)));
    assert_eq!(compare_with(0.1, 0.0), Err(StatsError::BadAlpha(0.0)));
    assert_eq!(compare::<&[f64]>(&[], &[&[1.0]], &CompareOptions::default()), Err(StatsError::Empty));
    assert_eq!(compare(&[&[0.0]], &[&[1.0]], &CompareOptions::default()), Err(StatsError::NotPositive { index: 0 }));
    assert_eq!(quantile(&[1.0], 1.5), Err(StatsError::BadQuantile(1.5)));
}

/// Standard normal values from a seed.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// Normal, one in ten from a distribution five times as wide.
    fn heavy(&mut self) -> f64 {
        let wide = self.uniform() < 0.1;
        self.normal() * if wide { 5.0 } else { 1.0 }
    }
}

/// Runs with noise of `between` from run to run and `within` inside a run.
fn simulate(noise: &mut Noise, runs: usize, level: f64, between: f64, within: f64, heavy: bool) -> Vec<Vec<f64>> {
    let mut draw = |sd: f64| sd * if heavy { noise.heavy() } else { noise.normal() };
    (0..runs)
        .map(|_| {
            let run = draw(between);
            (0..8).map(|_| level * (run + draw(within)).exp()).collect()
        })
        .collect()
}

#[test]
fn false_positives_stay_below_the_error_level() {
    let mut noise = Noise(42);
    let options = CompareOptions { margin: 0.0, alpha: 0.05 };
    for heavy in [false, true] {
        for runs in [1, 2, 3, 5] {
            for (between, within) in [(0.02, 0.01), (0.0, 0.02), (0.1, 0.005)] {
                const TRIALS: usize = 400;
                let wrong = (0..TRIALS)
                    .filter(|_| {
                        let base = simulate(&mut noise, runs, 1.0, between, within, heavy);
                        let now = simulate(&mut noise, runs, 1.0, between, within, heavy);
                        compare(&base, &now, &options).unwrap().verdict.is_change()
                    })
                    .count();
                // Three standard errors above 5 % of 400.
                assert!(wrong <= 33, "{wrong} of {TRIALS} with {runs} runs, {between} and {within}, heavy {heavy}");
            }
        }
    }
}

#[test]
fn a_real_slowdown_is_found() {
    let mut noise = Noise(7);
    let mut found = |runs: usize, level: f64, between: f64| {
        (0..200)
            .filter(|_| {
                let base = simulate(&mut noise, runs, 1.0, between, 0.01, false);
                let now = simulate(&mut noise, runs, level, between, 0.01, false);
                compare(&base, &now, &CompareOptions::default()).unwrap().verdict == Verdict::Regressed
            })
            .count()
    };
    assert!(found(2, 1.5, 0.01) >= 180);
    assert!(found(5, 1.1, 0.01) >= 190);
    assert_eq!(found(1, 10.0, 0.05), 200);
}
