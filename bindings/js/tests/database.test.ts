// The database and the snapshot of a suite: what the native program says of it, said here.
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { Index, Snapshot, blobId, init } from "lightspeed";
import { type Database, type Sqlite3, openDatabase } from "lightspeed/database";
import { beforeAll, expect, inject, test } from "vitest";

import { fromBase64 } from "./support/bytes.js";
import { code, refusal } from "./support/refusal.js";

const natively = inject("natively");
const bytes = fromBase64(natively.database);
/** Instances of the suite: enough for a change to count as one of a hot file. */
const COUNT = 23;
let sqlite3: Awaited<ReturnType<typeof sqlite3InitModule>>;

beforeAll(async () => {
    await init();
    sqlite3 = await sqlite3InitModule();
});

/** The database after another program has run this SQL. */
function after(sql: string): Uint8Array {
    const database = new sqlite3.oo1.DB();
    try {
        const data = sqlite3.wasm.allocFromTypedArray(bytes);
        sqlite3.wasm.heap8u().fill(1, data + 18, data + 20);
        const flags = sqlite3.capi.SQLITE_DESERIALIZE_FREEONCLOSE | sqlite3.capi.SQLITE_DESERIALIZE_RESIZEABLE;
        database.checkRc(
            sqlite3.capi.sqlite3_deserialize(database.pointer!, "main", data, bytes.length, bytes.length, flags),
        );
        database.exec(sql);
        return sqlite3.capi.sqlite3_js_db_export(database.pointer!);
    } finally {
        database.close();
    }
}

function opened(content: Uint8Array, use: (database: Database) => void): void {
    const database = openDatabase(sqlite3 satisfies Sqlite3, content);
    try {
        use(database);
    } finally {
        database.free();
    }
}

test("the context is the one that the native program writes", () => {
    using snapshot = new Snapshot(fromBase64(natively.snapshot));
    opened(bytes, ({ context }) => {
        expect(context.baselines).toEqual(natively.baselines);
        expect(context.steps).toEqual(natively.steps);
        expect(context.benchmarks.map(({ name }) => name)).toContain("bench.Sums.time_total");
        expect(context).toEqual(snapshot.context());
        expect(context.steps.map(({ reward }) => reward !== null)).toEqual([true, false]);
    });
});

test("texts are there as they were surveyed", () => {
    using snapshot = new Snapshot(fromBase64(natively.snapshot));
    opened(bytes, (database) => {
        expect(database.paths()).toEqual(snapshot.paths());
        expect(database.paths()).toContain("core.py");
        for (const from of [database, snapshot]) {
            expect(new TextDecoder().decode(from.text("core.py"))).toBe(natively.sources["core.py"]);
            expect(from.text("nowhere.py")).toBeUndefined();
        }
    });
});

test("a change selects what the native program selects, and for the same reasons", () => {
    using snapshot = new Snapshot(fromBase64(natively.snapshot));
    using fromSnapshot = snapshot.index();
    opened(bytes, ({ index: fromDatabase }) => {
        expect(natively.selections.length).toBeGreaterThanOrEqual(10);
        for (const { name, policy, changes, report } of natively.selections) {
            for (const index of [fromDatabase, fromSnapshot]) {
                using selection = index.select(changes, { policy });
                const found = selection.report();
                const { affected, unaffected, hotfiles, changed_files } = report;
                expect(found, `${name} by ${policy}`).toMatchObject({
                    schema: "lightspeed.select/1",
                    policy,
                    affected,
                    unaffected,
                    hotfiles,
                    changed_files,
                });
                const ids = index.ids();
                expect(Array.from(selection.affected(), (number) => ids[number]).sort()).toEqual(
                    affected.map((each: any) => each.benchmark).sort(),
                );
            }
        }
    });
});

test("reasons, instances and texts of a selection fit each other", () => {
    opened(bytes, ({ index }) => {
        const { changes } = natively.selections[0]!;
        using selection = index.select(changes, { hotfile_threshold: 1 });
        const reasons = selection.reasons();
        expect(reasons.length).toBeGreaterThan(0);
        reasons.forEach((reason, number) => {
            const who = selection.who(number);
            expect(who.length).toBe(reason.count);
            who.forEach((instance) => expect([...selection.why(instance)]).toContain(number));
            expect(selection.markdown()).toContain(reason.file);
        });
        expect(selection.changedFiles()).toEqual(["core.py"]);
        expect(selection.hotfiles()).toEqual([]);
        using few = index.select(changes);
        expect(few.hotfiles()).toMatchObject([{ file: "core.py" }]);
        expect(few.affected().length).toBeLessThan(selection.affected().length);
        using gone = index.select({ "core.py": null }, { hotfile_threshold: 1 });
        expect(gone.affected().length).toBe(index.ids().length);
        using nothing = index.select({ "core.py": natively.sources["core.py"]! });
        expect(nothing.affected().length).toBe(0);
        expect(nothing.changedFiles()).toEqual([]);
    });
});

test("a database may be changed, but not so that it misleads", () => {
    opened(after("DELETE FROM baseline WHERE benchmark_id = 'bench.time_beta'"), ({ context }) => {
        expect(Object.keys(context.baselines)).not.toContain("bench.time_beta");
    });
    opened(
        after("UPDATE baseline SET median = 2, ci_99_a = 9e999 WHERE benchmark_id = 'bench.time_beta'"),
        ({ context }) => {
            // A trigger has taken the context away.
            const stats = { ...natively.baselines["bench.time_beta"].stats, median: 2, ci_99_a: null };
            const expected = { unit: null, stats, samples: [], params: [], generation: null, measured_at_ms: null };
            expect(context.baselines["bench.time_beta"]).toEqual(expected);
        },
    );
    opened(after("UPDATE instance SET always_affected = 'first' || char(10) || 'second' WHERE id = 0"), ({ index }) => {
        const { changes } = natively.selections.find(({ name, policy }) => name === "comment" && policy === "precise")!;
        using selection = index.select(changes);
        expect([...selection.affected()]).toEqual([0]);
        expect(selection.report().affected[0]!.reasons[0]!.detail).toBe("first; second");
    });
});

test("what cannot be read is refused with a sentence", () => {
    const open = (content: Uint8Array) => () => openDatabase(sqlite3, content).free();
    const cases: [Uint8Array, string, string][] = [
        [new Uint8Array(), "Missing", "lightspeed init"],
        [new TextEncoder().encode("SQLite format 3"), "NotADatabase", "lightspeed_deps.db"],
        [new Uint8Array(5000).fill(7), "NotADatabase", "lightspeed_deps.db"],
        [bytes.subarray(0, bytes.length / 2), "Damaged", "its end is missing"],
        [bytes.map((byte, at) => (at > 200 && at < 4096 ? 0xff : byte)), "Damaged", "copy it again"],
        [after("PRAGMA application_id = 7"), "Foreign", "not written by libLightspeed"],
        [after("PRAGMA user_version = 99"), "Newer", "schema 99"],
        [after("PRAGMA user_version = 1"), "Older", "schema 1"],
        [after("DELETE FROM generation"), "Missing", "no survey"],
        [after("DELETE FROM meta WHERE key = 'index'"), "Older", "lightspeed init"],
        [after("UPDATE meta SET value = '[]' WHERE key = 'index'"), "Input", ""],
        [after("UPDATE file SET analysis = x'00' WHERE kind = 'source'"), "Damaged", ""],
        [after("UPDATE file SET analysis = 'text'"), "Damaged", "is not bytes"],
        [after("UPDATE file SET blob = x'00'"), "Damaged", ""],
        [after("UPDATE execution SET blocks = x'00'"), "Damaged", ""],
        [after("UPDATE execution SET file = 99999"), "Damaged", ""],
        [after("UPDATE instance SET benchmark = 99999"), "Damaged", ""],
        [after("DELETE FROM instance WHERE id = 1"), "Damaged", "instance 1 is missing"],
        [after("UPDATE baseline_context SET samples = x'00'"), "Damaged", "is not samples"],
        [after("UPDATE step_detail SET runs = '{'"), "Damaged", "a list as JSON"],
        [after("DROP TABLE observed"), "Damaged", "observed"],
    ];
    for (const [content, expected, words] of cases) {
        const error = refusal(open(content));
        expect([error?.code, error?.message]).toEqual([expected, expect.stringContaining(words)]);
    }
    // Whatever came before, the next one opens.
    opened(bytes, ({ index }) => expect(index.ids().length).toBe(COUNT));
});

test("a damaged text is refused, and all else stays usable", () => {
    opened(after("UPDATE file_text SET text = x'789c00'"), (database) => {
        expect(code(() => database.text("core.py"))).toBe("DatabaseError Damaged");
        expect(database.index.ids().length).toBe(COUNT);
    });
    // Of another version than the survey's.
    opened(after(`UPDATE file SET blob = x'${blobId("else")}'`), (database) =>
        expect(database.text("core.py")).toBeUndefined(),
    );
});

test("a freed database is refused", () => {
    const database = openDatabase(sqlite3, bytes);
    database.free();
    database.free();
    expect(code(() => database.paths())).toBe("FreedError Freed");
    expect(code(() => database.text("core.py"))).toBe("FreedError Freed");
    expect(code(() => database.index.ids())).toBe("FreedError Freed");
});

test("what is no snapshot is refused with a sentence", () => {
    const snapshot = fromBase64(natively.snapshot);
    const newer = snapshot.slice();
    newer[4] = 200;
    const cases: [Uint8Array, string][] = [
        [new Uint8Array(), "Foreign"],
        [bytes, "Foreign"],
        [newer, "Version"],
        [snapshot.subarray(0, 6), "Damaged"],
        [snapshot.subarray(0, snapshot.length / 2), "Damaged"],
        [snapshot.map((byte, at) => (at === snapshot.length >> 1 ? byte ^ 1 : byte)), "Damaged"],
    ];
    for (const [content, expected] of cases) {
        expect(code(() => new Snapshot(content))).toBe(`SnapshotError ${expected}`);
        expect(code(() => Index.fromSnapshot(content))).toBe(`SnapshotError ${expected}`);
    }
});

test("a snapshot gives its index once, and an index is written again", () => {
    using snapshot = new Snapshot(fromBase64(natively.snapshot));
    using index = snapshot.index();
    expect(refusal(() => snapshot.index())).toBeDefined();
    using again = Index.fromSnapshot(index.snapshot());
    expect(again.ids()).toEqual(index.ids());
    expect(again.snapshot()).toEqual(index.snapshot());
    using bare = new Snapshot(index.snapshot());
    expect([bare.context(), bare.paths(), bare.text("core.py")]).toEqual([undefined, [], undefined]);
});

test("the map, the files and the heat tell one story", () => {
    using snapshot = new Snapshot(fromBase64(natively.snapshot));
    using index = snapshot.index();
    const ids = index.ids();
    const core = index.files().find(({ path }) => path === "core.py")!;
    expect(core).toMatchObject({
        kind: "source",
        blob: blobId(natively.sources["core.py"]!),
        importers: ids.length,
        users: ids.length,
    });
    const heat = index.heat("core.py");
    expect(heat.length).toBe(core.blocks);
    const alpha = heat.find(({ id }) => id.endsWith("alpha"))!;
    expect(alpha).toMatchObject({ kind: "function", start_line: 5, executing: 21 });
    const total = ids.indexOf("bench.time_alpha");
    expect(index.depends(total).find(({ path }) => path === "core.py")?.blocks).toContain(alpha.id);
    for (const [by, rows] of [
        ["file", 1],
        ["benchmark", 4],
    ] as const) {
        using map = index.map(by);
        const [names, columns, cells, units] = [map.rows(), map.columns(), map.cells(), map.units()];
        expect(names.length, by).toBe(rows);
        expect(cells.length).toBe(names.length * columns.length);
        expect(units.length).toBe(columns.length);
        expect(names.map((_, row) => map.members(row).length)).toEqual(names.map(({ count }) => count));
        expect(names.reduce((sum, { count }) => sum + count, 0)).toBe(ids.length);
        expect(Math.max(...cells)).toBeLessThanOrEqual(Math.max(...units));
    }
    expect(index.heat("nowhere.py")).toEqual([]);
});
