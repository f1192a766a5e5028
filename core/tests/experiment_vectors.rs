//! Runs the experiments of tests/vectors/experiment: the same bytes on every platform.
#![allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use lightspeed_core::experiment::{Experiment, Next, Outcome, Plan, Run, Side};
use serde::{Deserialize, Serialize};

mod common;
use common::json_files;

const DIGESTS: &str = "digests.json";
const RESUMED_EVERY: usize = 7;

#[derive(Deserialize)]
struct VectorFile {
    schema: u32,
    design: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    plan: Plan,
    outcomes: Outcomes,
}

#[derive(Deserialize)]
struct Outcomes {
    seed: u64,
    values: usize,
    spread: f64,
    #[serde(default = "current")]
    side: Side,
    levels: BTreeMap<String, f64>,
    #[serde(default)]
    ends: BTreeMap<String, End>,
    cancel_after: Option<usize>,
}

#[derive(Deserialize)]
struct End {
    pair: usize,
    outcome: Outcome,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Digests {
    runs: usize,
    transcript: String,
    results: String,
    state: String,
}

#[test]
fn every_experiment_has_the_bytes_it_had() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/experiment");
    let mut found = BTreeMap::new();
    for file in json_files(&folder).iter().filter(|file| !file.ends_with(DIGESTS)) {
        let parsed: VectorFile = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!(parsed.schema, 1, "{}", file.display());
        for vector in parsed.vectors {
            let known = found.insert(format!("{}: {}", parsed.design, vector.name), digests(vector));
            assert_eq!(known, None, "two vectors of one name");
        }
    }
    assert!(found.len() >= 26, "only {} vectors were found", found.len());
    let known: BTreeMap<String, Digests> =
        serde_json::from_slice(&std::fs::read(folder.join(DIGESTS)).unwrap()).unwrap();
    let now = serde_json::to_string_pretty(&found).unwrap();
    assert_eq!(found, known, "if a result was meant to change, write these into {DIGESTS}: {now}");
}

fn digests(Vector { plan, mut outcomes, .. }: Vector) -> Digests {
    let mut experiment = Experiment::new(plan).unwrap();
    let mut transcript = crc32fast::Hasher::new();
    let mut runs = 0;
    loop {
        if runs % RESUMED_EVERY == RESUMED_EVERY - 1 {
            experiment = serde_json::from_str(&json(&experiment)).unwrap();
        }
        if outcomes.cancel_after == Some(runs) {
            experiment.cancel();
        }
        let next = experiment.next();
        transcript.update(format!("{}\n{}\n", json(&next), json(&experiment.progress())).as_bytes());
        let Next::Run(run) = next else { break };
        experiment.record(outcomes.of(&run)).unwrap();
        runs += 1;
    }
    let crc = |text: String| format!("{:08x}", crc32fast::hash(text.as_bytes()));
    Digests {
        runs,
        transcript: format!("{:08x}", transcript.finalize()),
        results: crc(json(&experiment.results())),
        state: crc(json(&experiment)),
    }
}

fn current() -> Side {
    Side::Current
}

impl Outcomes {
    fn of(&mut self, run: &Run) -> Outcome {
        if let Some(end) = self.ends.get(&run.benchmark).filter(|end| !run.warmup && run.pair >= end.pair) {
            return end.outcome.clone();
        }
        let named = if run.side == self.side { self.levels.get(&run.benchmark) } else { None };
        let level = named.copied().unwrap_or(1.0);
        let values: Vec<f64> = (0..self.values).map(|_| level * (1.0 + self.spread * self.draw())).collect();
        Outcome::Values { wall_s: 3.0 * values[0], values }
    }

    fn draw(&mut self) -> f64 {
        self.seed = self.seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.seed >> 33) % 1000) as f64
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}
