//! What an audit has found so far: one file, a line each, so that an interrupted audit goes on.

use super::behaviour::Behaviour;
use crate::session::SessionError;
use crate::tree::TreeError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Version of the file.
const FORMAT: &str = "lightspeed.audit-state/1";

/// What two runs of the unchanged code showed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Baseline {
    /// What each stable instance did, and the seconds it took.
    pub(super) stable: BTreeMap<String, (Behaviour, f64)>,
    /// The others: in what the two runs differ.
    pub(super) unstable: BTreeMap<String, Vec<String>>,
}

/// What one mutation showed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Found {
    pub(super) key: String,
    pub(super) operator: String,
    pub(super) file: String,
    pub(super) line: Option<u64>,
    pub(super) diff: String,
    /// Instances that differ.
    pub(super) affected: u64,
    /// Instances selected, without those that are selected whatever changes.
    pub(super) selected: u64,
    /// Instances that differ and are selected, however.
    pub(super) hit: u64,
    /// Of `selected`, those that differ.
    pub(super) selected_affected: u64,
    /// Rule → instances selected by it, and how many of them differ.
    pub(super) rules: BTreeMap<String, (u64, u64)>,
    /// Instances that differ and are not selected, with what differs.
    pub(super) missed: BTreeMap<String, Vec<String>>,
    /// Instances that turned out to be unstable: left out of all figures.
    pub(super) unstable: BTreeMap<String, Vec<String>>,
    /// Why it could not be tried.
    pub(super) failed: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Header { format: String, key: String },
    Baseline(Baseline),
    Found(Box<Found>),
}

/// The opened file with what it holds.
pub(super) struct State {
    path: PathBuf,
    file: File,
    pub(super) baseline: Option<Baseline>,
    pub(super) found: BTreeMap<String, Found>,
}

impl State {
    /// Opens the file; what belongs to another tree or other options (`key`) is replaced.
    pub(super) fn open(path: &Path, key: &str) -> Result<Self, SessionError> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path).map_err(wrong(path))?;
        let mut text = String::new();
        // A file that is no text is none of ours.
        let _ = file.read_to_string(&mut text);
        let mut state = State { path: path.to_owned(), file, baseline: None, found: BTreeMap::new() };
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let mut lines = text[..whole].lines().map(serde_json::from_str::<Line>);
        let known =
            matches!(lines.next(), Some(Ok(Line::Header { format, key: own })) if format == FORMAT && own == key);
        if !known {
            state.file.set_len(0).map_err(wrong(path))?;
            std::io::Seek::rewind(&mut state.file).map_err(wrong(path))?;
            state.write(&Line::Header { format: FORMAT.to_owned(), key: key.to_owned() })?;
            return Ok(state);
        }
        for line in lines.flatten() {
            match line {
                Line::Baseline(baseline) => state.baseline = Some(baseline),
                Line::Found(found) => {
                    state.found.insert(found.key.clone(), *found);
                }
                Line::Header { .. } => {}
            }
        }
        // A line that a kill cut short goes.
        state.file.set_len(whole as u64).map_err(wrong(path))?;
        std::io::Seek::seek(&mut state.file, std::io::SeekFrom::End(0)).map_err(wrong(path))?;
        Ok(state)
    }

    /// Keeps the baseline.
    pub(super) fn keep_baseline(&mut self, baseline: Baseline) -> Result<(), SessionError> {
        self.write(&Line::Baseline(baseline.clone()))?;
        self.baseline = Some(baseline);
        Ok(())
    }

    /// Keeps what a mutation showed.
    pub(super) fn keep(&mut self, found: Found) -> Result<(), SessionError> {
        self.write(&Line::Found(Box::new(found.clone())))?;
        self.found.insert(found.key.clone(), found);
        Ok(())
    }

    fn write(&mut self, line: &Line) -> Result<(), SessionError> {
        let text = serde_json::to_string(line).unwrap_or_default() + "\n";
        self.file.write_all(text.as_bytes()).map_err(wrong(&self.path))
    }
}

fn wrong(path: &Path) -> impl Fn(std::io::Error) -> SessionError + '_ {
    |error| SessionError::Tree(TreeError::Unreadable { path: path.to_owned(), detail: error.to_string() })
}
