// The blocks of Python sources: what the program says natively. Further folders are read where LIGHTSPEED_SOURCES lists them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";

import { blocks, PROGRAM, ROOT } from "./module.mjs";

const FOLDERS = ["core", "demo", "ffi", "scripts", "tests"].map((name) => join(ROOT, name));
// A command line has an end.
const AT_ONCE = 100;

test("every Python file here has the blocks that it has natively", () => {
    const files = FOLDERS.flatMap(pythonFiles);
    assert.ok(files.length >= 50, `only ${files.length} files were found`);
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
        const documents = compare(files);
        const silent = documents.filter(({ diagnostics }) => diagnostics.length === 0).map(({ path }) => path);
        assert.deepEqual(silent, []);
    } finally {
        rmSync(folder, { recursive: true });
    }
});

test("the folders of LIGHTSPEED_SOURCES", { skip: process.env.LIGHTSPEED_SOURCES === undefined }, (context) => {
    const files = process.env.LIGHTSPEED_SOURCES.split(delimiter).flatMap(pythonFiles);
    assert.ok(files.length > 0, "they have no Python files");
    const count = compare(files).reduce((sum, file) => sum + file.blocks.length, 0);
    context.diagnostic(`${files.length} files, ${count} blocks`);
});

const nested = (open, middle, close, n) => `x = ${open.repeat(n)}${middle}${close.repeat(n)}\n`;
const suites = (n) => Array.from({ length: n }, (_, depth) => `${" ".repeat(depth)}if a:\n`).join("") + " ".repeat(n) + "x\n";

const BAD = {
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

// Fails where the module and the program do not say the same; returns what both say.
function compare(files) {
    const documents = [];
    for (let start = 0; start < files.length; start += AT_ONCE) {
        const some = files.slice(start, start + AT_ONCE);
        const native = JSON.parse(execFileSync(PROGRAM, ["blocks", "--json", ...some], { maxBuffer: 1 << 30 }));
        assert.equal(native.files.length, some.length);
        some.forEach((path, index) => {
            const { schema, files: [file] } = JSON.parse(blocks(path, readFileSync(path)));
            assert.equal(schema, native.schema);
            // Texts, not objects: nothing is compared field by field, and all of it counts.
            assert.ok(JSON.stringify(file) === JSON.stringify(native.files[index]), `${path} has other blocks`);
            documents.push(file);
        });
    }
    return documents;
}

function pythonFiles(folder) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const python = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".py"));
    return python.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}
