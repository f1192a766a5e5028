// Whole experiments: every step, result and state has the bytes that it has natively.
import assert from "node:assert/strict";
import { test } from "node:test";

import { digest } from "./digest.mjs";
import { draws } from "./draws.mjs";
import { Experiment, vectorFiles } from "./module.mjs";

const RESUMED_EVERY = 7;

test("every experiment has the bytes that it has natively", () => {
    const files = vectorFiles("experiment");
    const digests = files.get("digests");
    files.delete("digests");
    const found = {};
    for (const { schema, design, vectors } of files.values()) {
        assert.equal(schema, 1);
        for (const vector of vectors) {
            found[`${design}: ${vector.name}`] = played(vector);
        }
    }
    assert.ok(Object.keys(found).length >= 15, "hardly a vector was found");
    assert.deepEqual(found, digests);
});

function played({ plan, outcomes }) {
    let experiment = new Experiment(JSON.stringify(plan));
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
        }
        const text = experiment.next();
        transcript += `${text}\n${experiment.progress()}\n`;
        const { kind, ...run } = JSON.parse(text);
        if (kind === "done") {
            const [results, state] = [digest(experiment.results()), digest(experiment.state())];
            experiment.free();
            return { runs, transcript: digest(transcript), results, state };
        }
        experiment.record(JSON.stringify(outcome(run)));
    }
}

// What came of a run, as the vector describes it.
function outcomeOf({ seed, values: count, spread, levels, ends = {} }) {
    const draw = draws(seed);
    return ({ benchmark, side, pair, warmup }) => {
        if (benchmark in ends && !warmup && pair >= ends[benchmark].pair) {
            return ends[benchmark].outcome;
        }
        const level = side === "current" ? levels[benchmark] ?? 1 : 1;
        const values = Array.from({ length: count }, () => level * (1 + spread * draw(1000)));
        return { kind: "values", values, wall_s: 3 * values[0] };
    };
}
