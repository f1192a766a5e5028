// A ratio and its interval as a bar around “no change”. The scale is even near 1 and gathers what is far off.

import type { Bounds, Verdict } from "../model/documents.ts";
import { formatChange, formatInterval } from "../model/format.ts";
import { markOf } from "../model/verdict.ts";

/** Half a bar is a factor of two; 2 % takes a fifth of it. */
const [FAR, NEAR] = [Math.LN2, 0.02];

export function IntervalBar({
    ratio,
    interval,
    verdict,
}: {
    ratio: number | null;
    interval: Bounds | null;
    verdict: Verdict | null;
}) {
    if (ratio === null || ratio <= 0) return <span class="interval" aria-hidden="true" />;
    const [low, high] = [interval?.low ?? null, interval?.high ?? null];
    const from = low === null ? (interval ? 0 : position(ratio)) : position(low);
    const to = high === null ? (interval ? 100 : position(ratio)) : position(high);
    const says = interval ? formatInterval(low, high) : "no interval";
    return (
        <span
            class="interval"
            data-tone={markOf(verdict).tone}
            role="img"
            aria-label={`${formatChange(ratio)}, interval ${says}`}
            title={says}
        >
            <i
                class="interval-range"
                data-open-low={interval && low === null ? "" : undefined}
                data-open-high={interval && high === null ? "" : undefined}
                style={{ left: `${from}%`, width: `${Math.max(0.8, to - from)}%` }}
            />
            <i class="interval-point" style={{ left: `${position(ratio)}%` }} />
        </span>
    );
}

/** Where a ratio stands on the bar, in per cent from the left. */
export function position(ratio: number): number {
    const log = Math.max(-FAR, Math.min(FAR, Math.log(ratio)));
    return 50 + (50 * Math.sign(log) * Math.log1p(Math.abs(log) / NEAR)) / Math.log1p(FAR / NEAR);
}
