//! Experiments: what they ask for, what they make of it, and that they can be taken up again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "what a test expects may come from the platform")]

use lightspeed_core::experiment::{
    Design, Experiment, ExperimentError, Next, Outcome, Plan, Planned, Results, Run, Side,
};
use lightspeed_core::stats::{Status, Verdict};
use proptest::prelude::*;

/// Normal noise from a seed.
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

fn planned(count: usize) -> Vec<Planned> {
    (0..count).map(|i| Planned::new(format!("b{i}"))).collect()
}

fn values(time: f64) -> Outcome {
    Outcome::Values { values: vec![time, time * 1.01, time * 0.99], wall_s: time * 3.0 }
}

/// Runs to the end; `time` says how long a run of a benchmark takes.
fn finish(experiment: &mut Experiment, mut time: impl FnMut(&Run) -> f64) -> (Vec<Run>, Results) {
    let mut runs = Vec::new();
    while let Next::Run(run) = experiment.next() {
        assert!(runs.len() < 100_000, "no end");
        experiment.record(values(time(&run))).unwrap();
        runs.push(run);
    }
    assert_eq!(experiment.progress().done, runs.len());
    (runs, experiment.results())
}

fn slower(factor: f64, spread: f64, seed: u64) -> impl FnMut(&Run) -> f64 {
    let mut noise = Noise(seed);
    move |run| {
        let changed = if run.side == Side::Current { factor } else { 1.0 };
        changed * (spread * noise.normal()).exp()
    }
}

fn designs() -> impl Strategy<Value = Design> {
    prop_oneof![
        (1_usize..7).prop_map(|runs| Design::TwoSamples { runs }),
        (1_usize..7).prop_map(|pairs| Design::Pairs { pairs }),
        (1_usize..30).prop_map(Design::until_decided),
        (1_usize..4, 1_usize..5).prop_map(|(comparisons, pairs)| Design::Calibration { comparisons, pairs }),
    ]
}

fn outcome(kind: u32, time: f64) -> Outcome {
    match kind {
        0 => Outcome::Failed { reason: "no good".into() },
        1 => Outcome::TimedOut,
        2 => Outcome::Skipped,
        3 => Outcome::Values { values: vec![1.0, f64::NAN], wall_s: 1.0 },
        4 => Outcome::Values { values: vec![-time], wall_s: 1.0 },
        5 => Outcome::Values { values: vec![], wall_s: 1.0 },
        6 => Outcome::Values { values: vec![time], wall_s: f64::INFINITY },
        _ => values(time),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_saved_state_goes_on_as_the_experiment_would(
        design in designs(), seed in any::<u64>(), warmups in 0_usize..3, budget in prop::option::of(1.0_f64..200.0),
        outcomes in prop::collection::vec((0_u32..60, 0.5_f64..2.0), 1..150),
    ) {
        let plan = Plan { warmups, budget_s: budget, ..Plan::new(design, planned(3), seed) };
        let mut experiment = Experiment::new(plan).unwrap();
        for (kind, time) in outcomes {
            let before = experiment.clone();
            let next = experiment.next();
            prop_assert_eq!(&experiment.next(), &next);
            let mut restored: Experiment = serde_json::from_str(&serde_json::to_string(&experiment).unwrap()).unwrap();
            prop_assert_eq!(&restored, &experiment);
            let asked = experiment.clone();
            let (a, b) = (experiment.record(outcome(kind, time)), restored.record(outcome(kind, time)));
            prop_assert_eq!(&a, &b);
            prop_assert_eq!(a.is_err(), next == Next::Done || (3..7).contains(&kind));
            if a.is_err() {
                prop_assert_eq!(&experiment, &asked, "a refused record leaves the state as it was");
            }
            prop_assert_eq!(experiment.results(), restored.results());
            prop_assert_eq!(experiment.next(), restored.next());
            let progress = experiment.progress();
            prop_assert!(progress.done <= progress.expected && progress.decided <= progress.benchmarks);
            prop_assert!(progress.done >= before.progress().done);
        }
        experiment.cancel();
        prop_assert_eq!(experiment.next(), Next::Done);
        prop_assert_eq!(experiment.record(values(1.0)), Err(ExperimentError::NothingPending));
        prop_assert_eq!(experiment.results().benchmarks.len(), 3);
    }

    #[test]
    fn every_block_of_two_pairs_has_both_orders_and_pairs_stay_together(seed in any::<u64>(), warmups in 0_usize..2) {
        let plan = Plan { warmups, ..Plan::new(Design::Pairs { pairs: 8 }, planned(3), seed) };
        let (runs, _) = finish(&mut Experiment::new(plan).unwrap(), |_| 1.0);
        prop_assert_eq!(runs.len(), 3 * (16 + 2 * warmups));
        let counted: Vec<&Run> = runs.iter().filter(|run| !run.warmup).collect();
        for pair in counted.chunks(2) {
            prop_assert!(pair[0].first && !pair[1].first && pair[0].side != pair[1].side);
            prop_assert_eq!((&pair[0].benchmark, pair[0].pair), (&pair[1].benchmark, pair[1].pair));
        }
        let first = |benchmark: &str, pair| counted.iter().find(|r| r.benchmark == benchmark && r.pair == pair).unwrap().side;
        for benchmark in ["b0", "b1", "b2"] {
            prop_assert!((0..4).all(|block| first(benchmark, 2 * block) != first(benchmark, 2 * block + 1)));
        }
        // Rounds: all benchmarks advance alike.
        let places: Vec<usize> = counted.iter().map(|run| run.pair).collect();
        prop_assert!(places.windows(2).all(|w| w[0] <= w[1]));
    }
}

#[test]
fn orders_are_even_over_seeds() {
    let first = |seed| {
        let plan = Plan::new(Design::Pairs { pairs: 1 }, planned(1), seed);
        let Next::Run(run) = Experiment::new(plan).unwrap().next() else { panic!("nothing to run") };
        run.side == Side::Baseline
    };
    let count = (0..4000).filter(|seed| first(*seed)).count();
    assert!((1850..2150).contains(&count), "{count} of 4000");
}

#[test]
fn each_design_finds_a_change_and_keeps_quiet_without_one() {
    let designs = [Design::TwoSamples { runs: 20 }, Design::Pairs { pairs: 20 }, Design::until_decided(100)];
    for design in designs {
        for (factor, verdict) in [(1.2, Verdict::Regressed), (0.8, Verdict::Improved), (1.0, Verdict::Equivalent)] {
            let mut experiment = Experiment::new(Plan::new(design.clone(), planned(2), 3)).unwrap();
            let (runs, results) = finish(&mut experiment, slower(factor, 0.01, 5));
            for result in &results.benchmarks {
                assert_eq!((result.status, result.verdict), (Status::Ok, Some(verdict)), "{design:?} {factor}");
                assert!(result.inference.is_some());
                // Few pairs may bound a change on the near side only; what is no change has both ends.
                let effect = result.smallest_effect;
                assert!(effect.map_or(verdict.is_change(), |effect| effect < 0.1), "{design:?} {effect:?}");
            }
            if let Design::UntilDecided { .. } = design {
                assert!(runs.len() < 200, "{} runs", runs.len());
            }
        }
    }
}

#[test]
fn a_minor_change_goes_on_to_the_end_of_the_pairs() {
    let mut experiment = Experiment::new(Plan::new(Design::until_decided(60), planned(1), 3)).unwrap();
    let (runs, results) = finish(&mut experiment, slower(1.02, 0.01, 5));
    assert_eq!((runs.len(), results.benchmarks[0].verdict), (120, Some(Verdict::SlowerMinor)));
}

#[test]
fn controls_that_move_are_a_drift_of_the_environment() {
    let mut plan = Plan::new(Design::until_decided(40), planned(5), 3);
    plan.benchmarks[3].control = true;
    plan.benchmarks[4].control = true;
    let run = |control: f64| {
        let (mut changed, mut still) = (slower(1.2, 0.01, 5), slower(control, 0.01, 6));
        let time = move |run: &Run| if run.benchmark.as_str() < "b3" { changed(run) } else { still(run) };
        finish(&mut Experiment::new(plan.clone()).unwrap(), time).1
    };
    let quiet = run(1.0);
    assert!(quiet.environment_drift.is_none() && quiet.noise_floor.unwrap().n == 2);
    let moved = run(1.1).environment_drift.unwrap();
    assert_eq!((moved.moved, moved.controls), (vec!["b3".to_owned(), "b4".to_owned()], 2));
}

#[test]
fn a_calibration_gives_the_noise_floor_and_few_false_positives() {
    let plan = Plan::new(Design::Calibration { comparisons: 60, pairs: 20 }, planned(2), 3);
    let (_, results) = finish(&mut Experiment::new(plan).unwrap(), slower(1.0, 0.02, 5));
    let floor = results.benchmarks[0].calibration.unwrap().noise_floor.unwrap();
    // The pseudo-median of 20 differences with a deviation of 2.8 % has one of some 0.65 %.
    assert!((0.008..0.025).contains(&floor.fraction) && floor.n == 60, "{floor:?}");
    assert!(results.false_positive_rate.unwrap() <= 0.1, "{results:?}");
}

#[test]
fn a_budget_decides_what_is_cheap_and_names_what_was_not_run() {
    let mut plan = Plan::new(Design::until_decided(100), planned(4), 3);
    for (benchmark, run_s) in plan.benchmarks.iter_mut().zip([30.0, 3.0, 3.0, 1000.0]) {
        benchmark.run_s = Some(run_s);
    }
    plan.budget_s = Some(300.0);
    let mut noise = slower(1.2, 0.01, 5);
    let time = |run: &Run| if run.benchmark == "b0" { 10.0 * noise(run) } else { noise(run) };
    let mut experiment = Experiment::new(plan).unwrap();
    let (_, results) = finish(&mut experiment, time);
    let verdicts: Vec<_> = results.benchmarks.iter().map(|b| (b.status, b.verdict)).collect();
    assert_eq!(verdicts[1], (Status::Ok, Some(Verdict::Regressed)));
    assert_eq!(verdicts[2], (Status::Ok, Some(Verdict::Regressed)));
    assert_eq!(verdicts[3], (Status::NotRunBudget, None));
    assert!(results.benchmarks[3].reason.as_ref().unwrap().contains("budget"));
    assert!(experiment.progress().spent_s <= 300.0 * 1.1);
}

#[test]
fn false_positives_of_whole_experiments_stay_within_alpha() {
    let (mut called, mut wrong_when_minor) = (0, 0);
    for seed in 0..150 {
        let mut plan = Plan::new(Design::until_decided(60), planned(2), seed);
        plan.benchmarks[0].margin = 0.0;
        let mut noise = Noise(seed + 1);
        // What runs second takes 1 % longer.
        let time = |run: &Run| (0.02 * noise.normal()).exp() * if run.first { 1.0 } else { 1.01 };
        let (_, results) = finish(&mut Experiment::new(plan).unwrap(), time);
        called += usize::from(results.benchmarks[0].verdict.unwrap().is_change());
        wrong_when_minor += usize::from(results.benchmarks[1].verdict.unwrap().is_change());
    }
    // Three standard errors above 5 % of 150.
    assert!(called <= 15 && wrong_when_minor <= 15, "{called} {wrong_when_minor}");
}

#[test]
fn plans_that_make_no_sense_are_refused() {
    let refused = |plan: Plan| Experiment::new(plan).unwrap_err().to_string();
    let good = Plan::new(Design::Pairs { pairs: 4 }, planned(2), 1);
    assert!(refused(Plan { benchmarks: vec![], ..good.clone() }).contains("no benchmarks"));
    assert!(refused(Plan { benchmarks: vec![Planned::new("a"), Planned::new("a")], ..good.clone() }).contains("twice"));
    assert!(refused(Plan { design: Design::Pairs { pairs: 0 }, ..good.clone() }).contains("above zero"));
    assert!(refused(Plan { alpha: f64::NAN, ..good.clone() }).contains("error level"));
    assert!(refused(Plan { budget_s: Some(-1.0), ..good.clone() }).contains("budget"));
    assert!(refused(Plan { design: Design::Pairs { pairs: 1 << 21 }, ..good.clone() }).contains("at most"));
    assert!(refused(Plan { warmups: usize::MAX, ..good.clone() }).contains("at most"));
    let mut bad = good.clone();
    bad.benchmarks[1].margin = -0.1;
    assert!(refused(bad).contains("margin"));
    let mut state = serde_json::to_value(Experiment::new(good).unwrap()).unwrap();
    state["series"][0]["baseline"] = serde_json::json!([1.0, 2.0, 3.0]);
    assert!(serde_json::from_value::<Experiment>(state).unwrap_err().to_string().contains("contradicts"));
}

#[test]
fn a_state_that_was_altered_is_refused() {
    let mut experiment = Experiment::new(Plan::new(Design::until_decided(20), planned(2), 3)).unwrap();
    for _ in 0..5 {
        experiment.next();
        experiment.record(values(1.0)).unwrap();
    }
    experiment.next();
    let state = serde_json::to_value(&experiment).unwrap();
    let altered = |at: &str, to: serde_json::Value| {
        let mut state = state.clone();
        *state.pointer_mut(at).unwrap() = to;
        serde_json::from_value::<Experiment>(state)
    };
    assert_eq!(altered("/cancelled", false.into()).unwrap(), experiment);
    let (first, side) = (state["series"][0]["baseline_first"][0].as_bool().unwrap(), &state["pending"][1]["side"]);
    let other = if side == "baseline" { "current" } else { "baseline" };
    for (at, to) in [
        ("/series/0/baseline_first/0", (!first).into()),
        ("/pending/0", 9.into()),
        ("/pending/1/side", other.into()),
        ("/pending/1/pair", 7.into()),
        ("/pending/1/warmup", true.into()),
    ] {
        assert!(altered(at, to).unwrap_err().to_string().contains("contradicts"), "{at}");
    }
}
