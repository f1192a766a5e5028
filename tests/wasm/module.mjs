// The module under test, initialised; and what the program `lightspeed` and the vectors are found by.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export const PROGRAM = process.env.LIGHTSPEED_BIN ?? join(ROOT, "target", "checked", "lightspeed");

const folder = process.env.LIGHTSPEED_WASM ?? join(ROOT, "target", "wasm", "web");
if (!existsSync(join(folder, "lightspeed_bg.wasm"))) {
    throw new Error(`no module in ${folder}: run scripts/wasm.sh or set LIGHTSPEED_WASM`);
}

const lightspeed = await import(pathToFileURL(join(folder, "lightspeed.js")));
lightspeed.initSync({ module: readFileSync(join(folder, "lightspeed_bg.wasm")) });

export const { blocks, Experiment, stats } = lightspeed;

// The parsed JSON files of a folder below tests/vectors by name, `digests` among them.
export function vectorFiles(name) {
    const folder = join(ROOT, "tests", "vectors", name);
    const files = readdirSync(folder).filter((file) => file.endsWith(".json")).sort();
    return new Map(files.map((file) => [file.slice(0, -5), JSON.parse(readFileSync(join(folder, file), "utf8"))]));
}
