//! `lightspeed compare` on the command line.

use crate::args::{PolicyArg, SessionArgs, seconds, share};
use crate::gate::GateArgs;
use clap::{Args, ValueEnum};
use lightspeed::session::{CompareOptions, Filter, Timing};
use lightspeed::suite::{EnvironmentKind, Layer};
use std::path::PathBuf;

/// `lightspeed compare`
#[derive(Args, Debug)]
#[command(
    after_help = "Both revisions are checked out into temporary worktrees whose paths are of equal length; the suite of the working tree measures both. \
What the difference affects is found by a survey of A, which begins with what `init` or the last comparison knows and is kept for the next."
)]
pub struct CompareArgs {
    /// The revision before the change
    #[arg(value_name = "A")]
    pub a: String,
    /// The revision after it [default: the working tree with all its edits]
    #[arg(value_name = "B")]
    pub b: Option<String>,
    #[command(flatten)]
    pub session: SessionArgs,
    /// Run everything, not just what the difference affects; nothing is surveyed then, and there are no controls
    #[arg(long)]
    pub all: bool,
    /// Only instances in whose ids (`bench.Suite.time_x-3`) this regular expression is found
    #[arg(long, value_name = "REGEX")]
    pub bench: Option<String>,
    /// Only benchmarks with one of these tags
    #[arg(long, value_name = "TAG", num_args = 1.., value_delimiter = ',')]
    pub tag: Vec<String>,
    /// Only benchmarks of these layers
    #[arg(long, value_name = "LAYER", num_args = 1.., value_delimiter = ',', value_parser = layers())]
    pub layer: Vec<String>,
    /// What `--layer import` imports [default: the package under change]
    #[arg(long = "import", value_name = "MODULE", num_args = 1.., value_delimiter = ',', value_parser = module)]
    pub imports: Vec<String>,
    /// A command that builds a tree, run in its top; may be given several times [default: as configured]
    #[arg(long, value_name = "CMD")]
    pub build: Vec<String>,
    /// What benchmarks run in [default: as configured, else path]
    #[arg(long, value_name = "KIND", value_enum)]
    pub environment: Option<EnvironmentArg>,
    /// How finely the difference is followed
    #[arg(long, value_enum, default_value = "precise")]
    pub policy: PolicyArg,
    /// Time for all runs together, as `10m` or `90s`: what is decided soonest goes first, what is not decided is listed
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub budget: Option<f64>,
    /// Pairs of each instance at most
    #[arg(long, value_name = "N", default_value = "40", value_parser = clap::value_parser!(u32).range(1..=2048))]
    pub max_pairs: u32,
    /// Unaffected instances that run along, to show whether the machine moves
    #[arg(long, value_name = "N", default_value = "3")]
    pub controls: u16,
    /// First compare A with itself, N times for each instance [without N: once]
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", value_parser = clap::value_parser!(u16).range(1..))]
    pub calibrate: Option<u16>,
    /// Samples in each process [default: as ASV]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub repeat: Option<u64>,
    /// Seconds of warm-up in each process [default: as ASV]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub warmup_time: Option<f64>,
    /// Decides the order in the pairs [default: random, and recorded]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub gate: GateArgs,
    /// Probability of claiming a change where there is none
    #[arg(long, value_name = "P", default_value = "0.05", value_parser = share)]
    pub alpha: f64,
    /// Changes smaller than this share count as none
    #[arg(long, value_name = "SHARE", default_value = "0.02", value_parser = share)]
    pub margin: f64,
    /// Leave the trees where they are, and say where
    #[arg(long)]
    pub keep: bool,
    /// Write the comment for a pull request to this file, with a marker by which a later one finds it
    #[arg(long, value_name = "FILE")]
    pub github_comment: Option<PathBuf>,
}

/// What benchmarks run in.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum EnvironmentArg {
    /// The chosen interpreter, with the tree's sources first on its path
    Path,
    /// A virtual environment for each tree, with its package installed in it
    Venv,
}

impl CompareArgs {
    /// As the session takes it.
    pub fn options(&self) -> CompareOptions {
        let seed = self.seed.unwrap_or_else(lightspeed::pair::random_seed);
        CompareOptions {
            all: self.all,
            policy: self.policy.into(),
            filter: Filter {
                benchmarks: self.bench.clone(),
                tags: self.tag.clone(),
                layers: self.layer.iter().filter_map(|name| Layer::parse(name)).collect(),
            },
            imports: self.imports.clone(),
            build: self.build.clone(),
            environment: self.environment.map(|kind| match kind {
                EnvironmentArg::Path => EnvironmentKind::Path,
                EnvironmentArg::Venv => EnvironmentKind::Venv,
            }),
            timing: Timing { rounds: None, repeat: self.repeat, warmup_time: self.warmup_time },
            margin: self.margin,
            alpha: self.alpha,
            most_pairs: self.max_pairs as usize,
            budget_s: self.budget,
            controls: self.controls.into(),
            calibrate: self.calibrate.unwrap_or(0).into(),
            keep: self.keep,
            ..CompareOptions::new(self.a.clone(), self.b.clone(), seed)
        }
    }
}

fn layers() -> [&'static str; 5] {
    Layer::ALL.map(Layer::as_str)
}

/// The dotted name of a module.
fn module(text: &str) -> Result<String, String> {
    let is_name = |part: &str| {
        part.chars().all(|c| c.is_alphanumeric() || c == '_') && part.chars().next().is_some_and(|c| !c.is_numeric())
    };
    if text.split('.').all(is_name) {
        Ok(text.to_owned())
    } else {
        Err("must be a module's name, as pkg.sub".to_owned())
    }
}

/// Seconds from `10m`, `90s`, `1h 30m`, or a bare number of them.
pub fn duration(text: &str) -> Result<f64, String> {
    let seconds = match text.parse::<f64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            humantime::parse_duration(text).map_err(|error| format!("{error}: write 90s, 10m or 1h"))?.as_secs_f64()
        }
    };
    if seconds.is_finite() && seconds > 0.0 { Ok(seconds) } else { Err("must be above zero".to_owned()) }
}
