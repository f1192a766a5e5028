// Failures on their way from the worker to the page. Comlink carries an error's name and message, so the code is its name.

/** What failed, with the module's code where it has one. */
export class Failure extends Error {
    readonly code: string;

    constructor(code: string, message: string) {
        super(message);
        this.code = this.name = code;
    }
}

/** A defect of ours: what the module's memory holds can no longer be relied on. */
export function isDefect(error: unknown): boolean {
    const name = error instanceof Error ? error.name : "";
    return name === "Panic" || name === "PanicError" || name === "RuntimeError" || name === "Crashed";
}

/** The sentence for a person. */
export function sentence(error: unknown): string {
    return error instanceof Error && error.message !== "" ? error.message : String(error);
}

/** An object whose methods throw what survives the way to the page. */
export function guarded<T extends object>(target: T): T {
    return new Proxy(target, {
        get(object, key) {
            const value: unknown = Reflect.get(object, key, object);
            if (typeof value !== "function") return value;
            return async (...args: unknown[]) => {
                try {
                    return await (value.apply(object, args) as unknown);
                } catch (error) {
                    throw portable(error);
                }
            };
        },
    });
}

function portable(error: unknown): Error {
    const code = (error as { code?: unknown } | null)?.code;
    const name = typeof code === "string" ? code : error instanceof Error ? error.name : "Error";
    const plain = new Error(sentence(error));
    plain.name = name;
    return plain;
}
