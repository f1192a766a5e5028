import { describe, expect, it } from "vitest";
import { instanceReader, parametersOf } from "../../src/model/instance.ts";

const info = (name: string, params: string[][] = []) => ({
    name,
    file: "b.py",
    kind: "time",
    unit: "seconds",
    params,
    param_names: params.map((_, place) => `p${place}`),
});
const read = instanceReader([
    info("b.time_x", [
        ["1", "2"],
        ["'a'", "'b'", "'c'"],
    ]),
    info("b.time_y"),
    info("b.time_z-3"),
]);
const values = (id: string) => parametersOf(read(id)).map(({ value }) => value);

describe("an instance", () => {
    it("has the parameters of its combination, the last varying fastest", () => {
        expect([0, 1, 3, 5].map((combination) => values(`b.time_x-${combination}`))).toEqual([
            ["1", "'a'"],
            ["1", "'b'"],
            ["2", "'a'"],
            ["2", "'c'"],
        ]);
    });
    it("has none beyond its combinations, or without any", () => {
        expect([values("b.time_x-6"), values("b.time_y"), values("b.unknown-1")]).toEqual([[], [], []]);
    });
    it("may be called like a combination", () => expect(read("b.time_z-3").benchmark?.name).toBe("b.time_z-3"));
});
