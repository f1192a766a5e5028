//! Selection: what a change affects, and why, in words.

use super::discovery::{instances, is_same};
use super::stale::index_of;
use super::{Listener, Places, Session, SessionError};
use crate::store::{GenerationInfo, OpenMode, Store, SurveyData, TextLoading};
use crate::suite::commands::{FILE_NAME, listed};
use crate::suite::{AnalysisConfig, Benchmark, SuiteConfig};
use crate::tree::{Changes, Given, git_changes, given_changes};
use lightspeed_core::impact::{Index, Policy, Reason, Request, Rule, select};
use lightspeed_core::report::{Affected, SelectReport};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Where the changed files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeSource {
    /// Named by the caller, relative to its directory, the source root or the repository.
    Files(Vec<PathBuf>),
    /// What git sees against a revision, else against the last commit; untracked and deleted files included.
    Git {
        /// The revision to compare with.
        base: Option<String>,
    },
    /// Every difference between the tree and the survey.
    Survey,
}

/// How to select.
#[derive(Clone, Debug)]
pub struct SelectOptions {
    /// Where the changed files come from.
    pub source: ChangeSource,
    /// How finely changes are followed.
    pub policy: Policy,
    /// See [`Request::hotfile_threshold`].
    pub hotfile_threshold: f64,
    /// Select everything where the environment differs from the survey's.
    pub strict_environment: bool,
}

impl SelectOptions {
    /// The usual options.
    #[must_use]
    pub fn new(source: ChangeSource) -> Self {
        SelectOptions { source, policy: Policy::default(), hotfile_threshold: 0.5, strict_environment: false }
    }
}

/// A selection with all that measuring needs.
pub(super) struct Selected {
    pub(super) report: SelectReport,
    pub(super) generation: GenerationInfo,
    pub(super) places: Places,
    pub(super) index: Index,
    /// The suite as it is now.
    pub(super) benchmarks: BTreeMap<String, Benchmark>,
    /// Ids of the instances that the survey knows.
    pub(super) surveyed: BTreeSet<String>,
}

/// The suite's files that changed, and what they hold now.
struct SuiteNow {
    benchmarks: Vec<Benchmark>,
    files: BTreeSet<String>,
}

impl Session {
    /// Says what would run. Starts no Python unless files of the suite changed.
    ///
    /// # Errors
    /// No survey, or a tree or database that cannot be read.
    pub fn select(&self, options: &SelectOptions, listener: Listener<'_>) -> Result<SelectReport, SessionError> {
        let store = self.store(OpenMode::ReadOnly)?;
        Ok(self.selected(&store, options, listener)?.report)
    }

    pub(super) fn selected(
        &self,
        store: &Store,
        options: &SelectOptions,
        listener: Listener<'_>,
    ) -> Result<Selected, SessionError> {
        // Without a survey nobody has said where the sources are either, and what to do about both is to survey.
        if store.current_generation()?.is_none() {
            return Err(SessionError::NoSurvey { database: self.database() });
        }
        let places = self.places(Some(store))?;
        self.selected_at(store, places, options, listener)
    }

    /// The same for the sources as they are at `places`.
    pub(super) fn selected_at(
        &self,
        store: &Store,
        places: Places,
        options: &SelectOptions,
        listener: Listener<'_>,
    ) -> Result<Selected, SessionError> {
        let generation =
            store.current_generation()?.ok_or_else(|| SessionError::NoSurvey { database: self.database() })?;
        let mut diagnostics = Vec::new();
        // Asking git is a third of the time, reading the survey another: they do not wait for each other.
        let (paths, data) = std::thread::scope(|scope| {
            let git = scope.spawn(|| self.git_paths(&places, &options.source));
            let data = store.load_survey(generation.id, TextLoading::Skip);
            (git.join(), data)
        });
        let data = data?;
        let mut known: BTreeMap<String, Benchmark> =
            data.benchmarks.iter().filter_map(|b| Some((b.name.clone(), super::discovery::restored(b)?))).collect();
        let before = data.clone_suite();
        let analysis = AnalysisConfig::noted(&generation.config);
        if analysis != *self.config.analysis() {
            diagnostics.push(
                "the configuration's \"lightspeed\" is not what it was at the survey, which still counts: run `lightspeed init`"
                    .to_owned(),
            );
        }
        let index = index_of(data, &places.modules, &analysis, self.finest())?;
        let paths = match paths {
            Ok(paths) => paths?,
            Err(_) => return Err(SessionError::Request("asking git failed unexpectedly: please report it".into())),
        };
        let (changes, ignored_files) = match (&options.source, paths) {
            (_, Some(found)) => {
                diagnostics.extend(found.diagnostics);
                self.changes_of(&found.paths, &places, &index, &mut diagnostics, listener)?
            }
            (ChangeSource::Files(files), None) => {
                let surveyed: Vec<String> = index.files.iter().map(|f| f.path.clone()).collect();
                let given = Given { cwd: &self.options.cwd, source_root: &places.root, surveyed: &surveyed };
                let found = given_changes(files, &given)?;
                diagnostics.extend(found.diagnostics);
                self.changes_of(&found.paths, &places, &index, &mut diagnostics, listener)?
            }
            (_, None) => (self.all_changes(&places, &index, listener)?, Vec::new()),
        };
        let selection = |costs: &BTreeMap<u32, f64>| {
            let SelectOptions { policy, hotfile_threshold, .. } = *options;
            select(&index, &Request { changes: &changes, policy, hotfile_threshold, costs })
        };
        let mut selected = selection(&BTreeMap::new());
        if !selected.hotfiles.is_empty() {
            // What runs cost is asked for only now: it takes longer than to select twice.
            selected = selection(&self.costs(store, &index)?);
        }
        let mut selection = selected;
        if selection.changed_files.is_empty() {
            // Nothing changed: not even what is always affected needs to run.
            selection.reasons.clear();
        }
        let suite_now = self.suite_now(store, &places, &selection.changed_files, &mut diagnostics, listener)?;
        let mut report = SelectReport::new(&index, &selection, options.policy);
        report.generation = generation.id;
        report.ignored_files = ignored_files;
        report.environment.interpreter.clone_from(&generation.environment.interpreter);
        report.environment.runner_version.clone_from(&generation.environment.runner_version);
        report.environment.drift = self.cheap_drift(&generation);
        report.diagnostics = diagnostics;
        if let Some(now) = suite_now {
            apply_suite(&mut report, &before, &now, &places);
            known.retain(|_, b| !now.files.contains(&b.file));
            known.extend(now.benchmarks.into_iter().map(|b| (b.name.clone(), b)));
        }
        if options.strict_environment && !report.environment.drift.is_empty() {
            select_everything(&mut report);
        }
        let surveyed = before.instances.into_keys().collect();
        Ok(Selected { report, generation, places, index, benchmarks: known, surveyed })
    }

    /// The finest policy that surveys of this suite carry: names by which commands import their modules are not known, so what runs
    /// at import affects all that import it.
    pub(super) fn finest(&self) -> Policy {
        if matches!(self.config, SuiteConfig::Commands(_)) { Policy::Strict } else { Policy::Precise }
    }

    fn git_paths(&self, places: &Places, source: &ChangeSource) -> Result<Option<Changes>, SessionError> {
        let ChangeSource::Git { base } = source else { return Ok(None) };
        let mut others = places.native_directories();
        if !places.suite_dir.starts_with(places.root.path()) {
            others.push(places.suite_dir.clone());
        }
        let found = git_changes(places.root.path(), &others, base.as_deref())?;
        Ok(Some(found))
    }

    /// What one run of an instance costs: its baseline.
    fn costs(&self, store: &Store, index: &Index) -> Result<BTreeMap<u32, f64>, SessionError> {
        let baselines = store.baselines()?;
        let seconds = |id: &str| {
            let baseline = baselines.get(id)?;
            baseline.context.as_ref().is_some_and(|c| c.unit == "seconds").then_some(baseline.stats.median)
        };
        Ok((0..index.instances.len() as u32).filter_map(|i| Some((i, seconds(&index.id(i))?))).collect())
    }

    /// What can be told without starting Python.
    fn cheap_drift(&self, generation: &GenerationInfo) -> Vec<String> {
        let here = super::HostClass::of_this_machine();
        let there: super::HostClass = serde_json::from_str(&generation.environment.host_class).unwrap_or_default();
        let mut drift = Vec::new();
        if (&here.cpu, here.usable_cpus, here.memory_gib, &here.os)
            != (&there.cpu, there.usable_cpus, there.memory_gib, &there.os)
        {
            drift.push(format!(
                "surveyed on {} ({} CPUs, {} GiB), this is {} ({} CPUs, {} GiB)",
                there.cpu, there.usable_cpus, there.memory_gib, here.cpu, here.usable_cpus, here.memory_gib
            ));
        }
        drift
    }

    /// Lists the files of the suite that changed.
    fn suite_now(
        &self,
        store: &Store,
        places: &Places,
        changed: &[String],
        diagnostics: &mut Vec<String>,
        listener: Listener<'_>,
    ) -> Result<Option<SuiteNow>, SessionError> {
        if let SuiteConfig::Commands(config) = &self.config {
            return Ok(Some(SuiteNow { benchmarks: listed(config), files: BTreeSet::from([FILE_NAME.to_owned()]) }));
        }
        let files: BTreeSet<String> =
            changed.iter().filter_map(|path| places.in_suite(path)).filter(|f| f.ends_with(".py")).collect();
        if files.is_empty() {
            return Ok(None);
        }
        let present: Vec<String> = files.iter().filter(|f| places.suite_dir.join(f).is_file()).cloned().collect();
        let mut benchmarks = Vec::new();
        if !present.is_empty() {
            let suite = self.suite(places, Some(store))?;
            let discovery = self.discover(&suite, Some(&present), listener)?;
            for failure in &discovery.failures {
                diagnostics.push(format!("{} could not be looked into: {}", failure.file, failure.error));
            }
            benchmarks = discovery.benchmarks;
            let failed: BTreeSet<&str> = discovery.failures.iter().map(|f| f.file.as_str()).collect();
            // What cannot be listed now keeps what the survey knew: it is affected anyway.
            let files = files.iter().filter(|f| !failed.contains(f.as_str())).cloned().collect();
            return Ok(Some(SuiteNow { benchmarks, files }));
        }
        Ok(Some(SuiteNow { benchmarks, files }))
    }
}

/// The surveyed suite.
struct SuiteBefore {
    /// Benchmarks by instance id.
    instances: BTreeMap<String, crate::store::Benchmark>,
}

impl SurveyData {
    fn clone_suite(&self) -> SuiteBefore {
        let of = |instance: &crate::store::Instance| {
            let benchmark = self.benchmarks.get(instance.benchmark as usize)?;
            Some((instance.id.clone(), benchmark.clone()))
        };
        SuiteBefore { instances: self.instances.iter().filter_map(of).collect() }
    }
}

/// New and removed instances of the suite's changed files.
fn apply_suite(report: &mut SelectReport, before: &SuiteBefore, now: &SuiteNow, places: &Places) {
    let mut current = BTreeMap::new();
    for instance in instances(&now.benchmarks) {
        let benchmark = &now.benchmarks[instance.benchmark as usize];
        current.insert(instance.id, benchmark);
    }
    let gone: BTreeSet<&String> = before
        .instances
        .iter()
        .filter(|(id, benchmark)| now.files.contains(&benchmark.file) && !current.contains_key(*id))
        .map(|(id, _)| id)
        .collect();
    report.affected.retain(|a| !gone.contains(&a.benchmark));
    report.unaffected.retain(|id| !gone.contains(id));
    report.removed = gone.into_iter().cloned().collect();
    for (id, benchmark) in current {
        let known = before.instances.get(&id).is_some_and(|old| is_same(old, benchmark));
        if known || report.affected.iter().any(|a| a.benchmark == id) {
            continue;
        }
        report.unaffected.retain(|other| *other != id);
        let reason = Reason::new(&places.suite_file(&benchmark.file), Rule::NewBenchmark);
        report.affected.push(Affected { benchmark: id, reasons: vec![reason.into()] });
    }
}

fn select_everything(report: &mut SelectReport) {
    let reason = Reason { detail: Some(report.environment.drift.join("; ")), ..Reason::new("", Rule::Always) };
    for id in std::mem::take(&mut report.unaffected) {
        report.affected.push(Affected { benchmark: id, reasons: vec![reason.clone().into()] });
    }
}
