import { describe, expect, it } from "vitest";
import { clicked, printOrder, rankTexts, readFilter, readOrder, sortByNumber } from "../../src/model/filter.ts";

describe("a filter", () => {
    const fits = (typed: string, text: string) => readFilter(typed).test?.(text);
    it("finds words in any case and order", () => {
        expect(fits("LOOP time", "bench.time_loop")).toBe(true);
        expect(fits("loop memory", "bench.time_loop")).toBe(false);
        expect(fits("  ", "anything")).toBe(true);
    });
    it("takes expressions between slashes", () => {
        expect(fits("/time_.*-\\d$/", "b.time_x-3")).toBe(true);
        expect(fits("/TIME/", "b.time_x")).toBe(false);
        expect(fits("/TIME/i", "b.time_x")).toBe(true);
    });
    it("answers the same each time, also with g", () => {
        const { test } = readFilter("/x/g");
        expect([test?.("x"), test?.("x"), test?.("x")]).toEqual([true, true, true]);
    });
    it("says what is wrong with an expression", () => {
        const filter = readFilter("/(/");
        expect(filter.test).toBeNull();
        expect(filter.error).toContain("/(/");
    });
});

describe("an order", () => {
    it("comes back from a link, and falls back where the link knows a column that is not there", () => {
        const keys = ["name", "change"];
        expect(readOrder("-change", keys, { key: "name", down: false })).toEqual({ key: "change", down: true });
        expect(readOrder("-nothing", keys, { key: "name", down: false })).toEqual({ key: "name", down: false });
        expect(printOrder({ key: "change", down: true })).toBe("-change");
    });
    it("turns at a second click", () => {
        expect(clicked({ key: "name", down: false }, "change", "down")).toEqual({ key: "change", down: true });
        expect(clicked({ key: "change", down: true }, "change", "down")).toEqual({ key: "change", down: false });
    });
    it("keeps what has no value at the end, both ways", () => {
        const keys = [3, NaN, 1, NaN, 2];
        for (const [down, expected] of [
            [false, [2, 4, 0, 1, 3]],
            [true, [0, 4, 2, 1, 3]],
        ] as const) {
            const places = Uint32Array.from(keys.keys());
            sortByNumber(places, keys, down);
            expect([...places]).toEqual(expected);
        }
    });
    it("sorts infinities, and equals as they came", () => {
        const keys = [Infinity, 1, -Infinity, 1];
        const places = Uint32Array.from(keys.keys());
        sortByNumber(places, keys, false);
        expect([...places]).toEqual([2, 1, 3, 0]);
    });
    it("reads numbers inside names", () => expect([...rankTexts(["b-10", "b-2", "a"])]).toEqual([2, 1, 0]));
});
