// A defect in the module: an error of ours, and every further call says that the module has stopped.
import { Experiment, InputError, PanicError, blocks, init, stats } from "lightspeed";
import { expect, test } from "vitest";

// The one that the package calls through; its declaration is stripped.
import * as calls from "../dist/call.js";

const { call } = calls as unknown as { call(family: typeof InputError, run: () => unknown): unknown };

/** A module whose function `f` is the instruction `unreachable`. */
const TRAP = Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 4, 1, 0x60, 0, 0],
    ...[3, 2, 1, 0],
    ...[7, 5, 1, 1, 0x66, 0, 0],
    ...[10, 5, 1, 3, 0, 0, 11],
);

test("a call before the start says what to do", () => {
    expect(() => blocks("a.py", "")).toThrow("await init() first");
});

test("a trap is no RuntimeError, and the module stays down", async () => {
    await init();
    const experiment = new Experiment({
        design: { kind: "pairs", pairs: 3 },
        benchmarks: [{ id: "a", margin: 0.02, control: false }],
        alpha: 0.05,
        seed: 1,
        warmups: 0,
    });
    const { instance } = await WebAssembly.instantiate(TRAP);
    const trap = instance.exports["f"] as () => void;
    expect(trap).toThrow(WebAssembly.RuntimeError);
    for (const use of [
        () => call(InputError, trap),
        () => stats("summarize", { sample: [1] }),
        () => experiment.next(),
        () => blocks("a.py", ""),
    ]) {
        expect(use).toThrow(PanicError);
        expect(use).toThrow(
            expect.objectContaining({ code: "Panic", message: expect.stringContaining("begin again in a new worker") }),
        );
    }
    experiment.free();
    await expect(init()).resolves.toBeUndefined();
});
