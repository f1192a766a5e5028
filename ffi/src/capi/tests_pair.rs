//! Pairs of commands as C runs them.
#![allow(clippy::unwrap_used)]

use super::tests::{message, ok, text};
use super::*;
use lightspeed_status as S;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

fn options(baseline: &[lightspeed_str], current: &[lightspeed_str]) -> lightspeed_pair_options {
    let mut options = MaybeUninit::<lightspeed_pair_options>::uninit();
    let size = size_of::<lightspeed_pair_options>();
    // SAFETY: a struct of that size, which the call fills.
    let usual = unsafe {
        ok(|err| lightspeed_pair_options_init(options.as_mut_ptr(), size, err));
        options.assume_init()
    };
    lightspeed_pair_options {
        baseline: baseline.as_ptr(),
        baseline_count: baseline.len(),
        current: current.as_ptr(),
        current_count: current.len(),
        ..usual
    }
}

fn words<const N: usize>(words: [&str; N]) -> [lightspeed_str; N] {
    words.map(lightspeed_str::borrowed)
}

fn run(options: &lightspeed_pair_options) -> (i32, serde_json::Value) {
    let (mut gate, mut json) = (-1, lightspeed_buf { ptr: null_mut(), len: 0 });
    // SAFETY: everything lives during the calls.
    unsafe {
        ok(|err| lightspeed_pair_run(options, &raw mut gate, &raw mut json, err));
        let receipt = serde_json::from_str(&text(lightspeed_str_of(json.ptr))).unwrap();
        lightspeed_buf_free(&raw mut json);
        (gate, receipt)
    }
}

fn refused(status: S, options: *const lightspeed_pair_options) -> String {
    let (mut gate, mut json) = (-1, lightspeed_buf { ptr: null_mut(), len: 0 });
    // SAFETY: everything lives during the call.
    let said = message(status, |err| unsafe { lightspeed_pair_run(options, &raw mut gate, &raw mut json, err) });
    assert!(gate == -1 && json.ptr.is_null());
    said
}

#[test]
#[cfg_attr(miri, ignore = "starts processes")]
fn a_slower_command_is_found_and_the_receipt_says_all() {
    let (fast, slow) = (words(["sleep", "0.01"]), words(["sleep", "0.03"]));
    let usual = options(&fast, &slow);
    let name = lightspeed_str::borrowed("naps");
    let (gate, receipt) = run(&lightspeed_pair_options { random_seed: 0, seed: 0, name, work_units: 2.0, ..usual });
    assert_eq!(gate, lightspeed_gate::Fail as i32);
    assert_eq!((&receipt["verdict"]["verdict"], &receipt["bench"]["name"]), (&"regressed".into(), &"naps".into()));
    assert_eq!((&receipt["bench"]["seed"], &receipt["bench"]["work_units"]), (&0.into(), &2.0.into()));
    let (gate, receipt) =
        run(&lightspeed_pair_options { least_pairs: 2, most_pairs: 2, warmup: 0, ..options(&fast, &fast) });
    assert_eq!((receipt["samples"].as_array().unwrap().len(), gate), (2, lightspeed_gate::Warn as i32));
}

#[test]
#[cfg_attr(miri, ignore = "starts processes")]
fn a_command_that_fails_is_a_result() {
    let fails = words(["false"]);
    let (gate, receipt) = run(&options(&fails, &fails));
    assert_eq!((gate, &receipt["verdict"]["status"]), (lightspeed_gate::Error as i32, &"failed".into()));
    let forgiven =
        lightspeed_pair_options { allow_nonzero: 1, least_pairs: 1, most_pairs: 1, ..options(&fails, &fails) };
    assert_eq!(run(&forgiven).1["verdict"]["status"], "ok");
    let naps = words(["sleep", "5"]);
    let (gate, receipt) = run(&lightspeed_pair_options { timeout_s: 0.05, ..options(&naps, &naps) });
    assert_eq!((gate, &receipt["verdict"]["status"]), (lightspeed_gate::Error as i32, &"timed_out".into()));
}

#[test]
#[cfg_attr(miri, ignore = "asks for the current directory")]
fn what_makes_no_sense_is_refused() {
    let command = words(["true"]);
    let usual = options(&command, &command);
    let odd = |options: lightspeed_pair_options| refused(S::InvalidArgument, &raw const options);
    assert_eq!(refused(S::InvalidArgument, null()), "options is NULL");
    assert_eq!(odd(options(&[], &command)), "baseline is empty: name a program");
    assert_eq!(odd(lightspeed_pair_options { current: null(), ..usual }), "current is NULL");
    assert!(odd(options(&command, &words(["true", "a\0b"]))).starts_with("current has a NUL inside"));
    odd(options(&command, &[lightspeed_str { ptr: c"\xff".as_ptr(), len: 1 }]));
    odd(lightspeed_pair_options { struct_size: 9, ..usual });
    odd(lightspeed_pair_options { most_pairs: 0, ..usual });
    odd(lightspeed_pair_options { timeout_s: -1.0, ..usual });
    odd(lightspeed_pair_options { timeout_s: f64::NAN, ..usual });
    odd(lightspeed_pair_options { alpha: 0.0, ..usual });
    odd(lightspeed_pair_options { threshold: f64::NAN, ..usual });
    odd(lightspeed_pair_options { threshold: -0.1, ..usual });
    odd(lightspeed_pair_options { work_units: 0.0, ..usual });
    odd(lightspeed_pair_options { seed: 1, ..usual });
    odd(lightspeed_pair_options { allow_nonzero: 3, ..usual });
    let missing = words(["no-such-program-anywhere"]);
    let unknown = options(&missing, &command);
    assert!(refused(S::Process, &raw const unknown).contains("no-such-program-anywhere"));
    // SAFETY: NULL is what is tested.
    unsafe {
        let mut gate = 0;
        message(S::InvalidArgument, |err| lightspeed_pair_run(&raw const usual, null_mut(), null_mut(), err));
        message(S::InvalidArgument, |err| lightspeed_pair_run(&raw const usual, &raw mut gate, null_mut(), err));
    }
}

/// The gate and the receipt of pairs that were stopped.
fn stopped(options: &lightspeed_pair_options) -> (i32, serde_json::Value) {
    let (mut gate, mut json) = (-1, lightspeed_buf { ptr: null_mut(), len: 0 });
    // SAFETY: everything lives during the calls.
    unsafe {
        message(S::Cancelled, |err| lightspeed_pair_run(options, &raw mut gate, &raw mut json, err));
        let receipt = serde_json::from_str(&text(lightspeed_str_of(json.ptr))).unwrap();
        lightspeed_buf_free(&raw mut json);
        (gate, receipt)
    }
}

unsafe extern "C" fn stop_at_the_third_run(userdata: *mut c_void, event: *const lightspeed_event) -> i32 {
    // SAFETY: the counter of the test, and an event that lives during the call.
    let (count, event) = unsafe { (&mut *userdata.cast::<usize>(), &*event) };
    *count += usize::from(event.kind == lightspeed_event_kind::Item as i32);
    i32::from(*count == 3)
}

#[test]
#[cfg_attr(miri, ignore = "starts processes")]
fn a_listener_or_a_token_ends_the_pairs() {
    let naps = words(["sleep", "60"]);
    let short = words(["true"]);
    let mut count = 0_usize;
    let userdata = (&raw mut count).cast();
    let listened =
        lightspeed_pair_options { listener: Some(stop_at_the_third_run), userdata, ..options(&short, &short) };
    let (gate, receipt) = stopped(&listened);
    assert_eq!((count, gate), (3, lightspeed_gate::Warn as i32));
    let samples = receipt["samples"].as_array().unwrap();
    assert_eq!((samples.len(), &samples[0]["warmup"]), (1, &true.into()), "the warm-up was finished");
    assert_eq!(receipt["verdict"]["interrupted"], true);
    let mut token = null_mut();
    // SAFETY: a token of our own.
    unsafe {
        ok(|err| lightspeed_cancel_new(&raw mut token, err));
        let options = lightspeed_pair_options { cancel: token, ..options(&naps, &naps) };
        let shared: &lightspeed_cancel = &*token;
        let began = std::time::Instant::now();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(std::time::Duration::from_millis(100));
                lightspeed_cancel_raise(shared);
            });
            assert_eq!(stopped(&options).1["verdict"]["interrupted"], true);
        });
        assert!(began.elapsed().as_secs() < 30, "the child was ended");
        assert_eq!(stopped(&options).1["samples"], serde_json::json!([]), "nothing was started");
        lightspeed_cancel_free(token);
    }
}
