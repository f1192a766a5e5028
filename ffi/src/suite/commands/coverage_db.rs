//! coverage.py's own database: SQLite, schema 7.

use std::path::Path;

use lightspeed_core::coverage::Report;
use rusqlite::{Connection, OpenFlags};

/// Reads the database that `coverage run` leaves (`.coverage`). The file is only read.
///
/// # Errors
/// Where it is none, or holds measurements of nothing, in one line.
pub(super) fn read(path: &Path) -> Result<Report, String> {
    let unusable = |error: rusqlite::Error| format!("it is no database of coverage.py that can be read: {error}");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(unusable)?;
    let mut report = Report::default();
    // Which of the two is filled depends on whether branches were measured. Negative line numbers are entries and exits.
    let lines =
        "SELECT file.path, line_bits.numbits, NULL FROM file LEFT JOIN line_bits ON line_bits.file_id = file.id";
    let arcs = "SELECT file.path, NULL, number FROM file JOIN \
                (SELECT file_id, fromno AS number FROM arc UNION SELECT file_id, tono FROM arc) AS ends \
                ON ends.file_id = file.id WHERE number > 0";
    for query in [lines, arcs] {
        let mut statement = database.prepare(query).map_err(unusable)?;
        let mut rows = statement.query([]).map_err(unusable)?;
        while let Some(row) = rows.next().map_err(unusable)? {
            let path: String = row.get(0).map_err(unusable)?;
            let bits: Option<Vec<u8>> = row.get(1).map_err(unusable)?;
            let number: Option<u32> = row.get(2).map_err(unusable)?;
            report.files.entry(path).or_default().extend(bits.iter().flat_map(|bits| numbers(bits)).chain(number));
        }
    }
    Ok(report)
}

/// The numbers in a set of bits, the lowest bit of the first byte being 0.
fn numbers(bits: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let of = |(place, byte): (u32, &u8)| {
        let byte = *byte;
        (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| place * 8 + bit)
    };
    (0..).zip(bits).flat_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_line_numbers() {
        assert_eq!(numbers(&[0b10, 0, 0b1000_0001]).collect::<Vec<_>>(), [1, 16, 23]);
    }

    #[test]
    fn what_is_no_such_database_is_refused_in_one_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"SQLite format 3\0 and no more").unwrap();
        let message = read(file.path()).unwrap_err();
        assert!(message.starts_with("it is no database of coverage.py") && message.lines().count() == 1, "{message}");
    }
}
