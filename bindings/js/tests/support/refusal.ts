// What a call was refused with.
import { LightspeedError } from "lightspeed";
import { expect } from "vitest";

/** The error of a call, which must be one of ours; undefined where there is none. */
export function refusal(run: () => unknown): LightspeedError | undefined {
    try {
        run();
    } catch (error) {
        expect(error).toBeInstanceOf(LightspeedError);
        const refused = error as LightspeedError;
        expect(refused.message).toMatch(/^\S[^\n]*$/);
        expect(refused.code).toMatch(/^[A-Z]\w+$/);
        return refused;
    }
    return undefined;
}

/** Its class and code. */
export function code(run: () => unknown): string | undefined {
    const error = refusal(run);
    return error && `${error.name} ${error.code}`;
}
