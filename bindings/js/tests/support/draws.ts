// The generator that the vectors describe their samples by.
const MULTIPLIER = 6364136223846793005n;
const INCREMENT = 1442695040888963407n;

/** A function that gives the upper 31 bits of the next state, modulo its argument. */
export function draws(seed: number): (modulus: number) => number {
    let state = BigInt(seed);
    return (modulus) => {
        state = BigInt.asUintN(64, state * MULTIPLIER + INCREMENT);
        return Number((state >> 33n) % BigInt(modulus));
    };
}

/** The input of a vector with every sample that is described by its generator written out. */
export function writtenOut(input: any): any {
    if (Array.isArray(input)) {
        return input.map(writtenOut);
    }
    if (input === null || typeof input !== "object") {
        return input;
    }
    if ("distinct" in input) {
        const { seed, n, distinct, scale, offset = 0 } = input;
        const draw = draws(seed);
        return Array.from({ length: n }, () => offset + scale * (1 + draw(distinct)));
    }
    return Object.fromEntries(Object.entries(input).map(([key, item]) => [key, writtenOut(item)]));
}
