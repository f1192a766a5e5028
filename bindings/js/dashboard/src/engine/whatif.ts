// What a change would affect: the selection, its reasons by file, and the lines that a reason is about.

import { structuredPatch } from "diff";
import type { Hotfile, Lines, ReasonGroup } from "../model/documents.ts";
import { linesOf } from "../model/text.ts";
import { Change, type ChangeInput, type Entry } from "./change.ts";
import type { Module, Question, SelectionHandle } from "./module.ts";
import type { Suite } from "./suite.ts";

export interface NumberedReason extends ReasonGroup {
    number: number;
}

export interface Answer {
    affected: number;
    unaffected: number;
    total: number;
    /** Reasons by the changed file, those of most instances first. */
    groups: { file: string; instances: number; reasons: NumberedReason[] }[];
    hotfiles: readonly Hotfile[];
    ms: number;
}

export interface DiffRow {
    kind: " " | "-" | "+";
    old: number | null;
    now: number | null;
    text: string;
    marked: boolean;
}
export interface Excerpt {
    title: string;
    path: string;
    rows: DiffRow[];
}

export interface ReasonDetail {
    reason: NumberedReason;
    change: Excerpt[];
    chain: Excerpt[];
    note: string | null;
}

/** Lines of context around what changed. */
const CONTEXT = 3;
/** Above that many edits the line difference of a file is not worked out: it takes time with their square. */
const MAX_EDITS = 6000;

export class WhatIf {
    #change: Change | null = null;
    #selection: SelectionHandle | null = null;
    #reasons: readonly ReasonGroup[] = [];

    constructor(
        private readonly module: Module,
        private readonly suite: Suite,
    ) {}

    get selection(): SelectionHandle | null {
        return this.#selection;
    }

    /** Takes a change; says what became of each file of it. */
    take(input: ChangeInput): { entries: Entry[]; error: string | null } {
        this.free();
        this.#change = new Change(this.suite, input);
        return { entries: this.#change.entries, error: this.#change.error };
    }

    /** Whom the change affects; null if there is no change. */
    answer(question: Question): Answer | null {
        if (!this.#change || this.#change.empty) return null;
        const files = this.module.files();
        const began = performance.now();
        try {
            this.#change.fill(files);
            this.#selection?.free();
            this.#selection = this.suite.index.select(files, question);
        } finally {
            files.free();
        }
        this.#reasons = this.#selection.reasons();
        const affected = this.#selection.affected().length;
        const ms = performance.now() - began;
        return {
            affected,
            unaffected: this.suite.ids.length - affected,
            total: this.suite.ids.length,
            groups: this.#groups(this.#selection),
            hotfiles: this.#selection.hotfiles(),
            ms,
        };
    }

    /** The lines that a reason is about, before and now, and the statements on the way. */
    detail(number: number): ReasonDetail | null {
        const reason = this.#reasons[number];
        const change = this.#change;
        if (!reason || !change) return null;
        const [before, now] = [change.before(reason.file), change.now(reason.file)];
        const excerpts = before === null && now === null ? [] : difference(reason, before ?? "", now ?? "");
        const chain = reason.chain.flatMap((link) =>
            excerpt(`${link.file}, mentions ${link.mentions}`, link.file, change.now(link.file), link.lines),
        );
        const note =
            before === null && now === null
                ? "The opened file carries no text of this source."
                : before === null && this.suite.files.some((file) => file.path === reason.file)
                  ? "The opened file carries no surveyed text of this source: only the text now is shown."
                  : null;
        return { reason: { ...reason, number }, change: excerpts, chain, note };
    }

    free(): void {
        this.#selection?.free();
        this.#selection = null;
        this.#change = null;
        this.#reasons = [];
    }

    #groups(selection: SelectionHandle): Answer["groups"] {
        const files = new Map<string, NumberedReason[]>();
        this.#reasons.forEach((reason, number) => {
            const known = files.get(reason.file);
            if (known) known.push({ ...reason, number });
            else files.set(reason.file, [{ ...reason, number }]);
        });
        const groups = Array.from(files, ([file, reasons]) => {
            reasons.sort((a, b) => b.count - a.count || a.number - b.number);
            const who = new Set<number>();
            for (const reason of reasons) for (const instance of selection.who(reason.number)) who.add(instance);
            return { file, instances: who.size, reasons };
        });
        return groups.sort((a, b) => b.instances - a.instances || (a.file < b.file ? -1 : 1));
    }
}

function difference(reason: ReasonGroup, before: string, now: string): Excerpt[] {
    const patch = structuredPatch("a", "b", before, now, "", "", { context: CONTEXT, maxEditLength: MAX_EDITS });
    if (!patch)
        return [
            ...excerpt("before", reason.file, before, reason.old_lines),
            ...excerpt("now", reason.file, now, reason.new_lines),
        ];
    const found: Excerpt[] = [];
    for (const hunk of patch.hunks) {
        let [old, fresh] = [hunk.oldStart, hunk.newStart];
        const rows: DiffRow[] = [];
        for (const line of hunk.lines) {
            const kind = line[0];
            if (kind !== " " && kind !== "-" && kind !== "+") continue;
            const row: DiffRow = {
                kind,
                old: kind === "+" ? null : old,
                now: kind === "-" ? null : fresh,
                text: line.slice(1),
                marked: false,
            };
            row.marked = inside(row.old, reason.old_lines) || inside(row.now, reason.new_lines);
            rows.push(row);
            if (kind !== "+") old += 1;
            if (kind !== "-") fresh += 1;
        }
        const about = reason.old_lines === null && reason.new_lines === null;
        if (about || rows.some((row) => row.marked))
            found.push({
                title: `@@ −${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
                path: reason.file,
                rows,
            });
    }
    return found.length > 0
        ? found
        : [
              ...excerpt("before", reason.file, before, reason.old_lines),
              ...excerpt("now", reason.file, now, reason.new_lines),
          ];
}

function excerpt(title: string, path: string, text: string | null, lines: Lines | null): Excerpt[] {
    if (text === null || lines === null) return [];
    const all = linesOf(text);
    const from = Math.max(1, lines.start);
    const rows = all.slice(from - 1, Math.min(lines.end, from + 60)).map((line, place): DiffRow => ({
        kind: " ",
        old: from + place,
        now: from + place,
        text: line,
        marked: false,
    }));
    return rows.length > 0 ? [{ title, path, rows }] : [];
}

function inside(line: number | null, lines: Lines | null): boolean {
    return line !== null && lines !== null && line >= lines.start && line <= lines.end;
}
