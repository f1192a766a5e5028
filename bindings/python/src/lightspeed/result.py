"""What came of one benchmark."""

import math
from typing import Any, Dict, NamedTuple, Optional

from lightspeed._constants import Gate, Outcome, Verdict


class Result(NamedTuple):
    """What the runs of a benchmark say. A number that there is none of is None."""

    outcome: Outcome
    #: What the evidence says.
    verdict: Verdict
    #: What to do about it.
    gate: Gate
    #: Whether it is a negative control, which runs along to show whether the environment moves.
    control: bool
    #: Medians before the change and now, in the benchmark's unit.
    baseline: Optional[float]
    current: Optional[float]
    #: Estimate of current/baseline, and its interval at 1 − alpha, whose ends may be unbounded (None).
    ratio: Optional[float]
    low: Optional[float]
    high: Optional[float]
    #: The change in per cent; a rise is positive.
    delta_pct: Optional[float]
    #: Of "no difference", two-sided; None where pairs were run until they decided.
    p_value: Optional[float]
    #: Evidence against "no change beyond the margin", valid whenever one stops.
    e_value: Optional[float]
    #: The smallest change beyond the margin, a fraction, that runs like these could have shown.
    smallest_effect: Optional[float]
    #: Complete pairs; of two samples, the values of the smaller one.
    pairs: int

    @property
    def is_regression(self) -> bool:
        """Slower, beyond the margin."""
        return self.verdict == Verdict.REGRESSED

    def to_record(self) -> Dict[str, Any]:
        """A row for a table; verdicts and their like by name."""
        named = {"outcome": self.outcome.name, "verdict": self.verdict.name, "gate": self.gate.name}
        return {**self._asdict(), **named}

    def __str__(self) -> str:
        if self.ratio is None:
            return self.outcome.name
        ends = ["?" if end is None else f"{end:.4g}" for end in (self.low, self.high)]
        return f"{self.verdict.name}: {self.ratio:.4g}x [{ends[0]}, {ends[1]}]"


def result(struct: Any) -> Result:
    """Of the library's struct."""
    found = {name: getattr(struct, name) for name in Result._fields}
    found.update({name: _number(value) for name, value in found.items() if isinstance(value, float)})
    chosen = {"outcome": Outcome(struct.outcome), "verdict": Verdict(struct.verdict), "gate": Gate(struct.gate)}
    return Result(**{**found, **chosen, "control": bool(struct.control)})


def _number(value: float) -> Optional[float]:
    return None if math.isnan(value) else value
