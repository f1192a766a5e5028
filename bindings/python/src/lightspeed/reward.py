"""What a measured change is worth to a learning loop."""

import math
from typing import Any, Dict, List, Mapping, NamedTuple, Optional


class Reward(NamedTuple):
    """A change in logarithms of current/baseline: below 0 is faster."""

    log_ratio: float
    #: Its interval, which holds the truth as often as `level` says; an end that the runs do not bound is None.
    low: Optional[float]
    high: Optional[float]
    level: float
    #: Natural logarithm of the evidence against "no change", where it was measured in pairs.
    ln_e_value: Optional[float]
    #: The change that the interval vouches for, above 0 if faster: noise alone earns nothing.
    reward_lcb: float

    @property
    def speedup(self) -> float:
        """How many times as fast."""
        return math.exp(-self.log_ratio)


class Rewards(NamedTuple):
    """What a step is worth."""

    step_id: str
    #: All times together, by the geometric mean of their ratios; None where nothing was compared.
    mean: Optional[Reward]
    #: Each instance that was compared.
    benchmarks: Dict[str, Reward]
    #: The others that were selected, with the reason: what failed, and what has no baseline.
    without: Dict[str, str]

    def to_records(self) -> List[Dict[str, Any]]:
        """A row for each compared instance, for a table."""
        return [{"benchmark": name, **reward._asdict()} for name, reward in self.benchmarks.items()]


def rewards(document: Mapping[str, Any]) -> Rewards:
    """Of the document that `Session.results` gives for a step."""
    step = document["step"]
    found = {name: reward(one["reward"]) for name, one in step["benchmarks"].items()}
    return Rewards(
        step_id=step["step_id"],
        mean=reward(step["reward"]),
        benchmarks={name: one for name, one in found.items() if one is not None},
        without={name: one["reason"] or one["status"] for name, one in step["benchmarks"].items() if found[name] is None},
    )


def reward(written: Optional[Mapping[str, Any]]) -> Optional[Reward]:
    """As a document has it."""
    if written is None:
        return None
    interval = written["interval"]
    ends = interval["low"], interval["high"], interval["level"]
    return Reward(written["log_ratio"], *ends, written["ln_e_value"], written["reward_lcb"])
