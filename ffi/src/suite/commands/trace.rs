//! A Python command followed by the driver's tracer: what to set in its environment, and how to read what it wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::suite::{Coverage, SuiteError};

/// Variables that start and direct the tracer (driver/trace.py).
const LOG: &str = "LIGHTSPEED_TRACE_LOG";
const ROOTS: &str = "LIGHTSPEED_TRACE_ROOTS";
const EXCLUDED: &str = "LIGHTSPEED_TRACE_EXCLUDED";
const PACKAGES: &str = "LIGHTSPEED_TRACE_PACKAGES";

/// What a log says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Traced {
    pub(super) coverage: Coverage,
    /// Why this may not be all.
    pub(super) doubts: Vec<String>,
}

/// The variables that make every Python process started from here write to `log`. `descendant` is the driver's directory
/// of that name, `path` the PYTHONPATH that the command would have had.
pub(super) fn variables(
    log: &Path,
    root: &Path,
    excluded: &[PathBuf],
    descendant: &Path,
    path: Option<&OsStr>,
) -> Vec<(OsString, Option<OsString>)> {
    let joined = |paths: &[PathBuf]| std::env::join_paths(paths).ok();
    let given = path.filter(|path| !path.is_empty()).into_iter().flat_map(std::env::split_paths);
    let python_path: Vec<PathBuf> = std::iter::once(descendant.to_owned()).chain(given).collect();
    vec![
        (LOG.into(), Some(log.into())),
        (ROOTS.into(), Some(root.into())),
        (EXCLUDED.into(), joined(excluded)),
        (PACKAGES.into(), Some(OsString::new())),
        ("PYTHONPATH".into(), joined(&python_path)),
    ]
}

/// Reads a log (driver/record.py describes it); what a crash cut short is left out.
pub(super) fn read(log: &Path) -> Result<Traced, SuiteError> {
    let bytes = match std::fs::read(log) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(SuiteError::Io { action: "read", path: log.to_owned(), source }),
    };
    Ok(parse(&bytes))
}

fn parse(bytes: &[u8]) -> Traced {
    let mut reader = Reader::default();
    let text = String::from_utf8_lossy(bytes);
    let complete = text.rfind('\n').map_or("", |end| &text[..end]);
    let sound = complete.lines().filter(|record| reader.take(record).is_none()).count() == 0;
    if !sound {
        reader.doubts.insert("the trace was damaged".to_owned());
    }
    reader.finish()
}

/// First line and name of a code object.
type Code = (u32, String);

#[derive(Default)]
struct Reader {
    codes: BTreeMap<String, (String, Code)>,
    files: BTreeMap<String, BTreeMap<Code, BTreeSet<u32>>>,
    opened: BTreeSet<String>,
    listed: BTreeSet<String>,
    failed_imports: BTreeSet<String>,
    doubts: BTreeSet<String>,
}

impl Reader {
    /// Takes a record; none if it makes no sense.
    fn take(&mut self, record: &str) -> Option<()> {
        let (kind, rest) = record.split_once(' ')?;
        match kind {
            "C" => {
                let fields: Vec<&str> = rest.split(' ').collect();
                let [key, first_line, name, path] = fields[..] else { return None };
                let code = (first_line.parse().ok()?, unescape(name)?);
                self.codes.insert(key.to_owned(), (unescape(path)?, code));
            }
            "L" => {
                let (key, line) = rest.split_once(' ')?;
                let (path, code) = self.codes.get(key)?.clone();
                let lines = self.files.entry(path).or_default().entry(code).or_default();
                // Line 0 says that the code runs, whatever its lines.
                lines.extend(Some(line.parse::<u32>().ok()?).filter(|line| *line > 0));
            }
            "O" => drop(self.opened.insert(unescape(rest)?)),
            "D" => drop(self.listed.insert(unescape(rest)?)),
            "M" => drop(self.failed_imports.insert(unescape(rest)?)),
            "A" => drop(self.doubts.insert(unescape(rest)?)),
            "P" => {}
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> Traced {
        let lines = |codes: BTreeMap<Code, BTreeSet<u32>>| {
            codes.into_iter().map(|((first, name), lines)| (first, name, lines.into_iter().collect())).collect()
        };
        Traced {
            coverage: Coverage {
                files: self.files.into_iter().map(|(path, codes)| (path, lines(codes))).collect(),
                opened: self.opened.into_iter().collect(),
                listed: self.listed.into_iter().collect(),
                failed_imports: self.failed_imports.into_iter().collect(),
            },
            doubts: self.doubts.into_iter().collect(),
        }
    }
}

/// The text of a word written by Python's `unicode_escape`.
fn unescape(word: &str) -> Option<String> {
    let mut text = String::with_capacity(word.len());
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let kind = after.chars().next()?;
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits == 0 {
            text.push(match kind {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '\\' => '\\',
                _ => return None,
            });
        } else {
            let code = u32::from_str_radix(after.get(1..=digits)?, 16).ok()?;
            // A byte that was no UTF-8 in a path: it cannot be named, and what is not found is not followed.
            text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
        }
        rest = &after[1 + digits..];
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read() {
        let log =
            "P run\nC 1.0 3 f /a\\x20b/\\xe4.py\nL 1.0 0\nL 1.0 4\nL 1.0 5\nO /d.txt\nD /x\nM pkg.y\nA it\\x20is so\n";
        let traced = parse(log.as_bytes());
        assert_eq!(traced.coverage.files["/a b/ä.py"], [(3, "f".to_owned(), vec![4, 5])]);
        assert_eq!(traced.coverage.opened, ["/d.txt"]);
        assert_eq!((traced.coverage.listed.len(), traced.coverage.failed_imports.len()), (1, 1));
        assert_eq!(traced.doubts, ["it is so"]);
    }

    #[test]
    fn what_a_crash_cut_short_is_left_out_and_damage_is_a_doubt() {
        assert_eq!(
            parse(b"O /a\nO /b"),
            Traced { coverage: Coverage { opened: vec!["/a".into()], ..Coverage::default() }, ..Traced::default() }
        );
        assert_eq!(parse(b"L 9.9 4\n").doubts, ["the trace was damaged"]);
        assert_eq!(parse(b"").doubts.len(), 0);
    }
}
