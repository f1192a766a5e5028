//! Instances grouped by what they depend on, for the views that other programs read.

use super::model::SurveyData;
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What instances depend on. Those of one profile stand in the same executions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profiles {
    /// The profile of each instance.
    pub of: Vec<u32>,
    /// What the profiles depend on.
    pub dependencies: Vec<Dependency>,
}

/// What a profile depends on in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The profile.
    pub profile: u32,
    /// Position of the file.
    pub file: u32,
    /// Checksums of the blocks executed there.
    pub checksums: Vec<u32>,
}

impl Profiles {
    /// Groups the instances of `survey`. `checksums` are those of each file's blocks.
    #[must_use]
    pub fn new(survey: &SurveyData, checksums: &[Vec<u32>]) -> Self {
        let of = partition(survey);
        let mut members: BTreeMap<u32, u32> = BTreeMap::new();
        for (instance, profile) in (0..).zip(&of) {
            members.entry(*profile).or_insert(instance);
        }
        // One member speaks for each profile.
        let profile_of: BTreeMap<u32, u32> =
            members.into_iter().map(|(profile, instance)| (instance, profile)).collect();
        let speakers: RoaringBitmap = profile_of.keys().copied().collect();
        let mut found: BTreeMap<(u32, u32), BTreeSet<u32>> = BTreeMap::new();
        for execution in &survey.executions {
            let Some(file) = checksums.get(execution.file as usize) else { continue };
            let executed: Vec<u32> =
                execution.blocks.iter().filter_map(|block| file.get(block as usize)).copied().collect();
            for speaker in &execution.instances & &speakers {
                found.entry((profile_of[&speaker], execution.file)).or_default().extend(&executed);
            }
        }
        let dependency = |((profile, file), checksums): (_, BTreeSet<u32>)| Dependency {
            profile,
            file,
            checksums: checksums.into_iter().collect(),
        };
        Profiles { of, dependencies: found.into_iter().map(dependency).collect() }
    }
}

/// The profile of each instance. Each execution splits the profiles that it holds only a part of.
fn partition(survey: &SurveyData) -> Vec<u32> {
    let mut of = vec![0; survey.instances.len()];
    let mut next = 1;
    let mut split: HashMap<u32, u32> = HashMap::new();
    for execution in &survey.executions {
        split.clear();
        for instance in &execution.instances {
            let Some(profile) = of.get_mut(instance as usize) else { continue };
            *profile = *split.entry(*profile).or_insert_with(|| {
                next += 1;
                next - 1
            });
        }
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Execution, Instance, Phase};

    #[test]
    fn instances_of_the_same_executions_share_a_profile() {
        let execution = |file, instances: &[u32]| Execution {
            file,
            phase: Phase::Run,
            blocks: RoaringBitmap::from([1]),
            instances: instances.iter().collect(),
        };
        let survey = SurveyData {
            instances: vec![Instance::default(); 5],
            executions: vec![execution(0, &[0, 1, 2, 3]), execution(1, &[1, 3]), execution(1, &[3])],
            ..SurveyData::default()
        };
        let profiles = Profiles::new(&survey, &[vec![10, 11], vec![20, 21]]);
        let of = &profiles.of;
        assert_eq!(of[0], of[2]);
        assert_eq!([of[0], of[1], of[3], of[4]].iter().collect::<BTreeSet<_>>().len(), 4);
        let files = |profile| profiles.dependencies.iter().filter(move |d| d.profile == profile);
        assert_eq!(files(of[0]).map(|d| (d.file, d.checksums.clone())).collect::<Vec<_>>(), [(0, vec![11])]);
        assert_eq!(files(of[3]).map(|d| d.file).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(files(of[4]).count(), 0);
    }
}
