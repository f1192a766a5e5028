//! From numbers to decisions: exact values, gates, margins, rewards, families, outliers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "what a test expects may come from the platform")]

use lightspeed_core::stats::{
    CompareOptions, Gate, GatePolicy, Inference, Interval, Method, NoiseFloor, Quantity, Reward, StatsError, Status,
    Verdict, Warning, benjamini_hochberg, compare_quantity, geometric_mean, hodges_lehmann, holm, mann_whitney,
    outliers,
};
use proptest::prelude::*;

fn exact(quantity: Quantity, baseline: &[f64], current: &[f64]) -> (Verdict, Method, Vec<Warning>) {
    let runs = |values: &[f64]| values.iter().map(|v| vec![*v]).collect::<Vec<_>>();
    let result = compare_quantity(quantity, &runs(baseline), &runs(current), &CompareOptions::default()).unwrap();
    (result.verdict, result.method, result.warnings)
}

#[test]
fn values_that_do_not_vary_are_compared_as_they_are() {
    let (track, peak, time) = (Quantity::Computed, Quantity::Observed, Quantity::Time);
    let once = vec![Warning::NotRepeated];
    assert_eq!(exact(track, &[100.0], &[150.0]), (Verdict::Regressed, Method::Deterministic, once.clone()));
    assert_eq!(exact(track, &[100.0], &[100.0]), (Verdict::Equivalent, Method::Deterministic, once));
    assert_eq!(exact(track, &[100.0; 2], &[101.0; 2]), (Verdict::Equivalent, Method::Deterministic, vec![]));
    assert_eq!(exact(track, &[100.0; 2], &[50.0; 2]), (Verdict::Improved, Method::Deterministic, vec![]));
    assert_eq!(exact(track, &[0.0; 2], &[0.0; 2]), (Verdict::Equivalent, Method::Deterministic, vec![]));
    assert_eq!(exact(peak, &[100.0; 2], &[150.0; 2]), (Verdict::Regressed, Method::Deterministic, vec![]));
    // Once is not enough for what the system reports, and never for a time.
    assert_eq!(exact(peak, &[100.0], &[150.0]).0, Verdict::Inconclusive);
    assert_eq!(exact(peak, &[100.0; 2], &[150.0]).0, Verdict::Inconclusive);
    assert_eq!(exact(time, &[100.0; 2], &[150.0; 2]).0, Verdict::Inconclusive);
    // What has been seen to vary is not exact.
    assert_ne!(exact(track, &[100.0, 101.0], &[150.0; 2]).1, Method::Deterministic);
    let differing = compare_quantity(track, &[[0.0]], &[[1.0]], &CompareOptions::default());
    assert_eq!(differing, Err(StatsError::NotPositive { index: 0 }));
    let nothing: [[f64; 1]; 0] = [];
    assert_eq!(compare_quantity(track, &nothing, &[[1.0]], &CompareOptions::default()), Err(StatsError::Empty));
    assert_eq!(
        compare_quantity(track, &[[1.0, f64::NAN]], &[[1.0, 1.0]], &CompareOptions::default()),
        Err(StatsError::NotFinite { index: 1 })
    );
}

#[test]
fn what_is_broken_or_unknown_never_passes() {
    let policy = GatePolicy::default();
    for verdict in [None, Some(Verdict::Equivalent), Some(Verdict::Improved), Some(Verdict::Regressed)] {
        assert_eq!(policy.judge(Status::Failed, verdict), Gate::Error);
        assert_eq!(policy.judge(Status::TimedOut, verdict), Gate::Error);
    }
    assert_eq!(policy.judge(Status::Ok, None), Gate::Warn);
    assert_eq!(policy.judge(Status::Ok, Some(Verdict::Inconclusive)), Gate::Warn);
    assert_eq!(policy.judge(Status::NotRunBudget, None), Gate::Warn);
    assert_eq!(policy.judge(Status::Ok, Some(Verdict::Equivalent)), Gate::Pass);
    let strict = GatePolicy { inconclusive: Gate::Fail, ..policy };
    let benchmarks = [(Status::Ok, Some(Verdict::Improved)), (Status::Ok, Some(Verdict::Inconclusive))];
    assert_eq!((policy.judge_all(benchmarks), strict.judge_all(benchmarks)), (Some(Gate::Warn), Some(Gate::Fail)));
    assert_eq!(policy.judge_all([]), None, "nothing measured is not a pass");
}

#[test]
fn a_policy_may_name_only_what_it_changes() {
    let policy: GatePolicy = serde_json::from_str(r#"{"slower_minor": "fail"}"#).unwrap();
    assert_eq!(policy, GatePolicy { slower_minor: Gate::Fail, ..GatePolicy::default() });
}

#[test]
fn ten_times_slower_in_noise_of_half_the_time_is_never_passed() {
    let mut state = 9_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    for runs in [1, 2, 3, 4, 6, 10, 30] {
        for _ in 0..100 {
            let mut side = |level: f64| (0..runs).map(|_| vec![level * (0.5 + uniform())]).collect::<Vec<_>>();
            let (base, now) = (side(1.0), side(10.0));
            let result = compare_quantity(Quantity::Time, &base, &now, &CompareOptions::default()).unwrap();
            assert_ne!(GatePolicy::default().judge(Status::Ok, Some(result.verdict)), Gate::Pass, "{result:?}");
        }
    }
}

fn ratio_between(low: f64, high: f64) -> Inference {
    let samples = |factor: f64| (0..30).map(|i| factor * (1.0 + f64::from(i) * 1e-3)).collect::<Vec<_>>();
    let mut result = hodges_lehmann(&samples(1.0), &samples((low * high).sqrt()), 0.05).unwrap();
    (result.interval.low, result.interval.high) = (Some(low), Some(high));
    result
}

#[test]
fn a_reward_is_what_the_interval_vouches_for() {
    let reward = |low: f64, high: f64| Reward::of(&ratio_between(low, high)).unwrap().reward_lcb;
    assert!((reward(0.5, 0.8) - -(0.8_f64.ln())).abs() < 1e-15);
    assert!((reward(1.25, 2.0) + 1.25_f64.ln()).abs() < 1e-15);
    assert_eq!(reward(0.9, 1.1), 0.0);
    let mut open = ratio_between(0.5, 0.8);
    open.interval.low = None;
    assert!((Reward::of(&open).unwrap().reward_lcb - -(0.8_f64.ln())).abs() < 1e-15);
    open.interval = Interval { low: Some(0.5), high: None, ..open.interval };
    assert_eq!(Reward::of(&open).unwrap().reward_lcb, 0.0);
    assert_eq!(Reward::of(&mann_whitney(&[1.0], &[2.0], 0.05).unwrap()), None);
}

#[test]
fn a_comparison_has_the_shape_that_all_methods_share() {
    let runs = |factor: f64| (0..6).map(|i| vec![factor * (1.0 + f64::from(i) * 1e-3); 3]).collect::<Vec<_>>();
    for factor in [1.0, 1.005, 1.02, 1.03, 1.5, 0.5] {
        let result = compare_quantity(Quantity::Time, &runs(1.0), &runs(factor), &CompareOptions::default()).unwrap();
        let shared = result.inference();
        assert_eq!((shared.n.baseline, shared.n.current), (6, 6));
        assert_eq!(Verdict::of(&shared, 0.02), result.verdict, "{factor}");
        let (shared, own) = (shared.smallest_effect(0.02).unwrap(), result.smallest_effect.unwrap());
        assert!((shared - own).abs() < 1e-12);
    }
}

#[test]
fn four_times_the_runs_halve_the_interval() {
    let wide = ratio_between(0.97, 1.05);
    assert!((wide.smallest_effect(0.02).unwrap() - (1.02 * (1.05_f64 / 0.97).sqrt() - 1.0)).abs() < 1e-4);
    let needed = wide.values_needed(0.02).unwrap();
    let reach = |n: usize| (1.05_f64 / 0.97).ln() / 2.0 * (30.0 / n as f64).sqrt();
    let centre = (1.05_f64 * 0.97).sqrt().ln();
    assert!(centre + reach(needed) <= 1.02_f64.ln() + 1e-5 && centre + reach(needed - 30) > 1.02_f64.ln());
    assert_eq!(mann_whitney(&[1.0], &[2.0], 0.05).unwrap().values_needed(0.02), None);
}

#[test]
fn a_mean_is_made_of_ratios_of_one_level() {
    let samples = [1.0, 1.1, 1.2, 1.3, 1.4];
    let difference = mann_whitney(&samples, &samples, 0.05).unwrap();
    assert_eq!(geometric_mean(&[difference], 0.05), Err(StatsError::NoRatio { index: 0 }));
    let (one, other) = (hodges_lehmann(&samples, &samples, 0.05), hodges_lehmann(&samples, &samples, 0.01));
    assert_eq!(geometric_mean(&[one.unwrap(), other.unwrap()], 0.05), Err(StatsError::OtherLevel { index: 1 }));
}

proptest! {
    #[test]
    fn adjusted_p_values_are_ordered(p in prop::collection::vec(0.0_f64..=1.0, 0..40)) {
        let (holm, hochberg) = (holm(&p).unwrap(), benjamini_hochberg(&p).unwrap());
        for (i, p_i) in p.iter().enumerate() {
            prop_assert!(*p_i <= hochberg[i] * (1.0 + 1e-12) && hochberg[i] <= holm[i] * (1.0 + 1e-12) && holm[i] <= 1.0);
            for (j, p_j) in p.iter().enumerate() {
                prop_assert!(p_i > p_j || (holm[i] <= holm[j] && hochberg[i] <= hochberg[j]));
            }
        }
    }

    #[test]
    fn a_further_control_rarely_exceeds_the_floor(controls in prop::collection::vec(-0.1_f64..0.1, 1..60)) {
        let floor = NoiseFloor::new(&controls, 0.05).unwrap();
        let within = controls.iter().filter(|d| d.abs().exp_m1() <= floor.fraction * (1.0 + 1e-9)).count();
        prop_assert!(within as f64 >= floor.level * (controls.len() + 1) as f64 - 1e-9);
        prop_assert_eq!(floor.level >= 0.95, controls.len() >= 19);
    }

    #[test]
    fn no_value_is_in_two_classes(sample in prop::collection::vec(any::<f64>(), 0..30)) {
        if let Ok(found) = outliers(&sample) {
            let mut all = [found.severe_low, found.mild_low, found.mild_high, found.severe_high].concat();
            all.sort_unstable();
            let count = all.len();
            all.dedup();
            prop_assert_eq!(all.len(), count);
            prop_assert!(count == 0 || count < sample.len());
        }
    }

    #[test]
    fn exact_comparisons_of_anything_do_not_panic(a in any::<f64>(), b in any::<f64>(), n in 1_usize..4, margin in any::<f64>()) {
        for quantity in [Quantity::Time, Quantity::Observed, Quantity::Computed] {
            let options = CompareOptions { margin, alpha: 0.05 };
            if let Ok(result) = compare_quantity(quantity, &vec![[a]; n], &vec![[b]; n], &options) {
                prop_assert!(result.ratio.is_finite() && (a != b || result.ratio == 1.0));
                prop_assert!(result.smallest_effect.is_none_or(f64::is_finite));
            }
        }
    }
}
