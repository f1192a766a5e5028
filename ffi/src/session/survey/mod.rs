//! The survey: each instance run once under the tracer, in a process of its own.

mod part;
mod previous;
mod run;

use super::discovery::instances;
use super::{Event, HostClass, Listener, META_PYTHON, META_SOURCE_ROOT, Places, Session, SessionError, Timing};
use crate::store::{Environment, OpenMode, Store, SurveyLock, TextLoading};
use crate::suite::asv::Discovery;
use crate::suite::{Benchmark, Circumstances, FileFailure, Suite};
use crate::tree::Worktree;
use lightspeed_core::source::blob_id;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How to initialise.
#[derive(Clone, Debug, Default)]
pub struct InitOptions {
    /// Survey and measure everything again.
    pub force: bool,
    /// Leave the baseline timing out.
    pub survey_only: bool,
    /// Wait for another process's survey at most this long; `None` for as long as it takes.
    pub wait: Option<Duration>,
    /// Survey and measure this revision of the sources instead of the working tree.
    pub base_commit: Option<String>,
    /// How to measure the baseline.
    pub timing: Timing,
}

/// What initialising did.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InitReport {
    /// `lightspeed.init/1`.
    pub schema: Cow<'static, str>,
    /// The database.
    pub database: PathBuf,
    /// Ids of all instances found.
    pub discovered: Vec<String>,
    /// Those whose dependencies are known.
    pub impactable: Vec<String>,
    /// Those of which nothing reliable is known, with the reason.
    pub always_affected: BTreeMap<String, String>,
    /// Files of the suite, or parts of them, that could not be looked into.
    pub failures: Vec<FileFailure>,
    /// How many source files the instances depend on.
    pub source_files_covered: usize,
    /// Instances surveyed by this call.
    pub surveyed: usize,
    /// Files that had changed since the survey before.
    pub stale_files: Vec<String>,
    /// Instances measured by this call.
    pub measured: usize,
    /// Instances that have no baseline, with the reason.
    pub without_baseline: BTreeMap<String, String>,
    /// Seconds: total, survey, baseline.
    pub timing: InitTiming,
}

/// Where the time of an initialisation went.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct InitTiming {
    /// All of it.
    pub total_s: f64,
    /// Discovery and survey.
    pub survey_s: f64,
    /// Baseline timing.
    pub baseline_s: f64,
}

/// What a survey has to look at again.
struct Plan<'a> {
    benchmarks: &'a [Benchmark],
    /// Instances to survey.
    ids: BTreeSet<String>,
}

impl Session {
    /// Surveys the suite and measures its baseline; what is there and still true is kept.
    ///
    /// # Errors
    /// Where the suite, the tree or the database as a whole cannot be used; what goes wrong in one benchmark is in the report.
    pub fn init(&self, options: &InitOptions, listener: Listener<'_>) -> Result<InitReport, SessionError> {
        let began = Instant::now();
        let _lock = self.survey_lock(options.wait, listener)?;
        let store = self.store(OpenMode::ReadWrite)?;
        let mut places = self.places(Some(&store))?;
        let base = match &options.base_commit {
            Some(revision) => Some(Worktree::add(places.root.path(), revision)?),
            None => None,
        };
        if let Some(base) = &base {
            places = self.places_in(base, &places)?;
        }
        let suite = self.suite(&places, Some(&store))?;
        let discovery = self.discover(&suite, None, listener)?;
        if discovery.benchmarks.is_empty() {
            return Err(SessionError::NothingDiscovered { directory: places.suite_dir, failures: discovery.failures });
        }
        let environment = self.environment(&suite);
        let mut report = self.survey(&store, &places, &suite, &discovery, &environment, options, listener)?;
        self.note_places(&store, &places, &suite)?;
        report.timing.survey_s = began.elapsed().as_secs_f64();
        if !options.survey_only {
            let baseline = Instant::now();
            self.baseline(&store, &suite, &discovery.benchmarks, &environment, options, listener, &mut report)?;
            report.timing.baseline_s = baseline.elapsed().as_secs_f64();
        }
        report.timing.total_s = began.elapsed().as_secs_f64();
        Ok(report)
    }

    /// Takes the lock of the results directory; says so where it has to wait.
    fn survey_lock(&self, wait: Option<Duration>, listener: Listener<'_>) -> Result<SurveyLock, SessionError> {
        let mut said = false;
        let mut should_stop = || {
            if !std::mem::replace(&mut said, true) {
                listener(Event::Note { text: "another survey is running here: waiting for it" });
            }
            self.cancel.is_cancelled()
        };
        Ok(SurveyLock::acquire(&self.lock_path(), wait, &mut should_stop)?)
    }

    /// The circumstances that surveys and numbers belong to.
    pub(super) fn environment(&self, suite: &Suite) -> Environment {
        let Circumstances { interpreter, runner_version, launch_mode } = suite.circumstances();
        Environment { host_class: HostClass::of_this_machine().to_json(), interpreter, runner_version, launch_mode }
    }

    fn note_places(&self, store: &Store, places: &Places, suite: &Suite) -> Result<(), SessionError> {
        let config_dir = crate::tree::SourceRoot::open(self.config.directory())?;
        let mut noted = config_dir.relative(places.home());
        if noted.is_empty() {
            noted.push('.');
        }
        let python = suite.python().map(|python| (META_PYTHON, python.to_string_lossy().into_owned()));
        for (key, value) in [(META_SOURCE_ROOT, noted)].into_iter().chain(python) {
            if store.meta(key)?.as_ref() != Some(&value) {
                store.set_meta(key, &value)?;
            }
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of an opened session, each used")]
    fn survey(
        &self,
        store: &Store,
        places: &Places,
        suite: &Suite,
        discovery: &Discovery,
        environment: &Environment,
        options: &InitOptions,
        listener: Listener<'_>,
    ) -> Result<InitReport, SessionError> {
        let previous = if options.force { None } else { self.previous(store, places, environment, listener)? };
        let all = instances(&discovery.benchmarks);
        let (ids, stale_files) = match &previous {
            Some(previous) => self.stale(places, previous, &discovery.benchmarks, listener)?,
            None => (all.iter().map(|i| i.id.clone()).collect(), Vec::new()),
        };
        let plan = Plan { benchmarks: &discovery.benchmarks, ids };
        let unchanged = previous
            .as_ref()
            .is_some_and(|p| plan.ids.is_empty() && stale_files.is_empty() && p.is_suite(&discovery.benchmarks));
        let surveyed = plan.ids.len();
        if unchanged {
            // What has not changed may have been noted by an earlier release, or not at all.
            store.note_index(&self.basis(places).to_json())?;
        } else {
            if previous.is_some() {
                let text = format!(
                    "{} files changed since the survey: {} of {} instances are surveyed again",
                    stale_files.len(),
                    plan.ids.len(),
                    all.len()
                );
                listener(Event::Note { text: &text });
            }
            let config = self.tree_fingerprint(places, &plan, options)?;
            let begun = store.begin_generation(&config, environment)?;
            if begun.resumed {
                listener(Event::Note { text: "an interrupted survey of the same tree was found: going on with it" });
            }
            let parts = self.run_parts(store, begun.generation, suite, &plan, listener)?;
            self.compile(store, begun.generation, places, &plan, previous.as_ref(), parts)?;
            // Baselines of code that changed since are baselines of something else.
            store.delete_baselines(plan.ids.iter().map(String::as_str))?;
        }
        let mut report = self.init_report(store, discovery, if unchanged { 0 } else { surveyed })?;
        report.stale_files = stale_files;
        Ok(report)
    }

    /// What an interrupted survey must agree with to be gone on with: the tree, and what was to be done.
    fn tree_fingerprint(
        &self,
        places: &Places,
        plan: &Plan<'_>,
        options: &InitOptions,
    ) -> Result<String, SessionError> {
        let mut text = String::new();
        for path in places.source_files()? {
            let blob = crate::tree::read_file(&path).map(|bytes| blob_id(&bytes).to_string()).unwrap_or_default();
            text.push_str(&format!("{} {blob}\n", places.name_of(&path)));
        }
        for id in &plan.ids {
            text.push_str(id);
            text.push('\n');
        }
        let config = serde_json::json!({
            "tree": blob_id(text.as_bytes()).to_string(),
            "force": options.force,
            "analysis": lightspeed_core::fingerprint::VERSION,
            "options": self.config.analysis(),
            "roots": places.modules,
            "finest": self.finest(),
        });
        Ok(config.to_string())
    }

    fn init_report(&self, store: &Store, discovery: &Discovery, surveyed: usize) -> Result<InitReport, SessionError> {
        let generation =
            store.current_generation()?.ok_or_else(|| SessionError::NoSurvey { database: self.database() })?;
        let data = store.load_survey(generation.id, TextLoading::Skip)?;
        let doubtful = |i: &&crate::store::Instance| !i.always_affected.is_empty();
        let covered: BTreeSet<u32> = data.executions.iter().map(|e| e.file).collect();
        Ok(InitReport {
            schema: "lightspeed.init/1".into(),
            database: self.database(),
            discovered: data.instances.iter().map(|i| i.id.clone()).collect(),
            impactable: data.instances.iter().filter(|i| i.always_affected.is_empty()).map(|i| i.id.clone()).collect(),
            always_affected: data
                .instances
                .iter()
                .filter(doubtful)
                .map(|i| (i.id.clone(), i.always_affected.join("; ")))
                .collect(),
            failures: discovery.failures.clone(),
            source_files_covered: covered.len(),
            surveyed,
            stale_files: Vec::new(),
            measured: 0,
            without_baseline: BTreeMap::new(),
            timing: InitTiming::default(),
        })
    }
}
