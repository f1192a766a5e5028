//! The commands that look at the database alone, on the command line: export, report, dashboard.

use crate::args::opened;
use crate::exit::Failure;
use crate::progress::VolumeArgs;
use clap::Args;
use lightspeed::cancel::Cancel;
use lightspeed::session::{ExportOptions, Session, SessionOptions};
use std::path::PathBuf;

/// Where the database lies.
#[derive(Args, Debug)]
pub struct DatabaseArgs {
    /// The suite's configuration (asv.conf.json or lightspeed.toml) [default: the one in or below this directory, else lightspeed.toml above]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the database lies [default: results_dir of the configuration]
    #[arg(long, value_name = "DIR")]
    pub results_dir: Option<PathBuf>,
    #[command(flatten)]
    pub volume: VolumeArgs,
}

impl DatabaseArgs {
    /// Opens the session.
    pub fn open(&self, cancel: Cancel) -> Result<Session, Failure> {
        let options = SessionOptions {
            config: self.config.clone(),
            cwd: std::env::current_dir()?,
            results_dir: self.results_dir.clone(),
            ..SessionOptions::default()
        };
        opened(options, self.volume, cancel)
    }
}

/// What goes into a snapshot.
#[derive(Args, Debug)]
pub struct ContentArgs {
    /// Leave the sources out: what is shown then has names and line numbers, and no lines
    #[arg(long)]
    pub without_sources: bool,
}

impl ContentArgs {
    /// As the session takes it.
    pub fn options(&self) -> ExportOptions {
        ExportOptions { sources: !self.without_sources }
    }
}

/// `lightspeed export`
#[derive(Args, Debug)]
pub struct ExportArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Where to write the snapshot; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    #[command(flatten)]
    pub content: ContentArgs,
    /// Print a JSON document instead of text
    #[arg(long)]
    pub json: bool,
}

/// `lightspeed report`
#[derive(Args, Debug)]
pub struct ReportArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Where to write the page; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub html: PathBuf,
    /// The step that is shown first [default: the newest]
    #[arg(long, value_name = "ID")]
    pub step_id: Option<String>,
    #[command(flatten)]
    pub content: ContentArgs,
    /// Print a JSON document instead of text
    #[arg(long)]
    pub json: bool,
}

/// `lightspeed dashboard`
#[derive(Args, Debug)]
pub struct DashboardArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The port on 127.0.0.1 [default: one that is free]
    #[arg(long, value_name = "N", default_value = "0", hide_default_value = true)]
    pub port: u16,
    /// Open no browser; without a terminal none is opened anyway
    #[arg(long)]
    pub no_browser: bool,
}
