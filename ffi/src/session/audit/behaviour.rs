//! What instances do, as digests: run one after the other in the copy of the tree that is audited.

use crate::cancel::Cancel;
use crate::session::SessionError;
use crate::suite::asv::{AsvSuite, InstanceRequest, SetupCacheRequest, Zygote};
use crate::suite::{Benchmark, OpResult, Outcome, SuiteError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// An instance may take this much longer than without the mutation, and …
const SLOWER: f64 = 20.0;
/// … this many seconds more.
const LONGER_S: f64 = 5.0;
/// After so many that ran out of time, those that are selected anyway are left out: a mutation can make all of them hang.
const MOST_TIMEOUTS: usize = 3;

/// What one instance did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Behaviour {
    outcome: Outcome,
    /// The type of the error.
    error: Option<String>,
    path: String,
    values: String,
}

/// An instance to run.
#[derive(Clone, Debug)]
pub(super) struct Instance<'a> {
    pub(super) id: &'a str,
    pub(super) benchmark: &'a Benchmark,
    pub(super) param: Option<u64>,
    /// Seconds that it took without a mutation.
    pub(super) usual_s: Option<f64>,
    /// Whether it may be left out where too many run out of time.
    pub(super) spare: bool,
}

/// How to run them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conditions<'a> {
    pub(super) suite: &'a AsvSuite,
    /// The directory of the copy.
    pub(super) tree: &'a Path,
    pub(super) default_timeout: f64,
    pub(super) cancel: &'a Cancel,
}

impl Behaviour {
    /// How it differs from another, in words; empty where it does not.
    pub(super) fn differences(&self, other: &Behaviour) -> Vec<String> {
        let mut found = Vec::new();
        if self.outcome != other.outcome || self.error != other.error {
            found.push(format!("outcome ({} instead of {})", self.ending(), other.ending()));
        }
        if self.path != other.path {
            found.push("code executed".to_owned());
        }
        if self.values != other.values {
            found.push("values".to_owned());
        }
        found
    }

    fn ending(&self) -> String {
        let outcome = format!("{:?}", self.outcome).to_lowercase();
        self.error.as_ref().map_or(outcome.clone(), |error| format!("{outcome}: {error}"))
    }

    fn failed(error: String) -> Self {
        Behaviour { outcome: Outcome::Failed, error: Some(error), path: String::new(), values: String::new() }
    }

    fn of(result: &OpResult, cache: Option<&Behaviour>) -> Self {
        let digest = result.digest.clone().unwrap_or_default();
        let (path, values) = cache.map_or(("", ""), |cache| (&cache.path, &cache.values));
        Behaviour {
            outcome: result.outcome,
            error: result.error.as_deref().map(kind),
            path: format!("{path}{}", digest.path),
            values: format!("{values}{}", digest.values),
        }
    }
}

/// The type of an error: messages may contain addresses.
fn kind(error: &str) -> String {
    error.split(':').next().unwrap_or_default().to_owned()
}

/// What each instance did, and the seconds it took.
pub(super) type Behaviours<'a> = BTreeMap<&'a str, (Behaviour, f64)>;

/// Runs the instances, grouped by file; tells what each did and how long it took. Those left out are missing.
pub(super) fn behaviours<'a>(
    instances: &[Instance<'a>],
    conditions: &Conditions<'_>,
    heard: &mut dyn FnMut(&str),
) -> Result<Behaviours<'a>, SessionError> {
    let mut files: BTreeMap<&str, Vec<&Instance<'a>>> = BTreeMap::new();
    for instance in instances {
        files.entry(&instance.benchmark.file).or_default().push(instance);
    }
    let (mut found, mut timeouts) = (BTreeMap::new(), 0);
    for (file, instances) in files {
        let mut zygote = match conditions.suite.serve(file, false, conditions.cancel) {
            Ok(zygote) => Ok(zygote),
            Err(SuiteError::Import { error, .. }) => Err(Behaviour::failed(format!("import, {}", kind(&error)))),
            Err(error) => return Err(error.into()),
        };
        let mut caches = BTreeMap::new();
        for instance in instances {
            if instance.spare && timeouts >= MOST_TIMEOUTS {
                continue;
            }
            heard(instance.id);
            let done = match &mut zygote {
                Ok(zygote) => one(instance, zygote, &mut caches, conditions)?,
                Err(failed) => (failed.clone(), 0.0),
            };
            timeouts += usize::from(done.0.outcome == Outcome::TimedOut);
            found.insert(instance.id, done);
        }
    }
    Ok(found)
}

/// Shared caches by key: where each lies and what its computation did.
type Caches<'a> = BTreeMap<&'a str, (TempDir, Behaviour)>;

fn one<'a>(
    instance: &Instance<'a>,
    zygote: &mut Zygote<'_>,
    caches: &mut Caches<'a>,
    conditions: &Conditions<'_>,
) -> Result<(Behaviour, f64), SessionError> {
    let benchmark = instance.benchmark;
    let mut cache = None;
    if let Some(key) = benchmark.setup_cache_key.as_deref() {
        if !caches.contains_key(key) {
            let made = make_cache(benchmark, zygote, conditions)?;
            caches.insert(key, made);
        }
        cache = caches.get(key);
    }
    if let Some((_, made)) = cache
        && made.outcome != Outcome::Ok
    {
        return Ok((made.clone(), 0.0));
    }
    let own = benchmark.timeout.unwrap_or(conditions.default_timeout);
    let seconds = instance.usual_s.map_or(own, |usual| own.min(usual * SLOWER + LONGER_S));
    let request = InstanceRequest {
        benchmark,
        param: instance.param,
        cache_dir: cache.map(|(directory, _)| directory.path()),
        timeout: Duration::from_secs_f64(seconds.clamp(0.001, 1e9)),
    };
    let result = settled(zygote.digest(&request, conditions.tree))?;
    Ok((Behaviour::of(&result, cache.map(|(_, made)| made)), result.wall_s))
}

fn make_cache(
    benchmark: &Benchmark,
    zygote: &mut Zygote<'_>,
    conditions: &Conditions<'_>,
) -> Result<(TempDir, Behaviour), SessionError> {
    let unwritable = |error: std::io::Error| {
        SessionError::Request(format!("no temporary directory for setup_cache: {error}; check TMPDIR"))
    };
    let directory = TempDir::with_prefix("lightspeed-cache-").map_err(unwritable)?;
    let seconds = benchmark.setup_cache_timeout.unwrap_or(conditions.default_timeout).clamp(0.001, 1e9);
    let request =
        SetupCacheRequest { benchmark, cache_dir: directory.path(), timeout: Duration::from_secs_f64(seconds) };
    let result = settled(zygote.digest_cache(&request, conditions.tree))?;
    Ok((directory, Behaviour::of(&result, None)))
}

/// What concerns the benchmark alone is a result.
fn settled(result: Result<OpResult, SuiteError>) -> Result<OpResult, SessionError> {
    match result {
        Err(error @ (SuiteError::Import { .. } | SuiteError::Protocol { .. })) => {
            Ok(OpResult { outcome: Outcome::Failed, error: Some(error.to_string()), ..OpResult::default() })
        }
        other => Ok(other?),
    }
}
