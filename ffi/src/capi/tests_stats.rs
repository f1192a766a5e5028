//! Statistics as C calls them.

use super::tests::{message, ok, text};
use super::*;
use lightspeed_status as S;
use std::ptr::{null, null_mut};

const BEFORE: [f64; 8] = [1.00, 1.01, 0.99, 1.02, 0.98, 1.00, 1.01, 0.99];

fn doubled() -> Vec<f64> {
    BEFORE.iter().map(|value| value * 2.0).collect()
}

fn compare(before: &[f64], after: &[f64], options: *const lightspeed_compare_options) -> lightspeed_result {
    let mut result = std::mem::MaybeUninit::uninit();
    let (b, c) = (before, after);
    // SAFETY: everything lives during the call, which writes the result.
    unsafe {
        ok(|err| lightspeed_stats_compare(b.as_ptr(), b.len(), c.as_ptr(), c.len(), options, result.as_mut_ptr(), err));
        result.assume_init()
    }
}

fn options(paired: i32) -> lightspeed_compare_options {
    lightspeed_compare_options {
        struct_size: size_of::<lightspeed_compare_options>(),
        alpha: 0.05,
        margin: 0.02,
        paired,
    }
}

#[test]
fn samples_and_pairs_are_compared() {
    for paired in [0, 1] {
        let options = options(paired);
        let found = compare(&BEFORE, &doubled(), &raw const options);
        assert_eq!(text(lightspeed_verdict_name(found.verdict)), "REGRESSED");
        assert_eq!(text(lightspeed_gate_name(found.gate)), "FAIL");
        assert_eq!(text(lightspeed_outcome_name(found.outcome)), "OK");
        assert_eq!((found.baseline, found.current, found.control, found.pairs), (1.0, 2.0, 0, 8));
        assert!(found.low <= 2.0 && 2.0 <= found.high && found.low > 1.9);
        assert!((found.delta_pct - 100.0).abs() < 5.0 && found.p_value < 0.05 && found.smallest_effect > 0.0199);
        assert!(found.e_value.is_nan());
        let same = compare(&BEFORE, &BEFORE, &raw const options);
        assert_eq!(same.ratio, 1.0);
        assert_ne!(same.verdict, lightspeed_verdict::Regressed as i32);
    }
    assert_eq!(compare(&BEFORE, &doubled(), null()).verdict, lightspeed_verdict::Regressed as i32);
    // Two runs of a side bound nothing.
    let in_pairs = options(1);
    let few = compare(&BEFORE[..1], &BEFORE[..1], &raw const in_pairs);
    assert!(few.low.is_nan() && few.high.is_nan() && few.verdict == lightspeed_verdict::Inconclusive as i32);
}

#[test]
fn unusable_numbers_are_told_apart() {
    let mut result = std::mem::MaybeUninit::<lightspeed_result>::uninit();
    let mut refused = |before: &[f64], options: lightspeed_compare_options, status| {
        let now = doubled();
        // SAFETY: everything lives during the call.
        message(status, |err| unsafe {
            let (b, c, out) = (before.as_ptr(), now.as_ptr(), result.as_mut_ptr());
            lightspeed_stats_compare(b, before.len(), c, now.len(), &raw const options, out, err)
        })
    };
    assert!(refused(&[], options(0), S::Statistics).contains("empty"));
    assert!(refused(&[f64::NAN], options(0), S::Statistics).contains("not a finite number"));
    assert!(refused(&[0.0], options(0), S::Statistics).contains("not above zero"));
    assert!(refused(&BEFORE[1..], options(1), S::Statistics).contains("do not pair"));
    for paired in [0, 1] {
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            refused(&BEFORE, lightspeed_compare_options { margin: bad, ..options(paired) }, S::InvalidArgument);
            refused(&BEFORE, lightspeed_compare_options { alpha: bad, ..options(paired) }, S::InvalidArgument);
        }
    }
    assert_eq!(refused(&BEFORE, options(2), S::InvalidArgument), "paired is 2: it must be 0 or 1");
    refused(&BEFORE, lightspeed_compare_options { struct_size: 8, ..options(0) }, S::InvalidArgument);
}

#[test]
fn pointers_are_checked_and_lengths_of_zero_ignore_them() {
    let (mut result, mut summary) = (std::mem::MaybeUninit::uninit(), std::mem::MaybeUninit::uninit());
    let (result, summary) = (result.as_mut_ptr(), summary.as_mut_ptr());
    let some = BEFORE.as_ptr();
    let odd = some.cast::<u8>().wrapping_add(1).cast::<f64>();
    // SAFETY: NULL and odd places are what is tested; the rest lives during the calls.
    unsafe {
        let said = message(S::InvalidArgument, |err| lightspeed_stats_compare(null(), 1, some, 1, null(), result, err));
        assert_eq!(said, "baseline is NULL");
        let said = message(S::InvalidArgument, |err| lightspeed_stats_compare(some, 1, odd, 1, null(), result, err));
        assert_eq!(said, "current is not aligned as its type needs");
        message(S::InvalidArgument, |err| lightspeed_stats_compare(some, 1, some, 1, null(), null_mut(), err));
        message(S::Statistics, |err| lightspeed_stats_compare(odd, 0, some, 1, null(), result, err));
        message(S::InvalidArgument, |err| lightspeed_stats_summarize(null(), 1, summary, err));
        message(S::InvalidArgument, |err| lightspeed_stats_summarize(some, usize::MAX, summary, err));
        message(S::InvalidArgument, |err| lightspeed_stats_summarize(some, 1, null_mut(), err));
        message(S::Statistics, |err| lightspeed_stats_summarize(null(), 0, summary, err));
        assert_eq!(lightspeed_stats_summarize(null(), 0, summary, null_mut()), S::Statistics);
    }
}

#[test]
fn a_sample_is_summarised() {
    let mut summary = std::mem::MaybeUninit::<lightspeed_summary>::uninit();
    let mut of = |sample: &[f64]| {
        let out = summary.as_mut_ptr();
        // SAFETY: everything lives during the call, which writes the summary.
        unsafe {
            ok(|err| lightspeed_stats_summarize(sample.as_ptr(), sample.len(), out, err));
            summary.assume_init()
        }
    };
    let found = of(&[4.0, 1.0, 3.0, 2.0]);
    assert_eq!((found.n, found.median, found.q_25, found.q_75), (4, 2.5, 1.75, 3.25));
    assert_eq!((found.min, found.max, found.mean, found.mad), (1.0, 4.0, 2.5, 1.0));
    assert!(found.ci_99_a < 1.0 && found.ci_99_b > 4.0 && found.sd > 1.0);
    let one = of(&[7.0]);
    assert!(one.sd.is_nan() && one.ci_99_a.is_nan() && one.ci_99_b.is_nan());
}

#[test]
fn statistics_are_called_by_name() {
    let call = |function: &str, input: &str| {
        let mut json = lightspeed_buf { ptr: null_mut(), len: 0 };
        let mut err = null_mut();
        let (function, input) = (lightspeed_str::borrowed(function), lightspeed_str::borrowed(input));
        // SAFETY: everything lives during the calls; the error is ours.
        unsafe {
            let status = lightspeed_stats_call(function, input, &raw mut json, &raw mut err);
            let told = if status == S::Ok { lightspeed_str_of(json.ptr) } else { lightspeed_error_detail(err) };
            let told = text(told);
            lightspeed_buf_free(&raw mut json);
            lightspeed_error_free(err);
            (status, told)
        }
    };
    let input = r#"{"sample": [1, 2, 3]}"#;
    assert_eq!(call("summarize", input).1, lightspeed_core::stats::call("summarize", input).unwrap_or_default());
    assert_eq!(call("summarise", input), (S::InvalidArgument, "UnknownFunction".to_owned()));
    assert_eq!(call("summarize", "{"), (S::InvalidArgument, "Input".to_owned()));
    assert_eq!(call("summarize", r#"{"sample": []}"#), (S::Statistics, "Empty".to_owned()));
    assert_eq!(call("", ""), (S::InvalidArgument, "UnknownFunction".to_owned()));
    // SAFETY: no output is what is tested.
    unsafe {
        let (function, input) = (lightspeed_str::borrowed("summarize"), lightspeed_str::borrowed(input));
        message(S::InvalidArgument, |err| lightspeed_stats_call(function, input, null_mut(), err));
    }
}

#[test]
fn names_of_numbers_are_those_of_the_enums() {
    assert_eq!(text(lightspeed_verdict_name(lightspeed_verdict::SlowerMinor as i32)), "SLOWER_MINOR");
    assert_eq!(text(lightspeed_verdict_name(lightspeed_verdict::Inconclusive as i32)), "INCONCLUSIVE");
    assert_eq!(text(lightspeed_gate_name(lightspeed_gate::Error as i32)), "ERROR");
    assert_eq!(text(lightspeed_outcome_name(lightspeed_outcome::NotRunBudget as i32)), "NOT_RUN_BUDGET");
    assert_eq!(text(lightspeed_outcome_name(lightspeed_outcome::Incomparable as i32)), "INCOMPARABLE");
    for name in [lightspeed_verdict_name, lightspeed_gate_name, lightspeed_outcome_name] {
        for unknown in [-1, 10, i32::MIN, i32::MAX] {
            assert_eq!(text(name(unknown)), "UNKNOWN");
        }
    }
}
