// What is copied as Markdown. Names come from other people's files: they can form no markup.

import type { ResultRow } from "../engine/listing.ts";
import { formatChange, formatInterval, formatValue, NONE } from "./format.ts";
import { markOf } from "./verdict.ts";

/** More rows than that no one reads in a comment. */
export const MAX_ROWS = 200;

/** A name as code that nothing in it can end. */
export function code(text: string): string {
    const flat = text.replace(/[\r\n]+/g, " ");
    const longest = Math.max(0, ...Array.from(flat.matchAll(/`+/g), (run) => run[0].length));
    const fence = "`".repeat(longest + 1);
    const pad = flat.startsWith("`") || flat.endsWith("`") ? " " : "";
    return `${fence}${pad}${flat}${pad}${fence}`.replaceAll("|", "\\|");
}

/** Plain words in a table's cell. */
export function escape(text: string): string {
    return text.replace(/[\r\n]+/g, " ").replace(/[\\`*_[\]<>|#~&@]/g, "\\$&");
}

/** A table of results; `total` says how many there are beyond those given. */
export function resultsMarkdown(
    title: string,
    rows: readonly ResultRow[],
    total: number,
    from: string,
    to: string,
): string {
    const lines = [
        `### ${escape(title)}`,
        "",
        `| benchmark | ${escape(from)} | ${escape(to)} | change | interval | verdict |`,
        "|---|---:|---:|---:|---|---|",
    ];
    for (const row of rows.slice(0, MAX_ROWS)) {
        const interval = row.interval ? formatInterval(row.interval.low, row.interval.high) : NONE;
        const mark = markOf(row.verdict, row.status);
        const says = row.reason ? `${mark.word}: ${escape(row.reason)}` : mark.word;
        lines.push(
            `| ${code(row.id)} | ${formatValue(row.baseline, row.unit)} | ${formatValue(row.median, row.unit)} | ${formatChange(row.ratio)} | ${interval} | ${mark.sign} ${says} |`,
        );
    }
    const left = total - Math.min(rows.length, MAX_ROWS);
    if (left > 0) lines.push("", `${left} further ${left === 1 ? "row is" : "rows are"} left out.`);
    return `${lines.join("\n")}\n`;
}
