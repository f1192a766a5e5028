// What a change would affect: the change, the answer, and the lines.

import { useEffect, useMemo } from "preact/hooks";
import type { Among } from "../engine/engine.ts";
import type { Policy } from "../model/documents.ts";
import { printOrder, readOrder } from "../model/filter.ts";
import { formatCount } from "../model/format.ts";
import { pack, unpack } from "../model/packed.ts";
import { numberIn, oneOf, printPlace } from "../model/place.ts";
import { useDraft } from "../page/draft.ts";
import { moveTo, useAnswer, usePlace, useRested, useSession } from "../page/hooks.ts";
import { CopyButton } from "../part/copy.tsx";
import { FilterField, Segments } from "../part/field.tsx";
import { Empty, Message } from "../part/message.tsx";
import { ChangeForm, Entries } from "./change.tsx";
import { INSTANCE_ORDERS, InstanceTable } from "./instances.tsx";
import { ReasonGroups, ReasonPane } from "./reasons.tsx";
import type { Answer } from "../engine/whatif.ts";
import type { Entry } from "../engine/change.ts";

const POLICIES = ["precise", "strict", "file"] as const;

interface Outcome {
    entries: Entry[];
    error: string | null;
    answer: Answer | null;
    version: number;
}

export function WhatIfView() {
    const [{ at }, go] = usePlace();
    const [draft, input] = useDraft();
    const policy: Policy = oneOf(at.policy, POLICIES);
    const threshold = numberIn(at.hot, 0, 1, 0.5);
    useLinkedDiff(at.diff);
    const diff = useRested(input.diff, 150);
    const change = useMemo(
        () => ({ diff, files: input.files, choices: input.choices }),
        [diff, input.files, input.choices],
    );
    const { value, busy, error } = useAnswer<Outcome>(
        async (engine) => {
            const taken = await engine.takeChange(change);
            return {
                ...taken,
                answer: await engine.answer({ policy, hotfile_threshold: threshold }),
                version: Date.now(),
            };
        },
        [change, policy, threshold],
    );
    const link = async () => {
        const packed = input.diff ? await pack(input.diff) : null;
        if (input.diff && packed === null) throw new Error("the diff is too long for a link");
        return (
            location.href.replace(/#.*/s, "") +
            printPlace({ view: "whatif", at: { ...at, ...(packed ? { diff: packed } : {}) } })
        );
    };
    return (
        <section class="whatif" aria-label="What if">
            <div class="whatif-change">
                <ChangeForm error={value?.error ?? error} />
                <div class="bar">
                    <Segments
                        label="Policy"
                        value={policy}
                        options={POLICIES.map((one) => ({ value: one, label: one }))}
                        onValue={(next) => go({ policy: next === "precise" ? undefined : next, reason: undefined })}
                    />
                    <label
                        class="choice"
                        title="A change that would select a larger share of the suite is left out and stood for by sentinels; 1 turns that off"
                    >
                        <span>Hotfile threshold</span>
                        <input
                            class="input narrow"
                            type="number"
                            min="0"
                            max="1"
                            step="0.05"
                            value={threshold}
                            onChange={(event) => go({ hot: event.currentTarget.value, reason: undefined }, "replace")}
                        />
                    </label>
                </div>
                <div class="bar">
                    <CopyButton label="Copy link" text={link} />
                    {(input.diff !== "" || input.files.length > 0) && (
                        <button
                            type="button"
                            class="button"
                            onClick={() => {
                                draft.clear();
                                go({ reason: undefined, diff: undefined });
                            }}
                        >
                            Clear
                        </button>
                    )}
                </div>
                <Entries entries={value?.entries ?? []} />
            </div>
            <div class="whatif-answer" data-busy={busy ? "" : undefined}>
                {value?.answer ? (
                    <AnswerView answer={value.answer} version={value.version} />
                ) : (
                    <Empty
                        title={
                            value?.entries.length
                                ? "Nothing differs from the survey"
                                : "Paste a diff or drop changed files"
                        }
                    >
                        {value?.entries.length
                            ? "The files are as surveyed, or none could be taken: see the list."
                            : "The answer is here at once: which instances a change affects, why, and at which lines."}
                    </Empty>
                )}
            </div>
        </section>
    );
}

function AnswerView({ answer, version }: { answer: Answer; version: number }) {
    const [session] = useSession();
    const [{ at }, go] = usePlace();
    const reason = at.reason === undefined ? null : numberIn(at.reason, 0, 1e9, -1);
    const known =
        reason !== null && answer.groups.some((group) => group.reasons.some(({ number }) => number === reason));
    const which = oneOf(at.list, ["affected", "unaffected"]);
    const among: Among = known && which === "affected" ? { by: "reason", reason: reason ?? 0 } : { by: which };
    const order = readOrder(at.sort, INSTANCE_ORDERS, { key: "name", down: false });
    const filter = useRested(at.q ?? "", 60);
    const ids = async () => (await session.ask((engine) => engine.ids({ by: "affected" }))).join("\n");
    return (
        <>
            <header class="answer-head">
                <p class="figure" role="status">
                    <strong>{formatCount(answer.affected)}</strong> of {formatCount(answer.total)} instances affected
                </p>
                <p class="muted">
                    {formatCount(answer.unaffected)} unaffected; selected in{" "}
                    {answer.ms < 1 ? "under 1" : Math.round(answer.ms)} ms
                </p>
                <div class="bar">
                    <CopyButton
                        label="Copy as Markdown"
                        text={() => session.ask((engine) => engine.selectionMarkdown())}
                        id="copy-markdown"
                    />
                    <CopyButton label="Copy what to run" text={ids} />
                </div>
            </header>
            {answer.hotfiles.map((hot) => (
                <Message key={hot.file} tone="note">
                    <span class="mono">{hot.file}</span>: {formatCount(hot.left_out.length)} of{" "}
                    {formatCount(hot.affected)} instances are left out, because a change of a file that so many execute
                    would select too much of the suite; {formatCount(hot.sentinels.length)} stand for them. A threshold
                    of 1 turns that off.
                </Message>
            ))}
            <ReasonGroups
                answer={answer}
                chosen={known ? reason : null}
                onChoose={(number) => go({ reason: number === null ? undefined : String(number) })}
            />
            {known && reason !== null && <ReasonPane number={reason} version={version} />}
            <section class="who">
                <div class="bar">
                    <h3>
                        {known && which === "affected"
                            ? "Affected for this reason"
                            : which === "affected"
                              ? "What to run"
                              : "Unaffected"}
                    </h3>
                    <Segments
                        label="List"
                        value={which}
                        options={[
                            { value: "affected", label: "affected" },
                            { value: "unaffected", label: "unaffected" },
                        ]}
                        onValue={(list) => go({ list: list === "affected" ? undefined : list }, "replace")}
                    />
                    <FilterField label="Filter" value={at.q ?? ""} onValue={(q) => go({ q }, "replace")} />
                </div>
                <InstanceTable
                    label="Instances"
                    query={{ filter, order, verdict: "" }}
                    among={among}
                    version={version}
                    onOrder={(next) => go({ sort: printOrder(next) }, "replace")}
                    onSelect={(id) => moveTo({ view: "benchmarks", at: { id } })}
                />
            </section>
        </>
    );
}

/** Takes the diff that a link carries, once. */
function useLinkedDiff(packed: string | undefined): void {
    const [draft] = useDraft();
    useEffect(() => {
        if (!packed || draft.state.diff !== "") return;
        void unpack(packed).then((text) => {
            if (text !== null) draft.setDiff(text);
        });
    }, [packed, draft]);
}
