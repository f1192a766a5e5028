// The generator that the vectors describe their samples by.
const MULTIPLIER = 6364136223846793005n;
const INCREMENT = 1442695040888963407n;

// A function that gives the upper 31 bits of the next state, modulo its argument.
export function draws(seed) {
    let state = BigInt(seed);
    return (modulus) => {
        state = BigInt.asUintN(64, state * MULTIPLIER + INCREMENT);
        return Number((state >> 33n) % BigInt(modulus));
    };
}
