// Snapshots: a survey as one file, with what belongs to it.
import * as module from "./lightspeed.js";
import { bytes, text } from "./arguments.js";
import { call } from "./call.js";
import { type Index, indexOfSnapshot } from "./dependency_index.js";
import { SnapshotError } from "./errors.js";
import { Held, type Handle, disposable } from "./handle.js";
import { read } from "./json.js";
import type { Context } from "./types.js";

/** A file that `lightspeed export --snapshot` wrote. */
export class Snapshot implements Handle {
    readonly #held: Held<module.Snapshot>;

    /** @throws {SnapshotError} Bytes that are none (`Foreign`), are of another version (`Version`) or are damaged (`Damaged`). */
    constructor(snapshot: Uint8Array) {
        const content = bytes("the snapshot", snapshot);
        this.#held = new Held(
            "snapshot",
            call(SnapshotError, () => new module.Snapshot(content)),
        );
    }

    /** Its index, once: the snapshot gives it away, and the caller frees it. */
    index(): Index {
        const { raw } = this.#held;
        return indexOfSnapshot(raw);
    }

    /** Where the survey comes from and what was measured, where that is in the snapshot. */
    context(): Context | undefined {
        const { raw } = this.#held;
        const document = call(SnapshotError, () => raw.context());
        return document === "" ? undefined : read(document);
    }

    /** Paths of the files whose surveyed text is there. */
    paths(): readonly string[] {
        const { raw } = this.#held;
        return read(call(SnapshotError, () => raw.paths()));
    }

    /** A file as it was surveyed, where its text is there. */
    text(path: string): Uint8Array | undefined {
        const name = text("the path", path);
        const { raw } = this.#held;
        return call(SnapshotError, () => raw.text(name));
    }

    free(): void {
        this.#held.free();
    }

    declare [Symbol.dispose]: () => void;
}
disposable(Snapshot);
