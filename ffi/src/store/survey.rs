//! A finished survey: written in one transaction, read in one pass.

use lightspeed_core::source::BlobId;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::baseline::delete_stale;
use super::blob::{deflate, from_bitmap, from_checksums, inflate, to_bitmap, to_json};
use super::database::{Store, meta_at, now_ms, put_meta, undecodable};
use super::error::StoreError;
use super::model::{Benchmark, Execution, FileKind, Instance, Observed, ObservedKind, Phase, SurveyData, SurveyedFile};

use super::profile::Profiles;

/// Whether [`Store::load_survey`] reads the files' texts, which only explanations need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextLoading {
    /// Without: fast.
    Skip,
    /// With.
    Load,
}

/// The key in `meta` of [`SurveyData::index`].
const META_INDEX: &str = "index";

impl Store {
    /// Completes survey `generation`: it answers from now on, all others are gone, and so are its parts and the baselines
    /// of instances that no longer exist or changed their version, unit or parameters. All of it or nothing.
    pub fn complete_generation(
        &self,
        generation: i64,
        survey: &SurveyData,
        profiles: &Profiles,
    ) -> Result<(), StoreError> {
        check(survey)?;
        let completed = self.write(|transaction| {
            let changed = transaction.execute(
                "UPDATE generation SET state = 'complete', completed_at = ?2 WHERE id = ?1 AND state = 'surveying'",
                params![generation, now_ms()],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            transaction.execute("DELETE FROM survey_part", [])?;
            transaction.execute("DELETE FROM generation WHERE id <> ?1", [generation])?;
            write_benchmarks(transaction, generation, survey, profiles)?;
            write_files(transaction, generation, survey)?;
            write_observations(transaction, generation, survey)?;
            note_index(transaction, &survey.index)?;
            delete_stale(transaction, survey)?;
            Ok(true)
        })?;
        if !completed {
            return Err(StoreError::GenerationGone { generation });
        }
        // So that a plain copy of the one file has it all; if readers hinder it, the next checkpoint does it.
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        Ok(())
    }

    /// Notes how the current survey is to be read, where that is not what is noted already.
    pub fn note_index(&self, index: &str) -> Result<(), StoreError> {
        if self.meta(META_INDEX)?.as_deref() == Some(index) {
            return Ok(());
        }
        self.write(|transaction| note_index(transaction, index))
    }

    /// Reads the benchmarks and instances of a survey.
    pub fn load_suite(&self, generation: i64) -> Result<(Vec<Benchmark>, Vec<Instance>), StoreError> {
        self.read(|transaction| {
            let benchmarks = read_benchmarks(transaction, generation)?;
            let instances = read_instances(transaction, generation, &benchmarks)?;
            Ok((benchmarks, instances))
        })
    }

    /// Reads which files a survey depends on, and git's SHA-1 of each.
    pub fn load_blobs(&self, generation: i64) -> Result<Vec<(String, BlobId)>, StoreError> {
        self.run(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT path, blob FROM file WHERE generation = ?1 ORDER BY path")?;
            let rows = statement.query_map([generation], |row| Ok((row.get(0)?, BlobId(row.get(1)?))))?;
            rows.collect()
        })
    }

    /// Reads a survey.
    pub fn load_survey(&self, generation: i64, texts: TextLoading) -> Result<SurveyData, StoreError> {
        let survey = self.read(|transaction| {
            let benchmarks = read_benchmarks(transaction, generation)?;
            Ok(SurveyData {
                instances: read_instances(transaction, generation, &benchmarks)?,
                benchmarks,
                files: read_files(transaction, generation, texts)?,
                executions: read_executions(transaction, generation)?,
                observed: read_observed(transaction, generation)?,
                index: meta_at(transaction, META_INDEX)?.unwrap_or_default(),
            })
        })?;
        // The file may have been edited by others: numbers that lead nowhere must not reach the analysis.
        match check(&survey) {
            Err(StoreError::Inconsistent { detail }) => {
                Err(StoreError::Damaged { path: self.path().to_path_buf(), detail })
            }
            other => other.map(|()| survey),
        }
    }

    /// The contents of a file at survey time, if they were kept.
    pub fn file_text(&self, generation: i64, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT t.text FROM file f JOIN file_text t ON t.generation = f.generation AND t.file = f.id
                 WHERE f.generation = ?1 AND f.path = ?2",
            )?;
            statement.query_row(params![generation, path], |row| text_at(row, 0)).optional()
        })
    }
}

/// Every number must lead somewhere.
fn check(survey: &SurveyData) -> Result<(), StoreError> {
    let complain = |detail: String| Err(StoreError::Inconsistent { detail });
    let within = |number: Option<u32>, length: usize| number.is_none_or(|number| (number as usize) < length);
    for instance in &survey.instances {
        if !within(Some(instance.benchmark), survey.benchmarks.len()) {
            return complain(format!("instance {} has no benchmark", instance.id));
        }
    }
    for execution in &survey.executions {
        if !within(Some(execution.file), survey.files.len()) {
            return complain(format!("an execution names file {}, which is not there", execution.file));
        }
        if !within(execution.instances.max(), survey.instances.len()) {
            return complain("an execution names an instance that is not there".to_owned());
        }
    }
    match survey.observed.iter().find(|observed| !within(observed.instances.max(), survey.instances.len())) {
        Some(observed) => complain(format!("the observation of {} names an instance that is not there", observed.name)),
        None => Ok(()),
    }
}

/// The note always belongs to the survey that answers.
fn note_index(transaction: &Transaction<'_>, index: &str) -> rusqlite::Result<()> {
    if index.is_empty() {
        return transaction.execute("DELETE FROM meta WHERE key = ?1", [META_INDEX]).map(drop);
    }
    put_meta(transaction, META_INDEX, index)
}

fn write_benchmarks(
    transaction: &Transaction<'_>,
    generation: i64,
    survey: &SurveyData,
    profiles: &Profiles,
) -> rusqlite::Result<()> {
    let mut insert =
        transaction.prepare("INSERT INTO benchmark VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
    for (id, b) in (0u32..).zip(&survey.benchmarks) {
        let (params, names) = (to_json(&b.params), to_json(&b.param_names));
        let (key, definition) = (&b.setup_cache_key, &b.definition);
        insert.execute(params![
            generation, id, b.name, b.file, b.kind, b.unit, b.version, params, names, key, definition
        ])?;
    }
    let mut insert = transaction.prepare("INSERT INTO instance VALUES(?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (id, i) in (0u32..).zip(&survey.instances) {
        let reasons = (!i.always_affected.is_empty()).then(|| i.always_affected.join("\n"));
        let profile = profiles.of.get(id as usize).copied().unwrap_or(0);
        insert.execute(params![generation, id, i.benchmark, i.param, profile, reasons])?;
    }
    let mut insert = transaction.prepare("INSERT INTO dependency VALUES(?1, ?2, ?3, ?4)")?;
    for d in &profiles.dependencies {
        insert.execute(params![generation, d.profile, d.file, from_checksums(&d.checksums)])?;
    }
    Ok(())
}

fn write_files(transaction: &Transaction<'_>, generation: i64, survey: &SurveyData) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare("INSERT INTO file VALUES(?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut insert_text = transaction.prepare("INSERT INTO file_text VALUES(?1, ?2, ?3)")?;
    for (id, file) in (0u32..).zip(&survey.files) {
        let kind = match file.kind {
            FileKind::Source => "source",
            FileKind::Whole => "whole",
        };
        insert.execute(params![generation, id, file.path, file.blob, kind, file.analysis])?;
        if let Some(text) = &file.text {
            insert_text.execute(params![generation, id, deflate(text)])?;
        }
    }
    Ok(())
}

fn write_observations(transaction: &Transaction<'_>, generation: i64, survey: &SurveyData) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare("INSERT INTO execution VALUES(?1, ?2, ?3, ?4, ?5)")?;
    for execution in &survey.executions {
        let phase = match execution.phase {
            Phase::Import => 0,
            Phase::Setup => 1,
            Phase::Run => 2,
        };
        let (blocks, instances) = (from_bitmap(&execution.blocks), from_bitmap(&execution.instances));
        insert.execute(params![generation, execution.file, phase, blocks, instances])?;
    }
    let mut insert = transaction.prepare("INSERT INTO observed VALUES(?1, ?2, ?3, ?4)")?;
    for observed in &survey.observed {
        let kind = match observed.kind {
            ObservedKind::FailedImport => "failed_import",
            ObservedKind::Listed => "listed",
        };
        insert.execute(params![generation, kind, observed.name, from_bitmap(&observed.instances)])?;
    }
    Ok(())
}

/// Collects the rows of a query whose first column numbers them from 0 without a gap.
fn dense<T>(
    connection: &Connection,
    query: &str,
    generation: i64,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(query)?;
    let mut rows = statement.query([generation])?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(0)? != values.len() as i64 {
            return Err(rusqlite::Error::IntegralValueOutOfRange(0, values.len() as i64));
        }
        values.push(read(row)?);
    }
    Ok(values)
}

fn read_benchmarks(connection: &Connection, generation: i64) -> rusqlite::Result<Vec<Benchmark>> {
    let query = "SELECT id, name, file, kind, unit, version, setup_cache_key, definition, params, param_names
                 FROM benchmark WHERE generation = ?1 ORDER BY id";
    dense(connection, query, generation, |row| {
        Ok(Benchmark {
            name: row.get(1)?,
            file: row.get(2)?,
            kind: row.get(3)?,
            unit: row.get(4)?,
            version: row.get(5)?,
            setup_cache_key: row.get(6)?,
            definition: row.get(7)?,
            params: json_at(row, 8)?,
            param_names: json_at(row, 9)?,
        })
    })
}

fn read_instances(connection: &Connection, generation: i64, of: &[Benchmark]) -> rusqlite::Result<Vec<Instance>> {
    let query = "SELECT id, benchmark, param, always_affected FROM instance WHERE generation = ?1 ORDER BY id";
    dense(connection, query, generation, |row| {
        let (benchmark, param): (u32, Option<u32>) = (row.get(1)?, row.get(2)?);
        let reasons: Option<String> = row.get(3)?;
        let name = of.get(benchmark as usize).map_or("", |benchmark| benchmark.name.as_str());
        let id = param.map_or_else(|| name.to_owned(), |param| format!("{name}-{param}"));
        let always_affected = reasons.map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default();
        Ok(Instance { id, benchmark, param, always_affected })
    })
}

fn read_files(connection: &Connection, generation: i64, texts: TextLoading) -> rusqlite::Result<Vec<SurveyedFile>> {
    let query = match texts {
        TextLoading::Skip => {
            "SELECT id, path, blob, kind, analysis, NULL FROM file WHERE generation = ?1 ORDER BY id"
        }
        TextLoading::Load => {
            "SELECT f.id, path, blob, kind, analysis, text FROM file f
             LEFT JOIN file_text t ON t.generation = f.generation AND t.file = f.id WHERE f.generation = ?1 ORDER BY f.id"
        }
    };
    dense(connection, query, generation, |row| {
        let text = match row.get_ref(5)? {
            rusqlite::types::ValueRef::Null => None,
            _ => Some(text_at(row, 5)?),
        };
        let kind = if row.get_ref(3)?.as_str()? == "source" { FileKind::Source } else { FileKind::Whole };
        Ok(SurveyedFile { path: row.get(1)?, blob: row.get(2)?, kind, analysis: row.get(4)?, text })
    })
}

fn read_executions(connection: &Connection, generation: i64) -> rusqlite::Result<Vec<Execution>> {
    // One scan in the order of insertion: the index would only have the rows sorted again, and other generations have none.
    let query = "SELECT file, phase, blocks, instances FROM execution NOT INDEXED
                 WHERE generation = ?1 ORDER BY rowid";
    let mut statement = connection.prepare_cached(query)?;
    let rows = statement.query_map([generation], |row| {
        let phase = match row.get(1)? {
            0 => Phase::Import,
            1 => Phase::Setup,
            2 => Phase::Run,
            other => return Err(rusqlite::Error::IntegralValueOutOfRange(1, other)),
        };
        Ok(Execution { file: row.get(0)?, phase, blocks: bitmap_at(row, 2)?, instances: bitmap_at(row, 3)? })
    })?;
    rows.collect()
}

fn read_observed(connection: &Connection, generation: i64) -> rusqlite::Result<Vec<Observed>> {
    let query = "SELECT kind, name, instances FROM observed NOT INDEXED WHERE generation = ?1 ORDER BY rowid";
    let mut statement = connection.prepare_cached(query)?;
    let rows = statement.query_map([generation], |row| {
        let listed = row.get_ref(0)?.as_str()? == "listed";
        let kind = if listed { ObservedKind::Listed } else { ObservedKind::FailedImport };
        Ok(Observed { kind, name: row.get(1)?, instances: bitmap_at(row, 2)? })
    })?;
    rows.collect()
}

fn bitmap_at(row: &Row<'_>, column: usize) -> rusqlite::Result<roaring::RoaringBitmap> {
    to_bitmap(row.get_ref(column)?.as_blob()?).ok_or_else(|| undecodable(column, "a damaged bitmap"))
}

fn text_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<u8>> {
    inflate(row.get_ref(column)?.as_blob()?).ok_or_else(|| undecodable(column, "a damaged text"))
}

fn json_at<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|_| undecodable(column, "damaged JSON"))
}
