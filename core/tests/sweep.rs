//! Sweeps as experiments: order, resumption, failures, and a machine that becomes slower meanwhile.
#![cfg(feature = "sweep")]
#![allow(clippy::unwrap_used, clippy::panic)]

use lightspeed_core::experiment::{Design, Experiment, ExperimentError, Next, Outcome, Plan, Run};
use lightspeed_core::frame::Direction;
use lightspeed_core::stats::Status;
use lightspeed_core::sweep::{Axis, Model, Observation, SweepDesign, scaling};
use proptest::prelude::*;

fn plan(axes: &[&str], repeats: usize, seed: u64) -> Plan {
    let axes = axes.iter().map(|text| Axis::parse(text).unwrap()).collect();
    Plan::new(Design::Sweep(SweepDesign { repeats, ..SweepDesign::new(axes) }), Vec::new(), seed)
}

fn run_all(experiment: &mut Experiment, mut outcome: impl FnMut(&Run) -> Outcome) -> Vec<Run> {
    let mut runs = Vec::new();
    while let Next::Run(run) = experiment.next() {
        experiment.record(outcome(&run)).unwrap();
        runs.push(run);
    }
    runs
}

fn took(seconds: f64) -> Outcome {
    Outcome::Values { values: vec![seconds], wall_s: seconds }
}

fn size(run: &Run) -> f64 {
    run.benchmark.rsplit('=').next().unwrap().parse().unwrap()
}

#[test]
fn every_round_has_every_point_in_an_order_of_its_own() {
    let mut experiment = Experiment::new(Plan { warmups: 1, ..plan(&["n=1..5", "m=a,b"], 3, 7) }).unwrap();
    assert_eq!(experiment.plan().benchmarks.len(), 10);
    let runs = run_all(&mut experiment, |_| took(1.0));
    let rounds: Vec<Vec<&str>> =
        runs.chunks(10).map(|round| round.iter().map(|run| run.benchmark.as_str()).collect()).collect();
    assert_eq!(rounds.len(), 4);
    for (number, round) in rounds.iter().enumerate() {
        assert!(runs[number * 10..][..10].iter().all(|run| run.warmup == (number == 0)));
        let mut sorted = round.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 10);
        assert!(rounds[..number].iter().all(|before| before != round));
    }
    let progress = experiment.progress();
    assert_eq!((progress.done, progress.expected, progress.decided), (40, 40, 10));
}

#[test]
fn a_machine_that_slows_down_bends_the_axis_in_order_and_not_ours() {
    // Each of 60 runs meets a machine slower than the one before: half the speed at the end.
    let slower = |run: usize| 1.0 + run as f64 / 59.0;
    let truth = |n: f64| 0.1 + 0.02 * n;
    let sizes: Vec<f64> = (0..10).map(|power| f64::from(1 << power)).collect();
    let mut clock = 0;
    let mut ours = Vec::new();
    let mut experiment = Experiment::new(plan(&["n=log2 1..512"], 6, 1)).unwrap();
    run_all(&mut experiment, |run| {
        let seconds = truth(size(run)) * slower(clock);
        clock += 1;
        ours.push(Observation { size: size(run), seconds });
        took(seconds)
    });
    let in_order: Vec<Observation> =
        (0..60).map(|run| Observation { size: sizes[run / 6], seconds: truth(sizes[run / 6]) * slower(run) }).collect();
    // Largest to smallest time, where the machine's speed cancels if all sizes met it alike.
    let ratio = |observed: &[Observation]| {
        let mean = |size: f64| {
            let own: Vec<f64> = observed.iter().filter(|each| each.size == size).map(|each| each.seconds).collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        mean(512.0) / mean(1.0) / (truth(512.0) / truth(1.0))
    };
    assert!(ratio(&in_order) > 1.7, "{}", ratio(&in_order));
    assert!((ratio(&ours) - 1.0).abs() < 0.1, "{}", ratio(&ours));

    // What does not depend on the size is told so, and in the order of the axis it would grow.
    let mut clock = 0;
    let mut flat = Experiment::new(plan(&["n=log2 1..512"], 6, 1)).unwrap();
    run_all(&mut flat, |_| {
        clock += 1;
        took(0.1 * slower(clock - 1))
    });
    let found = flat.results().sweep.unwrap();
    let model = found.lines[0].scaling.model;
    assert!(model.is_none_or(|model| model == Model::Constant), "{:?}", found.lines[0].scaling);
    let bent: Vec<Observation> =
        (0..60).map(|run| Observation { size: sizes[run / 6], seconds: 0.1 * slower(run) }).collect();
    assert!(scaling(&bent, 1).model.is_some_and(|model| model != Model::Constant));
    // And the drift itself is told.
    assert!(found.drift.is_some_and(|drift| drift.ratio > 1.3), "{:?}", found.drift);
}

#[test]
fn speedups_are_of_pairs_of_one_round() {
    // A machine that halves its speed from round to round: within a round, twice the workers take half the time.
    let mut experiment = Experiment::new(plan(&["workers=1,2,4"], 6, 3)).unwrap();
    run_all(&mut experiment, |run| took(f64::from(1 << run.pair) / size(run)));
    let found = experiment.results();
    let sweep = found.sweep.unwrap();
    for (point, workers) in sweep.points.iter().zip([1.0, 2.0, 4.0]) {
        let (speedup, efficiency) = (point.speedup.unwrap(), point.efficiency.unwrap());
        assert!((speedup.estimate - workers).abs() < 1e-9 && (efficiency.estimate - 1.0).abs() < 1e-9);
        assert!((speedup.interval.low.unwrap() - workers).abs() < 1e-9, "{point:?}");
    }
    assert_eq!(experiment.medians(2), Some((6.0, 1.5)));
    assert_eq!(found.benchmarks[2].pairs, 6);
}

#[test]
fn a_point_that_fails_is_not_run_again_and_the_sweep_goes_on() {
    let mut experiment = Experiment::new(plan(&["workers=1,2,4"], 6, 3)).unwrap();
    let runs = run_all(&mut experiment, |run| match (size(run) as u32, run.pair) {
        (1, 2) => Outcome::Failed { reason: "exited with 3".to_owned() },
        (4, 0) => Outcome::TimedOut,
        _ => took(1.0),
    });
    assert_eq!(runs.len(), 3 + 6 + 1);
    let found = experiment.results();
    let states: Vec<Status> = found.benchmarks.iter().map(|point| point.status).collect();
    assert_eq!(states, [Status::Failed, Status::Ok, Status::TimedOut]);
    let sweep = found.sweep.unwrap();
    assert_eq!(sweep.points[1].speedup, None);
    assert!(sweep.points[1].note.as_ref().unwrap().contains("compared with gave no values"));
    assert_eq!(sweep.points[1].spread.unwrap().n, 6);
}

#[test]
fn one_run_has_no_spread_and_a_budget_ends_it() {
    let mut experiment = Experiment::new(Plan { budget_s: Some(2.5), ..plan(&["n=1,2"], 6, 3) }).unwrap();
    assert_eq!(run_all(&mut experiment, |_| took(1.0)).len(), 3);
    let spreads: Vec<_> =
        experiment.results().sweep.unwrap().points.into_iter().map(|point| point.spread.unwrap()).collect();
    let once = spreads.iter().find(|spread| spread.n == 1).unwrap();
    assert_eq!((once.stdev, once.min, once.max), (None, None, None));
    assert!(spreads.iter().any(|spread| spread.n == 2 && spread.stdev == Some(0.0)));
}

#[test]
fn what_is_no_sweep_is_refused() {
    let twice = Experiment::new(plan(&["n=1,2", "n=3"], 3, 1)).unwrap_err();
    assert!(matches!(twice, ExperimentError::Sweep(_)), "{twice}");
    let mut other = plan(&["n=1,2"], 3, 1);
    other.benchmarks = vec![lightspeed_core::experiment::Planned::new("a")];
    assert_eq!(Experiment::new(other).unwrap_err(), ExperimentError::OtherPoints);
    assert!(matches!(Experiment::new(plan(&["n=1,2"], 0, 1)), Err(ExperimentError::NotAbove(_))));
    let mut fresh = Experiment::new(plan(&["n=1,2"], 1, 1)).unwrap();
    assert_eq!(fresh.record(took(1.0)), Err(ExperimentError::NothingPending));
    let text = r#"{"design": {"kind": "sweep", "axes": ["n=1..3", {"name": "m", "values": [4]}]}, "alpha": 0.05, "seed": 1, "warmups": 0, "budget_s": null}"#;
    let read: Plan = serde_json::from_str(text).unwrap();
    assert_eq!(Experiment::new(read).unwrap().plan().benchmarks[1].id, "n=2,m=4");
}

#[test]
fn where_more_is_better_the_ratio_turns_and_nothing_is_a_reward() {
    let mut more = plan(&["workers=1,2,4"], 6, 3);
    let Design::Sweep(design) = &mut more.design else { panic!("no sweep") };
    design.better = Direction::Higher;
    let mut experiment = Experiment::new(more).unwrap();
    run_all(&mut experiment, |run| took(10.0 * size(run)));
    let found = experiment.results();
    assert!(found.benchmarks.iter().all(|point| point.reward.is_none() && point.inference.is_some()));
    let points = found.sweep.unwrap().points;
    assert!((points[2].speedup.unwrap().estimate - 4.0).abs() < 1e-9);
    assert!((points[2].efficiency.unwrap().interval.high.unwrap() - 1.0).abs() < 1e-9);
}

#[test]
fn what_is_missing_is_said() {
    let note = |alpha: f64, rounds: usize| {
        let mut experiment = Experiment::new(Plan { alpha, ..plan(&["n=1,2"], rounds, 3) }).unwrap();
        run_all(&mut experiment, |_| took(1.0));
        let point = experiment.results().sweep.unwrap().points[1].clone();
        assert_eq!(point.speedup.unwrap().interval.low.is_none(), point.note.is_some(), "{point:?}");
        point.note
    };
    assert_eq!((note(0.05, 6), note(0.01, 8), note(0.5, 2)), (None, None, None));
    assert!(note(0.05, 5).unwrap().contains("at least 6"));
    assert!(note(0.01, 7).unwrap().contains("at least 8"));
    let mut cancelled = Experiment::new(plan(&["n=1,2"], 3, 1)).unwrap();
    cancelled.cancel();
    assert!(cancelled.results().benchmarks[0].reason.as_ref().unwrap().contains("cancelled"));
}

proptest! {
    #[test]
    fn any_runs_have_a_law_or_a_reason(
        groups in prop::collection::vec(prop::collection::vec(prop_oneof![99 => 1e-6..1e3f64, 1 => any::<f64>()], 3..7), 3..9),
        step in 1e-3..1e3f64, exponent in -300..300i32,
    ) {
        let scale: f64 = format!("1e{exponent}").parse().unwrap();
        let size = |place: usize| (1.0 + place as f64 * step) * scale;
        let runs = |(place, runs): (usize, &Vec<f64>)| -> Vec<Observation> {
            runs.iter().map(|seconds| Observation { size: size(place), seconds: seconds.abs() }).collect()
        };
        let observed: Vec<Observation> = groups.iter().enumerate().flat_map(runs).collect();
        let found = scaling(&observed, 1);
        prop_assert_ne!(found.model.is_some(), found.reason.is_some());
        for fit in &found.fits {
            prop_assert!(fit.coefficients.iter().all(|value| value.is_finite() && *value >= 0.0), "{:?}", fit);
            prop_assert!(fit.intervals.iter().all(|(low, high)| low <= high), "{:?}", fit);
            prop_assert!(fit.chi_square >= 0.0 && (0.0..=1.0 + 1e-9).contains(&fit.weight), "{:?}", fit);
        }
        let sum: f64 = found.fits.iter().map(|fit| fit.weight).sum();
        prop_assert!(found.fits.is_empty() || (sum - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_sweep_goes_on_from_any_state(stop in 0..20usize, fails in 0..20usize, warmups in 0..2usize, seed in any::<u64>()) {
        let outcome = |at: usize| if at == fails { Outcome::TimedOut } else { took(1.0 + at as f64) };
        let mut whole = Experiment::new(Plan { warmups, ..plan(&["n=1,2,3"], 4, seed) }).unwrap();
        let mut at = 0;
        let runs = run_all(&mut whole, |_| { at += 1; outcome(at - 1) });
        let mut first = Experiment::new(Plan { warmups, ..plan(&["n=1,2,3"], 4, seed) }).unwrap();
        let mut again = Vec::new();
        for at in 0..stop.min(runs.len()) {
            let Next::Run(run) = first.next() else { panic!("it ended early") };
            first.record(outcome(at)).unwrap();
            again.push(run);
        }
        let mut resumed: Experiment = serde_json::from_str(&serde_json::to_string(&first).unwrap()).unwrap();
        prop_assert_eq!(&resumed, &first);
        let mut at = again.len();
        again.extend(run_all(&mut resumed, |_| { at += 1; outcome(at - 1) }));
        prop_assert_eq!(again, runs);
        prop_assert_eq!(resumed.results(), whole.results());
    }
}
