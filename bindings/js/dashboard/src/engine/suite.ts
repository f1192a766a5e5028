// The opened suite: its index, its context and what is worked out from both once.

import type { Context, IndexFile, StepBenchmark, StepReport, Verdict } from "../model/documents.ts";
import { rankTexts } from "../model/filter.ts";
import { instanceReader, type Instance } from "../model/instance.ts";
import { gravity } from "../model/verdict.ts";
import { Failure } from "./failure.ts";
import type { IndexHandle, Opened } from "./module.ts";

const SCHEMA = "lightspeed.context/1";

/** The last step in which an instance was compared. */
export interface LastChange {
    step: string;
    ratio: number;
    verdict: Verdict | null;
}

export class Suite {
    readonly ids: readonly string[];
    readonly files: readonly IndexFile[];
    readonly context: Context | null;
    readonly numberOf: Map<string, number>;
    readonly paths: ReadonlySet<string>;
    readonly instance: (id: string) => Instance;
    /** By instance number; NaN where there is none. */
    readonly baselines: Float64Array;
    readonly changes: Float64Array;
    readonly gravities: Float64Array;
    readonly lastSteps: Int32Array;
    #nameRanks: Uint32Array | null = null;

    constructor(
        private readonly opened: Opened,
        readonly name: string,
        readonly bytes: number,
    ) {
        this.ids = opened.index.ids();
        this.files = opened.index.files();
        this.context = checked(opened.context);
        this.numberOf = new Map(this.ids.map((id, number) => [id, number]));
        this.paths = new Set(opened.paths);
        this.instance = instanceReader(this.context?.benchmarks ?? []);
        const none = () => new Float64Array(this.ids.length).fill(NaN);
        [this.baselines, this.changes, this.gravities] = [none(), none(), none()];
        this.lastSteps = new Int32Array(this.ids.length).fill(-1);
        this.#gather();
    }

    get index(): IndexHandle {
        return this.opened.index;
    }
    get steps(): readonly StepReport[] {
        return this.context?.steps ?? [];
    }

    /** Places of ids in their natural order. */
    get nameRanks(): Uint32Array {
        this.#nameRanks ??= rankTexts(this.ids);
        return this.#nameRanks;
    }

    unit(id: string): string | null {
        return this.context?.baselines[id]?.unit ?? this.instance(id).benchmark?.unit ?? null;
    }

    lastChange(number: number): LastChange | null {
        const step = this.steps[this.lastSteps[number] ?? -1];
        const result = step?.benchmarks[this.ids[number] ?? ""];
        return step && result?.ratio != null
            ? { step: step.step_id, ratio: result.ratio, verdict: result.verdict }
            : null;
    }

    result(stepId: string, id: string): StepBenchmark | null {
        return this.steps.find((step) => step.step_id === stepId)?.benchmarks[id] ?? null;
    }

    text(path: string): Uint8Array | undefined {
        return this.paths.has(path) ? this.opened.text(path) : undefined;
    }

    free(): void {
        this.opened.free();
    }

    #gather(): void {
        for (const [id, baseline] of Object.entries(this.context?.baselines ?? {})) {
            const number = this.numberOf.get(id);
            if (number !== undefined) this.baselines[number] = baseline.stats.median;
        }
        this.steps.forEach((step, place) => {
            for (const [id, result] of Object.entries(step.benchmarks)) {
                const number = this.numberOf.get(id);
                if (number === undefined || result.ratio === null) continue;
                this.changes[number] = Math.log(result.ratio);
                this.gravities[number] = gravity(result.verdict, result.status);
                this.lastSteps[number] = place;
            }
        });
    }
}

function checked(context: Context | undefined): Context | null {
    const schema: string | undefined = context?.schema;
    if (schema !== undefined && schema !== SCHEMA) {
        throw new Failure(
            "Version",
            `its context is ${schema}, this page reads ${SCHEMA}: export it with the release that made this page, or open it with a newer page`,
        );
    }
    return context ?? null;
}
