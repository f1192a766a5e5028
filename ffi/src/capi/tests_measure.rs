//! Measurements as C walks them, and the options that lead to them.
#![allow(clippy::unwrap_used)]

use super::tests::{message, ok, text};
use super::*;
use crate::session::MeasureReport;
use lightspeed_status as S;
use serde_json::json;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

fn report() -> MeasureReport {
    let nothing = json!({"unit": "", "warnings": [], "reasons": []});
    let with = |more: serde_json::Value| {
        let mut result = nothing.clone();
        result.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        result
    };
    let benchmarks = json!({
        "bench.time_a": with(json!({
            "unit": "seconds", "baseline": 1.0, "current": 1.5, "delta_pct": 50.0, "ratio": 1.5,
            "interval": {"low": 1.4, "high": null}, "p_value": 0.001, "status": "ok", "verdict": "regressed", "gate": "fail",
            "reasons": [{"text": "it executes f"}, {"text": "it imports g"}],
        })),
        "bench.time_b": with(json!({"status": "failed", "gate": "error", "reason": "it exited with 1"})),
        "bench.time_c": with(json!({"status": "removed", "gate": "pass"})),
    });
    serde_json::from_value(json!({
        "schema": "lightspeed.measure/1", "step_id": null, "generation": 1, "benchmarks": benchmarks, "dropped": [],
        "counts": {"total": 3, "selected": 2, "unaffected": 0, "measured": 1, "compared": 1, "failed": 1, "skipped": 0, "removed": 1},
        "paired": null, "hotfiles": [],
        "selection": {"changed_files": [], "ignored_files": [], "removed": [], "drift": [], "diagnostics": []},
        "environment": {"host_class": {}, "interpreter": "", "runner_version": "", "launch_mode": ""},
        "timing": {"total_s": 0.0, "select_s": 0.0, "measure_s": 0.0},
    }))
    .unwrap()
}

#[test]
fn a_measurement_is_walked_by_index_and_written_as_a_document() {
    let measurement = Box::into_raw(Box::new(lightspeed_measurement::new(report())));
    let (mut out, mut count, mut json) = (lightspeed_str::empty(), 7, lightspeed_buf { ptr: null_mut(), len: 0 });
    let mut result = MaybeUninit::uninit();
    // SAFETY: a measurement of our own, and outputs that live during the calls.
    unsafe {
        assert_eq!(lightspeed_measurement_count(measurement), 3);
        assert_eq!(lightspeed_measurement_gate(measurement), lightspeed_gate::Error as i32);
        ok(|err| lightspeed_measurement_benchmark(measurement, 0, &raw mut out, err));
        assert_eq!(text(out), "bench.time_a");
        ok(|err| lightspeed_measurement_unit(measurement, 0, &raw mut out, err));
        assert_eq!(text(out), "seconds");
        ok(|err| lightspeed_measurement_message(measurement, 0, &raw mut out, err));
        assert_eq!(text(out), "");
        ok(|err| lightspeed_measurement_reason_count(measurement, 0, &raw mut count, err));
        assert_eq!(count, 2);
        ok(|err| lightspeed_measurement_reason(measurement, 0, 1, &raw mut out, err));
        assert_eq!(text(out), "it imports g");
        message(S::OutOfRange, |err| lightspeed_measurement_reason(measurement, 0, 2, &raw mut out, err));
        ok(|err| lightspeed_measurement_message(measurement, 1, &raw mut out, err));
        assert_eq!(text(out), "it exited with 1");
        let mut of = |index| {
            ok(|err| lightspeed_measurement_result(measurement, index, result.as_mut_ptr(), err));
            let found: lightspeed_result = result.assume_init();
            found
        };
        let [a, b, c] = [0, 1, 2].map(&mut of);
        assert_eq!((a.baseline, a.current, a.ratio, a.low, a.delta_pct, a.p_value), (1.0, 1.5, 1.5, 1.4, 50.0, 0.001));
        assert!(a.high.is_nan() && a.e_value.is_nan() && a.pairs == 0 && a.control == 0);
        let numbers = |found: lightspeed_result| (found.outcome, found.verdict, found.gate);
        assert_eq!(numbers(a), (0, lightspeed_verdict::Regressed as i32, lightspeed_gate::Fail as i32));
        assert_eq!(numbers(b), (lightspeed_outcome::Failed as i32, 0, lightspeed_gate::Error as i32));
        assert_eq!(numbers(c), (lightspeed_outcome::Removed as i32, 0, lightspeed_gate::Pass as i32));
        assert!(b.baseline.is_nan() && b.low.is_nan());
        message(S::OutOfRange, |err| lightspeed_measurement_result(measurement, 3, result.as_mut_ptr(), err));
        message(S::OutOfRange, |err| lightspeed_measurement_benchmark(measurement, usize::MAX, &raw mut out, err));
        message(S::InvalidArgument, |err| lightspeed_measurement_result(measurement, 0, null_mut(), err));
        message(S::InvalidArgument, |err| lightspeed_measurement_unit(null(), 0, &raw mut out, err));
        ok(|err| lightspeed_measurement_json(measurement, &raw mut json, err));
        let document: MeasureReport = serde_json::from_str(&text(lightspeed_str_of(json.ptr))).unwrap();
        assert_eq!(document.benchmarks.len(), 3);
        lightspeed_buf_free(&raw mut json);
        lightspeed_measurement_free(measurement);
    }
}

/// A session over a suite without a survey.
fn with_session(test: impl FnOnce(*const lightspeed_session)) {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("asv.conf.json");
    std::fs::create_dir(directory.path().join("benchmarks")).unwrap();
    std::fs::write(&config, r#"{"version": 1, "project": "p", "repo": "."}"#).unwrap();
    let path = lightspeed_str::borrowed(config.to_str().unwrap());
    let mut session = null_mut();
    // SAFETY: everything lives during the calls.
    unsafe {
        ok(|err| lightspeed_session_open(path, null(), &raw mut session, err));
        test(session);
        lightspeed_session_free(session);
    }
}

fn defaults<T>(init: unsafe extern "C" fn(*mut T, usize, *mut *mut lightspeed_error) -> S) -> T {
    let mut options = MaybeUninit::uninit();
    // SAFETY: a struct of that size, which the call fills.
    unsafe {
        ok(|err| init(options.as_mut_ptr(), size_of::<T>(), err));
        message(S::InvalidArgument, |err| init(options.as_mut_ptr(), size_of::<T>() - 1, err));
        message(S::InvalidArgument, |err| init(null_mut(), size_of::<T>(), err));
        options.assume_init()
    }
}

#[test]
#[cfg_attr(miri, ignore = "reads a configuration")]
fn options_of_init_are_checked_before_anything_is_done() {
    let usual = defaults(lightspeed_init_options_init);
    with_session(|session| {
        let mut json = lightspeed_buf { ptr: null_mut(), len: 0 };
        let mut told = |status, options: &lightspeed_init_options| {
            // SAFETY: everything lives during the call.
            let said = message(status, |err| unsafe { lightspeed_session_init(session, options, &raw mut json, err) });
            assert!(json.ptr.is_null(), "outputs are written only on success");
            said
        };
        let mut refused = |options: lightspeed_init_options| told(S::InvalidArgument, &options);
        assert_eq!(refused(lightspeed_init_options { force: 2, ..usual }), "force is 2: it must be 0 or 1");
        refused(lightspeed_init_options { survey_only: -1, ..usual });
        assert!(refused(lightspeed_init_options { rounds: 0, ..usual }).starts_with("rounds is 0"));
        refused(lightspeed_init_options { rounds: i64::MAX, ..usual });
        refused(lightspeed_init_options { repeat: 0, ..usual });
        refused(lightspeed_init_options { warmup_time: f64::NAN, ..usual });
        refused(lightspeed_init_options { warmup_time: f64::INFINITY, ..usual });
        refused(lightspeed_init_options { wait_s: f64::MAX, ..usual });
        refused(lightspeed_init_options { base_commit: lightspeed_str { ptr: null(), len: 3 }, ..usual });
        refused(lightspeed_init_options { struct_size: 1, ..usual });
        told(S::NoSourceRoot, &usual);
        // SAFETY: NULL is what is tested.
        unsafe {
            message(S::InvalidArgument, |err| lightspeed_session_init(null(), null(), &raw mut json, err));
            message(S::InvalidArgument, |err| lightspeed_session_init(session, null(), null_mut(), err));
        }
    });
}

#[test]
#[cfg_attr(miri, ignore = "reads a configuration")]
fn options_of_measuring_are_checked_before_anything_is_done() {
    let usual = defaults(lightspeed_measure_options_init);
    let paired = defaults(lightspeed_paired_options_init);
    let select = defaults(lightspeed_select_options_init);
    with_session(|session| {
        let told = |status, select: &lightspeed_select_options, options: &lightspeed_measure_options| {
            let mut measurement = std::ptr::dangling_mut();
            // SAFETY: everything lives during the call.
            let said = message(status, |err| unsafe {
                lightspeed_session_measure_survey(session, select, options, &raw mut measurement, err)
            });
            assert!(measurement.is_null());
            said
        };
        let refused = |options: lightspeed_measure_options| told(S::InvalidArgument, &select, &options);
        let in_pairs = |paired: lightspeed_paired_options| {
            refused(lightspeed_measure_options { paired: &raw const paired, ..usual })
        };
        told(S::NoSurvey, &select, &usual);
        assert_eq!(
            refused(lightspeed_measure_options { strict_host: 5, ..usual }),
            "strict_host is 5: it must be 0 or 1"
        );
        refused(lightspeed_measure_options { rounds: 0, ..usual });
        refused(lightspeed_measure_options { step_id: lightspeed_str { ptr: c"\xff".as_ptr(), len: 1 }, ..usual });
        assert!(
            in_pairs(lightspeed_paired_options { seed: 3, ..paired }).starts_with("seed is 3 and random_seed is 1")
        );
        in_pairs(lightspeed_paired_options { random_seed: 2, ..paired });
        in_pairs(lightspeed_paired_options { budget_s: f64::NAN, ..paired });
        in_pairs(lightspeed_paired_options { struct_size: 0, ..paired });
        assert_eq!(
            refused(lightspeed_measure_options { rounds: 3, paired: &raw const paired, ..usual }),
            "rounds is 3, but pairs are run until they decide: leave it out, or bound most_pairs"
        );
        let mut token = null_mut();
        // SAFETY: a token of our own, and what is NULL is what is tested.
        unsafe {
            ok(|err| lightspeed_cancel_new(&raw mut token, err));
            let misplaced = lightspeed_select_options { cancel: token, ..select };
            assert!(told(S::InvalidArgument, &misplaced, &usual).starts_with("cancel and listener belong"));
            lightspeed_cancel_raise(token);
            told(S::Cancelled, &select, &lightspeed_measure_options { cancel: token, ..usual });
            lightspeed_cancel_free(token);
            let mut measurement = null_mut();
            let (empty, one) = (lightspeed_str::empty(), lightspeed_str::borrowed("a.py"));
            message(S::InvalidArgument, |err| {
                lightspeed_session_measure_files(session, null(), 1, null(), null(), &raw mut measurement, err)
            });
            message(S::InvalidArgument, |err| {
                lightspeed_session_measure_files(
                    session,
                    &raw const empty,
                    1,
                    null(),
                    null(),
                    &raw mut measurement,
                    err,
                )
            });
            message(S::NoSurvey, |err| {
                lightspeed_session_measure_files(session, &raw const one, 1, null(), null(), &raw mut measurement, err)
            });
            message(S::NoSurvey, |err| {
                lightspeed_session_measure_git(session, empty, null(), null(), &raw mut measurement, err)
            });
            message(S::InvalidArgument, |err| {
                lightspeed_session_measure_git(session, empty, null(), null(), null_mut(), err)
            });
        }
    });
}

#[test]
#[cfg_attr(miri, ignore = "reads a configuration")]
fn what_is_kept_is_missing_before_a_survey() {
    with_session(|session| {
        let mut json = lightspeed_buf { ptr: null_mut(), len: 0 };
        let (none, name) = (lightspeed_str::empty(), lightspeed_str::borrowed("time_x"));
        // SAFETY: everything lives during the calls, what is NULL is what is tested.
        unsafe {
            message(S::NoSurvey, |err| lightspeed_session_results_json(session, none, &raw mut json, err));
            message(S::InvalidArgument, |err| lightspeed_session_results_json(session, none, null_mut(), err));
            message(S::InvalidArgument, |err| lightspeed_session_results_json(null(), none, &raw mut json, err));
            message(S::NoSurvey, |err| lightspeed_session_explain_survey(session, name, null(), &raw mut json, err));
            message(S::NoSurvey, |err| lightspeed_session_explain_git(session, name, none, null(), &raw mut json, err));
            message(S::NoSurvey, |err| {
                lightspeed_session_explain_files(session, name, null(), 0, null(), &raw mut json, err)
            });
            message(S::InvalidArgument, |err| {
                lightspeed_session_explain_files(session, name, null(), 0, null(), null_mut(), err)
            });
            message(S::Panic, |err| testing::panic_in_call(session, err));
            message(S::Poisoned, |err| lightspeed_session_database(session, &raw mut json, err));
            message(S::Poisoned, |err| lightspeed_session_init(session, null(), &raw mut json, err));
        }
        assert!(json.ptr.is_null());
    });
}
