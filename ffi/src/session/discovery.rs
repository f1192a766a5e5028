//! The suite as it is now: benchmarks and their instances, ready for the database.

use super::{Event, Listener, Session, SessionError};
use crate::store;
use crate::suite::asv::Discovery;
use crate::suite::{Benchmark, Kind, Suite};

/// Instances beyond this number in one benchmark are a mistake, not a suite.
const MAX_INSTANCES: u64 = 1_000_000;

impl Session {
    /// Lists the suite, or some of its files, and makes sure that it would measure the source root.
    pub(super) fn discover(
        &self,
        suite: &Suite,
        files: Option<&[String]>,
        listener: Listener<'_>,
    ) -> Result<Discovery, SessionError> {
        listener(Event::Begin { what: "discover", total: 0 });
        let mut discovery =
            suite.discover(files, &self.cancel, &mut |progress| listener(Event::Item { name: progress.file }))?;
        listener(Event::Done);
        if let Some(only) = &self.overlay.only {
            let wanted = |b: &Benchmark| b.instances().any(|param| only.is_match(&b.instance_id(param)));
            discovery.benchmarks.retain(wanted);
        }
        if !discovery.shadowed.is_empty() {
            return Err(SessionError::Shadowed {
                shadowed: discovery.shadowed,
                source_root: suite.source_root().to_owned(),
            });
        }
        if let Some(huge) = discovery.benchmarks.iter().find(|b| b.instance_count() > MAX_INSTANCES) {
            let count = huge.instance_count();
            return Err(SessionError::Request(format!(
                "{} has {count} parameter combinations: reduce its params",
                huge.name
            )));
        }
        Ok(discovery)
    }
}

/// A benchmark as the database keeps it.
pub(super) fn stored(benchmark: &Benchmark) -> store::Benchmark {
    store::Benchmark {
        name: benchmark.name.clone(),
        file: benchmark.file.clone(),
        kind: match &benchmark.kind {
            Kind::Time => "time".to_owned(),
            Kind::Timeraw => "timeraw".to_owned(),
            Kind::Mem => "memory".to_owned(),
            Kind::Peakmem => "peakmemory".to_owned(),
            Kind::Track => "track".to_owned(),
            Kind::Command => "command".to_owned(),
            Kind::Other(other) => other.clone(),
        },
        unit: benchmark.unit.clone(),
        version: benchmark.version.clone().unwrap_or_default(),
        params: benchmark.params.clone(),
        param_names: benchmark.param_names.clone(),
        setup_cache_key: benchmark.setup_cache_key.clone(),
        definition: serde_json::to_string(benchmark).unwrap_or_default(),
    }
}

/// Whether a benchmark is what was surveyed: the same parameters in the same file and, where no file of the survey shows what it
/// does, the same definition.
pub(super) fn is_same(surveyed: &store::Benchmark, now: &Benchmark) -> bool {
    let defined_alike = now.kind != Kind::Command || now.version.as_deref().unwrap_or_default() == surveyed.version;
    surveyed.params == now.params && surveyed.file == now.file && defined_alike
}

/// The benchmark that was stored.
pub(super) fn restored(benchmark: &store::Benchmark) -> Option<Benchmark> {
    serde_json::from_str(&benchmark.definition).ok()
}

/// The instances of all benchmarks, in the order of the benchmarks.
pub(super) fn instances(benchmarks: &[Benchmark]) -> Vec<store::Instance> {
    let of = |(number, benchmark): (u32, &Benchmark)| {
        let ids: Vec<_> = benchmark.instances().map(|param| (benchmark.instance_id(param), param)).collect();
        ids.into_iter().map(move |(id, param)| store::Instance {
            id,
            benchmark: number,
            param: param.and_then(|p| u32::try_from(p).ok()),
            always_affected: Vec::new(),
        })
    };
    (0..).zip(benchmarks).flat_map(of).collect()
}
