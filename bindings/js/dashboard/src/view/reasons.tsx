// Why instances are affected: reasons by file, and the lines of one.

import type { Answer, NumberedReason } from "../engine/whatif.ts";
import { counted, formatCount } from "../model/format.ts";
import { oneOf } from "../model/place.ts";
import { useAnswer, useMedia, usePlace } from "../page/hooks.ts";
import { ExcerptView } from "../part/excerpt.tsx";
import { Segments } from "../part/field.tsx";

/** Reasons of a file shown at once; the rest is behind a button of the browser's own kind. */
const SHOWN = 12;

export function ReasonGroups({
    answer,
    chosen,
    onChoose,
}: {
    answer: Answer;
    chosen: number | null;
    onChoose: (number: number | null) => void;
}) {
    return (
        <section class="reasons" aria-label="Why">
            <h3>Why</h3>
            {answer.groups.length === 0 && <p class="muted">Nobody executes what changed, nor mentions it.</p>}
            {answer.groups.map((group) => (
                <section key={group.file} class="reason-group">
                    <h4>
                        <span class="mono">{group.file}</span>{" "}
                        <span class="muted">{counted(group.instances, "instance")}</span>
                    </h4>
                    <ReasonList reasons={group.reasons.slice(0, SHOWN)} chosen={chosen} onChoose={onChoose} />
                    {group.reasons.length > SHOWN && (
                        <details open={group.reasons.slice(SHOWN).some((reason) => reason.number === chosen)}>
                            <summary>{counted(group.reasons.length - SHOWN, "further reason")}</summary>
                            <ReasonList reasons={group.reasons.slice(SHOWN)} chosen={chosen} onChoose={onChoose} />
                        </details>
                    )}
                </section>
            ))}
        </section>
    );
}

function ReasonList({
    reasons,
    chosen,
    onChoose,
}: {
    reasons: readonly NumberedReason[];
    chosen: number | null;
    onChoose: (number: number | null) => void;
}) {
    return (
        <ul>
            {reasons.map((reason) => (
                <li key={reason.number}>
                    <button
                        type="button"
                        class="reason"
                        aria-pressed={reason.number === chosen}
                        onClick={() => onChoose(reason.number === chosen ? null : reason.number)}
                    >
                        <span class="reason-count">{formatCount(reason.count)}</span>
                        <span class="reason-text">
                            {reason.text} <span class="muted">{lines(reason)}</span>
                        </span>
                    </button>
                </li>
            ))}
        </ul>
    );
}

export function ReasonPane({ number, version }: { number: number; version: number }) {
    const [{ at }, go] = usePlace();
    const wide = useMedia("(min-width: 900px)");
    const sides = oneOf(at.lines, wide ? ["sides", "unified"] : ["unified", "sides"]) === "sides";
    const { value: detail } = useAnswer((engine) => engine.reason(number), [number, version]);
    if (!detail) return null;
    return (
        <section class="reason-pane" aria-label="Lines">
            <div class="bar">
                <h3>Lines</h3>
                <Segments
                    label="Show"
                    value={sides ? "sides" : "unified"}
                    options={[
                        { value: "sides", label: "side by side" },
                        { value: "unified", label: "unified" },
                    ]}
                    onValue={(value) => go({ lines: value }, "replace")}
                />
            </div>
            <p>
                <span class="tag">{detail.reason.rule.replaceAll("_", " ")}</span> {detail.reason.text}
                {detail.reason.detail && <span class="muted"> {detail.reason.detail}</span>}
            </p>
            {detail.note && <p class="muted">{detail.note}</p>}
            {detail.change.map((excerpt, place) => (
                <ExcerptView key={place} excerpt={excerpt} sides={sides} />
            ))}
            {detail.chain.length > 0 && <h4>On the way</h4>}
            {detail.chain.map((excerpt, place) => (
                <ExcerptView key={place} excerpt={excerpt} sides={false} />
            ))}
        </section>
    );
}

function lines({ old_lines, new_lines }: NumberedReason): string {
    const span = (value: { start: number; end: number } | null) =>
        value === null ? "" : value.start === value.end ? `${value.start}` : `${value.start}–${value.end}`;
    const [old, fresh] = [span(old_lines), span(new_lines)];
    const word = /–/.test(old + fresh) ? "lines" : "line";
    return old && fresh
        ? old === fresh
            ? `${word} ${old}`
            : `${word} ${old} → ${fresh}`
        : old
          ? `was ${word} ${old}`
          : fresh
            ? `${word} ${fresh}`
            : "";
}
