//! Experiments that are driven as a harness drives them.
#![allow(clippy::unwrap_used)]

use super::tests::{message, ok, text};
use super::*;
use lightspeed_status as S;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

fn options() -> lightspeed_experiment_options {
    let mut options = MaybeUninit::<lightspeed_experiment_options>::uninit();
    let size = size_of::<lightspeed_experiment_options>();
    // SAFETY: a struct of that size, which the call fills.
    let usual = unsafe {
        ok(|err| lightspeed_experiment_options_init(options.as_mut_ptr(), size, err));
        options.assume_init()
    };
    lightspeed_experiment_options { random_seed: 0, seed: 7, ..usual }
}

fn names<'a>(names: &'a [&'a str]) -> Vec<lightspeed_str> {
    names.iter().map(|name| lightspeed_str::borrowed(name)).collect()
}

fn experiment(benchmarks: &[&str], options: lightspeed_experiment_options) -> *mut lightspeed_experiment {
    let (names, mut experiment) = (names(benchmarks), null_mut());
    // SAFETY: everything lives during the call.
    ok(|err| unsafe {
        lightspeed_experiment_new(names.as_ptr(), names.len(), &raw const options, &raw mut experiment, err)
    });
    experiment
}

fn next(experiment: *mut lightspeed_experiment) -> lightspeed_run {
    let mut run = MaybeUninit::uninit();
    // SAFETY: an experiment of our own; the call writes the run.
    unsafe {
        ok(|err| lightspeed_experiment_next(experiment, run.as_mut_ptr(), err));
        run.assume_init()
    }
}

fn result(experiment: *const lightspeed_experiment, index: usize) -> lightspeed_result {
    let mut result = MaybeUninit::uninit();
    // SAFETY: an experiment of our own; the call writes the result.
    unsafe {
        ok(|err| lightspeed_experiment_result(experiment, index, result.as_mut_ptr(), err));
        result.assume_init()
    }
}

type Writer = unsafe extern "C" fn(*const lightspeed_experiment, *mut lightspeed_buf, *mut *mut lightspeed_error) -> S;

fn written(experiment: *const lightspeed_experiment, by: Writer) -> String {
    let mut json = lightspeed_buf { ptr: null_mut(), len: 0 };
    // SAFETY: an experiment of our own, and a buffer of the call.
    unsafe {
        ok(|err| by(experiment, &raw mut json, err));
        let written = text(lightspeed_str_of(json.ptr));
        lightspeed_buf_free(&raw mut json);
        written
    }
}

fn record(experiment: *mut lightspeed_experiment, values: &[f64]) {
    // SAFETY: an experiment of our own.
    ok(|err| unsafe { lightspeed_experiment_record(experiment, values.as_ptr(), values.len(), 0.5, err) });
}

/// Values of a run: of "slow" half as much again after the change.
fn measured(run: &lightspeed_run) -> [f64; 3] {
    let changed = text(run.benchmark) == "slow" && run.side == lightspeed_side::Current as i32;
    let level = if changed { 1.5 } else { 1.0 };
    let noise = ((run.pair * 7 + run.index * 3 + run.side as usize * 5) % 11) as f64 * 1e-4;
    [level + noise, level + 2.0 * noise, level]
}

#[test]
fn a_harness_runs_what_is_asked_for_until_all_is_decided() {
    let experiment =
        experiment(&["slow", "same", "control"], lightspeed_experiment_options { controls: 1, ..options() });
    let mut runs = 0;
    loop {
        let run = next(experiment);
        if !run.more {
            assert_eq!((text(run.benchmark).as_str(), run.pair, run.index), ("", 0, 0));
            break;
        }
        assert_eq!(text(next(experiment).benchmark), text(run.benchmark), "the same until it was recorded");
        assert_eq!(text(run.benchmark), ["slow", "same", "control"][run.index]);
        record(experiment, &measured(&run));
        runs += 1;
    }
    let mut progress = MaybeUninit::uninit();
    // SAFETY: an experiment of our own; the call writes the progress.
    let progress = unsafe {
        ok(|err| lightspeed_experiment_progress(experiment, progress.as_mut_ptr(), err));
        assert_eq!(lightspeed_experiment_count(experiment), 3);
        progress.assume_init()
    };
    assert_eq!((progress.done, progress.expected, progress.decided, progress.benchmarks), (runs, runs, 3, 3));
    assert_eq!(progress.spent_s, runs as f64 * 0.5);
    let [slow, same, control] = [0, 1, 2].map(|index| result(experiment, index));
    let verdicts = [slow, same, control].map(|found| text(lightspeed_verdict_name(found.verdict)));
    assert_eq!(verdicts, ["REGRESSED", "EQUIVALENT", "EQUIVALENT"]);
    let gates = [slow, same, control].map(|found| text(lightspeed_gate_name(found.gate)));
    assert_eq!(gates, ["FAIL", "PASS", "NONE"]);
    assert_eq!([slow.control, same.control, control.control], [0, 0, 1]);
    assert!(slow.baseline < 1.01 && slow.current > 1.49 && slow.low > 1.02 && slow.high < 1.6 && slow.pairs >= 8);
    assert!(slow.p_value.is_nan() && slow.e_value > 19.0);
    let document: serde_json::Value =
        serde_json::from_str(&written(experiment, lightspeed_experiment_results_json)).unwrap();
    assert_eq!(document["benchmarks"][0]["verdict"], "regressed");
    assert_eq!(document["seed"], 7);
    // SAFETY: an experiment of our own.
    unsafe { lightspeed_experiment_free(experiment) };
}

#[test]
fn a_saved_experiment_goes_on_where_it_was() {
    let pairs =
        lightspeed_experiment_options { design: lightspeed_design::Pairs as i32, pairs: 3, warmups: 1, ..options() };
    let (whole, mut parts) = (experiment(&["a", "b"], pairs), experiment(&["a", "b"], pairs));
    let mut runs = 0;
    loop {
        let (run, same) = (next(whole), next(parts));
        assert_eq!((run.more, run.index, run.side, run.pair), (same.more, same.index, same.side, same.pair));
        assert_eq!((run.first, run.warmup), (same.first, same.warmup));
        if !run.more {
            break;
        }
        runs += 1;
        record(whole, &measured(&run));
        record(parts, &measured(&run));
        let state = written(parts, lightspeed_experiment_state);
        // SAFETY: experiments of our own.
        unsafe {
            lightspeed_experiment_free(parts);
            ok(|err| lightspeed_experiment_resume(lightspeed_str::borrowed(&state), &raw mut parts, err));
        }
    }
    assert_eq!(runs, 2 * 2 * (1 + 3));
    let results = [whole, parts].map(|each| written(each, lightspeed_experiment_results_json));
    assert_eq!(results[0], results[1]);
    // SAFETY: experiments of our own.
    unsafe {
        lightspeed_experiment_free(whole);
        lightspeed_experiment_free(parts);
    }
}

#[test]
fn every_end_of_a_run_is_an_outcome() {
    let pairs = lightspeed_experiment_options { design: lightspeed_design::TwoSamples as i32, pairs: 4, ..options() };
    let experiment = experiment(&["failed", "timed_out", "skipped", "fine", "late"], pairs);
    loop {
        let run = next(experiment);
        let name = text(run.benchmark);
        // SAFETY: an experiment of our own.
        ok(|err| unsafe {
            match name.as_str() {
                "failed" => {
                    lightspeed_experiment_record_failed(experiment, lightspeed_str::borrowed("it crashed"), err)
                }
                "timed_out" => lightspeed_experiment_record_timed_out(experiment, err),
                "skipped" => lightspeed_experiment_record_skipped(experiment, err),
                "fine" => lightspeed_experiment_record(experiment, [1.0].as_ptr(), 1, 0.1, err),
                _ => lightspeed_experiment_cancel(experiment, err),
            }
        });
        if name == "late" {
            break;
        }
    }
    assert!(!next(experiment).more, "it was cancelled");
    let outcomes: Vec<String> =
        (0..5).map(|index| text(lightspeed_outcome_name(result(experiment, index).outcome))).collect();
    assert_eq!(outcomes, ["FAILED", "TIMED_OUT", "SKIPPED", "OK", "NOT_RUN_BUDGET"]);
    let failed = result(experiment, 0);
    assert_eq!(text(lightspeed_gate_name(failed.gate)), "ERROR");
    assert_eq!(text(lightspeed_verdict_name(failed.verdict)), "NONE");
    assert!(failed.baseline.is_nan() && failed.ratio.is_nan() && failed.delta_pct.is_nan() && failed.pairs == 0);
    assert!(written(experiment, lightspeed_experiment_results_json).contains("it crashed"));
    // SAFETY: an experiment of our own.
    unsafe { lightspeed_experiment_free(experiment) };
}

#[test]
fn what_is_refused_changes_nothing() {
    let experiment = experiment(&["a"], options());
    let (one, nan) = ([1.0], [f64::NAN]);
    // SAFETY: an experiment of our own, and what is NULL is what is tested.
    unsafe {
        let said =
            message(S::InvalidArgument, |err| lightspeed_experiment_record(experiment, one.as_ptr(), 1, 1.0, err));
        assert!(said.starts_with("nothing was asked for"), "{said}");
        message(S::InvalidArgument, |err| lightspeed_experiment_record_skipped(experiment, err));
        let run = next(experiment);
        let before = written(experiment, lightspeed_experiment_state);
        message(S::Statistics, |err| lightspeed_experiment_record(experiment, nan.as_ptr(), 1, 1.0, err));
        message(S::Statistics, |err| lightspeed_experiment_record(experiment, null(), 0, 1.0, err));
        for wall_s in [-1.0, f64::NAN, f64::INFINITY] {
            message(S::InvalidArgument, |err| lightspeed_experiment_record(experiment, one.as_ptr(), 1, wall_s, err));
        }
        message(S::InvalidArgument, |err| lightspeed_experiment_record(experiment, null(), 1, 1.0, err));
        let broken = lightspeed_str { ptr: c"\xff".as_ptr(), len: 1 };
        message(S::InvalidArgument, |err| lightspeed_experiment_record_failed(experiment, broken, err));
        assert_eq!(written(experiment, lightspeed_experiment_state), before);
        assert_eq!(next(experiment).side, run.side);
        let mut result = MaybeUninit::uninit();
        message(S::OutOfRange, |err| lightspeed_experiment_result(experiment, 1, result.as_mut_ptr(), err));
        message(S::InvalidArgument, |err| lightspeed_experiment_result(experiment, 0, null_mut(), err));
        message(S::InvalidArgument, |err| lightspeed_experiment_result(null(), 0, result.as_mut_ptr(), err));
        message(S::InvalidArgument, |err| lightspeed_experiment_next(null_mut(), null_mut(), err));
        message(S::InvalidArgument, |err| lightspeed_experiment_next(experiment, null_mut(), err));
        message(S::InvalidArgument, |err| lightspeed_experiment_progress(experiment, null_mut(), err));
        message(S::InvalidArgument, |err| lightspeed_experiment_state(null(), null_mut(), err));
        message(S::InvalidArgument, |err| lightspeed_experiment_results_json(experiment, null_mut(), err));
        message(S::InvalidArgument, |err| lightspeed_experiment_cancel(null_mut(), err));
        lightspeed_experiment_free(experiment);
    }
}

#[test]
fn plans_that_make_no_sense_are_refused() {
    let refused = |benchmarks: &[&str], options: lightspeed_experiment_options| {
        let (names, mut experiment) = (names(benchmarks), std::ptr::dangling_mut());
        // SAFETY: everything lives during the call.
        let said = message(S::InvalidArgument, |err| unsafe {
            lightspeed_experiment_new(names.as_ptr(), names.len(), &raw const options, &raw mut experiment, err)
        });
        assert!(experiment.is_null());
        said
    };
    let usual = options();
    assert!(refused(&[], usual).contains("no benchmarks"));
    assert!(refused(&["a", "a"], usual).contains("twice"));
    refused(&["a"], lightspeed_experiment_options { design: 4, ..usual });
    refused(&["a"], lightspeed_experiment_options { design: -1, ..usual });
    refused(&["a"], lightspeed_experiment_options { pairs: 0, ..usual });
    refused(&["a"], lightspeed_experiment_options { pairs: usize::MAX, ..usual });
    refused(&["a"], lightspeed_experiment_options { design: 3, pairs: 8, comparisons: usize::MAX, ..usual });
    refused(&["a"], lightspeed_experiment_options { alpha: 1.0, ..usual });
    refused(&["a"], lightspeed_experiment_options { margin: -0.1, ..usual });
    refused(&["a"], lightspeed_experiment_options { budget_s: f64::NAN, ..usual });
    refused(&["a"], lightspeed_experiment_options { budget_s: 0.0, ..usual });
    refused(&["a"], lightspeed_experiment_options { warmups: usize::MAX, ..usual });
    assert!(refused(&["a"], lightspeed_experiment_options { controls: 2, ..usual }).starts_with("controls is 2"));
    assert!(refused(&["a"], lightspeed_experiment_options { random_seed: 1, ..usual }).starts_with("seed is 7"));
    refused(&["a"], lightspeed_experiment_options { struct_size: 16, ..usual });
    let mut experiment = null_mut();
    // SAFETY: everything lives during the calls, what is NULL is what is tested.
    unsafe {
        let sweep = |axes: &str| {
            format!(r#"{{"design": {{"kind": "sweep", "axes": {axes}}}, "alpha": 0.05, "seed": 1, "warmups": 0}}"#)
        };
        for (axes, said) in [("[]", "needs an axis"), (r#"["n=1", "n=2"]"#, "there twice"), ("[7]", "an axis is text")]
        {
            let text = sweep(axes);
            let text = lightspeed_str::borrowed(&text);
            let refused =
                message(S::InvalidArgument, |err| lightspeed_experiment_from_plan(text, &raw mut experiment, err));
            assert!(refused.contains(said), "{refused}");
        }
        for text in ["", "{}", "null", r#"{"design": {"kind": "pairs", "pairs": 0}, "benchmarks": []}"#] {
            let text = lightspeed_str::borrowed(text);
            message(S::InvalidArgument, |err| lightspeed_experiment_from_plan(text, &raw mut experiment, err));
            message(S::InvalidArgument, |err| lightspeed_experiment_resume(text, &raw mut experiment, err));
        }
        message(S::InvalidArgument, |err| lightspeed_experiment_new(null(), 1, null(), &raw mut experiment, err));
        message(S::InvalidArgument, |err| lightspeed_experiment_new(null(), 0, null(), null_mut(), err));
    }
}

#[test]
fn a_random_seed_is_another_one_each_time_and_is_kept() {
    let random = lightspeed_experiment_options { seed: 0, random_seed: 1, ..options() };
    let states = [0, 1].map(|_| {
        let experiment = experiment(&["a"], random);
        let state = written(experiment, lightspeed_experiment_state);
        // SAFETY: an experiment of our own.
        unsafe { lightspeed_experiment_free(experiment) };
        state
    });
    assert_ne!(states[0], states[1]);
}

#[test]
fn a_whole_plan_is_taken_as_json() {
    let plan = r#"{"design": {"kind": "calibration", "comparisons": 2, "pairs": 6}, "alpha": 0.1, "seed": 3, "warmups": 0,
        "benchmarks": [{"id": "a", "margin": 0.5, "control": false, "run_s": null}], "budget_s": null}"#;
    let mut experiment = null_mut();
    // SAFETY: everything lives during the call.
    ok(|err| unsafe { lightspeed_experiment_from_plan(lightspeed_str::borrowed(plan), &raw mut experiment, err) });
    let mut runs = 0;
    while next(experiment).more {
        record(experiment, &[1.0 + f64::from(runs % 5) * 1e-3]);
        runs += 1;
    }
    assert_eq!(runs, 2 * 2 * 6);
    assert!(written(experiment, lightspeed_experiment_results_json).contains("\"false_positive_rate\":"));
    // SAFETY: an experiment of our own.
    unsafe { lightspeed_experiment_free(experiment) };
}

#[test]
fn a_sweep_is_a_plan_whose_points_are_the_benchmarks() {
    let plan = r#"{"design": {"kind": "sweep", "axes": ["workers=1,2,4", {"name": "level", "values": [1, 6]}], "repeats": 6},
        "alpha": 0.05, "seed": 1, "warmups": 1, "budget_s": null}"#;
    let mut experiment = null_mut();
    // SAFETY: everything lives during the call.
    ok(|err| unsafe { lightspeed_experiment_from_plan(lightspeed_str::borrowed(plan), &raw mut experiment, err) });
    let (mut runs, mut round, mut names) = (0, 0, std::collections::BTreeSet::new());
    loop {
        let run = next(experiment);
        if !run.more {
            break;
        }
        let (name, place) = (text(run.benchmark), run.index);
        assert_eq!((run.side, run.first, run.warmup), (lightspeed_side::Baseline as i32, true, runs < 6), "{name}");
        assert_eq!(name, format!("workers={},level={}", [1, 2, 4][place / 2], [1, 6][place % 2]));
        assert!(run.pair >= round, "{name}: a round is complete before the next one");
        round = run.pair;
        if name == "workers=4,level=6" && !run.warmup {
            // SAFETY: an experiment of our own.
            ok(|err| unsafe {
                lightspeed_experiment_record_failed(experiment, lightspeed_str::borrowed("no memory"), err)
            });
        } else {
            // A machine that becomes slower from round to round.
            record(experiment, &[(1.0 + run.pair as f64) / (1 << (place / 2)) as f64]);
        }
        names.insert(name);
        runs += 1;
    }
    assert_eq!((runs, names.len()), (6 + 1 + 5 * 6, 6));
    let [base, point, failed] = [0, 2, 5].map(|index| result(experiment, index));
    assert!((point.ratio - 0.5).abs() < 1e-12 && (point.high - 0.5).abs() < 1e-12, "{point:?}");
    assert_eq!((point.baseline, point.current, base.ratio, point.pairs), (3.5, 1.75, 1.0, 6));
    let said = |found: lightspeed_result| (found.outcome, found.verdict, found.gate);
    assert_eq!(said(point), (lightspeed_outcome::Ok as i32, 0, lightspeed_gate::None as i32));
    assert_eq!(said(failed), (lightspeed_outcome::Failed as i32, 0, lightspeed_gate::None as i32));
    let document: serde_json::Value =
        serde_json::from_str(&written(experiment, lightspeed_experiment_results_json)).unwrap();
    let points = &document["sweep"]["points"];
    assert_eq!(points[2]["values"], serde_json::json!({"workers": 2, "level": 1}));
    assert_eq!((&points[2]["base"], &points[3]["base"]), (&0.into(), &1.into()));
    assert!((points[4]["speedup"]["estimate"].as_f64().unwrap() - 4.0).abs() < 1e-12);
    assert!(document["sweep"]["lines"][0]["scaling"]["reason"].as_str().unwrap().contains("at least 4"));
    // SAFETY: an experiment of our own.
    unsafe { lightspeed_experiment_free(experiment) };
}

#[test]
fn results_are_read_by_several_threads() {
    let experiment = experiment(&["a", "b", "c"], options());
    for _ in 0..24 {
        let run = next(experiment);
        record(experiment, &measured(&run));
    }
    // SAFETY: nobody changes it while it is shared.
    let shared: &lightspeed_experiment = unsafe { &*experiment };
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(move || [0, 1, 2].map(|index| result(shared, index).baseline))).collect();
        let found: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(found.iter().all(|each| *each == found[0] && each.iter().all(|median| median.is_finite())));
    });
    // SAFETY: an experiment of our own.
    unsafe { lightspeed_experiment_free(experiment) };
}

#[test]
fn an_experiment_that_panicked_answers_poisoned() {
    let experiment = experiment(&["a"], options());
    // SAFETY: an experiment of our own.
    let handle = unsafe { &*experiment };
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _guard = handle.poison.enter();
        panic!("provoked by a test");
    }));
    assert!(panicked.is_err());
    let (mut run, mut progress, mut result) = (MaybeUninit::uninit(), MaybeUninit::uninit(), MaybeUninit::uninit());
    let mut json = lightspeed_buf { ptr: null_mut(), len: 0 };
    // SAFETY: an experiment of our own, and outputs that live during the calls.
    unsafe {
        message(S::Poisoned, |err| lightspeed_experiment_next(experiment, run.as_mut_ptr(), err));
        message(S::Poisoned, |err| lightspeed_experiment_record_skipped(experiment, err));
        message(S::Poisoned, |err| lightspeed_experiment_cancel(experiment, err));
        message(S::Poisoned, |err| lightspeed_experiment_progress(experiment, progress.as_mut_ptr(), err));
        message(S::Poisoned, |err| lightspeed_experiment_result(experiment, 0, result.as_mut_ptr(), err));
        message(S::Poisoned, |err| lightspeed_experiment_state(experiment, &raw mut json, err));
        message(S::Poisoned, |err| lightspeed_experiment_results_json(experiment, &raw mut json, err));
        lightspeed_experiment_free(experiment);
    }
}
