//! Files as they are now.

use std::collections::BTreeMap;

use lightspeed_core::survey::FileNow;
use wasm_bindgen::prelude::*;

/// Files that may have changed since the survey, by their paths relative to the source root.
#[wasm_bindgen]
#[derive(Default)]
pub struct Files(BTreeMap<String, Option<Vec<u8>>>);

#[wasm_bindgen]
impl Files {
    /// None yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The file at `path` holds `bytes`.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>) {
        self.0.insert(path.to_owned(), Some(bytes));
    }

    /// The file at `path` is gone.
    pub fn remove(&mut self, path: &str) {
        self.0.insert(path.to_owned(), None);
    }
}

impl Files {
    pub(crate) fn now(&self) -> Vec<FileNow<'_>> {
        self.0.iter().map(|(path, content)| FileNow { path, content: content.as_deref() }).collect()
    }
}
