"""Vectors of the bootstrap: scipy's BCa on the resamples that the library draws."""

import math

import numpy as np
from scipy import stats

from generator import below, bit_source
from paired import interval, log_ratios
from samples import PAIRS_REFUSED, generated, refused, values, vector


class Replay(np.random.Generator):
    """Hands scipy the places that the library draws: for each resample the first sample's, then the second's."""

    def __new__(cls, *_):
        return super().__new__(cls, np.random.PCG64())

    def __init__(self, seed, sizes, resamples):
        super().__init__(np.random.PCG64())
        source = bit_source(seed)
        rows = [[[below(source, n) for _ in range(n)] for n in sizes] for _ in range(resamples)]
        self.places = [np.array([row[i] for row in rows]) for i in range(len(sizes))]

    def integers(self, low, high, size, **_):
        places = self.places.pop(0)
        assert low == 0 and places.shape == tuple(size) and places.max() < high
        return places


STATISTICS = {
    "medians": lambda x, y, axis: np.log(np.median(y, axis=axis)) - np.log(np.median(x, axis=axis)),
    "geometric_means": lambda x, y, axis: y.mean(axis=axis) - x.mean(axis=axis),
    "hodges_lehmann": lambda x, y, axis: np.median((y[..., :, None] - x[..., None, :]).reshape(*x.shape[:-1], -1), axis=-1),
    "median_of_pairs": lambda d, axis: np.median(d, axis=axis),
    "geometric_mean_of_pairs": lambda d, axis: d.mean(axis=axis),
}


def bootstrap():
    for resampled, statistic in STATISTICS.items():
        pairs = resampled.endswith("pairs")
        for m, n, resamples, alpha in [(11, 11, 999, 0.05), (30, 30, 2000, 0.05), (12, 25, 999, 0.1), (17, 17, 1999, 0.01),
                                       (40, 33, 999, 0.05), (101, 101, 500, 0.05), (6, 7, 999, 0.05)]:
            if pairs and m != n or "mean" in resampled and m < 10:
                continue  # of few values a resample's mean repeats, and rounding decides which is larger
            baseline = generated(m, m, scale=2.0**-33, offset=1.0)
            current = generated(n + 90_000, n, scale=2.0**-33, offset=1.05)
            x, y = np.array(values(baseline)), np.array(values(current))
            if pairs:
                data = (log_ratios(baseline, current),)
            else:
                data = (x, y) if resampled == "medians" else (np.log(x), np.log(y))
            seed = m * 1000 + n
            with np.errstate(all="ignore"):
                result = stats.bootstrap(
                    data, statistic, n_resamples=resamples, confidence_level=1 - alpha, method="BCa",
                    vectorized=True, rng=Replay(seed, [len(s) for s in data], resamples),
                )
            estimate = float(statistic(*data, axis=-1))
            ends = result.confidence_interval
            expect = {
                "method": "bootstrap",
                "estimate": math.exp(estimate),
                "interval": interval(float(ends.low), float(ends.high), alpha),
                "draws": {"seed": seed, "count": resamples},
            }
            given = {"baseline": baseline, "current": current, "resampled": resampled, "resamples": resamples,
                     "seed": seed, "alpha": alpha}
            yield vector(f"{resampled}, {m} and {n}", "scipy", given, expect)
        options = {"resampled": resampled, "resamples": 200, "seed": 1, "alpha": 0.05}
        expect = {"estimate": 1.5, "interval": {"low": None, "high": None}}
        yield vector(f"{resampled}, constants", "by hand", {"baseline": [2.0] * 5, "current": [3.0] * 5, **options}, expect)
        yield refused(f"{resampled}, one value", {"baseline": [2.0], "current": [3.0], **options}, "TooFew")
        for name, first, second, error in PAIRS_REFUSED:
            if error != "UnequalLengths" or pairs:
                yield refused(f"{resampled}, {name}", {"baseline": first, "current": second, **options}, error)
    most = {"resampled": "medians", "resamples": 10, "seed": 1, "alpha": 0.05}
    yield refused("few resamples", {"baseline": [1.0, 2.0], "current": [1.0, 2.0], **most}, "BadResamples")
    many = {"resampled": "hodges_lehmann", "resamples": 100, "seed": 1, "alpha": 0.05}
    yield refused("many values", {"baseline": generated(1, 201), "current": [1.0, 2.0], **many}, "TooMany")
