// What the native program makes of a small suite, for the tests that compare with it; nothing where LIGHTSPEED_BIN is not set.
import type { TestProject } from "vitest/node";

/** What tests may ask for by `inject("natively")`. */
export interface Natively {
    /** The database as base64. */
    readonly database: string;
}

declare module "vitest" {
    interface ProvidedContext {
        natively: Natively | null;
    }
}

export default function setup(project: TestProject): void {
    project.provide("natively", null);
}
