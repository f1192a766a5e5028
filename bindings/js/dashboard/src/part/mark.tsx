// A verdict as a sign and a word.

import type { Status, Verdict } from "../model/documents.ts";
import { markOf } from "../model/verdict.ts";

export function VerdictMark({ verdict, status = "ok" }: { verdict: Verdict | null; status?: Status }) {
    const mark = markOf(verdict, status);
    return (
        <span class="mark" data-tone={mark.tone} title={mark.says}>
            <span class="mark-sign" aria-hidden="true">
                {mark.sign}
            </span>
            {mark.word}
        </span>
    );
}
