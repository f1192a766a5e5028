// The vectors that all bindings share, read where they are.
const JSON_FILES = import.meta.glob<string>("../../../../tests/vectors/{stats,experiment}/*.json", {
    query: "?raw",
    import: "default",
    eager: true,
});
const CONTENTS = import.meta.glob<string>(
    ["../../../../tests/vectors/coverage/*.{json,lcov,xml,out,c,go,py}", "../../../../tests/vectors/blocks-crashers/*"],
    { query: "?url&inline", import: "default", eager: true },
);

/** The parsed JSON files of a folder of tests/vectors by name, `digests` among them. */
export function vectorFiles(folder: "stats" | "experiment"): Map<string, any> {
    const files = Object.entries(JSON_FILES).filter(([path]) => path.split("/").at(-2) === folder);
    return new Map(files.map(([path, text]) => [path.split("/").at(-1)!.slice(0, -".json".length), JSON.parse(text)]));
}

/** The bytes of the files of a folder of tests/vectors by name. */
export async function vectorBytes(folder: "coverage" | "blocks-crashers"): Promise<Map<string, Uint8Array>> {
    const files = Object.entries(CONTENTS).filter(([path]) => path.split("/").at(-2) === folder);
    const read = files.map(async ([path, url]) => {
        const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
        return [path.split("/").at(-1)!, bytes] as const;
    });
    return new Map(await Promise.all(read));
}
