//! The survey: each instance run once under the tracer, in a process of its own.

use super::compile::{Compiler, Seen};
use super::discovery::{instances, stored};
use super::stale::{index_of, source_files};
use super::{Event, HostClass, Listener, META_PYTHON, META_SOURCE_ROOT, Places, Session, SessionError, Timing};
use crate::store::{Environment, OpenMode, Phase, Store, SurveyLock, TextLoading};
use crate::suite::asv::{AsvSuite, Discovery, InstanceRequest, Launch, SetupCacheRequest, Zygote};
use crate::suite::{Benchmark, Coverage, FileFailure, OpResult, Outcome};
use crate::tree::Worktree;
use lightspeed_core::impact::{Index, Request, select};
use lightspeed_core::source::blob_id;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::mpsc;
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
#[derive(Clone, Debug, Serialize)]
pub struct InitReport {
    /// `lightspeed.init/1`.
    pub schema: &'static str,
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
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct InitTiming {
    /// All of it.
    pub total_s: f64,
    /// Discovery and survey.
    pub survey_s: f64,
    /// Baseline timing.
    pub baseline_s: f64,
}

/// One finished piece of a survey, as it is kept until all are there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Part {
    import: Option<Coverage>,
    setup: Option<Coverage>,
    run: Option<Coverage>,
    /// Why what was traced may not be all.
    doubts: Vec<String>,
}

impl Part {
    fn of(result: OpResult) -> Part {
        let mut doubts = result.always_affected;
        let reason = result.error.unwrap_or_default();
        match result.outcome {
            Outcome::Ok | Outcome::Skipped => {}
            _ if doubts.is_empty() => doubts.push(format!("failed during the survey: {reason}")),
            _ => {}
        }
        Part { import: None, setup: result.phases.setup, run: result.phases.run, doubts }
    }
}

/// Where the parts of one survey are kept under.
fn import_key(file: &str) -> String {
    format!("import:{file}")
}

fn cache_key(key: &str) -> String {
    format!("cache:{key}")
}

fn instance_key(id: &str) -> String {
    format!("instance:{id}")
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
        let lock_cancel = self.cancel.clone();
        if let Ok(_free) = SurveyLock::acquire(&self.lock_path(), Some(Duration::ZERO), &|| false) {
            // Taken again below: this look is only there to say that we wait.
        } else {
            listener(Event::Note { text: "another survey is running here: waiting for it" });
        }
        let _lock = SurveyLock::acquire(&self.lock_path(), options.wait, &move || lock_cancel.is_cancelled())?;
        let store = self.store(OpenMode::ReadWrite)?;
        let mut places = self.places(Some(&store))?;
        let base = match &options.base_commit {
            Some(revision) => Some(Worktree::add(places.root.path(), revision)?),
            None => None,
        };
        if let Some(twin) = base.as_ref().and_then(|base| base.twin(places.root.path())) {
            places = Places::find_in(places.root.path(), &twin, &self.config.benchmark_dir)?;
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

    /// The circumstances that surveys and numbers belong to.
    pub(super) fn environment(&self, suite: &AsvSuite) -> Environment {
        let python = suite.python();
        Environment {
            host_class: HostClass::of_this_machine().to_json(),
            interpreter: format!("{} {}", python.implementation, python.version),
            runner_version: python.runner_version.clone(),
            launch_mode: match suite.launch() {
                Launch::Fork => "fork".to_owned(),
                Launch::Spawn => "spawn".to_owned(),
            },
        }
    }

    fn note_places(&self, store: &Store, places: &Places, suite: &AsvSuite) -> Result<(), SessionError> {
        let config_dir = crate::tree::SourceRoot::open(self.config_dir())?;
        let mut noted = config_dir.relative(places.home());
        if noted.is_empty() {
            noted.push('.');
        }
        for (key, value) in
            [(META_SOURCE_ROOT, noted), (META_PYTHON, suite.python().executable.to_string_lossy().into_owned())]
        {
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
        suite: &AsvSuite,
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
        if !unchanged {
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

    fn previous(
        &self,
        store: &Store,
        places: &Places,
        environment: &Environment,
        listener: Listener<'_>,
    ) -> Result<Option<Previous>, SessionError> {
        let Some(generation) = store.current_generation()? else { return Ok(None) };
        let same = |a: &Environment, b: &Environment| {
            (&a.interpreter, &a.runner_version) == (&b.interpreter, &b.runner_version)
        };
        if !same(&generation.environment, environment) {
            let text = format!(
                "the survey was made with {} and asv_runner {}, now it is {} and {}: surveying everything again",
                generation.environment.interpreter,
                generation.environment.runner_version,
                environment.interpreter,
                environment.runner_version
            );
            listener(Event::Note { text: &text });
            return Ok(None);
        }
        let data = store.load_survey(generation.id, TextLoading::Skip)?;
        let (benchmarks, instances) = (data.benchmarks.clone(), data.instances.clone());
        match index_of(data, places) {
            Ok(index) => Ok(Some(Previous { benchmarks, instances, index })),
            Err(SessionError::Analysis(error)) => {
                listener(Event::Note { text: &format!("{error}; surveying everything again") });
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Instances whose survey no longer holds, and the files that changed.
    fn stale(
        &self,
        places: &Places,
        previous: &Previous,
        benchmarks: &[Benchmark],
        _: Listener<'_>,
    ) -> Result<(BTreeSet<String>, Vec<String>), SessionError> {
        let changes = self.all_changes(places, &previous.index)?;
        let costs = BTreeMap::new();
        let selection = select(&previous.index, &Request { changes: &changes, hotfile_threshold: 1.0, costs: &costs });
        let mut ids: BTreeSet<String> =
            selection.affected().iter().map(|i| previous.index.instances[i as usize].id.clone()).collect();
        if selection.changed_files.is_empty() {
            ids.clear();
        }
        let known: BTreeMap<&str, &crate::store::Benchmark> =
            previous.benchmarks.iter().map(|b| (b.name.as_str(), b)).collect();
        let known_ids: BTreeSet<&str> = previous.instances.iter().map(|i| i.id.as_str()).collect();
        let now = instances(benchmarks);
        let current: BTreeSet<&str> = now.iter().map(|i| i.id.as_str()).collect();
        ids.retain(|id| current.contains(id.as_str()));
        for instance in &now {
            let benchmark = &benchmarks[instance.benchmark as usize];
            let same = known
                .get(benchmark.name.as_str())
                .is_some_and(|old| old.params == benchmark.params && old.file == benchmark.file);
            if !same || !known_ids.contains(instance.id.as_str()) {
                ids.insert(instance.id.clone());
            }
        }
        Ok((ids, selection.changed_files))
    }

    /// What an interrupted survey must agree with to be gone on with: the tree, and what was to be done.
    fn tree_fingerprint(
        &self,
        places: &Places,
        plan: &Plan<'_>,
        options: &InitOptions,
    ) -> Result<String, SessionError> {
        let mut text = String::new();
        for path in source_files(places)? {
            let blob = crate::tree::read_file(&path).map(|bytes| blob_id(&bytes).to_string()).unwrap_or_default();
            text.push_str(&format!("{} {blob}\n", places.name_of(&path)));
        }
        for id in &plan.ids {
            text.push_str(id);
            text.push('\n');
        }
        let force = options.force;
        Ok(format!(
            "{{\"tree\":\"{}\",\"force\":{force},\"analysis\":{}}}",
            blob_id(text.as_bytes()),
            lightspeed_core::fingerprint::VERSION
        ))
    }

    /// Surveys what has no part yet and returns all parts.
    fn run_parts(
        &self,
        store: &Store,
        generation: i64,
        suite: &AsvSuite,
        plan: &Plan<'_>,
        listener: Listener<'_>,
    ) -> Result<BTreeMap<String, Vec<u8>>, SessionError> {
        let mut parts = store.parts(generation)?;
        let units = work_units(plan, &parts);
        let total = units.iter().map(|u| u.instances.len()).sum();
        listener(Event::Begin { what: "survey", total });
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(units.len().max(1));
        let queue = std::sync::Mutex::new(units.into_iter());
        let (sender, receiver) = mpsc::channel::<Result<(String, Part), SessionError>>();
        let default_timeout = self.config.default_benchmark_timeout;
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let (queue, sender) = (&queue, sender.clone());
                scope.spawn(move || {
                    loop {
                        let unit = queue.lock().ok().and_then(|mut q| q.next());
                        let Some(unit) = unit else { break };
                        let done = |key: String, part: Part| sender.send(Ok((key, part))).is_ok();
                        if let Err(error) = self.survey_unit(suite, &unit, default_timeout, &done) {
                            let _ = sender.send(Err(error));
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let mut failure = None;
            for message in receiver {
                match message {
                    Ok((key, part)) => {
                        let payload = serde_json::to_vec(&part).unwrap_or_default();
                        if let Err(error) = store.put_part(generation, &key, &payload) {
                            self.cancel.cancel();
                            failure = Some(error.into());
                            break;
                        }
                        if let Some(name) = key.strip_prefix("instance:") {
                            listener(Event::Item { name });
                            listener(Event::Done);
                        }
                        parts.insert(key, payload);
                    }
                    Err(error) => failure = failure.or(Some(error)),
                }
            }
            failure.map_or(Ok(()), Err)
        })?;
        self.check_cancelled()?;
        Ok(parts)
    }

    /// Surveys some instances of one file of the suite.
    fn survey_unit(
        &self,
        suite: &AsvSuite,
        unit: &Unit<'_>,
        default_timeout: f64,
        done: &dyn Fn(String, Part) -> bool,
    ) -> Result<(), SessionError> {
        let mut zygote = match suite.serve(unit.file, true, &self.cancel) {
            Ok(zygote) => zygote,
            Err(crate::suite::SuiteError::Cancelled) => return Err(SessionError::Cancelled),
            Err(error) => {
                for (benchmark, param) in &unit.instances {
                    let part =
                        Part { doubts: vec![format!("the survey could not import it: {error}")], ..Part::default() };
                    done(instance_key(&benchmark.instance_id(*param)), part);
                }
                return Ok(());
            }
        };
        let import =
            Part { import: zygote.import().cloned(), doubts: zygote.import_doubts().to_vec(), ..Part::default() };
        done(import_key(unit.file), import);
        let mut caches: BTreeMap<&str, Result<tempfile::TempDir, String>> = BTreeMap::new();
        for (benchmark, param) in &unit.instances {
            self.check_cancelled()?;
            let key = instance_key(&benchmark.instance_id(*param));
            let cache = match &benchmark.setup_cache_key {
                Some(cache) => {
                    if !caches.contains_key(cache.as_str()) {
                        let made = self.survey_cache(&mut zygote, benchmark, cache, default_timeout, done)?;
                        caches.insert(cache, made);
                    }
                    caches.get(cache.as_str())
                }
                None => None,
            };
            if let Some(Err(error)) = cache {
                let part =
                    Part { doubts: vec![format!("setup_cache failed during the survey: {error}")], ..Part::default() };
                done(key, part);
                continue;
            }
            let request = InstanceRequest {
                benchmark,
                param: *param,
                cache_dir: cache.and_then(|c| c.as_ref().ok()).map(tempfile::TempDir::path),
                timeout: Duration::from_secs_f64(benchmark.timeout.unwrap_or(default_timeout).clamp(0.001, 1e9)),
            };
            let result = zygote.survey(&request)?;
            done(key, Part::of(result));
        }
        Ok(())
    }

    fn survey_cache(
        &self,
        zygote: &mut Zygote<'_>,
        benchmark: &Benchmark,
        key: &str,
        default_timeout: f64,
        done: &dyn Fn(String, Part) -> bool,
    ) -> Result<Result<tempfile::TempDir, String>, SessionError> {
        let dir = match tempfile::tempdir() {
            Ok(dir) => dir,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let seconds = benchmark.setup_cache_timeout.unwrap_or(default_timeout).clamp(0.001, 1e9);
        let request = SetupCacheRequest { benchmark, cache_dir: dir.path(), timeout: Duration::from_secs_f64(seconds) };
        let result = zygote.setup_cache(&request)?;
        let failed = (result.outcome != Outcome::Ok)
            .then(|| result.error.clone().unwrap_or_else(|| format!("{:?}", result.outcome)));
        done(cache_key(key), Part::of(result));
        Ok(match failed {
            None => Ok(dir),
            Some(error) => Err(error),
        })
    }

    /// Puts parts and what still holds of the previous survey together, and completes the generation.
    fn compile(
        &self,
        store: &Store,
        generation: i64,
        places: &Places,
        plan: &Plan<'_>,
        previous: Option<&Previous>,
        parts: BTreeMap<String, Vec<u8>>,
    ) -> Result<(), SessionError> {
        let part = |key: String| -> Option<Part> { serde_json::from_slice(parts.get(&key)?).ok() };
        let mut all = instances(plan.benchmarks);
        let mut compiler = Compiler::new(places);
        let mut imports: BTreeMap<&str, Part> = BTreeMap::new();
        let mut caches: BTreeMap<&str, Part> = BTreeMap::new();
        for (number, instance) in (0..).zip(&mut all) {
            let benchmark = &plan.benchmarks[instance.benchmark as usize];
            if !plan.ids.contains(&instance.id) {
                if let Some(previous) = previous {
                    previous.carry(&instance.id, number, &mut compiler, &mut instance.always_affected)?;
                }
                continue;
            }
            let own = part(instance_key(&instance.id))
                .unwrap_or_else(|| Part { doubts: vec!["its survey is missing".into()], ..Part::default() });
            let import =
                imports.entry(&benchmark.file).or_insert_with(|| part(import_key(&benchmark.file)).unwrap_or_default());
            let cache = benchmark
                .setup_cache_key
                .as_deref()
                .map(|key| &*caches.entry(key).or_insert_with(|| part(cache_key(key)).unwrap_or_default()));
            let mut seen = Seen::default();
            seen.phases.extend(import.import.as_ref().map(|c| (Phase::Import, c)));
            seen.phases.extend(cache.and_then(|c| c.setup.as_ref()).map(|c| (Phase::Setup, c)));
            seen.phases.extend(own.setup.as_ref().map(|c| (Phase::Setup, c)));
            seen.phases.extend(own.run.as_ref().map(|c| (Phase::Run, c)));
            compiler.add(number, &seen)?;
            let doubts = import.doubts.iter().chain(cache.map_or(&[][..], |c| &c.doubts)).chain(&own.doubts);
            instance.always_affected = doubts.cloned().collect::<BTreeSet<_>>().into_iter().collect();
        }
        for (name, blob) in compiler.blobs() {
            let now = crate::tree::read_file(&places.path_of(name)).map(|bytes| blob_id(&bytes));
            if now.ok() != Some(blob) {
                return Err(SessionError::ChangedMeanwhile { file: name.to_owned() });
            }
        }
        for (instance, file) in compiler.thread_users() {
            let doubts = &mut all[instance as usize].always_affected;
            let doubt = format!("imports _thread in {file}");
            if !doubts.contains(&doubt) {
                doubts.push(doubt);
            }
        }
        compiler.note_unused(source_files(places)?);
        let (data, deps) = compiler.finish(plan.benchmarks.iter().map(stored).collect(), all);
        store.complete_generation(generation, &data, &deps)?;
        Ok(())
    }

    fn init_report(&self, store: &Store, discovery: &Discovery, surveyed: usize) -> Result<InitReport, SessionError> {
        let generation =
            store.current_generation()?.ok_or_else(|| SessionError::NoSurvey { database: self.database() })?;
        let data = store.load_survey(generation.id, TextLoading::Skip)?;
        let doubtful = |i: &&crate::store::Instance| !i.always_affected.is_empty();
        let covered: BTreeSet<u32> = data.executions.iter().map(|e| e.file).collect();
        Ok(InitReport {
            schema: "lightspeed.init/1",
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

/// The survey before, as far as it still holds.
struct Previous {
    benchmarks: Vec<crate::store::Benchmark>,
    instances: Vec<crate::store::Instance>,
    index: Index,
}

impl Previous {
    fn is_suite(&self, benchmarks: &[Benchmark]) -> bool {
        self.benchmarks.len() == benchmarks.len() && benchmarks.iter().map(stored).all(|b| self.benchmarks.contains(&b))
    }

    /// Copies the rows of an instance, its units renumbered by identity where the file changed.
    fn carry(
        &self,
        id: &str,
        number: u32,
        compiler: &mut Compiler<'_>,
        doubts: &mut Vec<String>,
    ) -> Result<(), SessionError> {
        let Some(old) = self.instances.iter().position(|i| i.id == id) else { return Ok(()) };
        doubts.clone_from(&self.instances[old].always_affected);
        for row in self.index.rows_of(old as u32) {
            let file = &self.index.files[row.file as usize];
            let Some(new) = compiler.file_named(&file.path)? else { continue };
            let units = lightspeed_core::impact::renumber(&row.units, &file.blocks, compiler.blocks(new));
            let phase = match row.phase {
                lightspeed_core::impact::Phase::Import => Phase::Import,
                lightspeed_core::impact::Phase::Setup => Phase::Setup,
                lightspeed_core::impact::Phase::Run => Phase::Run,
            };
            compiler.insert(new, phase, units, number);
        }
        for (list, kind) in [
            (&self.index.failed_imports, crate::store::ObservedKind::FailedImport),
            (&self.index.listed, crate::store::ObservedKind::Listed),
        ] {
            for observed in list.iter().filter(|o| o.instances.contains(old as u32)) {
                compiler.observe(kind, &observed.name, number);
            }
        }
        Ok(())
    }
}

/// Instances of one file that one process surveys.
struct Unit<'a> {
    file: &'a str,
    instances: Vec<(&'a Benchmark, Option<u64>)>,
}

/// A file with more instances than this is shared between processes.
const UNIT_SIZE: usize = 24;

/// Splits what has no part yet; users of one cache stay together.
fn work_units<'a>(plan: &'a Plan<'a>, parts: &BTreeMap<String, Vec<u8>>) -> Vec<Unit<'a>> {
    let mut files: BTreeMap<&str, BTreeMap<&str, Vec<(&Benchmark, Option<u64>)>>> = BTreeMap::new();
    for benchmark in plan.benchmarks {
        for param in benchmark.instances() {
            let id = benchmark.instance_id(param);
            if plan.ids.contains(&id) && !parts.contains_key(&instance_key(&id)) {
                let cache = benchmark.setup_cache_key.as_deref().unwrap_or("");
                files.entry(&benchmark.file).or_default().entry(cache).or_default().push((benchmark, param));
            }
        }
    }
    let mut units = Vec::new();
    for (file, groups) in files {
        let mut unit = Unit { file, instances: Vec::new() };
        for (cache, group) in groups {
            let pieces = if cache.is_empty() { group.chunks(UNIT_SIZE).collect() } else { vec![&group[..]] };
            for piece in pieces {
                if !unit.instances.is_empty() && unit.instances.len() + piece.len() > UNIT_SIZE {
                    units.push(std::mem::replace(&mut unit, Unit { file, instances: Vec::new() }));
                }
                unit.instances.extend_from_slice(piece);
            }
        }
        if !unit.instances.is_empty() {
            units.push(unit);
        }
    }
    units
}
