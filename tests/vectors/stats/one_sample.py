"""Vectors of one sample: summaries and outliers."""

import math
from fractions import Fraction

import numpy as np
from asv_runner import statistics as runner_statistics

from samples import SINGLES, finite, refused, values, vector


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


def outliers():
    for name, sample in SINGLES.items():
        if name == "near the top":
            continue  # numpy's own fences overflow
        x = np.array(values(sample))
        q_25, q_75 = np.percentile(x, [25, 75])
        reach = q_75 - q_25
        expect = {
            "severe_low": np.flatnonzero(q_25 - x > 3 * reach).tolist(),
            "mild_low": np.flatnonzero((q_25 - x > 1.5 * reach) & (q_25 - x <= 3 * reach)).tolist(),
            "mild_high": np.flatnonzero((x - q_75 > 1.5 * reach) & (x - q_75 <= 3 * reach)).tolist(),
            "severe_high": np.flatnonzero(x - q_75 > 3 * reach).tolist(),
        }
        if len(x) <= 100:
            yield vector(name, "numpy", {"sample": sample}, expect)
    yield vector(
        "all four kinds",
        "by hand",
        {"sample": [10.0, 11.0, 12.0, 13.0, 14.0, 5.0, -100.0, 18.5, 100.0, 12.0, 12.0]},
        {"severe_low": [6], "mild_low": [5], "mild_high": [7], "severe_high": [8]},
    )
    yield vector(
        "as far apart as doubles go",
        "by hand",
        {"sample": [-1.7e308, 1.7e308, 0.0, 0.0, 0.0, 0.0, 0.0]},
        {"severe_low": [0], "mild_low": [], "mild_high": [], "severe_high": [1]},
    )
    yield refused("empty", {"sample": []}, "Empty")
    yield refused("nan", {"sample": [1.0, "NaN"]}, "NotFinite")
