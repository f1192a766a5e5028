// Has the browser compile what a selection runs before anyone asks for one.

import type { Module } from "./module.ts";
import type { Suite } from "./suite.ts";

/** Browsers compile a function of a module when it is first called, and again, better, when it has run for a while. */
const FILES = 20;
const PAUSE = 20;
const EDIT = new TextEncoder().encode("\n_ = 0\n");

/** Selects as if a few of the suite's files were edited, one at a time and with pauses: who asks meanwhile waits for one file at most. */
export async function warmUp(module: Module, suite: Suite, isOpen: () => boolean): Promise<void> {
    for (const path of [...suite.paths].slice(0, FILES)) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        const text = isOpen() ? suite.text(path) : undefined;
        if (text) select(module, suite, path, text);
    }
}

function select(module: Module, suite: Suite, path: string, text: Uint8Array): void {
    const edited = new Uint8Array(text.length + EDIT.length);
    edited.set(text);
    edited.set(EDIT, text.length);
    const files = module.files();
    try {
        files.add(path, edited);
        suite.index.select(files, {}).free();
    } finally {
        files.free();
    }
}
