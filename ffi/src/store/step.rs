//! Steps: what each measured change did, visible to others row by row.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::baseline::{finite, stats_at};
use super::blob::{from_samples, to_json, to_samples};
use super::database::{Store, environment_at, environment_id, now_ms, undecodable};
use super::error::StoreError;
use super::model::{Environment, Step, StepResult};

const COLUMNS: &str =
    "SELECT s.step_id, s.created_at, s.summary, e.host_class, e.interpreter, e.runner_version, e.launch_mode
                       FROM step s JOIN environment e ON e.id = s.environment_id";

impl Store {
    /// Begins a step. Results of an earlier step of the same name are gone: results of two changes must not mix.
    pub fn begin_step(&self, step_id: &str, environment: &Environment, summary: &str) -> Result<(), StoreError> {
        self.write(|transaction| {
            let environment = environment_id(transaction, environment)?;
            transaction.execute("DELETE FROM step WHERE step_id = ?1", [step_id])?;
            transaction.execute("DELETE FROM step_result WHERE step_id = ?1", [step_id])?;
            transaction
                .execute("INSERT INTO step VALUES(?1, ?2, ?3, ?4)", params![step_id, now_ms(), environment, summary])
                .map(drop)
        })
    }

    /// Replaces a step's summary.
    pub fn set_step_summary(&self, step_id: &str, summary: &str) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction.execute("UPDATE step SET summary = ?2 WHERE step_id = ?1", [step_id, summary]).map(drop)
        })
    }

    /// Keeps the result of one instance in a step that was begun; others see it at once.
    pub fn put_step_result(&self, step_id: &str, result: &StepResult) -> Result<(), StoreError> {
        if result.stats.is_some_and(|stats| !stats.median.is_finite()) {
            return Err(StoreError::NotFinite { benchmark: result.benchmark_id.clone() });
        }
        self.write(|transaction| {
            put_numbers(transaction, step_id, result)?;
            transaction
                .prepare_cached("INSERT OR REPLACE INTO step_detail VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
                .execute(params![
                    step_id,
                    result.benchmark_id,
                    result.status,
                    result.verdict,
                    result.reason,
                    from_samples(&result.samples),
                    to_json(&result.runs),
                    result.reasons,
                    result.comparison
                ])
                .map(drop)
        })
    }

    /// All steps, oldest first.
    pub fn list_steps(&self) -> Result<Vec<Step>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare(&format!("{COLUMNS} ORDER BY s.created_at, s.rowid"))?;
            statement.query_map([], step_at)?.collect()
        })
    }

    /// Whether a step of this name was begun.
    pub fn has_step(&self, step_id: &str) -> Result<bool, StoreError> {
        self.run(|connection| connection.prepare_cached("SELECT 1 FROM step WHERE step_id = ?1")?.exists([step_id]))
    }

    /// A step with its results, ordered by instance id.
    pub fn step(&self, step_id: &str) -> Result<Option<(Step, Vec<StepResult>)>, StoreError> {
        self.read(|transaction| {
            let step =
                transaction.query_row(&format!("{COLUMNS} WHERE s.step_id = ?1"), [step_id], step_at).optional()?;
            let Some(step) = step else { return Ok(None) };
            let mut statement = transaction.prepare(
                "SELECT d.benchmark_id, d.status, d.verdict, d.reason, d.samples, d.runs, d.reasons, r.delta,
                        r.median, r.ci_99_a, r.ci_99_b, r.q_25, r.q_75, r.repeat, r.number, d.comparison
                 FROM step_detail d LEFT JOIN step_result r USING(step_id, benchmark_id)
                 WHERE d.step_id = ?1 ORDER BY d.benchmark_id",
            )?;
            let results = statement.query_map([step_id], result_at)?.collect::<rusqlite::Result<_>>()?;
            Ok(Some((step, results)))
        })
    }
}

/// The seed's table holds numbers only: an instance without any has no row there.
fn put_numbers(transaction: &Transaction<'_>, step_id: &str, result: &StepResult) -> rusqlite::Result<()> {
    let id = &result.benchmark_id;
    let Some(s) = &result.stats else {
        return transaction
            .execute("DELETE FROM step_result WHERE step_id = ?1 AND benchmark_id = ?2", params![step_id, id])
            .map(drop);
    };
    transaction
        .prepare_cached("INSERT OR REPLACE INTO step_result VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
        .execute(params![
            step_id,
            id,
            s.median,
            finite(s.ci_99_a),
            finite(s.ci_99_b),
            finite(s.q_25),
            finite(s.q_75),
            s.repeat,
            s.number,
            finite(result.delta)
        ])
        .map(drop)
}

fn step_at(row: &Row<'_>) -> rusqlite::Result<Step> {
    Ok(Step {
        step_id: row.get(0)?,
        created_at_ms: row.get(1)?,
        summary: row.get(2)?,
        environment: environment_at(row, 3)?,
    })
}

fn result_at(row: &Row<'_>) -> rusqlite::Result<StepResult> {
    let samples = to_samples(row.get_ref(4)?.as_blob()?);
    let runs = serde_json::from_str(row.get_ref(5)?.as_str()?);
    Ok(StepResult {
        benchmark_id: row.get(0)?,
        status: row.get(1)?,
        verdict: row.get(2)?,
        reason: row.get(3)?,
        samples: samples.ok_or_else(|| undecodable(4, "damaged samples"))?,
        runs: runs.map_err(|_| undecodable(5, "damaged JSON"))?,
        reasons: row.get(6)?,
        delta: finite(row.get(7)?),
        stats: stats_at(row, 8)?,
        comparison: row.get(15)?,
    })
}
