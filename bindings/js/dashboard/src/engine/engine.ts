// The engine: what the worker offers to the page. It holds all handles; the page holds what it shows.

import { transfer } from "comlink";
import type { Context, Grouping, IndexFile, BlockHeat } from "../model/documents.ts";
import { decode } from "../model/text.ts";
import type { ChangeInput, Entry } from "./change.ts";
import { compareSides } from "./comparing.ts";
import { Failure } from "./failure.ts";
import { detailOf, summarize, type InstanceDetail, type StepSummary } from "./history.ts";
import { Lists, type Listed } from "./lists.ts";
import { listInstances, listResults, listStep, type Query, type ResultRow } from "./listing.ts";
import { loadModule, type Binaries, type Module, type Question, type SuiteMapHandle } from "./module.ts";
import { inflate } from "./inflate.ts";
import { Suite } from "./suite.ts";
import { warmUp } from "./warmup.ts";
import { WhatIf, type Answer, type ReasonDetail } from "./whatif.ts";

export interface Overview {
    name: string;
    bytes: number;
    suite: Context["suite"] | null;
    instances: number;
    benchmarks: number;
    files: number;
    texts: number;
    baselines: number;
    steps: number;
}

export interface MapShape {
    rows: readonly { name: string; count: number }[];
    columns: readonly string[];
    units: Uint32Array;
}
export interface FileDetail {
    file: IndexFile;
    blocks: readonly BlockHeat[];
    text: string | null;
    instances: number;
}

/** Which instances a list is about. */
export type Among =
    | { by: "all" }
    | { by: "row"; grouping: Grouping; row: number }
    | { by: "affected" }
    | { by: "unaffected" }
    | { by: "reason"; reason: number };

export class Engine {
    #module: Module | null = null;
    #suite: Suite | null = null;
    #map: { by: Grouping; handle: SuiteMapHandle; cells: Uint32Array; columns: number } | null = null;
    #whatIf: WhatIf | null = null;
    #compared: { key: string; rows: ResultRow[] } | null = null;
    #comparing = 0;
    readonly #lists = new Lists();

    /** Starts the module from its compressed bytes. */
    async start(packed: { core: ArrayBuffer; sqlite: ArrayBuffer }): Promise<void> {
        const binaries: Binaries = { core: await inflate(packed.core), sqlite: await inflate(packed.sqlite) };
        this.#module = await loadModule(binaries);
    }

    /** Opens a snapshot or a database in place of what is open; what is open stays if it fails. */
    async open(bytes: Uint8Array, name: string): Promise<Overview> {
        const module = this.#need();
        const opened = isDatabase(bytes) ? await module.openDatabase(bytes) : module.openSnapshot(bytes);
        const suite = new Suite(opened, name, bytes.length);
        this.close();
        this.#suite = suite;
        this.#whatIf = new WhatIf(module, suite);
        // Should it fail, so will the selection that is asked for, and say why.
        warmUp(module, suite, () => this.#suite === suite).catch(() => undefined);
        return this.overview();
    }

    /** Opens what a URL gives; null if it is still what `etag` names. */
    async openUrl(
        url: string,
        name: string,
        etag: string | null,
    ): Promise<{ overview: Overview; etag: string | null } | null> {
        const response = await fetch(url, {
            credentials: "omit",
            headers: etag ? { "If-None-Match": etag } : {},
        }).catch((cause: unknown) => {
            throw new Failure(
                "Fetch",
                `${url} could not be fetched (${cause instanceof Error ? cause.message : String(cause)}). The server may be down, or does not allow other pages to read it (CORS): download the file and drop it here.`,
            );
        });
        if (response.status === 304) return null;
        if (!response.ok)
            throw new Failure("Fetch", `${url} answered ${response.status} ${response.statusText}. Check the address.`);
        return {
            overview: await this.open(new Uint8Array(await response.arrayBuffer()), name),
            etag: response.headers.get("ETag"),
        };
    }

    close(): void {
        this.#map?.handle.free();
        this.#whatIf?.free();
        this.#suite?.free();
        this.#map = this.#whatIf = this.#suite = this.#compared = null;
    }

    overview(): Overview {
        const suite = this.#opened();
        return {
            name: suite.name,
            bytes: suite.bytes,
            suite: suite.context?.suite ?? null,
            instances: suite.ids.length,
            benchmarks: suite.context?.benchmarks.length ?? 0,
            files: suite.files.length,
            texts: suite.paths.size,
            baselines: Object.keys(suite.context?.baselines ?? {}).length,
            steps: suite.steps.length,
        };
    }

    map(by: Grouping): MapShape {
        const { handle } = this.#mapBy(by);
        return { rows: handle.rows(), columns: handle.columns(), units: handle.units() };
    }

    /** Cells of some rows and columns of the map, row after row. */
    mapCells(by: Grouping, rows: readonly number[], columns: readonly number[]): Uint32Array {
        const map = this.#mapBy(by);
        const window = new Uint32Array(rows.length * columns.length);
        let at = 0;
        for (const row of rows) for (const column of columns) window[at++] = map.cells[row * map.columns + column] ?? 0;
        return transfer(window, [window.buffer]);
    }

    paths(): string[] {
        return this.#opened().files.map((file) => file.path);
    }

    file(path: string): FileDetail | null {
        const suite = this.#opened();
        const file = suite.files.find((known) => known.path === path);
        if (!file) return null;
        const bytes = suite.text(path);
        return {
            file,
            blocks: suite.index.heat(path),
            text: bytes ? decode(bytes).text : null,
            instances: suite.ids.length,
        };
    }

    instances(query: Query, among: Among): Listed {
        return listInstances(this.#lists, this.#opened(), query, this.#among(among));
    }

    rows(key: number, from: number, to: number): unknown[] | null {
        return this.#lists.rows(key, from, to);
    }

    instance(id: string): InstanceDetail | null {
        return detailOf(this.#opened(), id);
    }

    steps(): StepSummary[] {
        return this.#opened().steps.map(summarize);
    }

    step(id: string, query: Query): Listed | null {
        const suite = this.#opened();
        const step = suite.steps.find((known) => known.step_id === id);
        return step ? listStep(this.#lists, suite, step, query) : null;
    }

    /** Compares two sides; null if another comparison was asked for meanwhile. */
    async compare(
        from: string,
        to: string,
        margin: number,
        query: Query,
        progress: (share: number) => void,
    ): Promise<{ list: Listed; counts: Record<string, number> } | null> {
        const suite = this.#opened();
        const turn = ++this.#comparing;
        const key = JSON.stringify([from, to, margin]);
        if (this.#compared?.key !== key) {
            const rows = await compareSides(
                this.#need(),
                suite,
                from,
                to,
                margin,
                progress,
                () => this.#comparing !== turn || this.#suite !== suite,
            );
            if (!rows) return null;
            this.#compared = { key, rows };
        }
        const counts: Record<string, number> = {};
        for (const row of this.#compared.rows) counts[row.verdict ?? "none"] = (counts[row.verdict ?? "none"] ?? 0) + 1;
        return { list: listResults(this.#lists, this.#compared.rows, query), counts };
    }

    takeChange(input: ChangeInput): { entries: Entry[]; error: string | null } {
        this.#opened();
        return this.#whatIf?.take(input) ?? { entries: [], error: null };
    }

    answer(question: Question): Answer | null {
        return this.#whatIf?.answer(question) ?? null;
    }

    reason(number: number): ReasonDetail | null {
        return this.#whatIf?.detail(number) ?? null;
    }

    selectionMarkdown(): string {
        return this.#whatIf?.selection?.markdown() ?? "";
    }

    /** Ids of a list, one a line. */
    ids(among: Among): string[] {
        const suite = this.#opened();
        return Array.from(this.#among(among) ?? suite.ids.keys(), (number) => suite.ids[number] ?? "");
    }

    #among(among: Among): Uint32Array | null {
        const selection = this.#whatIf?.selection;
        switch (among.by) {
            case "all":
                return null;
            case "row":
                return this.#mapBy(among.grouping).handle.members(among.row);
            case "reason":
                return selection?.who(among.reason) ?? new Uint32Array();
            case "affected":
                return selection?.affected() ?? new Uint32Array();
            case "unaffected": {
                const affected = new Set(selection?.affected());
                return Uint32Array.from(this.#opened().ids.keys()).filter((number) => !affected.has(number));
            }
        }
    }

    #mapBy(by: Grouping) {
        if (this.#map?.by !== by) {
            this.#map?.handle.free();
            this.#map = null;
            const handle = this.#opened().index.map(by);
            this.#map = { by, handle, cells: handle.cells(), columns: handle.columns().length };
        }
        return this.#map;
    }

    #need(): Module {
        if (!this.#module) throw new Failure("Start", "The module is not running. Load the page again.");
        return this.#module;
    }

    #opened(): Suite {
        if (!this.#suite) throw new Failure("Closed", "Nothing is open: drop a database or a snapshot on the page.");
        return this.#suite;
    }
}

function isDatabase(bytes: Uint8Array): boolean {
    return new TextDecoder("latin1").decode(bytes.subarray(0, 16)) === "SQLite format 3\0";
}
