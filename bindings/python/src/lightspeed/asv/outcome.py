"""What the verbs of a `LightspeedSession` give: plain dataclasses, finite throughout."""

import dataclasses
import pathlib
from typing import Any, Dict, List, Optional


@dataclasses.dataclass
class TimingInfo:
    """Where the time went, in seconds."""

    total_s: float
    #: By phase; None where nothing was done.
    phases: Optional[Dict[str, float]] = None


@dataclasses.dataclass
class InitResult:
    """What a survey found."""

    #: The ids of all instances.
    benchmarks_discovered: List[str]
    #: Those whose dependencies are known.
    benchmarks_impactable: List[str]
    #: How many source files they depend on.
    source_files_covered: int
    #: Where the database lies, absolute.
    deps_db_path: pathlib.Path
    timing: TimingInfo


@dataclasses.dataclass
class BenchmarkDelta:
    """What came of one instance. A number that there is none of is None."""

    #: Its id, `name` or `name-K`.
    name: str
    #: Medians before the change and now, in the unit of the benchmark: seconds, bytes, or what it tracks.
    baseline: Optional[float]
    current: Optional[float]
    #: The change in per cent; slower is positive.
    delta_pct: Optional[float]
    #: The medians for people.
    baseline_str: str
    current_str: str
    #: Its parameters by name; None where it has none.
    params: Optional[Dict[str, Any]]
    #: Statistics as ASV names them, with `median`.
    baseline_stats: Optional[Dict[str, Any]] = None
    current_stats: Optional[Dict[str, Any]] = None
    baseline_samples: Optional[List[float]] = None
    current_samples: Optional[List[float]] = None
    #: Why it was selected, a sentence each.
    reasons: List[str] = dataclasses.field(default_factory=list)
    #: What the evidence says: `improved`, `unchanged`, `regressed`, `inconclusive`; None where nothing could be compared.
    verdict: Optional[str] = None


@dataclasses.dataclass
class MeasureResult:
    """What measuring a change gave."""

    #: Every selected instance by its id; what failed has no `current`.
    benchmarks: Dict[str, BenchmarkDelta]
    #: Benchmarks that were run, counted by name as ASV lists them; each with its affected parameters alone.
    selected_count: int
    total_count: int
    skipped_count: int
    timing: TimingInfo
    #: The ids of selected instances that gave no number.
    dropped: List[str] = dataclasses.field(default_factory=list)


def shown(value: Optional[float], unit: str = "seconds") -> str:
    """A number with its unit, for people."""
    if value is None:
        return "n/a"
    if unit == "bytes":
        for size, name in ((2**30, "G"), (2**20, "M"), (2**10, "K")):
            if abs(value) >= size:
                return f"{value / size:.3f}{name}"
        return f"{value:.0f}"
    if unit != "seconds":
        return f"{value:g}"
    for part, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")):
        if abs(value) >= part:
            return f"{value / part:.3f}{name}"
    return f"{value * 1e9:.3f}ns"
