//! Files of timings, recognised by their content.

use crate::exit::Failure;
use lightspeed::text::units::Unit;
use lightspeed_core::stats::Quantity;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// What a file holds, by the names of its benchmarks.
pub type Samples = BTreeMap<String, Sampled>;

/// The runs of one benchmark.
#[derive(Debug, PartialEq)]
pub struct Sampled {
    /// What its values are counted in, where the file or the tool says so.
    pub unit: Option<Unit>,
    /// Whether equal values are a coincidence.
    pub quantity: Quantity,
    /// A run is the values that one process gave.
    pub runs: Vec<Vec<f64>>,
}

/// The name of what has none.
pub const UNNAMED: &str = "samples";

/// Reads a file of any known kind.
pub fn read(path: &Path) -> Result<Samples, Failure> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| Failure::plain(format!("cannot read {shown}: {error}")))?;
    let text = strict(&String::from_utf8_lossy(&bytes));
    let document =
        serde_json::from_str(&text).map_err(|error| Failure::plain(format!("{shown} is not JSON: {error}")))?;
    let mut samples = parse(&document).map_err(|problem| Failure::plain(format!("{shown}: {problem}")))?;
    samples.retain(|_, sampled| !sampled.runs.is_empty());
    if samples.is_empty() {
        return Err(Failure::plain(format!("{shown} holds no timings")));
    }
    Ok(samples)
}

/// What Python writes for numbers that JSON does not have.
const NOT_FINITE: [(&str, f64); 3] = [("NaN", f64::NAN), ("-Infinity", f64::NEG_INFINITY), ("Infinity", f64::INFINITY)];

/// JSON with those numbers as strings: ASV writes them for benchmarks that were skipped.
fn strict(text: &str) -> String {
    let mut strict = String::with_capacity(text.len());
    let (mut inside, mut escaped, mut rest) = (false, false, text);
    while let Some(next) = rest.chars().next() {
        let word = NOT_FINITE.iter().find(|(word, _)| !inside && rest.starts_with(word));
        if let Some((word, _)) = word {
            strict.extend(["\"", word, "\""]);
        } else {
            strict.push(next);
        }
        inside ^= next == '"' && !escaped;
        escaped = inside && next == '\\' && !escaped;
        rest = rest.get(word.map_or(next.len_utf8(), |(word, _)| word.len())..).unwrap_or_default();
    }
    strict
}

fn parse(document: &Value) -> Result<Samples, String> {
    match document {
        Value::Array(list) => Ok(Samples::from([(
            UNNAMED.to_owned(),
            Sampled { unit: None, quantity: Quantity::Time, runs: runs(list)? },
        )])),
        Value::Object(object) => match (object.get("results"), object.get("benchmarks")) {
            (Some(Value::Array(results)), _) => hyperfine(results),
            (Some(Value::Object(results)), _) => asv(object, results),
            (_, Some(Value::Array(benchmarks))) => pyperf(object, benchmarks),
            _ => Err(unknown()),
        },
        _ => Err(unknown()),
    }
}

fn unknown() -> String {
    "not a file of timings: give a list of numbers, or what hyperfine --export-json, pyperf or ASV wrote".to_owned()
}

fn number(value: &Value) -> Result<f64, String> {
    let named = || NOT_FINITE.iter().find(|(word, _)| value.as_str() == Some(word)).map(|(_, number)| *number);
    value.as_f64().or_else(named).ok_or_else(|| format!("{value} is not a number"))
}

fn numbers(list: &[Value]) -> Result<Vec<f64>, String> {
    list.iter().map(number).collect()
}

/// Numbers, each a run of its own, or lists of the values of each run.
fn runs(list: &[Value]) -> Result<Vec<Vec<f64>>, String> {
    list.iter().map(|item| item.as_array().map_or_else(|| Ok(vec![number(item)?]), |run| numbers(run))).collect()
}

fn add(samples: &mut Samples, name: String, sampled: Sampled) -> Result<(), String> {
    if samples.contains_key(&name) {
        return Err(format!("{name} is there twice: its runs cannot be told apart"));
    }
    samples.insert(name, sampled);
    Ok(())
}

fn hyperfine(results: &[Value]) -> Result<Samples, String> {
    let mut samples = Samples::new();
    for result in results {
        let name = result["command"].as_str().ok_or_else(unknown)?;
        let times = result["times"].as_array().ok_or_else(|| format!("{name} has no list `times`"))?;
        add(
            &mut samples,
            name.to_owned(),
            Sampled { unit: Some(Unit::Seconds), quantity: Quantity::Time, runs: runs(times)? },
        )?;
    }
    Ok(samples)
}

fn pyperf(suite: &Map<String, Value>, benchmarks: &[Value]) -> Result<Samples, String> {
    let shared = |key: &str| suite.get("metadata").and_then(|metadata| metadata[key].as_str());
    let mut samples = Samples::new();
    for benchmark in benchmarks {
        let told = |key: &str| benchmark["metadata"][key].as_str().or_else(|| shared(key));
        let name = told("name").unwrap_or(UNNAMED).to_owned();
        let unit = Unit::parse(told("unit").unwrap_or("second"));
        let runs = benchmark["runs"].as_array().ok_or_else(|| format!("{name} has no list `runs`"))?;
        // Runs that calibrated have no values.
        let values = runs.iter().filter_map(|run| run["values"].as_array());
        let values = values.map(|values| numbers(values)).collect::<Result<Vec<_>, _>>()?;
        let quantity = if unit == Unit::Seconds { Quantity::Time } else { Quantity::Observed };
        add(&mut samples, name, Sampled { unit: Some(unit), quantity, runs: values })?;
    }
    Ok(samples)
}

/// ASV's result file of version 2: a list of columns, and a row for each benchmark.
fn asv(document: &Map<String, Value>, results: &Map<String, Value>) -> Result<Samples, String> {
    let columns = document.get("result_columns").and_then(Value::as_array).ok_or_else(unknown)?;
    let place = |name: &str| columns.iter().position(|column| column.as_str() == Some(name));
    let (result, params) = place("result").zip(place("params")).ok_or_else(unknown)?;
    let mut samples = Samples::new();
    for (name, row) in results {
        let column = |place: Option<usize>| place.and_then(|place| row.get(place)).and_then(Value::as_array);
        let Some(values) = column(Some(result)) else { continue };
        let names = instances(name, column(Some(params)).map_or(&[][..], Vec::as_slice));
        let kept = column(place("samples"));
        for (index, (instance, value)) in names.into_iter().zip(values).enumerate() {
            // Without samples there is the result, one value. ASV does not say which process a sample is from.
            let run = match kept.and_then(|kept| kept.get(index)).and_then(Value::as_array) {
                Some(values) => numbers(values)?,
                None => value.as_f64().into_iter().collect(),
            };
            let runs = if run.is_empty() { Vec::new() } else { vec![run] };
            let (unit, quantity) = asv_kind(name);
            add(&mut samples, instance, Sampled { unit, quantity, runs })?;
        }
    }
    Ok(samples)
}

/// What ASV counts a benchmark in, by the first word of its function's name; a `track_` benchmark's own unit is not
/// in the result file.
fn asv_kind(name: &str) -> (Option<Unit>, Quantity) {
    let function = name.rsplit('.').next().unwrap_or(name).to_lowercase();
    match function.split('_').next() {
        Some("mem") => (Some(Unit::Bytes), Quantity::Computed),
        Some("peakmem") => (Some(Unit::Bytes), Quantity::Observed),
        Some("track") => (None, Quantity::Computed),
        _ => (Some(Unit::Seconds), Quantity::Time),
    }
}

/// A name for each combination of parameters, in ASV's order: the last one changes fastest.
fn instances(name: &str, params: &[Value]) -> Vec<String> {
    let mut combinations = vec![Vec::<String>::new()];
    for values in params.iter().filter_map(Value::as_array) {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let longer = |head: &Vec<String>, value| head.iter().cloned().chain([text(value)]).collect::<Vec<_>>();
        combinations = combinations.iter().flat_map(|head| values.iter().map(move |v| longer(head, v))).collect();
    }
    let named = |values: Vec<String>| {
        if values.is_empty() { name.to_owned() } else { format!("{name}({})", values.join(", ")) }
    };
    combinations.into_iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seconds(runs: &[&[f64]]) -> Sampled {
        Sampled {
            unit: Some(Unit::Seconds),
            quantity: Quantity::Time,
            runs: runs.iter().map(|run| run.to_vec()).collect(),
        }
    }

    fn of(document: Value) -> Result<Samples, String> {
        parse(&document)
    }

    #[test]
    fn each_kind_of_file_is_recognised() {
        let plain = of(json!([1.0, 2, 3.5])).unwrap();
        assert_eq!(plain[UNNAMED].runs, [vec![1.0], vec![2.0], vec![3.5]]);
        assert_eq!(of(json!([[1.0, 2.0], [3.0]])).unwrap()[UNNAMED].runs, [vec![1.0, 2.0], vec![3.0]]);
        let hyperfine = of(json!({"results": [{"command": "sleep 1", "mean": 1.0, "times": [1.0, 1.1]}]})).unwrap();
        assert_eq!(hyperfine["sleep 1"], seconds(&[&[1.0], &[1.1]]));
        let pyperf = of(json!({"version": "1.0", "metadata": {"name": "shared"}, "benchmarks": [
            {"runs": [{"warmups": [[1, 0.1]]}, {"values": [0.2, 0.3]}, {"values": [0.4]}]},
            {"metadata": {"name": "own", "unit": "byte"}, "runs": [{"values": [1.5]}]}]}))
        .unwrap();
        assert_eq!(pyperf["shared"], seconds(&[&[0.2, 0.3], &[0.4]]));
        assert_eq!(
            pyperf["own"],
            Sampled { unit: Some(Unit::Bytes), quantity: Quantity::Observed, runs: vec![vec![1.5]] }
        );
        let asv = of(json!({"version": 2, "result_columns": ["result", "params", "version", "samples"], "results": {
            "m.time_a": [[1.5], [], "v", [[1.4, 1.6]]],
            "m.time_b": [[1.0, null, 3.0, 4.0], [["1", "2"], ["'x'", "'y'"]], "v"],
            "m.time_c": [null, []]}}))
        .unwrap();
        assert_eq!(asv["m.time_a"], seconds(&[&[1.4, 1.6]]));
        assert_eq!((&asv["m.time_b(1, 'x')"], &asv["m.time_b(2, 'x')"]), (&seconds(&[&[1.0]]), &seconds(&[&[3.0]])));
        assert!(asv["m.time_b(1, 'y')"].runs.is_empty() && !asv.contains_key("m.time_c"));
    }

    #[test]
    fn numbers_that_json_does_not_have_are_read_as_such() {
        let text = r#"{"a": [NaN, Infinity, -Infinity, -1], "NaN \\\" NaN": "Infinity\\"}"#;
        let read: Value = serde_json::from_str(&strict(text)).unwrap();
        let numbers = numbers(read["a"].as_array().unwrap()).unwrap();
        assert!(numbers[0].is_nan() && numbers[1..] == [f64::INFINITY, f64::NEG_INFINITY, -1.0], "{numbers:?}");
        assert_eq!(read["NaN \\\" NaN"], "Infinity\\");
    }

    #[test]
    fn other_content_is_refused_with_a_sentence() {
        for document in [json!(1), json!({}), json!({"results": {}}), json!({"benchmarks": 3})] {
            assert!(of(document).unwrap_err().contains("hyperfine"));
        }
        assert!(of(json!([1.0, "fast"])).unwrap_err().contains("\"fast\" is not a number"));
        let twice = json!({"results": [{"command": "a", "times": [1]}, {"command": "a", "times": [2]}]});
        assert!(of(twice).unwrap_err().contains("twice"));
    }
}
