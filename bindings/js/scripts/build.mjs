// Builds the package into dist: the module that scripts/wasm.sh made (LIGHTSPEED_WASM names another folder), and tsc's part.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { minifySync } from "vite";

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), "..");
const MODULE = process.env.LIGHTSPEED_WASM ?? join(PACKAGE, "..", "..", "target", "wasm", "web");
const SOURCE = join(PACKAGE, "src");
const DIST = join(PACKAGE, "dist");

if (!existsSync(join(MODULE, "lightspeed_bg.wasm"))) {
    console.error(`no module in ${MODULE}: run scripts/wasm.sh, or set LIGHTSPEED_WASM`);
    process.exit(1);
}
rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
// The compiler reads what the module exports.
for (const folder of [SOURCE, DIST]) {
    copyFileSync(join(MODULE, "lightspeed.d.ts"), join(folder, "lightspeed.d.ts"));
}
copyFileSync(join(MODULE, "lightspeed.js"), join(DIST, "lightspeed.js"));
copyFileSync(join(MODULE, "lightspeed_bg.wasm"), join(DIST, "lightspeed.wasm"));
const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
execFileSync(process.execPath, [compiler, "--project", PACKAGE], { stdio: "inherit" });

// Editors show what the declarations say.
for (const name of readdirSync(DIST).filter((name) => name.endsWith(".js"))) {
    const path = join(DIST, name);
    const { code, errors } = minifySync(name, readFileSync(path, "utf8"), { module: true });
    if (errors.length > 0) {
        throw new Error(`${name} cannot be minified: ${errors[0].message}`);
    }
    writeFileSync(path, code);
}
