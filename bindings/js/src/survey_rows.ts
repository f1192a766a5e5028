// The rows of a survey in a database, and the index that they make.
import * as module from "./lightspeed.js";
import { call } from "./call.js";
import { type Index, indexOf } from "./dependency_index.js";
import { DatabaseError } from "./errors.js";
import { Held } from "./handle.js";
import { type Connection, type Row, damaged } from "./sqlite.js";
import type { BaselineReport } from "./types.js";

/** @internal The index of a generation; `basis` is the value of `index` in the table `meta`. */
export function indexOfRows(
    connection: Connection,
    generation: number,
    basis: string,
    baselines: Readonly<Record<string, BaselineReport>>,
): Index {
    const held = new Held(
        "set of rows",
        call(DatabaseError, () => new module.IndexRows(basis)),
    );
    const rows = held.raw;
    const each = (sql: string, read: (row: Row) => () => void): void => {
        connection.rows(sql, [generation], (row) => call(DatabaseError, read(row)));
    };
    try {
        each(
            "SELECT id, path, blob, kind, analysis FROM file WHERE generation = ?1 ORDER BY id",
            numbered("file", (row) => {
                const [path, blob, kind, analysis] = [row.text(1), row.bytes(2), row.text(3), row.bytes(4)];
                return () => rows.add_file(path, blob, kind, analysis);
            }),
        );
        each(
            "SELECT id, name, file FROM benchmark WHERE generation = ?1 ORDER BY id",
            numbered("benchmark", (row) => {
                const [name, file] = [row.text(1), row.text(2)];
                return () => rows.add_benchmark(name, file);
            }),
        );
        each(
            "SELECT id, benchmark, param, always_affected FROM instance WHERE generation = ?1 ORDER BY id",
            numbered("instance", (row) => {
                const [benchmark, param, reasons] = [
                    row.integer(1),
                    row.optional(2, row.integer),
                    row.optional(3, row.text),
                ];
                // One a line.
                return () =>
                    rows.add_instance(benchmark, param ?? undefined, reasons?.split("\n").join("; ") || undefined);
            }),
        );
        // In the order of insertion: the index would only have the rows sorted again.
        each(
            "SELECT file, phase, blocks, instances FROM execution NOT INDEXED WHERE generation = ?1 ORDER BY rowid",
            (row) => {
                const [file, phase, blocks, instances] = [row.integer(0), row.integer(1), row.bytes(2), row.bytes(3)];
                return () => rows.add_execution(file, phase, blocks, instances);
            },
        );
        each("SELECT kind, name, instances FROM observed NOT INDEXED WHERE generation = ?1 ORDER BY rowid", (row) => {
            const [kind, name, instances] = [row.text(0), row.text(1), row.bytes(2)];
            return () => rows.add_observed(kind, name, instances);
        });
    } catch (cause) {
        held.free();
        throw cause;
    }
    // The module frees what it takes.
    const raw = call(DatabaseError, () => held.take().finish());
    return indexOf(raw, baselines);
}

/** Reads rows that are numbered from 0 without a gap. */
function numbered(what: string, read: (row: Row) => () => void): (row: Row) => () => void {
    let next = 0;
    return (row) => {
        if (row.integer(0) !== next) {
            throw damaged(`${what} ${next} is missing`);
        }
        next += 1;
        return read(row);
    };
}
