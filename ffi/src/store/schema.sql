-- Schema 1. The first two tables are the seed's, like the views below: other programs read them, and delete from the tables.
CREATE TABLE baseline(
    benchmark_id TEXT PRIMARY KEY, median REAL NOT NULL, ci_99_a REAL, ci_99_b REAL, q_25 REAL, q_75 REAL,
    repeat INTEGER, number INTEGER);
CREATE TABLE step_result(
    step_id TEXT NOT NULL, benchmark_id TEXT NOT NULL, median REAL, ci_99_a REAL, ci_99_b REAL, q_25 REAL, q_75 REAL,
    repeat INTEGER, number INTEGER, delta REAL,
    PRIMARY KEY(step_id, benchmark_id));

CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE environment(
    id INTEGER PRIMARY KEY, host_class TEXT NOT NULL, interpreter TEXT NOT NULL, runner_version TEXT NOT NULL,
    launch_mode TEXT NOT NULL,
    UNIQUE(host_class, interpreter, runner_version, launch_mode));
-- AUTOINCREMENT: a number that a baseline names must never come to mean another survey.
CREATE TABLE generation(
    id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL CHECK(state IN ('surveying', 'complete')),
    created_at INTEGER NOT NULL, completed_at INTEGER, environment_id INTEGER NOT NULL REFERENCES environment,
    config TEXT NOT NULL);
CREATE TABLE benchmark(
    generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE, id INTEGER NOT NULL,
    name TEXT NOT NULL, file TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL, version TEXT NOT NULL,
    params TEXT NOT NULL, param_names TEXT NOT NULL, setup_cache_key TEXT, definition TEXT NOT NULL,
    PRIMARY KEY(generation, id));
CREATE TABLE instance(
    generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE, id INTEGER NOT NULL,
    benchmark INTEGER NOT NULL, param INTEGER,
    profile INTEGER NOT NULL, -- what it depends on: see dependency
    always_affected TEXT, -- reasons, one a line, or NULL
    PRIMARY KEY(generation, id)) WITHOUT ROWID;
CREATE TABLE file(
    generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE, id INTEGER NOT NULL,
    path TEXT NOT NULL, blob BLOB NOT NULL, kind TEXT NOT NULL CHECK(kind IN ('source', 'whole')), analysis BLOB NOT NULL,
    PRIMARY KEY(generation, id), UNIQUE(generation, path));
-- Apart from `file`, so that selecting reads past none of it.
CREATE TABLE file_text(
    generation INTEGER NOT NULL, file INTEGER NOT NULL, text BLOB NOT NULL, -- zlib
    PRIMARY KEY(generation, file),
    FOREIGN KEY(generation, file) REFERENCES file(generation, id) ON DELETE CASCADE);
CREATE TABLE execution(
    generation INTEGER NOT NULL, file INTEGER NOT NULL, phase INTEGER NOT NULL CHECK(phase IN (0, 1, 2)),
    blocks BLOB NOT NULL, instances BLOB NOT NULL, -- portable roaring bitmaps
    FOREIGN KEY(generation, file) REFERENCES file(generation, id) ON DELETE CASCADE);
CREATE INDEX execution_file ON execution(generation, file);
-- Instances by the million share few profiles: benchmark_dep as a table would have a row for each instance and file.
CREATE TABLE dependency(
    generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE, profile INTEGER NOT NULL, file INTEGER NOT NULL,
    method_checksums BLOB NOT NULL, -- CRC32s as little-endian i32
    PRIMARY KEY(generation, profile, file)) WITHOUT ROWID;
CREATE TABLE observed(
    generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK(kind IN ('failed_import', 'listed')), name TEXT NOT NULL, instances BLOB NOT NULL,
    PRIMARY KEY(generation, kind, name));
CREATE TABLE survey_part(
    generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE, key TEXT NOT NULL, payload BLOB NOT NULL, -- zlib
    PRIMARY KEY(generation, key));
-- No reference to `generation`: a baseline outlives the survey it was measured with.
CREATE TABLE baseline_context(
    benchmark_id TEXT PRIMARY KEY REFERENCES baseline ON DELETE CASCADE,
    unit TEXT NOT NULL, params TEXT NOT NULL, version TEXT NOT NULL, samples BLOB NOT NULL, -- little-endian f64
    runs TEXT NOT NULL, -- JSON array: how many of the samples each process run gave
    environment_id INTEGER NOT NULL REFERENCES environment, generation INTEGER NOT NULL, measured_at INTEGER NOT NULL);
-- Instances whose baseline was tried in this survey and gave no number.
CREATE TABLE baseline_gap(
    benchmark_id TEXT PRIMARY KEY, generation INTEGER NOT NULL REFERENCES generation ON DELETE CASCADE,
    environment_id INTEGER NOT NULL REFERENCES environment, status TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE step(
    step_id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, environment_id INTEGER NOT NULL REFERENCES environment,
    summary TEXT NOT NULL);
CREATE TABLE step_detail(
    step_id TEXT NOT NULL REFERENCES step ON DELETE CASCADE, benchmark_id TEXT NOT NULL, status TEXT NOT NULL,
    verdict TEXT, reason TEXT, samples BLOB NOT NULL, runs TEXT NOT NULL, reasons TEXT NOT NULL,
    PRIMARY KEY(step_id, benchmark_id));

CREATE VIEW benchmark_dep(benchmark_id, filename, method_checksums, fsha) AS
    SELECT iif(i.param IS NULL, b.name, b.name || '-' || i.param), f.path, d.method_checksums, lower(hex(f.blob))
    FROM generation g
    JOIN instance i ON i.generation = g.id
    JOIN benchmark b ON b.generation = g.id AND b.id = i.benchmark
    JOIN dependency d ON d.generation = g.id AND d.profile = i.profile
    JOIN file f ON f.generation = g.id AND f.id = d.file
    WHERE g.state = 'complete';
CREATE VIEW benchmark_meta(benchmark_id, always_affected, coverage_failure_reason) AS
    SELECT iif(i.param IS NULL, b.name, b.name || '-' || i.param), i.always_affected IS NOT NULL,
        replace(i.always_affected, char(10), '; ')
    FROM generation g
    JOIN instance i ON i.generation = g.id
    JOIN benchmark b ON b.generation = g.id AND b.id = i.benchmark
    WHERE g.state = 'complete';

-- Other programs seldom enforce foreign keys: without these, a context could come to stand beside numbers that are not its own.
CREATE TRIGGER baseline_deleted AFTER DELETE ON baseline BEGIN
    DELETE FROM baseline_context WHERE benchmark_id = OLD.benchmark_id; END;
CREATE TRIGGER baseline_inserted AFTER INSERT ON baseline BEGIN
    DELETE FROM baseline_context WHERE benchmark_id = NEW.benchmark_id; END;
CREATE TRIGGER baseline_updated AFTER UPDATE ON baseline BEGIN
    DELETE FROM baseline_context WHERE benchmark_id IN (OLD.benchmark_id, NEW.benchmark_id); END;
