//! Properties of the statistics of pairs: signed ranks, random signs, bootstrap, e-processes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "what a test expects may come from the platform")]

use lightspeed_core::stats::{
    Bet, BootstrapOptions, EProcess, Inference, Resampled, StatsError, Verdict, Warning, bootstrap, diagnose, e_value,
    sign_flip, signed_rank,
};
use proptest::prelude::*;

const BETS: [Bet; 3] = [Bet::SignedRank, Bet::Sign, Bet::Symmetric { rho: 0.003 }];
const RESAMPLED: [Resampled; 5] = [
    Resampled::Medians,
    Resampled::GeometricMeans,
    Resampled::HodgesLehmann,
    Resampled::MedianOfPairs,
    Resampled::GeometricMeanOfPairs,
];

/// Pairs as benchmarks give them: close together, with ties.
fn pairs(max: usize) -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let time = || (1_u32..2000).prop_map(|v| 4.0 + f64::from(v) / 512.0);
    prop::collection::vec((time(), time()), 1..max).prop_map(|pairs| pairs.into_iter().unzip())
}

/// Any bits at all.
fn anything() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        any::<f64>(),
        any::<u64>().prop_map(f64::from_bits),
        any::<u64>().prop_map(|bits| f64::from_bits(bits).abs()),
        Just(0.0),
        Just(f64::MIN_POSITIVE * f64::EPSILON),
        Just(f64::MAX),
    ];
    prop::collection::vec(value, 0..12)
}

/// Each number there is must be finite: serde_json would write it as null, so the values themselves are asked.
fn check_finite(result: &Inference) {
    let ends = [result.interval.low, result.interval.high];
    let rest = [result.estimate, result.statistic, result.p_value, result.p_min, result.e_value, result.ln_e_value];
    assert!(ends.into_iter().chain(rest).flatten().all(f64::is_finite), "{result:?}");
    assert!(result.p_value.is_none_or(|p| (0.0..=1.0).contains(&p)), "{result:?}");
    let ordered = |a: Option<f64>, b: Option<f64>| a.zip(b).is_none_or(|(a, b)| a <= b);
    assert!(ordered(result.interval.low, result.interval.high), "{result:?}");
}

proptest! {
    #[test]
    fn nothing_panics_and_every_number_is_finite(
        a in anything(), b in anything(), alpha in any::<f64>(), rho in any::<f64>(), margin in any::<f64>(), seed in any::<u64>(),
    ) {
        let n = a.len().min(b.len());
        for (a, b) in [(&a[..], &b[..]), (&a[..n], &b[..n])] {
            for alpha in [alpha, alpha.abs().fract(), 0.05, 1e-300] {
                let mut results = vec![signed_rank(a, b, alpha), sign_flip(a, b, alpha, 99, seed)];
                for bet in [Bet::SignedRank, Bet::Sign, Bet::Symmetric { rho }, Bet::Symmetric { rho: rho.abs() }] {
                    for margin in [margin, margin.abs(), 0.0] {
                        results.push(e_value(a, b, bet, margin, alpha));
                    }
                }
                for resampled in RESAMPLED {
                    results.push(bootstrap(a, b, &BootstrapOptions { resampled, resamples: 99, seed, alpha }));
                }
                results.iter().flatten().for_each(check_finite);
                let orders: Vec<bool> = a.iter().map(|v| *v > 1.0).collect();
                for diagnostics in [diagnose(a, &orders, alpha), diagnose(b, &orders, alpha)].iter().flatten() {
                    let order = diagnostics.order.map(|o| (o.ratio, o.p_value));
                    let drift = diagnostics.drift.map(|d| (d.rho, d.p_value));
                    let lag = diagnostics.autocorrelation.map(|l| (l.lag_1, l.limit));
                    prop_assert!([order, drift, lag].iter().flatten().all(|(x, y)| x.is_finite() && y.is_finite()));
                }
            }
        }
    }

    #[test]
    fn exchanging_the_sides_mirrors_the_result((a, b) in pairs(60)) {
        for test in [|a: &[f64], b: &[f64]| signed_rank(a, b, 0.05), |a: &[f64], b: &[f64]| sign_flip(a, b, 0.05, 999, 1)] {
            let (ab, ba) = (test(&a, &b).unwrap(), test(&b, &a).unwrap());
            let close = |x: Option<f64>, y: Option<f64>| x.zip(y).is_none_or(|(x, y)| (x * y - 1.0).abs() < 1e-12);
            prop_assert!(close(ab.estimate, ba.estimate));
            // Random signs are drawn for the sorted differences, so mirrored ones meet other signs.
            if a.len() <= 20 || ab.draws.is_none() {
                prop_assert!((ab.p_value.unwrap() - ba.p_value.unwrap()).abs() < 1e-12);
                prop_assert!(close(ab.interval.low, ba.interval.high));
                prop_assert!(ab.p_value.unwrap() >= ab.p_min.unwrap() * (1.0 - 1e-12));
            }
            prop_assert_eq!(ab.p_min, ba.p_min);
        }
    }

    #[test]
    fn the_order_of_pairs_is_irrelevant_to_tests_with_a_fixed_number((a, b) in pairs(60)) {
        let reversed = |v: &[f64]| v.iter().rev().copied().collect::<Vec<_>>();
        prop_assert_eq!(signed_rank(&a, &b, 0.05), signed_rank(&reversed(&a), &reversed(&b), 0.05));
        prop_assert_eq!(sign_flip(&a, &b, 0.05, 99, 3), sign_flip(&reversed(&a), &reversed(&b), 0.05, 99, 3));
    }

    #[test]
    fn distinct_differences_are_rejected_exactly_when_the_interval_excludes_one(
        d in prop::collection::hash_set(-1000_i32..1000, 1..40), seed in any::<u64>(),
    ) {
        // Odd multiples differ in size too, and none is 0.
        let b: Vec<f64> = d.iter().map(|d| 1.0 + f64::from(4 * d + 1) / 16384.0).collect();
        let a = vec![1.0; b.len()];
        for result in [signed_rank(&a, &b, 0.05).unwrap(), sign_flip(&a, &b, 0.05, 199, seed).unwrap()] {
            let excludes_one = result.interval.low.is_some_and(|v| v > 1.0) || result.interval.high.is_some_and(|v| v < 1.0);
            let p = result.p_value.unwrap();
            // Of random signs the interval uses both tails, the p-value their sum: they may part near the limit.
            if result.draws.is_none() || !(0.01..=0.2).contains(&p) {
                prop_assert_eq!(p <= 0.05, excludes_one, "{:?}", result);
            }
        }
    }

    #[test]
    fn pairs_one_by_one_saved_and_taken_up_again_are_pairs_at_once((a, b) in pairs(60), cut in 0_usize..60) {
        for bet in BETS {
            let mut process = EProcess::new(bet, 0.02).unwrap();
            for (i, (a, b)) in a.iter().zip(&b).enumerate() {
                if i == cut {
                    let saved = postcard::to_allocvec(&process).unwrap();
                    let restored: EProcess = postcard::from_bytes(&saved).unwrap();
                    prop_assert_eq!(&restored, &process);
                    process = restored;
                }
                process.push(*a, *b).unwrap();
            }
            prop_assert_eq!(process.inference(0.05).unwrap(), e_value(&a, &b, bet, 0.02, 0.05).unwrap());
        }
    }

    #[test]
    fn a_change_is_called_exactly_when_the_evidence_reaches_two_over_alpha((a, b) in pairs(80), factor in 0.8_f64..1.25) {
        let mut process = EProcess::new(Bet::Sign, 0.02).unwrap();
        for (a, b) in a.iter().zip(&b) {
            process.push(*a, b * factor).unwrap();
            let verdict = process.verdict(0.05).unwrap();
            prop_assert_eq!(verdict == Verdict::Regressed, process.ln_e_slower() >= 40_f64.ln());
            prop_assert_eq!(verdict == Verdict::Improved, process.ln_e_faster() >= 40_f64.ln());
            let result = process.inference(0.05).unwrap();
            prop_assert!(result.interval.low.is_none_or(|low| low <= result.estimate.unwrap()));
            prop_assert_eq!(Verdict::of(&result, 0.02), verdict);
        }
    }
}

#[test]
fn bad_pairs_leave_the_state_as_it_was() {
    let mut process = EProcess::new(Bet::Sign, 0.02).unwrap();
    process.push(1.0, 1.5).unwrap();
    let before = process.clone();
    for (a, b) in [(0.0, 1.0), (1.0, f64::NAN), (f64::INFINITY, 1.0), (1.0, -1.0)] {
        assert!(process.push(a, b).is_err());
    }
    assert_eq!(process, before);
}

#[test]
fn a_tampered_state_is_refused() {
    let saved = |margin: f64, difference: f64| serde_json::json!({"bet": "sign", "margin": margin, "differences": [difference]});
    assert!(serde_json::from_value::<EProcess>(saved(0.02, 0.1)).is_ok());
    assert!(serde_json::from_value::<EProcess>(saved(-1.0, 0.1)).is_err());
    assert!(serde_json::from_value::<EProcess>(saved(0.02, 1e300)).is_err());
}

#[test]
fn seven_pairs_are_too_few_and_eight_that_agree_are_enough() {
    let verdict = |n: usize, current: f64| {
        let mut process = EProcess::new(Bet::Sign, 0.02).unwrap();
        (0..n).for_each(|_| process.push(1.0, current).unwrap());
        process.verdict(0.05).unwrap()
    };
    for (current, settled) in [(10.0, Verdict::Regressed), (0.1, Verdict::Improved), (1.0, Verdict::Equivalent)] {
        assert_eq!((verdict(7, current), verdict(8, current)), (Verdict::Inconclusive, settled));
    }
}

#[test]
fn the_number_of_pairs_needed_is_about_what_it_takes() {
    for (beyond, of, settled) in
        [(7, 10, Verdict::Regressed), (9, 10, Verdict::Regressed), (2, 10, Verdict::Equivalent)]
    {
        let mut process = EProcess::new(Bet::Sign, 0.02).unwrap();
        let mut push = |i: usize| {
            process.push(1.0, if i % of < beyond { 1.03 } else { 1.01 }).unwrap();
            (process.verdict(0.05).unwrap(), process.pairs_needed(0.05).unwrap())
        };
        let promised = (0..of).map(&mut push).last().unwrap().1;
        let taken = (of..).find(|i| push(*i).0 == settled).unwrap() + 1;
        let promised = promised.unwrap_or_else(|| panic!("{beyond} of {of}: {taken} were taken"));
        assert!(taken < 3 * promised && promised < 3 * taken, "{promised} were promised, {taken} taken");
        assert_eq!(process.pairs_needed(0.05), Ok(None));
    }
    let mut even = EProcess::new(Bet::Sign, 0.02).unwrap();
    (0..10).for_each(|i| even.push(1.0, if i % 2 == 0 { 1.03 } else { 1.01 }).unwrap());
    assert_eq!(even.pairs_needed(0.05), Ok(None), "nothing in sight");
}

#[test]
fn order_drift_and_neighbours_are_noticed() {
    let orders: Vec<bool> = (0..40).map(|i| i % 4 == 0 || i % 4 == 3).collect();
    let mut noise = Noise(11);
    let mut warnings = |course: &dyn Fn(usize, f64) -> f64| {
        let differences: Vec<f64> = (0..40).map(|i| course(i, 0.005 * noise.normal())).collect();
        diagnose(&differences, &orders, 0.01).unwrap().warnings(0.01)
    };
    assert_eq!(warnings(&|_, noise| noise), []);
    let second_slower = warnings(&|i, noise| noise + if orders[i] { 0.01 } else { -0.01 });
    assert!(matches!(second_slower[..], [Warning::OrderEffect { ratio, .. }] if (1.005..1.015).contains(&ratio)));
    let rising = warnings(&|i, noise| noise + 0.001 * i as f64);
    assert!(matches!(rising[..], [Warning::Drift { rho, .. }, Warning::Autocorrelation { .. }] if rho > 0.5));
}

#[test]
fn sums_in_one_direction_are_not_lost_in_rounding() {
    assert_eq!(signed_rank(&[1.0; 3], &[1.0], 0.05), Err(StatsError::UnequalLengths { baseline: 3, current: 1 }));
    // Three ratios whose product with changed signs is the same: all eight sums tie or lie further in.
    let result = sign_flip(&[1.0, 1.0, 1.0], &[2.0, 3.0, 6.0], 0.05, 99, 1).unwrap();
    assert_eq!(result.p_value, Some(0.25));
    let cancelled = sign_flip(&[1.0, 1.0, 6.0], &[2.0, 3.0, 1.0], 0.05, 99, 1).unwrap();
    assert_eq!(cancelled.p_value, Some(1.0));
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
}

/// How many of `trials` series of 100 pairs are called a change at some look, one after every pair.
fn called(trials: usize, bet: Bet, margin: f64, mut draw: impl FnMut(usize) -> f64) -> usize {
    let mut one = || {
        let mut process = EProcess::new(bet, margin).unwrap();
        (0..100).any(|i| {
            process.push(1.0, draw(i).exp()).unwrap();
            process.verdict(0.05).unwrap().is_change()
        })
    };
    (0..trials).filter(|_| one()).count()
}

#[test]
fn a_look_after_every_pair_costs_nothing() {
    const TRIALS: usize = 1000;
    // Three standard errors above 5 %.
    const MOST: usize = 70;
    let bets =
        [Bet::SignedRank, Bet::Sign, Bet::symmetric(0.03, 30, 0.05).unwrap(), Bet::symmetric(0.001, 30, 0.05).unwrap()];
    for bet in bets {
        let mut noise = Noise(1);
        let gaussian = called(TRIALS, bet, 0.0, |_| 0.02 * noise.normal());
        let heavy = called(TRIALS, bet, 0.0, |_| 0.02 * noise.normal() / (noise.uniform() + 0.01));
        // The margin itself is no change beyond the margin.
        let at_the_margin = called(TRIALS, bet, 0.02, |_| {
            let sign = if noise.uniform() < 0.5 { -1.0 } else { 1.0 };
            1.02_f64.ln() + sign * noise.uniform() * 0.01
        });
        assert!(gaussian <= MOST && heavy <= MOST, "{bet:?}: {gaussian} {heavy} of {TRIALS}");
        // Slower by less than the margin is a change, too; beyond it would be wrong.
        assert!(at_the_margin > 0, "{bet:?}");
    }
}

#[test]
fn the_margin_itself_is_not_beyond_the_margin() {
    for bet in [Bet::SignedRank, Bet::Sign, Bet::symmetric(0.01, 30, 0.05).unwrap()] {
        let mut noise = Noise(3);
        // Signed ranks search for their interval at each look. Three standard errors above 5 %.
        let (trials, most) = if bet == Bet::SignedRank { (200, 19) } else { (1000, 70) };
        let mut wrong = 0;
        for _ in 0..trials {
            let mut process = EProcess::new(bet, 0.02).unwrap();
            wrong += usize::from((0..100).any(|_| {
                process.push(1.0, 1.02 * (0.01 * noise.normal()).exp()).unwrap();
                matches!(process.verdict(0.05).unwrap(), Verdict::Regressed | Verdict::Equivalent)
            }));
        }
        assert!(wrong <= most, "{bet:?}: {wrong} of {trials}");
    }
}
