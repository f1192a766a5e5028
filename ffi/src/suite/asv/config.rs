//! asv.conf.json: JSON with comments and trailing commas.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::suite::{AnalysisConfig, CompareConfig, LayerPatterns, SuiteError};
use lightspeed_core::impact::Extensions;

/// The name of the configuration file.
/// The name of the configuration file.
pub const FILE_NAME: &str = "asv.conf.json";
/// Directories below a project's root where the file usually lies.
const USUAL_PLACES: [&str; 2] = ["benchmarks", "asv_bench"];
/// How many levels below the directory the search goes.
const SEARCH_DEPTH: usize = 3;
/// Directories in which only copies of it can lie.
const NOT_SEARCHED: [&str; 9] =
    ["node_modules", "env", "venv", "envs", "build", "dist", "target", "__pycache__", "site-packages"];

/// The configuration of a suite. Paths are absolute.
#[derive(Clone, Debug, PartialEq)]
pub struct AsvConfig {
    /// The file it was read from.
    pub path: PathBuf,
    /// The project's name.
    pub project: Option<String>,
    /// The repository as written: a path or an address.
    pub repo: String,
    /// The directory of the benchmarks.
    pub benchmark_dir: PathBuf,
    /// The directory of the results.
    pub results_dir: PathBuf,
    /// The directory of ASV's environments.
    pub env_dir: PathBuf,
    /// The directory of ASV's web pages.
    pub html_dir: PathBuf,
    /// How ASV launches benchmarks.
    pub launch_method: Option<String>,
    /// How ASV makes environments.
    pub environment_type: Option<String>,
    /// The Python versions that ASV uses.
    pub pythons: Vec<String>,
    /// Seconds that a benchmark may run, where it does not say so itself.
    pub default_benchmark_timeout: f64,
    /// The object `lightspeed`: how sources are analysed.
    pub analysis: AnalysisConfig,
    /// The same: the layers of benchmarks, by their names.
    pub layers: LayerPatterns,
    /// The same: how two trees are compared.
    pub compare: CompareConfig,
}

impl AsvConfig {
    /// Reads a configuration. Unknown fields are ignored.
    ///
    /// # Errors
    /// Where it cannot be read or is not valid, with the place of the mistake.
    pub fn load(path: &Path) -> Result<Self, SuiteError> {
        let unreadable = |source| SuiteError::Io { action: "read", path: path.to_owned(), source };
        let path = std::path::absolute(path).map_err(unreadable)?;
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|_| problem(&path, 0, 0, "it is not UTF-8: save it as UTF-8"))?;
        let text = text.trim_start_matches('\u{feff}');
        let fields: Fields = json5::from_str(text).map_err(|error| {
            let message = error.to_string();
            let (line, column) = match error.position() {
                Some(at) if !message.starts_with("EOF") => (at.line, at.column),
                _ => end_of(text),
            };
            problem(&path, line, column, &format!("{}: correct the file", without_position(&message)))
        })?;
        fields.resolve(path)
    }

    /// The repository, where it is a directory on this machine.
    pub fn repo_dir(&self) -> Option<PathBuf> {
        let resolved = self.path.parent()?.join(&self.repo);
        if resolved.is_dir() { resolved.canonicalize().ok() } else { None }
    }
}

/// Finds the one configuration of a project: in `directory`, else where it usually lies, else up to three levels below.
///
/// # Errors
/// Where there is none, or more than one to choose from.
pub fn find_config(directory: &Path) -> Result<PathBuf, SuiteError> {
    let own = directory.join(FILE_NAME);
    if own.is_file() {
        return Ok(own);
    }
    let usual = USUAL_PLACES.iter().map(|place| directory.join(place).join(FILE_NAME));
    let mut candidates: Vec<_> = usual.filter(|path| path.is_file()).collect();
    if candidates.is_empty() {
        search(directory, SEARCH_DEPTH, &mut candidates);
        candidates.sort();
    }
    match candidates.len() {
        0 => Err(SuiteError::NoConfig { directory: directory.to_owned() }),
        1 => Ok(candidates.remove(0)),
        _ => Err(SuiteError::SeveralConfigs { candidates }),
    }
}

#[derive(Deserialize)]
struct Fields {
    version: Option<Value>,
    project: Option<String>,
    repo: Option<String>,
    benchmark_dir: Option<String>,
    results_dir: Option<String>,
    env_dir: Option<String>,
    html_dir: Option<String>,
    launch_method: Option<String>,
    environment_type: Option<String>,
    pythons: Option<Vec<String>>,
    default_benchmark_timeout: Option<f64>,
    lightspeed: Option<Own>,
}

/// The object `lightspeed`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Own {
    docstrings: bool,
    pure_decorators: Vec<String>,
    extensions: Extensions,
    layers: LayerPatterns,
    compare: CompareConfig,
}

impl Fields {
    fn resolve(self, path: PathBuf) -> Result<AsvConfig, SuiteError> {
        if let Some(version) = self.version.filter(|version| version.as_f64() != Some(1.0)) {
            return Err(problem(
                &path,
                0,
                0,
                &format!("its version is {version}; only version 1 is known: set \"version\": 1"),
            ));
        }
        let Some(repo) = self.repo.filter(|repo| !repo.is_empty()) else {
            return Err(problem(&path, 0, 0, "\"repo\" is missing: add the path or address of the repository"));
        };
        let timeout = self.default_benchmark_timeout.unwrap_or(60.0);
        if !timeout.is_finite() || timeout <= 0.0 {
            return Err(problem(&path, 0, 0, "\"default_benchmark_timeout\" must be a positive number of seconds"));
        }
        let base = path.parent().unwrap_or(Path::new("/")).to_owned();
        let resolve =
            |given: Option<String>, default| base.join(given.as_deref().unwrap_or(default)).components().collect();
        let Own { docstrings, pure_decorators, extensions, layers, compare } = self.lightspeed.unwrap_or_default();
        let config = AsvConfig {
            benchmark_dir: resolve(self.benchmark_dir, "benchmarks"),
            results_dir: resolve(self.results_dir, "results"),
            env_dir: resolve(self.env_dir, "env"),
            html_dir: resolve(self.html_dir, "html"),
            project: self.project,
            repo,
            launch_method: self.launch_method,
            environment_type: self.environment_type,
            pythons: self.pythons.unwrap_or_default(),
            default_benchmark_timeout: timeout,
            analysis: AnalysisConfig { docstrings, pure_decorators, extensions },
            layers,
            compare,
            path,
        };
        if !config.benchmark_dir.is_dir() {
            let missing = config.benchmark_dir.display();
            let text = format!("the benchmark directory {missing} does not exist: correct \"benchmark_dir\"");
            return Err(problem(&config.path, 0, 0, &text));
        }
        Ok(config)
    }
}

/// `line` and `column` count from 0.
fn problem(path: &Path, line: usize, column: usize, text: &str) -> SuiteError {
    SuiteError::Config { path: path.to_owned(), line: line + 1, column: column + 1, problem: text.to_owned() }
}

/// The reader's message without the place, which the error tells in its own form.
fn without_position(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(what, _)| what)
}

/// The line and column of the last character, counted from 0.
fn end_of(text: &str) -> (usize, usize) {
    let text = text.trim_end();
    let last = text.lines().last().unwrap_or_default();
    (text.lines().count().saturating_sub(1), last.chars().count())
}

fn search(directory: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let own = directory.join(FILE_NAME);
    if own.is_file() {
        found.push(own);
    }
    if depth == 0 {
        return;
    }
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let searched = entry.file_type().is_ok_and(|kind| kind.is_dir())
            && !name.starts_with('.')
            && !NOT_SEARCHED.contains(&name.as_ref())
            && !entry.path().join("pyvenv.cfg").exists();
        if searched {
            search(&entry.path(), depth - 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<AsvConfig, SuiteError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("benchmarks")).unwrap();
        std::fs::write(folder.path().join(FILE_NAME), text).unwrap();
        AsvConfig::load(&folder.path().join(FILE_NAME))
    }

    fn refused(text: &str, place: &str, problem: &str) {
        let message = load(text).unwrap_err().to_string();
        assert!(message.contains(&format!("{FILE_NAME}:{place}: ")), "{message}");
        assert!(message.contains(problem), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }

    #[test]
    fn comments_and_trailing_commas_are_read_over() {
        let config = load(
            "\u{feff}{ // one\n /* two\n three */ \"version\": 1, 'repo': \"..\", \"pythons\": [\"3.13\",],\n \
             \"unknown\": {\"a\": [1,],},\n \"env_dir\": \"/elsewhere\", \"results_dir\": \"./out/\",\n}\n",
        )
        .unwrap();
        let base = config.path.parent().unwrap();
        assert_eq!(config.repo, "..");
        assert_eq!(config.benchmark_dir, base.join("benchmarks"));
        assert_eq!(config.results_dir, base.join("out"));
        assert_eq!(config.env_dir, Path::new("/elsewhere"));
        assert_eq!(config.pythons, ["3.13"]);
        assert_eq!((config.default_benchmark_timeout, config.launch_method), (60.0, None));
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        refused("{\n  \"repo\": \".\",\n  \"project\" \"x\"\n}", "3:13", "colon");
        refused("{\"repo\": \".\",\n \"project\"\n", "2:11", "EOF");
        refused("{\"repo\": \".\",\n\"pythons\": 3}", "2:12", "expected opening bracket");
        refused("", "1:1", "EOF");
        refused("{}", "1:1", "\"repo\" is missing");
        refused("{\"version\": 2, \"repo\": \".\"}", "1:1", "only version 1");
        refused("{\"repo\": \".\", \"benchmark_dir\": \"nowhere\"}", "1:1", "nowhere does not exist");
        refused("{\"repo\": \".\", \"default_benchmark_timeout\": 0}", "1:1", "positive");
    }

    #[test]
    fn a_missing_file_is_named() {
        let message = AsvConfig::load(Path::new("/no/asv.conf.json")).unwrap_err().to_string();
        assert!(message.starts_with("/no/asv.conf.json could not be read"), "{message}");
    }

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        folder
    }

    fn finds(files: &[&str], expected: &str) {
        let folder = tree(files);
        assert_eq!(find_config(folder.path()).unwrap(), folder.path().join(expected));
    }

    #[test]
    fn the_one_configuration_is_found() {
        finds(&["asv.conf.json", "benchmarks/asv.conf.json"], "asv.conf.json");
        finds(&["asv_bench/asv.conf.json", "tests/data/asv.conf.json"], "asv_bench/asv.conf.json");
        finds(&["a/b/c/asv.conf.json", ".git/asv.conf.json", "env/asv.conf.json"], "a/b/c/asv.conf.json");
        finds(&["perf/asv.conf.json", "myenv/asv.conf.json", "myenv/pyvenv.cfg"], "perf/asv.conf.json");
    }

    #[test]
    fn none_and_several_are_refused() {
        let none = tree(&["a/b/c/d/asv.conf.json"]);
        let message = find_config(none.path()).unwrap_err().to_string();
        assert!(message.contains("--config"), "{message}");
        let several = tree(&["a/asv.conf.json", "b/asv.conf.json"]);
        let message = find_config(several.path()).unwrap_err().to_string();
        assert!(message.contains("a/asv.conf.json, ") && message.contains("--config"), "{message}");
    }
}
