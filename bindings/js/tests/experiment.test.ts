// Whole experiments: every step, result and state has the bytes that it has natively.
import { Experiment, type Outcome, type Run, init } from "lightspeed";
import { beforeAll, expect, test } from "vitest";

import * as module from "../dist/lightspeed.js";
import { digest } from "./support/digest.js";
import { draws } from "./support/draws.js";
import { vectorFiles } from "./support/vectors.js";

const RESUMED_EVERY = 7;

beforeAll(() => init());

test("every experiment has the bytes that it has natively", () => {
    const files = vectorFiles("experiment");
    const digests = files.get("digests");
    files.delete("digests");
    // The module is built without sweeps.
    files.delete("sweep");
    const expected = Object.fromEntries(Object.entries(digests).filter(([name]) => !name.startsWith("sweep: ")));
    const found: Record<string, unknown> = {};
    for (const { schema, design, vectors } of files.values()) {
        expect(schema).toBe(1);
        for (const vector of vectors) {
            found[`${design}: ${vector.name}`] = played(vector);
        }
    }
    expect(Object.keys(found).length).toBeGreaterThanOrEqual(15);
    expect(found).toEqual(expected);
});

test("a loop runs to the end", () => {
    using experiment = new Experiment({
        design: { kind: "pairs", pairs: 3 },
        benchmarks: [{ id: "a", margin: 0.02, control: false }],
        alpha: 0.05,
        seed: 2n ** 64n - 1n,
        warmups: 0,
    });
    for (const run of experiment) {
        experiment.record({ kind: "values", values: Float64Array.of(run.side === "current" ? 2 : 1), wall_s: 1 });
    }
    const { benchmarks, seed } = experiment.results();
    expect([benchmarks[0]?.status, benchmarks[0]?.pairs, seed]).toEqual(["ok", 3, 2n ** 64n - 1n]);
    expect(experiment.progress()).toEqual({ done: 6, expected: 6, decided: 1, benchmarks: 1, spent_s: 6 });
    using resumed = Experiment.resume(experiment.state());
    expect(resumed.results()).toEqual(experiment.results());
    expect(resumed.next()).toBeUndefined();
});

/** Plays a vector on the package, and on the module beside it, whose texts tell every byte. */
function played({ plan, outcomes }: any): unknown {
    const beside = new module.Experiment(JSON.stringify(plan));
    let experiment = new Experiment(plan);
    const outcome = outcomeOf(outcomes);
    let transcript = "";
    for (let runs = 0; ; runs += 1) {
        if (runs % RESUMED_EVERY === RESUMED_EVERY - 1) {
            const state = experiment.state();
            experiment.free();
            experiment = Experiment.resume(state);
        }
        if (outcomes.cancel_after === runs) {
            experiment.cancel();
            beside.cancel();
        }
        const [next, progress] = [beside.next(), beside.progress()];
        transcript += `${next}\n${progress}\n`;
        const run = experiment.next();
        expect(run === undefined ? { kind: "done" } : { kind: "run", ...run }).toEqual(JSON.parse(next));
        expect(experiment.progress()).toEqual(JSON.parse(progress));
        if (run === undefined) {
            const [results, state] = [beside.results(), experiment.state()];
            expect(experiment.results()).toEqual(JSON.parse(results));
            experiment.free();
            beside.free();
            return { runs, transcript: digest(transcript), results: digest(results), state: digest(state) };
        }
        const came = outcome(run);
        experiment.record(came);
        beside.record(JSON.stringify(came));
    }
}

/** What came of a run, as the vector describes it. */
function outcomeOf({ seed, values: count, spread, levels, ends = {} }: any): (run: Run) => Outcome {
    const draw = draws(seed);
    return ({ benchmark, side, pair, warmup }) => {
        if (benchmark in ends && !warmup && pair >= ends[benchmark].pair) {
            return ends[benchmark].outcome;
        }
        const level = side === "current" ? (levels[benchmark] ?? 1) : 1;
        const values = Array.from({ length: count }, () => level * (1 + spread * draw(1000)));
        return { kind: "values", values, wall_s: 3 * values[0]! };
    };
}
