//! The embedded driver, unpacked where Python can run it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::suite::SuiteError;

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("driver/", $path)))),*]
    };
}

/// Every file of the driver, by its path in the driver's directory.
const FILES: &[(&str, &str)] = embedded!(
    "__init__.py",
    "__main__.py",
    "allocations.py",
    "bytecode.py",
    "descendant/sitecustomize.py",
    "digest.py",
    "digest_code.py",
    "digest_values.py",
    "discover.py",
    "execute.py",
    "guardian.py",
    "mutate.py",
    "mutate_sites.py",
    "place.py",
    "process.py",
    "record.py",
    "roots.py",
    "search_path.py",
    "serve.py",
    "suite.py",
    "trace.py",
    "trace_coverage.py",
    "trace_files.py",
    "trace_monitoring.py",
    "trace_settrace.py",
    "turns.py",
    "wire.py",
);

/// The driver in a private directory, which goes when this is dropped.
#[derive(Debug)]
pub(in crate::suite) struct Driver {
    folder: TempDir,
}

impl Driver {
    pub(in crate::suite) fn unpack() -> Result<Self, SuiteError> {
        let folder = tempfile::Builder::new().prefix("lightspeed-").tempdir().map_err(|source| SuiteError::Io {
            action: "written",
            path: std::env::temp_dir(),
            source,
        })?;
        let driver = Self { folder };
        for (name, text) in FILES {
            write(&driver.directory().join(name), text)?;
        }
        for path in [driver.cwd(), driver.workspace()] {
            std::fs::create_dir(&path).map_err(|source| SuiteError::Io { action: "written", path, source })?;
        }
        Ok(driver)
    }

    /// What Python is to run.
    pub(in crate::suite) fn directory(&self) -> PathBuf {
        self.folder.path().join("driver")
    }

    /// Where it puts its temporary files, so that those of a killed one go too.
    pub(in crate::suite) fn workspace(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// An empty directory to run it in.
    pub(in crate::suite) fn cwd(&self) -> PathBuf {
        self.folder.path().join("cwd")
    }
}

fn write(path: &Path, text: &str) -> Result<(), SuiteError> {
    let parent = path.parent().unwrap_or(path);
    std::fs::create_dir_all(parent).and_then(|()| std::fs::write(path, text)).map_err(|source| SuiteError::Io {
        action: "written",
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(directory: &Path, prefix: &str, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(directory).unwrap().flatten() {
            let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
            if entry.path().is_dir() {
                sources(&entry.path(), &format!("{name}/"), found);
            } else if !name.ends_with(".pyc") {
                found.push(name);
            }
        }
    }

    #[test]
    fn every_file_of_the_driver_is_embedded() {
        let mut found = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/suite/asv/driver"), "", &mut found);
        found.sort();
        assert_eq!(FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>(), found);
        let driver = Driver::unpack().unwrap();
        assert!(driver.directory().join("descendant/sitecustomize.py").is_file());
        assert!(driver.cwd().is_dir());
    }
}
