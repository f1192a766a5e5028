//! lightspeed.toml as it is written, and the JSON Schema of that.

use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, generate::SchemaSettings, transform::RecursiveTransform};
use serde::de::{self, value::MapAccessDeserializer, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use toml::Spanned;

use super::sweep::WrittenSweep;
use super::values::{Argv, Label, Metrics, Repeat, Timeout, Variable, VariableName, Warmup, WorkUnits, WrittenPath};
use crate::pair::Metric;
use crate::suite::{AnalysisConfig, CompareConfig};

/// A suite of commands for lightspeed: what to run, how often, and how much worse it may become.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "lightspeed.toml", extend("anyOf" = [{"required": ["benchmark"]}, {"required": ["sweep"]}]))]
pub(super) struct Document {
    /// The directory of the sources whose changes count, relative to this file.
    pub(super) source_root: Option<WrittenPath>,
    /// Where the database and the results go, relative to this file [default: .lightspeed].
    pub(super) results_dir: Option<WrittenPath>,
    /// How sources are analysed.
    pub(super) analysis: Option<AnalysisConfig>,
    /// How two trees are compared.
    #[serde(default)]
    pub(super) compare: CompareConfig,
    /// What holds for each benchmark that does not say otherwise.
    #[serde(default)]
    #[schemars(transform = without_identity)]
    pub(super) defaults: Entry,
    /// The benchmarks, each under a heading [[benchmark]].
    #[serde(default, deserialize_with = "benchmarks")]
    #[schemars(with = "Vec<Entry>", length(min = 1))]
    pub(super) benchmark: Vec<Spanned<Entry>>,
    /// The sweeps, each under a heading [[sweep]].
    #[serde(default)]
    #[schemars(with = "Vec<WrittenSweep>")]
    pub(super) sweep: Vec<Spanned<WrittenSweep>>,
}

/// A benchmark; under [defaults], what holds for each that does not say otherwise.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct Entry {
    /// What it is called in reports; no two have the same name.
    #[schemars(required, with = "Label")]
    pub(super) name: Option<Spanned<Label>>,
    /// The program and its arguments: one text that is split into words as a shell would, or a list. No shell runs it.
    #[schemars(required, with = "Argv")]
    pub(super) command: Option<Spanned<Argv>>,
    /// Where it runs, relative to this file [default: beside this file].
    pub(super) cwd: Option<WrittenPath>,
    /// Environment variables to set, or (false) to remove. Added to those of [defaults].
    #[serde(default)]
    pub(super) env: BTreeMap<VariableName, Variable>,
    /// How much work one run does: adds times by the piece, and the throughput.
    pub(super) work_units: Option<WorkUnits>,
    /// How long a run may take: a number of seconds, or text such as "90s" or "2min" [default: 60].
    pub(super) timeout: Option<Timeout>,
    /// How many runs count [default: 10].
    pub(super) repeat: Option<Repeat>,
    /// How many runs come first and do not count [default: 1].
    pub(super) warmup: Option<Warmup>,
    /// What is reported; metrics with a budget are in any case [default: all, throughput if there are `work_units`].
    #[schemars(with = "Option<Metrics>")]
    pub(super) metrics: Option<Spanned<Metrics>>,
    /// How much worse each metric may become. Added to those of [defaults], metric by metric [default: wall = "5%"].
    #[serde(default)]
    #[schemars(with = "BTreeMap<Metric, WrittenBudget>", transform = by_metric)]
    pub(super) budgets: BTreeMap<Metric, Spanned<WrittenBudget>>,
    /// Where is written which lines a run executes [default: "python" for a command that runs Python, else "none"].
    pub(super) coverage: Option<WrittenCoverage>,
    /// Words by which it can be chosen.
    pub(super) tags: Option<Vec<Label>>,
}

/// How much worse a metric may become: a limit as text, limits for a warning and a failure, or false for no budget.
#[derive(JsonSchema)]
#[schemars(untagged, rename = "Budget")]
pub(super) enum WrittenBudget {
    /// There is none, even where [defaults] has one.
    #[schemars(with = "bool", extend("const" = false))]
    None,
    /// "5%" of what it was, "200us" or "1MiB" more, or both as "5%+200us" (a change counts beyond both). "2%:5%" warns
    /// beyond 2 % and fails beyond 5 %.
    Text(#[schemars(length(min = 1))] String),
    /// With the two limits apart.
    Limits(Limits),
}

/// Limits of a budget.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct Limits {
    /// Beyond this it is worth a warning.
    #[schemars(with = "Option<String>")]
    pub(super) warn: Option<Spanned<String>>,
    /// Beyond this the gate closes.
    #[schemars(with = "String")]
    pub(super) fail: Spanned<String>,
}

/// Where is written which lines a run executes.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged, rename = "Coverage")]
pub(super) enum WrittenCoverage {
    /// One of two words.
    Named(NamedCoverage),
    /// A report that a tool writes.
    Report(WrittenReport),
}

/// What needs no report.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(super) enum NamedCoverage {
    /// A Python command, which is watched as it runs.
    Python,
    /// Nowhere: any change of the sources affects it.
    None,
}

/// A coverage report.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct WrittenReport {
    /// The report, relative to the directory in which the benchmark runs.
    pub(super) file: WrittenPath,
    /// What wrote it [default: as its content says].
    pub(super) format: Option<ReportFormat>,
    /// A command that writes it [default: none, it is read as it lies there].
    pub(super) command: Option<Argv>,
}

/// Coverage reports that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ReportFormat {
    /// lcov's tracefile.
    Lcov,
    /// Cobertura's XML.
    Cobertura,
    /// coverage.py's JSON or its database.
    CoveragePy,
    /// Go's cover profile.
    GoCover,
    /// `llvm-cov export`.
    LlvmCov,
}

/// The JSON Schema of lightspeed.toml, for editors: draft 7, which all of them know. What it refuses, the reader does.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut settings = SchemaSettings::draft07();
    // First, because what is beside a reference is moved out of its way afterwards.
    settings.transforms.insert(0, Box::new(RecursiveTransform(as_in_toml)));
    settings.into_generator().into_root_schema_for::<Document>().to_value()
}

/// `[defaults]` gives no benchmark a name or a command.
fn without_identity(schema: &mut Schema) {
    schema.remove("required");
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove("name");
        properties.remove("command");
    }
}

/// An editor completes properties, not patterns of their names.
fn by_metric(schema: &mut Schema) {
    if let Some(budget) = schema.insert("additionalProperties".to_owned(), false.into()) {
        let properties = Metric::ALL.map(|metric| (metric.as_str().to_owned(), budget.clone()));
        schema.insert("properties".to_owned(), Value::Object(properties.into_iter().collect()));
    }
}

/// TOML has no null and no widths of numbers; and lines of a description are those of a source file.
fn as_in_toml(schema: &mut Schema) {
    schema.remove("format");
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            for (key, value) in only {
                schema.ensure_object().entry(key).or_insert(value);
            }
        }
    }
}

fn benchmarks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Spanned<Entry>>, D::Error> {
    struct Visitor;

    impl<'de> de::Visitor<'de> for Visitor {
        type Value = Vec<Spanned<Entry>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a heading [[benchmark]] with two brackets above each benchmark")
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(entries))
        }
    }

    deserializer.deserialize_any(Visitor)
}

impl<'de> Deserialize<'de> for WrittenBudget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = WrittenBudget;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a limit such as \"5%\", a table { warn, fail }, or false for no budget")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
                if value {
                    return Err(E::invalid_value(de::Unexpected::Bool(value), &self));
                }
                Ok(WrittenBudget::None)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(WrittenBudget::Text(text.to_owned()))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Limits::deserialize(MapAccessDeserializer::new(map)).map(WrittenBudget::Limits)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl<'de> Deserialize<'de> for WrittenCoverage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = WrittenCoverage;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"python\", \"none\", or a table { file, format, command }")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                NamedCoverage::deserialize(de::value::StrDeserializer::new(text)).map(WrittenCoverage::Named)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                WrittenReport::deserialize(MapAccessDeserializer::new(map)).map(WrittenCoverage::Report)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
