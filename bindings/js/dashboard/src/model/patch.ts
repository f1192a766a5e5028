// Unified diffs: what they say of each file, and the file's new text or the reason why there is none.

import { applyPatch, parsePatch, type StructuredPatch } from "diff";

/** A diff's part about one file. `old` and `new` are without git's prefixes; null where there is no such side. */
export interface FilePatch {
    old: string | null;
    new: string | null;
    kind: "edit" | "add" | "delete" | "rename" | "copy" | "binary";
    patch: StructuredPatch;
}

export type Applied = { text: string; error: null } | { text: null; error: string };

/** Reads a diff; throws a sentence for what is none. */
export function readDiff(text: string): FilePatch[] {
    let patches: StructuredPatch[];
    try {
        patches = parsePatch(mended(text));
    } catch (cause) {
        throw new Error(
            `The text is no unified diff: ${cause instanceof Error ? cause.message : String(cause)}. Paste what “git diff” or “diff -u” prints.`,
        );
    }
    const files = patches
        .filter((patch) => patch.oldFileName !== undefined || patch.newFileName !== undefined)
        .map(filePatch);
    if (files.length === 0)
        throw new Error(
            "There is no file header (--- and +++) in the text. Paste what “git diff” or “diff -u” prints.",
        );
    return files;
}

/** Applies the part about one file to its text. */
export function applyFile(source: string, file: FilePatch): Applied {
    if (file.kind === "binary")
        return { text: null, error: "the diff says only that a binary file differs: drop the changed file itself" };
    const hunks = file.patch.hunks;
    const whole = applyPatch(source, file.patch);
    if (whole !== false) return { text: whole, error: null };
    // Which hunk: the first one that does not apply after those before it.
    const failing = hunks.findIndex(
        (_, place) => applyPatch(source, { ...file.patch, hunks: hunks.slice(0, place + 1) }) === false,
    );
    const hunk = hunks[Math.max(failing, 0)];
    const header = hunk ? `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@` : "";
    return {
        text: null,
        error: `hunk ${Math.max(failing, 0) + 1} of ${hunks.length} (${header}) does not fit the surveyed text: was it made against another revision?`,
    };
}

/** Whether a text looks like a diff rather than a source. */
export function looksLikeDiff(head: string): boolean {
    return /^(diff --git |diff -|Index: |--- \S.*\n\+\+\+ )/m.test(head.slice(0, 20_000).replaceAll("\r\n", "\n"));
}

/** Context lines that lost their one space on the way through an editor or a mail get it back. */
function mended(text: string): string {
    let [old, fresh] = [0, 0];
    const lines = text.replaceAll("\r\n", "\n").split("\n");
    return lines
        .map((line, place) => {
            const header = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
            if (header) [old, fresh] = [Number(header[1] ?? 1), Number(header[2] ?? 1)];
            else if (old > 0 || fresh > 0) {
                if (!line.startsWith("+") && !line.startsWith("\\")) old -= 1;
                if (!line.startsWith("-") && !line.startsWith("\\")) fresh -= 1;
                return line === "" && place < lines.length - 1 ? " " : line;
            }
            return line;
        })
        .join("\n");
}

function filePatch(patch: StructuredPatch): FilePatch {
    const gone = patch.isDelete === true || patch.newFileName === "/dev/null";
    const born = patch.isCreate === true || patch.oldFileName === "/dev/null";
    const old = born ? null : bare(patch.oldFileName ?? patch.newFileName, patch);
    const now = gone ? null : bare(patch.newFileName ?? patch.oldFileName, patch);
    const kind = patch.isBinary
        ? "binary"
        : born
          ? "add"
          : gone
            ? "delete"
            : patch.isCopy
              ? "copy"
              : patch.isRename || (patch.isGit === true && old !== now)
                ? "rename"
                : "edit";
    return { old, new: now, kind, patch };
}

function bare(name: string | undefined, patch: StructuredPatch): string | null {
    if (name === undefined || name === "/dev/null") return null;
    // `diff -u` puts a time after a tab; git may use other letters in place of a and b (diff.mnemonicPrefix).
    const path = name.split("\t")[0] ?? name;
    const prefix = patch.isGit ? /^[abciow]\// : /^[ab]\//;
    return path.replace(prefix, "");
}
