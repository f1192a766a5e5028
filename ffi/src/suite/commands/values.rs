//! Values of lightspeed.toml that are checked as they are read.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::mistake::is_unprintable;
use crate::pair::Metric;

/// A name, on one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline, extend("pattern" = r"^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]+$"))]
pub(super) struct Label(pub(super) String);

impl TryFrom<String> for Label {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("it is empty: write a name".to_owned());
        }
        if text.contains(is_unprintable) {
            return Err(format!("{text:?} holds a line break or another control character: leave it out"));
        }
        Ok(Label(text))
    }
}

/// The program and its arguments, as one text that is split as a shell would split it (but no shell runs), or as a list.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a command is one text, or a list of texts: the program and its arguments")]
#[schemars(inline)]
enum WrittenCommand {
    Line(#[schemars(length(min = 1))] String),
    Words(#[schemars(length(min = 1))] Vec<String>),
}

/// The program and its arguments.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenCommand")]
#[schemars(rename = "Command")]
pub(super) struct Argv(pub(super) Vec<String>);

impl TryFrom<WrittenCommand> for Argv {
    type Error = String;

    fn try_from(written: WrittenCommand) -> Result<Self, String> {
        let words = match written {
            WrittenCommand::Words(words) => words,
            WrittenCommand::Line(line) => shell_words::split(&line).map_err(|_| {
                format!("{line:?} cannot be split into words: close its quotation marks, or write a list of words")
            })?,
        };
        if words.first().is_none_or(String::is_empty) {
            return Err("the command is empty: name a program".to_owned());
        }
        if words.iter().any(|word| word.contains('\0')) {
            return Err("the command holds a NUL character, which no argument can: leave it out".to_owned());
        }
        Ok(Argv(words))
    }
}

/// A path as it is written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline, extend("pattern" = r"^[^\u0000]+$"))]
pub(super) struct WrittenPath(pub(super) PathBuf);

impl TryFrom<String> for WrittenPath {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() {
            return Err("the path is empty: write \".\" for the directory of this file");
        }
        if text.contains('\0') {
            return Err("the path holds a NUL character: leave it out");
        }
        Ok(WrittenPath(text.into()))
    }
}

/// The name of an environment variable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline, extend("pattern" = r"^[^=\u0000]+$"))]
pub(super) struct VariableName(pub(super) String);

impl TryFrom<String> for VariableName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() || text.contains(['=', '\0']) {
            return Err(format!(
                "{text:?} cannot be the name of an environment variable: write one without \"=\" and NUL, and not empty"
            ));
        }
        Ok(VariableName(text))
    }
}

/// The value of an environment variable, or `false` to remove it.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "the value of a variable is text in quotes, or false to remove it")]
#[schemars(inline)]
enum WrittenVariable {
    Text(#[schemars(extend("pattern" = r"^[^\u0000]*$"))] String),
    Removed(#[schemars(extend("const" = false))] bool),
}

/// The value of an environment variable; false removes it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenVariable")]
#[schemars(inline)]
pub(super) struct Variable(pub(super) Option<String>);

impl TryFrom<WrittenVariable> for Variable {
    type Error = &'static str;

    fn try_from(written: WrittenVariable) -> Result<Self, Self::Error> {
        match written {
            WrittenVariable::Text(text) if text.contains('\0') => {
                Err("the value holds a NUL character, which no variable can: leave it out")
            }
            WrittenVariable::Text(text) => Ok(Variable(Some(text))),
            WrittenVariable::Removed(false) => Ok(Variable(None)),
            WrittenVariable::Removed(true) => {
                Err("true is no value of a variable: write text in quotes, or false to remove it")
            }
        }
    }
}

/// How much work one run does.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "f64")]
#[schemars(inline, extend("exclusiveMinimum" = 0))]
pub(super) struct WorkUnits(pub(super) f64);

impl TryFrom<f64> for WorkUnits {
    type Error = String;

    fn try_from(units: f64) -> Result<Self, String> {
        let is_sound = units.is_finite() && units > 0.0;
        is_sound
            .then_some(WorkUnits(units))
            .ok_or_else(|| format!("{units} is no amount of work: write one above zero"))
    }
}

/// Seconds, or text with a unit.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a timeout is a number of seconds, or text such as \"90s\" or \"2min\"")]
#[schemars(inline)]
enum WrittenTimeout {
    Seconds(#[schemars(extend("exclusiveMinimum" = 0))] f64),
    Text(#[schemars(length(min = 1))] String),
}

/// How long a run may take.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenTimeout")]
#[schemars(inline)]
pub(super) struct Timeout(pub(super) Duration);

impl TryFrom<WrittenTimeout> for Timeout {
    type Error = String;

    fn try_from(written: WrittenTimeout) -> Result<Self, String> {
        let (duration, text) = match written {
            WrittenTimeout::Seconds(seconds) => (Duration::try_from_secs_f64(seconds).ok(), format!("{seconds} s")),
            WrittenTimeout::Text(text) => (humantime::parse_duration(&text).ok(), format!("{text:?}")),
        };
        let sound = duration.filter(|duration| !duration.is_zero()).map(Timeout);
        sound.ok_or_else(|| {
            format!("{text} is no timeout: write a number of seconds above zero, or text such as \"90s\" or \"2min\"")
        })
    }
}

/// How many runs count.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
#[schemars(inline, extend("minimum" = 1, "maximum" = u32::MAX))]
pub(super) struct Repeat(pub(super) u32);

impl TryFrom<i64> for Repeat {
    type Error = String;

    fn try_from(count: i64) -> Result<Self, String> {
        let sound = u32::try_from(count).ok().filter(|count| *count > 0).map(Repeat);
        sound.ok_or_else(|| format!("{count} runs are not possible: write a number from 1 to {}", u32::MAX))
    }
}

/// How many runs come first and do not count.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
#[schemars(inline, extend("minimum" = 0, "maximum" = u32::MAX))]
pub(super) struct Warmup(pub(super) u32);

impl TryFrom<i64> for Warmup {
    type Error = String;

    fn try_from(count: i64) -> Result<Self, String> {
        let sound = u32::try_from(count).ok().map(Warmup);
        sound.ok_or_else(|| format!("{count} runs are not possible: write a number from 0 to {}", u32::MAX))
    }
}

/// What is reported.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<Metric>")]
#[schemars(inline, extend("minItems" = 1, "uniqueItems" = true))]
pub(super) struct Metrics(pub(super) Vec<Metric>);

impl TryFrom<Vec<Metric>> for Metrics {
    type Error = String;

    fn try_from(metrics: Vec<Metric>) -> Result<Self, String> {
        if metrics.is_empty() {
            return Err("it names no metric: name one, or leave it out for all of them".to_owned());
        }
        if let Some((_, twice)) = metrics.iter().enumerate().find(|(i, metric)| metrics[..*i].contains(metric)) {
            return Err(format!("it names {:?} twice: name it once", twice.as_str()));
        }
        Ok(Metrics(metrics))
    }
}
