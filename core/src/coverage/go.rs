//! Go's cover profiles: `mode: set`, then `path:line.column,line.column statements count` for each block of code.

use super::report::{CoverageError, MOST_LINES, Report, Room, bad_document, bad_line};

pub(super) fn read(text: &str) -> Result<Report, CoverageError> {
    let (mut report, mut room) = (Report::default(), Room::of(text));
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        // Profiles of several packages, one after the other, repeat the mode.
        if line.is_empty() || line.starts_with("mode:") {
            continue;
        }
        let (path, first, last, count) = block(line).ok_or_else(|| bad_line("a Go cover profile", number, line))?;
        if count == 0 {
            report.add(path, []);
            continue;
        }
        report.add(path, room.take(first, last).map_err(|problem| bad_document("a Go cover profile", problem))?);
    }
    Ok(report)
}

fn block(line: &str) -> Option<(&str, u32, u32, u64)> {
    // A path may hold colons and spaces; what follows it does not.
    let (path, numbers) = line.rsplit_once(':')?;
    let mut fields = numbers.split(' ');
    let (from, to) = fields.next()?.split_once(',')?;
    let _statements: u64 = fields.next()?.parse().ok()?;
    let count = fields.next()?.parse().ok()?;
    let at = |place: &str| {
        let (line, column) = place.split_once('.')?;
        column.parse::<u32>().ok()?;
        line.parse::<u32>().ok().filter(|line| (1..=MOST_LINES).contains(line))
    };
    let (first, last) = (at(from)?, at(to)?);
    (fields.next().is_none() && !path.is_empty() && first <= last).then_some((path, first, last, count))
}
