// Whatever is handed in, what comes back is a result or an `Error` with a code; the module is never brought down.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Experiment, stats, vectorFiles } from "./module.mjs";

const PLAN = {
    design: { kind: "until_decided", most_pairs: 40, bet: "signed_rank", stop_at: ["regressed"] },
    benchmarks: [{ id: "a", margin: 0.02, control: false }, { id: "b", margin: 0, control: true, run_s: 2 }],
    alpha: 0.05,
    seed: 1,
    warmups: 1,
    budget_s: 500,
};
const VALUES = { kind: "values", values: [1, 1.25, 1.5], wall_s: 3 };
const ODD = [0, -1, 0.5, 1, 2 ** 20 + 1, 2 ** 32 - 1, 2 ** 32, 1e19, 1e308, -1e308, 5e-324, null, true, "x", [], {}];

const planned = (changes) => new Experiment(JSON.stringify({ ...PLAN, ...changes }));
const code = (call) => {
    try {
        call();
    } catch (error) {
        assert.ok(error instanceof Error && error.message !== "" && typeof error.code === "string", String(error));
        return error.code;
    }
    return undefined;
};

test("errors have codes", () => {
    const sample = "[1, 2, 3]";
    assert.equal(code(() => stats("no_such", "{}")), "UnknownFunction");
    assert.equal(code(() => stats("welch", "{")), "Input");
    assert.equal(code(() => stats("welch", `{"baseline": ${sample}}`)), "Input");
    assert.equal(code(() => stats("welch", `{"baseline": ${sample}, "current": []}`)), "Empty");
    assert.equal(code(() => stats("welch", `{"baseline": ${sample}, "current": [1, "NaN"]}`)), "NotFinite");
    assert.equal(code(() => new Experiment("{}")), "Input");
    assert.equal(code(() => planned({ benchmarks: [] })), "NoBenchmarks");
    assert.equal(code(() => planned({ benchmarks: [PLAN.benchmarks[0], PLAN.benchmarks[0]] })), "Twice");
    assert.equal(code(() => planned({ budget_s: 0 })), "NotAbove");
    assert.equal(code(() => planned({ warmups: 2 ** 32 - 1 })), "TooMany");
    assert.equal(code(() => planned({ alpha: 1 })), "BadAlpha");
    assert.equal(code(() => Experiment.resume("[]")), "Input");
});

test("a refused outcome leaves the state as it was", () => {
    const experiment = planned({});
    assert.equal(code(() => experiment.record(JSON.stringify(VALUES))), "NothingPending");
    experiment.next();
    const state = experiment.state();
    for (const [outcome, expected] of [
        [{ ...VALUES, values: [] }, "Values"],
        [{ ...VALUES, values: [1, -1] }, "Values"],
        [{ ...VALUES, wall_s: -1 }, "BadTime"],
        [{ kind: "exploded" }, "Input"],
    ]) {
        assert.equal(code(() => experiment.record(JSON.stringify(outcome))), expected);
        assert.equal(experiment.state(), state);
    }
    experiment.record(JSON.stringify(VALUES));
    assert.notEqual(experiment.state(), state);
});

test("whatever is put for a part of a plan or a state, nothing traps", () => {
    const experiment = planned({});
    for (let run = 0; run < 21; run += 1) {
        const { first } = JSON.parse(experiment.next());
        experiment.record(JSON.stringify({ ...VALUES, values: [1 + run / 100 + (first ? 0 : 0.5)] }));
    }
    const state = experiment.state();
    const accepted = [
        ...altered(PLAN, (text) => new Experiment(text)),
        ...altered(JSON.parse(state), (text) => Experiment.resume(text)),
    ];
    assert.ok(accepted.length > 100, `only ${accepted.length} were accepted`);
    assert.equal(Experiment.resume(state).state(), state);
});

test("whatever is put for a part of an input, nothing traps", () => {
    const files = vectorFiles("stats");
    files.delete("digests");
    let count = 0;
    for (const { function: name, vectors } of files.values()) {
        const small = vectors.find(({ input, error }) => error === undefined && JSON.stringify(input).length < 600);
        assert.ok(small, name);
        count += [...alterations(small.input)].map((text) => code(() => stats(name, text))).length;
    }
    assert.ok(count > 1000, `only ${count} inputs were made`);
});

// The alterations that `begin` takes for an experiment, after a few steps of it.
function altered(value, begin) {
    return [...alterations(value)].filter((text) => {
        let experiment;
        if (code(() => (experiment = begin(text))) !== undefined) {
            return false;
        }
        for (let run = 0; run < 4; run += 1) {
            experiment.next();
            experiment.progress();
            experiment.results();
            Experiment.resume(experiment.state()).free();
            code(() => experiment.record(JSON.stringify(VALUES)));
        }
        experiment.free();
        return true;
    });
}

// The value as JSON with each of its parts replaced by each odd one.
function* alterations(value, write = JSON.stringify) {
    for (const odd of ODD) {
        yield write(odd);
    }
    if (value !== null && typeof value === "object") {
        for (const key of Object.keys(value)) {
            const copy = Array.isArray(value) ? [...value] : { ...value };
            yield* alterations(value[key], (part) => {
                copy[key] = part;
                return write(copy);
            });
        }
    }
}
