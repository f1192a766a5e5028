"""Writes the statistics vectors beside this file. See README.md there for what it needs."""

import bisect
import json
import math
import platform
import sys
from fractions import Fraction
from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np
import scipy
from asv import _stats as asv_stats
from asv import __version__ as asv_version
from asv_runner import statistics as runner_statistics
from importlib.metadata import version
from scipy import stats

HERE = Path(__file__).parent
MASK = 2**64 - 1


def generated(seed, n, distinct=2**31, scale=1.0):
    return {"seed": seed, "n": n, "distinct": distinct, "scale": scale}


def values(sample):
    if isinstance(sample, list):
        return [float(v) for v in sample]
    state, out = sample["seed"], []
    for _ in range(sample["n"]):
        state = (state * 6364136223846793005 + 1442695040888963407) & MASK
        out.append(sample["scale"] * (1 + (state >> 33) % sample["distinct"]))
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


def summaries():
    for name, sample in SINGLES.items():
        x = values(sample)
        median, asv = runner_statistics.compute_stats(x, 1)
        exact = [Fraction(v) for v in x]
        mean = sum(exact) / len(x)
        variance = sum((v - mean) ** 2 for v in exact) / (len(x) - 1) if len(x) > 1 else None
        y = np.array(x)
        with np.errstate(over="ignore"):
            mad = np.median(np.abs(y - median))
        expect = {
            "n": len(x),
            "median": median,
            "q_25": asv["q_25"],
            "q_75": asv["q_75"],
            "ci_99_a": finite(asv["ci_99_a"]),
            "ci_99_b": finite(asv["ci_99_b"]),
            "mean": float(mean),
            "sd": None if variance is None else sqrt(variance),
            "mad": finite(mad),
            "min": min(x),
            "max": max(x),
        }
        yield vector(name, "asv_runner, exact (mean, sd)", {"sample": sample}, expect)
    for name, sample, error in [
        ("empty", [], "Empty"),
        ("nan", [1.0, "NaN"], "NotFinite"),
        ("infinity", ["inf"], "NotFinite"),
        ("minus infinity", [1.0, 2.0, "-inf"], "NotFinite"),
        ("spread beyond doubles", [-1.7e308, 1.7e308], "Overflow"),
    ]:
        yield refused(name, {"sample": sample}, error)


def sqrt(fraction):
    """Square root of a fraction that may lie outside the doubles."""
    shift = 0
    while fraction > 2**1000:
        fraction, shift = fraction / 4**64, shift + 64
    while 0 < fraction < Fraction(1, 2**900):
        fraction, shift = fraction * 4**64, shift - 64
    return math.ldexp(math.sqrt(fraction), shift)


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


def mann_whitney():
    for name, (first, second) in {**PAIRS, **LARGE}.items():
        x, y = values(first), values(second)
        m, n = len(x), len(y)
        statistic = float(stats.mannwhitneyu(x, y, method="asymptotic").statistic)
        tied = len(set(x + y)) < m + n
        if m * n > 2500:
            p, oracle, tolerance = float(stats.mannwhitneyu(x, y, method="asymptotic").pvalue), "scipy", 1e-9
        elif not tied:
            p, oracle, tolerance = float(stats.mannwhitneyu(x, y, method="exact").pvalue), "scipy", 1e-12
        elif min(m, n) > 1 and math.comb(m + n, m) <= 20_000:
            method = stats.PermutationMethod(n_resamples=np.inf)
            p, oracle, tolerance = float(stats.mannwhitneyu(x, y, method=method).pvalue), "scipy", 1e-12
            assert math.isclose(p, tied_p(x, y), rel_tol=1e-12), (name, p, tied_p(x, y))
        else:
            p, oracle, tolerance = tied_p(x, y), "exact", 1e-12
        p = 1.0 if math.isnan(p) else p  # scipy: no variance; here: no evidence
        p_min = float(min(Fraction(1), Fraction(2, math.comb(m + n, m)))) if min(m, n) < 1000 else 0.0
        expect = {"statistic": statistic, "p_value": p, "ties": tied}
        if p_min > 1e-290:  # below, the binomial coefficient leaves the doubles on the way
            expect["p_min"] = p_min
        yield vector(name, oracle, {"first": first, "second": second}, expect, tolerance)
    for name, first, second, error in REFUSED:
        yield refused(name, {"first": first, "second": second}, error)


def tied_p(x, y):
    """Twice the smaller tail of the rank sum, over all ways to split the pooled values."""
    pooled = sorted(x + y)
    doubled = [bisect.bisect_left(pooled, v) + bisect.bisect_right(pooled, v) + 1 for v in pooled]
    observed = sum(bisect.bisect_left(pooled, v) + bisect.bisect_right(pooled, v) + 1 for v in x)
    size = len(x)
    if size > len(y):
        size, observed = len(y), sum(doubled) - observed
    counts = [{0: 1}] + [{} for _ in range(size)]
    for weight in doubled:
        for j in range(size - 1, -1, -1):
            for total, count in counts[j].items():
                counts[j + 1][total + weight] = counts[j + 1].get(total + weight, 0) + count
    row = counts[size]
    lower = sum(c for s, c in row.items() if s <= observed)
    upper = sum(c for s, c in row.items() if s >= observed)
    return float(min(Fraction(1), Fraction(2 * min(lower, upper), sum(row.values()))))


@lru_cache(maxsize=None)
def untied_counts(m, n):
    """Number of orders of m and n distinct values with each U."""
    if m == 0 or n == 0:
        return (1,)
    out = [0] * (m * n + 1)
    for u, count in enumerate(untied_counts(m - 1, n)):
        out[u + n] += count
    for u, count in enumerate(untied_counts(m, n - 1)):
        out[u] += count
    return tuple(out)


def cut_off(m, n, alpha):
    if m * n <= 2500:
        if min(m, n) == 1:
            counts = [1] * (m * n + 1)
        else:
            counts = untied_counts(min(m, n), max(m, n))
        limit = Fraction(alpha) / 2 * math.comb(m + n, m)
        total = 0
        for k, count in enumerate(counts):
            total += count
            if total > limit:
                return k - 1
    spread = math.sqrt(m * n * (m + n + 1) / 12)
    return math.floor(m * n / 2 - stats.norm.isf(alpha / 2) * spread - 0.5)


def hodges_lehmann():
    sys.setrecursionlimit(10_000)
    wide = {"3000 each": (generated(11, 3000), generated(12, 3000, scale=1.01))}
    for (name, (baseline, current)), alpha in product({**PAIRS, **wide}.items(), (0.05, 0.01)):
        x, y = np.log(values(baseline)), np.log(values(current))
        m, n = len(x), len(y)
        differences = np.sort((y[:, None] - x[None, :]).ravel())
        k = cut_off(m, n, alpha)
        expect = {
            "ratio": math.exp(np.median(differences)),
            "interval": {
                "low": math.exp(differences[k]) if k >= 0 else None,
                "high": math.exp(differences[-1 - k]) if k >= 0 else None,
            },
        }
        yield vector(f"{name}, alpha {alpha}", "exact", {"baseline": baseline, "current": current, "alpha": alpha}, expect)
    for name, first, second, error in REFUSED + NOT_POSITIVE + [("overflow", [5e-324], [1e308], "Overflow")]:
        yield refused(name, {"baseline": first, "current": second, "alpha": 0.05}, error)
    yield refused("alpha", {"baseline": [1.0], "current": [1.0], "alpha": 1.5}, "BadAlpha")


def welch():
    for (name, (baseline, current)), alpha in product(PAIRS.items(), (0.05, 0.002)):
        x, y = np.log(values(baseline)), np.log(values(current))
        if min(len(x), len(y)) < 2:
            yield refused(f"{name}, alpha {alpha}", {"baseline": baseline, "current": current, "alpha": alpha}, "TooFew")
            continue
        if len(set(x)) == 1 and len(set(y)) == 1:
            expect = {"p_value": 1.0, "statistic": None, "degrees_of_freedom": None, "interval": {"low": None, "high": None}}
            yield vector(f"{name}, alpha {alpha}", "exact", {"baseline": baseline, "current": current, "alpha": alpha}, expect)
            continue
        result = stats.ttest_ind(y, x, equal_var=False)
        interval = result.confidence_interval(1 - alpha)
        expect = {
            "ratio": math.exp(y.mean() - x.mean()),
            "statistic": float(result.statistic),
            "degrees_of_freedom": float(result.df),
            "p_value": float(result.pvalue),
            "interval": {"low": math.exp(interval.low), "high": math.exp(interval.high)},
        }
        if abs(y.mean() - x.mean()) < 1e-3 * (abs(y.mean()) + abs(x.mean())):
            del expect["statistic"], expect["p_value"]  # cancellation: not good to 1e-9 on either side
        yield vector(f"{name}, alpha {alpha}", "scipy", {"baseline": baseline, "current": current, "alpha": alpha}, expect)


def is_different():
    for name, (first, second) in PAIRS.items():
        x, y = values(first), values(second)
        try:
            _, a = runner_statistics.compute_stats(x, 1)
            _, b = runner_statistics.compute_stats(y, 1)
        except ZeroDivisionError:  # asv_runner's own sums overflow
            continue
        expect = {
            "with_samples": bool(asv_stats.is_different(x, y, a, b)),
            "without_samples": bool(asv_stats.is_different(None, None, a, b)),
        }
        yield vector(name, "asv", {"first": first, "second": second}, expect)


def vector(name, oracle, given, expect, tolerance=1e-9):
    return {"name": name, "oracle": oracle, "tolerance": tolerance, "input": given, "expect": expect}


def refused(name, given, error):
    return {"name": f"refused: {name}", "oracle": "documented", "input": given, "error": error}


def main():
    provenance = {
        "python": platform.python_version(),
        "scipy": scipy.__version__,
        "numpy": np.__version__,
        "asv": asv_version,
        "asv_runner": version("asv_runner"),
    }
    for function in (summaries, mann_whitney, hodges_lehmann, welch, is_different):
        name = {"summaries": "summarize"}.get(function.__name__, function.__name__)
        vectors = list(function())
        lines = ",\n  ".join(json.dumps(v, allow_nan=False) for v in vectors)
        head = json.dumps({"schema": 1, "function": name, "provenance": provenance})[1:-1]
        (HERE / f"{name}.json").write_text(f"{{{head},\n \"vectors\": [\n  {lines}\n ]}}\n")
        print(f"{name}: {len(vectors)} vectors")


if __name__ == "__main__":
    main()
