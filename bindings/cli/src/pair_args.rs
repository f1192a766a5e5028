//! `lightspeed pair` on the command line: two commands, limits, what ends with which code.

use crate::exit::Failure;
use crate::progress::VolumeArgs;
use clap::Args;
use lightspeed::pair::{Budget, Metric, PairOptions, Program};
use std::path::{Path, PathBuf};

/// `lightspeed pair`
#[derive(Args, Debug)]
pub struct PairArgs {
    /// The command before the change; split into words as a shell would, but no shell runs it
    #[arg(long, value_name = "CMD")]
    pub baseline: String,
    /// The command after the change
    #[arg(long, value_name = "CMD")]
    pub current: String,
    /// What it is called in reports
    #[arg(long, default_value = "pair")]
    pub name: String,
    /// Where both run [default: here]
    #[arg(long, value_name = "DIR")]
    pub cwd: Option<PathBuf>,
    /// Where the baseline runs, relative to --cwd
    #[arg(long, value_name = "DIR")]
    pub baseline_cwd: Option<PathBuf>,
    /// Where the current command runs, relative to --cwd
    #[arg(long, value_name = "DIR")]
    pub current_cwd: Option<PathBuf>,
    /// Set a variable for both; without `=VALUE`, remove it
    #[arg(long, value_name = "NAME=VALUE")]
    pub env: Vec<String>,
    /// Set a variable for the baseline
    #[arg(long, value_name = "NAME=VALUE")]
    pub baseline_env: Vec<String>,
    /// Set a variable for the current command
    #[arg(long, value_name = "NAME=VALUE")]
    pub current_env: Vec<String>,
    /// Pairs to run; with --max-pairs: at least [default: until it is decided]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub repeat: Option<u16>,
    /// Go on until it is decided, but no longer than this many pairs [default: 60, without --repeat]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=2048))]
    pub max_pairs: Option<u16>,
    /// Pairs that come first and do not count
    #[arg(long, value_name = "N", default_value = "1")]
    pub warmup: u16,
    /// Seconds that a run may take
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = positive)]
    pub timeout: f64,
    /// How much slower it may become: `5%`, `0.05`, `200us`, or both as `5%+200us` (a change counts beyond both)
    #[arg(long, value_name = "LIMIT", default_value = "5%")]
    pub threshold: String,
    /// A budget for another metric, perhaps with a limit for a warning first: `max_rss=10%+1MiB`, `cpu=2%:5%`
    #[arg(long, value_name = "METRIC=[WARN:]FAIL")]
    pub budget: Vec<String>,
    /// Probability of calling a change where there is none, over all budgets
    #[arg(long, value_name = "P", default_value = "0.05", value_parser = probability)]
    pub alpha: f64,
    /// Decides the order in the pairs [default: random, and recorded]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How much work one run does: adds times by the piece, and the throughput
    #[arg(long, value_name = "N", value_parser = positive)]
    pub work_units: Option<f64>,
    /// Exit codes other than 0 are no failure
    #[arg(long)]
    pub allow_nonzero: bool,
    /// Bytes kept of each output of a run
    #[arg(long, value_name = "BYTES", default_value = "8192")]
    pub output_cap: usize,
    /// Exit with 3 where there is a warning
    #[arg(long)]
    pub fail_on_warn: bool,
    /// Exit with 4 where the pairs cannot tell
    #[arg(long)]
    pub fail_on_inconclusive: bool,
    /// Write the receipt to this file too
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print the receipt as JSON instead of text
    #[arg(long)]
    pub json: bool,
    /// Annotate a GitHub workflow, and give it step outputs and a summary
    #[arg(long)]
    pub github: bool,
    #[command(flatten)]
    pub volume: VolumeArgs,
}

impl PairArgs {
    /// As the library takes it.
    pub fn options(&self) -> Result<PairOptions, Failure> {
        let here = std::env::current_dir()?;
        let cwd = self.cwd.as_ref().map_or(here.clone(), |cwd| here.join(cwd));
        let side = |command: &str, own_cwd: &Option<PathBuf>, own_env: &[String]| {
            program(command, &own_cwd.as_ref().map_or(cwd.clone(), |own| cwd.join(own)), self.env.iter().chain(own_env))
        };
        let mut budgets = vec![Budget::parse(Metric::Wall, &self.threshold)?];
        for given in &self.budget {
            let (name, limits) = given
                .split_once('=')
                .ok_or_else(|| Failure::plain(format!("the budget {given:?} has no '=': write METRIC=LIMIT")))?;
            let budget = Budget::parse(metric(name)?, limits)?;
            budgets.retain(|other| other.metric != budget.metric || other.metric != Metric::Wall);
            budgets.push(budget);
        }
        let (least_pairs, most_pairs) = match (self.repeat, self.max_pairs) {
            (Some(repeat), None) => (repeat, repeat),
            (repeat, most) => (repeat.unwrap_or(0), most.unwrap_or(60).max(repeat.unwrap_or(0))),
        };
        Ok(PairOptions {
            name: self.name.clone(),
            baseline: side(&self.baseline, &self.baseline_cwd, &self.baseline_env)?,
            current: side(&self.current, &self.current_cwd, &self.current_env)?,
            timeout_s: self.timeout,
            output_cap: self.output_cap,
            warmup: self.warmup.into(),
            least_pairs: least_pairs.into(),
            most_pairs: most_pairs.into(),
            alpha: self.alpha,
            seed: self.seed.unwrap_or_else(lightspeed::pair::random_seed),
            work_units: self.work_units,
            allow_nonzero: self.allow_nonzero,
            budgets,
            gate: Default::default(),
        })
    }
}

fn program<'e>(command: &str, cwd: &Path, env: impl Iterator<Item = &'e String>) -> Result<Program, Failure> {
    let words = shell_words::split(command)
        .map_err(|error| Failure::plain(format!("the command {command:?} cannot be split into words: {error}")))?;
    Ok(Program { command: words, cwd: cwd.to_owned(), env: env.map(|given| variable(given)).collect() })
}

/// A variable to set, or, without a value, to remove.
pub fn variable(given: &str) -> (String, Option<String>) {
    match given.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (given.to_owned(), None),
    }
}

fn metric(name: &str) -> Result<Metric, Failure> {
    Metric::parse(name).ok_or_else(|| {
        let known = Metric::ALL.map(Metric::as_str).join(", ");
        Failure::plain(format!("there is no metric {name:?}: the metrics are {known}"))
    })
}

/// A number above zero.
pub fn positive(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if value.is_finite() && value > 0.0 { Ok(value) } else { Err("must be finite and above zero".to_owned()) }
}

/// A number between 0 and 1.
pub fn probability(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if value > 0.0 && value < 1.0 { Ok(value) } else { Err("must lie between 0 and 1".to_owned()) }
}
