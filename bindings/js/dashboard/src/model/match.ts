// Which surveyed file a path from elsewhere means: one path has to be the end of the other, whole segments of it.

export interface Match {
    /** Candidates, best first; empty if none. */
    candidates: string[];
    /** The one that is taken unless a person says otherwise. */
    chosen: string | null;
    /** Several fit equally well. */
    ambiguous: boolean;
}

/** Finds surveyed paths by their last segments. */
export function pathMatcher(surveyed: readonly string[]): (path: string) => Match {
    const byName = new Map<string, string[]>();
    for (const path of surveyed) {
        const name = baseName(path);
        const known = byName.get(name);
        if (known) known.push(path);
        else byName.set(name, [path]);
    }
    return (given) => {
        const path = clean(given);
        const parts = path.split("/");
        const fitting = (byName.get(baseName(path)) ?? [])
            .map((candidate) => ({ candidate, common: commonEnd(candidate.split("/"), parts) }))
            .filter(({ candidate, common }) => common === Math.min(candidate.split("/").length, parts.length))
            .sort((a, b) => b.common - a.common || (a.candidate < b.candidate ? -1 : 1));
        const best = fitting[0];
        // Equal length and equal end is the path itself.
        const exact = fitting.find(({ candidate }) => candidate === path);
        const ties = best ? fitting.filter(({ common }) => common === best.common).length : 0;
        return {
            candidates: fitting.map(({ candidate }) => candidate),
            chosen: exact?.candidate ?? best?.candidate ?? null,
            ambiguous: !exact && ties > 1,
        };
    };
}

/**
 * Where a file that the survey does not know would stand: below what other files of the same change show to be the root,
 * else in the deepest surveyed directory that ends the given one; `null` if there is none.
 */
export function placeOfNew(
    given: string,
    matched: readonly { given: string; surveyed: string }[],
    surveyed: readonly string[],
): string | null {
    const path = clean(given);
    for (const pair of matched) {
        const from = clean(pair.given);
        if (from.endsWith(`/${pair.surveyed}`)) {
            const root = from.slice(0, from.length - pair.surveyed.length);
            if (path.startsWith(root)) return path.slice(root.length);
        }
        if (from === pair.surveyed) return path;
    }
    const directories = new Set(
        surveyed
            .map((file) => file.slice(0, Math.max(0, file.lastIndexOf("/"))))
            .filter((directory) => directory !== ""),
    );
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    for (let from = 0; from < parts.length; from += 1) {
        const directory = parts.slice(from).join("/");
        if (directories.has(directory)) return `${directory}/${name}`;
    }
    return null;
}

/** Slashes this way, without `./` and a leading slash. */
export function clean(path: string): string {
    return path
        .replaceAll("\\", "/")
        .split("/")
        .filter((part) => part !== "" && part !== ".")
        .join("/");
}

function baseName(path: string): string {
    return path.slice(path.lastIndexOf("/") + 1);
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
    let common = 0;
    while (common < a.length && common < b.length && a[a.length - 1 - common] === b[b.length - 1 - common]) common += 1;
    return common;
}
