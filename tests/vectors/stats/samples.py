"""Samples that the vectors are made of, and the form of a vector."""

import math

MASK = 2**64 - 1


def generated(seed, n, distinct=2**31, scale=1.0, offset=0.0):
    sample = {"seed": seed, "n": n, "distinct": distinct, "scale": scale}
    return {**sample, "offset": offset} if offset else sample


def values(sample):
    if isinstance(sample, list):
        return [float(v) for v in sample]
    state, out = sample["seed"], []
    for _ in range(sample["n"]):
        state = (state * 6364136223846793005 + 1442695040888963407) & MASK
        out.append(sample.get("offset", 0.0) + sample["scale"] * (1 + (state >> 33) % sample["distinct"]))
    return out


def finite(value):
    value = float(value)
    return value if math.isfinite(value) else None


SINGLES = {
    "one": [3.5],
    "one zero": [0.0],
    "one denormal": [5e-324],
    "two": [1.0, 2.0],
    "two equal": [2.0, 2.0],
    "two zeros": [0.0, 0.0],
    "zeros and one": [0.0, 0.0, 1.0],
    "negative": [-3.0, -1.0, -2.0, 5.0],
    "constant 5": [1.25] * 5,
    "constant 100": [1.25] * 100,
    "denormals": [k * 5e-324 for k in (3, 1, 2, 9, 4)],
    "tiny": [1e-300, 2e-300, 1.5e-300],
    "huge": [1e300, 2e300, 1.5e300, 1.6e300],
    "near the top": [1.7e308] * 9 + [1.6e308],
    "nanoseconds": [1.23e-7, 1.25e-7, 1.22e-7, 1.31e-7, 1.24e-7, 1.27e-7],
    "one outlier": [1.0, 1.01, 0.99, 1.02, 50.0],
    "bimodal": [1.0] * 6 + [2.0] * 6,
    "nearly equal": [1.0, 1.0 + 2**-52, 1.0 + 2**-51],
    "small spread on a large level": [1e9 + k for k in range(12)],
}
for n in [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 20, 30, 50, 100, 999, 1000, 1001, 1024, 5000, 100_000]:
    SINGLES[f"spread {n}"] = generated(n, n, scale=1e-9)
    SINGLES[f"ties {n}"] = generated(n + 1, n, distinct=4)
for seed in range(12):
    SINGLES[f"seven {seed}"] = generated(seed, 2 + seed % 6, distinct=1000)


PAIRS = {
    "one each": ([1.0], [2.0]),
    "one each, equal": ([2.0], [2.0]),
    "one and many": ([10.5], generated(7, 30, 20)),
    "two each": ([1.0, 2.0], [3.0, 4.0]),
    "three each": ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]),
    "four each": ([1.0, 2.0, 3.0, 4.0], [4.5, 5.0, 6.0, 7.0]),
    "constants, equal": ([1.5] * 6, [1.5] * 9),
    "constants, different": ([1.5] * 6, [1.75] * 6),
    "constants, two and two": ([1.5] * 2, [1.75] * 2),
    "denormals": ([5e-324, 1e-323, 1.5e-323, 2e-323], [2.5e-323, 3e-323, 1e-323, 5e-323, 4e-323]),
    "huge": ([1e307, 2e307, 3e307, 1.2e307], [1e308, 1.1e308, 1.2e308, 1.3e308, 1.1e307]),
    "far apart": ([1e-200, 2e-200, 3e-200, 4e-200], [1e100, 2e100, 3e100, 4e100]),
    "all but one tied": ([1.0] * 5, [1.0] * 4 + [2.0]),
    "interleaved": ([1.0, 3.0, 5.0, 7.0, 9.0], [2.0, 4.0, 6.0, 8.0]),
}
for m, n in [(1, 5), (2, 3), (2, 8), (3, 3), (3, 7), (4, 4), (5, 5), (5, 9), (6, 6), (7, 7), (8, 5), (10, 10), (12, 9),
             (16, 16), (20, 20), (20, 21), (25, 18), (30, 30), (41, 60), (50, 50), (3, 800), (1, 2500), (51, 50),
             (60, 60), (100, 100), (250, 300), (400, 90)]:
    PAIRS[f"{m} and {n}, spread"] = (generated(m, m), generated(10_000 + n, n))
    PAIRS[f"{m} and {n}, shifted"] = (generated(m + 1, m, 1000), generated(20_000 + n, n, 1000, 1.375))
    for distinct in (2, 5, 20):
        PAIRS[f"{m} and {n}, {distinct} values"] = (generated(m + 2, m, distinct), generated(30_000 + n, n, distinct))
LARGE = {
    "100000 each, spread": (generated(1, 100_000), generated(2, 100_000)),
    "100000 each, ties": (generated(3, 100_000, 50), generated(4, 100_000, 50)),
    "100000 and 7": (generated(5, 100_000, 500), generated(6, 7, 500)),
    "100000 each, far": (generated(7, 100_000), generated(8, 100_000, scale=4.0)),
}
REFUSED = [
    ("first empty", [], [1.0], "Empty"),
    ("second empty", [1.0], [], "Empty"),
    ("nan", [1.0, "NaN"], [1.0, 2.0], "NotFinite"),
    ("infinity", [1.0, 2.0], ["inf", 2.0], "NotFinite"),
]
NOT_POSITIVE = [
    ("zero", [0.0, 1.0], [1.0, 2.0], "NotPositive"),
    ("negative", [1.0, 3.0], [-1.0, 2.0], "NotPositive"),
]


PAIRED = {
    "one pair": ([1.0], [2.0]),
    "one pair, equal": ([2.0], [2.0]),
    "two pairs": ([1.0, 2.0], [1.5, 2.5]),
    "all equal": ([1.5] * 9, [1.5] * 9),
    "one of nine differs": ([1.5] * 9, [1.5] * 8 + [1.75]),
    "all slower by the same": ([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0], [1.25, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0]),
    "opposite changes": ([100.0, 110.0, 200.0, 220.0, 50.0, 60.0], [110.0, 100.0, 220.0, 200.0, 60.0, 50.0]),
    "denormals": ([5e-324, 1e-323, 1.5e-323, 2e-323, 5e-324, 1e-323], [2.5e-323, 3e-323, 1e-323, 5e-323, 4e-323, 1e-323]),
    "huge": ([1e307, 2e307, 3e307, 1.2e307, 1e308], [1e308, 1.1e308, 1.2e308, 1.3e308, 1.1e307]),
    "far apart": ([1e-200, 2e-200, 3e-200, 4e-200, 1e-200], [1e100, 2e100, 3e100, 4e100, 5e-300]),
    "one outlier": ([1.0, 1.01, 0.99, 1.02, 1.0, 1.03, 0.98], [1.01, 1.02, 1.0, 1.01, 0.99, 1.05, 50.0]),
}
for n in (3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 21, 25, 30, 40, 50, 70, 100, 101, 150, 400):
    PAIRED[f"{n} pairs, no change"] = (
        generated(n, n, scale=2.0**-34, offset=1.0),
        generated(50_000 + n, n, scale=2.0**-34, offset=1.0),
    )
    PAIRED[f"{n} pairs, slower"] = (
        generated(n + 1, n, scale=2.0**-35, offset=1.0),
        generated(60_000 + n, n, scale=2.0**-35, offset=1.04),
    )
    PAIRED[f"{n} pairs, few values"] = (
        generated(n + 2, n, 4, 16.0, 1024.0),
        generated(70_000 + n, n, 5, 16.0, 1024.0),
    )
PAIRS_REFUSED = [
    ("first empty", [], [1.0], "Empty"),
    ("both empty", [], [], "Empty"),
    ("nan", [1.0, 2.0], [1.0, "NaN"], "NotFinite"),
    ("infinity", ["inf", 2.0], [1.0, 2.0], "NotFinite"),
    ("zero", [1.0, 0.0], [1.0, 2.0], "NotPositive"),
    ("negative", [1.0, 2.0], [-1.0, 2.0], "NotPositive"),
    ("another length", [1.0, 2.0], [1.0], "UnequalLengths"),
]


def vector(name, oracle, given, expect, tolerance=1e-9):
    return {"name": name, "oracle": oracle, "tolerance": tolerance, "input": given, "expect": expect}


def refused(name, given, error):
    return {"name": f"refused: {name}", "oracle": "documented", "input": given, "error": error}
