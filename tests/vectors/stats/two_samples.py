"""Vectors of two independent samples."""

import bisect
import math
import sys
from fractions import Fraction
from functools import lru_cache
from itertools import product

import numpy as np
from asv import _stats as asv_stats
from asv_runner import statistics as runner_statistics
from scipy import stats

from samples import LARGE, NOT_POSITIVE, PAIRS, REFUSED, generated, refused, values, vector


def mann_whitney():
    for name, (baseline, current) in {**PAIRS, **LARGE}.items():
        x, y = values(baseline), values(current)
        m, n = len(x), len(y)
        tied = len(set(x + y)) < m + n
        if m * n > 2500:
            p, oracle, tolerance = float(stats.mannwhitneyu(y, x, method="asymptotic").pvalue), "scipy", 1e-9
        elif not tied:
            p, oracle, tolerance = float(stats.mannwhitneyu(y, x, method="exact").pvalue), "scipy", 1e-12
        elif min(m, n) > 1 and math.comb(m + n, m) <= 20_000:
            method = stats.PermutationMethod(n_resamples=np.inf)
            p, oracle, tolerance = float(stats.mannwhitneyu(y, x, method=method).pvalue), "scipy", 1e-12
            assert math.isclose(p, tied_p(y, x), rel_tol=1e-12), (name, p, tied_p(y, x))
        else:
            p, oracle, tolerance = tied_p(y, x), "exact", 1e-12
        expect = {
            "method": "mann_whitney",
            "n": {"baseline": m, "current": n},
            "distribution": "exact" if m * n <= 2500 else "normal",
            "statistic": float(stats.mannwhitneyu(y, x, method="asymptotic").statistic),
            "p_value": 1.0 if math.isnan(p) else p,  # scipy: no variance; here: no evidence
            **shift(x, y, 0.05),
        }
        p_min = float(min(Fraction(1), Fraction(2, math.comb(m + n, m)))) if min(m, n) < 1000 else 0.0
        if p_min > 1e-290:  # below, the binomial coefficient leaves the doubles on the way
            expect["p_min"] = p_min
        yield vector(name, oracle, {"baseline": baseline, "current": current, "alpha": 0.05}, expect, tolerance)
    for name, first, second, error in REFUSED + [("differences overflow", [-1.7e308], [1.7e308], "Overflow")]:
        yield refused(name, {"baseline": first, "current": second, "alpha": 0.05}, error)


def shift(x, y, alpha):
    """The Hodges–Lehmann shift from x to y, with its interval."""
    x, y = np.sort(x), np.sort(y)
    pairs = len(x) * len(y)
    if pairs <= 10_000_000:
        ordered = np.sort((y[:, None] - x[None, :]).ravel())
        rank = lambda k: float(ordered[k])
    else:
        rank = lambda k: by_bisection(x, y, k)
    middle = rank(pairs // 2)
    if pairs % 2 == 0:
        middle = middle / 2 + rank(pairs // 2 - 1) / 2
    k = cut_off(len(x), len(y), alpha)
    ends = {"low": rank(k), "high": rank(pairs - 1 - k)} if k >= 0 else {"low": None, "high": None}
    return {"estimate": middle, "interval": {**ends, "level": 1 - alpha}}


def by_bisection(x, y, k):
    """The difference y − x of rank k, of samples of whole numbers."""
    low, high = y[0] - x[-1], y[-1] - x[0]
    for _ in range(200):
        middle = (low + high) / 2
        if np.searchsorted(x, y - middle, side="left").sum() < len(x) * len(y) - k:
            high = middle
        else:
            low = middle
    return float(round(high))


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
        logs = shift(np.log(values(baseline)), np.log(values(current)), alpha)
        power = lambda v: None if v is None else math.exp(v)
        interval = {"low": power(logs["interval"]["low"]), "high": power(logs["interval"]["high"])}
        expect = {"method": "hodges_lehmann", "estimate": math.exp(logs["estimate"]), "interval": interval}
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
            "estimate": math.exp(y.mean() - x.mean()),
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
