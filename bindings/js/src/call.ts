// Calls into the module: whatever fails in there becomes an error of ours, and after a trap nothing more goes in.
import { type Family, InputError, LightspeedError, PanicError, StartError } from "./errors.js";

let started = false;
let defect: unknown;

/** @internal The module may be called from now on. */
export function begin(): void {
    started = true;
}

/** @internal Whether a trap has stopped the module. */
export function hasStopped(): boolean {
    return defect !== undefined;
}

/** @internal Runs what calls the module; what the module refuses is an error of `family`. */
export function call<T>(family: Family, run: () => T): T {
    if (defect !== undefined) {
        throw stopped("an earlier call met a defect, and the module has stopped");
    }
    if (!started) {
        throw new StartError("NotStarted", "the module is not started: await init() first");
    }
    try {
        return run();
    } catch (cause) {
        throw translated(family, cause);
    }
}

function translated(family: Family, cause: unknown): unknown {
    if (cause instanceof LightspeedError) {
        return cause;
    }
    const code = cause instanceof Error ? (cause as { code?: unknown }).code : undefined;
    if (typeof code === "string" && code !== "Panic") {
        const message = (cause as Error).message;
        return code === "Input" ? new InputError(code, message) : new family(code, message);
    }
    // A trap, a stack that ran over, or what cannot be: the module's memory is in no known state.
    defect = cause;
    return stopped("the library met a defect of its own, or had no memory left, and the module has stopped");
}

function stopped(what: string): PanicError {
    const detail = defect instanceof Error ? defect.message : String(defect);
    return new PanicError("Panic", `${what} (${detail}): begin again in a new worker, page or process`, {
        cause: defect,
    });
}
