// What a page loads: everything the package needs at run time, as a server with brotli sends it.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

import { expect, test } from "vitest";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
// What it has today; the goal is 220,000.
const MOST_BYTES = 460 * 1000;

test("the package is small", () => {
    const names = readdirSync(DIST).filter((name) => /\.(js|wasm)$/.test(name));
    expect(names).toEqual(expect.arrayContaining(["index.js", "lightspeed.js", "lightspeed.wasm"]));
    const sizes = names.map((name) => [name, brotliCompressSync(readFileSync(join(DIST, name))).length] as const);
    const sum = sizes.reduce((total, [, size]) => total + size, 0);
    const wasm = sizes.find(([name]) => name.endsWith(".wasm"))![1];
    console.log(`brotli: ${sum} bytes, of which the module ${wasm}`);
    expect(sum).toBeLessThan(MOST_BYTES);
});
