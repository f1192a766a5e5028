// Rows of a database, read with the official sqlite-wasm module.
import { DatabaseError, LightspeedError } from "./errors.js";

/** What is used of the module that `@sqlite.org/sqlite-wasm` gives. */
export interface Sqlite3 {
    readonly oo1: { readonly DB: new () => Sqlite3Database };
    readonly capi: {
        sqlite3_deserialize(
            database: number,
            schema: string,
            data: number,
            size: number,
            room: number,
            flags: number,
        ): number;
        readonly SQLITE_DESERIALIZE_FREEONCLOSE: number;
        readonly SQLITE_DESERIALIZE_READONLY: number;
    };
    readonly wasm: {
        allocFromTypedArray(bytes: Uint8Array): number;
        heap8u(): Uint8Array;
    };
}

/** What is used of its connections. */
export interface Sqlite3Database {
    readonly pointer?: number | undefined;
    prepare(sql: string): Sqlite3Statement;
    checkRc(code: number): unknown;
    close(): void;
}

/** What is used of its statements. */
export interface Sqlite3Statement {
    bind(values: (string | number)[]): unknown;
    step(): boolean;
    get(values: never[]): readonly unknown[];
    finalize(): unknown;
}

const HEADER_LENGTH = 100;
const MAGIC = "SQLite format 3\0";
const NOT_A_DATABASE = 26;

/** @internal A connection to a database in memory. */
export class Connection {
    readonly #database: Sqlite3Database;

    constructor(sqlite3: Sqlite3, bytes: Uint8Array) {
        refuseFragment(bytes);
        this.#database = new sqlite3.oo1.DB();
        try {
            fill(sqlite3, this.#database, bytes);
        } catch (cause) {
            this.close();
            throw translated(cause);
        }
    }

    /** What `read` makes of each row of a query. */
    rows<T>(sql: string, values: (string | number)[], read: (row: Row) => T): T[] {
        const found: T[] = [];
        try {
            const statement = this.#database.prepare(sql);
            try {
                if (values.length > 0) {
                    statement.bind(values);
                }
                while (statement.step()) {
                    found.push(read(new Row(statement.get([]))));
                }
            } finally {
                statement.finalize();
            }
        } catch (cause) {
            throw translated(cause);
        }
        return found;
    }

    close(): void {
        this.#database.close();
    }
}

/** @internal A row of a query. A value of another type was written by somebody else. */
export class Row {
    readonly #values: readonly unknown[];

    constructor(values: readonly unknown[]) {
        this.#values = values;
    }

    text(column: number): string {
        const value = this.#values[column];
        return typeof value === "string" ? value : wrong(column, "a text");
    }

    integer(column: number): number {
        const value = this.#values[column];
        return typeof value === "number" && Number.isSafeInteger(value) ? value : wrong(column, "a whole number");
    }

    /** A number; null where it is none or not finite. */
    finite(column: number): number | null {
        const value = this.#values[column];
        if (value === null) {
            return null;
        }
        if (typeof value !== "number" && typeof value !== "bigint") {
            return wrong(column, "a number");
        }
        return Number.isFinite(Number(value)) ? Number(value) : null;
    }

    bytes(column: number): Uint8Array {
        const value = this.#values[column];
        return value instanceof Uint8Array ? value : wrong(column, "bytes");
    }

    /** Little-endian doubles. */
    samples(column: number): number[] {
        const bytes = this.bytes(column);
        if (bytes.length % 8 !== 0) {
            return wrong(column, "samples");
        }
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        const samples: number[] = [];
        for (let at = 0; at < bytes.length; at += 8) {
            samples.push(view.getFloat64(at, true));
        }
        return samples;
    }

    /** A list as JSON. */
    list<T>(column: number): T[] {
        const value = parsed(this.text(column));
        return Array.isArray(value) ? value : wrong(column, "a list as JSON");
    }

    /** What `read` gives, null where there is nothing. */
    optional<T>(column: number, read: (column: number) => T): T | null {
        return this.#values[column] === null ? null : read.call(this, column);
    }
}

/** @internal The value of a JSON text, null where it is none. */
export function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

/** @internal */
export function damaged(detail: string, options?: ErrorOptions): DatabaseError {
    const advice = "copy it again while nothing writes, or run `lightspeed init` where it comes from";
    return new DatabaseError("Damaged", `the database is damaged or truncated (${detail}): ${advice}`, options);
}

function wrong(column: number, what: string): never {
    throw damaged(`column ${column} of a row is not ${what}`);
}

/** Refuses what SQLite would take for an empty database, or notice only when it reads the missing part. */
function refuseFragment(bytes: Uint8Array): void {
    if (bytes.length === 0) {
        throw missing("the database is empty");
    }
    if (bytes.length < HEADER_LENGTH || new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
        throw notADatabase();
    }
    const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
    const size = header.getUint16(16) === 1 ? 65536 : header.getUint16(16);
    // SQLite's own rule for whether the count of pages is to be trusted.
    const counted = header.getUint32(24) === header.getUint32(92);
    if (counted && bytes.length < size * header.getUint32(28)) {
        throw damaged("its end is missing");
    }
}

/** @internal */
export function missing(what: string): DatabaseError {
    const log = "where a -wal file stands beside it, run `lightspeed results` once so that all is in the one file";
    return new DatabaseError("Missing", `${what}: run \`lightspeed init\` first; ${log}`);
}

function notADatabase(options?: ErrorOptions): DatabaseError {
    return new DatabaseError(
        "NotADatabase",
        "it is not an SQLite database: open the .lightspeed_deps.db of a results directory",
        options,
    );
}

function fill(sqlite3: Sqlite3, database: Sqlite3Database, bytes: Uint8Array): void {
    const { capi, wasm } = sqlite3;
    // It takes no subclass: Node's Buffer is one.
    const data = wasm.allocFromTypedArray(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    // A database in memory has no log: it is read as one that never had any.
    wasm.heap8u().fill(1, data + 18, data + 20);
    const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_READONLY;
    const code = capi.sqlite3_deserialize(database.pointer ?? 0, "main", data, bytes.length, bytes.length, flags);
    database.checkRc(code);
}

function translated(cause: unknown): unknown {
    if (cause instanceof LightspeedError || !(cause instanceof Error)) {
        return cause;
    }
    return (cause as { resultCode?: unknown }).resultCode === NOT_A_DATABASE
        ? notADatabase({ cause })
        : damaged(cause.message, { cause });
}
