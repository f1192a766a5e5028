// A change that did not happen yet: files from a diff or from a person's hand, put where the survey knows them.

import { clean, pathMatcher, placeOfNew, type Match } from "../model/match.ts";
import { applyFile, readDiff, type FilePatch } from "../model/patch.ts";
import { decode, encode, type Decoded } from "../model/text.ts";
import type { FilesHandle } from "./module.ts";
import type { Suite } from "./suite.ts";

/** What a person gave. `choices` says where a given path belongs; an empty text leaves it out. */
export interface ChangeInput {
    diff: string;
    files: { path: string; bytes: Uint8Array }[];
    choices: Record<string, string>;
}

export type EntryKind = "edit" | "add" | "delete" | "rename" | "copy" | "binary";

/** What became of one given file. */
export interface Entry {
    given: string;
    origin: "diff" | "file";
    kind: EntryKind;
    candidates: string[];
    chosen: string | null;
    ambiguous: boolean;
    state: "changed" | "unchanged" | "unmatched" | "failed" | "left_out";
    message: string | null;
}

interface Edit {
    add: Map<string, Uint8Array>;
    remove: Set<string>;
}

export class Change {
    readonly entries: Entry[] = [];
    /** Why the diff as a whole could not be read. */
    readonly error: string | null = null;
    readonly #edit: Edit = { add: new Map(), remove: new Set() };
    readonly #match: (path: string) => Match;
    readonly #surveyed: readonly string[];

    constructor(
        private readonly suite: Suite,
        input: ChangeInput,
    ) {
        this.#surveyed = suite.files.map((file) => file.path);
        this.#match = pathMatcher(this.#surveyed);
        if (input.diff.trim() !== "") {
            try {
                this.#takeDiff(readDiff(input.diff), input.choices);
            } catch (cause) {
                this.error = cause instanceof Error ? cause.message : String(cause);
            }
        }
        for (const file of input.files) this.entries.push(this.#takeFile(file.path, file.bytes, input.choices));
    }

    /** Whether anything differs from the survey. */
    get empty(): boolean {
        return this.#edit.add.size === 0 && this.#edit.remove.size === 0;
    }

    /** Puts the changed files in. */
    fill(files: FilesHandle): void {
        for (const path of this.#edit.remove) files.remove(path);
        for (const [path, bytes] of this.#edit.add) files.add(path, bytes);
    }

    /** The text of a file after the change; null if it is gone or unknown. */
    now(path: string): string | null {
        const bytes = this.#edit.add.get(path);
        if (bytes) return decode(bytes).text;
        return this.#edit.remove.has(path) ? null : this.before(path);
    }

    before(path: string): string | null {
        const bytes = this.suite.text(path);
        return bytes ? decode(bytes).text : null;
    }

    #takeDiff(patches: FilePatch[], choices: Record<string, string>): void {
        const matched: { given: string; surveyed: string }[] = [];
        for (const patch of patches) {
            const found = patch.old === null ? null : this.#match(patch.old);
            if (patch.old !== null && found?.chosen && !found.ambiguous)
                matched.push({ given: patch.old, surveyed: found.chosen });
        }
        for (const patch of patches) this.entries.push(this.#takePatch(patch, matched, choices));
    }

    #takePatch(
        patch: FilePatch,
        matched: { given: string; surveyed: string }[],
        choices: Record<string, string>,
    ): Entry {
        const given = patch.old ?? patch.new ?? "";
        const entry: Entry = {
            given,
            origin: "diff",
            kind: patch.kind,
            candidates: [],
            chosen: null,
            ambiguous: false,
            state: "changed",
            message: null,
        };
        if (patch.old === null) return this.#takeNew(entry, patch, matched, choices);
        this.#choose(entry, this.#match(patch.old), choices);
        if (entry.chosen === null) return entry;
        if (patch.kind === "delete") {
            this.#edit.remove.add(entry.chosen);
            return entry;
        }
        const source = this.#textNow(entry.chosen);
        if (source === null)
            return fail(
                entry,
                "the file carries no text of it, so that a diff cannot be applied: drop the changed file itself, or export a snapshot with sources",
            );
        const applied = applyFile(source.text, patch);
        if (applied.error !== null) return fail(entry, applied.error);
        const bytes = encode({ text: applied.text, encoding: source.encoding });
        if (patch.kind !== "rename" && patch.kind !== "copy") return this.#put(entry, entry.chosen, bytes);
        const target =
            placeOfNew(patch.new ?? "", [...matched, { given: patch.old, surveyed: entry.chosen }], this.#surveyed) ??
            clean(patch.new ?? "");
        if (patch.kind === "rename") this.#edit.remove.add(entry.chosen);
        entry.message = `now ${target}`;
        return this.#put(entry, target, bytes);
    }

    #takeNew(
        entry: Entry,
        patch: FilePatch,
        matched: { given: string; surveyed: string }[],
        choices: Record<string, string>,
    ): Entry {
        const place = placeOfNew(entry.given, matched, this.#surveyed);
        const known = place !== null && this.#surveyed.includes(place) ? place : null;
        this.#choose(entry, { candidates: place === null ? [] : [place], chosen: place, ambiguous: false }, choices);
        if (entry.chosen === null) return entry;
        const applied = applyFile("", patch);
        if (applied.error !== null) return fail(entry, applied.error);
        entry.message = known ? "the survey knows it already: its text is replaced" : "a new file";
        return this.#put(entry, entry.chosen, new TextEncoder().encode(applied.text));
    }

    #takeFile(path: string, bytes: Uint8Array, choices: Record<string, string>): Entry {
        const entry: Entry = {
            given: path,
            origin: "file",
            kind: "edit",
            candidates: [],
            chosen: null,
            ambiguous: false,
            state: "changed",
            message: null,
        };
        this.#choose(entry, this.#match(path), choices);
        if (entry.chosen === null) return entry;
        if (!this.#surveyed.includes(entry.chosen)) {
            entry.kind = "add";
            entry.message = "a new file";
        }
        return this.#put(entry, entry.chosen, bytes);
    }

    #choose(entry: Entry, match: Match, choices: Record<string, string>): void {
        entry.candidates = match.candidates;
        entry.ambiguous = match.ambiguous;
        const choice = choices[entry.given];
        if (choice === "") {
            entry.state = "left_out";
            return;
        }
        entry.chosen = choice === undefined ? match.chosen : clean(choice);
        if (entry.chosen === null) {
            entry.state = "unmatched";
            entry.message = "no surveyed file ends like this path";
        }
    }

    #put(entry: Entry, path: string, bytes: Uint8Array): Entry {
        const before = this.suite.text(path);
        if (before && same(before, bytes)) {
            entry.state = "unchanged";
            entry.message = "as surveyed";
        }
        this.#edit.remove.delete(path);
        this.#edit.add.set(path, bytes);
        return entry;
    }

    #textNow(path: string): Decoded | null {
        const bytes = this.#edit.add.get(path) ?? this.suite.text(path);
        return bytes ? decode(bytes) : null;
    }
}

function fail(entry: Entry, message: string): Entry {
    entry.state = "failed";
    entry.message = message;
    return entry;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
    return a.length === b.length && a.every((byte, place) => byte === b[place]);
}
