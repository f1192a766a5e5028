//! What files affect, and why.

use std::rc::Rc;

use lightspeed_core::impact::{self, Policy};
use lightspeed_core::report::{ReasonText, SelectReport, markdown};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::Error;
use crate::json::write;

/// The affected instances, by number, and the reasons, each with those that it holds for.
#[wasm_bindgen]
pub struct Selection {
    index: Rc<impact::Index>,
    selection: impact::Selection,
    policy: Policy,
}

#[derive(Serialize)]
struct Group {
    #[serde(flatten)]
    reason: ReasonText,
    count: u64,
}

#[wasm_bindgen]
impl Selection {
    /// Numbers of all affected instances, ascending.
    #[must_use]
    pub fn affected(&self) -> Vec<u32> {
        self.selection.affected().iter().collect()
    }

    /// The reasons in the order of files and lines, each with its `text` and the `count` of instances, as JSON.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn reasons(&self) -> Result<String, Error> {
        let group = |(reason, who): &(impact::Reason, _)| Group {
            reason: ReasonText::from(reason.clone()),
            count: roaring::RoaringBitmap::len(who),
        };
        write("the reasons", &self.selection.reasons.iter().map(group).collect::<Vec<_>>())
    }

    /// Numbers of the instances that a reason holds for.
    ///
    /// # Errors
    /// No such reason.
    pub fn who(&self, reason: u32) -> Result<Vec<u32>, Error> {
        let found = self.selection.reasons.get(reason as usize).ok_or(Error::Unknown("there is no such reason"))?;
        Ok(found.1.iter().collect())
    }

    /// Numbers of the reasons that hold for an instance.
    #[must_use]
    pub fn why(&self, instance: u32) -> Vec<u32> {
        let holds = (0..).zip(&self.selection.reasons).filter(|(_, (_, who))| who.contains(instance));
        holds.map(|(number, _)| number).collect()
    }

    /// Paths of the files that differ from the survey's, as JSON.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn changed_files(&self) -> Result<String, Error> {
        write("the files", &self.selection.changed_files)
    }

    /// Changes left out as too wide, as JSON.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn hotfiles(&self) -> Result<String, Error> {
        write("the hotfiles", &self.document().hotfiles)
    }

    /// The document `lightspeed.select/1`.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn report(&self) -> Result<String, Error> {
        write("the document", &self.document())
    }

    /// The same as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown(&self.document())
    }
}

impl Selection {
    pub(crate) fn new(index: Rc<impact::Index>, selection: impact::Selection, policy: Policy) -> Self {
        Self { index, selection, policy }
    }

    fn document(&self) -> SelectReport {
        SelectReport::new(&self.index, &self.selection, self.policy)
    }
}
