// The same tests in Node and in headless Chromium; what needs files or the native program, in Node alone.
import { fileURLToPath } from "node:url";

import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

import { launchOptions } from "./tests/support/chromium.js";

const PACKAGE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
    // What ships is what is tested.
    resolve: {
        alias: [
            { find: /^lightspeed$/, replacement: `${PACKAGE}dist/index.js` },
            { find: /^lightspeed\/database$/, replacement: `${PACKAGE}dist/database.js` },
        ],
    },
    optimizeDeps: { exclude: ["@sqlite.org/sqlite-wasm"] },
    server: { fs: { allow: [ROOT] } },
    test: {
        globalSetup: ["tests/support/natively.ts"],
        testTimeout: 60_000,
        projects: [
            { extends: true, test: { name: "node", include: ["tests/*.test.ts", "tests/node/*.test.ts"] } },
            {
                extends: true,
                test: {
                    name: "chromium",
                    include: ["tests/*.test.ts"],
                    browser: {
                        enabled: true,
                        headless: true,
                        screenshotFailures: false,
                        provider: playwright({ launchOptions: launchOptions() }),
                        instances: [{ browser: "chromium" }],
                    },
                },
            },
        ],
    },
});
