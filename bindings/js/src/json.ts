// JSON between JavaScript and the module, with what JSON.stringify and JSON.parse would lose.
import { InputError } from "./errors.js";
import { shown } from "./arguments.js";

/** What is written for a number that JSON has no form for. */
type Unwritable = (value: number, at: string) => string;

/**
 * @internal JSON of a value: −0 keeps its sign, a bigint all its digits. Numbers that are not finite are refused.
 */
export function write(what: string, value: unknown): string {
    return written(value, what, (number, at) => {
        throw new InputError("Input", `${at} is ${number}: give a finite number`);
    });
}

/** @internal The same, where samples may hold numbers that are not finite: the statistics say which and where. */
export function writeSamples(what: string, value: unknown): string {
    return written(value, what, (number) =>
        JSON.stringify(Number.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity"),
    );
}

/** @internal The value of the module's JSON. A seed that is no safe integer is a bigint. */
export function read<T>(text: string): T {
    // In a string the quotes would be escaped, so this is a key; the module writes no white space.
    const large = /([{,]"seed":)(\d{16,})(?=[,}])/g;
    if (!large.test(text)) {
        return JSON.parse(text) as T;
    }
    const seed = (key: string, value: unknown) =>
        key === "seed" && typeof value === "string" ? exact(BigInt(value)) : value;
    return JSON.parse(text.replace(large, '$1"$2"'), seed) as T;
}

function exact(value: bigint): number | bigint {
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function written(value: unknown, at: string, unwritable: Unwritable): string {
    switch (typeof value) {
        case "number":
            if (!Number.isFinite(value)) {
                return unwritable(value, at);
            }
            return Object.is(value, -0) ? "-0.0" : String(value);
        case "bigint":
            return value.toString();
        case "object":
            if (value === null) {
                return "null";
            }
            if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
                const items = Array.from(value as ArrayLike<unknown>, (item, index) =>
                    written(item, `${at}[${index}]`, unwritable),
                );
                return `[${items.join(",")}]`;
            }
            return `{${fields(value, at, unwritable).join(",")}}`;
        case "string":
        case "boolean":
            return JSON.stringify(value);
        default:
            throw new InputError("Input", `${at} is ${shown(value)}: there is no JSON for it`);
    }
}

function fields(value: object, at: string, unwritable: Unwritable): string[] {
    // As JSON.stringify has it: what is undefined is not there.
    const present = Object.entries(value).filter(([, item]) => item !== undefined);
    return present.map(([key, item]) => `${JSON.stringify(key)}:${written(item, `${at}.${key}`, unwritable)}`);
}
