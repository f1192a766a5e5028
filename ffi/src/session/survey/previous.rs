//! The survey before: what of it still holds, and the new one put together from both.

use super::Plan;
use super::part::{Part, cache_key, import_key, instance_key};
use crate::session::compile::{Compiler, Seen};
use crate::session::discovery::{instances, is_same, stored};
use crate::session::stale::index_of;
use crate::session::{Event, Listener, Places, Session, SessionError};
use crate::store::{DEPENDENCIES_DELETED, Environment, ObservedKind, Phase, Store, TextLoading};
use crate::suite::{AnalysisConfig, Benchmark};
use lightspeed_core::impact::{self, Index, Policy, Request, select};
use lightspeed_core::source::blob_id;
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, BTreeSet};

/// The survey before, as far as it still holds.
pub(super) struct Previous {
    benchmarks: Vec<crate::store::Benchmark>,
    instances: Vec<crate::store::Instance>,
    index: Index,
}

impl Previous {
    pub(super) fn is_suite(&self, benchmarks: &[Benchmark]) -> bool {
        let known: BTreeMap<&str, &crate::store::Benchmark> =
            self.benchmarks.iter().map(|benchmark| (benchmark.name.as_str(), benchmark)).collect();
        let same =
            |benchmark: &Benchmark| known.get(benchmark.name.as_str()).is_some_and(|old| **old == stored(benchmark));
        known.len() == benchmarks.len() && benchmarks.iter().all(same)
    }

    /// Copies the rows of the instances in `kept` (old number → new number), their units renumbered by identity where
    /// the file changed.
    fn carry(&self, kept: &BTreeMap<u32, u32>, compiler: &mut Compiler<'_>) -> Result<(), SessionError> {
        let now = |who: &RoaringBitmap| who.iter().filter_map(|old| kept.get(&old)).copied().collect::<RoaringBitmap>();
        for row in self.index.rows() {
            let who = now(&row.instances);
            let file = &self.index.files[row.file as usize];
            if who.is_empty() {
                continue;
            }
            let Some(new) = compiler.file_named(&file.path)? else { continue };
            let units = impact::renumber(&row.units, &file.blocks, compiler.blocks(new));
            let phase = match row.phase {
                impact::Phase::Import => Phase::Import,
                impact::Phase::Setup => Phase::Setup,
                impact::Phase::Run => Phase::Run,
            };
            compiler.insert(new, phase, &units, &who);
        }
        for (list, kind) in
            [(&self.index.failed_imports, ObservedKind::FailedImport), (&self.index.listed, ObservedKind::Listed)]
        {
            for observed in list {
                compiler.observe(kind, &observed.name, &now(&observed.instances));
            }
        }
        Ok(())
    }
}

impl Session {
    pub(super) fn previous(
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
        let analysis = AnalysisConfig::noted(&generation.config);
        if analysis != *self.config.analysis() {
            let text = "the configuration's \"lightspeed\" is not what it was: surveying everything again";
            listener(Event::Note { text });
            return Ok(None);
        }
        let data = store.load_survey(generation.id, TextLoading::Skip)?;
        let (benchmarks, instances) = (data.benchmarks.clone(), data.instances.clone());
        match index_of(data, &places.modules, &analysis, self.finest()) {
            Ok(index) => Ok(Some(Previous { benchmarks, instances, index })),
            Err(SessionError::Analysis(error)) => {
                listener(Event::Note { text: &format!("{error}; surveying everything again") });
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Instances whose survey no longer holds, and the files that changed.
    pub(super) fn stale(
        &self,
        places: &Places,
        previous: &Previous,
        benchmarks: &[Benchmark],
        listener: Listener<'_>,
    ) -> Result<(BTreeSet<String>, Vec<String>), SessionError> {
        let changes = self.all_changes(places, &previous.index, listener)?;
        let costs = BTreeMap::new();
        let selection = select(
            &previous.index,
            &Request { changes: &changes, policy: Policy::Precise, hotfile_threshold: 1.0, costs: &costs },
        );
        let mut ids: BTreeSet<String> = selection.affected().iter().map(|i| previous.index.id(i)).collect();
        if selection.changed_files.is_empty() {
            ids.clear();
        }
        let known: BTreeMap<&str, &crate::store::Benchmark> =
            previous.benchmarks.iter().map(|b| (b.name.as_str(), b)).collect();
        let known_ids: BTreeSet<&str> = previous.instances.iter().map(|i| i.id.as_str()).collect();
        let deleted = |i: &&crate::store::Instance| i.always_affected.iter().any(|doubt| doubt == DEPENDENCIES_DELETED);
        ids.extend(previous.instances.iter().filter(deleted).map(|i| i.id.clone()));
        let now = instances(benchmarks);
        let current: BTreeSet<&str> = now.iter().map(|i| i.id.as_str()).collect();
        ids.retain(|id| current.contains(id.as_str()));
        for instance in &now {
            let benchmark = &benchmarks[instance.benchmark as usize];
            let same = known.get(benchmark.name.as_str()).is_some_and(|old| is_same(old, benchmark));
            if !same || !known_ids.contains(instance.id.as_str()) {
                ids.insert(instance.id.clone());
            }
        }
        Ok((ids, selection.changed_files))
    }

    /// Puts parts and what still holds of the previous survey together, and completes the generation.
    pub(super) fn compile(
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
        let mut compiler = Compiler::new(places, self.config.analysis().options());
        let mut imports: BTreeMap<&str, Part> = BTreeMap::new();
        let mut caches: BTreeMap<&str, Part> = BTreeMap::new();
        let old: BTreeMap<&str, u32> =
            previous.iter().flat_map(|p| p.instances.iter().map(|i| i.id.as_str()).zip(0..)).collect();
        let mut kept: BTreeMap<u32, u32> = BTreeMap::new();
        for (number, instance) in (0..).zip(&mut all) {
            let benchmark = &plan.benchmarks[instance.benchmark as usize];
            if !plan.ids.contains(&instance.id) {
                if let (Some(previous), Some(&old)) = (previous, old.get(instance.id.as_str())) {
                    kept.insert(old, number);
                    instance.always_affected.clone_from(&previous.instances[old as usize].always_affected);
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
        if let Some(previous) = previous {
            previous.carry(&kept, &mut compiler)?;
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
        compiler.note_unused(places.source_files()?);
        let (mut data, profiles) = compiler.finish(plan.benchmarks.iter().map(stored).collect(), all);
        data.index = self.basis(places).to_json();
        store.complete_generation(generation, &data, &profiles)?;
        Ok(())
    }
}
