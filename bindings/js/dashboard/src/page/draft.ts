// The change that a person is trying out: a diff and files. It outlives the view, and files may be dropped anywhere.

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { formatBytes } from "../model/format.ts";
import { looksLikeDiff } from "../model/patch.ts";
import { decode } from "../model/text.ts";
import type { Dropped } from "./drop.ts";

export interface DraftState {
    diff: string;
    files: { path: string; bytes: Uint8Array }[];
    choices: Record<string, string>;
    refused: string[];
    turn: number;
}

/** Larger sources are refused before they are read. */
export const MAX_SOURCE = 10_000_000;

export class Draft {
    state: DraftState = { diff: "", files: [], choices: {}, refused: [], turn: 0 };
    readonly #listeners = new Set<() => void>();

    subscribe(listener: () => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    setDiff(diff: string): void {
        this.#set({ diff });
    }
    choose(given: string, path: string | undefined): void {
        const choices = { ...this.state.choices };
        if (path === undefined) delete choices[given];
        else choices[given] = path;
        this.#set({ choices });
    }
    drop(given: string): void {
        this.#set({ files: this.state.files.filter((file) => file.path !== given) });
    }
    clear(): void {
        this.#set({ diff: "", files: [], choices: {}, refused: [] });
    }

    /** Takes changed files; what is a diff by its content becomes the diff. */
    async take(dropped: readonly Dropped[]): Promise<void> {
        const refused: string[] = [];
        const files = new Map(this.state.files.map((file) => [file.path, file]));
        let { diff } = this.state;
        for (const { path, file } of dropped) {
            if (file.size > MAX_SOURCE) {
                refused.push(
                    `“${path}” has ${formatBytes(file.size)}: sources above ${formatBytes(MAX_SOURCE)} are not read. Generated data belongs into no survey; if it is a diff, give a smaller part of it.`,
                );
                continue;
            }
            try {
                const bytes = new Uint8Array(await file.arrayBuffer());
                const text = decode(bytes).text;
                if (/\.(diff|patch)$/i.test(path) || (!/\.[a-z]{1,4}$/i.test(path) && looksLikeDiff(text))) diff = text;
                else files.set(path, { path, bytes });
            } catch {
                refused.push(`“${path}” cannot be read: it was moved or changed meanwhile. Drop it again.`);
            }
        }
        this.#set({ diff, files: [...files.values()], refused });
    }

    #set(change: Partial<DraftState>): void {
        this.state = { ...this.state, ...change, turn: this.state.turn + 1 };
        for (const listener of this.#listeners) listener();
    }
}

export const DraftContext = createContext<Draft>(new Draft());

export function useDraft(): [Draft, DraftState] {
    const draft = useContext(DraftContext);
    const [, redraw] = useState(0);
    useEffect(() => draft.subscribe(() => redraw((turn) => turn + 1)), [draft]);
    return [draft, draft.state];
}
