// The map of a suite: what uses which files, and how much of them.
import type * as module from "./lightspeed.js";
import { count } from "./arguments.js";
import { call } from "./call.js";
import { InputError } from "./errors.js";
import { Held, type Handle, disposable } from "./handle.js";
import { read } from "./json.js";

/** One row: instances gathered under a name. */
export interface MapRow {
    readonly name: string;
    /** How many instances. */
    readonly count: number;
}

let of: (raw: module.SuiteMap) => SuiteMap;

/** A matrix of gathered instances and files. */
export class SuiteMap implements Handle {
    readonly #held: Held<module.SuiteMap>;

    static {
        of = (raw) => new SuiteMap(raw);
    }

    private constructor(raw: module.SuiteMap) {
        this.#held = new Held("map", raw);
    }

    /** What the rows are. */
    rows(): readonly MapRow[] {
        const { raw } = this.#held;
        return read(call(InputError, () => raw.rows()));
    }

    /** Paths of the files that the columns are. */
    columns(): readonly string[] {
        const { raw } = this.#held;
        return read(call(InputError, () => raw.columns()));
    }

    /** Row by row, for each column how many blocks of the file the row's instances execute; 0 is none. */
    cells(): Uint32Array {
        const { raw } = this.#held;
        return call(InputError, () => raw.cells());
    }

    /** How many blocks each column's file has. */
    units(): Uint32Array {
        const { raw } = this.#held;
        return call(InputError, () => raw.units());
    }

    /** Numbers of the instances of a row. */
    members(row: number): Uint32Array {
        const number = count("the row", row);
        const { raw } = this.#held;
        return call(InputError, () => raw.members(number));
    }

    free(): void {
        this.#held.free();
    }

    declare [Symbol.dispose]: () => void;
}
disposable(SuiteMap);

/** @internal The handle of what the module gave. */
export function mapOf(raw: module.SuiteMap): SuiteMap {
    return of(raw);
}
