// What a change affects, and why.
import type * as module from "./lightspeed.js";
import { count } from "./arguments.js";
import { call } from "./call.js";
import { InputError } from "./errors.js";
import { Held, type Handle, disposable } from "./handle.js";
import { read } from "./json.js";
import type { Hotfile, Policy, ReasonGroup, SelectReport } from "./types.js";

/** How a change is judged. */
export interface Question {
    /** How finely; as finely as the survey allows unless told. */
    readonly policy?: Policy;
    /** Leave out changes that would select more than this share of all instances, 0 to 1; sentinels are selected in their stead. */
    readonly hotfile_threshold?: number;
}

let of: (raw: module.Selection) => Selection;

/** The answer of an index. Instances and reasons are named by numbers; ids are in {@link Index.ids}. */
export class Selection implements Handle {
    readonly #held: Held<module.Selection>;

    static {
        of = (raw) => new Selection(raw);
    }

    private constructor(raw: module.Selection) {
        this.#held = new Held("selection", raw);
    }

    /** Numbers of the affected instances, ascending. */
    affected(): Uint32Array {
        const { raw } = this.#held;
        return call(InputError, () => raw.affected());
    }

    /** Every reason once, with its words and how many instances it affects; its position is its number. */
    reasons(): readonly ReasonGroup[] {
        const { raw } = this.#held;
        return read(call(InputError, () => raw.reasons()));
    }

    /** Numbers of the instances that a reason affects. */
    who(reason: number): Uint32Array {
        const number = count("the reason", reason);
        const { raw } = this.#held;
        return call(InputError, () => raw.who(number));
    }

    /** Numbers of the reasons why an instance is affected; none where it is not. */
    why(instance: number): Uint32Array {
        const number = count("the instance", instance);
        const { raw } = this.#held;
        return call(InputError, () => raw.why(number));
    }

    /** Paths of the files whose content differs from the survey's. */
    changedFiles(): readonly string[] {
        const { raw } = this.#held;
        return read(call(InputError, () => raw.changed_files()));
    }

    /** Changes that were left out because they would select too much. */
    hotfiles(): readonly Hotfile[] {
        const { raw } = this.#held;
        return read(call(InputError, () => raw.hotfiles()));
    }

    /** The document that `lightspeed select --json` prints. */
    report(): SelectReport {
        const { raw } = this.#held;
        return read(call(InputError, () => raw.report()));
    }

    /** The answer as Markdown. */
    markdown(): string {
        const { raw } = this.#held;
        return call(InputError, () => raw.markdown());
    }

    free(): void {
        this.#held.free();
    }

    declare [Symbol.dispose]: () => void;
}
disposable(Selection);

/** @internal The handle of what the module gave. */
export function selectionOf(raw: module.Selection): Selection {
    return of(raw);
}
