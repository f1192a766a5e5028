// The database of a results directory, opened as it is.
import * as module from "./lightspeed.js";
import { bytes, text } from "./arguments.js";
import { blobId } from "./blocks.js";
import { call } from "./call.js";
import type { Index } from "./dependency_index.js";
import { DatabaseError, FreedError } from "./errors.js";
import { type Handle, disposable } from "./handle.js";
import { baselines, benchmarks, steps } from "./measured_rows.js";
import { Connection, type Sqlite3, missing, parsed } from "./sqlite.js";
import { indexOfRows } from "./survey_rows.js";
import type { Context } from "./types.js";

export type { Sqlite3, Sqlite3Database, Sqlite3Statement } from "./sqlite.js";

/** "LSpd". */
const APPLICATION_ID = 0x4c537064;
const SCHEMA = 2;
/** A zlib stream of nothing, which stands for a text that was not kept. */
const NO_TEXT = "7801030000000001";

/** An opened database. Its index lives until it is freed. */
export class Database implements Handle {
    /** The index of the current survey. It is freed with the database. */
    readonly index: Index;
    /** Where the survey comes from and what was measured. */
    readonly context: Context;
    readonly #connection: Connection;
    readonly #generation: number;
    #open = true;

    /** @internal */
    constructor(connection: Connection) {
        refuseOthers(connection);
        const { generation, basis, suite } = survey(connection);
        const known = baselines(connection);
        this.context = {
            schema: "lightspeed.context/1",
            suite,
            benchmarks: benchmarks(connection, generation),
            baselines: known,
            steps: steps(connection, known),
        };
        this.index = indexOfRows(connection, generation, basis, known);
        this.#connection = connection;
        this.#generation = generation;
    }

    /** Paths of the source files whose surveyed text is there. */
    paths(): readonly string[] {
        const sql = `SELECT f.path FROM file f JOIN file_text t ON t.generation = f.generation AND t.file = f.id
                     WHERE f.generation = ?1 AND f.kind = 'source' AND (hex(t.text) <> '${NO_TEXT}' OR lower(hex(f.blob)) = ?2)
                     ORDER BY f.path`;
        return this.#rows().rows(sql, [this.#generation, blobId("")], (row) => row.text(0));
    }

    /** A source file as it was surveyed, where its text is there. */
    text(path: string): Uint8Array | undefined {
        const sql = `SELECT t.text, lower(hex(f.blob)) FROM file f JOIN file_text t ON t.generation = f.generation AND t.file = f.id
                     WHERE f.generation = ?1 AND f.path = ?2 AND f.kind = 'source'`;
        const [found] = this.#rows().rows(sql, [this.#generation, text("the path", path)], (row) => {
            const stream = row.bytes(0);
            const content = call(DatabaseError, () => module.inflate(stream));
            return blobId(content) === row.text(1) ? content : undefined;
        });
        return found;
    }

    free(): void {
        if (this.#open) {
            this.#open = false;
            this.index.free();
            this.#connection.close();
        }
    }

    declare [Symbol.dispose]: () => void;

    #rows(): Connection {
        if (!this.#open) {
            throw new FreedError("Freed", "this database was freed: open it again");
        }
        return this.#connection;
    }
}
disposable(Database);

/**
 * Opens the bytes of a `.lightspeed_deps.db`; `sqlite3` is what the official module gives: `await sqlite3InitModule()` of `@sqlite.org/sqlite-wasm`.
 *
 * @throws {DatabaseError} No SQLite database (`NotADatabase`), one of another program (`Foreign`), of a newer (`Newer`) or older (`Older`)
 * release, a damaged one (`Damaged`), one without a survey (`Missing`).
 */
export function openDatabase(sqlite3: Sqlite3, database: Uint8Array): Database {
    const connection = new Connection(sqlite3, bytes("the database", database));
    try {
        return new Database(connection);
    } catch (cause) {
        connection.close();
        throw cause;
    }
}

function refuseOthers(connection: Connection): void {
    const header = (name: string): number => connection.rows(`PRAGMA ${name}`, [], (row) => row.integer(0))[0] ?? 0;
    const [application, found] = [header("application_id"), header("user_version")];
    if (application !== APPLICATION_ID || found < 1) {
        const tables = connection.rows("SELECT count(*) FROM sqlite_schema", [], (row) => row.integer(0))[0];
        if (application === 0 && found === 0 && tables === 0) {
            throw missing("the database is empty");
        }
        throw new DatabaseError(
            "Foreign",
            "the database was not written by libLightspeed: open the .lightspeed_deps.db of a results directory",
        );
    }
    if (found > SCHEMA) {
        const advice = "use this package of a newer release";
        throw new DatabaseError(
            "Newer",
            `the database has schema ${found} and this release knows up to ${SCHEMA}: ${advice}`,
        );
    }
    if (found < SCHEMA) {
        const advice = "run `lightspeed init` once to migrate it";
        throw new DatabaseError("Older", `the database has schema ${found}, older than ${SCHEMA}: ${advice}`);
    }
}

interface Survey {
    readonly generation: number;
    /** What the rows are to be read with. */
    readonly basis: string;
    readonly suite: Context["suite"];
}

function survey(connection: Connection): Survey {
    const meta = (key: string) =>
        connection.rows("SELECT value FROM meta WHERE key = ?1", [key], (row) => row.text(0))[0];
    const sql = `SELECT g.id, coalesce(g.completed_at, g.created_at), e.interpreter, e.runner_version, e.host_class
                 FROM generation g JOIN environment e ON e.id = g.environment_id
                 WHERE g.state = 'complete' ORDER BY g.id DESC LIMIT 1`;
    const basis = meta("index");
    const [suite] = connection.rows(sql, [], (row) => ({
        name: suiteName(basis, meta("source_root")),
        generation: row.integer(0),
        surveyed_at_ms: row.integer(1),
        interpreter: row.text(2),
        runner_version: row.text(3),
        host: (parsed(row.text(4)) ?? {}) as Context["suite"]["host"],
    }));
    if (suite === undefined) {
        throw missing("the database has no survey");
    }
    if (basis === undefined) {
        const advice = "run `lightspeed init` once with this release";
        throw new DatabaseError("Older", `the database does not say how its survey is to be read: ${advice}`);
    }
    return { generation: suite.generation, basis, suite };
}

/** The package under change, else the directory that holds the sources, else the suite's own package. */
function suiteName(basis: string | undefined, sourceRoot: string | undefined): string {
    const { roots } = (parsed(basis ?? "null") ?? {}) as {
        roots?: { source_package?: string; suite_package?: string };
    };
    const directory = sourceRoot?.split("/").at(-1) ?? "";
    return roots?.source_package || (/^\.{1,2}$/.test(directory) ? "" : directory) || roots?.suite_package || "";
}
