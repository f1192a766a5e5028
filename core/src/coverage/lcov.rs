//! lcov's tracefiles: `SF:path`, `DA:line,count[,checksum]`, `end_of_record`; other records say nothing about lines.

use super::report::{CoverageError, MOST_LINES, Report, bad_line};
use crate::number;

pub(super) fn read(text: &str) -> Result<Report, CoverageError> {
    let mut report = Report::default();
    let mut file: Option<&str> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        let bad = || bad_line("LCOV", number, line);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line == "end_of_record" {
            file.take().ok_or_else(bad)?;
            continue;
        }
        let (key, value) = line.split_once(':').ok_or_else(bad)?;
        match key {
            "SF" if file.is_none() => file = Some(value),
            "DA" => {
                let (at, rest) = value.split_once(',').ok_or_else(bad)?;
                let at: u32 = at.parse().map_err(|_| bad())?;
                // A count may be too large for any integer, or, by a known fault of gcov, negative.
                let count = number::parse(rest.split(',').next().unwrap_or_default()).ok_or_else(bad)?;
                let file = file.filter(|_| at <= MOST_LINES).ok_or_else(bad)?;
                report.add(file, (count > 0.0 && at > 0).then_some(at));
            }
            _ if !key.is_empty() && key.bytes().all(|b| b.is_ascii_uppercase()) && key != "SF" => {}
            _ => return Err(bad()),
        }
    }
    match file {
        Some(file) => Err(bad_line("LCOV", text.lines().count(), &format!("the record of {file} has no end"))),
        None => Ok(report),
    }
}
