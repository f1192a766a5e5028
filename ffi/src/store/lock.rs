//! The lock that lets one process survey a results directory at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::error::StoreError;

const POLL: Duration = Duration::from_millis(50);
/// More than any holder writes; the file could be anybody's.
const HOLDER_CAP: u64 = 200;

/// Held while it lives. The operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct SurveyLock {
    file: File,
}

impl SurveyLock {
    /// Takes the lock file at `path`, waiting at most `wait` (`None`: as long as it takes; zero: not at all).
    /// `should_stop` is asked again and again while another process holds the lock.
    pub fn acquire(
        path: &Path,
        wait: Option<Duration>,
        should_stop: &mut dyn FnMut() -> bool,
    ) -> Result<Self, StoreError> {
        let mut file = open(path)?;
        let deadline = wait.map(|wait| Instant::now() + wait);
        loop {
            match file.try_lock() {
                Ok(()) => {
                    // The note is a courtesy to those who wait; the lock holds without it.
                    let _ = sign(&mut file);
                    return Ok(Self { file });
                }
                Err(TryLockError::Error(error)) => return Err(unreadable(path, &error)),
                Err(TryLockError::WouldBlock) if should_stop() => {
                    return Err(StoreError::Cancelled);
                }
                Err(TryLockError::WouldBlock) if deadline.is_some_and(|deadline| Instant::now() >= deadline) => {
                    return Err(StoreError::SurveyRunning { path: path.to_path_buf(), holder: holder(&mut file) });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(POLL),
            }
        }
    }
}

impl Drop for SurveyLock {
    fn drop(&mut self) {
        // The file stays: removing it would let two processes lock two files of one name.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn open(path: &Path) -> Result<File, StoreError> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).map_err(|error| unreadable(directory, &error))?;
    }
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|error| unreadable(path, &error))
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "process {}", std::process::id())
}

fn holder(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(HOLDER_CAP).read_to_string(&mut text).ok()?;
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

fn unreadable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unreadable { path: PathBuf::from(path), detail: error.to_string() }
}
