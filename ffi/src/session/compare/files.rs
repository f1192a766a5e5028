//! The directory of a comparison: what building said, and what was found, for programs.

use super::CompareOptions;
use super::hyperfine::startup;
use super::report::CompareReport;
use crate::session::{Places, Session, SessionError};
use crate::suite::Layer;
use crate::text::imports;
use crate::tree::{TreeError, branch};
use serde::Serialize;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Everything that was found.
const DOCUMENT: &str = "compare.json";
/// What each module's import costs.
const IMPORTS: &str = "importtime.tsv";
/// Characters of a branch's name that a directory's name keeps.
const LONGEST_NAME: usize = 80;

/// What is written down while trees are built, in the directory of the results.
pub(super) struct Log {
    directory: PathBuf,
}

impl Log {
    /// Makes the directory, named after the branch and the time.
    pub(super) fn create(session: &Session, options: &CompareOptions, places: &Places) -> Result<Self, SessionError> {
        let named = options.b.clone().filter(|name| name != "HEAD");
        let name = match named {
            Some(name) => name,
            None => branch(places.root.path())?.unwrap_or_else(|| "detached".to_owned()),
        };
        let time = humantime::format_rfc3339_seconds(SystemTime::now()).to_string().replace(['-', ':'], "");
        let base = session.config.results_dir().join(format!("{}-{time}", safe_name(&name)));
        let mut directory = base.clone();
        for number in 2.. {
            let made = directory.parent().map_or(Ok(()), std::fs::create_dir_all);
            match made.and_then(|()| std::fs::create_dir(&directory)) {
                Ok(()) => break,
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                    directory = PathBuf::from(format!("{}-{number}", base.display()));
                }
                Err(error) => return Err(unwritable(&directory, &error)),
            }
        }
        Ok(Log { directory })
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// What building a tree wrote.
    pub(super) fn path(&self, letter: &str) -> PathBuf {
        self.directory.join(format!("build-{letter}.log"))
    }

    pub(super) fn append(&self, letter: &str, text: &str) -> Result<(), SessionError> {
        let path = self.path(letter);
        let file = std::fs::OpenOptions::new().append(true).create(true).open(&path);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| unwritable(&path, &error))
    }
}

/// Writes the whole document, and one for each layer that was run.
pub(super) fn write(report: &CompareReport, directory: &Path) -> Result<(), SessionError> {
    write_json(&directory.join(DOCUMENT), report)?;
    for layer in Layer::ALL {
        let file = directory.join(format!("{layer}.json"));
        let besides = match layer {
            Layer::Memory => report.memory.is_some(),
            Layer::Import => report.imports.is_some(),
            _ => false,
        };
        let is_there = besides || report.benchmarks.values().any(|found| found.layer == layer);
        match layer {
            _ if !is_there => {}
            Layer::Startup => write_json(&file, &startup(report))?,
            _ => write_json(&file, &report.of_layer(layer))?,
        }
    }
    if let Some(comparison) = report.imports.as_ref().and_then(|imports| imports.comparison.as_ref()) {
        let path = directory.join(IMPORTS);
        std::fs::write(&path, imports::tsv(comparison)).map_err(|error| unwritable(&path, &error))?;
    }
    Ok(())
}

fn write_json(path: &Path, document: &impl Serialize) -> Result<(), SessionError> {
    let text = serde_json::to_string_pretty(document).map_err(|error| SessionError::Request(error.to_string()))?;
    std::fs::write(path, text + "\n").map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> SessionError {
    SessionError::Tree(TreeError::Unwritable { path: path.to_owned(), detail: error.to_string() })
}

/// The name of a branch as that of a directory, on every file system: letters, digits, `.`, `_` and `-`, neither hidden nor empty.
fn safe_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let text: String = name.chars().take(LONGEST_NAME).map(safe).collect();
    let text = text.trim_start_matches(['.', '-']);
    if text.is_empty() { "unnamed".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_makes_a_name_that_stays_in_its_directory() {
        for (name, safe) in [
            ("main", "main"),
            ("feature/a b", "feature-a-b"),
            ("../../etc", "etc"),
            ("v1.0_rc-2", "v1.0_rc-2"),
            ("-x", "x"),
            ("ä", "unnamed"),
            ("", "unnamed"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
        assert_eq!(safe_name(&"x".repeat(200)).len(), LONGEST_NAME);
    }
}
