// The module that computes, as the engine uses it: the one place that knows where it comes from.

import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { Files, Snapshot, init, stats, type Context, type Index, type Question } from "lightspeed";
import { openDatabase, type Sqlite3 } from "lightspeed/database";

export type { Question };
export type FilesHandle = Pick<Files, "add" | "remove" | "free">;
export type SelectionHandle = Pick<
    ReturnType<Index["select"]>,
    "affected" | "reasons" | "who" | "why" | "hotfiles" | "markdown" | "free"
>;
export type SuiteMapHandle = Pick<
    ReturnType<Index["map"]>,
    "rows" | "columns" | "cells" | "units" | "members" | "free"
>;

export interface IndexHandle extends Pick<Index, "ids" | "files" | "heat" | "depends"> {
    map(by: Parameters<Index["map"]>[0]): SuiteMapHandle;
    select(files: FilesHandle, question: Question): SelectionHandle;
}

/** An opened snapshot or database. */
export interface Opened {
    index: IndexHandle;
    context: Context | undefined;
    /** Paths whose surveyed text is there. */
    paths: readonly string[];
    text(path: string): Uint8Array | undefined;
    free(): void;
}

export interface Module {
    files(): FilesHandle;
    openSnapshot(bytes: Uint8Array): Opened;
    openDatabase(bytes: Uint8Array): Promise<Opened>;
    stats: typeof stats;
}

/** What the page carries: both modules, inflated. */
export interface Binaries {
    core: Uint8Array<ArrayBuffer>;
    sqlite: Uint8Array<ArrayBuffer>;
}

/** Starts the module in this thread; SQLite only when the first database is opened. */
export async function loadModule(binaries: Binaries): Promise<Module> {
    await init(binaries.core);
    let sqlite: Promise<Sqlite3> | null = null;
    return {
        files: () => new Files(),
        openSnapshot,
        openDatabase: async (bytes) => {
            sqlite ??= startSqlite(binaries.sqlite);
            const database = openDatabase(await sqlite, bytes);
            return {
                index: indexHandle(database.index),
                context: database.context,
                paths: database.paths(),
                text: (path) => database.text(path),
                free: () => database.free(),
            };
        },
        stats,
    };
}

function openSnapshot(bytes: Uint8Array): Opened {
    const snapshot = new Snapshot(bytes);
    try {
        const [context, paths, index] = [snapshot.context(), snapshot.paths(), snapshot.index()];
        return {
            index: indexHandle(index),
            context,
            paths,
            text: (path) => snapshot.text(path),
            free: () => {
                index.free();
                snapshot.free();
            },
        };
    } catch (cause) {
        snapshot.free();
        throw cause;
    }
}

function indexHandle(index: Index): IndexHandle {
    return {
        ids: () => index.ids(),
        files: () => index.files(),
        heat: (path) => index.heat(path),
        depends: (instance) => index.depends(instance),
        map: (by) => index.map(by),
        select: (files, question) => index.select(files as Files, question),
    };
}

type Started = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

/** SQLite from bytes: it is not to fetch its own file, which no one serves. */
function startSqlite(binary: Uint8Array<ArrayBuffer>): Promise<Sqlite3> {
    const instantiateWasm = (imports: WebAssembly.Imports, started: Started) => {
        void WebAssembly.instantiate(binary, imports).then(({ instance, module }) => started(instance, module));
        return {};
    };
    const start = sqlite3InitModule as unknown as (options: object) => Promise<Sqlite3>;
    return start({ instantiateWasm, print: () => undefined, printErr: () => undefined });
}
