// The index of a survey: which instance depends on what.
import * as module from "./lightspeed.js";
import { bytes, count, text } from "./arguments.js";
import { call } from "./call.js";
import { InputError, SnapshotError } from "./errors.js";
import { type Changes, Files, rawFiles } from "./files.js";
import { Held, type Handle, disposable } from "./handle.js";
import { read, write } from "./json.js";
import { type Question, type Selection, selectionOf } from "./selection.js";
import { type SuiteMap, mapOf } from "./suite_map.js";
import type { BaselineReport, BlockHeat, Context, Grouping, IndexFile, InstanceFile } from "./types.js";

const SECONDS = "seconds";

let of: (raw: module.Index) => Index;

/** Answers what a change affects. It comes from a snapshot, a database or a {@link SurveyBuilder}. */
export class Index implements Handle {
    readonly #held: Held<module.Index>;

    static {
        of = (raw) => new Index(raw);
    }

    private constructor(raw: module.Index) {
        this.#held = new Held("index", raw);
    }

    /**
     * The index of a snapshot, where nothing else of it is needed.
     *
     * @throws {SnapshotError} Bytes that are none, are of another version or are damaged.
     */
    static fromSnapshot(snapshot: Uint8Array): Index {
        const content = bytes("the snapshot", snapshot);
        const raw = call(SnapshotError, () => new module.Snapshot(content));
        try {
            return indexOfSnapshot(raw);
        } finally {
            raw.free();
        }
    }

    /** A snapshot of it, without texts and context. The same survey gives the same bytes. */
    snapshot(): Uint8Array {
        const { raw } = this.#held;
        return call(SnapshotError, () => raw.snapshot());
    }

    /** Ids of the instances; their positions are their numbers. */
    ids(): readonly string[] {
        const { raw } = this.#held;
        return read(call(InputError, () => raw.ids()));
    }

    /** The files that instances depend on. */
    files(): readonly IndexFile[] {
        const { raw } = this.#held;
        return read(call(InputError, () => raw.files()));
    }

    /** How many instances use each block of a file; none for a file that is compared as a whole, or is not known. */
    heat(path: string): readonly BlockHeat[] {
        const name = text("the path", path);
        const { raw } = this.#held;
        return read(call(InputError, () => raw.heat(name)));
    }

    /** The map of the suite, instances gathered by file, class or benchmark. */
    map(by: Grouping): SuiteMap {
        const grouping = text("what to gather by", by);
        const { raw } = this.#held;
        return mapOf(call(InputError, () => raw.map(grouping)));
    }

    /** What an instance depends on. */
    depends(instance: number): readonly InstanceFile[] {
        const number = count("the instance", instance);
        const { raw } = this.#held;
        return read(call(InputError, () => raw.depends(number)));
    }

    /** What a change affects. Files that are not named are as they were surveyed. */
    select(changes: Files | Changes, question: Question = {}): Selection {
        const asked = write("the question", question);
        if (changes instanceof Files) {
            return this.#select(changes, asked);
        }
        const files = new Files(changes);
        try {
            return this.#select(files, asked);
        } finally {
            files.free();
        }
    }

    #select(files: Files, question: string): Selection {
        const [raw, given] = [this.#held.raw, rawFiles(files)];
        return selectionOf(call(InputError, () => raw.select(given, question)));
    }

    free(): void {
        this.#held.free();
    }

    declare [Symbol.dispose]: () => void;
}
disposable(Index);

/** @internal The handle of what the module gave, told what a run of each instance took: a change that is left out as too wide is stood for by the cheapest. */
export function indexOf(raw: module.Index, baselines: Readonly<Record<string, BaselineReport>> = {}): Index {
    const index = of(raw);
    const seconds = (id: string): number => {
        const baseline = Object.hasOwn(baselines, id) ? baselines[id] : undefined;
        return baseline?.unit === SECONDS ? baseline.stats.median : NaN;
    };
    call(InputError, () => raw.set_costs(Float64Array.from(index.ids(), seconds)));
    return index;
}

/** @internal The index that a snapshot gives away. */
export function indexOfSnapshot(raw: module.Snapshot): Index {
    const document = call(SnapshotError, () => raw.context());
    const baselines = document === "" ? {} : read<Context>(document).baselines;
    return indexOf(
        call(SnapshotError, () => raw.index()),
        baselines,
    );
}
