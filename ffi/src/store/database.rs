//! The connection: opening, transactions, small settings.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use tempfile::TempDir;

use super::error::StoreError;
use super::model::Environment;
use super::schema::{self, Verdict};

/// How long another process may keep the write lock before we give up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Length of the header of an SQLite file.
const HEADER_LENGTH: usize = 100;

/// What the caller intends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Read only; creates nothing, works on read-only media and beside a writer.
    ReadOnly,
    /// Read and write; creates the database and its directories.
    ReadWrite,
}

/// An open database. It can be sent to another thread, not shared between two.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    path: PathBuf,
    /// A private copy that we read instead of the original; lives as long as the connection.
    _copy: Option<TempDir>,
}

impl Store {
    /// Opens the database at `path`.
    pub fn open(path: &Path, mode: OpenMode) -> Result<Self, StoreError> {
        match mode {
            OpenMode::ReadOnly => Self::open_for_reading(path),
            OpenMode::ReadWrite => Self::open_for_writing(path),
        }
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what is in the database now to a new file, which then needs nothing beside it.
    pub fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let text = path.to_string_lossy();
        self.run(|connection| connection.execute("VACUUM INTO ?1", [text.as_ref()]).map(drop))
    }

    /// A setting that outlives processes.
    pub fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.run(|connection| meta_at(connection, key))
    }

    /// Keeps a setting.
    pub fn set_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(|transaction| put_meta(transaction, key, value))
    }

    /// Lets several reads see one state of the database, whatever others write meanwhile. For reading alone.
    pub fn at_once<T, E: From<StoreError>>(&self, body: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let begun = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred);
        let _transaction = begun.map_err(|error| self.error(error))?;
        body(self)
    }

    /// A single read.
    pub(super) fn run<T>(&self, body: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        body(&self.connection).map_err(|error| self.error(error))
    }

    /// A group of reads that sees one state of the database.
    pub(super) fn read<T>(&self, body: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        if !self.connection.is_autocommit() {
            return self.run(body);
        }
        self.transact(TransactionBehavior::Deferred, |transaction| body(transaction))
    }

    /// A group of writes, all or nothing. Takes the write lock first, so that it cannot fail halfway for want of it.
    pub(super) fn write<T>(&self, body: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        self.transact(TransactionBehavior::Immediate, body)
    }

    pub(super) fn error(&self, error: rusqlite::Error) -> StoreError {
        StoreError::from_sqlite(&self.path, error)
    }

    fn transact<T>(
        &self,
        behavior: TransactionBehavior,
        body: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.run(|connection| {
            let transaction = Transaction::new_unchecked(connection, behavior)?;
            let value = body(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
    }

    fn open_for_writing(path: &Path) -> Result<Self, StoreError> {
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(|error| unreadable(directory, &error))?;
        }
        refuse_fragment(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let connection = connect(path, path, flags)?;
        let verdict = schema::judge(&connection, path)?;
        let sql = |error| StoreError::from_sqlite(path, error);
        let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).map_err(sql)?;
        if journal != "wal" {
            enter_wal_mode(&connection).map_err(sql)?;
        }
        connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL").map_err(sql)?;
        if verdict != Verdict::Current {
            schema::migrate(&connection, path)?;
        }
        Ok(Self { connection, path: path.to_path_buf(), _copy: None })
    }

    fn open_for_reading(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing { path: path.to_path_buf() });
        }
        refuse_fragment(path)?;
        let opened = connect(path, path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|connection| Ok((schema::judge(&connection, path)?, connection, None)));
        let (verdict, connection, copy) = match opened {
            // WAL mode needs a shared-memory file beside the database, which cannot be made there.
            Err(StoreError::Unreadable { .. } | StoreError::ReadOnly { .. }) => open_unwritable(path)?,
            other => other?,
        };
        match verdict {
            Verdict::Current => Ok(Self { connection, path: path.to_path_buf(), _copy: copy }),
            Verdict::Empty => Err(StoreError::Missing { path: path.to_path_buf() }),
            Verdict::Older(found) => Err(schema::older(path, found)),
        }
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
}

pub(super) fn meta_at(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    statement.query_row([key], |row| row.get(0)).optional()
}

pub(super) fn put_meta(transaction: &Transaction<'_>, key: &str, value: &str) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value = excluded.value")?
        .execute([key, value])
        .map(drop)
}

/// The number of an environment, kept once.
pub(super) fn environment_id(transaction: &Transaction<'_>, environment: &Environment) -> rusqlite::Result<i64> {
    let Environment { host_class, interpreter, runner_version, launch_mode } = environment;
    let values = params![host_class, interpreter, runner_version, launch_mode];
    transaction
        .prepare_cached(
            "INSERT OR IGNORE INTO environment(host_class, interpreter, runner_version, launch_mode) VALUES(?1, ?2, ?3, ?4)",
        )?
        .execute(values)?;
    transaction
        .prepare_cached(
            "SELECT id FROM environment WHERE (host_class, interpreter, runner_version, launch_mode) = (?1, ?2, ?3, ?4)",
        )?
        .query_row(values, |row| row.get(0))
}

/// Reads the four columns of an environment, the first of which is `first`.
pub(super) fn environment_at(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Environment> {
    Ok(Environment {
        host_class: row.get(first)?,
        interpreter: row.get(first + 1)?,
        runner_version: row.get(first + 2)?,
        launch_mode: row.get(first + 3)?,
    })
}

/// A column whose bytes do not decode.
pub(super) fn undecodable(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Blob, what.into())
}

/// Refuses what SQLite itself would take for an empty database.
fn refuse_fragment(path: &Path) -> Result<(), StoreError> {
    let path = path.to_path_buf();
    let metadata = match std::fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unreadable(&path, &error)),
    };
    if metadata.is_dir() {
        return Err(StoreError::Unreadable { path, detail: "it is a directory".to_owned() });
    }
    if (1..HEADER_LENGTH as u64).contains(&metadata.len()) {
        return Err(StoreError::NotADatabase { path });
    }
    Ok(())
}

fn connect(path: &Path, name: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(name, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .and_then(|connection| connection.busy_timeout(BUSY_TIMEOUT).map(|()| connection))
        .map_err(|error| StoreError::from_sqlite(path, error))?;
    connection.set_prepared_statement_cache_capacity(64);
    // Twice, because another process may just be bringing its log into the file.
    if is_short(&connection, path)? && {
        std::thread::sleep(Duration::from_millis(50));
        is_short(&connection, path)?
    } {
        return Err(StoreError::Damaged { path: path.to_path_buf(), detail: "its end is missing".to_owned() });
    }
    Ok(connection)
}

/// Whether the file is shorter than its header says and no log holds the rest: SQLite would notice when it reads what is missing. The
/// file itself is not opened, for closing it would let go of all locks that this process's connections hold on it.
fn is_short(connection: &Connection, path: &Path) -> Result<bool, StoreError> {
    let number = |name: &str| {
        let value = connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        value.map(|value| u64::try_from(value).unwrap_or(0)).map_err(|error| StoreError::from_sqlite(path, error))
    };
    let whole = number("page_size")?.saturating_mul(number("page_count")?);
    let logged = std::fs::metadata(beside(path, "-wal")).is_ok_and(|metadata| metadata.len() > 0);
    Ok(!logged && std::fs::metadata(path).is_ok_and(|metadata| metadata.len() < whole))
}

/// SQLite does not wait by itself where two connections change the journal mode at once.
fn enter_wal_mode(connection: &Connection) -> rusqlite::Result<()> {
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        let changed = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0));
        match changed {
            Err(error) if is_busy(&error) && Instant::now() < deadline => std::thread::sleep(Duration::from_millis(10)),
            other => return other.map(drop),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Opens a database in a directory where nothing can be written. `immutable` makes SQLite ignore the log, so one with a
/// log that was left behind is copied, with it, and the copy read.
fn open_unwritable(path: &Path) -> Result<(Verdict, Connection, Option<TempDir>), StoreError> {
    let log = beside(path, "-wal");
    if std::fs::metadata(&log).is_ok_and(|metadata| metadata.len() > 0) {
        let copy = tempfile::tempdir().map_err(|error| unreadable(path, &error))?;
        let target = copy.path().join("copy.db");
        std::fs::copy(path, &target).map_err(|error| unreadable(path, &error))?;
        std::fs::copy(&log, beside(&target, "-wal")).map_err(|error| unreadable(&log, &error))?;
        make_writable(&target);
        make_writable(&beside(&target, "-wal"));
        let connection = connect(path, &target, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let query_only = connection.pragma_update(None, "query_only", true);
        query_only.map_err(|error| StoreError::from_sqlite(path, error))?;
        return Ok((schema::judge(&connection, path)?, connection, Some(copy)));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = connect(path, Path::new(&immutable_uri(path)), flags)?;
    Ok((schema::judge(&connection, path)?, connection, None))
}

#[allow(clippy::permissions_set_readonly_false)] // A private copy in a directory that only we may enter.
fn make_writable(path: &Path) {
    if let Ok(metadata) = std::fs::metadata(path) {
        let mut permissions = metadata.permissions();
        permissions.set_readonly(false);
        // If this fails, opening says so.
        let _ = std::fs::set_permissions(path, permissions);
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn immutable_uri(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut uri = String::from("file://");
    for byte in absolute.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri + "?immutable=1"
}

fn unreadable(path: &Path, error: &std::io::Error) -> StoreError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return StoreError::Full { path: path.to_path_buf() };
    }
    StoreError::Unreadable { path: path.to_path_buf(), detail: error.to_string() }
}
