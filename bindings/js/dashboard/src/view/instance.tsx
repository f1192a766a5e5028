// One instance: its parameters, its baseline, its history, and what it executes.

import { useMemo } from "preact/hooks";
import type { HistoryPoint, InstanceDetail } from "../engine/history.ts";
import { counted, formatChange, formatCount, formatTime, formatValue, NONE } from "../model/format.ts";
import { printPlace } from "../model/place.ts";
import { markOf } from "../model/verdict.ts";
import { useAnswer, usePlace } from "../page/hooks.ts";
import { Chart, type Point } from "../part/chart.tsx";
import { Segments } from "../part/field.tsx";
import { VerdictMark } from "../part/mark.tsx";
import { Empty, Message } from "../part/message.tsx";

export function InstancePane({ id, onClose }: { id: string; onClose: () => void }) {
    const { value, error, busy } = useAnswer((engine) => engine.instance(id), [id]);
    return (
        <aside class="pane" aria-label={`Benchmark ${id}`}>
            <header class="pane-head">
                <h2 class="mono">{id}</h2>
                <button type="button" class="quiet" onClick={onClose} aria-label="Close the details">
                    ✕
                </button>
            </header>
            {error ? (
                <Message tone="error">{error}</Message>
            ) : value ? (
                <Detail detail={value} />
            ) : busy ? (
                <p class="muted">…</p>
            ) : (
                <Empty title="Not in this suite">The link names an instance that the open survey does not have.</Empty>
            )}
        </aside>
    );
}

function Detail({ detail }: { detail: InstanceDetail }) {
    const { baseline, unit } = detail;
    const stats = baseline?.stats;
    const both = (low: number | null | undefined, high: number | null | undefined) =>
        low == null || high == null ? NONE : `${formatValue(low, unit)} … ${formatValue(high, unit)}`;
    const facts: [string, string][] = [
        ...detail.parameters.map(({ name, value }): [string, string] => [name, value]),
        ["Kind", [detail.kind, unit].filter(Boolean).join(", ") || NONE],
        ["Stands in", detail.file ?? NONE],
        ["Baseline", formatValue(stats?.median, unit)],
        ["99 % interval", both(stats?.ci_99_a, stats?.ci_99_b)],
        ["Quartiles", both(stats?.q_25, stats?.q_75)],
        [
            "Samples",
            stats?.repeat
                ? `${formatCount(stats.repeat)}${stats.number ? `, each of ${counted(stats.number, "call")}` : ""}`
                : NONE,
        ],
        ["Measured", formatTime(baseline?.measured_at_ms)],
    ];
    return (
        <>
            <dl class="facts">
                {facts.map(([name, value]) => (
                    <div key={name}>
                        <dt>{name}</dt>
                        <dd>{value}</dd>
                    </div>
                ))}
            </dl>
            <History detail={detail} />
            <Files detail={detail} />
        </>
    );
}

function History({ detail }: { detail: InstanceDetail }) {
    const [{ at }, go] = usePlace();
    const byTime = at.x === "time";
    const { unit, history, baseline } = detail;
    const points = useMemo(() => history.map((point) => chartPoint(point, unit)), [history, unit]);
    if (history.length === 0)
        return (
            <section>
                <h3>History</h3>
                <p class="muted">No step measured it.</p>
            </section>
        );
    const stats = baseline?.stats;
    return (
        <section>
            <header class="row">
                <h3>History</h3>
                <Segments
                    label="Horizontal axis"
                    value={byTime ? "time" : ""}
                    options={[
                        { value: "", label: "in order" },
                        { value: "time", label: "by time" },
                    ]}
                    onValue={(x) => go({ x }, "replace")}
                />
            </header>
            <Chart
                label={`History of ${detail.id}`}
                points={points}
                byTime={byTime}
                format={(y) => formatValue(y, unit)}
                height={190}
                level={
                    stats
                        ? {
                              y: stats.median,
                              low: stats.ci_99_a,
                              high: stats.ci_99_b,
                              label: `dashed: baseline ${formatValue(stats.median, unit)} with its 99 % interval`,
                          }
                        : null
                }
            />
            <div class="scroll-x" tabIndex={0} role="region" aria-label="History as a table">
                <table class="plain">
                    <thead>
                        <tr>
                            <th>Step</th>
                            <th class="end">Median</th>
                            <th class="end">Change</th>
                            <th>Verdict</th>
                        </tr>
                    </thead>
                    <tbody>
                        {history.toReversed().map((point) => (
                            <tr key={point.step}>
                                <td class="id" title={point.step}>
                                    <a href={printPlace({ view: "steps", at: { step: point.step } })}>{point.step}</a>
                                </td>
                                <td class="end">{formatValue(point.median, unit)}</td>
                                <td class="end">{formatChange(point.ratio)}</td>
                                <td>
                                    <VerdictMark verdict={point.verdict} status={point.status} />
                                    {point.reason && <span class="muted">: {point.reason}</span>}
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </section>
    );
}

function Files({ detail }: { detail: InstanceDetail }) {
    const executed = detail.files.filter((file) => file.blocks.length > 0);
    const imported = detail.files.filter((file) => file.blocks.length === 0);
    return (
        <section>
            <h3>What it executes</h3>
            {executed.length === 0 && <p class="muted">No block of a surveyed file.</p>}
            {executed.map((file) => (
                <details key={file.path} class="file">
                    <summary>
                        <span class="mono">{file.path}</span>{" "}
                        <span class="muted">{counted(file.blocks.length, "block")}</span>
                    </summary>
                    <ul>
                        {file.blocks.map((block) => (
                            <li key={block} class="mono">
                                {block.split("::").pop() || block}
                            </li>
                        ))}
                    </ul>
                    <a href={printPlace({ view: "map", at: { file: file.path } })}>Show the file</a>
                </details>
            ))}
            {imported.length > 0 && (
                <details class="file">
                    <summary>{counted(imported.length, "file")} only imported</summary>
                    <ul>
                        {imported.map((file) => (
                            <li key={file.path}>
                                <a class="mono" href={printPlace({ view: "map", at: { file: file.path } })}>
                                    {file.path}
                                </a>
                            </li>
                        ))}
                    </ul>
                </details>
            )}
        </section>
    );
}

function chartPoint(point: HistoryPoint, unit: string | null): Point {
    const mark = markOf(point.verdict, point.status);
    const range =
        point.low !== null && point.high !== null
            ? ` (${formatValue(point.low, unit)} … ${formatValue(point.high, unit)})`
            : "";
    return {
        id: point.step,
        at: point.at,
        y: point.median,
        low: point.low,
        high: point.high,
        tone: mark.tone,
        says: `${point.step}, ${formatTime(point.at)}: ${formatValue(point.median, unit)}${range}, ${formatChange(point.ratio)}, ${mark.word}`,
    };
}
