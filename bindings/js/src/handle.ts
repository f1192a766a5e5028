// What lives in the module's memory until it is freed.
import { call, hasStopped } from "./call.js";
import { FreedError, LightspeedError } from "./errors.js";

/** Something in the module's memory. The garbage collector frees it late or never: free what is large yourself. */
export interface Handle {
    /** Gives its memory back; any other call on it is a {@link FreedError} from then on. Again is nothing. */
    free(): void;
    /** The same, for `using`. */
    [Symbol.dispose](): void;
}

/** @internal Holds the module's own object, until it is freed. */
export class Held<Raw extends { free(): void }> {
    #raw: Raw | undefined;
    readonly #name: string;

    constructor(name: string, raw: Raw) {
        this.#name = name;
        this.#raw = raw;
    }

    /** The module's object. */
    get raw(): Raw {
        if (this.#raw === undefined) {
            throw new FreedError("Freed", `this ${this.#name} was freed: make another one`);
        }
        return this.#raw;
    }

    /** The module's object, which the caller now has to free. */
    take(): Raw {
        const raw = this.raw;
        this.#raw = undefined;
        return raw;
    }

    free(): void {
        const raw = this.#raw;
        this.#raw = undefined;
        if (raw !== undefined && !hasStopped()) {
            call(LightspeedError, () => raw.free());
        }
    }
}

/** @internal Makes `using` work where the platform knows it. */
export function disposable(handle: { prototype: { free(): void } }): void {
    if (Symbol.dispose !== undefined) {
        Object.defineProperty(handle.prototype, Symbol.dispose, {
            configurable: true,
            value(this: { free(): void }) {
                this.free();
            },
            writable: true,
        });
    }
}
