//! A snapshot, and what it carries beside the survey.

use lightspeed_core::impact::Survey;
use lightspeed_core::survey::{Extras, decode_with};
use wasm_bindgen::prelude::*;

use crate::json::write;
use crate::{Error, Index};

/// What `lightspeed export` wrote.
#[wasm_bindgen]
pub struct Snapshot {
    survey: Option<Survey>,
    extras: Extras,
}

#[wasm_bindgen]
impl Snapshot {
    /// Reads a snapshot.
    ///
    /// # Errors
    /// Bytes that are none, are of another version, or are damaged.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Self, Error> {
        let (survey, extras) = decode_with(bytes)?;
        Ok(Self { survey: Some(survey), extras })
    }

    /// The index of its survey, once: it is not kept twice.
    ///
    /// # Errors
    /// The second time.
    pub fn index(&mut self) -> Result<Index, Error> {
        self.survey.take().map(Index::from).ok_or(Error::Taken)
    }

    /// Where the survey comes from and what was measured, as JSON; empty for none.
    #[must_use]
    pub fn context(&self) -> String {
        self.extras.context.clone()
    }

    /// Paths of the sources that it carries, as JSON.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub fn paths(&self) -> Result<String, Error> {
        write("the paths", &self.extras.texts.keys().collect::<Vec<_>>())
    }

    /// A source as it was surveyed, where it is carried.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<Vec<u8>> {
        self.extras.texts.get(path).cloned()
    }
}
