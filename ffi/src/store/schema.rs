//! The schema's version, its migrations, and the judgement on a file that is about to be opened.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::StoreError;

/// "LSpd": marks the file as ours.
const APPLICATION_ID: i64 = 0x4C53_7064;
/// Migration N takes a database from schema N to N + 1. Only ever append.
const MIGRATIONS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema_2.sql")];
const CURRENT: i64 = MIGRATIONS.len() as i64;

/// What a file turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Ours, and up to date.
    Current,
    /// Without any content.
    Empty,
    /// Ours, of an older schema.
    Older(i64),
}

/// Reads header fields only. Refuses what is not ours or newer than us.
pub(super) fn judge(connection: &Connection, path: &Path) -> Result<Verdict, StoreError> {
    let sql = |error| StoreError::from_sqlite(path, error);
    // One state of the file: another process may be creating it.
    let _snapshot = if connection.is_autocommit() {
        Some(Transaction::new_unchecked(connection, TransactionBehavior::Deferred).map_err(sql)?)
    } else {
        None
    };
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(sql)?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(sql)?;
    let path = path.to_path_buf();
    match (application, found) {
        (APPLICATION_ID, CURRENT) => Ok(Verdict::Current),
        (APPLICATION_ID, found) if found > CURRENT => Err(StoreError::Newer { path, found, known: CURRENT }),
        (APPLICATION_ID, found) if found > 0 => Ok(Verdict::Older(found)),
        (0, 0) => {
            let tables: i64 = connection
                .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
                .map_err(|error| StoreError::from_sqlite(&path, error))?;
            if tables == 0 { Ok(Verdict::Empty) } else { Err(StoreError::Foreign { path }) }
        }
        _ => Err(StoreError::Foreign { path }),
    }
}

/// The sentence for a file that only a writer could bring up to date.
pub(super) fn older(path: &Path, found: i64) -> StoreError {
    StoreError::Older { path: path.to_path_buf(), found, known: CURRENT }
}

/// Creates or migrates, in one transaction. Of several processes at once, one does the work.
pub(super) fn migrate(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let sql = |error| StoreError::from_sqlite(path, error);
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate).map_err(sql)?;
    let done = match judge(&transaction, path)? {
        Verdict::Current => return Ok(()),
        Verdict::Empty => 0,
        Verdict::Older(found) => usize::try_from(found).unwrap_or(MIGRATIONS.len()),
    };
    for migration in &MIGRATIONS[done..] {
        transaction.execute_batch(migration).map_err(sql)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(sql)?;
    transaction.pragma_update(None, "user_version", CURRENT).map_err(sql)?;
    transaction.commit().map_err(sql)
}
