"""What a program tells of itself to libLightspeed: numbers in a frame on standard output (docs/frames.md).

Needs nothing but the standard library, no other file of this package either: it can be copied.
"""

import json
import math
import sys
import unicodedata
from typing import Dict


class Frame:
    """A frame that is being filled. Numbers that are not finite and names that no report could show raise `ValueError`."""

    def __init__(self) -> None:
        self._metrics: Dict[str, Dict[str, object]] = {}
        self._counters: Dict[str, Dict[str, object]] = {}

    def metric(self, name: str, value: float, unit: str = "", better: str = "lower") -> None:
        """Tells a number that stands for itself."""
        self._metrics[_name(name)] = _number(name, value, unit, better)

    def counter(self, name: str, value: float, unit: str = "", better: str = "lower") -> None:
        """Tells a reading of what only rises: told before and after the measured part, the rise counts."""
        self._counters[_name(name)] = {**_number(name, value, unit, better), "kind": "monotonic"}

    def gauge(self, name: str, value: float, unit: str = "", better: str = "lower") -> None:
        """Tells a reading of what rises and falls: the last one counts."""
        self._counters[_name(name)] = {**_number(name, value, unit, better), "kind": "gauge"}

    def print(self) -> None:
        """Prints the frame on lines of its own, after what standard output still holds, and empties it for the next one."""
        text = json.dumps({"metrics": self._metrics, "counters": self._counters})
        sys.stdout.flush()
        sys.stdout.write(f"\n--- lightspeed frame ---\n{text}\n--- end of frame ---\n")
        sys.stdout.flush()
        self._metrics, self._counters = {}, {}


def _number(name: str, value: float, unit: str, better: str) -> Dict[str, object]:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{name!r} is {number}: a number in a frame must be finite")
    if not _is_plain(unit):
        raise ValueError(f"the unit {unit!r} must have at most 100 bytes and no control characters")
    if better not in ("lower", "higher"):
        raise ValueError(f"better is {better!r}: it must be 'lower' or 'higher'")
    return {"value": number, "unit": unit, "better": better}


def _name(name: str) -> str:
    if not name or not _is_plain(name):
        raise ValueError(f"the name {name!r} must have 1 to 100 bytes and no control characters")
    return name


def _is_plain(text: str) -> bool:
    return len(text.encode()) <= 100 and all(unicodedata.category(character) != "Cc" for character in text)
