//! What a suite's configuration says about the analysis of sources.

use lightspeed_core::blocks::Options;
use lightspeed_core::impact::Extensions;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The object `lightspeed` of `asv.conf.json`, the table `[analysis]` of `lightspeed.toml`. A survey made with another one is made again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Analysis")]
pub struct AnalysisConfig {
    /// Count docstrings as code.
    pub docstrings: bool,
    /// Decorators known to keep a function's behaviour to its name, beside the built-in list: dotted names as written
    /// (`mylib.cached`) or their last part.
    pub pure_decorators: Vec<String>,
    /// What compiled modules are built from, where their names do not tell: patterns of sources, relative to the source
    /// root, by the path of a module without its suffix.
    pub extensions: Extensions,
}

impl AnalysisConfig {
    /// How sources are analysed.
    #[must_use]
    pub fn options(&self) -> Options {
        Options { docstrings: self.docstrings, pure_decorators: self.pure_decorators.clone() }
    }

    /// What a survey was made with.
    #[must_use]
    pub fn of(options: &Options, extensions: &Extensions) -> Self {
        let Options { docstrings, pure_decorators } = options.clone();
        Self { docstrings, pure_decorators, extensions: extensions.clone() }
    }

    /// As it was noted with a survey; surveys that note nothing were made with the default.
    #[must_use]
    pub fn noted(config: &str) -> Self {
        #[derive(Default, Deserialize)]
        struct Noted {
            #[serde(default)]
            options: AnalysisConfig,
        }
        serde_json::from_str(config).unwrap_or_else(|_| Noted::default()).options
    }
}
