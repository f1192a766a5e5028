//! `[[sweep]]` of lightspeed.toml.

use std::collections::BTreeMap;
use std::path::Path;

use lightspeed_core::sweep::{Axis, Combination, SweepDesign};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::config::resolve;
use super::mistake::Mistake;
use super::values::{Argv, Label, Repeat, Timeout, Variable, VariableName, Warmup, WrittenPath};
use crate::pair::{Direction, Program};
use crate::suite::asv::CONFIG_NAME;
use crate::sweep::{Derived, Subject, SweepOptions};

/// A sweep: a command, or a benchmark of an ASV suite, at every point of some axes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline, extend("oneOf" = [
    {"required": ["command"], "not": {"required": ["suite"]}},
    {"required": ["benchmark"], "not": {"anyOf": [{"required": ["cwd"]}, {"required": ["env"]}]}},
]))]
pub(super) struct WrittenSweep {
    /// What it is called: `lightspeed sweep NAME`. No two have the same name.
    #[schemars(with = "Label")]
    name: Spanned<Label>,
    /// The program and its arguments; `{axis}` in a word is the value of that axis.
    command: Option<Argv>,
    /// A benchmark of an ASV suite instead, whose parameters are the axes.
    benchmark: Option<Label>,
    /// The configuration of its suite, relative to this file [default: asv.conf.json].
    suite: Option<WrittenPath>,
    /// The axes: "workers=1,2,4", "n=1..16 step 2", "n=log2 1..64", or tables [default for a benchmark: its parameters].
    #[serde(default)]
    #[schemars(with = "Vec<AxisSchema>")]
    axes: Vec<Spanned<toml::Value>>,
    /// The first values of all axes go together, then the second ones, instead of every combination.
    #[serde(default)]
    zip: bool,
    /// Where it runs, relative to this file; may mention axes [default: beside this file].
    cwd: Option<WrittenPath>,
    /// Environment variables to set, or (false) to remove; values may mention axes.
    #[serde(default)]
    env: BTreeMap<VariableName, Variable>,
    /// How many runs of each point count [default: 6].
    repeat: Option<Repeat>,
    /// How many runs of each point come first and do not count [default: 1].
    warmup: Option<Warmup>,
    /// How long a run may take: a number of seconds, or text such as "90s" [default: 60].
    timeout: Option<Timeout>,
    /// How long all runs may take together; no run is begun after.
    budget: Option<Timeout>,
    /// The axis along which speed-ups and scaling are told [default: the one that counts workers, else the first with sizes].
    along: Option<Label>,
    /// The axis that counts workers [default: one that is called so].
    workers: Option<Label>,
    /// What points are compared by [default: wall; for a benchmark its value].
    metric: Option<Label>,
    /// Which way that is better [default: as the metric itself says, else lower].
    #[schemars(with = "Option<DirectionSchema>")]
    better: Option<Direction>,
    /// Metrics that a frame of every run must tell.
    #[serde(default)]
    metrics: Vec<Label>,
    /// Metrics that are worked out of others.
    #[serde(default)]
    derived: BTreeMap<Label, WrittenDerived>,
}

/// A metric that is worked out: an expression over names of axes and metrics, or a table.
#[derive(Deserialize, JsonSchema)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "an expression such as \"requests / wall\", or a table { expression, unit, better }"
)]
#[schemars(inline)]
enum WrittenDerived {
    /// "requests / wall"
    Expression(String),
    /// In parts.
    Described {
        /// Over names of axes and metrics.
        expression: String,
        /// What it counts [default: nothing in particular].
        #[serde(default)]
        unit: String,
        /// Which way is better [default: lower].
        #[serde(default)]
        #[schemars(with = "DirectionSchema")]
        better: Direction,
    },
}

/// An axis, as the schema has it.
#[derive(JsonSchema)]
#[schemars(untagged, inline, deny_unknown_fields)]
#[allow(dead_code, reason = "the reader is the core's; this says the same to editors")]
enum AxisSchema {
    /// "workers=1,2,4", "n:float=0.1..0.5 step 0.1"
    Text(#[schemars(extend("pattern" = "="))] String),
    /// In parts.
    Parts {
        /// Its name.
        name: String,
        /// A list, or text such as "1..16 step 2".
        values: ValuesSchema,
        /// What its values are [default: the first that fits].
        kind: Option<KindSchema>,
        /// What it is where other axes are swept [default: its first value].
        default: Option<ValueSchema>,
    },
}

#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[allow(dead_code, reason = "as AxisSchema")]
enum ValuesSchema {
    Text(String),
    List(#[schemars(length(min = 1))] Vec<ValueSchema>),
}

#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[allow(dead_code, reason = "as AxisSchema")]
enum ValueSchema {
    Number(f64),
    Text(String),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
#[allow(dead_code, reason = "as AxisSchema")]
enum KindSchema {
    Int,
    Float,
    Shape,
    Text,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
#[allow(dead_code, reason = "as AxisSchema")]
enum DirectionSchema {
    Lower,
    Higher,
}

/// All sweeps, each looked at as far as can be without running it; their seeds are to be chosen.
pub(super) fn sweeps(written: &[Spanned<WrittenSweep>], base: &Path) -> Result<Vec<SweepOptions>, Mistake> {
    let mut sweeps: Vec<SweepOptions> = Vec::new();
    for entry in written {
        let name = &entry.get_ref().name;
        let sweep = sweep(entry, base)?;
        if sweeps.iter().any(|other| other.name == sweep.name) {
            let problem = format!("two sweeps are called {:?}: give one of them another name", sweep.name);
            return Err(Mistake::new(name.span(), problem));
        }
        sweeps.push(sweep);
    }
    Ok(sweeps)
}

fn sweep(entry: &Spanned<WrittenSweep>, base: &Path) -> Result<SweepOptions, Mistake> {
    let own = entry.get_ref();
    let refused = |problem: String| Mistake::new(entry.span(), problem);
    let env = own.env.iter().map(|(name, value)| (name.0.clone(), value.0.clone())).collect();
    let subject = match (&own.command, &own.benchmark) {
        (Some(_), None) if own.suite.is_some() => {
            return Err(refused("`suite` belongs to a `benchmark`, and this is a command: leave it out".to_owned()));
        }
        (None, Some(_)) if own.cwd.is_some() || !own.env.is_empty() => {
            let problem = "a benchmark runs where and as its suite says: leave `cwd` and `env` out";
            return Err(refused(problem.to_owned()));
        }
        (Some(command), None) => Subject::Command(Program {
            command: command.0.clone(),
            cwd: own.cwd.as_ref().map_or(base.to_owned(), |given| resolve(base, given)),
            env,
        }),
        (None, Some(benchmark)) => Subject::Benchmark {
            name: benchmark.0.clone(),
            config: own.suite.as_ref().map_or(base.join(CONFIG_NAME), |given| resolve(base, given)),
        },
        _ => return Err(refused("a sweep has either a `command` or a `benchmark`: write one of them".to_owned())),
    };
    let is_command = matches!(subject, Subject::Command(_));
    let mut design = SweepDesign::new(own.axes.iter().map(axis).collect::<Result<_, _>>()?);
    design.combination = if own.zip { Combination::Zipped } else { Combination::Cartesian };
    design.repeats = own.repeat.map_or(design.repeats, |repeat| repeat.0 as usize);
    design.along = own.along.as_ref().map(|name| name.0.clone());
    design.workers = own.workers.as_ref().map(|name| name.0.clone());
    let mut options = SweepOptions::new(own.name.get_ref().0.clone(), subject, design, 0);
    options.warmup = own.warmup.map_or(options.warmup, |warmup| warmup.0 as usize);
    options.timeout_s = own.timeout.map_or(options.timeout_s, |timeout| timeout.0.as_secs_f64());
    options.budget_s = own.budget.map(|budget| budget.0.as_secs_f64());
    options.metric = own.metric.as_ref().map_or(options.metric, |metric| metric.0.clone());
    options.better = own.better;
    options.expects = own.metrics.iter().map(|metric| metric.0.clone()).collect();
    options.derived = own.derived.iter().map(|(name, written)| derived(&name.0, written)).collect();
    if is_command {
        options.points().map_err(|error| refused(error.to_string()))?;
    }
    Ok(options)
}

/// Read by itself, because its place would be that of all axes.
fn axis(written: &Spanned<toml::Value>) -> Result<Axis, Mistake> {
    let refused = |error: toml::de::Error| Mistake::new(written.span(), error.message().to_owned());
    Axis::deserialize(written.get_ref().clone()).map_err(refused)
}

fn derived(name: &str, written: &WrittenDerived) -> Derived {
    let (expression, unit, better) = match written {
        WrittenDerived::Expression(expression) => (expression, String::new(), Direction::default()),
        WrittenDerived::Described { expression, unit, better } => (expression, unit.clone(), *better),
    };
    Derived { name: name.to_owned(), expression: expression.clone(), unit, better }
}
