// Every statistics vector, and every byte of their results.
import { init, stats } from "lightspeed";
import { beforeAll, expect, test } from "vitest";

import * as module from "../dist/lightspeed.js";
import { write } from "../src/json.js";
import { digest } from "./support/digest.js";
import { writtenOut } from "./support/draws.js";
import { refusal } from "./support/refusal.js";
import { vectorFiles } from "./support/vectors.js";

interface Outcome {
    readonly name: any;
    readonly vector: any;
    /** The text of a result, or the code of the error. */
    readonly text: string;
    readonly result: unknown;
    readonly code: string | undefined;
}

const files = vectorFiles("stats");
const digests = files.get("digests");
files.delete("digests");
let outcomes: Outcome[];

beforeAll(async () => {
    await init();
    outcomes = [...files.values()].flatMap(({ schema, function: name, vectors }) => {
        expect(schema).toBe(1);
        return vectors.map((vector: any) => ({ name, vector, ...outcome(name, writtenOut(vector.input)) }));
    });
});

test("every vector holds", () => {
    for (const { name, vector, code, result } of outcomes) {
        const at = `${name} · ${vector.name}`;
        expect(code, at).toBe(vector.error);
        if (vector.error === undefined) {
            agree(at, result, vector.expect, vector.tolerance ?? 0);
        }
    }
    expect(outcomes.length).toBeGreaterThanOrEqual(1800);
});

test("every result has the bytes that it has natively", () => {
    const found: Record<string, string> = {};
    for (const { name, text } of outcomes) {
        found[name] = `${found[name] ?? ""}${text}\n`;
    }
    expect(Object.fromEntries(Object.entries(found).map(([name, text]) => [name, digest(text)]))).toEqual(digests);
});

test("numbers that are none are refused where they stand", () => {
    expect(refusal(() => stats("welch", { baseline: [1, NaN], current: [1, 2] }))?.code).toBe("NotFinite");
    expect(refusal(() => stats("summarize", { sample: [-Infinity] }))?.code).toBe("NotFinite");
    expect(refusal(() => stats("welch", { baseline: [1, 2], current: [2, 3], alpha: NaN }))?.code).toBe("Input");
});

test("typed arrays, zeroes with a sign and seeds of 64 bits go in and come out", () => {
    expect(stats("summarize", { sample: Float64Array.of(1, 2, 3) }).median).toBe(2);
    expect(Object.is(stats("summarize", { sample: [-0] }).min, -0)).toBe(true);
    const sides = { baseline: [1, 2, 3, 4, 5, 6, 7, 8], current: [2, 3, 4, 5, 6, 7, 8, 9] };
    const drawn = (seed: number | bigint) =>
        stats("bootstrap", { ...sides, resampled: "medians", resamples: 200, seed }).draws?.seed;
    expect(drawn(7)).toBe(7);
    expect(drawn(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(drawn(2n ** 64n - 1n)).toBe(2n ** 64n - 1n);
    expect(refusal(() => drawn(2n ** 64n))?.code).toBe("Input");
    expect(refusal(() => drawn(-1))?.code).toBe("Input");
});

function outcome(name: any, input: any): Pick<Outcome, "text" | "result" | "code"> {
    let result: unknown;
    const error = refusal(() => (result = stats(name, input)));
    if (error !== undefined) {
        return { text: error.code, result, code: error.code };
    }
    const text = module.stats(name, write("the input", input));
    expect(result).toEqual(JSON.parse(text));
    return { text, result, code: undefined };
}

/** Fails unless `got` has all that `want` has. */
function agree(at: string, got: any, want: any, tolerance: number): void {
    if (typeof want === "number" && typeof got === "number") {
        // Two denormals next to each other agree.
        const close = Math.abs(got - want) <= Math.max(tolerance * Math.abs(want), 5e-324);
        expect(close, `${at} is ${got}, not ${want}`).toBe(true);
    } else if (Array.isArray(want)) {
        expect(got?.length, `${at} has another length`).toBe(want.length);
        want.forEach((item, index) => agree(`${at}[${index}]`, got[index], item, tolerance));
    } else if (want !== null && typeof want === "object") {
        Object.entries(want).forEach(([key, item]) => agree(`${at}.${key}`, got?.[key] ?? null, item, tolerance));
    } else {
        expect(got, at).toBe(want);
    }
}
