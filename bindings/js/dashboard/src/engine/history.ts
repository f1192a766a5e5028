// Steps over time, and one instance through them.

import type { BaselineReport, InstanceFile, Reward, Status, StepReport, Verdict } from "../model/documents.ts";
import { parametersOf } from "../model/instance.ts";
import { VERDICTS } from "../model/verdict.ts";
import type { Suite } from "./suite.ts";

export interface StepSummary {
    id: string;
    at: number;
    state: string;
    generation: number | null;
    reward: Reward | null;
    counts: Partial<Record<Verdict, number>>;
    benchmarks: number;
    measured: number;
    failed: number;
    /** Without a number and not failed. */
    without: number;
    measureS: number | null;
}

export interface HistoryPoint {
    step: string;
    at: number;
    median: number | null;
    low: number | null;
    high: number | null;
    ratio: number | null;
    verdict: Verdict | null;
    status: Status;
    reason: string | null;
}

export interface InstanceDetail {
    number: number;
    id: string;
    benchmark: string;
    file: string | null;
    kind: string | null;
    unit: string | null;
    parameters: { name: string; value: string }[];
    baseline: BaselineReport | null;
    history: HistoryPoint[];
    files: readonly InstanceFile[];
}

export function summarize(step: StepReport): StepSummary {
    const summary: StepSummary = {
        id: step.step_id,
        at: step.created_at_ms,
        state: textOf(step.summary.state),
        generation: numberOf(step.summary.generation),
        reward: step.reward,
        counts: {},
        benchmarks: 0,
        measured: 0,
        failed: 0,
        without: 0,
        measureS: numberOf(step.summary.measure_s),
    };
    for (const result of Object.values(step.benchmarks)) {
        summary.benchmarks += 1;
        if (result.status === "failed" || result.status === "timed_out") summary.failed += 1;
        else if (result.stats) summary.measured += 1;
        else summary.without += 1;
        if (result.verdict && VERDICTS.includes(result.verdict))
            summary.counts[result.verdict] = (summary.counts[result.verdict] ?? 0) + 1;
    }
    return summary;
}

/** All that is known of an instance; null if there is none of that id. */
export function detailOf(suite: Suite, id: string): InstanceDetail | null {
    const number = suite.numberOf.get(id);
    if (number === undefined) return null;
    const instance = suite.instance(id);
    const history = suite.steps.flatMap((step): HistoryPoint[] => {
        const result = step.benchmarks[id];
        return result
            ? [
                  {
                      step: step.step_id,
                      at: step.created_at_ms,
                      median: result.stats?.median ?? null,
                      low: result.stats?.ci_99_a ?? null,
                      high: result.stats?.ci_99_b ?? null,
                      ratio: result.ratio,
                      verdict: result.verdict,
                      status: result.status,
                      reason: result.reason,
                  },
              ]
            : [];
    });
    return {
        number,
        id,
        benchmark: instance.benchmark?.name ?? id,
        file: instance.benchmark?.file ?? null,
        kind: instance.benchmark?.kind ?? null,
        unit: suite.unit(id),
        parameters: parametersOf(instance),
        baseline: suite.context?.baselines[id] ?? null,
        history,
        files: suite.index.depends(number),
    };
}

function textOf(value: unknown): string {
    return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number | null {
    return typeof value === "number" && Number.isFinite(value) ? value : null;
}
