// What the page has open: the worker, the source that was opened, and what to do if the worker dies.

import type { Remote } from "comlink";
import { embedded, startClient, type Client } from "../engine/client.ts";
import type { Engine, Overview } from "../engine/engine.ts";
import { Failure, isDefect, sentence } from "../engine/failure.ts";
import { formatBytes } from "../model/format.ts";

/** Where the suite comes from; all of these can be opened again. */
export type Source =
    | { kind: "file"; file: File }
    | { kind: "url"; url: string }
    | { kind: "embedded"; title: string }
    | { kind: "served"; url: string; title: string };

export interface SessionState {
    phase: "empty" | "opening" | "open";
    overview: Overview | null;
    source: Source | null;
    /** Counts openings: what was asked of an earlier one is asked again. */
    epoch: number;
    error: string | null;
    note: string | null;
}

/** Larger files are refused before they are read. */
export const MAX_DATABASE = 2 ** 30;

export class Session {
    state: SessionState = { phase: "empty", overview: null, source: null, epoch: 0, error: null, note: null };
    #client: Promise<Client> | null = null;
    #restarts = 0;
    #etag: string | null = null;
    #turn = 0;
    readonly #listeners = new Set<() => void>();

    subscribe(listener: () => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    /** Asks the worker; after a defect of ours it is restarted, the source reopened, and the failure thrown. */
    async ask<T>(question: (engine: Remote<Engine>) => Promise<T>): Promise<T> {
        try {
            return await question((await this.#start()).engine);
        } catch (error) {
            if (isDefect(error)) this.#revive(`a defect in the module (${sentence(error)})`);
            throw error;
        }
    }

    async open(source: Source): Promise<boolean> {
        const turn = ++this.#turn;
        this.#set({ phase: "opening", error: null, note: null });
        try {
            refuse(source);
            this.#etag = null;
            const overview = await this.ask((engine) => this.#read(engine, source));
            if (turn !== this.#turn) return false;
            if (overview) this.#set({ phase: "open", overview, source, epoch: this.state.epoch + 1 });
            this.#restarts = 0;
            return true;
        } catch (error) {
            if (turn === this.#turn)
                this.#set({ phase: this.state.overview ? "open" : "empty", error: explain(error, nameOf(source)) });
            return false;
        }
    }

    /** Reads a served snapshot again, if it has changed. */
    async poll(): Promise<void> {
        const { source, phase } = this.state;
        if (source?.kind !== "served" || phase !== "open") return;
        try {
            const overview = await this.ask((engine) => this.#read(engine, source));
            if (overview && this.state.source === source)
                this.#set({ overview, epoch: this.state.epoch + 1, error: null });
            else if (this.state.error?.startsWith("The server")) this.#set({ error: null });
        } catch (error) {
            this.#set({
                error: `The server no longer answers: what is shown is as of the last answer. ${sentence(error)}`,
            });
        }
    }

    say(error: string | null): void {
        this.#set({ error });
    }
    dismiss(): void {
        this.#set({ error: null, note: null });
    }

    async #read(engine: Remote<Engine>, source: Source): Promise<Overview | null> {
        switch (source.kind) {
            case "file":
                return engine.open(new Uint8Array(await source.file.arrayBuffer()), source.file.name);
            case "embedded":
                return engine.open(new Uint8Array(embedded("lightspeed-snapshot")), source.title);
            case "url":
            case "served": {
                const answer = await engine.openUrl(
                    source.url,
                    source.kind === "url" ? nameOf(source) : source.title,
                    this.#etag,
                );
                if (!answer) return null;
                this.#etag = answer.etag;
                return answer.overview;
            }
        }
    }

    #start(): Promise<Client> {
        this.#client ??= startClient((why) => this.#revive(why));
        this.#client.catch(() => {
            this.#client = null;
        });
        return this.#client;
    }

    /** Ends the worker, and opens the source in a new one: at most twice in a row, since it may be the source that kills it. */
    #revive(why: string): void {
        const old = this.#client;
        this.#client = null;
        void old?.then(
            (client) => client.stop(),
            () => undefined,
        );
        const { source } = this.state;
        if (!source || this.#restarts >= 2) return;
        this.#restarts += 1;
        const restarts = this.#restarts;
        void this.open(source).then((opened) => {
            this.#restarts = restarts;
            if (opened)
                this.#set({
                    note: `The worker ended by ${why}; it was started again and ${nameOf(source)} was reopened.`,
                });
        });
    }

    #set(change: Partial<SessionState>): void {
        this.state = { ...this.state, ...change };
        for (const listener of this.#listeners) listener();
    }
}

export function nameOf(source: Source): string {
    switch (source.kind) {
        case "file":
            return source.file.name;
        case "url":
            return decodeURIComponent(source.url.split(/[?#]/)[0]?.split("/").pop() || source.url);
        case "embedded":
        case "served":
            return source.title;
    }
}

function refuse(source: Source): void {
    if (source.kind !== "file") return;
    const { name, size } = source.file;
    if (size === 0)
        throw new Failure(
            "Empty",
            `“${name}” is empty. If it is a database, it may be being written: copy it when nothing writes.`,
        );
    if (size > MAX_DATABASE)
        throw new Failure(
            "Large",
            `“${name}” has ${formatBytes(size)}; a page reads up to ${formatBytes(MAX_DATABASE)}. Export a snapshot of it: lightspeed export --snapshot FILE.`,
        );
}

function explain(error: unknown, name: string): string {
    const text = sentence(error);
    switch (error instanceof Error ? error.name : "") {
        case "Foreign":
            return `“${name}” is neither a Lightspeed snapshot nor a database of ours. Give the page a .lightspeed_deps.db, or what “lightspeed export --snapshot FILE” wrote.`;
        case "Fetch":
        case "Empty":
        case "Large":
            return text;
        case "NotReadableError":
        case "NotFoundError":
            return `“${name}” cannot be read: it was moved or changed meanwhile, or is a directory. Choose it again.`;
        default:
            return `“${name}” cannot be opened: ${text}`;
    }
}
