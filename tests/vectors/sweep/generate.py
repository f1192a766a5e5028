"""Writes the vectors of sweeps beside this file, from docs/statistics.md. See README.md there for what it needs."""

import itertools
import json
import math
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.optimize import nnls

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "stats"))
from generator import below, bit_source  # noqa: E402

# Each law as its terms, the simpler laws first.
LAWS = {
    "constant": lambda n: [np.ones_like(n)],
    "logarithmic": lambda n: [np.ones_like(n), np.log(n)],
    "linear": lambda n: [np.ones_like(n), n],
    "linearithmic": lambda n: [np.ones_like(n), n * np.log(n)],
    "quadratic": lambda n: [np.ones_like(n), n**2],
    "amdahl": lambda n: [np.ones_like(n), 1 / n],
    "usl": lambda n: [1 / n, (n - 1) / n, n - 1],
}
DOUBLED = 2.0 ** np.arange(7)
SIZES = {
    "doubled": DOUBLED,
    "to ten": np.arange(1.0, 11.0),
    "four": np.array([1.0, 2.0, 4.0, 8.0]),
    "five": np.array([1.0, 2.0, 3.0, 6.0, 12.0]),
    "bytes": 2.0 ** np.arange(20, 31),
    "tenths": np.arange(1.0, 9.0) / 10,
}
TRUTHS = {
    "constant": [0.2],
    "logarithmic": [0.1, 0.05],
    "linear": [0.1, 0.02],
    "linearithmic": [0.1, 0.01],
    "quadratic": [0.1, 0.001],
    "amdahl": [0.1, 0.9],
    "usl": [1.0, 0.05, 0.004],
}


def main():
    provenance = {"python": platform.python_version(), "numpy": version("numpy"), "scipy": version("scipy")}
    for name, made in {"scaling": scaling, "analysis": analysis}.items():
        vectors = list(made())
        lines = ",\n  ".join(json.dumps(one, allow_nan=False) for one in vectors)
        head = json.dumps({"schema": 1, "function": name, "provenance": provenance})[1:-1]
        (HERE / f"{name}.json").write_text(f"{{{head},\n \"vectors\": [\n  {lines}\n ]}}\n", encoding="utf-8")
        print(f"{name}: {len(vectors)} vectors")


def scaling():
    """Runs of each size, and what is to come of them."""
    counts = dict.fromkeys(LAWS, 0) | {None: 0}
    for seed, (law, sizes, noise, runs) in enumerate(itertools.product(LAWS, SIZES, (0.003, 0.03, 0.15), (3, 6))):
        n = SIZES[sizes]
        if sizes == "tenths" and law in ("logarithmic", "linearithmic", "usl"):
            continue
        scale = 2.0**-20 if sizes == "bytes" else 1.0
        truth = sum(c * term for c, term in zip(TRUTHS[law], LAWS[law](n * scale)))
        random = np.random.default_rng([2, seed])
        groups = [[float(f"{t * math.exp(noise * random.normal()):.6g}") for _ in range(runs)] for t in truth]
        yield scaled(f"{law}, {sizes}, noise {noise}, {runs} runs", n.tolist(), groups, seed, counts)
    bent = [[t * f for f in (0.99, 1.0, 1.02, 1.03)] for t in (0.1, 0.11, 0.1, 0.5, 0.1, 0.12, 0.1)]
    yield scaled("no law", DOUBLED.tolist(), bent, 1, counts)
    uneven = [[0.1 + 0.02 * n * (1 + 0.01 * i) for i in range(3 + place)] for place, n in enumerate(DOUBLED)]
    yield scaled("uneven runs", DOUBLED.tolist(), uneven, 1, counts)
    missing = {law: count for law, count in counts.items() if count == 0}
    assert not missing, f"nothing comes to {missing}"
    print(f"scaling comes to {counts}")


def scaled(name, sizes, groups, seed, counts):
    medians = np.array([np.median(runs) for runs in groups])
    errors = standard_errors(groups, medians)
    fits = {law: fit for law in LAWS if (fit := fitted(law, np.array(sizes), medians, errors)) is not None}
    fits = weighed(fits)
    for (law, fit), intervals in zip(fits.items(), drawn(fits, np.array(sizes), groups, errors, seed)):
        fit["intervals"] = intervals
    model = told(fits, np.array(sizes), name)
    counts[model] += 1
    expect = {"model": model, "fits": [{"model": law, **fit} for law, fit in fits.items()]}
    for fit in expect["fits"]:
        del fit["aicc"]
    given = {"sizes": sizes, "runs": groups, "seed": seed}
    return {"name": name, "oracle": "scipy, numpy", "tolerance": 1e-9, "input": given, "expect": expect}


def standard_errors(groups, medians):
    """The error of each median as a share of it."""
    pooled = [abs(run / m - 1) * math.sqrt(len(runs) / (len(runs) - 1)) for runs, m in zip(groups, medians) for run in runs]
    sigma = np.median(pooled) / stats.norm.ppf(0.75)
    return np.array([math.hypot(math.sqrt(math.pi / 2) * sigma / math.sqrt(len(runs)), 0.01) for runs in groups])


def least_squares(law, sizes, medians, errors):
    """Coefficients of at least 0 and their chi-square; columns of length 1, which changes neither and keeps digits."""
    columns = np.array(LAWS[law](sizes)).T / (errors * medians)[:, None]
    if (columns < 0).any():
        return None
    lengths = np.linalg.norm(columns, axis=0)
    coefficients, left = nnls(columns / lengths, 1 / errors)
    return (coefficients / lengths).tolist(), float(left**2)


def fitted(law, sizes, medians, errors):
    found = least_squares(law, sizes, medians, errors)
    if found is None or found[0][-1] == 0:
        return None
    k, n = len(found[0]), len(sizes)
    if n <= k + 1:
        return None
    aicc = found[1] + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    return {"coefficients": found[0], "chi_square": found[1], "aicc": aicc}


def weighed(fits):
    """With Akaike's weights, the best first."""
    least = min(fit["aicc"] for fit in fits.values())
    shares = {law: math.exp((least - fit["aicc"]) / 2) for law, fit in fits.items()}
    for law, fit in fits.items():
        fit["weight"] = shares[law] / sum(shares.values())
    return dict(sorted(fits.items(), key=lambda item: -item[1]["weight"]))


def drawn(fits, sizes, groups, errors, seed):
    """Intervals of the coefficients, from the library's own draws."""
    source = bit_source(seed)
    again = {law: [] for law in fits}
    for _ in range(400):
        medians = np.array([np.median([runs[below(source, len(runs))] for _ in runs]) for runs in groups])
        for law in fits:
            again[law].append(least_squares(law, sizes, medians, errors)[0])
    return [np.quantile(rows, [0.025, 0.975], axis=0).T.tolist() for rows in again.values()]


def told(fits, sizes, name):
    """The law that is named, or None; no vector may hang on rounding, or on Wilson and Hilferty's approximation, which lies above."""
    def clear(value, bound, above=1e-6):
        assert not -1e-6 < value / bound - 1 < above, f"{name}: {value} is too near to {bound}"
        return value > bound

    def fits_well(law):
        return not clear(fits[law]["chi_square"], stats.chi2.isf(0.001, len(sizes) - len(fits[law]["coefficients"])), 0.035)

    def flat(law):
        says = sum(c * term for c, term in zip(fits[law]["coefficients"], LAWS[law](sizes)))
        return not clear(says.max() / says.min(), 1.05) if says.min() > 0 else False

    best = next(iter(fits))
    if all(flat(law) and fits_well(law) for law in fits if clear(fits[law]["weight"], 0.1)):
        return "constant"
    return best if clear(fits[best]["weight"], 0.9) and fits_well(best) else None


def analysis():
    """Speed-ups, efficiencies and drift of values by round."""
    for rounds, points, better, alpha, drift in itertools.product((2, 6, 9), (3, 7), ("lower", "higher"), (0.05, 0.2), (0.0, 0.05)):
        random = np.random.default_rng(rounds * 1000 + points)
        workers = [1, 2, 3, 4, 6, 8, 16][:points]
        values = [[0.05 * (1 + 3 / w) * (1 + drift * i) * math.exp(0.02 * random.normal()) for i in range(rounds)] for w in workers]
        values = [[float(f"{(v if better == 'lower' else 1 / v):.9g}") for v in row] for row in values]
        signed = 1 if better == "lower" else -1
        told = []
        for w, row in zip(workers, values):
            low, centre, high = signed_ranks(signed * np.log(np.array(values[0]) / np.array(row)), alpha)
            told.append({"speedup": ends(low, centre, high), "efficiency": ends(low, centre, high, w)})
        given = {"workers": workers, "better": better, "alpha": alpha, "values": values}
        expect = {"points": told, "drift": drifted(values, alpha)}
        name = f"{points} points, {rounds} rounds, {better}, alpha {alpha}, drift {drift}"
        yield {"name": name, "oracle": "exact, numpy", "tolerance": 1e-9, "input": given, "expect": expect}


def signed_ranks(d, alpha):
    """The pseudo-median with the ends that the exact test does not reject, from all sign patterns."""
    n = len(d)
    averages = sorted((d[i] + d[j]) / 2 for i in range(n) for j in range(i, n))
    sums = [sum(rank for rank, sign in zip(range(1, n + 1), signs) if sign) for signs in itertools.product((0, 1), repeat=n)]
    # So many of the smallest averages lie outside: P(T <= k) <= alpha / 2 for k = outside - 1.
    outside = 0
    while sum(s <= outside for s in sums) / 2**n <= alpha / 2:
        outside += 1
    low, high = (averages[outside - 1], averages[-outside]) if outside else (None, None)
    return low, float(np.median(averages)), high


def ends(low, centre, high, ratio=1):
    number = {"low": low, "estimate": centre, "high": high}
    return {name: None if value is None else math.exp(value) / ratio for name, value in number.items()}


def drifted(values, alpha):
    third = len(values[0]) // 3
    if third == 0:
        return None
    d = np.array([math.log(np.median(row[-third:]) / np.median(row[:third])) for row in values])
    low, centre, high = signed_ranks(d, alpha)
    return ends(low, centre, high) if low is not None and (low > 0 or high < 0) else None


if __name__ == "__main__":
    main()
