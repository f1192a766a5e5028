// The same tests in Node and in headless Chromium; what needs files or the native program, in Node alone.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const PACKAGE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The browser that scripts/chromium.sh finds or installs. */
export function chromium(): { executablePath: string; args: string[]; headless: true } {
    const script = fileURLToPath(new URL("../../scripts/chromium.sh", import.meta.url));
    const executablePath = execFileSync(script, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
    // Chromium's own sandbox refuses to run as root.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    return { executablePath, args, headless: true };
}

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
                        provider: playwright({ launchOptions: chromium() }),
                        instances: [{ browser: "chromium" }],
                    },
                },
            },
        ],
    },
});
