// Lines of a change, one column or both texts side by side.

import type { DiffRow, Excerpt } from "../engine/whatif.ts";

export function ExcerptView({ excerpt, sides }: { excerpt: Excerpt; sides: boolean }) {
    return (
        <figure class="excerpt">
            <figcaption>
                <span class="mono">{excerpt.path}</span>{" "}
                <span class="muted">
                    {excerpt.title === excerpt.path ? "" : excerpt.title.replace(`${excerpt.path}, `, "")}
                </span>
            </figcaption>
            <div class="excerpt-scroll" tabIndex={0} role="region" aria-label={`Lines of ${excerpt.path}`}>
                {sides ? <SideBySide rows={excerpt.rows} /> : <Unified rows={excerpt.rows} />}
            </div>
        </figure>
    );
}

function Unified({ rows }: { rows: readonly DiffRow[] }) {
    return (
        <table class="lines">
            <tbody>
                {rows.map((row, place) => (
                    <tr key={place} data-kind={row.kind} data-marked={row.marked ? "" : undefined}>
                        <td class="number">{row.old ?? ""}</td>
                        <td class="number">{row.now ?? ""}</td>
                        <td class="sign">{sign(row.kind)}</td>
                        <td>
                            <code>{row.text || " "}</code>
                        </td>
                    </tr>
                ))}
            </tbody>
        </table>
    );
}

function SideBySide({ rows }: { rows: readonly DiffRow[] }) {
    return (
        <table class="lines sides">
            <tbody>
                {pair(rows).map(([left, right], place) => (
                    <tr key={place}>
                        <Half row={left} number={left?.old ?? null} />
                        <Half row={right} number={right?.now ?? null} />
                    </tr>
                ))}
            </tbody>
        </table>
    );
}

function Half({ row, number }: { row: DiffRow | null; number: number | null }) {
    const marks = { "data-kind": row?.kind ?? "none", "data-marked": row?.marked ? "" : undefined };
    return (
        <>
            <td class="number" {...marks}>
                {number ?? ""}
            </td>
            <td class="sign" {...marks}>
                {row ? sign(row.kind) : ""}
            </td>
            <td class="half" {...marks}>
                <code>{row?.text || " "}</code>
            </td>
        </>
    );
}

function sign(kind: DiffRow["kind"]): string {
    return kind === "-" ? "−" : kind === "+" ? "+" : "";
}

/** Removed lines stand beside those added after them. */
function pair(rows: readonly DiffRow[]): [DiffRow | null, DiffRow | null][] {
    const found: [DiffRow | null, DiffRow | null][] = [];
    let place = 0;
    while (place < rows.length) {
        const [removed, added]: [DiffRow[], DiffRow[]] = [[], []];
        for (; rows[place]?.kind === "-"; place += 1) removed.push(rows[place] as DiffRow);
        for (; rows[place]?.kind === "+"; place += 1) added.push(rows[place] as DiffRow);
        for (let both = 0; both < Math.max(removed.length, added.length); both += 1)
            found.push([removed[both] ?? null, added[both] ?? null]);
        const row = rows[place];
        if (row && row.kind === " ") {
            found.push([row, row]);
            place += 1;
        }
    }
    return found;
}
