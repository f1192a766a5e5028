// Two steps, or a step and the baseline, side by side.

import { proxy } from "comlink";
import { useState } from "preact/hooks";
import { BASELINE } from "../engine/comparing.ts";
import type { ResultRow } from "../engine/listing.ts";
import { printOrder, readOrder } from "../model/filter.ts";
import { formatCount, formatShare } from "../model/format.ts";
import { MAX_ROWS, resultsMarkdown } from "../model/markdown.ts";
import { oneOf } from "../model/place.ts";
import { markOf, VERDICTS } from "../model/verdict.ts";
import { moveTo, useAnswer, usePlace, useRested, useSession } from "../page/hooks.ts";
import { CopyButton } from "../part/copy.tsx";
import { Choice, FilterField } from "../part/field.tsx";
import { Empty, Message } from "../part/message.tsx";
import { VERDICT_OPTIONS } from "./benchmarks.tsx";
import { ResultTable, RESULT_ORDERS } from "./results.tsx";

const MARGINS = ["2", "1", "5", "10", "0"] as const;

export function CompareView() {
    const [session] = useSession();
    const [{ at }, go] = usePlace();
    const [share, setShare] = useState(0);
    const { value: steps } = useAnswer((engine) => engine.steps(), []);
    const ids = steps?.map((step) => step.id) ?? [];
    const [from, to] = [at.from ?? BASELINE, at.to ?? ids.at(-1) ?? BASELINE];
    const margin = oneOf(at.margin, MARGINS);
    const order = readOrder(at.sort, RESULT_ORDERS, { key: "effect", down: true });
    const query = { filter: useRested(at.q ?? "", 60), order, verdict: at.verdict ?? "" };
    const { value, busy, error } = useAnswer(
        steps ? (engine) => engine.compare(from, to, Number(margin) / 100, query, proxy(setShare)) : null,
        [steps, from, to, margin, JSON.stringify(query)],
    );
    if (!steps) return null;
    if (steps.length === 0)
        return (
            <Empty title="Nothing to compare">
                The file has no steps. “lightspeed measure --step-id ID” keeps what it measured as one.
            </Empty>
        );
    const unknown = [from, to].find((side) => side !== BASELINE && !ids.includes(side));
    if (unknown)
        return (
            <Message tone="error">
                The link names the step “{unknown}”, which the open file does not have.{" "}
                <a href="#compare">Compare what there is.</a>
            </Message>
        );
    const sides = [{ value: BASELINE, label: "baseline" }, ...ids.toReversed().map((id) => ({ value: id, label: id }))];
    const markdown = async () => {
        const list = value?.list;
        if (!list) return "";
        const rows = (await session.ask((engine) => engine.rows(list.key, 0, MAX_ROWS))) as ResultRow[] | null;
        return resultsMarkdown(`${from} → ${to}`, rows ?? [], list.count, from, to);
    };
    return (
        <section class="column" aria-label="Compare">
            <div class="bar">
                <Choice label="From" value={from} options={sides} onValue={(side) => go({ from: side })} />
                <button
                    type="button"
                    class="button"
                    aria-label="Swap the sides"
                    onClick={() => go({ from: to, to: from })}
                >
                    ⇄
                </button>
                <Choice label="To" value={to} options={sides} onValue={(side) => go({ to: side })} />
                <Choice
                    label="Margin"
                    value={margin}
                    options={MARGINS.toSorted((a, b) => Number(a) - Number(b)).map((value) => ({
                        value,
                        label: `${value} %`,
                    }))}
                    onValue={(next) => go({ margin: next })}
                />
                <FilterField
                    label="Filter: words or /expression/"
                    value={at.q ?? ""}
                    onValue={(q) => go({ q }, "replace")}
                    error={value?.list.error}
                />
                <Choice
                    label="Verdict"
                    value={at.verdict ?? ""}
                    options={[...VERDICT_OPTIONS, { value: "none", label: "· none" }]}
                    onValue={(verdict) => go({ verdict })}
                />
                <CopyButton label="Copy as Markdown" text={markdown} id="copy-markdown" />
            </div>
            {error && <Message tone="error">{error}</Message>}
            <Counts counts={value?.counts ?? {}} />
            {busy && !value && (
                <p class="muted" role="status">
                    Comparing … {formatShare(share)}
                </p>
            )}
            {from === BASELINE && to !== BASELINE && (
                <p class="muted">
                    Against the baseline each verdict is the one of the measurement, which knew the runs of both sides;
                    the margin above is for the others.
                </p>
            )}
            <ResultTable
                label={`${from} against ${to}`}
                from={from}
                to={to}
                listed={value?.list ?? null}
                busy={busy}
                order={order}
                onOrder={(next) => go({ sort: printOrder(next) }, "replace")}
                onSelect={(id) => moveTo({ view: "benchmarks", at: { id } })}
                empty="Nothing fits."
            />
        </section>
    );
}

function Counts({ counts }: { counts: Record<string, number> }) {
    return (
        <ul class="counts">
            {VERDICTS.map((verdict) => {
                const mark = markOf(verdict);
                return (
                    <li key={verdict} data-tone={mark.tone} title={mark.says}>
                        <strong>{formatCount(counts[verdict] ?? 0)}</strong> <span aria-hidden="true">{mark.sign}</span>{" "}
                        {mark.word}
                    </li>
                );
            })}
            <li data-tone="open">
                <strong>{formatCount(counts.none ?? 0)}</strong> · without a verdict
            </li>
        </ul>
    );
}
