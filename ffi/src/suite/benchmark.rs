//! A benchmark and its parameter combinations.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a benchmark measures.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The time of a call.
    Time,
    /// The time of a statement in a fresh interpreter.
    Timeraw,
    /// The size of an object.
    Mem,
    /// The peak memory of a process.
    Peakmem,
    /// Any number that the benchmark returns.
    Track,
    /// The time of a process from its start to its end.
    Command,
    /// A type that a plugin of the suite adds.
    Other(String),
}

/// A benchmark of a suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// Its name, unique in the suite.
    pub name: String,
    /// The file that defines it, relative to the suite's directory.
    pub file: String,
    /// What it measures.
    pub kind: Kind,
    /// The unit of its result.
    pub unit: String,
    /// Changes when the benchmark itself changes, so that its results no longer compare.
    pub version: Option<String>,
    /// The values of each parameter, as the suite prints them.
    pub params: Vec<Vec<String>>,
    /// The names of the parameters.
    pub param_names: Vec<String>,
    /// The shared cache it needs; benchmarks with the same key share one.
    pub setup_cache_key: Option<String>,
    /// Seconds that one run may take, where the benchmark says so.
    pub timeout: Option<f64>,
    /// Seconds that computing the shared cache may take, where the suite says so.
    pub setup_cache_timeout: Option<f64>,
    /// The name to show, where the benchmark gives one.
    pub pretty_name: Option<String>,
    /// All else that the suite says about it (rounds, repeat, number, code …), as it says it.
    pub attributes: Map<String, Value>,
}

impl Benchmark {
    /// How many instances it has: one for each parameter combination. A product that no u64 holds is cut off there.
    pub fn instance_count(&self) -> u64 {
        self.params.iter().fold(1, |count: u64, values| count.saturating_mul(values.len() as u64))
    }

    /// The parameter indices of its instances, in order: a single `None` for a benchmark without parameters.
    pub fn instances(&self) -> impl Iterator<Item = Option<u64>> + '_ {
        let parametrised = !self.params.is_empty();
        (0..self.instance_count()).map(move |index| parametrised.then_some(index))
    }

    /// The name of an instance as ASV writes it: `name`, or `name-K`.
    pub fn instance_id(&self, param: Option<u64>) -> String {
        match param {
            None => self.name.clone(),
            Some(index) => format!("{}-{index}", self.name),
        }
    }

    /// Words by which it can be chosen.
    pub fn tags(&self) -> Vec<&str> {
        match self.attributes.get("tags") {
            Some(Value::Array(tags)) => tags.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(tag)) => vec![tag],
            _ => Vec::new(),
        }
    }

    /// The parameter values of combination `index`, the last parameter varying fastest; none beyond the last one.
    pub fn params_of(&self, index: u64) -> Option<Vec<&str>> {
        if index >= self.instance_count() {
            return None;
        }
        let mut rest = index;
        let mut values: Vec<&str> = Vec::with_capacity(self.params.len());
        for choices in self.params.iter().rev() {
            let count = choices.len() as u64;
            values.push(choices.get(usize::try_from(rest % count).ok()?)?);
            rest /= count;
        }
        values.reverse();
        Some(values)
    }

    /// Reads an entry of the suite's own listing; none where it has no name or file.
    pub(super) fn from_entry(mut entry: Map<String, Value>) -> Option<Self> {
        let name = text(entry.remove("name"))?;
        let file = text(entry.remove("file"))?;
        let listed = text(entry.remove("type")).unwrap_or_default();
        Some(Self {
            kind: kind_of(&name, &listed),
            unit: text(entry.remove("unit")).unwrap_or_default(),
            version: text(entry.remove("version")),
            params: list(entry.remove("params")).into_iter().map(|values| texts(Some(values))).collect(),
            param_names: texts(entry.remove("param_names")),
            setup_cache_key: text(entry.remove("setup_cache_key")),
            timeout: entry.remove("timeout").as_ref().and_then(Value::as_f64),
            setup_cache_timeout: entry.remove("setup_cache_timeout").as_ref().and_then(Value::as_f64),
            pretty_name: text(entry.remove("pretty_name")),
            attributes: entry,
            name,
            file,
        })
    }
}

/// Raw timing has the type of plain timing; only the name tells them apart.
fn kind_of(name: &str, listed: &str) -> Kind {
    let own = name.rsplit('.').next().unwrap_or(name);
    match listed {
        "time" if own.starts_with("timeraw_") || own.starts_with("Timeraw") => Kind::Timeraw,
        "time" => Kind::Time,
        "memory" => Kind::Mem,
        "peakmemory" => Kind::Peakmem,
        "track" => Kind::Track,
        other => Kind::Other(other.to_owned()),
    }
}

fn text(value: Option<Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(values)) => values,
        _ => Vec::new(),
    }
}

fn texts(value: Option<Value>) -> Vec<String> {
    list(value).into_iter().map(|value| text(Some(value)).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn benchmark(entry: Value) -> Benchmark {
        let Value::Object(entry) = entry else { panic!("an entry is an object") };
        Benchmark::from_entry(entry).unwrap()
    }

    #[test]
    fn combinations_are_numbered_with_the_last_parameter_fastest() {
        let it = benchmark(
            json!({"name": "b.time_x", "file": "b.py", "type": "time", "params": [["1", "2"], ["'a'", "'b'", "'c'"]]}),
        );
        assert_eq!(it.instance_count(), 6);
        assert_eq!(it.params_of(0).unwrap(), ["1", "'a'"]);
        assert_eq!(it.params_of(2).unwrap(), ["1", "'c'"]);
        assert_eq!(it.params_of(3).unwrap(), ["2", "'a'"]);
        assert_eq!(it.params_of(6), None);
        let ids: Vec<_> = it.instances().map(|param| it.instance_id(param)).collect();
        assert_eq!((ids.len(), ids[5].as_str()), (6, "b.time_x-5"));
    }

    #[test]
    fn no_parameters_make_one_instance_and_an_empty_one_makes_none() {
        let plain = benchmark(json!({"name": "b.time_x", "file": "b.py", "type": "time", "params": []}));
        assert_eq!(plain.instances().collect::<Vec<_>>(), [None]);
        assert_eq!(plain.instance_id(None), "b.time_x");
        let empty = benchmark(json!({"name": "b.time_x", "file": "b.py", "type": "time", "params": [["1"], []]}));
        assert_eq!(empty.instances().count(), 0);
        assert_eq!(empty.params_of(0), None);
    }

    #[test]
    fn a_product_beyond_counting_is_never_built() {
        let values: Vec<_> = (0..1000).map(|value| value.to_string()).collect();
        let huge = benchmark(json!({"name": "b.t", "file": "b.py", "type": "time", "params": vec![values; 30]}));
        assert_eq!(huge.instance_count(), u64::MAX);
        assert_eq!(huge.instances().nth(1001), Some(Some(1001)));
        let last = huge.params_of(1001).unwrap();
        assert_eq!((last.len(), last[28], last[29]), (30, "1", "1"));
    }

    #[test]
    fn the_kind_comes_from_the_type_and_the_rest_is_kept() {
        let raw =
            benchmark(json!({"name": "b.S.timeraw_x", "file": "b.py", "type": "time", "rounds": 2, "timeout": 3}));
        assert_eq!((raw.kind, raw.timeout), (Kind::Timeraw, Some(3.0)));
        assert_eq!(raw.attributes["rounds"], 2);
        let other = benchmark(json!({"name": "b.x", "file": "b.py", "type": "ratio"}));
        assert_eq!(other.kind, Kind::Other("ratio".into()));
    }
}
