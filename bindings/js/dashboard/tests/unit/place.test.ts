import { describe, expect, it } from "vitest";
import { changed, numberIn, oneOf, parsePlace, printPlace } from "../../src/model/place.ts";

describe("a place", () => {
    it("comes back from its link", () => {
        const place = { view: "benchmarks" as const, at: { q: "/time_.*&x=1#/", id: "b.T.time_ü-3", sort: "-change" } };
        expect(parsePlace(printPlace(place))).toEqual(place);
    });
    it("has one link, whatever the order of its values", () => {
        expect(printPlace({ view: "map", at: { b: "1", a: "2" } })).toBe("#map?a=2&b=1");
        expect(printPlace({ view: "map", at: { a: "", b: "" } })).toBe("#map");
    });
    it("is the opening view where the hash is of nobody", () => {
        for (const hash of ["", "#", "#nowhere?x=1", "#%E0%A4%A", "#/"]) expect(parsePlace(hash).view).toBe("open");
        expect(parsePlace("#/steps?step=a").at).toEqual({ step: "a" });
    });
    it("loses what is set to nothing", () => {
        expect(changed({ view: "map", at: { a: "1", b: "2" } }, { a: undefined, b: "", c: "3" }).at).toEqual({
            c: "3",
        });
    });
    it("holds values only inside what is known", () => {
        expect(oneOf("strict", ["precise", "strict"])).toBe("strict");
        expect(oneOf("x", ["precise", "strict"])).toBe("precise");
        expect([
            numberIn("0.3", 0, 1, 0.5),
            numberIn("7", 0, 1, 0.5),
            numberIn("x", 0, 1, 0.5),
            numberIn(undefined, 0, 1, 0.5),
            numberIn("NaN", 0, 1, 0.5),
        ]).toEqual([0.3, 0.5, 0.5, 0.5, 0.5]);
    });
});
