"""Vectors of e-values: both e-processes, from exact sums and from mpmath."""

import math
from fractions import Fraction

import mpmath
import numpy as np
from scipy import optimize

from paired import interval, log_ratios
from samples import PAIRED, PAIRS_REFUSED, generated, refused, vector

mpmath.mp.dps = 40


def sign_e(k, n):
    """Σ C(n + 1, j) / ((n + 1) C(n, k)), which is 2^(n+1) ∫ p^k (1 − p)^(n − k) dp from ½ to 1."""
    total, term = 0, 1
    for j in range(k + 1):
        total += term
        term = term * (n + 1 - j) // (j + 1)
    return Fraction(total, (n + 1) * math.comb(n, k))


def check_closed_form():
    for k, n in [(0, 0), (1, 1), (0, 5), (3, 5), (8, 8), (20, 30), (40, 100), (75, 100)]:
        half = mpmath.mpf(1) / 2
        integral = mpmath.quad(lambda p: p**k * (1 - p) ** (n - k), [half, half * 1.05, half * 1.1, half * 1.2, half * 1.5, 1]) * 2 ** (n + 1)
        beta = mpmath.betainc(k + 1, n - k + 1, half, 1) * 2 ** (n + 1)
        exact = sign_e(k, n)
        exact = mpmath.mpf(exact.numerator) / exact.denominator
        assert abs(integral / exact - 1) < 1e-14 and abs(beta / exact - 1) < 1e-25, (k, n)


def symmetric_ln_e(d, centre, rho):
    x = [mpmath.mpf(float(v)) - mpmath.mpf(float(centre)) for v in d]
    total = mpmath.mpf(rho) + sum(v * v for v in x)
    z = sum(x) / mpmath.sqrt(total)
    return mpmath.log(2) + mpmath.log(rho / total) / 2 + z * z / 2 + mpmath.log(mpmath.ncdf(z))


def log_of(fraction):
    return mpmath.log(mpmath.mpf(fraction.numerator)) - mpmath.log(mpmath.mpf(fraction.denominator))


def mean_of_both(a, b):
    return mpmath.log((mpmath.exp(a) + mpmath.exp(b)) / 2)


def sign_interval(d, alpha):
    """Centres that neither side excludes: those between the k-th largest and the k-th smallest difference."""
    d = np.sort(d)
    n = len(d)
    threshold = 2 / Fraction(alpha)
    low, high = n // 2, n + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if sign_e(middle, n) >= threshold else (middle + 1, high)
    return (float(d[n - low]), float(d[low - 1])) if low <= n else (None, None)


def symmetric_interval(d, rho, alpha):
    n = len(d)
    if n < 2:
        return None, None
    first = next(k for k in range(2, 4000) if 2 * math.exp((k - 1) / 2) / math.sqrt(k) >= 2 / alpha)
    threshold = -math.log(alpha / 2 - 2.0**-first)
    mean = float(np.mean(d))
    squares = float(((d - mean) ** 2).sum())
    peak = math.sqrt((n - 1) * (rho + squares) / n)
    over = lambda reach: float(symmetric_ln_e(d, mean - reach, rho)) - threshold
    if over(peak) < 0:
        return None, None
    reach = optimize.brentq(over, 0, peak, xtol=1e-16, rtol=1e-14)
    return mean - reach, mean + reach


def e_value():
    check_closed_form()
    large = {
        "3000 pairs": (generated(1, 3000, scale=2.0**-34, offset=1.0), generated(2, 3000, scale=2.0**-34, offset=1.02)),
        "20000 pairs": (generated(3, 20_000, scale=2.0**-34, offset=1.0), generated(4, 20_000, scale=2.0**-34, offset=1.03)),
    }
    for name, (baseline, current) in {**PAIRED, **large}.items():
        d = log_ratios(baseline, current)
        n = len(d)
        for margin in (0.0, 0.02):
            given = {"baseline": baseline, "current": current, "bet": "sign", "margin": margin, "alpha": 0.05}
            m = math.log1p(margin)
            above, below = int((d > m).sum()), int((d < -m).sum())
            ln_e = mean_of_both(log_of(sign_e(above, n)), log_of(sign_e(below, n)))
            yield vector(
                f"sign, {name}, margin {margin}", "exact", given,
                expectation("sign_betting", n, float(np.median(d)), sign_interval(d, 0.05), ln_e, max(above, below)),
            )
            if n <= 60:
                yield vector(f"signed rank, {name}, margin {margin}", "mpmath", {**given, "bet": "signed_rank"}, signed_rank_expectation(d, m))
            if n > 500 or np.abs(d).max() > 100:
                continue
            rho = n * 0.0009 / (2 * math.log(20) + math.log(1 + 2 * math.log(20)))
            given = {**given, "bet": {"symmetric": {"rho": rho}}}
            ln_e = mean_of_both(symmetric_ln_e(d, m, rho), symmetric_ln_e(-d, m, rho))
            mean = math.fsum(d) / n
            yield vector(
                f"symmetric, {name}, margin {margin}", "mpmath", given,
                expectation("symmetric_mixture", n, mean, symmetric_interval(d, rho, 0.05), ln_e, None),
            )
    for kind, bet in (("signed rank", "signed_rank"), ("sign", "sign"), ("symmetric", {"symmetric": {"rho": 0.01}})):
        for name, first, second, error in PAIRS_REFUSED:
            given = {"baseline": first, "current": second, "bet": bet, "margin": 0.02, "alpha": 0.05}
            yield refused(f"{kind}, {name}", given, error)
    one = {"baseline": [1.0], "current": [1.0], "bet": "sign", "margin": 0.02, "alpha": 0.05}
    yield refused("rho", {**one, "bet": {"symmetric": {"rho": 0.0}}}, "BadRho")
    yield refused("margin", {**one, "margin": -0.1}, "BadMargin")
    yield refused("alpha", {**one, "alpha": 1.0}, "BadAlpha")


def signed_rank_e(d, centre):
    """E against "the centre is at most this", straight from the definition; also the scores with their signs."""
    x = [value - centre for value in d]
    scores = []
    for i, value in enumerate(x):
        before = [abs(other) for other in x[: i - i % 2]]
        doubled = 1 + sum(int(other < abs(value)) + int(other <= abs(value)) for other in before)
        p = mpmath.mpf(doubled) / (2 * (len(before) + 1))
        a, ln = mpmath.mpf("0.147"), mpmath.log(1 - p * p)
        half = 2 / (mpmath.pi * a) + ln / 2
        scores.append(mpmath.sqrt(2 * (mpmath.sqrt(half * half - ln / a) - half)) * mpmath.sign(value))
    wealth = lambda delta: mpmath.fprod(1 + mpmath.tanh(mpmath.mpf(delta) * score) for score in scores)
    steady = mpmath.fprod(1 + mpmath.mpf("0.95") * mpmath.sign(score) for score in scores)
    return mpmath.mpf("0.6") * wealth("0.45") + mpmath.mpf("0.2") * wealth("1.1") + mpmath.mpf("0.2") * steady, scores


def signed_rank_low(d, threshold):
    """The first of the pieces between all middles of two differences in which the centre is not excluded; None if it has no start."""
    ends = sorted({(d[i] + d[j]) / 2 for i in range(len(d)) for j in range(i + 1)})
    pieces = [(None, ends[0] - 1)] + [(a, (a + b) / 2) for a, b in zip(ends, ends[1:])] + [(ends[-1], ends[-1] + 1)]
    return next(start for start, inside in pieces if signed_rank_e(d, inside)[0] < threshold)


def signed_rank_expectation(d, m):
    n = len(d)
    scores = signed_rank_e(d, 0.0)[1]
    squares = mpmath.fsum(score * score for score in scores)
    statistic = mpmath.fsum(scores) / mpmath.sqrt(squares) if squares else 0
    centre = float(np.median([(d[i] + d[j]) / 2 for i in range(n) for j in range(i + 1)]))
    ln_e = mean_of_both(*(mpmath.log(signed_rank_e(side, m)[0]) for side in (d, -d)))
    expect = expectation("signed_rank_betting", n, centre, (None, None), ln_e, statistic)
    if n <= 25 and len({abs(a - b) for a in d for b in d}) == n * (n - 1) // 2 + 1:  # ends under ties are a convention
        low, high = signed_rank_low(d, 40), signed_rank_low(-d, 40)
        expect["interval"] = interval(low, None if high is None else -high, 0.05)
    else:
        del expect["interval"]
    return expect


def expectation(method, n, centre, ends, ln_e, statistic):
    expect = {
        "method": method,
        "n": {"baseline": n, "current": n},
        "estimate": math.exp(centre),
        "interval": interval(*ends, 0.05),
        "ln_e_value": float(ln_e),
        "e_value": float(mpmath.exp(ln_e)) if ln_e < 709 else None,
        "p_value": None,
    }
    if abs(ln_e) < 1e-3:
        del expect["ln_e_value"]  # the logarithm of a number near 1
    return expect if statistic is None else {**expect, "statistic": float(statistic)}
