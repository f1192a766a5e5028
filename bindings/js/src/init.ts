// Starting the module: in a browser, a worker or Node.
import start from "./lightspeed.js";
import { begin } from "./call.js";
import { InputError, LightspeedError, StartError } from "./errors.js";
import { shown } from "./arguments.js";

/** Where the module comes from: its URL, an answer to a request for it, its bytes, or what was compiled from them. */
export type ModuleSource =
    string | URL | Response | PromiseLike<Response> | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;

type Startable = Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;

let starting: Promise<void> | undefined;

/**
 * Starts the module, once for a page, worker or process; whoever calls again waits for the same start. Without `source` it is the file
 * beside this one: browsers fetch it, Node reads it.
 *
 * @throws {StartError} The module cannot be had, or is none. It may be tried again.
 */
export function init(source?: ModuleSource): Promise<void> {
    starting ??= begun(source ?? new URL("./lightspeed.wasm", import.meta.url)).catch((cause: unknown) => {
        starting = undefined;
        throw cause;
    });
    return starting;
}

async function begun(source: ModuleSource): Promise<void> {
    try {
        await start({ module_or_path: await startable(await source) });
    } catch (cause) {
        if (cause instanceof LightspeedError) {
            throw cause;
        }
        const detail = cause instanceof Error ? cause.message : String(cause);
        throw new StartError("Start", `the module cannot be started (${detail}): give this release's lightspeed.wasm`, {
            cause,
        });
    }
    begin();
}

async function startable(source: Awaited<ModuleSource>): Promise<Startable> {
    if (typeof source === "string" || source instanceof URL) {
        return fetched(source);
    }
    if (source instanceof Response) {
        return usable(source, source.url);
    }
    if (source instanceof ArrayBuffer || ArrayBuffer.isView(source) || source instanceof WebAssembly.Module) {
        return source;
    }
    throw new InputError(
        "Input",
        `the module is ${shown(source)}: give a URL, a Response, bytes or a WebAssembly.Module`,
    );
}

async function fetched(address: string | URL): Promise<Startable> {
    if (isNode() && new URL(address).protocol === "file:") {
        // Bundlers for browsers would look for it.
        const name = "node:fs/promises";
        const files = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as {
            readFile(url: URL): Promise<Uint8Array<ArrayBuffer>>;
        };
        return files.readFile(new URL(address));
    }
    return usable(await fetch(address), String(address));
}

function usable(answer: Response, url: string): Response {
    if (!answer.ok) {
        throw new StartError(
            "Start",
            `the module is not at ${url} (status ${answer.status}): serve lightspeed.wasm there, or give init its URL`,
        );
    }
    return answer;
}

function isNode(): boolean {
    const versions = (globalThis as { process?: { versions?: { node?: string } } }).process?.versions;
    return versions?.node !== undefined;
}
