//! What `llvm-cov export` writes: `data` → `files` → `segments`, places in the text from which another count holds.

use super::report::{CoverageError, MOST_LINES, Report, Room, bad_document};
use serde::Deserialize;

const FORMAT: &str = "what `llvm-cov export` writes";

#[derive(Deserialize)]
struct Document {
    data: Vec<Export>,
}

#[derive(Deserialize)]
struct Export {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    segments: Vec<Segment>,
}

/// `[line, column, count, whether it counts, whether a region begins, whether it is a gap]`; the last since version 2.0.1.
#[derive(Deserialize)]
#[serde(try_from = "Vec<serde_json::Value>")]
struct Segment {
    line: u32,
    /// Whether code from here on ran.
    ran: bool,
}

impl TryFrom<Vec<serde_json::Value>> for Segment {
    type Error = &'static str;

    fn try_from(values: Vec<serde_json::Value>) -> Result<Self, Self::Error> {
        let line = values.first().and_then(|line| u32::try_from(line.as_u64()?).ok());
        let line = line.filter(|line| (1..=MOST_LINES).contains(line)).ok_or("a segment has no line")?;
        let count = values.get(2).and_then(serde_json::Value::as_f64).ok_or("a segment has no count")?;
        let counts =
            values.get(3).and_then(serde_json::Value::as_bool).ok_or("a segment does not say whether it counts")?;
        let gap = values.get(5).and_then(serde_json::Value::as_bool).unwrap_or(false);
        Ok(Segment { line, ran: counts && count > 0.0 && !gap })
    }
}

pub(super) fn read(text: &str) -> Result<Report, CoverageError> {
    let document: Document = serde_json::from_str(text).map_err(|error| bad_document(FORMAT, error))?;
    let (mut report, mut room) = (Report::default(), Room::of(text));
    for file in document.data.iter().flat_map(|export| &export.files) {
        report.add(&file.filename, []);
        for pair in file.segments.windows(2) {
            // To the next segment's line, although that may begin before anything of this one is on it: too many lines
            // select too much, too few too little.
            if pair[0].ran && pair[0].line <= pair[1].line {
                let lines = room.take(pair[0].line, pair[1].line).map_err(|problem| bad_document(FORMAT, problem))?;
                report.add(&file.filename, lines);
            }
        }
        if let Some(last) = file.segments.last().filter(|last| last.ran) {
            report.add(&file.filename, [last.line]);
        }
    }
    Ok(report)
}
