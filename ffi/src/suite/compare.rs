//! What a suite's configuration says about comparing two trees: how each is built, and what it runs in.

use schemars::JsonSchema;
use serde::de::{self, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The object `compare` of `lightspeed` in `asv.conf.json`, the table `[compare]` of `lightspeed.toml`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Compare")]
pub struct CompareConfig {
    /// Commands that build a tree, run in its top one after the other; each is split into words as a shell would, but no shell runs it.
    pub build: Commands,
    /// What the benchmarks run in: "path" (the tree's sources come first on PYTHONPATH), or "venv" (a virtual environment for each
    /// tree, with its package installed in it) [default: "venv" if there are `requirements`, else "path"].
    pub environment: Option<EnvironmentKind>,
    /// What pip installs in each virtual environment, beside the package.
    pub requirements: Vec<String>,
    /// Commands whose start the layer "startup" times, by the name to show.
    pub startup: BTreeMap<String, String>,
}

/// One command, or several.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(with = "OneOrMore", inline)]
pub struct Commands(pub Vec<String>);

/// What the benchmarks of a tree run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum EnvironmentKind {
    /// The user's interpreter; the tree's sources come first.
    Path,
    /// A virtual environment of its own, with its package installed in it.
    Venv,
}

impl CompareConfig {
    /// What benchmarks run in, where nobody asks for another one.
    #[must_use]
    pub fn kind(&self) -> EnvironmentKind {
        let usual = if self.requirements.is_empty() { EnvironmentKind::Path } else { EnvironmentKind::Venv };
        self.environment.unwrap_or(usual)
    }
}

/// For the schema alone.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[allow(dead_code, reason = "what a schema is made of is not constructed")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl<'de> Deserialize<'de> for Commands {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Commands;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a command such as \"make\", or a list of commands")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Commands(vec![text.to_owned()]))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, commands: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(commands)).map(Commands)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
