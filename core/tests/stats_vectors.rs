//! Runs the statistics vectors of tests/vectors/stats, and of the folders in LIGHTSPEED_VECTORS.
#![allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use lightspeed_core::stats::{CallError, call};
use serde::Deserialize;
use serde_json::{Value, json};

mod common;
use common::json_files;

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
            let bytes = apply(&parsed.function, &vector.input).unwrap_or_else(|error| code(&error));
            digest.update(bytes.as_bytes());
            digest.update(b"\n");
        }
        digests.insert(parsed.function, format!("{:08x}", digest.finalize()));
    }
    let known: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(folder.join(DIGESTS)).unwrap()).unwrap();
    assert_eq!(digests, known, "if a result was meant to change, write these into {DIGESTS}: {}", json!(digests));
}

fn own_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/stats")
}

fn check(function: &str, vector: &Vector) -> Result<(), String> {
    match (apply(function, &vector.input), &vector.expect, &vector.error) {
        (Ok(got), Some(want), None) => agree("", &serde_json::from_str(&got).unwrap(), want, vector.tolerance),
        (Err(got), None, Some(want)) if code(&got) == *want => Ok(()),
        (got, ..) => Err(format!("unexpected {got:?}")),
    }
}

/// What a vector calls the error.
fn code(error: &CallError) -> String {
    match error {
        CallError::Stats(_) => error.code().to_owned(),
        other => panic!("{other}"),
    }
}

fn apply(function: &str, input: &Value) -> Result<String, CallError> {
    call(function, &expanded(input).to_string())
}

/// The input with every sample that is described by its generator written out.
fn expanded(input: &Value) -> Value {
    match input {
        Value::Object(fields) if fields.contains_key("distinct") => generated(input),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), expanded(value))).collect(),
        Value::Array(items) => items.iter().map(expanded).collect(),
        other => other.clone(),
    }
}

fn generated(sample: &Value) -> Value {
    let mut state = sample["seed"].as_u64().unwrap();
    let (distinct, scale) = (sample["distinct"].as_u64().unwrap(), sample["scale"].as_f64().unwrap());
    let offset = sample["offset"].as_f64().unwrap_or(0.0);
    let next = |_| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        offset + scale * (1 + (state >> 33) % distinct) as f64
    };
    (0..sample["n"].as_u64().unwrap()).map(next).collect::<Vec<f64>>().into()
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
