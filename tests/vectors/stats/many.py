"""Vectors of many benchmarks at once: adjusted p-values, geometric means, margins, the noise floor."""

import math

import numpy as np
from statsmodels.stats.multitest import multipletests

from paired import interval
from samples import generated, refused, values, vector
from two_samples import shift

FAMILIES = {
    "one": [0.04],
    "two": [0.01, 0.04],
    "equal": [0.03] * 6,
    "zeros and ones": [0.0, 1.0, 0.0, 1.0, 0.5],
    "all ones": [1.0] * 4,
    "tiny": [5e-324, 1e-300, 1e-10, 0.2],
    "descending": [0.9, 0.5, 0.1, 0.05, 0.01, 0.001],
    "near the limit": [0.0499999, 0.05, 0.0500001, 0.0125, 0.0166666],
}
for n in (3, 5, 10, 33, 100, 1000):
    FAMILIES[f"spread {n}"] = generated(n, n, scale=2.0**-31)
    FAMILIES[f"ties {n}"] = generated(n + 1, n, 7, 1 / 128)
    FAMILIES[f"small {n}"] = generated(n + 2, n, scale=2.0**-40)


def holm():
    yield from adjusted("holm")


def benjamini_hochberg():
    yield from adjusted("fdr_bh")


def adjusted(method):
    for name, family in FAMILIES.items():
        p = np.minimum(values(family), 1.0)
        yield vector(name, "statsmodels", {"p_values": family}, {"adjusted": multipletests(p, method=method)[1].tolist()})
    yield vector("none", "by hand", {"p_values": []}, {"adjusted": []})
    for name, family in [("nan", [0.1, "NaN"]), ("negative", [-0.1]), ("above one", [0.5, 1.1]), ("infinity", ["inf"])]:
        yield refused(name, {"p_values": family}, "BadPValue")


def geometric_mean():
    """Of Hodges–Lehmann ratios, whose own vectors are elsewhere."""
    for benchmarks in (1, 2, 5, 20):
        for alpha in (0.05, 0.01):
            samples = [
                (generated(k + 1, 8 + k, scale=2.0**-33, offset=1.0), generated(k + 500, 9 + k, scale=2.0**-33, offset=1.0 + 0.01 * k))
                for k in range(benchmarks)
            ]
            shifts = [shift(np.log(values(b)), np.log(values(c)), alpha) for b, c in samples]
            centres = np.array([s["estimate"] for s in shifts])
            low = np.array([s["interval"]["low"] for s in shifts])
            high = np.array([s["interval"]["high"] for s in shifts])
            mean = centres.mean()
            ends = (
                mean - math.sqrt(((centres - low) ** 2).sum()) / benchmarks,
                mean + math.sqrt(((high - centres) ** 2).sum()) / benchmarks,
            )
            expect = {"estimate": math.exp(mean), "interval": interval(*ends, alpha), "n": {"baseline": benchmarks}}
            given = {"samples": [list(s) for s in samples], "alpha": alpha}
            yield vector(f"{benchmarks} benchmarks, alpha {alpha}", "numpy", given, expect)
    unbounded = [[[1.0], [2.0]], [generated(1, 30), generated(2, 30)]]
    expect = {"interval": {"low": None, "high": None}}
    yield vector("one without an interval", "by hand", {"samples": unbounded, "alpha": 0.05}, expect)
    yield refused("none", {"samples": [], "alpha": 0.05}, "Empty")


def noise_floor():
    for n, alpha, rank in [(1, 0.05, 1), (4, 0.05, 4), (18, 0.05, 18), (19, 0.05, 19), (20, 0.05, 20), (39, 0.05, 38),
                           (40, 0.05, 39), (99, 0.01, 99), (100, 0.1, 91), (1000, 0.05, 951)]:
        controls = generated(n, n, scale=2.0**-36, offset=-0.03)
        distance = np.sort(np.abs(values(controls)))[rank - 1]
        expect = {"fraction": math.expm1(distance), "level": rank / (n + 1), "n": n}
        yield vector(f"{n} controls, alpha {alpha}", "by hand", {"log_ratios": controls, "alpha": alpha}, expect)
    yield vector("no noise", "by hand", {"log_ratios": [0.0] * 30, "alpha": 0.05}, {"fraction": 0.0})
    for name, controls, error in [("none", [], "Empty"), ("nan", ["NaN"], "NotFinite"), ("far", [1e3], "Overflow")]:
        yield refused(name, {"log_ratios": controls, "alpha": 0.05}, error)


def margin():
    cases = [
        ("fraction", 0.05, 1.0, 100.0, 0.01, 0.05, "fraction"),
        ("absolute", 0.05, 10.0, 100.0, 0.01, 0.1, "absolute"),
        ("noise floor", 0.05, 1.0, 100.0, 0.2, 0.2, "noise_floor"),
        ("no floor", 0.0, 0.0, 5e-324, None, 0.0, "fraction"),
        ("equal", 0.1, 10.0, 100.0, 0.1, 0.1, "fraction"),
    ]
    for name, fraction, absolute, baseline, floor, expected, source in cases:
        given = {"fraction": fraction, "absolute": absolute, "baseline": baseline, "floor": floor}
        yield vector(name, "by hand", given, {"fraction": expected, "source": source})
    for name, fraction, absolute, baseline, error in [
        ("baseline of zero", 0.1, 0.0, 0.0, "NotPositive"),
        ("baseline unknown", 0.1, 0.0, "NaN", "NotFinite"),
        ("negative", -0.1, 0.0, 1.0, "BadMargin"),
        ("infinite", 0.1, "inf", 1.0, "BadMargin"),
        ("absolute beyond doubles", 0.1, 1e308, 5e-324, "Overflow"),
    ]:
        yield refused(name, {"fraction": fraction, "absolute": absolute, "baseline": baseline, "floor": None}, error)
