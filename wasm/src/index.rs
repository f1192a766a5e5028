//! What a survey knows, ready to be asked.

use std::collections::BTreeMap;
use std::rc::Rc;

use lightspeed_core::impact::{self, Grouping, Policy, Survey};
use lightspeed_core::report::{block_heat, instance_files, surveyed_files};
use lightspeed_core::survey::{Question, ask, encode};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::json::{read, write};
use crate::{Error, Files, Selection, SuiteMap};

/// What each benchmark instance executed. Instances are numbered from 0 in the order of the suite.
#[wasm_bindgen]
pub struct Index {
    index: Rc<impact::Index>,
    /// Seconds that a run of an instance takes, where known.
    costs: BTreeMap<u32, f64>,
}

impl From<Survey> for Index {
    fn from(survey: Survey) -> Self {
        Self { index: Rc::new(impact::Index::new(survey)), costs: BTreeMap::new() }
    }
}

/// A question as JSON; what is left out has its default.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    policy: Policy,
    hotfile_threshold: f64,
}

impl Default for Asked {
    fn default() -> Self {
        let Question { policy, hotfile_threshold } = Question::default();
        Self { policy, hotfile_threshold }
    }
}

#[wasm_bindgen]
impl Index {
    /// The survey as the bytes of a snapshot, without sources and results.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        encode(&self.index.survey())
    }

    /// Ids of the instances by number, as JSON.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn ids(&self) -> Result<String, Error> {
        let ids: Vec<_> = (0..self.index.instances.len() as u32).map(|instance| self.index.id(instance)).collect();
        write("the ids", &ids)
    }

    /// The surveyed files, as JSON.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn files(&self) -> Result<String, Error> {
        write("the files", &surveyed_files(&self.index))
    }

    /// The blocks of a file with how many instances execute each, as JSON; `[]` for a path that was not surveyed.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn heat(&self, path: &str) -> Result<String, Error> {
        write("the blocks", &block_heat(&self.index, path).unwrap_or_default())
    }

    /// What an instance depends on, as JSON.
    ///
    /// # Errors
    /// No such instance.
    pub fn depends(&self, instance: u32) -> Result<String, Error> {
        self.check(instance)?;
        write("the files", &instance_files(&self.index, instance))
    }

    /// The map of the suite; its rows are each a `file`, a `class` or a `benchmark`.
    ///
    /// # Errors
    /// Another word.
    pub fn map(&self, by: &str) -> Result<SuiteMap, Error> {
        let by = match by {
            "file" => Grouping::File,
            "class" => Grouping::Class,
            "benchmark" => Grouping::Benchmark,
            _ => return Err(Error::Unknown("rows are each a \"file\", a \"class\" or a \"benchmark\"")),
        };
        Ok(SuiteMap::new(Rc::clone(&self.index), by))
    }

    /// Says what a run of each instance costs, in seconds by number; anything but a positive number says that it is not known. A change
    /// that is left out as too wide is stood for by the cheapest.
    pub fn set_costs(&mut self, seconds: &[f64]) {
        self.costs = (0..).zip(seconds.iter().copied()).filter(|(_, cost)| *cost > 0.0 && cost.is_finite()).collect();
    }

    /// What the files affect. `question` is JSON: `policy` (`precise`, `strict`, `file`) and `hotfile_threshold`, each with a default.
    ///
    /// # Errors
    /// A text that is no question.
    pub fn select(&self, files: &Files, question: &str) -> Result<Selection, Error> {
        let Asked { policy, hotfile_threshold } = read("the question", question)?;
        let selection = ask(&self.index, &files.now(), Question { policy, hotfile_threshold }, &self.costs);
        Ok(Selection::new(Rc::clone(&self.index), selection, policy))
    }
}

impl Index {
    fn check(&self, instance: u32) -> Result<(), Error> {
        if (instance as usize) < self.index.instances.len() {
            Ok(())
        } else {
            Err(Error::Unknown("there is no such instance"))
        }
    }
}
