// How the page is built: one HTML file. The mode `synthetic` puts a generated suite in place of the module, for tests of the page itself.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { readFileSync } from "node:fs";
import { singleFile, type Carried } from "./build/singlefile.ts";
import { unassisted } from "./build/unassisted.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const LIBRARIES = [/sqlite-wasm\/dist\/index\.mjs$/, /bindings\/js\/dist\/(init|lightspeed)\.js$/];
const CARRIED: Carried[] = [
    { id: "lightspeed-core", read: () => readFileSync(here("../dist/lightspeed.wasm")) },
    {
        id: "lightspeed-sqlite",
        read: () => readFileSync(fileURLToPath(import.meta.resolve("@sqlite.org/sqlite-wasm/sqlite3.wasm"))),
    },
];
// For a page on a server of one's own, or on a disk: what `demo/dashboard.py --measured` exports.
const EXAMPLE = { page: "example.html", read: () => readFileSync(here("example/flox.snapshot")) };

export default defineConfig(({ mode }) => {
    const synthetic = mode === "synthetic";
    const modules = synthetic
        ? [{ find: /^\.\/module\.ts$/, replacement: here("tests/fixture/module.ts") }]
        : [
              { find: /^lightspeed$/, replacement: here("../dist/index.js") },
              { find: /^lightspeed\/database$/, replacement: here("../dist/database.js") },
          ];
    return {
        base: "./",
        resolve: { alias: modules },
        build: {
            target: "es2023",
            outDir: synthetic ? "dist-synthetic" : "dist",
            emptyOutDir: true,
            reportCompressedSize: false,
        },
        // A page from a file may start no module worker.
        worker: { format: "iife", plugins: () => [unassisted(LIBRARIES)] },
        plugins: [synthetic ? singleFile("lightspeed.html", []) : singleFile("lightspeed.html", CARRIED, EXAMPLE)],
        test: {
            testTimeout: 20_000,
            projects: ["unit", "page", "built"].map((name) => ({
                extends: true,
                test: {
                    name,
                    include: [`tests/${name}/*.test.ts`],
                    globalSetup: name === "built" ? ["tests/built/flox.ts"] : [],
                },
            })),
        },
    };
});
