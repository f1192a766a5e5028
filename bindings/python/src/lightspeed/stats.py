"""Statistics of samples: the library's own, which give the same numbers on every platform.

Samples are lists, tuples, `array.array`s or arrays of NumPy with one dimension, one value a process run. `alpha` is the probability of
claiming a change where there is none. Numbers that have no such statistic raise `StatisticsError`, whose `detail` names the cause
(`Empty`, `NotFinite`, `NotPositive` …). What each method needs, and when it lies, is in docs/statistics.md. From any thread.
"""

import json
import math
from ctypes import byref
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from lightspeed import _call, _ffi
from lightspeed._library import lib
from lightspeed.result import Result, result


class Interval(NamedTuple):
    """Where the truth lies. An end is None where the sample does not bound it."""

    low: Optional[float]
    high: Optional[float]
    #: How often such an interval holds the truth.
    level: float


class Inference(NamedTuple):
    """What a method says about two samples. What it does not give is None."""

    method: str
    #: Of the statistic: `exact`, `normal`, `student`, `monte_carlo`.
    distribution: Optional[str]
    #: Values of each side: `baseline` and `current`.
    n: Dict[str, int]
    #: What is estimated: `ratio` of current to baseline, or `difference`.
    estimand: str
    estimate: float
    interval: Optional[Interval]
    statistic: Optional[float]
    degrees_of_freedom: Optional[float]
    p_value: Optional[float]
    #: The smallest p-value that samples of these sizes could give.
    p_min: Optional[float]
    e_value: Optional[float]
    ln_e_value: Optional[float]
    #: `seed` and `count` of random numbers.
    draws: Optional[Dict[str, int]]
    assumptions: Tuple[str, ...]
    #: What to be wary of, each with its `code`.
    warnings: Tuple[Dict[str, Any], ...]


class Summary(NamedTuple):
    """What is worth knowing about one sample, in its unit."""

    n: int
    median: float
    q_25: float
    q_75: float
    #: Ends of the median's interval of at least 99 %, as ASV computes it; None where the sample does not bound it.
    ci_99_a: Optional[float]
    ci_99_b: Optional[float]
    mean: float
    #: Standard deviation with n − 1; None for one value.
    sd: Optional[float]
    #: Median absolute deviation from the median, unscaled.
    mad: float
    min: float
    max: float


class Outliers(NamedTuple):
    """Places of values beyond 1.5 (mild) and 3 (severe) quartile distances. They are shown, and count like all others."""

    severe_low: Tuple[int, ...]
    mild_low: Tuple[int, ...]
    mild_high: Tuple[int, ...]
    severe_high: Tuple[int, ...]


class NoiseFloor(NamedTuple):
    """How large a change noise alone shows."""

    #: As a fraction: 0.02 is 2 %.
    fraction: float
    level: float
    n: int


class Margin(NamedTuple):
    """Up to which change nothing matters."""

    #: As a fraction: 0.02 is 2 %.
    fraction: float
    #: Which of the limits it comes from.
    source: str


class Difference(NamedTuple):
    """Whether ASV would call two samples different, with the samples and with their summaries only."""

    with_samples: bool
    without_samples: bool


def summarize(sample: Sequence[float]) -> Summary:
    """Median, quartiles, ASV's 99 % interval, mean and spread of a sample."""
    given, struct = _call.doubles(sample), _ffi.Summary()
    _call.call(lib.lightspeed_stats_summarize, _call.pointer(given), len(given), byref(struct))
    return Summary._make(_known(getattr(struct, name)) for name in Summary._fields)


def compare(
    baseline: Sequence[float],
    current: Sequence[float],
    *,
    alpha: Optional[float] = None,
    margin: Optional[float] = None,
    paired: bool = False,
) -> Result:
    """By how much two groups of values differ, and whether by more than `margin` (a fraction), with a verdict.

    Two samples are compared by ranks; with `paired`, where the i-th values belong together, by signed ranks. All values are above 0.
    """
    given = _call.options(_ffi.CompareOptions, lib.lightspeed_compare_options_init, alpha=alpha, margin=margin, paired=paired)
    sides, struct = (_call.doubles(baseline), _call.doubles(current)), _ffi.Result()
    arguments = [argument for side in sides for argument in (_call.pointer(side), len(side))]
    _call.call(lib.lightspeed_stats_compare, *arguments, byref(given), byref(struct))
    return result(struct)


def mann_whitney(baseline: Sequence[float], current: Sequence[float], *, alpha: float = 0.05) -> Inference:
    """Do two samples differ in location? The shift with its interval."""
    return _inference("mann_whitney", baseline, current, alpha=alpha)


def hodges_lehmann(baseline: Sequence[float], current: Sequence[float], *, alpha: float = 0.05) -> Inference:
    """By which factor do two samples differ? The median of all ratios, with its interval."""
    return _inference("hodges_lehmann", baseline, current, alpha=alpha)


def welch(baseline: Sequence[float], current: Sequence[float], *, alpha: float = 0.05) -> Inference:
    """By which factor do geometric means differ?"""
    return _inference("welch", baseline, current, alpha=alpha)


def signed_rank(baseline: Sequence[float], current: Sequence[float], *, alpha: float = 0.05) -> Inference:
    """Are pairs centred at 1? By which factor do they differ?"""
    return _inference("signed_rank", baseline, current, alpha=alpha)


def sign_flip(
    baseline: Sequence[float], current: Sequence[float], *, alpha: float = 0.05, draws: int = 9999, seed: int = 0
) -> Inference:
    """As `signed_rank`, for the mean. Above 20 pairs signs are drawn at random, `draws` times."""
    return _inference("sign_flip", baseline, current, alpha=alpha, draws=draws, seed=seed)


def bootstrap(
    baseline: Sequence[float],
    current: Sequence[float],
    *,
    resampled: str = "medians",
    resamples: int = 9999,
    seed: int = 0,
    alpha: float = 0.05,
) -> Inference:
    """The BCa interval of a ratio of `medians`, `geometric_means`, `hodges_lehmann`, `median_of_pairs` or `geometric_mean_of_pairs`."""
    return _inference("bootstrap", baseline, current, resampled=resampled, resamples=resamples, seed=seed, alpha=alpha)


def e_value(
    baseline: Sequence[float],
    current: Sequence[float],
    *,
    bet: Union[str, Mapping[str, Any]] = "signed_rank",
    margin: float = 0.0,
    alpha: float = 0.05,
) -> Inference:
    """Is the centre of pairs beyond the margin? It may be looked at after every pair.

    `bet` is `signed_rank`, `sign` or `{"symmetric": {"rho": …}}`.
    """
    return _inference("e_value", baseline, current, bet=bet, margin=_finite(margin), alpha=alpha)


def geometric_mean(samples: Sequence[Tuple[Sequence[float], Sequence[float]]], *, alpha: float = 0.05) -> Inference:
    """The mean ratio of several benchmarks, each a pair of samples, baseline and current."""
    pairs = [[_numbers(side) for side in pair] for pair in samples]
    return _inferred(call("geometric_mean", samples=pairs, alpha=alpha))


def is_different(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Would ASV call two samples different?"""
    return Difference(**call("is_different", first=_numbers(first), second=_numbers(second)))


def holm(p_values: Sequence[float]) -> List[float]:
    """P-values adjusted for many looks, so that any false claim is rare."""
    return call("holm", p_values=_numbers(p_values))["adjusted"]  # type: ignore[no-any-return]


def benjamini_hochberg(p_values: Sequence[float]) -> List[float]:
    """P-values adjusted so that the share of false claims is small."""
    return call("benjamini_hochberg", p_values=_numbers(p_values))["adjusted"]  # type: ignore[no-any-return]


def outliers(sample: Sequence[float]) -> Outliers:
    """Which values lie far out, by Tukey's fences."""
    return Outliers(**{name: tuple(places) for name, places in call("outliers", sample=_numbers(sample)).items()})


def noise_floor(log_ratios: Sequence[float], *, alpha: float = 0.05) -> NoiseFloor:
    """How large a change noise alone shows, of the log ratios of a calibration."""
    return NoiseFloor(**call("noise_floor", log_ratios=_numbers(log_ratios), alpha=alpha))


def margin(baseline: float, *, fraction: float = 0.0, absolute: float = 0.0, floor: Optional[float] = None) -> Margin:
    """The largest of the limits: a fraction, an absolute change in the unit of `baseline`, a noise floor."""
    limits = {"fraction": _finite(fraction), "absolute": _finite(absolute), "baseline": _finite(baseline)}
    return Margin(**call("margin", **limits, floor=None if floor is None else _finite(floor)))


def diagnose(log_ratios: Sequence[float], baseline_first: Sequence[bool], *, alpha: float = 0.05) -> Dict[str, Any]:
    """What speaks against pairs: an effect of the `order`, a `drift`, an `autocorrelation`."""
    first = [bool(one) for one in baseline_first]
    return call("diagnose", log_ratios=_numbers(log_ratios), baseline_first=first, alpha=alpha)


def compare_runs(
    baseline: Sequence[Sequence[float]], current: Sequence[Sequence[float]], *, alpha: float = 0.05, margin: float = 0.02
) -> Dict[str, Any]:
    """As `compare` of two samples, for runs of several values each, which collapse to their median; with all its numbers."""
    sides = {"baseline": [_numbers(run) for run in baseline], "current": [_numbers(run) for run in current]}
    return call("compare", **sides, alpha=alpha, margin=_finite(margin))


def call(function: str, **given: Any) -> Dict[str, Any]:
    """Calls a statistic of the library by its name, also one that this module does not know."""
    return json.loads(call_json(function, json.dumps(given)))  # type: ignore[no-any-return]


def call_json(function: str, document: str) -> str:
    """As `call`, from a JSON object to JSON. The same input gives the same bytes on every platform."""
    return _call.owned(lib.lightspeed_stats_call, _call.text(function), _call.text(document)).decode()


def _inference(function: str, baseline: Sequence[float], current: Sequence[float], **more: Any) -> Inference:
    return _inferred(call(function, baseline=_numbers(baseline), current=_numbers(current), **more))


def _inferred(found: Dict[str, Any]) -> Inference:
    """The fields that this release knows."""
    known = {name: found.get(name) for name in Inference._fields}
    interval = known["interval"]
    known["interval"] = interval and Interval(interval["low"], interval["high"], interval["level"])
    known["assumptions"], known["warnings"] = tuple(found["assumptions"]), tuple(found["warnings"])
    return Inference(**known)  # type: ignore[arg-type]


def _known(value: float) -> Optional[float]:
    return None if math.isnan(value) else value


def _numbers(values: Sequence[float]) -> List[Union[float, str]]:
    """As JSON takes them."""
    numbers = _call.doubles(values)
    return [_finite(number) for number in numbers]


def _finite(number: float) -> Union[float, str]:
    """A number, or its name where JSON has none."""
    value = float(number)
    return value if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
