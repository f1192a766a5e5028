// The demo's database, edits of its sources, and whom `lightspeed select` names for each: made once for all tests.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

const ROOT = fileURLToPath(new URL("../../../../..", import.meta.url));
const PROGRAM = process.env.LIGHTSPEED_BIN ?? join(ROOT, "target", "checked", "lightspeed");

declare module "vitest" {
    interface ProvidedContext {
        /** What `demo/dashboard.py` wrote. */
        flox: string;
    }
}

export default function setup(project: TestProject): () => void {
    if (!existsSync(PROGRAM))
        throw new Error(`no program at ${PROGRAM}: build it (make checked), or set LIGHTSPEED_BIN`);
    const folder = mkdtempSync(join(tmpdir(), "lightspeed-dashboard-"));
    const remove = () => rmSync(folder, { recursive: true });
    try {
        const env = { ...process.env, LIGHTSPEED_BIN: PROGRAM };
        execFileSync("python3", [join(ROOT, "demo", "dashboard.py"), folder], { stdio: "inherit", env });
    } catch (error) {
        remove();
        throw error;
    }
    project.provide("flox", folder);
    return remove;
}
