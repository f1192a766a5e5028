"""asv's `Results` beside baselines."""

from typing import Any, Dict, Mapping

from lightspeed.asv.deps_db import all_ids
from lightspeed.asv.outcome import BenchmarkDelta, shown

_STATISTICS = ("ci_99_a", "ci_99_b", "q_25", "q_75", "repeat", "number")


def extract_deltas(
    asv_results: Any, benchmarks: Mapping[str, Mapping[str, Any]], baseline: Mapping[str, Mapping[str, Any]]
) -> Dict[str, BenchmarkDelta]:
    """asv's `Results` beside baselines, which are statistics by instance; what gave no number has no `current`."""
    found_now = measured(asv_results, benchmarks, with_failures=True)
    found = {}
    for name, current in found_now.items():
        before = baseline.get(name)
        unit = current["unit"] or "seconds"
        then, now = (before or {}).get("median"), current["median"]
        moved = None if then is None or now is None or not then else (now - then) / abs(then) * 100
        found[name] = BenchmarkDelta(
            name=name,
            baseline=then,
            current=now,
            delta_pct=moved,
            baseline_str=shown(then, unit),
            current_str=shown(now, unit),
            params=current["values"],
            baseline_stats=None if before is None else {key: before.get(key) for key in ("median", *_STATISTICS)},
            current_stats=None if now is None else {key: current[key] for key in ("median", *_STATISTICS)},
            baseline_samples=(before or {}).get("samples") or None,
            current_samples=current["samples"] or None,
        )
    return found


def measured(
    asv_results: Any, benchmarks: Mapping[str, Mapping[str, Any]], with_failures: bool = False
) -> Dict[str, Dict[str, Any]]:
    """What asv's `Results` say of each instance: its statistics with `median`, `samples`, `unit`, and its parameters as `values`."""
    if not hasattr(asv_results, "get_result_value"):  # A client's own run may give none at all.
        return {}
    selection = getattr(benchmarks, "benchmark_selection", {})
    found = {}
    for name, benchmark in benchmarks.items():
        if name not in asv_results.get_all_result_keys():
            continue
        params = benchmark.get("params") or []
        values = asv_results.get_result_value(name, params)
        statistics = asv_results.get_result_stats(name, params)
        samples = asv_results.get_result_samples(name, params)
        chosen = selection.get(name)
        for place, bid in enumerate(all_ids({name: benchmark})):
            if chosen is not None and place not in chosen:
                continue
            value = _number(values[place]) if place < len(values) else None
            if value is None and not with_failures:
                continue
            stats = (statistics[place] if statistics and place < len(statistics) else None) or {}
            found[str(bid)] = {
                "median": value,
                **{key: _number(stats.get(key)) for key in _STATISTICS},
                "samples": [float(one) for one in (samples[place] if samples and place < len(samples) else None) or []],
                "unit": benchmark.get("unit"),
                "values": _values(benchmark, place) if params else None,
            }
    return found


def _values(benchmark: Mapping[str, Any], place: int) -> Dict[str, str]:
    """The parameters of a combination by name."""
    values = []
    for choices in reversed(benchmark["params"]):
        place, chosen = divmod(place, len(choices))
        values.append(choices[chosen])
    names = benchmark.get("param_names") or []
    named = [names[number] if number < len(names) else f"param{number + 1}" for number in range(len(values))]
    return dict(zip(named, reversed(values)))


def _number(value: Any) -> Any:
    """A finite number, else None."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value - value == 0:
        return value
    return None
