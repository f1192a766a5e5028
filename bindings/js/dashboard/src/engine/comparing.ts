// Two sides, each a step or the baseline, compared instance by instance.

import type { Bounds, Status, StepReport } from "../model/documents.ts";
import { sentence } from "./failure.ts";
import type { ResultRow } from "./listing.ts";
import type { Module } from "./module.ts";
import type { Suite } from "./suite.ts";

/** The side that is no step. */
export const BASELINE = "baseline";

interface Side {
    median: number | null;
    unit: string | null;
    runs: (readonly number[])[];
    status: Status;
    reason: string | null;
}

/** Compares in slices, so that other questions are answered between; stops where `stale` says so. */
export async function compareSides(
    module: Module,
    suite: Suite,
    from: string,
    to: string,
    margin: number,
    progress: (share: number) => void,
    stale: () => boolean,
): Promise<ResultRow[] | null> {
    const [left, right] = [sideOf(suite, from), sideOf(suite, to)];
    const ids = [...new Set([...left.ids, ...right.ids])];
    const rows: ResultRow[] = [];
    let sliceBegan = performance.now();
    for (const [place, id] of ids.entries()) {
        rows.push(compareOne(module, suite, id, left, right, margin));
        if (performance.now() - sliceBegan > 25) {
            progress(place / ids.length);
            await new Promise((resolve) => setTimeout(resolve, 0));
            if (stale()) return null;
            sliceBegan = performance.now();
        }
    }
    return rows;
}

interface SideReader {
    name: string;
    ids: string[];
    step: StepReport | null;
    read: (id: string) => Side | null;
}

function sideOf(suite: Suite, name: string): SideReader {
    if (name === BASELINE) {
        const baselines = suite.context?.baselines ?? {};
        return {
            name,
            ids: Object.keys(baselines),
            step: null,
            read: (id) => {
                const found = baselines[id];
                // Which run gave which sample is not kept: to the statistics it is one run.
                return found
                    ? {
                          median: found.stats.median,
                          unit: found.unit,
                          runs: found.samples.length ? [found.samples] : [],
                          status: "ok",
                          reason: null,
                      }
                    : null;
            },
        };
    }
    const step = suite.steps.find((known) => known.step_id === name) ?? null;
    return {
        name,
        ids: Object.keys(step?.benchmarks ?? {}),
        step,
        read: (id) => {
            const found = step?.benchmarks[id];
            return found
                ? {
                      median: found.stats?.median ?? null,
                      unit: found.unit,
                      runs: split(found.samples, found.runs),
                      status: found.status,
                      reason: found.reason,
                  }
                : null;
        },
    };
}

function compareOne(
    module: Module,
    suite: Suite,
    id: string,
    left: SideReader,
    right: SideReader,
    margin: number,
): ResultRow {
    const [a, b] = [left.read(id), right.read(id)];
    const row: ResultRow = {
        id,
        known: suite.numberOf.has(id),
        unit: b?.unit ?? a?.unit ?? suite.unit(id),
        baseline: a?.median ?? null,
        median: b?.median ?? null,
        ratio: null,
        interval: null,
        verdict: null,
        status: "ok",
        reason: null,
    };
    const recorded = left.step === null ? right.step?.benchmarks[id] : undefined;
    if (recorded?.verdict && recorded.ratio !== null) {
        // Measured against the baseline: that comparison knew the runs of both sides.
        return {
            ...row,
            ratio: recorded.ratio,
            interval: recorded.interval,
            verdict: recorded.verdict,
            status: recorded.status,
            reason: recorded.reason,
        };
    }
    const missing = whyNot(a, b, left.name, right.name);
    if (missing) return { ...row, ...missing };
    try {
        const result = module.stats("compare", { baseline: a?.runs ?? [], current: b?.runs ?? [], margin });
        const interval: Bounds = { low: result.interval.low, high: result.interval.high };
        return { ...row, ratio: result.ratio, interval, verdict: result.verdict };
    } catch (cause) {
        return { ...row, status: "unmeasurable", reason: sentence(cause) };
    }
}

function whyNot(
    a: Side | null,
    b: Side | null,
    left: string,
    right: string,
): { status: Status; reason: string } | null {
    if (!a) return { status: "ok", reason: `not in ${left}` };
    if (!b) return { status: "ok", reason: `not in ${right}` };
    for (const [side, name] of [
        [a, left],
        [b, right],
    ] as const) {
        if (side.status === "failed" || side.status === "timed_out")
            return { status: side.status, reason: `${name}: ${side.reason ?? side.status.replace("_", " ")}` };
        if (side.runs.length === 0)
            return { status: "unmeasurable", reason: `${name} has no samples${side.reason ? `: ${side.reason}` : ""}` };
    }
    if (a.unit !== null && b.unit !== null && a.unit !== b.unit)
        return { status: "incomparable", reason: `${a.unit} in ${left}, ${b.unit} in ${right}` };
    return null;
}

/** Samples by the runs that gave them; without counts they are one run. */
export function split(samples: readonly number[], runs: readonly number[]): number[][] {
    const known = runs.reduce((sum, count) => sum + count, 0) === samples.length ? runs : [samples.length];
    const parts: number[][] = [];
    let from = 0;
    for (const count of known) {
        if (count > 0) parts.push(samples.slice(from, from + count));
        from += count;
    }
    return parts;
}
