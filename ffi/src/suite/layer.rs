//! Layers: what part of a program's life a benchmark is about.

use super::{Benchmark, Kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What part of a program's life a benchmark is about. As a tag it is one; what has no such tag is sorted by its name, then by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Layer {
    /// The start of a command.
    Startup,
    /// The import of modules.
    Import,
    /// A function or a few.
    Micro,
    /// Many parts together: what a user does.
    Integration,
    /// Memory.
    Memory,
}

/// Patterns of names (regular expressions) by the layer that they belong to.
pub type LayerPatterns = BTreeMap<Layer, Vec<Pattern>>;

/// A regular expression, as it was written.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(transparent)]
pub struct Pattern(#[schemars(with = "String")] regex::Regex);

impl Layer {
    /// All of them.
    pub const ALL: [Layer; 5] = [Layer::Startup, Layer::Import, Layer::Micro, Layer::Integration, Layer::Memory];

    /// Its name, which is that of its tag.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Startup => "startup",
            Layer::Import => "import",
            Layer::Micro => "micro",
            Layer::Integration => "integration",
            Layer::Memory => "memory",
        }
    }

    /// The layer of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.as_str() == name)
    }

    /// The layer of a benchmark: that of its tags, else of the first pattern that is found in its name, else of its kind.
    #[must_use]
    pub fn of(benchmark: &Benchmark, patterns: &LayerPatterns) -> Self {
        let tagged = benchmark.tags().into_iter().find_map(Layer::parse);
        let named = || {
            let matches = |patterns: &Vec<Pattern>| patterns.iter().any(|pattern| pattern.0.is_match(&benchmark.name));
            patterns.iter().find(|(_, patterns)| matches(patterns)).map(|(layer, _)| *layer)
        };
        tagged.or_else(named).unwrap_or(match benchmark.kind {
            Kind::Time | Kind::Track | Kind::Other(_) => Layer::Micro,
            // In asv it is there to time imports: the only kind that starts from a fresh interpreter.
            Kind::Timeraw => Layer::Import,
            Kind::Mem | Kind::Peakmem => Layer::Memory,
            Kind::Command => Layer::Integration,
        })
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let regex = regex::Regex::new(&text);
        regex.map(Pattern).map_err(|_| serde::de::Error::custom(format!("{text:?} is no regular expression")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn layer(name: &str, kind: &str, tags: &[&str]) -> Layer {
        let Value::Object(entry) = json!({"name": name, "file": "b.py", "type": kind, "tags": tags}) else {
            panic!("an entry is an object")
        };
        let patterns: LayerPatterns =
            serde_json::from_value(json!({"integration": ["^flows\\."], "startup": ["cli"]})).unwrap();
        Layer::of(&Benchmark::from_entry(entry).unwrap(), &patterns)
    }

    #[test]
    fn a_tag_decides_before_the_name_and_the_name_before_the_kind() {
        assert_eq!(layer("flows.time_cli", "time", &["slow", "import"]), Layer::Import);
        assert_eq!(layer("flows.time_all", "time", &["slow"]), Layer::Integration);
        assert_eq!(layer("b.time_cli", "time", &[]), Layer::Startup);
        assert_eq!(layer("b.timeraw_x", "time", &[]), Layer::Import);
        assert_eq!(layer("b.peakmem_x", "peakmemory", &[]), Layer::Memory);
        assert_eq!(layer("b.time_x", "time", &[]), Layer::Micro);
    }

    #[test]
    fn what_is_no_regular_expression_is_refused() {
        let refused = serde_json::from_value::<LayerPatterns>(json!({"import": ["("]})).unwrap_err().to_string();
        assert!(refused.contains("no regular expression"), "{refused}");
    }
}
