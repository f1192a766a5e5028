#!/usr/bin/env python3
"""The statistics' speed beside scipy's, on the same samples in one session.

    cargo build --release -p lightspeed-core --example stats_speed
    python benches/stats_speed.py --program target/release/examples/stats_speed

Prints a table: the median of the rounds and the fastest, and scipy's fastest where it has the same method. The program's
rounds come first, scipy's after them.
"""

import argparse
import json
import math
import subprocess
import sys
import time

GOALS = {
    "compare, 30 and 30 runs": 50e-6,
    "compare, 30 and 30 runs with ties": 50e-6,
    "10,000 comparisons of 30 and 30 with Holm and Benjamini-Hochberg": 1.0,
    "mann_whitney, exact, 50 and 50": 5e-3,
    "mann_whitney, exact with ties, 50 and 50": 5e-3,
    "signed_rank, exact, 50 pairs": 5e-3,
    "signed_rank, exact with ties, 50 pairs": 5e-3,
}
ROUNDS = 5


def sample(first, n, offset):
    """The samples of the program."""
    return [offset + (1 + i * 7919 % 104_729) / 2**20 for i in range(first, first + n)]


def peers():
    """scipy's functions by the names of ours; without scipy none."""
    try:
        import numpy as np
        from scipy import stats
    except ImportError:
        print("scipy is not installed: its column stays empty", file=sys.stderr)
        return {}
    base, now = np.array(sample(0, 50, 1.0)), np.array(sample(1000, 50, 1.01))
    many_base, many_now = np.array(sample(0, 100_000, 1.0)), np.array(sample(1000, 100_000, 1.01))
    flips = stats.PermutationMethod(n_resamples=9999, rng=1)
    medians = lambda x, y, axis: np.log(np.median(y, axis=axis)) - np.log(np.median(x, axis=axis))
    return {
        "mann_whitney, exact, 50 and 50": lambda: stats.mannwhitneyu(now, base, method="exact"),
        "signed_rank, exact, 50 pairs": lambda: stats.wilcoxon(np.log(now / base), method="exact"),
        "sign_flip, 9,999 draws, 50 pairs": lambda: stats.permutation_test(
            (np.log(now / base),), lambda d, axis: d.mean(axis=axis), permutation_type="samples", vectorized=True,
            n_resamples=flips.n_resamples, rng=1,
        ),
        "welch, 50 and 50": lambda: stats.ttest_ind(np.log(now), np.log(base), equal_var=False).confidence_interval(),
        "bootstrap of medians, 2,000 resamples, 50 and 50": lambda: stats.bootstrap(
            (base, now), medians, n_resamples=2000, method="BCa", vectorized=True, rng=1
        ),
        "mann_whitney, 100,000 and 100,000": lambda: stats.mannwhitneyu(many_now, many_base, method="asymptotic"),
        "signed_rank, 100,000 pairs": lambda: stats.wilcoxon(np.log(many_now / many_base), method="asymptotic"),
    }


def fastest(work):
    """Seconds of the fastest round, after one that does not count."""
    work()
    best = math.inf
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def shown(seconds):
    if seconds is None:
        return ""
    for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            break
    return f"{seconds * scale:.3g} {unit}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", required=True, help="the built example `stats_speed` of lightspeed-core")
    options = parser.parse_args()
    done = subprocess.run([options.program], stdout=subprocess.PIPE, check=True, text=True)
    scipy = peers()
    print("| what | median | fastest | scipy's fastest | goal |\n|---|---:|---:|---:|---|")
    for line in done.stdout.splitlines():
        what, median, best = json.loads(line)
        goal = GOALS.get(what)
        verdict = "" if goal is None else f"≤ {shown(goal)}: {'met' if median <= goal else 'missed'}"
        peer = shown(fastest(scipy[what]) if what in scipy else None)
        print(f"| {what} | {shown(median)} | {shown(best)} | {peer} | {verdict} |")


if __name__ == "__main__":
    main()
