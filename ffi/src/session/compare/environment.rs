//! What the benchmarks of a tree run in, and how the tree is built.

use super::trees::Tree;
use super::{CompareOptions, Log};
use crate::process::{self, Command, Status};
use crate::session::moved::moved_paths;
use crate::session::{Event, Listener, Places, Session, SessionError};
use crate::suite::{CompareConfig, EnvironmentKind, SuiteConfig};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long one command may take that builds.
const BUILD_TIMEOUT: Duration = Duration::from_secs(3600);
/// Bytes kept of what it writes.
const BUILD_OUTPUT: usize = 8 << 20;
/// Lines of it that an error tells.
const TAIL_LINES: usize = 20;
/// What marks the directory that pip installs.
const PROJECT_FILES: [&str; 2] = ["pyproject.toml", "setup.py"];

/// What the benchmarks of one tree run in.
pub(super) struct TreeEnvironment {
    /// The interpreter, where it is another than the user's.
    pub(super) python: Option<String>,
    /// Variables to set or to remove.
    pub(super) env: Vec<(OsString, Option<OsString>)>,
}

impl Session {
    /// Makes a tree ready to be measured.
    pub(super) fn make_ready(
        &self,
        (tree, places): (&Tree, &Places),
        options: &CompareOptions,
        log: &Log,
        listener: Listener<'_>,
    ) -> Result<TreeEnvironment, SessionError> {
        let config = self.config.compare();
        let kind = options.environment.unwrap_or(config.kind());
        let mut made = TreeEnvironment { python: None, env: moved(tree) };
        let builder = Builder { session: self, tree, log };
        if kind == EnvironmentKind::Venv {
            builder.make_venv(config, &mut made, listener)?;
        } else {
            put_first(&mut made.env, self.search_path(), &imports(tree, places)?);
        }
        let build = if options.build.is_empty() { &config.build.0 } else { &options.build };
        for command in build {
            let words = shell_words::split(command).map_err(|error| {
                SessionError::Request(format!("the build command {command:?} cannot be split into words: {error}"))
            })?;
            builder.run(&words, &made.env, listener)?;
        }
        if let (EnvironmentKind::Venv, Some(python)) = (kind, &made.python) {
            let project = project(tree, places)?;
            let words = [python, "-m", "pip", "install", "--disable-pip-version-check", "--editable", &project];
            builder.run(&words.map(str::to_owned), &made.env, listener)?;
        }
        Ok(made)
    }

    /// The variable by which benchmarks find the sources.
    fn search_path(&self) -> &'static str {
        if matches!(self.config, SuiteConfig::Asv(_)) { "ASV_PYTHONPATH" } else { "PYTHONPATH" }
    }
}

/// Runs what builds one tree, and writes down what it says.
struct Builder<'a> {
    session: &'a Session,
    tree: &'a Tree,
    log: &'a Log,
}

impl Builder<'_> {
    fn make_venv(
        &self,
        config: &CompareConfig,
        made: &mut TreeEnvironment,
        listener: Listener<'_>,
    ) -> Result<(), SessionError> {
        let directory = self.tree.top().with_file_name(format!("env-{}", self.tree.letter));
        let base = self.session.base_python();
        let venv = directory.to_string_lossy().into_owned();
        self.run(&[base, "-m".into(), "venv".into(), venv], &made.env, listener)?;
        let bin = directory.join("bin");
        let python = bin.join("python").to_string_lossy().into_owned();
        made.env.push(("VIRTUAL_ENV".into(), Some(directory.into_os_string())));
        put_first(&mut made.env, "PATH", &bin);
        let mut words: Vec<String> =
            [python.as_str(), "-m", "pip", "install", "--disable-pip-version-check"].map(str::to_owned).into();
        if matches!(self.session.config, SuiteConfig::Asv(_)) {
            words.extend(["asv_runner".to_owned(), "coverage; python_version < '3.12'".to_owned()]);
        }
        let fixed = words.len();
        for requirement in &config.requirements {
            words.extend(shell_words::split(requirement).unwrap_or_else(|_| vec![requirement.clone()]));
        }
        if words.len() > fixed || matches!(self.session.config, SuiteConfig::Asv(_)) {
            self.run(&words, &made.env, listener)?;
        }
        made.python = Some(python);
        Ok(())
    }

    /// One command, in the top of the tree.
    fn run(
        &self,
        words: &[String],
        env: &[(OsString, Option<OsString>)],
        listener: Listener<'_>,
    ) -> Result<(), SessionError> {
        let shown = shell_words::join(words);
        listener(Event::Item { name: &shown });
        let mut command = Command::new(words, self.tree.top());
        command.env = env.to_vec();
        command.timeout = BUILD_TIMEOUT;
        command.output_cap = BUILD_OUTPUT;
        let failed = |ended: String, said: &str| {
            let lines: Vec<&str> = said.trim_end().lines().collect();
            SessionError::Build {
                tree: self.tree.text.name.clone(),
                command: shown.clone(),
                ended,
                log: self.log.path(self.tree.letter),
                tail: lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n"),
            }
        };
        let outcome = match process::run(&command, &self.session.cancel) {
            Ok(outcome) => outcome,
            Err(error) => return Err(failed(format!("cannot be started: {error}"), "")),
        };
        let said = format!("{}{}", outcome.stdout.text(), outcome.stderr.text());
        self.log.append(self.tree.letter, &format!("$ {shown}\n{said}\n"))?;
        listener(Event::Ran { text: &format!("{shown}: {:.1} s", outcome.wall.as_secs_f64()) });
        match outcome.status {
            Status::Exited(0) => Ok(()),
            Status::Cancelled => Err(SessionError::Cancelled),
            Status::Exited(code) => Err(failed(format!("exited with {code}"), &said)),
            Status::Signaled(signal) => Err(failed(format!("was ended by signal {signal}"), &said)),
            Status::TimedOut => Err(failed(format!("took longer than {} s", BUILD_TIMEOUT.as_secs()), &said)),
        }
    }
}

impl Session {
    /// The interpreter that virtual environments are made from.
    fn base_python(&self) -> String {
        let active = std::env::var_os("VIRTUAL_ENV").map(|folder| Path::new(&folder).join("bin/python"));
        let active = active.filter(|python| python.exists()).map(|python| python.to_string_lossy().into_owned());
        self.options.python.clone().or(active).unwrap_or_else(|| "python3".to_owned())
    }
}

/// The search paths of the user, with the tree in place of the user's own.
fn moved(tree: &Tree) -> Vec<(OsString, Option<OsString>)> {
    let of = |name: &str| {
        let paths = moved_paths(name, |path| tree.twin(path));
        let joined = std::env::join_paths(paths).ok().filter(|joined| !joined.is_empty());
        (OsString::from(name), joined)
    };
    vec![of("ASV_PYTHONPATH"), of("PYTHONPATH")]
}

/// Puts a directory before all others that a variable names.
pub(super) fn put_first(env: &mut Vec<(OsString, Option<OsString>)>, name: &str, path: &Path) {
    let set = env.iter().rev().find(|(known, _)| known == name);
    let rest = set.map_or_else(|| std::env::var_os(name), |(_, value)| value.clone()).unwrap_or_default();
    let rest = std::env::split_paths(&rest).filter(|entry| !entry.as_os_str().is_empty()).collect::<Vec<_>>();
    let joined = std::env::join_paths(std::iter::once(path.to_owned()).chain(rest)).ok();
    env.retain(|(known, _)| known != name);
    env.push((name.into(), joined));
}

/// The directory from which the tree's sources are imported.
fn imports(tree: &Tree, places: &Places) -> Result<PathBuf, SessionError> {
    let missing = || {
        let text = format!(
            "{} is not in {}: name the package under change with --source-root",
            places.root.path().display(),
            tree.text.name
        );
        SessionError::Request(text)
    };
    tree.twin(&places.import_parent).filter(|directory| directory.is_dir()).ok_or_else(missing)
}

/// What pip installs: the nearest directory at or above the sources that says how.
fn project(tree: &Tree, places: &Places) -> Result<String, SessionError> {
    let root = tree.twin(places.root.path()).unwrap_or_else(|| tree.top().to_owned());
    let above = root.ancestors().take_while(|directory| directory.starts_with(tree.top()));
    let mut known = above.filter(|directory| PROJECT_FILES.iter().any(|file| directory.join(file).is_file()));
    let found = known.next().map(|directory| directory.to_string_lossy().into_owned());
    found.ok_or_else(|| {
        let text = format!(
            "{} has no pyproject.toml or setup.py at or above its sources, so nothing can be installed: use environment = \"path\"",
            tree.text.name
        );
        SessionError::Request(text)
    })
}
