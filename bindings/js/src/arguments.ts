// Arguments as the module takes them: what it would silently turn into something else is refused.
import { InputError } from "./errors.js";

/** The content of a file: bytes in the encoding that they declare, or text. */
export type Content = Uint8Array | string;

/** @internal */
export function text(what: string, value: unknown): string {
    if (typeof value !== "string") {
        throw new InputError("Input", `${what} is ${shown(value)}: give a string`);
    }
    // A lone half of a pair would become another character on the way.
    if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value)) {
        throw new InputError("Input", `${what} holds half of a surrogate pair: give well-formed text`);
    }
    return value;
}

/** @internal */
export function bytes(what: string, value: unknown): Uint8Array {
    if (typeof value === "string") {
        return new TextEncoder().encode(text(what, value));
    }
    if (ArrayBuffer.isView(value) && value instanceof Uint8Array) {
        return value;
    }
    throw new InputError("Input", `${what} is ${shown(value)}: give a Uint8Array or a string`);
}

/** @internal A whole number that fits 32 bits. */
export function count(what: string, value: unknown): number {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 0xffffffff) {
        throw new InputError("Input", `${what} is ${shown(value)}: give a whole number from 0 to 4294967295`);
    }
    return value;
}

/** @internal */
export function counts(what: string, values: Iterable<number>): Uint32Array {
    return values instanceof Uint32Array ? values : Uint32Array.from(values, (value) => count(what, value));
}

/** @internal A value as a message shows it. */
export function shown(value: unknown): string {
    if (typeof value === "string") {
        return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    }
    return typeof value === "object" && value !== null
        ? `an object of ${value.constructor?.name ?? "no class"}`
        : String(value);
}
