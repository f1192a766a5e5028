//! The two trees of a comparison: worktrees whose paths are of equal length, in one temporary place.

use super::report::TreeText;
use crate::session::{Places, Session, SessionError};
use crate::suite::SuiteConfig;
use crate::suite::commands::CommandConfig;
use crate::tree::{TreeError, Worktree, lay_edits_over, read_file, replace, working_files};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What the working tree is called.
const WORKING_TREE: &str = "the working tree";

/// Both trees. Dropping them removes them, unless they are to be kept.
#[derive(Debug)]
pub(super) struct Trees {
    pub(super) a: Tree,
    pub(super) b: Tree,
    /// Benchmarks, by the files of an ASV suite or by the names of commands, that A has just as they are measured; `None` where no suite
    /// was laid over its own.
    pub(super) known_to_a: Option<BTreeSet<String>>,
    /// Beside the trees: databases and environments. Goes last.
    directory: Place,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Tree {
    worktree: Worktree,
    /// What a user calls it.
    pub(super) text: TreeText,
    /// `a` or `b`.
    pub(super) letter: &'static str,
}

/// A temporary directory, or what is left of one.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    _temporary: Option<TempDir>,
}

impl Tree {
    /// Its top.
    pub(super) fn top(&self) -> &Path {
        self.worktree.path()
    }

    /// Where a path of the user's tree lies in this one; `None` for what is outside of the repository.
    pub(super) fn twin(&self, path: &Path) -> Option<PathBuf> {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.worktree.twin(&real)
    }

    fn check_out(
        places: &Places,
        revision: Option<&str>,
        (letter, directory): (&'static str, &Path),
        written: &[PathBuf],
    ) -> Result<Self, SessionError> {
        let worktree = Worktree::add_at(places.root.path(), revision.unwrap_or("HEAD"), &directory.join(letter))?;
        let edits = if revision.is_none() { lay_edits_over(&worktree, written)? } else { 0 };
        let name = revision.unwrap_or(WORKING_TREE).to_owned();
        let text = TreeText { name, commit: worktree.commit().to_owned(), edits };
        Ok(Tree { worktree, text, letter })
    }
}

impl Trees {
    /// Checks `a` out, and `b` or the working tree with its edits. The suite is the working tree's in both.
    pub(super) fn check_out(
        session: &Session,
        places: &Places,
        (a, b): (&str, Option<&str>),
        keep: bool,
    ) -> Result<Self, SessionError> {
        let unwritable = |error: std::io::Error| {
            SessionError::Tree(TreeError::Unwritable { path: std::env::temp_dir(), detail: error.to_string() })
        };
        let temporary = TempDir::with_prefix("lightspeed-").map_err(unwritable)?;
        let path = temporary.path().canonicalize().map_err(unwritable)?;
        let directory = if keep {
            let _ = temporary.keep();
            Place { path, _temporary: None }
        } else {
            Place { path, _temporary: Some(temporary) }
        };
        let written = session.written();
        let mut tree_a = Tree::check_out(places, Some(a), ("a", &directory.path), &written)?;
        let mut tree_b = Tree::check_out(places, b, ("b", &directory.path), &written)?;
        if keep {
            tree_a.worktree.keep();
            tree_b.worktree.keep();
        }
        let known_to_a = lay_suite(session.config(), places, &tree_a)?;
        if b.is_some() {
            lay_suite(session.config(), places, &tree_b)?;
        }
        Ok(Trees { a: tree_a, b: tree_b, known_to_a, directory })
    }

    /// Where they lie.
    pub(super) fn directory(&self) -> &Path {
        &self.directory.path
    }
}

/// Puts the working tree's suite in place of the tree's own. What of it the tree has just so; `None` where it keeps its own.
fn lay_suite(config: &SuiteConfig, places: &Places, tree: &Tree) -> Result<Option<BTreeSet<String>>, SessionError> {
    let mut known = BTreeSet::new();
    match config {
        SuiteConfig::Asv(config) => {
            let own = config.benchmark_dir.canonicalize().unwrap_or_else(|_| config.benchmark_dir.clone());
            // A suite around its sources cannot be exchanged without them, and one outside of the repository is there once.
            let Some(theirs) = tree.twin(&own).filter(|_| !places.root.path().starts_with(&own)) else {
                return Ok(None);
            };
            let files = working_files(&own)?.into_iter().filter(|file| file.starts_with(&own));
            let files: Vec<(PathBuf, PathBuf)> =
                files.filter_map(|file| Some((theirs.join(file.strip_prefix(&own).ok()?), file))).collect();
            for (there, file) in &files {
                if read_file(there).is_ok_and(|bytes| read_file(file).is_ok_and(|own| own == bytes)) {
                    known.insert(file.strip_prefix(&own).unwrap_or(file).to_string_lossy().into_owned());
                }
            }
            if theirs.is_dir() {
                let unwritable = |error: std::io::Error| {
                    SessionError::Tree(TreeError::Unwritable { path: theirs.clone(), detail: error.to_string() })
                };
                std::fs::remove_dir_all(&theirs).map_err(unwritable)?;
            }
            for (there, file) in &files {
                replace(file, there)?;
            }
        }
        SuiteConfig::Commands(config) => {
            let before = tree.twin(&config.path).and_then(|path| CommandConfig::load(&path).ok());
            known.extend(before.into_iter().flat_map(|before| before.benchmarks).map(|benchmark| benchmark.name));
        }
    }
    Ok(Some(known))
}

impl Session {
    /// This session in another tree: the same configuration, with the paths of that tree.
    pub(super) fn in_tree(&self, tree: &Tree, places: &Places, results: &Path) -> Result<Session, SessionError> {
        let twin = |path: &Path| tree.twin(path).unwrap_or_else(|| path.to_owned());
        let mut session = self.clone();
        session.config = match &self.config {
            SuiteConfig::Asv(config) => {
                let mut config = config.clone();
                config.path = twin(&config.path);
                config.benchmark_dir = twin(&config.benchmark_dir);
                config.env_dir = twin(&config.env_dir);
                config.html_dir = twin(&config.html_dir);
                SuiteConfig::Asv(config)
            }
            SuiteConfig::Commands(config) => {
                let Some(path) = tree.twin(&config.path) else {
                    let text = format!(
                        "{} is not in the repository of the sources, so its commands cannot be run in another tree: move it there",
                        config.path.display()
                    );
                    return Err(SessionError::Request(text));
                };
                let bytes = read_file(&config.path)?;
                SuiteConfig::Commands(CommandConfig::parse(&String::from_utf8_lossy(&bytes), &path)?)
            }
        };
        session.config.set_results_dir(results.to_owned());
        session.options.source_root = Some(twin(places.root.path()));
        session.options.results_dir = None;
        session.documents = Default::default();
        session.overlay.home = Some(places.root.path().to_owned());
        Ok(session)
    }
}
