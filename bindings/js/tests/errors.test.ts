// Whatever is handed in, what comes back is a result or an error with a code; the module is never brought down.
import { Experiment, SurveyBuilder, blobId, blocks, init, stats } from "lightspeed";
import { beforeAll, expect, test } from "vitest";

import { code, refusal } from "./support/refusal.js";
import { vectorFiles } from "./support/vectors.js";

const PLAN: any = {
    design: { kind: "until_decided", most_pairs: 40, bet: "signed_rank", stop_at: ["regressed"] },
    benchmarks: [
        { id: "a", margin: 0.02, control: false },
        { id: "b", margin: 0, control: true, run_s: 2 },
    ],
    alpha: 0.05,
    seed: 1,
    warmups: 1,
    budget_s: 500,
};
const VALUES: any = { kind: "values", values: [1, 1.25, 1.5], wall_s: 3 };
const ODD = [
    0,
    -1,
    0.5,
    1,
    2 ** 20 + 1,
    2 ** 32 - 1,
    2 ** 32,
    1e19,
    1e308,
    -1e308,
    5e-324,
    -0,
    NaN,
    Infinity,
    2n ** 65n,
    null,
    true,
    "x",
    "\ud800",
    [],
    {},
];

const planned = (changes: any) => new Experiment({ ...PLAN, ...changes });
const call: (name: string, input: unknown) => unknown = stats as never;

beforeAll(() => init());

test("errors have classes and codes", () => {
    const sample = [1, 2, 3];
    expect(code(() => call("no_such", {}))).toBe("StatisticsError UnknownFunction");
    expect(code(() => call("welch", { baseline: sample }))).toBe("InputError Input");
    expect(code(() => call("welch", undefined))).toBe("InputError Input");
    expect(code(() => stats("welch", { baseline: sample, current: [] }))).toBe("StatisticsError Empty");
    expect(code(() => new Experiment({} as never))).toBe("InputError Input");
    expect(code(() => planned({ benchmarks: [] }))).toBe("ExperimentError NoBenchmarks");
    expect(code(() => planned({ benchmarks: [PLAN.benchmarks[0], PLAN.benchmarks[0]] }))).toBe("ExperimentError Twice");
    expect(code(() => planned({ budget_s: 0 }))).toBe("ExperimentError NotAbove");
    expect(code(() => planned({ warmups: 2 ** 32 - 1 }))).toBe("ExperimentError TooMany");
    expect(code(() => planned({ alpha: 1 }))).toBe("ExperimentError BadAlpha");
    expect(code(() => Experiment.resume("[]"))).toBe("InputError Input");
});

test("arguments of no use are refused before the module sees them", () => {
    for (const odd of [undefined, null, 1, {}, [], new Uint16Array(2)] as never[]) {
        expect(code(() => blocks("a.py", odd))).toBe("InputError Input");
        expect(code(() => blobId(odd))).toBe("InputError Input");
        if (odd !== undefined) {
            expect(code(() => Experiment.resume(odd))).toBe("InputError Input");
        }
    }
    expect(code(() => blocks(1 as never, ""))).toBe("InputError Input");
    expect(code(() => blocks("\ud800.py", ""))).toBe("InputError Input");
    expect(code(() => blocks("a.py", "\udc00"))).toBe("InputError Input");
    expect(refusal(() => planned({ alpha: NaN }))?.message).toContain("the plan.alpha is NaN");
    expect(refusal(() => planned({ seed: Symbol("x") }))?.message).toContain("the plan.seed");
});

test("what was freed is refused, and may be freed again", () => {
    const experiment = planned({});
    experiment.free();
    experiment.free();
    for (const use of [
        () => experiment.next(),
        () => experiment.state(),
        () => experiment.record(VALUES),
        () => experiment.cancel(),
    ]) {
        expect(code(use)).toBe("FreedError Freed");
    }
    let disposed: Experiment;
    {
        using within = planned({});
        disposed = within;
        expect(within.next()).toBeDefined();
    }
    expect(code(() => disposed.next())).toBe("FreedError Freed");
});

test("a refused outcome leaves the state as it was", () => {
    const experiment = planned({});
    expect(code(() => experiment.record(VALUES))).toBe("ExperimentError NothingPending");
    experiment.next();
    const state = experiment.state();
    for (const [outcome, expected] of [
        [{ ...VALUES, values: [] }, "ExperimentError Values"],
        [{ ...VALUES, values: [1, -1] }, "ExperimentError Values"],
        [{ ...VALUES, values: [1, NaN] }, "InputError Input"],
        [{ ...VALUES, wall_s: -1 }, "ExperimentError BadTime"],
        [{ kind: "exploded" }, "InputError Input"],
    ] as const) {
        expect(code(() => experiment.record(outcome))).toBe(expected);
        expect(experiment.state()).toBe(state);
    }
    experiment.record(VALUES);
    expect(experiment.state()).not.toBe(state);
    experiment.free();
});

test("whatever is put for a part of a plan or a state, nothing traps", () => {
    const experiment = planned({});
    for (let run = 0; run < 21; run += 1) {
        experiment.record({ ...VALUES, values: [1 + run / 100 + (experiment.next()!.first ? 0 : 0.5)] });
    }
    const state = experiment.state();
    const json = (changed: unknown) => JSON.stringify(changed, (_, value) => (typeof value === "bigint" ? 0 : value));
    const resumed = (changed: unknown) => Experiment.resume(json(changed) ?? "");
    const accepted = altered(PLAN, (plan) => new Experiment(plan)) + altered(JSON.parse(state), resumed);
    expect(accepted).toBeGreaterThan(100);
    expect(Experiment.resume(state).state()).toBe(state);
});

test("whatever is put for a part of an input, nothing traps", () => {
    const files = vectorFiles("stats");
    files.delete("digests");
    let count = 0;
    for (const { function: name, vectors } of files.values()) {
        const small = vectors.find(
            ({ input, error }: any) => error === undefined && JSON.stringify(input).length < 600,
        );
        expect(small, name).toBeDefined();
        for (const input of alterations(small.input)) {
            code(() => call(name, input));
            count += 1;
        }
    }
    expect(count).toBeGreaterThan(1000);
});

test("whatever is told to a builder, nothing traps", () => {
    for (const odd of ODD as never[]) {
        refusal(() => new SurveyBuilder(odd));
        const builder = new SurveyBuilder();
        builder.addFile("a.py", "x = 1\n");
        builder.addBenchmark("one");
        refusal(() => builder.addFile(odd, odd));
        refusal(() => builder.addBenchmark(odd));
        refusal(() => builder.addCoverage(odd, odd));
        refusal(() => builder.addCoverage(0, odd));
        refusal(() => builder.addLines(odd, "a.py", [1]));
        refusal(() => builder.addLines(0, "a.py", [odd]));
        refusal(() => builder.beginsAt(odd, odd, odd));
        refusal(() => builder.doubt(odd, odd));
        const index = builder.finish();
        refusal(() => index.select({ [String(odd)]: odd }, odd));
        refusal(() => index.select({ "a.py": null }, { policy: odd, hotfile_threshold: odd }));
        refusal(() => index.heat(odd));
        refusal(() => index.map(odd));
        refusal(() => index.depends(odd));
        expect(index.ids().length).toBeGreaterThanOrEqual(1);
        index.free();
        builder.free();
    }
});

/** How many alterations `begin` takes for an experiment, after a few steps of it. */
function altered(value: unknown, begin: (value: any) => Experiment): number {
    let accepted = 0;
    for (const changed of alterations(value)) {
        let experiment!: Experiment;
        if (refusal(() => (experiment = begin(changed))) !== undefined) {
            continue;
        }
        for (let run = 0; run < 4; run += 1) {
            experiment.next();
            experiment.progress();
            experiment.results();
            Experiment.resume(experiment.state()).free();
            refusal(() => experiment.record(VALUES));
        }
        experiment.free();
        accepted += 1;
    }
    return accepted;
}

/** The value with each of its parts replaced by each odd one: one object, changed on the way. */
function* alterations(value: any, whole: (part: unknown) => unknown = (part) => part): Generator<unknown> {
    for (const odd of ODD) {
        yield whole(odd);
    }
    if (value !== null && typeof value === "object") {
        for (const key of Object.keys(value)) {
            const copy = Array.isArray(value) ? [...value] : { ...value };
            yield* alterations(value[key], (part) => {
                copy[key] = part;
                return whole(copy);
            });
        }
    }
}
