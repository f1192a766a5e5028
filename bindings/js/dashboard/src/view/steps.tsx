// Steps over time, and one step in detail.

import { useMemo } from "preact/hooks";
import type { StepSummary } from "../engine/history.ts";
import { printOrder, readOrder } from "../model/filter.ts";
import {
    counted,
    formatChange,
    formatCount,
    formatInterval,
    formatLog,
    formatTime,
    formatValue,
} from "../model/format.ts";
import { markOf, VERDICTS } from "../model/verdict.ts";
import { moveTo, useAnswer, usePlace, useRested } from "../page/hooks.ts";
import { Chart, type Point } from "../part/chart.tsx";
import { Choice, FilterField, Segments } from "../part/field.tsx";
import { Empty, Message } from "../part/message.tsx";
import { ResultTable, RESULT_ORDERS } from "./results.tsx";
import { VERDICT_OPTIONS } from "./benchmarks.tsx";

const ROUND_CHANGES = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 4, 9, 19, 49, 99, 999,
];

export function StepsView() {
    const [{ at }, go] = usePlace();
    const { value: steps, error } = useAnswer((engine) => engine.steps(), []);
    const points = useMemo(() => (steps ?? []).map(rewardPoint), [steps]);
    if (error) return <Message tone="error">{error}</Message>;
    if (!steps) return null;
    if (steps.length === 0)
        return <Empty title="No steps yet">“lightspeed measure --step-id ID” keeps what it measured as a step.</Empty>;
    const step = steps.find((known) => known.id === at.step);
    return (
        <section class="split" data-open={step ? "" : undefined} aria-label="Steps">
            <div class="split-list scroll">
                <header class="row">
                    <h2>Reward of each step</h2>
                    <Segments
                        label="Horizontal axis"
                        value={at.x === "time" ? "time" : ""}
                        options={[
                            { value: "", label: "in order" },
                            { value: "time", label: "by time" },
                        ]}
                        onValue={(x) => go({ x }, "replace")}
                    />
                </header>
                <p class="muted">
                    The geometric mean of all ratios against the baseline, with its interval. Below ±0 % is faster.
                </p>
                <Chart
                    label="Reward of each step"
                    points={points}
                    byTime={at.x === "time"}
                    selected={at.step}
                    format={(y) => formatChange(Math.exp(y))}
                    ticks={ratioTicks}
                    level={{ y: 0, low: null, high: null, label: "dashed: no change" }}
                    onSelect={(id) => go({ step: id })}
                    height={240}
                />
                <StepList steps={steps} chosen={at.step} onChoose={(id) => go({ step: id })} />
            </div>
            {step && <StepPane step={step} onClose={() => go({ step: undefined })} />}
            {at.step && !step && (
                <aside class="pane">
                    <Empty title="No such step">
                        The link names the step “{at.step}”, which the open file does not have.
                    </Empty>
                </aside>
            )}
        </section>
    );
}

function StepList({
    steps,
    chosen,
    onChoose,
}: {
    steps: readonly StepSummary[];
    chosen: string | undefined;
    onChoose: (id: string) => void;
}) {
    return (
        <div class="scroll-x" tabIndex={0} role="region" aria-label="All steps, newest first">
            <table class="plain steps">
                <thead>
                    <tr>
                        <th>Step</th>
                        <th>When</th>
                        <th class="end">Reward</th>
                        {VERDICTS.map((verdict) => (
                            <th key={verdict} class="end" title={markOf(verdict).says} data-tone={markOf(verdict).tone}>
                                <span aria-hidden="true">{markOf(verdict).sign}</span>
                                <span class="hidden">{markOf(verdict).word}</span>
                            </th>
                        ))}
                        <th class="end" title="failed or timed out" data-tone="fault">
                            <span aria-hidden="true">✕</span>
                            <span class="hidden">failed</span>
                        </th>
                        <th class="end">Measured</th>
                    </tr>
                </thead>
                <tbody>
                    {steps.toReversed().map((step) => (
                        <tr
                            key={step.id}
                            aria-selected={step.id === chosen}
                            data-chosen={step.id === chosen ? "" : undefined}
                        >
                            <td class="id" title={step.id}>
                                <button type="button" class="link" onClick={() => onChoose(step.id)}>
                                    {step.id}
                                </button>
                                {step.state && step.state !== "complete" && <span class="muted"> {step.state}</span>}
                            </td>
                            <td class="nowrap">{formatTime(step.at)}</td>
                            <td class="end">{step.reward ? formatChange(Math.exp(step.reward.log_ratio)) : "–"}</td>
                            {VERDICTS.map((verdict) => (
                                <td
                                    key={verdict}
                                    class="end"
                                    data-tone={step.counts[verdict] ? markOf(verdict).tone : "none"}
                                >
                                    {formatCount(step.counts[verdict] ?? 0)}
                                </td>
                            ))}
                            <td class="end" data-tone={step.failed ? "fault" : "none"}>
                                {formatCount(step.failed)}
                            </td>
                            <td class="end">{formatCount(step.measured)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function StepPane({ step, onClose }: { step: StepSummary; onClose: () => void }) {
    const [{ at }, go] = usePlace();
    const filter = useRested(at.q ?? "", 60);
    const order = readOrder(at.sort, RESULT_ORDERS, { key: "verdict", down: false });
    const query = { filter, order, verdict: at.verdict ?? "" };
    const { value: listed, busy } = useAnswer(
        (engine) => engine.step(step.id, query),
        [step.id, JSON.stringify(query)],
    );
    const { reward } = step;
    const facts: [string, string][] = [
        ["Began", formatTime(step.at)],
        [
            "Reward",
            reward
                ? `${formatChange(Math.exp(reward.log_ratio))} (${formatInterval(exp(reward.interval.low), exp(reward.interval.high))})`
                : "none: no ratio",
        ],
        ["Vouched for", reward ? formatLog(reward.reward_lcb) : "–"],
        [
            "Instances",
            `${formatCount(step.measured)} measured, ${formatCount(step.failed)} failed, ${formatCount(step.without)} without a number`,
        ],
        ["Took", step.measureS === null ? "–" : formatValue(step.measureS, "seconds")],
    ];
    return (
        <aside class="pane" aria-label={`Step ${step.id}`}>
            <header class="pane-head">
                <h2>{step.id}</h2>
                <a class="button" href={`#compare?from=baseline&to=${encodeURIComponent(step.id)}`}>
                    Compare
                </a>
                <button type="button" class="quiet" onClick={onClose} aria-label="Close the step">
                    ✕
                </button>
            </header>
            <dl class="facts">
                {facts.map(([name, value]) => (
                    <div key={name}>
                        <dt>{name}</dt>
                        <dd>{value}</dd>
                    </div>
                ))}
            </dl>
            <div class="bar">
                <FilterField
                    label="Filter: words or /expression/"
                    value={at.q ?? ""}
                    onValue={(q) => go({ q }, "replace")}
                    error={listed?.error}
                />
                <Choice
                    label="Verdict"
                    value={at.verdict ?? ""}
                    options={[...VERDICT_OPTIONS, { value: "none", label: "· none" }]}
                    onValue={(verdict) => go({ verdict })}
                />
            </div>
            <ResultTable
                label={`Results of ${step.id}: ${counted(step.benchmarks, "instance")}`}
                from="Baseline"
                to="Step"
                listed={listed}
                busy={busy}
                order={order}
                onOrder={(next) => go({ sort: printOrder(next) }, "replace")}
                onSelect={(id) => moveTo({ view: "benchmarks", at: { id } })}
                empty="Nothing fits."
            />
        </aside>
    );
}

function rewardPoint(step: StepSummary): Point {
    const { reward } = step;
    const [low, high] = [reward?.interval.low ?? null, reward?.interval.high ?? null];
    const tone = !reward ? "open" : low !== null && low > 0 ? "worse" : high !== null && high < 0 ? "better" : "same";
    const value = reward
        ? `${formatChange(Math.exp(reward.log_ratio))} (${formatInterval(exp(low), exp(high))})`
        : "no reward";
    return {
        id: step.id,
        at: step.at,
        y: reward?.log_ratio ?? null,
        low,
        high,
        tone,
        says: `${step.id}, ${formatTime(step.at)}: ${value}; ${formatCount(step.counts.regressed ?? 0)} regressed, ${formatCount(step.counts.improved ?? 0)} improved`,
    };
}

/** Round changes inside a stretch of logarithms, six or so, the same on both sides of no change. */
function ratioTicks(low: number, high: number): number[] {
    const far = Math.max(Math.abs(low), Math.abs(high));
    const round = ROUND_CHANGES.map((change) => Math.log1p(change)).filter((log) => log <= far);
    const kept: number[] = [];
    for (const log of round.toReversed())
        if (kept.length === 0 || (kept.at(-1) ?? 0) - log > (high - low) / 7) kept.push(log);
    return [...kept.map((log) => -log), 0, ...kept.toReversed()].filter(
        (log) => log >= low && log <= high && (log === 0 || Math.abs(log) > (high - low) / 9),
    );
}

function exp(value: number | null): number | null {
    return value === null ? null : Math.exp(value);
}
