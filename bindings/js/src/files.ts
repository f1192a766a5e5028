// The files as they are now.
import * as module from "./lightspeed.js";
import { type Content, bytes, text } from "./arguments.js";
import { call } from "./call.js";
import { InputError } from "./errors.js";
import { Held, type Handle, disposable } from "./handle.js";

/** Changed files by path: their content now, or null where they are gone. */
export type Changes = Readonly<Record<string, Content | null>>;

let rawOf: (files: Files) => module.Files;

/** The files as they are now, for many questions about the same ones. Files that are not named are as they were surveyed. */
export class Files implements Handle {
    readonly #held: Held<module.Files>;

    static {
        rawOf = (files) => files.#held.raw;
    }

    constructor(changes: Changes = {}) {
        this.#held = new Held(
            "set of files",
            call(InputError, () => new module.Files()),
        );
        for (const [path, content] of Object.entries(changes)) {
            if (content === null) {
                this.remove(path);
            } else {
                this.add(path, content);
            }
        }
    }

    /** Says what a file holds now, in place of what was said before; `path` is '/'-separated and relative to the source root. */
    add(path: string, content: Content): void {
        const [name, bytes_] = [text("the path", path), bytes("the content", content)];
        const { raw } = this.#held;
        call(InputError, () => raw.add(name, bytes_));
    }

    /** Says that a file is gone. */
    remove(path: string): void {
        const name = text("the path", path);
        const { raw } = this.#held;
        call(InputError, () => raw.remove(name));
    }

    free(): void {
        this.#held.free();
    }

    declare [Symbol.dispose]: () => void;
}
disposable(Files);

/** @internal The module's object. */
export function rawFiles(files: Files): module.Files {
    return rawOf(files);
}
