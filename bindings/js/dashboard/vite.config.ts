// How the page is built: one HTML file. The mode `synthetic` puts a generated suite in place of the module, for tests of the page itself.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { singleFile } from "./build/singlefile.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  const synthetic = mode === "synthetic";
  const modules = synthetic ? [{ find: /^\.\/module\.ts$/, replacement: here("tests/fixture/module.ts") }] : [];
  return {
    base: "./",
    resolve: { alias: modules },
    build: { target: "es2023", outDir: synthetic ? "dist-synthetic" : "dist", emptyOutDir: true, reportCompressedSize: false },
    // A page from a file may start no module worker.
    worker: { format: "iife" },
    plugins: [singleFile("lightspeed.html", [])],
    test: { include: ["tests/**/*.test.ts"] },
  };
});
