//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use lightspeed::cancel::Cancel;
use lightspeed::session::{
    AuditOptions, ChangeSource, MutationSource, OPERATORS, Policy, SelectOptions, Session, SessionOptions, Timing,
};
use lightspeed::suite::asv::Launch;
use std::path::PathBuf;
use std::time::Duration;

use crate::compare_args::CompareArgs;
use crate::database_args::{DashboardArgs, ExportArgs, ReportArgs};
use crate::doctor::DoctorArgs;
use crate::exit::Failure;
use crate::gate::GateArgs;
use crate::pair_args::PairArgs;
use crate::progress::VolumeArgs;
use crate::stats::StatsCommand;
use crate::sweep_args::SweepArgs;

/// Which benchmarks does a change affect, how much did each move, and can that be trusted?
#[derive(Parser, Debug)]
#[command(
    name = "lightspeed",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit codes: 0 done, 1 error, 2 regressed beyond the limit or missed by selection, 3 warned (--fail-on-warn), 4 inconclusive (--fail-on-inconclusive), 5 a benchmark failed, 6 nothing gave a number, 130 interrupted."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Survey which code each benchmark executes, then measure the baseline
    #[command(aliases = ["initialize-diffcheck", "initialize_diffcheck"])]
    Init(InitArgs),
    /// Say which benchmarks a change affects, without running them
    Select(SelectArgs),
    /// Say why a benchmark is affected, or is not, with the lines that changed
    Explain(ExplainArgs),
    /// Run the affected benchmarks and compare with the baseline
    #[command(aliases = ["measure-impacted", "measure_impacted"])]
    Measure(MeasureArgs),
    /// Run the benchmarks that differ between two revisions, in turn, and say how much each moved
    Compare(CompareArgs),
    /// Run two commands in turn until it is known whether they differ
    Pair(PairArgs),
    /// Run a command or benchmark at every point of parameter axes, and say how it scales
    Sweep(Box<SweepArgs>),
    /// Check that selection misses nothing, by mutating a copy of the sources
    Audit(AuditArgs),
    /// Say whether this machine is fit to measure, and what to do about it
    Doctor(DoctorArgs),
    /// Show the baseline, or the results of a step
    Results(ResultsArgs),
    /// Write the survey and what was measured to one file, a snapshot
    Export(ExportArgs),
    /// Write the dashboard with its data to one HTML file
    Report(ReportArgs),
    /// Serve the dashboard to this machine's browsers
    Dashboard(DashboardArgs),
    /// Show a document that was written to a file, as the command that wrote it would
    Show(ShowArgs),
    /// Show the blocks of source files with their checksums
    Blocks(BlocksArgs),
    /// Compare samples of your own, or check the statistics by simulation
    #[command(subcommand)]
    Stats(StatsCommand),
}

impl Command {
    /// Whether a workflow is to hear of it.
    pub fn tells_github(&self) -> bool {
        match self {
            Command::Measure(args) => args.github,
            Command::Pair(args) => args.github,
            _ => false,
        }
    }
}

/// Options of every command that opens a session.
#[derive(Args, Debug)]
pub struct SessionArgs {
    /// The suite's configuration (asv.conf.json or lightspeed.toml) [default: the one in or below this directory, else lightspeed.toml above]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The package under change [default: as in the last survey]
    #[arg(long, value_name = "DIR")]
    pub source_root: Option<PathBuf>,
    /// The Python that runs the suite [default: that of the last survey, else the active environment's]
    #[arg(long, value_name = "PYTHON")]
    pub python: Option<String>,
    /// Where the database lies [default: results_dir of the configuration]
    #[arg(long, value_name = "DIR")]
    pub results_dir: Option<PathBuf>,
    /// How benchmarks get a process of their own
    #[arg(long, value_name = "MODE", default_value = "fork", value_parser = ["fork", "spawn"])]
    pub launch: String,
    /// Print a JSON document instead of text
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub volume: VolumeArgs,
}

impl SessionArgs {
    /// Opens the session.
    pub fn open(&self, cancel: Cancel) -> Result<Session, Failure> {
        let options = SessionOptions {
            config: self.config.clone(),
            cwd: std::env::current_dir()?,
            source_root: self.source_root.clone(),
            python: self.python.clone(),
            results_dir: self.results_dir.clone(),
            launch: if self.launch == "spawn" { Launch::Spawn } else { Launch::Fork },
        };
        opened(options, self.volume, cancel)
    }
}

/// Opens a session, and says which one to who wants to know it all.
pub fn opened(options: SessionOptions, volume: VolumeArgs, cancel: Cancel) -> Result<Session, Failure> {
    let session = Session::open(options, cancel)?;
    let reporter = volume.reporter();
    reporter.detail(&format!("suite: {}", session.config().path().display()));
    reporter.detail(&format!("database: {}", session.database().display()));
    Ok(session)
}

/// How benchmarks are timed.
#[derive(Args, Debug)]
pub struct TimingArgs {
    /// Processes for each timing benchmark [default: its own, else 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub rounds: Option<u32>,
    /// Samples in each process [default: as ASV]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub repeat: Option<u64>,
    /// Seconds of warm-up in each process [default: as ASV]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub warmup_time: Option<f64>,
}

impl TimingArgs {
    /// As the session takes it.
    pub fn timing(&self) -> Timing {
        Timing { rounds: self.rounds, repeat: self.repeat, warmup_time: self.warmup_time }
    }
}

/// A number of seconds.
pub fn seconds(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err("must be finite and not negative".to_owned()) }
}

/// A fraction.
pub fn share(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err("must lie between 0 and 1".to_owned()) }
}

/// `lightspeed init`
#[derive(Args, Debug)]
pub struct InitArgs {
    #[command(flatten)]
    pub session: SessionArgs,
    /// Survey and measure everything again
    #[arg(long)]
    pub force: bool,
    /// Leave the baseline timing out
    #[arg(long)]
    pub survey_only: bool,
    /// Survey and measure this revision instead of the working tree, which stays as it is
    #[arg(long, value_name = "REV")]
    pub base_commit: Option<String>,
    /// Fail instead of waiting when another survey is running
    #[arg(long)]
    pub no_wait: bool,
    #[command(flatten)]
    pub timing: TimingArgs,
}

/// Which changes.
#[derive(Args, Debug)]
pub struct ChangeArgs {
    /// The changed files, or directories of changed files
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with = "from_git_diff")]
    pub changed_files: Option<Vec<PathBuf>>,
    /// Ask git: what differs from the last commit, untracked and deleted files included
    #[arg(long)]
    pub from_git_diff: bool,
    /// Compare with this revision instead (with --from-git-diff), or measure against it (with --paired)
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// How finely changes are followed
    #[arg(long, value_enum, default_value = "precise")]
    pub policy: PolicyArg,
    /// Leave a change out that affects more than this share of the suite, where its file is used as widely; 1 turns that off
    #[arg(long, value_name = "SHARE", default_value = "0.5", value_parser = share)]
    pub hotfile_threshold: f64,
    /// Select everything where the environment differs from the survey's
    #[arg(long)]
    pub strict_environment: bool,
}

/// How finely changes are followed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PolicyArg {
    /// By blocks and by the names that definitions bind
    Precise,
    /// Likewise, but what runs at import affects all that imported the file
    Strict,
    /// A changed file affects all that depend on it
    File,
}

impl From<PolicyArg> for Policy {
    fn from(policy: PolicyArg) -> Self {
        match policy {
            PolicyArg::Precise => Policy::Precise,
            PolicyArg::Strict => Policy::Strict,
            PolicyArg::File => Policy::File,
        }
    }
}

impl ChangeArgs {
    /// As the session takes it. Without a flag: whatever differs from the survey.
    pub fn options(&self) -> Result<SelectOptions, Failure> {
        self.options_for(false)
    }

    /// The same for a measurement, which may be `paired` with the base.
    pub fn options_for(&self, paired: bool) -> Result<SelectOptions, Failure> {
        let source = match &self.changed_files {
            Some(files) if files.iter().any(|f| f.as_os_str().is_empty()) => {
                return Err(Failure::plain(
                    "--changed-files was given an empty name: name a file, or leave the flag out",
                ));
            }
            Some(files) => ChangeSource::Files(files.clone()),
            None if self.from_git_diff => ChangeSource::Git { base: self.base.clone() },
            None if self.base.is_some() && !paired => {
                return Err(Failure::plain("--base says what git compares with: add --from-git-diff"));
            }
            None => ChangeSource::Survey,
        };
        Ok(SelectOptions {
            policy: self.policy.into(),
            hotfile_threshold: self.hotfile_threshold,
            strict_environment: self.strict_environment,
            ..SelectOptions::new(source)
        })
    }
}

/// `lightspeed select`
#[derive(Args, Debug)]
pub struct SelectArgs {
    #[command(flatten)]
    pub session: SessionArgs,
    #[command(flatten)]
    pub changes: ChangeArgs,
    /// Say why, for each benchmark
    #[arg(long)]
    pub explain: bool,
}

/// `lightspeed explain`
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// A benchmark, or one instance of it (`bench.Suite.time_x-3`)
    #[arg(value_name = "BENCHMARK")]
    pub benchmark: String,
    #[command(flatten)]
    pub session: SessionArgs,
    #[command(flatten)]
    pub changes: ChangeArgs,
}

/// `lightspeed measure`
#[derive(Args, Debug)]
pub struct MeasureArgs {
    #[command(flatten)]
    pub session: SessionArgs,
    #[command(flatten)]
    pub changes: ChangeArgs,
    #[command(flatten)]
    pub timing: TimingArgs,
    /// Keep the results under this name
    #[arg(long, value_name = "ID")]
    pub step_id: Option<String>,
    #[command(flatten)]
    pub gate: GateArgs,
    /// Measure nothing where baselines were measured on another class of machine
    #[arg(long)]
    pub strict_host: bool,
    /// Run the tree before the change too, in turn with the tree as it is, until it is known whether they differ
    #[arg(long, conflicts_with = "rounds")]
    pub paired: bool,
    /// With --paired: pairs of each instance at most
    #[arg(long, value_name = "N", default_value = "40", requires = "paired", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_pairs: u32,
    /// With --paired: end after this time, whatever is undecided
    #[arg(long, value_name = "SECONDS", requires = "paired", value_parser = seconds)]
    pub time_budget: Option<f64>,
    /// With --paired: decides the order in the pairs [default: random, and recorded]
    #[arg(long, value_name = "N", requires = "paired")]
    pub seed: Option<u64>,
    /// Annotate a GitHub workflow, and give it step outputs and a summary
    #[arg(long)]
    pub github: bool,
    /// Probability of claiming a change where there is none
    #[arg(long, value_name = "P", default_value = "0.05", value_parser = share)]
    pub alpha: f64,
    /// Changes smaller than this share count as none
    #[arg(long, value_name = "SHARE", default_value = "0.02", value_parser = share)]
    pub margin: f64,
}

/// `lightspeed audit`
#[derive(Args, Debug)]
pub struct AuditArgs {
    #[command(flatten)]
    pub session: SessionArgs,
    /// Mutations for each operator
    #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: u64,
    /// What the sample of mutations is drawn with
    #[arg(long, value_name = "N", default_value = "1")]
    pub seed: u64,
    /// Only these operators [default: all]
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',', value_parser = OPERATORS)]
    pub operators: Vec<String>,
    /// Try these patches (`git diff` of the top of the repository) instead of mutations
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with_all = ["operators", "count", "seed"])]
    pub patch: Option<Vec<PathBuf>>,
    /// Only instances in whose ids (`bench.Suite.time_x-3`) this regular expression is found
    #[arg(long, value_name = "REGEX")]
    pub benchmarks: Option<String>,
    /// Copies of the tree that are worked on at once [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Begin no further mutation after this time; the same command goes on from there
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub time_budget: Option<f64>,
    /// How finely changes are followed
    #[arg(long, value_enum, default_value = "precise")]
    pub policy: PolicyArg,
    /// As in `select`; what it leaves out is missed
    #[arg(long, value_name = "SHARE", default_value = "1", value_parser = share)]
    pub hotfile_threshold: f64,
    /// Leave the copies of the tree where they are
    #[arg(long)]
    pub keep: bool,
}

impl AuditArgs {
    /// As the session takes it.
    pub fn options(&self) -> AuditOptions {
        let sample =
            || MutationSource::Sample { operators: self.operators.clone(), count: self.count, seed: self.seed };
        AuditOptions {
            policy: self.policy.into(),
            hotfile_threshold: self.hotfile_threshold,
            source: self.patch.clone().map_or_else(sample, MutationSource::Patches),
            benchmarks: self.benchmarks.clone(),
            jobs: self.jobs.map(usize::from),
            time_budget: self.time_budget.map(|s| Duration::try_from_secs_f64(s).unwrap_or(Duration::MAX)),
            keep: self.keep,
        }
    }
}

/// `lightspeed results`
#[derive(Args, Debug)]
pub struct ResultsArgs {
    #[command(flatten)]
    pub session: SessionArgs,
    /// Show this step instead of the baseline
    #[arg(long, value_name = "ID")]
    pub step_id: Option<String>,
}

/// `lightspeed show`
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// What a command printed with --json, or `pair --output` wrote; `-` reads it from standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Say why, for each benchmark of a selection
    #[arg(long)]
    pub explain: bool,
    /// Print the document as it was understood, instead of text
    #[arg(long)]
    pub json: bool,
}

/// `lightspeed blocks`
#[derive(Args, Debug)]
pub struct BlocksArgs {
    /// Source files: of Go where they end in `.go`, else of Python
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print a JSON document instead of text
    #[arg(long)]
    pub json: bool,
    /// Count docstrings as code
    #[arg(long)]
    pub docstrings: bool,
}
