import { describe, expect, it } from "vitest";
import { applyFile, looksLikeDiff, readDiff } from "../../src/model/patch.ts";

const SOURCE = Array.from({ length: 30 }, (_, line) => `line ${line + 1}`).join("\n") + "\n";
const hunk = (at: number, now: string) =>
    `@@ -${at},3 +${at},3 @@\n line ${at}\n-line ${at + 1}\n+${now}\n line ${at + 2}\n`;
const DIFF = `diff --git a/pkg/a.py b/pkg/a.py\nindex 1..2 100644\n--- a/pkg/a.py\n+++ b/pkg/a.py\n${hunk(3, "three")}${hunk(20, "twenty")}`;

const one = (text: string) => {
    const [file] = readDiff(text);
    if (!file) throw new Error("no file");
    return file;
};

describe("a diff", () => {
    it("applies", () => {
        const file = one(DIFF);
        expect([file.old, file.new, file.kind]).toEqual(["pkg/a.py", "pkg/a.py", "edit"]);
        const lines = applyFile(SOURCE, file).text?.split("\n");
        expect([lines?.[3], lines?.[20], lines?.length]).toEqual(["three", "twenty", 31]);
    });
    it("applies where lines moved, and to Windows line ends", () => {
        expect(applyFile(`above\n${SOURCE}`, one(DIFF)).text).toContain("three");
        expect(applyFile(SOURCE.replaceAll("\n", "\r\n"), one(DIFF)).text).toContain("three\r\n");
    });
    it("names the hunk that does not fit", () => {
        const { text, error } = applyFile(SOURCE.replace("line 21\n", "other\n"), one(DIFF));
        expect(text).toBeNull();
        expect(error).toContain("hunk 2 of 2 (@@ -20,3 +20,3 @@)");
    });
    it("may have lost the space of its empty lines", () => {
        const file = one("--- a/x.py\n+++ b/x.py\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n");
        expect(applyFile("a\n\nb\n", file).text).toBe("a\n\nc\n");
    });
    it("adds, deletes, renames and tells binaries", () => {
        const kinds = readDiff(
            [
                "diff --git a/n.py b/n.py\nnew file mode 100644\n--- /dev/null\n+++ b/n.py\n@@ -0,0 +1 @@\n+x = 1\n",
                "diff --git a/d.py b/d.py\ndeleted file mode 100644\n--- a/d.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x = 1\n",
                "diff --git a/o.py b/q/o.py\nsimilarity index 100%\nrename from o.py\nrename to q/o.py\n",
                "diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\n",
            ].join(""),
        ).map(({ kind, old, new: now }) => [kind, old, now]);
        expect(kinds).toEqual([
            ["add", null, "n.py"],
            ["delete", "d.py", null],
            ["rename", "o.py", "q/o.py"],
            ["binary", "i.png", "i.png"],
        ]);
    });
    it("keeps a directory called like one of git's letters, outside of git", () => {
        expect(one("--- c/x.py\t2026-01-01\n+++ c/x.py\t2026-01-02\n@@ -1 +1 @@\n-a\n+b\n").old).toBe("c/x.py");
    });
    it("is refused with a sentence where it is none", () => {
        for (const text of ["hello", "@@ -1 +1 @@\n-a\n+b\n", "--- a\n+++ b\n@@ -1,2 +1,2 @@\n-a\nnonsense\n"])
            expect(() => readDiff(text)).toThrow(/Paste what/);
    });
    it("is told from sources", () => {
        expect(looksLikeDiff(DIFF)).toBe(true);
        expect(looksLikeDiff("--- a.py\n+++ b.py\n")).toBe(true);
        expect(looksLikeDiff("x = '--- a'\n--- \n")).toBe(false);
    });
});
