//! Running a survey: the work split between processes, each piece kept as it is finished.

use super::Plan;
use super::part::{Part, cache_key, import_key, instance_key};
use crate::session::{Event, Listener, Session, SessionError};
use crate::store::Store;
use crate::suite::asv::{InstanceRequest, SetupCacheRequest};
use crate::suite::{Benchmark, Outcome, Runner, Suite};
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

impl Session {
    /// Surveys what has no part yet and returns all parts.
    pub(super) fn run_parts(
        &self,
        store: &Store,
        generation: i64,
        suite: &Suite,
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
        let default_timeout = self.config.default_timeout();
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
        suite: &Suite,
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
        zygote: &mut Runner<'_>,
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
}

/// Benchmarks with one of their parameter combinations.
type Runs<'a> = Vec<(&'a Benchmark, Option<u64>)>;

/// Instances of one file that one process surveys.
struct Unit<'a> {
    file: &'a str,
    instances: Runs<'a>,
}

/// A file with more instances than this is shared between processes.
const UNIT_SIZE: usize = 24;

/// Splits what has no part yet; users of one cache stay together.
fn work_units<'a>(plan: &'a Plan<'a>, parts: &BTreeMap<String, Vec<u8>>) -> Vec<Unit<'a>> {
    let mut files: BTreeMap<&str, BTreeMap<&str, Runs<'_>>> = BTreeMap::new();
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
