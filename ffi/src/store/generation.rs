//! Surveys as generations: begun, fed part by part, resumed or discarded, completed.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use super::blob::{deflate, inflate};
use super::database::{Store, environment_at, environment_id, now_ms, undecodable};
use super::error::StoreError;
use super::model::{Environment, GenerationInfo, GenerationState};

/// A survey that may now be fed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Its number.
    pub generation: i64,
    /// Whether it has parts of an interrupted run.
    pub resumed: bool,
}

impl Store {
    /// The survey that answers queries: the newest complete one.
    pub fn current_generation(&self) -> Result<Option<GenerationInfo>, StoreError> {
        self.newest("complete")
    }

    /// The survey under way, or interrupted.
    pub fn surveying_generation(&self) -> Result<Option<GenerationInfo>, StoreError> {
        self.newest("surveying")
    }

    /// Goes on with the unfinished survey of the same `config` and environment, else discards it and begins anew. The
    /// complete one goes on answering. Hold the [`SurveyLock`](super::SurveyLock).
    pub fn begin_generation(&self, config: &str, environment: &Environment) -> Result<Begun, StoreError> {
        self.write(|transaction| {
            let environment = environment_id(transaction, environment)?;
            let unfinished: Option<i64> = transaction
                .query_row(
                    "SELECT id FROM generation WHERE state = 'surveying' AND config = ?1 AND environment_id = ?2 ORDER BY id DESC",
                    params![config, environment],
                    |row| row.get(0),
                )
                .optional()?;
            transaction.execute("DELETE FROM generation WHERE state = 'surveying' AND id IS NOT ?1", [unfinished])?;
            if let Some(generation) = unfinished {
                return Ok(Begun { generation, resumed: true });
            }
            transaction.execute(
                "INSERT INTO generation(state, created_at, environment_id, config) VALUES('surveying', ?1, ?2, ?3)",
                params![now_ms(), environment, config],
            )?;
            Ok(Begun { generation: transaction.last_insert_rowid(), resumed: false })
        })
    }

    /// Drops an unfinished survey and its parts.
    pub fn discard_generation(&self, generation: i64) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction.execute("DELETE FROM generation WHERE id = ?1 AND state = 'surveying'", [generation]).map(drop)
        })
    }

    /// Keeps one finished piece of a survey, whatever happens next.
    pub fn put_part(&self, generation: i64, key: &str, payload: &[u8]) -> Result<(), StoreError> {
        let payload = deflate(payload);
        let put = |transaction: &Transaction<'_>| {
            transaction
                .prepare_cached(
                    "INSERT INTO survey_part(generation, key, payload)
                     SELECT id, ?2, ?3 FROM generation WHERE id = ?1 AND state = 'surveying'
                     ON CONFLICT(generation, key) DO UPDATE SET payload = excluded.payload",
                )?
                .execute(params![generation, key, payload])
        };
        match self.write(put)? {
            0 => Err(StoreError::GenerationGone { generation }),
            _ => Ok(()),
        }
    }

    /// The finished pieces of a survey, by key.
    pub fn parts(&self, generation: i64) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare("SELECT key, payload FROM survey_part WHERE generation = ?1")?;
            let rows = statement.query_map([generation], |row| {
                let payload = inflate(row.get_ref(1)?.as_blob()?).ok_or_else(|| undecodable(1, "a damaged part"))?;
                Ok((row.get(0)?, payload))
            })?;
            rows.collect()
        })
    }

    fn newest(&self, state: &str) -> Result<Option<GenerationInfo>, StoreError> {
        self.run(|connection| {
            connection
                .prepare_cached(
                    "SELECT g.id, g.state, g.created_at, g.completed_at, g.config,
                            e.host_class, e.interpreter, e.runner_version, e.launch_mode
                     FROM generation g JOIN environment e ON e.id = g.environment_id
                     WHERE g.state = ?1 ORDER BY g.id DESC LIMIT 1",
                )?
                .query_row([state], info)
                .optional()
        })
    }
}

fn info(row: &rusqlite::Row<'_>) -> rusqlite::Result<GenerationInfo> {
    let state =
        if row.get_ref(1)?.as_str()? == "complete" { GenerationState::Complete } else { GenerationState::Surveying };
    Ok(GenerationInfo {
        id: row.get(0)?,
        state,
        created_at_ms: row.get(2)?,
        completed_at_ms: row.get(3)?,
        config: row.get(4)?,
        environment: environment_at(row, 5)?,
    })
}
