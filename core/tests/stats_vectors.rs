//! Runs the statistics vectors of tests/vectors/stats, and of the folders in LIGHTSPEED_VECTORS.
#![allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lightspeed_core::stats::{
    Margin, MarginOptions, NoiseFloor, StatsError, benjamini_hochberg, bootstrap, diagnose, e_value, geometric_mean,
    hodges_lehmann, holm, is_different, mann_whitney, outliers, sign_flip, signed_rank, summarize, welch,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// CRC-32 of the serialised results of each function.
const DIGESTS: &str = "digests.json";

#[derive(Deserialize)]
struct VectorFile {
    schema: u32,
    function: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    #[serde(default)]
    tolerance: f64,
    input: Value,
    expect: Option<Value>,
    error: Option<String>,
}

#[test]
fn every_vector_holds() {
    let mut folders = vec![own_folder()];
    folders.extend(
        std::env::var_os("LIGHTSPEED_VECTORS")
            .iter()
            .flat_map(std::env::split_paths)
            .filter(|folder| !folder.as_os_str().is_empty()),
    );
    let mut failures = Vec::new();
    let mut count = 0;
    for file in folders.iter().flat_map(|folder| json_files(folder)).filter(|file| !file.ends_with(DIGESTS)) {
        let parsed: VectorFile = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(parsed.schema, 1, "{}", file.display());
        for vector in &parsed.vectors {
            count += 1;
            if let Err(problem) = check(&parsed.function, vector) {
                failures.push(format!("{} · {}: {problem}", parsed.function, vector.name));
            }
        }
    }
    assert!(count >= 1800, "only {count} vectors were found");
    assert!(failures.is_empty(), "{} of {count} failed:\n{}", failures.len(), failures.join("\n"));
}

/// Results must be the same to the last bit on every platform and at every level of optimisation.
#[test]
fn every_result_has_the_bytes_it_had() {
    let folder = own_folder();
    let mut digests = BTreeMap::new();
    for file in json_files(&folder).iter().filter(|file| !file.ends_with(DIGESTS)) {
        let parsed: VectorFile = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let mut digest = crc32fast::Hasher::new();
        for vector in &parsed.vectors {
            let bytes = apply(&parsed.function, &vector.input).map(|result| sorted(&result).to_string());
            digest.update(format!("{bytes:?}").as_bytes());
        }
        digests.insert(parsed.function, format!("{:08x}", digest.finalize()));
    }
    let known: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(folder.join(DIGESTS)).unwrap()).unwrap();
    assert_eq!(digests, known, "if a result was meant to change, write these into {DIGESTS}: {}", json!(digests));
}

/// The same value with its fields in order of their names, whatever features of serde_json other crates of the build ask for.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(fields) => {
            let ordered: BTreeMap<&String, Value> = fields.iter().map(|(name, value)| (name, sorted(value))).collect();
            ordered.into_iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        other => other.clone(),
    }
}

fn own_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/stats")
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "json"));
    files.sort();
    files
}

fn check(function: &str, vector: &Vector) -> Result<(), String> {
    match (apply(function, &vector.input), &vector.expect, &vector.error) {
        (Ok(got), Some(want), None) => agree("", &got, want, vector.tolerance),
        (Err(got), None, Some(want)) => {
            let got = format!("{got:?}");
            if got.starts_with(want.as_str()) { Ok(()) } else { Err(format!("error {got} is not {want}")) }
        }
        (got, ..) => Err(format!("unexpected {got:?}")),
    }
}

fn apply(function: &str, input: &Value) -> Result<Value, StatsError> {
    let get = |key: &str| sample(&input[key]);
    let (baseline, current) = (|| get("baseline"), || get("current"));
    let alpha = input["alpha"].as_f64().unwrap_or(0.05);
    let seed = input["seed"].as_u64().unwrap_or(0);
    match function {
        "summarize" => summarize(&get("sample")).map(to_json),
        "outliers" => outliers(&get("sample")).map(to_json),
        "mann_whitney" => mann_whitney(&baseline(), &current(), alpha).map(to_json),
        "hodges_lehmann" => hodges_lehmann(&baseline(), &current(), alpha).map(to_json),
        "welch" => welch(&baseline(), &current(), alpha).map(to_json),
        "signed_rank" => signed_rank(&baseline(), &current(), alpha).map(to_json),
        "sign_flip" => {
            let draws = input["draws"].as_u64().unwrap() as usize;
            sign_flip(&baseline(), &current(), alpha, draws, seed).map(to_json)
        }
        "bootstrap" => bootstrap(&baseline(), &current(), &from_json(input)).map(to_json),
        "e_value" => {
            let margin = number(&input["margin"]);
            e_value(&baseline(), &current(), from_json(&input["bet"]), margin, alpha).map(to_json)
        }
        "diagnose" => {
            diagnose(&get("log_ratios"), &from_json::<Vec<bool>>(&input["baseline_first"]), alpha).map(to_json)
        }
        "holm" => holm(&get("p_values")).map(|adjusted| json!({"adjusted": adjusted})),
        "benjamini_hochberg" => benjamini_hochberg(&get("p_values")).map(|adjusted| json!({"adjusted": adjusted})),
        "noise_floor" => NoiseFloor::new(&get("log_ratios"), alpha).map(to_json),
        "margin" => {
            let options = MarginOptions { fraction: number(&input["fraction"]), absolute: number(&input["absolute"]) };
            let floor = input["floor"].as_f64().map(|fraction| NoiseFloor { fraction, level: 0.95, n: 19 });
            Margin::new(&options, number(&input["baseline"]), floor.as_ref()).map(to_json)
        }
        "geometric_mean" => {
            let samples = input["samples"].as_array().unwrap().iter();
            let ratios: Result<Vec<_>, _> =
                samples.map(|pair| hodges_lehmann(&sample(&pair[0]), &sample(&pair[1]), alpha)).collect();
            geometric_mean(&ratios?, alpha).map(to_json)
        }
        "is_different" => {
            let (a, b) = (get("first"), get("second"));
            let (sa, sb) = (summarize(&a)?, summarize(&b)?);
            Ok(json!({
                "with_samples": is_different(Some((&a, &b)), &sa, &sb),
                "without_samples": is_different(None, &sa, &sb),
            }))
        }
        _ => panic!("no function {function}"),
    }
}

fn from_json<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

fn to_json(result: impl Serialize) -> Value {
    serde_json::to_value(result).unwrap()
}

fn sample(value: &Value) -> Vec<f64> {
    if let Some(list) = value.as_array() {
        return list.iter().map(number).collect();
    }
    let mut state = value["seed"].as_u64().unwrap();
    let (distinct, scale) = (value["distinct"].as_u64().unwrap(), value["scale"].as_f64().unwrap());
    let offset = value["offset"].as_f64().unwrap_or(0.0);
    let next = |_| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        offset + scale * (1 + (state >> 33) % distinct) as f64
    };
    (0..value["n"].as_u64().unwrap()).map(next).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

/// Whether `got` has all that `want` has.
fn agree(at: &str, got: &Value, want: &Value, tolerance: f64) -> Result<(), String> {
    match (got, want) {
        (Value::Number(g), Value::Number(w)) => {
            let (g, w) = (g.as_f64().unwrap(), w.as_f64().unwrap());
            // Two denormals next to each other agree.
            let close = (g - w).abs() <= (tolerance * w.abs()).max(5e-324);
            if close { Ok(()) } else { Err(format!("{at} is {g:e}, not {w:e}")) }
        }
        (Value::Object(g), Value::Object(w)) => {
            w.iter().try_for_each(|(key, value)| agree(&format!("{at}.{key}"), &g[key], value, tolerance))
        }
        (Value::Array(g), Value::Array(w)) if g.len() == w.len() => {
            let mut values = g.iter().zip(w).enumerate();
            values.try_for_each(|(i, (got, want))| agree(&format!("{at}[{i}]"), got, want, tolerance))
        }
        _ if got == want => Ok(()),
        _ => Err(format!("{at} is {got}, not {want}")),
    }
}
