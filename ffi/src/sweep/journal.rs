//! The journal of a sweep: a line for its head, a line for every run, each on the disk before the next run begins.

use super::SweepError;
use super::options::SweepOptions;
use super::sample::SweepSample;
use crate::pair::Tool;
use crate::session::HostClass;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Version of the journal as a format.
pub const JOURNAL_SCHEMA: &str = "lightspeed.sweep-journal/1";
const EXTENSION: &str = "jsonl";

/// The first line of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// [`JOURNAL_SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// Unlike any other sweep's.
    pub id: String,
    /// UTC, RFC 3339.
    pub started_at: String,
    /// The machine.
    pub host: HostClass,
    /// [`SweepOptions::configuration_hash`].
    pub hash: String,
    /// What was asked for when it began.
    pub options: SweepOptions,
}

/// A journal that is written to. No other process can.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    path: PathBuf,
}

impl Journal {
    /// A new one in a directory, which is made where it is not there.
    pub(super) fn create(directory: &Path, head: &Head) -> Result<Self, SweepError> {
        std::fs::create_dir_all(directory).map_err(|source| cannot("made", directory, source))?;
        let time = head.started_at.get(..19).unwrap_or_default().replace(['-', ':'], "");
        let name = format!("{}-{time}-{}", plain(&head.options.name), head.hash.get(..8).unwrap_or_default());
        let (path, file) = (0..)
            .map(|number: u32| {
                let number = if number == 0 { String::new() } else { format!("-{number}") };
                let path = directory.join(format!("{name}{number}.{EXTENSION}"));
                let file = OpenOptions::new().read(true).append(true).create_new(true).open(&path);
                (path, file)
            })
            .find(|(_, file)| !file.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists))
            .ok_or_else(|| cannot("made", directory, io::ErrorKind::AlreadyExists.into()))?;
        let file = file.map_err(|source| cannot("made", &path, source))?;
        let mut journal = Journal { file, path };
        journal.lock()?;
        journal.write(head)?;
        // Without this the name itself may be lost with the power.
        let synced = File::open(directory).and_then(|directory| directory.sync_all());
        synced.map_err(|source| cannot("written", directory, source))?;
        Ok(journal)
    }

    /// The newest one of this configuration, with what was run.
    pub(super) fn newest(directory: &Path, hash: &str) -> Result<Option<(Self, Head, Vec<SweepSample>)>, SweepError> {
        let Some((path, _)) = newest(directory, hash)? else { return Ok(None) };
        let file = OpenOptions::new().read(true).append(true).open(&path);
        let file = file.map_err(|source| cannot("opened", &path, source))?;
        let mut journal = Journal { file, path };
        journal.lock()?;
        let mut bytes = Vec::new();
        journal.file.read_to_end(&mut bytes).map_err(|source| cannot("read", &journal.path, source))?;
        let (head, samples, whole) = parse(&bytes, &journal.path)?;
        // The line that was being written when the process was killed was never told to anybody.
        journal.file.set_len(whole as u64).map_err(|source| cannot("written", &journal.path, source))?;
        Ok(Some((journal, head, samples)))
    }

    /// Adds a run; it is on the disk when this returns.
    pub(super) fn add(&mut self, sample: &SweepSample) -> Result<(), SweepError> {
        self.write(sample)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn lock(&mut self) -> Result<(), SweepError> {
        match self.file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => Err(SweepError::Running(self.path.clone())),
            Err(TryLockError::Error(source)) => Err(cannot("locked", &self.path, source)),
        }
    }

    fn write(&mut self, value: &impl Serialize) -> Result<(), SweepError> {
        let text = serde_json::to_string(value).map_err(|error| cannot("written", &self.path, error.into()))?;
        let written = self.file.write_all(format!("{text}\n").as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|source| cannot("written", &self.path, source))
    }
}

/// The newest journal of a configuration with its head.
fn newest(directory: &Path, hash: &str) -> Result<Option<(PathBuf, Head)>, SweepError> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(cannot("read", directory, source)),
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let journals = paths.filter(|path| path.extension().is_some_and(|extension| extension == EXTENSION));
    // One of another configuration, or whose first line was never finished, is left alone.
    let heads = journals.filter_map(|path| read_head(&path).filter(|head| head.hash == hash).map(|head| (path, head)));
    Ok(heads.max_by(|a, b| (&a.1.started_at, &a.0).cmp(&(&b.1.started_at, &b.0))))
}

/// The runs of the newest sweep of this configuration.
pub(super) fn earlier(directory: &Path, hash: &str) -> Option<Vec<SweepSample>> {
    let (path, _) = newest(directory, hash).ok()??;
    read_journal(&path).ok().map(|(_, samples)| samples)
}

fn read_head(path: &Path) -> Option<Head> {
    let mut line = Vec::new();
    io::BufReader::new(File::open(path).ok()?).read_until(b'\n', &mut line).ok()?;
    let head: Head = serde_json::from_slice(&line).ok().filter(|_| line.ends_with(b"\n"))?;
    (head.schema == JOURNAL_SCHEMA).then_some(head)
}

/// Reads a journal: its head, and the runs that were finished.
///
/// # Errors
/// A file that cannot be read, or that is no journal.
pub fn read_journal(path: &Path) -> Result<(Head, Vec<SweepSample>), SweepError> {
    let bytes = std::fs::read(path).map_err(|source| cannot("read", path, source))?;
    parse(&bytes, path).map(|(head, samples, _)| (head, samples))
}

/// Head, runs, and how many bytes they take; an unfinished last line is left out.
fn parse(bytes: &[u8], path: &Path) -> Result<(Head, Vec<SweepSample>, usize), SweepError> {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let mut lines = bytes[..whole].split_inclusive(|byte| *byte == b'\n').zip(1..);
    let head: Head = line(lines.next().unwrap_or((b"", 1)), path)?;
    if head.schema != JOURNAL_SCHEMA {
        let problem = format!("it calls itself {:?}, and this program reads {JOURNAL_SCHEMA}", head.schema);
        return Err(SweepError::Journal { path: path.to_owned(), line: 1, problem });
    }
    let samples: Vec<SweepSample> = lines.map(|each| line(each, path)).collect::<Result<_, _>>()?;
    Ok((head, samples, whole))
}

fn line<T: DeserializeOwned>((text, line): (&[u8], usize), path: &Path) -> Result<T, SweepError> {
    let damaged =
        |error: serde_json::Error| SweepError::Journal { path: path.to_owned(), line, problem: error.to_string() };
    serde_json::from_slice(text).map_err(damaged)
}

/// A name that can be part of a file's.
fn plain(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '_' };
    name.chars().take(40).map(kept).collect::<String>().trim_start_matches(['.', '-']).to_owned()
}

fn cannot(action: &'static str, path: &Path, source: io::Error) -> SweepError {
    SweepError::Io { action, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pair::Program;
    use crate::sweep::Subject;
    use lightspeed_core::sweep::{Axis, SweepDesign};
    use proptest::prelude::*;

    /// A journal of this many runs, and its lines.
    fn journal(runs: usize) -> (Vec<SweepSample>, Vec<String>) {
        let program = Program { command: vec!["x".to_owned(), "{n}".to_owned()], cwd: "/".into(), env: Vec::new() };
        let design = SweepDesign::new(vec![Axis::parse("n=1,2").unwrap()]);
        let head = Head {
            schema: JOURNAL_SCHEMA.to_owned(),
            tool: Tool { name: "t".to_owned(), version: "1".to_owned() },
            id: "id".to_owned(),
            started_at: "2026-01-01T00:00:00.000Z".to_owned(),
            host: HostClass::of_this_machine(),
            hash: "0".repeat(40),
            options: SweepOptions::new("a", Subject::Command(program), design, 1),
        };
        let sample = |round: usize| SweepSample { round, ..SweepSample::ended(0.1 + round as f64) };
        let samples: Vec<SweepSample> = (0..runs).map(sample).collect();
        let mut lines = vec![serde_json::to_string(&head).unwrap()];
        lines.extend(samples.iter().map(|sample| serde_json::to_string(sample).unwrap()));
        (samples, lines)
    }

    fn read(bytes: &[u8]) -> Result<(Head, Vec<SweepSample>, usize), SweepError> {
        parse(bytes, Path::new("j"))
    }

    proptest! {
        #[test]
        fn wherever_a_journal_ends_its_finished_lines_are_read(runs in 0..5usize, cut in any::<prop::sample::Index>()) {
            let (samples, lines) = journal(runs);
            let text = lines.join("\n") + "\n";
            let kept = &text.as_bytes()[..cut.index(text.len() + 1)];
            let finished = kept.iter().filter(|byte| **byte == b'\n').count();
            match read(kept) {
                Err(SweepError::Journal { line, .. }) => prop_assert_eq!((line, finished), (1, 0)),
                Err(other) => prop_assert!(false, "{other}"),
                Ok((_, read, whole)) => {
                    prop_assert_eq!(&read[..], &samples[..finished - 1]);
                    prop_assert_eq!(whole, lines[..finished].iter().map(|line| line.len() + 1).sum::<usize>());
                }
            }
        }

        #[test]
        fn a_line_that_is_no_run_is_refused_by_its_number(
            runs in 1..5usize, at in any::<prop::sample::Index>(), damage in prop::collection::vec(any::<u8>().prop_filter("a line", |byte| *byte != b'\n'), 0..60)
        ) {
            let (_, lines) = journal(runs);
            let at = at.index(runs) + 1;
            let mut bytes = Vec::new();
            for (place, line) in lines.iter().enumerate() {
                bytes.extend_from_slice(if place == at { &damage } else { line.as_bytes() });
                bytes.push(b'\n');
            }
            let found = read(&bytes);
            prop_assert!(matches!(found, Err(SweepError::Journal { line, .. }) if line == at + 1), "{found:?}");
        }

        #[test]
        fn any_bytes_are_no_journal(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let is_refused = matches!(read(&bytes), Err(SweepError::Journal { line: 1, .. }));
            prop_assert!(is_refused);
        }
    }

    #[test]
    fn other_versions_are_refused() {
        let (_, lines) = journal(0);
        let error = read((lines[0].replace("journal/1", "journal/2") + "\n").as_bytes()).unwrap_err().to_string();
        assert!(error.contains("calls itself \"lightspeed.sweep-journal/2\""), "{error}");
    }
}
