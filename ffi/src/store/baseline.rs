//! Baselines: the measurements that later ones are compared with.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::blob::{from_samples, to_json, to_samples};
use super::database::{Store, environment_at, environment_id, undecodable};
use super::error::StoreError;
use super::model::{Baseline, BaselineContext, BaselineGap, Baselines, Instance, Stats, SurveyData};

const COLUMNS: &str = "SELECT b.benchmark_id, b.median, b.ci_99_a, b.ci_99_b, b.q_25, b.q_75, b.repeat, b.number,
                        c.unit, c.params, c.version, c.samples, c.runs, c.generation, c.measured_at,
                        e.host_class, e.interpreter, e.runner_version, e.launch_mode
                 FROM baseline b LEFT JOIN baseline_context c USING(benchmark_id)
                      LEFT JOIN environment e ON e.id = c.environment_id";

impl Store {
    /// All baselines. A row that another program deleted is simply absent.
    pub fn baselines(&self) -> Result<Baselines, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(COLUMNS)?;
            let rows = statement.query_map([], baseline_at)?;
            rows.filter_map(Result::transpose).collect()
        })
    }

    /// The baseline of one instance.
    pub fn baseline(&self, benchmark_id: &str) -> Result<Option<Baseline>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE b.benchmark_id = ?1"))?;
            let found = statement.query_row([benchmark_id], baseline_at).optional()?;
            Ok(found.flatten().map(|(_, baseline)| baseline))
        })
    }

    /// Keeps one baseline, replacing an earlier one.
    pub fn put_baseline(&self, benchmark_id: &str, baseline: &Baseline) -> Result<(), StoreError> {
        self.put_baselines([(benchmark_id, baseline)])
    }

    /// Keeps several baselines, all or none.
    pub fn put_baselines<'a>(
        &self,
        baselines: impl IntoIterator<Item = (&'a str, &'a Baseline)>,
    ) -> Result<(), StoreError> {
        let baselines: Vec<_> = baselines.into_iter().collect();
        if let Some((benchmark, _)) = baselines.iter().find(|(_, baseline)| !baseline.stats.median.is_finite()) {
            return Err(StoreError::NotFinite { benchmark: (*benchmark).to_owned() });
        }
        self.write(|transaction| {
            baselines.iter().try_for_each(|(benchmark_id, baseline)| put(transaction, benchmark_id, baseline))
        })
    }

    /// Notes that an instance's baseline was tried and gave no number. Its earlier baseline, if any, is gone.
    pub fn put_baseline_gap(&self, benchmark_id: &str, gap: &BaselineGap) -> Result<(), StoreError> {
        self.write(|transaction| {
            let environment = environment_id(transaction, &gap.environment)?;
            transaction.execute("DELETE FROM baseline WHERE benchmark_id = ?1", [benchmark_id])?;
            // A survey that was replaced meanwhile takes no notes any more.
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO baseline_gap SELECT ?1, id, ?3, ?4, ?5 FROM generation WHERE id = ?2",
                )?
                .execute(params![benchmark_id, gap.generation, environment, gap.status, gap.reason])
                .map(drop)
        })
    }

    /// The instances whose baseline was tried with the present survey and gave no number.
    pub fn baseline_gaps(&self) -> Result<BTreeMap<String, BaselineGap>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT g.benchmark_id, g.generation, g.status, g.reason,
                        e.host_class, e.interpreter, e.runner_version, e.launch_mode
                 FROM baseline_gap g JOIN environment e ON e.id = g.environment_id",
            )?;
            let rows = statement.query_map([], |row| {
                let gap = BaselineGap {
                    generation: row.get(1)?,
                    status: row.get(2)?,
                    reason: row.get(3)?,
                    environment: environment_at(row, 4)?,
                };
                Ok((row.get(0)?, gap))
            })?;
            rows.collect()
        })
    }

    /// Forgets the baselines of some instances, and why others have none.
    pub fn delete_baselines<'a>(&self, benchmark_ids: impl IntoIterator<Item = &'a str>) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut baseline = transaction.prepare_cached("DELETE FROM baseline WHERE benchmark_id = ?1")?;
            let mut gap = transaction.prepare_cached("DELETE FROM baseline_gap WHERE benchmark_id = ?1")?;
            benchmark_ids.into_iter().try_for_each(|id| {
                baseline.execute([id])?;
                gap.execute([id]).map(drop)
            })
        })
    }
}

/// Deletes the baselines that can be compared with nothing in `survey`.
pub(super) fn delete_stale(transaction: &Transaction<'_>, survey: &SurveyData) -> rusqlite::Result<()> {
    let instances: HashMap<&str, &Instance> = survey.instances.iter().map(|i| (i.id.as_str(), i)).collect();
    let mut select = transaction.prepare(
        "SELECT b.benchmark_id, c.version, c.unit, c.params FROM baseline b LEFT JOIN baseline_context c USING(benchmark_id)",
    )?;
    let mut rows = select.query([])?;
    let mut stale: Vec<String> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let context: (Option<String>, Option<String>, Option<String>) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let fits = instances.get(id.as_str()).is_some_and(|instance| match &context {
            (Some(version), Some(unit), Some(params)) => {
                let benchmark = survey.benchmarks.get(instance.benchmark as usize);
                benchmark.is_some_and(|benchmark| {
                    let values = benchmark.param_values(instance.param);
                    benchmark.version == *version
                        && benchmark.unit == *unit
                        && values.is_some_and(|values| to_json(&values) == *params)
                })
            }
            _ => true,
        });
        if !fits {
            stale.push(id);
        }
    }
    let mut delete = transaction.prepare("DELETE FROM baseline WHERE benchmark_id = ?1")?;
    stale.iter().try_for_each(|id| delete.execute([id]).map(drop))
}

/// Reads the seven columns of statistics, the first of which is `first`; `None` without a finite median.
pub(super) fn stats_at(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Stats>> {
    let number = |column: usize| -> rusqlite::Result<Option<f64>> {
        Ok(row.get::<_, Option<f64>>(first + column)?.filter(|value| value.is_finite()))
    };
    let Some(median) = number(0)? else {
        return Ok(None);
    };
    Ok(Some(Stats {
        median,
        ci_99_a: number(1)?,
        ci_99_b: number(2)?,
        q_25: number(3)?,
        q_75: number(4)?,
        repeat: row.get(first + 5)?,
        number: row.get(first + 6)?,
    }))
}

/// Another program can store what we would not: such a row is no baseline.
fn baseline_at(row: &Row<'_>) -> rusqlite::Result<Option<(String, Baseline)>> {
    let Some(stats) = stats_at(row, 1)? else { return Ok(None) };
    Ok(Some((row.get(0)?, Baseline { stats, context: context_at(row, 8)? })))
}

/// Null where a number is absent or has no finite value.
pub(super) fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

fn put(transaction: &Transaction<'_>, benchmark_id: &str, baseline: &Baseline) -> rusqlite::Result<()> {
    let s = &baseline.stats;
    // An update fires the trigger that removes the old context.
    transaction
        .prepare_cached(
            "INSERT INTO baseline VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT(benchmark_id) DO UPDATE SET median = excluded.median, ci_99_a = excluded.ci_99_a,
                ci_99_b = excluded.ci_99_b, q_25 = excluded.q_25, q_75 = excluded.q_75, repeat = excluded.repeat,
                number = excluded.number",
        )?
        .execute(params![
            benchmark_id,
            s.median,
            finite(s.ci_99_a),
            finite(s.ci_99_b),
            finite(s.q_25),
            finite(s.q_75),
            s.repeat,
            s.number
        ])?;
    transaction.prepare_cached("DELETE FROM baseline_gap WHERE benchmark_id = ?1")?.execute([benchmark_id])?;
    let Some(c) = &baseline.context else {
        return Ok(());
    };
    let environment = environment_id(transaction, &c.environment)?;
    let (params, samples) = (to_json(&c.params), from_samples(&c.samples));
    transaction
        .prepare_cached("INSERT INTO baseline_context VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
        .execute(params![
            benchmark_id,
            c.unit,
            params,
            c.version,
            samples,
            to_json(&c.runs),
            environment,
            c.generation,
            c.measured_at_ms
        ])
        .map(drop)
}

fn context_at(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<BaselineContext>> {
    let Some(unit) = row.get(first)? else {
        return Ok(None);
    };
    let params = serde_json::from_str(row.get_ref(first + 1)?.as_str()?);
    let samples = to_samples(row.get_ref(first + 3)?.as_blob()?);
    let runs = serde_json::from_str(row.get_ref(first + 4)?.as_str()?);
    Ok(Some(BaselineContext {
        unit,
        params: params.map_err(|_| undecodable(first + 1, "damaged JSON"))?,
        version: row.get(first + 2)?,
        samples: samples.ok_or_else(|| undecodable(first + 3, "damaged samples"))?,
        runs: runs.map_err(|_| undecodable(first + 4, "damaged JSON"))?,
        generation: row.get(first + 5)?,
        measured_at_ms: row.get(first + 6)?,
        environment: environment_at(row, first + 7)?,
    }))
}
