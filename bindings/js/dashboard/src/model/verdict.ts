// Verdicts and statuses: their words, their signs and how grave they are. A colour never stands alone.

import type { Status, Verdict } from "./documents.ts";

export interface Mark {
    sign: string;
    word: string;
    tone: Tone;
    says: string;
}
export type Tone = "worse" | "worse-minor" | "better" | "better-minor" | "same" | "open" | "fault";

/** Gravest first: the order in which lists and counts show them. */
export const VERDICTS: readonly Verdict[] = [
    "regressed",
    "slower_minor",
    "improved",
    "faster_minor",
    "equivalent",
    "inconclusive",
];

const MARKS: Record<Verdict, Mark> = {
    regressed: { sign: "▲", word: "regressed", tone: "worse", says: "slower, by more than the margin" },
    improved: { sign: "▼", word: "improved", tone: "better", says: "faster, by more than the margin" },
    slower_minor: {
        sign: "△",
        word: "slower, minor",
        tone: "worse-minor",
        says: "slower; not shown to be beyond the margin",
    },
    faster_minor: {
        sign: "▽",
        word: "faster, minor",
        tone: "better-minor",
        says: "faster; not shown to be beyond the margin",
    },
    equivalent: { sign: "=", word: "equivalent", tone: "same", says: "no change beyond the margin" },
    inconclusive: { sign: "?", word: "inconclusive", tone: "open", says: "the runs cannot tell" },
};

const STATUS_WORDS: Record<Status, string> = {
    ok: "ok",
    failed: "failed",
    timed_out: "timed out",
    skipped: "skipped",
    unmeasurable: "unmeasurable",
    incomparable: "incomparable",
    no_baseline: "no baseline",
    new: "new",
    removed: "removed",
    not_run_budget: "not run: budget",
};

/** How a result is shown: by its verdict, or where there is none by its status. */
export function markOf(verdict: Verdict | null, status: Status = "ok"): Mark {
    if (status === "failed" || status === "timed_out") {
        return { sign: "✕", word: STATUS_WORDS[status], tone: "fault", says: "it gave no number" };
    }
    if (verdict !== null && verdict in MARKS) return MARKS[verdict];
    return {
        sign: "·",
        word: status === "ok" ? "no verdict" : (STATUS_WORDS[status] ?? status),
        tone: "open",
        says: "nothing was compared",
    };
}

/** How grave, for sorting: 0 is gravest. */
export function gravity(verdict: Verdict | null, status: Status = "ok"): number {
    if (status === "failed" || status === "timed_out") return 0;
    const place = verdict === null ? -1 : VERDICTS.indexOf(verdict);
    return place < 0 ? VERDICTS.length + 1 : place + 1;
}
