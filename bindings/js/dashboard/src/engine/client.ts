// The page's end of the worker: starts it, and starts it again if it dies.

import { wrap, type Remote } from "comlink";
import type { Engine } from "./engine.ts";
import EngineWorker from "./worker.ts?worker&inline";

export interface Client {
    engine: Remote<Engine>;
    stop(): void;
}

/** Starts a worker with the modules that the page carries; `died` is called if it ends by itself. */
export async function startClient(died: (why: string) => void): Promise<Client> {
    const worker = new EngineWorker();
    const engine = wrap<Engine>(worker);
    const failed = new Promise<never>((_, reject) => {
        worker.onerror = (event) => {
            event.preventDefault();
            const why = event.message || "the worker could not be started";
            reject(new Error(why));
            died(why);
        };
    });
    await Promise.race([
        engine.start({ core: embedded("lightspeed-core"), sqlite: embedded("lightspeed-sqlite") }),
        failed,
    ]);
    return { engine, stop: () => worker.terminate() };
}

/** Bytes that the page carries as base64 in an element; none if it is empty or missing. */
export function embedded(id: string): ArrayBuffer {
    const text = document.getElementById(id)?.textContent?.replace(/\s+/g, "") ?? "";
    if (text === "") return new ArrayBuffer(0);
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let place = 0; place < binary.length; place += 1) bytes[place] = binary.charCodeAt(place);
    return bytes.buffer;
}
