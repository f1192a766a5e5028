import { describe, expect, it } from "vitest";
import {
    counted,
    formatChange,
    formatCount,
    formatInterval,
    formatShare,
    formatTime,
    formatValue,
} from "../../src/model/format.ts";

const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("values", () => {
    it.each([
        [1.23e-3, "1.230 ms"],
        [999.96e-6, "1.000 ms"],
        [999.94e-6, "999.9 µs"],
        [1.5e-9, "1.500 ns"],
        [0, "0 s"],
        [7200, "7200 s"],
        [-2e-3, "−2.000 ms"],
        [1e-14, "1.000e−5 ns"],
    ])("%s seconds are %s", (value, says) => expect(plain(formatValue(value, "seconds"))).toBe(says));
    it.each([
        [512, "512 B"],
        [512.5, "512.5 B"],
        [1024, "1.000 KiB"],
        [17.4 * 2 ** 20, "17.40 MiB"],
        [1023.99 * 1024, "1.000 MiB"],
        [0, "0 B"],
    ])("%s bytes are %s", (value, says) => expect(plain(formatValue(value, "bytes"))).toBe(says));
    it("names other units, and nothing where ASV has none", () => {
        expect(plain(formatValue(42, "objects"))).toBe("42 objects");
        expect(plain(formatValue(42, "unit"))).toBe("42");
        expect(plain(formatValue(12345, null))).toBe("12 345");
        for (const none of [null, undefined, NaN, Infinity]) expect(formatValue(none, "seconds")).toBe("–");
    });
});

describe("changes", () => {
    it.each([
        [1.031, "+3.1 %"],
        [0.969, "−3.1 %"],
        [1, "±0.0 %"],
        [1.0001, "±0.0 %"],
        [0.9999, "±0.0 %"],
        [1.25, "+25 %"],
        [12, "×12.0"],
        [0.05, "×0.0500"],
        [1.0995, "+9.9 %"],
    ])("%s is %s", (ratio, says) => expect(plain(formatChange(ratio))).toBe(says));
    it("has no change without a ratio", () => {
        for (const none of [null, undefined, NaN, 0, -1]) expect(formatChange(none)).toBe("–");
    });
    it("shows ends that nothing bounds", () => expect(plain(formatInterval(null, 1.05))).toBe("−∞ … +5.0 %"));
});

describe("counts and shares", () => {
    it("groups digits", () =>
        expect([formatCount(0), formatCount(1234), plain(formatCount(50_000)), plain(formatCount(-1_234_567))]).toEqual(
            ["0", "1234", "50 000", "−1 234 567"],
        ));
    it("knows one from many", () =>
        expect([counted(1, "file"), counted(2, "file"), counted(0, "entry", "entries")]).toEqual([
            "1 file",
            "2 files",
            "0 entries",
        ]));
    it("calls all only what is all", () =>
        expect([0, 0.001, 0.5, 0.999, 1].map((share) => plain(formatShare(share)))).toEqual([
            "0 %",
            "<1 %",
            "50 %",
            ">99 %",
            "100 %",
        ]));
    it("has no time where there is none", () =>
        expect([formatTime(null), formatTime(NaN), formatTime(1e300)]).toEqual(["–", "–", "–"]));
});
