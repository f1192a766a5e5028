//! The starts of commands that the configuration names: a suite of commands beside the suite.

use super::CompareOptions;
use super::environment::put_first;
use super::selection::{Checked, Chosen, Side};
use super::trees::Tree;
use crate::pair::{Budget, Metric};
use crate::session::{Session, SessionError};
use crate::suite::Suite;
use crate::suite::commands::{CommandBenchmark, CommandConfig, CommandSuite, CoverageSource, listed};
use crate::suite::{Layer, SuiteConfig};
use lightspeed_core::impact::{Reason, Rule};
use lightspeed_core::report::ReasonText;
use serde_json::json;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// How long a command may take to start and end.
const TIMEOUT: Duration = Duration::from_secs(60);
/// What is told of each.
const METRICS: [Metric; 5] = [Metric::Wall, Metric::User, Metric::Sys, Metric::Cpu, Metric::MaxRss];

impl Side {
    /// The commands to start in the tree of this side.
    pub(super) fn startup(&self, tree: &Tree, margin: f64) -> Result<Side, SessionError> {
        let compare = self.session.config.compare();
        let mut benchmarks = Vec::new();
        for (name, command) in &compare.startup {
            let words = shell_words::split(command).map_err(|error| {
                SessionError::Request(format!("the command {command:?} cannot be split into words: {error}"))
            })?;
            benchmarks.push(benchmark(name, words, tree.top(), margin));
        }
        let config = CommandConfig {
            path: tree.top().join(self.session.config.path().file_name().unwrap_or_default()),
            source_root: None,
            results_dir: self.session.config.results_dir().to_owned(),
            analysis: Default::default(),
            compare: Default::default(),
            benchmarks,
            sweeps: Vec::new(),
        };
        let mut session = self.session.clone();
        session.overlay.env = self.command_env();
        session.config = SuiteConfig::Commands(config.clone());
        let root = self.places.root.path();
        let listed = listed(&config);
        let suite = CommandSuite::open(config, (root, root), Vec::new(), session.overlay.env.clone())?;
        Ok(Side {
            benchmarks: listed.into_iter().map(|benchmark| (benchmark.name.clone(), benchmark)).collect(),
            failures: BTreeMap::new(),
            places: self.places.clone(),
            suite: Suite::Commands(Box::new(suite)),
            session,
        })
    }

    /// The variables of this tree's suite, for commands that know nothing of it.
    fn command_env(&self) -> Vec<(OsString, Option<OsString>)> {
        let mut env = self.session.overlay.env.clone();
        put_first(&mut env, "PYTHONPATH", &self.places.import_parent);
        let python = self.suite.python().map(Path::to_owned);
        if let Some(bin) = python.as_deref().and_then(Path::parent) {
            put_first(&mut env, "PATH", bin);
        }
        env
    }
}

impl Session {
    /// Which of them are to be started: all that count, if anything differs between the trees.
    pub(super) fn startup(&self, b: &Side, options: &CompareOptions, filter: &Checked<'_>, differs: bool) -> Chosen {
        let mut chosen = Chosen::default();
        if !differs && !options.all {
            chosen.unaffected = b.benchmarks.len();
            return chosen;
        }
        let reason =
            Reason { detail: Some("nothing tells what it executes".to_owned()), ..Reason::new("", Rule::Always) };
        let reasons = vec![json!(ReasonText::from(reason))];
        for benchmark in b.benchmarks.values() {
            let instance = (benchmark.name.clone(), benchmark, None);
            chosen.add(&b.session.config, instance, (reasons.clone(), false), filter);
        }
        chosen
    }
}

fn benchmark(name: &str, command: Vec<String>, top: &Path, margin: f64) -> CommandBenchmark {
    CommandBenchmark {
        name: name.to_owned(),
        command,
        cwd: top.to_owned(),
        env: BTreeMap::new(),
        work_units: None,
        timeout: TIMEOUT,
        repeat: 1,
        warmup: 1,
        metrics: METRICS.to_vec(),
        budgets: vec![Budget::share(Metric::Wall, margin)],
        coverage: CoverageSource::None,
        tags: vec![Layer::Startup.as_str().to_owned()],
        line: 0,
    }
}
