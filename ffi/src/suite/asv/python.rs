//! The interpreter that runs the suite, checked before anything depends on it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::cancel::Cancel;
use crate::process::{Command, ProcessError, Status, run};
use crate::suite::SuiteError;

/// The oldest Python that the driver runs on.
const OLDEST: (u32, u32) = (3, 9);
/// From here on Python itself can trace; before, coverage is needed.
const TRACES_ITSELF: (u32, u32) = (3, 12);
/// What a usable interpreter answers; it must run on unusable ones too. importlib.metadata is asked only where its answer
/// does not lie open, because it takes longer to import than all else here.
const PROBE: &str = r#"
import json, os, sys
def version(name):
    for entry in filter(os.path.isdir, sys.path):
        names = [each for each in os.listdir(entry) if each.startswith(name + "-")]
        if names:
            try:
                return stated(os.path.join(entry, *names, "METADATA"))
            except Exception:
                break
    try:
        from importlib.metadata import version
        return version(name)
    except Exception:
        return None
def stated(path):
    with open(path, encoding="utf-8") as file:
        return next(line[8:].strip() for line in file if line.startswith("Version:"))
print(json.dumps({"executable": sys.executable, "version": sys.version.split()[0],
    "level": list(sys.version_info[:2]), "implementation": sys.implementation.name,
    "runner_version": version("asv_runner"),
    "coverage_version": version("coverage") if sys.version_info < (3, 12) else None}))
"#;

/// A Python that can run the suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PythonInfo {
    /// Its program.
    pub executable: PathBuf,
    /// Its version, as `3.13.0`.
    pub version: String,
    /// `cpython`, `pypy` …
    pub implementation: String,
    /// The version of asv_runner.
    pub runner_version: String,
    /// The version of coverage, where it is needed and installed.
    pub coverage_version: Option<String>,
}

impl PythonInfo {
    /// Finds and checks the interpreter: the one given (a path, or a name on PATH), else that of the active virtual environment,
    /// else `python3`, else `python`. `env` is what the suite will run with: variables to set or remove.
    ///
    /// # Errors
    /// Where there is none, or it cannot run the suite; the message says what to install.
    pub fn find(
        given: Option<&str>,
        env: &[(OsString, Option<OsString>)],
        cancel: &Cancel,
    ) -> Result<Self, SuiteError> {
        if let Some(given) = given {
            let program = if given.contains('/') { absolute(given) } else { given.into() };
            return probe(&program, env, cancel)?
                .ok_or_else(|| refuse(format!("Python {given} was not found: give the path of an interpreter")));
        }
        let active = std::env::var_os("VIRTUAL_ENV").map(|folder| Path::new(&folder).join("bin/python"));
        let active = active.filter(|program| program.exists()).map(PathBuf::into_os_string);
        for program in active.into_iter().chain(["python3".into(), "python".into()]) {
            if let Some(found) = probe(&program, env, cancel)? {
                return Ok(found);
            }
        }
        Err(refuse("no Python was found: install Python 3.9 or newer, or give the path of one with --python".into()))
    }
}

#[derive(Deserialize)]
struct Answer {
    executable: PathBuf,
    version: String,
    level: (u32, u32),
    implementation: String,
    runner_version: Option<String>,
    coverage_version: Option<String>,
}

impl Answer {
    fn accept(self) -> Result<PythonInfo, SuiteError> {
        let Self { version, level, coverage_version, .. } = self;
        let python = self.executable.display();
        if level < OLDEST {
            return Err(refuse(format!(
                "{python} is Python {version}: 3.9 or newer is needed, name one with --python"
            )));
        }
        let Some(runner_version) = self.runner_version else {
            return Err(refuse(format!(
                "{python} has no asv_runner: install it with `{python} -m pip install asv_runner`"
            )));
        };
        if level < TRACES_ITSELF && coverage_version.is_none() {
            return Err(refuse(format!(
                "{python} (Python {version}) has no coverage, which is needed below 3.12: install it with `{python} -m pip install coverage`"
            )));
        }
        let implementation = self.implementation;
        Ok(PythonInfo { executable: self.executable, version, implementation, runner_version, coverage_version })
    }
}

/// Asks a program what it is; none where it does not exist.
fn probe(
    program: &OsString,
    env: &[(OsString, Option<OsString>)],
    cancel: &Cancel,
) -> Result<Option<PythonInfo>, SuiteError> {
    let mut command = Command::new([program.clone(), "-c".into(), PROBE.into()], std::env::temp_dir());
    command.timeout = Duration::from_secs(60);
    command.env = env.to_vec();
    let outcome = match run(&command, cancel) {
        Err(ProcessError::NotFound { .. }) => return Ok(None),
        other => other?,
    };
    let shown = program.to_string_lossy();
    match outcome.status {
        Status::Exited(0) => {}
        Status::Cancelled => return Err(SuiteError::Cancelled),
        Status::TimedOut => {
            return Err(refuse(format!("{shown} did not answer within a minute: is it a Python?")));
        }
        Status::Exited(_) | Status::Signaled(_) => {
            let said = outcome.stderr.text();
            let last = said.trim_end().lines().last().unwrap_or("it said nothing");
            return Err(refuse(format!("{shown} does not work as a Python ({last}): name another with --python")));
        }
    }
    let text = outcome.stdout.text();
    let line = text.trim_end().lines().last().unwrap_or_default();
    let answer: Answer = serde_json::from_str(line)
        .map_err(|_| refuse(format!("{shown} does not answer like a Python: name another with --python")))?;
    answer.accept().map(Some)
}

/// The full path, with symbolic links kept: that of a virtual environment's interpreter makes it one.
fn absolute(given: &str) -> OsString {
    std::path::absolute(given).map_or_else(|_| given.into(), PathBuf::into_os_string)
}

fn refuse(problem: String) -> SuiteError {
    SuiteError::Python { problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(level: (u32, u32), runner: Option<&str>, coverage: Option<&str>) -> Result<PythonInfo, String> {
        let version = format!("{}.{}.1", level.0, level.1);
        let (runner_version, coverage_version) = (runner.map(str::to_owned), coverage.map(str::to_owned));
        let (executable, implementation) = ("/py".into(), "cpython".into());
        let answer = Answer { executable, version, level, implementation, runner_version, coverage_version };
        answer.accept().map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_missing_is_named_with_its_remedy() {
        assert!(answer((3, 8), Some("0.2"), Some("7")).unwrap_err().contains("3.9 or newer"));
        assert!(answer((3, 13), None, Some("7")).unwrap_err().contains("`/py -m pip install asv_runner`"));
        assert!(answer((3, 11), Some("0.3.2"), None).unwrap_err().contains("`/py -m pip install coverage`"));
        assert_eq!(answer((3, 12), Some("0.3.2"), None).unwrap().runner_version, "0.3.2");
    }

    #[test]
    fn what_is_not_a_python_is_refused() {
        let find = |given| PythonInfo::find(Some(given), &[], &Cancel::new()).unwrap_err().to_string();
        assert!(find("/no/such/python").contains("was not found"));
        assert!(find("no-such-python").contains("was not found"));
        assert!(find("/bin/false").contains("does not work"));
        assert!(find("/bin/echo").contains("does not answer like"));
    }
}
