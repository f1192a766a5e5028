//! What the database holds, told apart at little cost: for those who ask again and again whether anything is new.

use super::database::Store;
use super::error::StoreError;
use lightspeed_core::source::blob_id;
use rusqlite::types::ValueRef;

/// Each gives few rows and reads no survey: what is written anew has another time or another row number.
const QUERIES: [&str; 7] = [
    "SELECT id, completed_at FROM generation WHERE state = 'complete' ORDER BY id",
    "SELECT key, value FROM meta ORDER BY key",
    "SELECT count(*), total(length(always_affected)) FROM instance WHERE always_affected IS NOT NULL",
    "SELECT count(*), total(median), count(c.measured_at), max(c.measured_at)
     FROM baseline LEFT JOIN baseline_context c USING(benchmark_id)",
    "SELECT step_id, created_at, summary FROM step ORDER BY created_at, rowid",
    "SELECT count(*), max(rowid) FROM step_detail",
    "SELECT count(*), max(rowid), total(median) FROM step_result",
];

impl Store {
    /// A text that is another one as soon as the answering survey, a baseline or a step is.
    pub fn state(&self) -> Result<String, StoreError> {
        let mut told = Vec::new();
        self.read(|connection| {
            for query in QUERIES {
                let mut statement = connection.prepare_cached(query)?;
                let columns = statement.column_count();
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    for column in 0..columns {
                        tell(&mut told, row.get_ref(column)?);
                    }
                }
                told.push(b'\n');
            }
            Ok(())
        })?;
        Ok(blob_id(&told).to_string())
    }
}

/// With their lengths, so that no two rows look alike.
fn tell(told: &mut Vec<u8>, value: ValueRef<'_>) {
    let number;
    let bytes = match value {
        ValueRef::Null => return told.push(b'-'),
        ValueRef::Integer(value) => {
            number = value.to_le_bytes();
            &number[..]
        }
        ValueRef::Real(value) => {
            number = value.to_le_bytes();
            &number[..]
        }
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
    };
    told.extend((bytes.len() as u64).to_le_bytes());
    told.extend(bytes);
}
