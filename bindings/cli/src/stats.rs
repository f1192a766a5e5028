//! `lightspeed stats`: the statistics by themselves, on files or on simulated noise.

use crate::exit::{Exit, Failure};
use crate::stats_simulate::{Noise, Rule};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with numbers.
#[derive(Subcommand, Debug)]
pub enum StatsCommand {
    /// Compare two files of timings: lists of numbers, or results of hyperfine, pyperf or ASV
    Compare(CompareArgs),
    /// Simulate how often each rule calls a change where there is none, and how soon where there is one
    Simulate(SimulateArgs),
}

/// `lightspeed stats compare`
#[derive(Args, Debug)]
pub struct CompareArgs {
    /// Timings before
    #[arg(value_name = "A")]
    pub baseline: PathBuf,
    /// Timings after
    #[arg(value_name = "B")]
    pub current: PathBuf,
    /// The i-th runs of both files belong together
    #[arg(long)]
    pub paired: bool,
    /// Changes smaller than this share count as none
    #[arg(long, value_name = "SHARE", default_value = "0.02", value_parser = not_negative)]
    pub margin: f64,
    /// The probability of claiming a change where there is none
    #[arg(long, value_name = "P", default_value = "0.05", value_parser = probability)]
    pub alpha: f64,
    /// Print a JSON document instead of text
    #[arg(long)]
    pub json: bool,
}

/// `lightspeed stats simulate`
#[derive(Args, Debug)]
pub struct SimulateArgs {
    /// Kinds of noise [default: all]
    #[arg(long, value_enum, num_args = 1..)]
    pub noise: Vec<Noise>,
    /// Rules [default: all]
    #[arg(long, value_enum, num_args = 1..)]
    pub method: Vec<Rule>,
    /// Changes to find, in the second table
    #[arg(long, value_name = "SHARE", num_args = 1.., default_values = ["0.03", "0.01"], value_parser = not_negative)]
    pub effect: Vec<f64>,
    /// Noise of each side, a share
    #[arg(long, value_name = "SHARE", default_value = "0.02", value_parser = not_negative)]
    pub spread: f64,
    /// Pairs of a series where nothing changed, with a look after each
    #[arg(long, value_name = "N", default_value = "100", value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub pairs: u16,
    /// Series for each number
    #[arg(long, value_name = "N", default_value = "400", value_parser = clap::value_parser!(u32).range(1..))]
    pub series: u32,
    /// Seed of the noise
    #[arg(long, default_value = "1")]
    pub seed: u64,
    /// The error level that rules are asked for, where they can be
    #[arg(long, value_name = "P", default_value = "0.05", value_parser = probability)]
    pub alpha: f64,
    /// Print a JSON document instead of text
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub fn run(command: &StatsCommand) -> Result<Exit, Failure> {
    match command {
        StatsCommand::Compare(args) => crate::stats_compare::run(args),
        StatsCommand::Simulate(args) => crate::stats_simulate::run(args),
    }
}

fn not_negative(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err("must be finite and not negative".to_owned()) }
}

fn probability(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if value > 0.0 && value < 1.0 { Ok(value) } else { Err("must lie between 0 and 1".to_owned()) }
}
