//! `lightspeed sweep` on the command line: what is swept, how often, where what comes of it goes.

use crate::compare_args::duration;
use crate::exit::Failure;
use crate::pair_args::{positive, probability, variable};
use crate::progress::VolumeArgs;
use clap::{Args, ValueEnum};
use lightspeed::pair::{Direction, Program, random_seed};
use lightspeed::suite::asv::CONFIG_NAME;
use lightspeed::suite::commands::{CommandConfig, FILE_NAME, RESULTS_DIR};
use lightspeed::sweep::{Derived, Subject, SweepOptions};
use lightspeed_core::sweep::{Axis, Combination, SweepDesign};
use std::path::PathBuf;

/// `lightspeed sweep`
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  lightspeed sweep --axis workers=1,2,4,8 --axis level=1..9 -- ./pack --jobs {workers} -{level} corpus.tar
  lightspeed sweep --axis 'n=log2 1..4096' --env OMP_NUM_THREADS={n} -- ./solve
  lightspeed sweep compress --only workers --resume        a [[sweep]] of lightspeed.toml
  lightspeed sweep --benchmark reduce.ChunkReduce.time_reduce --axis n=100,1000")]
pub struct SweepArgs {
    /// A [[sweep]] of lightspeed.toml [default: the only one]
    pub name: Option<String>,
    /// The command, with {axis} where a value belongs; no shell runs it
    #[arg(last = true, value_name = "CMD", conflicts_with = "benchmark")]
    pub command: Vec<String>,
    /// A benchmark of an ASV suite instead: its parameters are the axes
    #[arg(long, value_name = "NAME", conflicts_with = "name")]
    pub benchmark: Option<String>,
    /// An axis: `n=1,2,4`, `n=1..16 step 2`, `n=log2 1..64`, `size=16x16,64x64`, `mode=fast,slow`; a kind may be asked for as in
    /// `n:float=1,2` (int, float, shape, text). In place of that of a [[sweep]]
    #[arg(long, value_name = "NAME=VALUES")]
    pub axis: Vec<String>,
    /// Sweep only this axis; the others stay at their defaults. May be given several times
    #[arg(long, value_name = "AXIS")]
    pub only: Vec<String>,
    /// The first values of all axes go together, then the second ones, instead of every combination
    #[arg(long)]
    pub zip: bool,
    /// Runs of each point that count [default: 6, the fewest that give a speed-up an interval]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub repeat: Option<u16>,
    /// Runs of each point that come first and do not count [default: 1]
    #[arg(long, value_name = "N")]
    pub warmup: Option<u16>,
    /// Seconds that a run may take [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub timeout: Option<f64>,
    /// Time for all runs together, as `10m` or `90s`; no run is begun after
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub budget: Option<f64>,
    /// The axis along which speed-ups and scaling are told [default: the one that counts workers, else the first with sizes]
    #[arg(long, value_name = "AXIS")]
    pub along: Option<String>,
    /// The axis that counts workers, for their efficiency [default: one called workers, threads, jobs …]
    #[arg(long, value_name = "AXIS")]
    pub workers: Option<String>,
    /// What points are compared by: wall, user, sys, cpu, max_rss, one that frames tell, a derived one [default: wall]
    #[arg(long, value_name = "METRIC")]
    pub metric: Option<String>,
    /// Which way that is better [default: as it says itself, else lower]
    #[arg(long, value_enum, value_name = "WAY")]
    pub better: Option<BetterArg>,
    /// A metric or counter that a frame of every run must tell
    #[arg(long, value_name = "METRIC")]
    pub expect: Vec<String>,
    /// A metric worked out of axes and others: `rate = requests / wall`
    #[arg(long, value_name = "NAME=EXPRESSION")]
    pub derive: Vec<String>,
    /// Where the command runs; may mention axes [default: here]
    #[arg(long, value_name = "DIR")]
    pub cwd: Option<PathBuf>,
    /// Set a variable for the command, perhaps to {axis}; without `=VALUE`, remove it
    #[arg(long, value_name = "NAME=VALUE")]
    pub env: Vec<String>,
    /// Bytes kept of each output of a run [default: 1048576]
    #[arg(long, value_name = "BYTES")]
    pub output_cap: Option<usize>,
    /// Error level of the intervals [default: 0.05]
    #[arg(long, value_name = "P", value_parser = probability)]
    pub alpha: Option<f64>,
    /// Decides the order in each round [default: random, and recorded]
    #[arg(long, value_name = "N", conflicts_with = "resume")]
    pub seed: Option<u64>,
    /// Go on with the newest sweep of the same configuration: run only what is missing
    #[arg(long)]
    pub resume: bool,
    /// With --resume: run points again that failed
    #[arg(long, requires = "resume")]
    pub retry_failed: bool,
    /// Say what would be run, and run nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The configuration with the [[sweep]], or that of the ASV suite [default: lightspeed.toml here or above; asv.conf.json]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// With --benchmark: the package under change [default: as in the last survey]
    #[arg(long, value_name = "DIR")]
    pub source_root: Option<PathBuf>,
    /// With --benchmark: the Python that runs the suite
    #[arg(long, value_name = "PYTHON")]
    pub python: Option<String>,
    /// Where the journal of runs goes, below `sweeps` [default: results_dir of the configuration, else .lightspeed]
    #[arg(long, value_name = "DIR")]
    pub results_dir: Option<PathBuf>,
    /// Write the document to this file too
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write a row for each point to this CSV file (`-`: standard output)
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Write the tables as Markdown to this file
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Write tables and plots as one HTML page to this file
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Leave the plot out
    #[arg(long)]
    pub no_plot: bool,
    /// Print the document as JSON instead of text
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub volume: VolumeArgs,
}

/// Which way a metric is better.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum BetterArg {
    /// Less is better
    Lower,
    /// More is better
    Higher,
}

/// What is to be swept, and where that is kept.
pub struct Asked {
    /// As the library takes it.
    pub options: SweepOptions,
    /// Where the results go.
    pub results_dir: PathBuf,
}

impl SweepArgs {
    /// What was asked for: a sweep of the configuration or of this command line, with what this says on top.
    pub fn asked(&self) -> Result<Asked, Failure> {
        let here = std::env::current_dir()?;
        let (mut options, results_dir) = self.base()?;
        for text in &self.axis {
            let axis = Axis::parse(text).map_err(|error| Failure::plain(error.to_string()))?;
            let axes = &mut options.design.axes;
            match axes.iter_mut().find(|other| other.name == axis.name) {
                Some(other) => *other = axis,
                None => axes.push(axis),
            }
        }
        self.restrict(&mut options)?;
        if let Subject::Command(program) = &mut options.subject {
            if let Some(cwd) = &self.cwd {
                program.cwd = here.join(cwd);
            }
            program.env.extend(self.env.iter().map(|given| variable(given)));
        } else if self.cwd.is_some() || !self.env.is_empty() {
            let why = "a benchmark runs where and as its suite says: leave --cwd and --env out";
            return Err(Failure::plain(why));
        }
        for text in &self.derive {
            let (name, expression) = text
                .split_once('=')
                .ok_or_else(|| Failure::plain(format!("{text:?} has no '=': write NAME=EXPRESSION")))?;
            let (name, expression) = (name.trim().to_owned(), expression.trim().to_owned());
            options.derived.retain(|other| other.name != name);
            let (unit, better) = (String::new(), Direction::default());
            options.derived.push(Derived { name, expression, unit, better });
        }
        self.override_numbers(&mut options);
        let results_dir = self.results_dir.as_ref().map_or(results_dir, |given| here.join(given));
        Ok(Asked { options, results_dir })
    }

    /// The sweep before anything else of this command line, and where its configuration puts results.
    fn base(&self) -> Result<(SweepOptions, PathBuf), Failure> {
        let here = std::env::current_dir()?;
        let seed = self.seed.unwrap_or_else(random_seed);
        let design = SweepDesign::new(Vec::new());
        if let Some(name) = &self.benchmark {
            let config = here.join(self.config.clone().unwrap_or_else(|| CONFIG_NAME.into()));
            let results = config.with_file_name(RESULTS_DIR);
            let subject = Subject::Benchmark { name: name.clone(), config };
            return Ok((SweepOptions::new(name, subject, design, seed), results));
        }
        if !self.command.is_empty() {
            let name = self.name.clone().unwrap_or_else(|| program_name(&self.command[0]));
            let program = Program { command: self.command.clone(), cwd: here.clone(), env: Vec::new() };
            return Ok((SweepOptions::new(name, Subject::Command(program), design, seed), here.join(RESULTS_DIR)));
        }
        let config = CommandConfig::load(&self.config_file()?).map_err(|error| Failure::plain(error.to_string()))?;
        let named = |sweep: &&SweepOptions| self.name.as_ref().is_none_or(|name| *name == sweep.name);
        let mut found = config.sweeps.iter().filter(named);
        let file = config.path.display();
        let names = || config.sweeps.iter().map(|sweep| sweep.name.as_str()).collect::<Vec<_>>().join(", ");
        match (found.next(), found.next()) {
            (Some(sweep), None) => Ok((SweepOptions { seed, ..sweep.clone() }, config.results_dir.clone())),
            (Some(_), Some(_)) => Err(Failure::plain(format!("{file} has several sweeps: name one of {}", names()))),
            (None, _) if config.sweeps.is_empty() => {
                Err(Failure::plain(format!("{file} has no sweep: add a [[sweep]], or give a command after --")))
            }
            (None, _) => Err(Failure::plain(format!("{file} has no such sweep: there are {}", names()))),
        }
    }

    /// The file with the [[sweep]].
    fn config_file(&self) -> Result<PathBuf, Failure> {
        let here = std::env::current_dir()?;
        if let Some(config) = &self.config {
            return Ok(here.join(config));
        }
        let found = here.ancestors().map(|directory| directory.join(FILE_NAME)).find(|path| path.is_file());
        let nothing =
            "there is nothing to sweep: give a command after --, a --benchmark, or a [[sweep]] in lightspeed.toml";
        found.ok_or_else(|| Failure::plain(nothing))
    }

    /// Leaves axes that are not to be swept at their defaults.
    fn restrict(&self, options: &mut SweepOptions) -> Result<(), Failure> {
        let axes = &mut options.design.axes;
        if axes.is_empty() && !self.only.is_empty() {
            let why = "--only leaves out some of the axes given, and none are: name them with --axis";
            return Err(Failure::plain(why));
        }
        if let Some(missing) = self.only.iter().find(|name| !axes.iter().any(|axis| axis.name == **name)) {
            let known = axes.iter().map(|axis| axis.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Failure::plain(format!("there is no axis {missing} to sweep: the axes are {known}")));
        }
        if !self.only.is_empty() {
            axes.iter_mut().filter(|axis| !self.only.contains(&axis.name)).for_each(|axis| *axis = axis.fixed());
        }
        Ok(())
    }

    fn override_numbers(&self, options: &mut SweepOptions) {
        if self.zip {
            options.design.combination = Combination::Zipped;
        }
        set(&mut options.design.repeats, self.repeat.map(usize::from));
        set(&mut options.warmup, self.warmup.map(usize::from));
        set(&mut options.timeout_s, self.timeout);
        set(&mut options.output_cap, self.output_cap);
        set(&mut options.alpha, self.alpha);
        set(&mut options.metric, self.metric.clone());
        options.budget_s = self.budget.or(options.budget_s);
        options.design.along = self.along.clone().or(options.design.along.take());
        options.design.workers = self.workers.clone().or(options.design.workers.take());
        let better = self.better.map(|better| match better {
            BetterArg::Lower => Direction::Lower,
            BetterArg::Higher => Direction::Higher,
        });
        options.better = better.or(options.better);
        options.expects.extend(self.expect.iter().cloned());
    }
}

fn set<T>(place: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *place = given;
    }
}

/// What a command is called where nobody says.
fn program_name(program: &str) -> String {
    program.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("sweep").to_owned()
}
