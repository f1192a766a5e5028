// The blocks of sources: what the program says natively. Further folders are read where LIGHTSPEED_SOURCES lists them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { type FileBlocks, blocks, init } from "lightspeed";
import { beforeAll, expect, test } from "vitest";

import { PROGRAM } from "../support/natively.js";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const FOLDERS = ["bindings/python", "core", "demo", "ffi", "scripts", "tests"].map((name) => join(ROOT, name));
// A command line has an end.
const AT_ONCE = 100;
const SOURCES = process.env["LIGHTSPEED_SOURCES"];

beforeAll(() => init());

test("every Python file here has the blocks that it has natively", () => {
    const files = FOLDERS.flatMap(sources);
    expect(files.length).toBeGreaterThanOrEqual(50);
    compare(files);
});

test("what is no good Python is no good Python natively, and for the same reasons", () => {
    const folder = mkdtempSync(join(tmpdir(), "lightspeed-"));
    try {
        const files = Object.entries(BAD).map(([name, content]) => {
            const path = join(folder, `${name}.py`);
            writeFileSync(path, content);
            return path;
        });
        const silent = compare(files).filter(({ diagnostics }) => diagnostics.length === 0);
        expect(silent.map(({ path }) => path)).toEqual([]);
    } finally {
        rmSync(folder, { recursive: true });
    }
});

test.skipIf(SOURCES === undefined)("the folders of LIGHTSPEED_SOURCES", () => {
    const files = SOURCES!.split(delimiter).flatMap(sources);
    expect(files.length, "they have no sources").toBeGreaterThan(0);
    const count = compare(files).reduce((sum, file) => sum + file.blocks.length, 0);
    console.log(`${files.length} files, ${count} blocks`);
});

const nested = (open: string, middle: string, close: string, n: number) =>
    `x = ${open.repeat(n)}${middle}${close.repeat(n)}\n`;
const suites = (n: number) =>
    Array.from({ length: n }, (_, depth) => `${" ".repeat(depth)}if a:\n`).join("") + `${" ".repeat(n)}x\n`;

const BAD: Record<string, string | Uint8Array> = {
    parentheses: nested("(", "1", ")", 100_000),
    lists: nested("[", "1", "]", 100_000),
    calls: nested("f(", "1", ")", 50_000),
    lambdas: nested("lambda: ", "1", "", 50_000),
    attributes: nested("a.b(", "1", ").c", 50_000),
    strings: nested("f'{", "1", "}'", 20_000),
    suites: suites(2_000),
    open_string: 'x = """never closed\n',
    no_python: "def f(:\n  pass\n",
    no_utf_8: Buffer.from("x = '\xff'\n", "latin1"),
    nul: "x = 1\0\ny = 2\n",
    unknown_encoding: "# coding: rot13\nk = 1",
};

/** Fails where the module and the program do not say the same; returns what both say. */
function compare(files: string[]): FileBlocks[] {
    const documents: FileBlocks[] = [];
    for (let start = 0; start < files.length; start += AT_ONCE) {
        const some = files.slice(start, start + AT_ONCE);
        const native = JSON.parse(
            execFileSync(PROGRAM, ["blocks", "--json", ...some], { encoding: "utf8", maxBuffer: 1 << 30 }),
        );
        expect(native.files.length).toBe(some.length);
        some.forEach((path, index) => {
            const file = blocks(path, readFileSync(path));
            // Texts, not objects: nothing is compared field by field, and all of it counts.
            expect(JSON.stringify(file) === JSON.stringify(native.files[index]), `${path} has other blocks`).toBe(true);
            documents.push(file);
        });
    }
    return documents;
}

function sources(folder: string): string[] {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".py"));
    return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
