//! What the rows of a survey are read with: noted beside them, so that the database alone tells.

use super::{Places, Session};
use crate::store::GenerationInfo;
use crate::suite::AnalysisConfig;
use lightspeed_core::blocks::Options;
use lightspeed_core::impact::{Extensions, Index, Policy};
use lightspeed_core::source::ModuleRoots;
use serde::{Deserialize, Serialize};

/// What an index is made with besides its rows. As JSON it is the row `index` of the database's table `meta`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexBasis {
    /// How modules are named.
    pub roots: ModuleRoots,
    /// How sources are analysed.
    pub options: Options,
    /// What compiled modules are built from, as configured.
    pub extensions: Extensions,
    /// The finest policy that the survey carries.
    pub finest: Policy,
}

impl IndexBasis {
    /// Of a survey that was made with `analysis`.
    #[must_use]
    pub fn new(roots: &ModuleRoots, analysis: &AnalysisConfig, finest: Policy) -> Self {
        IndexBasis {
            roots: roots.clone(),
            options: analysis.options(),
            extensions: analysis.extensions.clone(),
            finest,
        }
    }

    /// Of an index.
    #[must_use]
    pub fn of(index: &Index) -> Self {
        IndexBasis {
            roots: index.roots.clone(),
            options: index.options.clone(),
            extensions: index.extensions.clone(),
            finest: index.finest,
        }
    }

    /// As the database keeps it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What `noted` says; else what earlier releases noted with the generation, if they did.
    #[must_use]
    pub fn noted(noted: &str, generation: &GenerationInfo) -> Option<Self> {
        #[derive(Deserialize)]
        struct Notes {
            #[serde(default)]
            options: AnalysisConfig,
            roots: ModuleRoots,
            #[serde(default)]
            finest: Policy,
        }
        if let Ok(basis) = serde_json::from_str(noted) {
            return Some(basis);
        }
        let notes: Notes = serde_json::from_str(&generation.config).ok()?;
        Some(Self::new(&notes.roots, &notes.options, notes.finest))
    }
}

impl Session {
    /// That of a survey which this session makes of the sources at `places`.
    pub(super) fn basis(&self, places: &Places) -> IndexBasis {
        IndexBasis::new(&places.modules, self.config.analysis(), self.finest())
    }
}
