import { describe, expect, it } from "vitest";
import { split } from "../../src/engine/comparing.ts";
import { code, escape, resultsMarkdown } from "../../src/model/markdown.ts";
import { pack, unpack } from "../../src/model/packed.ts";
import { decode, encode, linesOf } from "../../src/model/text.ts";

describe("sources", () => {
    it("come back byte for byte, whatever they are encoded in", () => {
        for (const bytes of [
            [0xef, 0xbb, 0xbf, 0x61],
            [0x61, 0xe9, 0x0a],
            [0xc3, 0xa9],
            [0, 255, 128],
        ])
            expect([...encode(decode(Uint8Array.from(bytes)))]).toEqual(bytes);
        expect([decode(Uint8Array.of(0xc3, 0xa9)).text, decode(Uint8Array.of(0xe9)).text]).toEqual(["é", "é"]);
    });
    it("have lines", () =>
        expect([linesOf("a\r\nb\rc\n"), linesOf(""), linesOf("\n\n")]).toEqual([["a", "b", "c"], [], ["", ""]]));
});

describe("a diff in a link", () => {
    it("comes back", async () => {
        const text = "--- a/ü.py\n+++ b/ü.py\n@@ -1 +1 @@\n-a\n+b\n".repeat(20);
        const packed = await pack(text);
        expect(packed).toMatch(/^[\w-]+$/);
        expect(await unpack(packed ?? "")).toBe(text);
    });
    it("is left out where it is too long, and refused where it is none or a bomb", async () => {
        let noise = "";
        for (let place = 0; place < 4000; place += 1) noise += `${Math.imul(place, 2654435761) >>> 0} `;
        expect(await pack(noise)).toBeNull();
        expect(await unpack("%%%")).toBeNull();
        expect(await unpack("AAAA")).toBeNull();
        expect(await unpack((await pack("x".repeat(100_000))) ?? "", 10_000)).toBeNull();
    });
});

describe("Markdown", () => {
    it("holds names that are markup", () => {
        expect(code("a`b")).toBe("``a`b``");
        expect(code("x|y")).toBe("`x\\|y`");
        expect(escape("<b>*x*|\n@user")).toBe("\\<b\\>\\*x\\*\\| \\@user");
    });
    it("says what is left out", () => {
        const row = {
            id: "b.time",
            known: true,
            unit: "seconds",
            baseline: 1,
            median: 2,
            ratio: 2,
            interval: null,
            verdict: "regressed" as const,
            status: "ok" as const,
            reason: null,
        };
        const text = resultsMarkdown(
            "t",
            Array.from({ length: 3 }, () => row),
            10,
            "a",
            "b",
        );
        expect(text.match(/`b\.time`/g)).toHaveLength(3);
        expect(text).toContain("7 further rows are left out.");
    });
});

describe("samples", () => {
    it("are parted by their runs, or are one where the counts are of something else", () => {
        expect(split([1, 2, 3], [2, 1])).toEqual([[1, 2], [3]]);
        expect(split([1, 2, 3], [2, 2])).toEqual([[1, 2, 3]]);
        expect(split([1, 2], [0, 2])).toEqual([[1, 2]]);
        expect(split([], [])).toEqual([]);
    });
});
