//! Runs the vectors of sweeps in tests/vectors/sweep: laws, speed-ups and drift as scipy and numpy have them.
#![cfg(feature = "sweep")]
#![allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::path::PathBuf;

use lightspeed_core::frame::Direction;
use lightspeed_core::sweep::{Axis, Fit, Gain, Kind, Model, Observation, SweepDesign, analyse, scaling};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct VectorFile<I, E> {
    schema: u32,
    vectors: Vec<Vector<I, E>>,
}

#[derive(Deserialize)]
struct Vector<I, E> {
    name: String,
    tolerance: f64,
    input: I,
    expect: E,
}

#[derive(Deserialize)]
struct Runs {
    sizes: Vec<f64>,
    runs: Vec<Vec<f64>>,
    seed: u64,
}

#[derive(Deserialize)]
struct Laws {
    model: Option<Model>,
    fits: Vec<Fit>,
}

#[derive(Deserialize)]
struct Rounds {
    workers: Vec<i64>,
    better: Direction,
    alpha: f64,
    values: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Said {
    points: Vec<Gains>,
    drift: Option<Ends>,
}

#[derive(Deserialize)]
struct Gains {
    speedup: Ends,
    efficiency: Ends,
}

#[derive(Deserialize)]
struct Ends {
    low: Option<f64>,
    estimate: f64,
    high: Option<f64>,
}

#[test]
fn every_law_is_the_one_that_scipy_fits() {
    let vectors: Vec<Vector<Runs, Laws>> = vectors("scaling.json", 200);
    for Vector { name, tolerance, input, expect } in vectors {
        let sized = input.sizes.iter().zip(&input.runs);
        let observed: Vec<Observation> =
            sized.flat_map(|(&size, runs)| runs.iter().map(move |&seconds| Observation { size, seconds })).collect();
        let found = scaling(&observed, input.seed);
        assert_eq!(found.model, expect.model, "{name}: {:?}", found.reason);
        assert_eq!(found.reason.is_none(), expect.model.is_some(), "{name}");
        let models = |fits: &[Fit]| fits.iter().map(|fit| fit.model).collect::<Vec<_>>();
        assert_eq!(models(&found.fits), models(&expect.fits), "{name}");
        for (found, expect) in found.fits.iter().zip(&expect.fits) {
            let numbers = |fit: &Fit| {
                let ends = fit.intervals.iter().flat_map(|(low, high)| [*low, *high]);
                fit.coefficients.iter().copied().chain(ends).chain([fit.chi_square, fit.weight]).collect::<Vec<f64>>()
            };
            let (found, expect) = (numbers(found), numbers(expect));
            assert_eq!(found.len(), expect.len(), "{name}");
            let near = |(found, expect): (&f64, &f64)| (found - expect).abs() <= tolerance * expect.abs();
            assert!(found.iter().zip(&expect).all(near), "{name}: {found:?} is not {expect:?}");
        }
    }
}

#[test]
fn every_speedup_and_drift_is_that_of_the_signed_ranks() {
    let vectors: Vec<Vector<Rounds, Said>> = vectors("analysis.json", 40);
    let (mut bounded, mut drifting) = (0, 0);
    for Vector { name, tolerance, input, expect } in vectors {
        let literals: Vec<String> = input.workers.iter().map(i64::to_string).collect();
        let axis = Axis::new("workers", &literals, Some(Kind::Int), None).unwrap();
        let design = SweepDesign { better: input.better, ..SweepDesign::new(vec![axis]) };
        let found = analyse(&design, &design.points().unwrap(), &input.values, input.alpha, 1);
        let near = |found: f64, expect: f64| (found - expect).abs() <= tolerance * expect.abs();
        let end = |found: Option<f64>, expect: Option<f64>| match (found, expect) {
            (Some(found), Some(expect)) => near(found, expect),
            (found, expect) => found == expect,
        };
        let same = |found: Gain, expect: &Ends| {
            near(found.estimate, expect.estimate)
                && end(found.interval.low, expect.low)
                && end(found.interval.high, expect.high)
        };
        assert_eq!(found.points.len(), expect.points.len(), "{name}");
        for (point, expect) in found.points.iter().zip(&expect.points) {
            assert!(same(point.speedup.unwrap(), &expect.speedup), "{name}: {point:?}");
            assert!(same(point.efficiency.unwrap(), &expect.efficiency), "{name}: {point:?}");
            assert!((point.speedup.unwrap().interval.level - (1.0 - input.alpha)).abs() < 1e-12);
            bounded += usize::from(expect.speedup.low.is_some());
        }
        assert_eq!(found.drift.is_some(), expect.drift.is_some(), "{name}: {:?}", found.drift);
        if let Some((found, expect)) = found.drift.zip(expect.drift) {
            assert!(same(Gain { estimate: found.ratio, interval: found.interval }, &expect), "{name}: {found:?}");
            drifting += 1;
        }
    }
    assert!(bounded >= 50 && drifting >= 5, "{bounded} intervals and {drifting} drifts were checked");
}

fn vectors<I: DeserializeOwned, E: DeserializeOwned>(name: &str, least: usize) -> Vec<Vector<I, E>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/sweep").join(name);
    let parsed: VectorFile<I, E> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(parsed.schema, 1, "{name}");
    assert!(parsed.vectors.len() >= least, "only {} vectors were found in {name}", parsed.vectors.len());
    parsed.vectors
}
