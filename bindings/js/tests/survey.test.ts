// Surveys of a harness of one's own, with the coverage reports of real tools.
import { Files, SurveyBuilder, blobId, blocks, init, readCoverage } from "lightspeed";
import { beforeAll, expect, test } from "vitest";

import * as module from "../dist/lightspeed.js";
import { code, refusal } from "./support/refusal.js";
import { vectorBytes } from "./support/vectors.js";

const CORE = "def one():\n    return 1\n\n\ndef two():\n    return 2\n";
/** What a database says beside its rows. */
const BASIS =
    '{"roots":{"source_package":"","import_dir":"","suite_dir":null,"suite_package":""},"options":{},"extensions":{},"finest":"strict"}';
const CHANGED = CORE.replace("return 2", "return 3");

beforeAll(() => init());

test("a change affects what executed it, what is doubtful, and what nothing is told of", () => {
    using builder = new SurveyBuilder({ docstrings: false });
    expect([builder.addFile("core.py", CORE), builder.addFile("data.txt", "1")]).toEqual(["source", "whole"]);
    const [one, two, reader, doubtful, untold] = ["one", "two", "reader", "doubtful", "untold"].map((id) =>
        builder.addBenchmark(id),
    ) as [number, number, number, number, number];
    const lcov =
        "SF:/somewhere/core.py\nDA:1,1\nDA:2,1\nDA:5,1\nDA:6,0\nend_of_record\nSF:/usr/else.py\nDA:1,1\nend_of_record\n";
    expect(builder.addCoverage(one, lcov)).toEqual({ known: 1, unknown: ["/usr/else.py"] });
    builder.addLines(two, "core.py", [1, 5, 6]);
    builder.addLines(reader, "data.txt", new Uint32Array([1]));
    builder.addLines(doubtful, "core.py", [2]);
    builder.doubt(doubtful, "its tracer was taken away");
    using index = builder.finish();
    const affected = (changes: Parameters<typeof index.select>[0]) => {
        using selection = index.select(changes, { hotfile_threshold: 1 });
        return [...selection.affected()];
    };
    expect(index.ids()).toEqual(["one", "two", "reader", "doubtful", "untold"]);
    expect(affected({ "core.py": CHANGED })).toEqual([two, doubtful, untold]);
    expect(affected({ "data.txt": "2" })).toEqual([reader, doubtful, untold]);
    using files = new Files({ "core.py": CHANGED });
    files.add("data.txt", "2");
    expect(affected(files)).toEqual([two, reader, doubtful, untold]);
    files.add("core.py", CORE);
    files.remove("data.txt");
    expect(affected(files)).toEqual([reader, doubtful, untold]);
    // The builder stays usable.
    builder.addBenchmark("later");
    using later = builder.finish();
    expect(later.ids().length).toBe(6);
});

test("what a builder does not take leaves it as it was", () => {
    using builder = new SurveyBuilder();
    builder.addFile("core.py", CORE);
    builder.addBenchmark("one");
    expect(code(() => builder.addFile("core.py", ""))).toBe("SurveyError FileTwice");
    expect(code(() => builder.addFile("../core.py", ""))).toBe("SurveyError BadPath");
    expect(code(() => builder.addBenchmark("one"))).toBe("SurveyError BenchmarkTwice");
    expect(code(() => builder.addBenchmark(""))).toBe("SurveyError NoName");
    expect(code(() => builder.addLines(1, "core.py", [1]))).toBe("SurveyError UnknownBenchmark");
    expect(code(() => builder.addLines(0, "other.py", [1]))).toBe("SurveyError UnknownFile");
    expect(code(() => builder.beginsAt(0, "core.py", "three"))).toBe("SurveyError UnknownFunction");
    expect(code(() => builder.addLines(0, "core.py", [-1]))).toBe("InputError Input");
    expect(code(() => builder.addLines(0, "core.py", [2 ** 32 + 1]))).toBe("InputError Input");
    expect(code(() => builder.addCoverage(0, "no report"))).toBe("SurveyError Unknown");
    expect(code(() => new SurveyBuilder({ no_such: 1 } as never))).toBe("InputError Input");
    using index = builder.finish();
    expect(index.ids()).toEqual(["one"]);
    expect(code(() => index.select({}, { policy: "wrong" as never }))).toBe("InputError Input");
    expect(refusal(() => index.depends(1))).toBeDefined();
    expect(refusal(() => index.map("rows" as never))).toBeDefined();
});

test("Go, which this build does not read, is affected by any change", () => {
    using builder = new SurveyBuilder();
    builder.addFile("prog.go", "package prog\n\nfunc One() int {\n\treturn 1\n}\n\nfunc Two() {}\n");
    const one = builder.addBenchmark("BenchmarkOne");
    builder.addCoverage(one, "mode: set\nexample.invalid/prog/prog.go:3.16,5.2 1 1\n");
    using index = builder.finish();
    using selection = index.select({
        "prog.go": "package prog\n\nfunc One() int {\n\treturn 1\n}\n\nfunc Two() { println() }\n",
    });
    expect([...selection.affected()]).toEqual([one]);
    expect(blocks("prog.go", "package prog\n").diagnostics[0]?.message).toContain("does not read Go");
});

test("reports of real tools say what the sources say", async () => {
    const files = await vectorBytes("coverage");
    const reports = [
        ["coverage_py.lcov", "lcov", "prog.py", "prog.py"],
        ["coverage_py.xml", "cobertura", "prog.py", "prog.py"],
        ["coverage_py.json", "coverage_py", "prog.py", "prog.py"],
        ["gcovr.lcov", "lcov", "prog.c", "/project/prog.c"],
        ["gcovr.xml", "cobertura", "prog.c", "/project/prog.c"],
        ["llvm_cov.json", "llvm_cov", "prog.c", "/project/prog.c"],
        ["llvm_cov.lcov", "lcov", "prog.c", "/project/prog.c"],
        ["go_cover.out", "go_cover", "prog.go", "example.invalid/prog/prog.go"],
    ] as const;
    for (const [name, format, source, path] of reports) {
        const report = readCoverage(files.get(name)!);
        expect([report.format, report.files.map((file) => file.path)], name).toEqual([
            format,
            [expect.stringContaining(path)],
        ]);
        const lines = report.files[0]!.lines;
        const [ran, not] = [marked(files.get(source)!, "ran"), marked(files.get(source)!, "not")];
        expect(ran.length >= 5 && not.length >= 2, source).toBe(true);
        expect(lines, name).toEqual(expect.arrayContaining(ran));
        expect(
            not.filter((line) => lines.includes(line)),
            name,
        ).toEqual([]);
    }
});

test("a report is read or refused wherever it ends", async () => {
    let checked = 0;
    for (const bytes of (await vectorBytes("coverage")).values()) {
        for (let eighth = 0; eighth <= 8; eighth += 1) {
            refusal(() => readCoverage(bytes.subarray(0, (bytes.length * eighth) >> 3)));
            checked += 1;
        }
    }
    expect(checked).toBeGreaterThanOrEqual(72);
    expect(code(() => readCoverage("hello"))).toBe("CoverageError Unknown");
    expect(code(() => readCoverage("SQLite format 3\0..."))).toBe("CoverageError Database");
    expect(code(() => readCoverage(Uint8Array.of(0xff, 0xfe)))).toBe("CoverageError NotText");
    expect(code(() => readCoverage("SF:a\nDA:x,1\nend_of_record\n"))).toBe("CoverageError Line");
    expect(code(() => readCoverage("<coverage>"))).toBe("CoverageError Document");
});

test("what once brought the library down does no more", async () => {
    const crashers = await vectorBytes("blocks-crashers");
    for (const [name, bytes] of crashers) {
        if (/\.(go|py)$/.test(name)) {
            expect(blocks(name, bytes).blocks.length).toBeGreaterThan(0);
        } else if (name.endsWith(".snapshot")) {
            expect(taken(() => new module.Snapshot(bytes))).toBe("refused");
        } else {
            expect(name).toMatch(/\.codec$/);
            const rows = new module.IndexRows(BASIS);
            expect(taken(() => rows.add_file("a.py", new Uint8Array(20), "source", bytes))).toBe("refused");
        }
    }
    expect(crashers.size).toBeGreaterThanOrEqual(3);
    // And the module lives.
    expect(blobId("")).toBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
});

test("blocks of a file", () => {
    const { path, blob, blocks: found, diagnostics } = blocks("core.py", CORE);
    expect([path, blob, diagnostics]).toEqual(["core.py", blobId(CORE), []]);
    expect(found.map(({ id, kind, start_line, end_line }) => [id, kind, start_line, end_line])).toEqual([
        ["core.py::<module>", "module", 1, 6],
        ["core.py::one", "function", 1, 2],
        ["core.py::two", "function", 5, 6],
    ]);
    expect(blocks("core.py", "def f(:\n").diagnostics.length).toBeGreaterThan(0);
    expect(blocks("large.py", new Uint8Array(9 << 20).fill(10)).diagnostics[0]?.message).toMatch(/./);
});

/** Whether the module took something; what it throws has a code. */
function taken(run: () => unknown): "taken" | "refused" {
    try {
        run();
        return "taken";
    } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^[A-Z]/) });
        return "refused";
    }
}

/** Lines of a source with this mark at their end. */
function marked(source: Uint8Array, mark: string): number[] {
    const lines = new TextDecoder().decode(source).split("\n");
    return lines.flatMap((line, index) => (line.replace(/[ */]+$/, "").endsWith(` ${mark}`) ? [index + 1] : []));
}
