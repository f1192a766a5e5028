"""Vectors of pairs: signed ranks, random signs, diagnostics."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import statsmodels.tsa.stattools
from scipy import stats

from generator import draws_of_64_bits
from samples import PAIRED, PAIRS_REFUSED, generated, refused, values, vector


def log_ratios(baseline, current):
    """ln(current/baseline), antisymmetric to the last bit."""
    b, c = np.array(values(baseline)), np.array(values(current))
    small, large = np.minimum(b, c), np.maximum(b, c)
    with np.errstate(over="ignore"):
        excess = (large - small) / small
    size = np.array([math.log1p(e) if math.isfinite(e) else math.log(l) - math.log(s) for e, l, s in zip(excess, large, small)])
    return np.where(c < b, -size, size)


def exponential(value):
    return None if value is None else math.exp(value)


def interval(low, high, alpha):
    return {"low": exponential(low), "high": exponential(high), "level": 1 - alpha}


def signed_rank():
    large = {
        "3000 pairs": (generated(1, 3000, scale=2.0**-34, offset=1.0), generated(2, 3000, scale=2.0**-34, offset=1.001)),
        "100000 pairs": (generated(3, 100_000, scale=2.0**-34, offset=1.0), generated(4, 100_000, scale=2.0**-34, offset=1.0003)),
        "100000 pairs, few values": (generated(5, 100_000, 7, 16.0, 1024.0), generated(6, 100_000, 7, 16.0, 1024.0)),
    }
    for name, (baseline, current) in {**PAIRED, **large}.items():
        d = log_ratios(baseline, current)
        n, zeros = len(d), int((d == 0).sum())
        sizes = np.abs(d)
        distinct = len(set(sizes)) == n and not zeros
        if n > 100:
            p = float(stats.wilcoxon(d, zero_method="pratt", correction=True, method="asymptotic").pvalue)
            oracle, tolerance = "scipy", 1e-9
        else:
            p, oracle, tolerance = tied_p(d), "exact", 1e-12
            if distinct and p > 1e-10:  # scipy's smaller ones are differences from 1
                check = float(stats.wilcoxon(d, method="exact").pvalue)
            elif n <= 12 and zeros < n:
                check = stats.wilcoxon(d, zero_method="pratt", method=stats.PermutationMethod(n_resamples=np.inf)).pvalue
            else:
                check = None
            if check is not None:
                assert math.isclose(p, check, rel_tol=1e-10), (name, p, check)
                oracle = "exact, scipy"
        for alpha in (0.05, 0.01):
            centre, low, high = walsh(d, alpha)
            expect = {
                "method": "signed_rank",
                "n": {"baseline": n, "current": n},
                "distribution": "exact" if n <= 100 else "normal",
                "statistic": rank_sum(d),
                "p_value": p,
                "p_min": math.ldexp(1.0, 1 - max(n - zeros, 1)),
                "estimate": math.exp(centre),
                "interval": interval(low, high, alpha),
            }
            given = {"baseline": baseline, "current": current, "alpha": alpha}
            yield vector(f"{name}, alpha {alpha}", oracle, given, expect, tolerance)
    for name, first, second, error in PAIRS_REFUSED + [("overflow", [5e-324], [1e308], "Overflow")]:
        yield refused(name, {"baseline": first, "current": second, "alpha": 0.05}, error)


def rank_sum(d):
    ranks = stats.rankdata(np.abs(d))
    return float(ranks[d > 0].sum())


def sums(ranks):
    """How many ways of choosing ranks give each sum, as whole numbers."""
    counts = [1]
    for rank in ranks:
        counts = [a + b for a, b in zip(counts + [0] * rank, [0] * rank + counts)]
    return counts


def tied_p(d):
    doubled = [round(2 * r) for r, v in zip(stats.rankdata(np.abs(d)), d) if v != 0]
    observed = round(2 * rank_sum(d))
    counts = sums(doubled)
    lower, upper = sum(counts[: observed + 1]), sum(counts[observed:])
    return float(min(Fraction(1), Fraction(2 * min(lower, upper), 2 ** len(doubled))))


def walsh(d, alpha):
    """Median of the Walsh averages and the ends of their interval."""
    d = np.sort(d)
    n = len(d)
    if n <= 100:
        limit, total, k = Fraction(alpha) / 2 * 2**n, 0, -1
        for t, count in enumerate(sums(range(1, n + 1))):
            total += count
            if total > limit:
                k = t - 1
                break
    else:
        spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        k = math.floor(n * (n + 1) / 4 - stats.norm.isf(alpha / 2) * spread - 0.5)
    count = n * (n + 1) // 2
    if n <= 3000:
        first, second = np.triu_indices(n)
        ordered = np.sort((d[first] + d[second]) / 2)
        rank = lambda r: float(ordered[r])
    else:
        rank = lambda r: average_of_rank(d, r)
    middle = rank(count // 2) if count % 2 else (rank(count // 2) + rank(count // 2 - 1)) / 2
    return (middle, rank(k), rank(count - 1 - k)) if k >= 0 else (middle, None, None)


def average_of_rank(d, rank):
    """By bisection: pairs i ≤ j with an average up to `middle` are half of all ordered pairs and of the diagonal."""
    low, high = d[0], d[-1]
    for _ in range(100):
        middle = (low + high) / 2
        ordered = int(np.searchsorted(d, 2 * middle - d, side="right").sum())
        diagonal = int(np.searchsorted(d, middle, side="right"))
        if (ordered + diagonal) // 2 > rank:
            high = middle
        else:
            low = middle
    return float(high)


def sign_flip():
    for name, (baseline, current) in PAIRED.items():
        d = np.sort(log_ratios(baseline, current))
        n, zeros = len(d), int((d == 0).sum())
        if n > 150:
            continue
        draws, seed, alpha = 9999 if n % 2 else 999, 7 + n, 0.05
        given = {"baseline": baseline, "current": current, "alpha": alpha, "draws": draws, "seed": seed}
        if n <= 20:
            subsets, total = every_subset(d), 2**n
            p_min = math.ldexp(1.0, 1 - max(n - zeros, 1))
        else:
            subsets, total = drawn_subsets(d, draws, seed), draws + 1
            p_min = 1 / total
        flipped = sum(d) - 2 * subsets[0]
        hits = int((np.abs(flipped) >= abs(sum(d)) - 1e-13 * np.abs(d).sum()).sum())
        p = (hits + total - len(flipped)) / total
        oracle = "numpy"
        if n <= 10:
            check = flipped_p(values(baseline), values(current))
            assert p == check, (name, p, check)
            oracle = "exact"
        means = np.sort(subsets[0][subsets[1] > 0] / subsets[1][subsets[1] > 0])
        unmoved = total - len(means)
        k = math.floor(alpha / 2 * total) - unmoved
        ends = (float(means[k]), float(means[-1 - k])) if 0 <= k < len(means) else (None, None)
        expect = {
            "method": "sign_flip",
            "distribution": "exact" if n <= 20 else "monte_carlo",
            "statistic": math.fsum(d) / n,
            "estimate": math.exp(math.fsum(d) / n),
            "p_value": p,
            "p_min": p_min,
            "interval": interval(*ends, alpha),
            "draws": None if n <= 20 else {"seed": seed, "count": draws},
        }
        if abs(expect["statistic"]) < 1e-6 * np.abs(d).max():
            del expect["statistic"]  # cancellation: not good to 1e-9 on either side
        yield vector(name, oracle, given, expect, 1e-12 if n <= 20 else 1e-9)
    for name, first, second, error in PAIRS_REFUSED:
        yield refused(name, {"baseline": first, "current": second, "alpha": 0.05, "draws": 999, "seed": 1}, error)
    yield refused("few draws", {"baseline": [1.0], "current": [1.0], "alpha": 0.05, "draws": 9, "seed": 1}, "BadResamples")


def flipped_p(baseline, current):
    """The share of signs with a product of ratios at least as far from 1, in rational numbers."""
    ratios = [Fraction(c) / Fraction(b) for b, c in zip(baseline, current)]
    far = lambda r: max(r, 1 / r)
    observed = far(math.prod(ratios))
    signs = product((1, -1), repeat=len(ratios))
    return sum(far(math.prod(r**s for r, s in zip(ratios, sign))) >= observed for sign in signs) / 2 ** len(ratios)


def every_subset(d):
    """Sums and sizes of all subsets."""
    total, size = np.zeros(1), np.zeros(1, dtype=int)
    for v in d:
        total, size = np.concatenate([total, total + v]), np.concatenate([size, size + 1])
    return total, size


def drawn_subsets(d, draws, seed):
    words = -(-len(d) // 64)
    bits = draws_of_64_bits(seed, draws * words).reshape(draws, words)
    chosen = np.unpackbits(bits.astype("<u8").view(np.uint8), axis=1, bitorder="little")[:, : len(d)]
    return chosen @ d, chosen.sum(axis=1, dtype=int)


def diagnose():
    courses = {
        "rising": [0.001 * k for k in range(12)],
        "falling": [-0.002 * k for k in range(30)],
        "to and fro": [0.01 * (-1) ** k for k in range(20)],
        "slow wave": [0.01 * math.sin(k / 4) for k in range(40)],
        "constant": [0.01] * 10,
        "three": [0.1, 0.2, 0.15],
        "one": [0.1],
    }
    for n in (4, 5, 8, 16, 33, 100, 1000):
        courses[f"noise {n}"] = generated(n, n, scale=2.0**-36)
        courses[f"ties {n}"] = generated(n, n, 4, 0.25)
    for name, course in courses.items():
        d = np.array(values(course))
        n = len(d)
        orders = [bit == "1" for bit in np.binary_repr(0x5A3C96A5, 32)] * (n // 32 + 1)
        orders = orders[:n]
        varies = n >= 4 and len(set(d)) > 1
        expect = {"order": order_effect(d, np.array(orders)), "drift": None, "autocorrelation": None}
        if varies:
            rho, p = stats.spearmanr(np.arange(n), d)
            expect["drift"] = {"rho": float(rho), "p_value": max(float(p), 2 / math.factorial(min(n, 150)))}
            lag_1 = float(statsmodels.tsa.stattools.acf(d, nlags=1, fft=False)[1])
            expect["autocorrelation"] = {"lag_1": lag_1, "limit": stats.norm.isf(0.005) / math.sqrt(n)}
        given = {"log_ratios": course, "baseline_first": orders, "alpha": 0.01}
        yield vector(name, "scipy, statsmodels", given, expect)
    yield refused("empty", {"log_ratios": [], "baseline_first": [], "alpha": 0.01}, "Empty")
    yield refused("nan", {"log_ratios": ["NaN"], "baseline_first": [True], "alpha": 0.01}, "NotFinite")
    yield refused("orders", {"log_ratios": [0.1], "baseline_first": [], "alpha": 0.01}, "UnequalLengths")
    yield refused("far", {"log_ratios": [1e300], "baseline_first": [True], "alpha": 0.01}, "Overflow")


def order_effect(d, baseline_first):
    ab, ba = d[baseline_first], d[~baseline_first]
    if min(len(ab), len(ba)) < 2:
        return None
    method = "exact" if len(set(d)) == len(d) and len(ab) * len(ba) <= 2500 else "asymptotic"
    if method == "asymptotic" and len(ab) * len(ba) <= 2500:
        from two_samples import tied_p as tied_ranks_p

        p = tied_ranks_p(list(ab), list(ba))
    else:
        p = float(stats.mannwhitneyu(ab, ba, method=method).pvalue)
    return {"ratio": math.exp(np.median(ab[:, None] - ba[None, :]) / 2), "p_value": p}
