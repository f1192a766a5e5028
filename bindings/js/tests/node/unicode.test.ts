// What the module asks of the engine, encodings and normal forms: the program says the same natively, or the module says that this
// engine is not to be relied on.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type FileBlocks, blocks, init } from "lightspeed";
import { beforeAll, expect, test } from "vitest";

import { PROGRAM } from "../support/natively.js";

beforeAll(() => init());

const REFUSED = /decodes otherwise than the standard says$|^unknown source encoding /u;
// Every encoding of the standard by its name or by one that Python has for it.
const LABELS = [
    "ibm866",
    "cp866",
    "iso-8859-1",
    "latin-1",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-9",
    "iso-8859-10",
    "iso-8859-11",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "cp1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "gbk",
    "gb2312",
    "gb18030",
    "big5",
    "euc-jp",
    "euc_jp",
    "iso-2022-jp",
    "shift_jis",
    "shift-jis",
    "sjis",
    "euc-kr",
    "utf-16be",
    "utf-16le",
    "utf-16",
    "x-user-defined",
    "us-ascii",
    "utf-8",
    "utf_8",
    "UTF-8-SIG",
];
const NONE = ["rot13", "klingon", "iso-2022-kr", "hz-gb-2312", "replacement", "cp437"];
const BYTES = [
    [],
    [0x80],
    [0x81],
    [0x9f],
    [0xa0],
    [0xa4],
    [0xdf],
    [0xe9],
    [0xf7],
    [0xff],
    [0x41, 0xe9, 0x41],
    [0xc3, 0xa9],
    [0x81, 0x40],
    [0xa1, 0xa1],
    [0xb0, 0xa1],
    [0xc4, 0xe3, 0xba, 0xc3],
    [0x93, 0xfa, 0x96, 0x7b],
    [0xa4, 0xa2, 0xa4, 0xa4],
    [0x8e, 0xb1],
    [0x8f, 0xb0, 0xa1],
    [0x81, 0x30, 0x81, 0x30],
    [0xfe, 0xfe],
    [0xa1],
    [0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42],
    [0xef, 0xbb, 0xbf],
    [0xfe, 0xff],
    [0xff, 0xfe],
];

test("an encoding is read as natively, or not at all", () => {
    const equal = new Set<string>();
    const refused = new Set<string>();
    for (const label of [...LABELS, ...NONE]) {
        const sources = BYTES.map((bytes) =>
            Buffer.concat([
                Buffer.from(`# coding: ${label}\nbefore = 1\ndef f():\n    return '`),
                Buffer.from(bytes),
                Buffer.from("'\n"),
            ]),
        );
        const pairs = withNative(sources);
        const same = pairs.filter(([ours, native]) => JSON.stringify(ours) === JSON.stringify(native));
        if (same.length === pairs.length) {
            equal.add(label);
            continue;
        }
        pairs
            .filter((pair) => !same.includes(pair))
            .forEach(([{ blob, diagnostics }, native]) => {
                expect(blob, label).toBe(native.blob);
                expect(diagnostics.length, label).toBe(1);
                expect(diagnostics[0]!.message, label).toMatch(REFUSED);
            });
        refused.add(label);
    }
    console.log(`as natively: ${equal.size} labels; refused: ${[...refused].join(" ") || "none"}`);
    for (const label of [...NONE, "latin-1", "iso-8859-1", "utf-8", "utf_8", "UTF-8-SIG"]) {
        expect(equal.has(label), label).toBe(true);
    }
    expect(equal.size, `only ${[...equal]}`).toBeGreaterThanOrEqual(25);
});

test("identifiers have the normal form that they have natively", () => {
    const characters = Array.from({ length: 0x110000 - 0x80 }, (_, index) => index + 0x80)
        .filter((point) => point < 0xd800 || point > 0xdfff)
        .map((point) => String.fromCodePoint(point))
        .filter((character) => /\p{ID_Continue}/u.test(character) || /\p{ID_Start}/u.test(character.normalize("NFKC")));
    expect(characters.length).toBeGreaterThan(100_000);
    // Alone, after a base and after another mark: what composes, composes.
    const names = characters.flatMap((character) => [`a${character}`, `a\u0323${character}`, `가${character}`]);
    const sources: Uint8Array[] = [];
    for (let start = 0; start < names.length; start += 2000) {
        sources.push(
            Buffer.from(
                names
                    .slice(start, start + 2000)
                    .map((name) => `${name} = 1\n`)
                    .join(""),
            ),
        );
    }
    const pairs = withNative(sources);
    const other = pairs.flatMap(([ours, native], part) =>
        JSON.stringify(ours) === JSON.stringify(native) ? [] : [part],
    );
    expect(other).toEqual([]);
    const changed = names.filter((name) => name !== name.normalize("NFKC")).length;
    expect(changed).toBeGreaterThan(2000);
    console.log(`${names.length} names, ${changed} of another normal form; Unicode ${process.versions["unicode"]}`);
});

// What the module and what the program say of each source.
function withNative(sources: Uint8Array[]): [FileBlocks, FileBlocks][] {
    const folder = mkdtempSync(join(tmpdir(), "lightspeed-"));
    try {
        const paths = sources.map((source, index) => {
            const path = join(folder, `${index}.py`);
            writeFileSync(path, source);
            return path;
        });
        const native = JSON.parse(
            execFileSync(PROGRAM, ["blocks", "--json", ...paths], { encoding: "utf8", maxBuffer: 1 << 30 }),
        ).files;
        expect(native.length).toBe(sources.length);
        return sources.map((source, index) => [blocks(paths[index]!, source), native[index]]);
    } finally {
        rmSync(folder, { recursive: true });
    }
}
