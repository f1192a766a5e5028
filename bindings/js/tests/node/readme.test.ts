// The examples of the README, as they stand there.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

import { expect, inject, test, vi } from "vitest";

const README = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const WASM = new URL("../../dist/lightspeed.wasm", import.meta.url).href;
const EXAMPLES = [...README.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

interface Expected {
    /** What stands in for the names that the example takes for given. */
    readonly given: () => Record<string, unknown>;
    readonly prints: (lines: unknown[][]) => void;
}

const natively = inject("natively");
const { changes, report } = natively.selections.find(({ name }) => name === "limit")!;
const EXPECTED: Expected[] = [
    {
        given: () => ({ bytes: Buffer.from(natively.snapshot, "base64"), edited: changes["core.py"] }),
        prints: (lines) => {
            expect(lines.length).toBe(report.affected.length);
            expect(lines).toContainEqual(["bench.time_beta", expect.stringMatching(/LIMIT.*, which changed/)]);
        },
    },
    {
        given: () => ({ bytes: Buffer.from(natively.database, "base64") }),
        prints: (lines) =>
            expect(lines).toEqual([["slower", expect.any(Number)], ["broken", undefined], [expect.any(Array)]]),
    },
    { given: () => ({}), prints: (lines) => expect(lines).toEqual([[["two"]]]) },
    {
        given: () => ({ timeIt: (_: string, side: string) => (side === "current" ? 2 : 1) }),
        prints: (lines) => expect(lines).toEqual([["regressed", expect.objectContaining({ level: 0.95 })]]),
    },
    {
        given: () => ({}),
        prints: (lines) => expect(lines).toEqual([[expect.closeTo(1.1, 1), expect.any(Object), expect.any(String)]]),
    },
    { given: () => ({ address: WASM }), prints: (lines) => expect(lines).toEqual([]) },
];

test("there is an expectation for each example", () => expect(EXAMPLES.length).toBe(EXPECTED.length));

test.each(EXAMPLES.map((code, number) => [number + 1, code] as const))("example %i", async (number, code) => {
    const { given, prints } = EXPECTED[number - 1]!;
    // Beside the tests: the names of packages are found from there.
    const path = fileURLToPath(new URL(`example-${number}.tmp.mjs`, import.meta.url));
    const names = given();
    const globals = globalThis as Record<string, unknown>;
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    Object.assign(globals, names);
    writeFileSync(path, code);
    try {
        await import(/* @vite-ignore */ pathToFileURL(path).href);
        prints(log.mock.calls);
    } finally {
        log.mockRestore();
        rmSync(path);
        Object.keys(names).forEach((name) => delete globals[name]);
    }
});
