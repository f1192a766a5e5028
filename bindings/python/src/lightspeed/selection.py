"""What a change affects."""

import ctypes
import json
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, Tuple, Union, overload

from lightspeed import _call
from lightspeed._handle import Handle
from lightspeed._library import lib


class Affected(NamedTuple):
    """A benchmark instance that a change affects."""

    #: Its id, `name`, or `name-K` for the K-th combination of parameters, from 0.
    benchmark: str
    #: Why, in words; at least one.
    reasons: Tuple[str, ...]


class Selection(Sequence[Affected]):
    """The affected instances, in the order of the suite. Never changes; from any thread, and longer than what made it."""

    def __init__(self, address: int) -> None:
        """Takes a handle over; `Session.select` and `Index.select` make selections."""
        self._handle = Handle(address, lib.lightspeed_selection_free, "selection")
        self._count = int(lib.lightspeed_selection_count(address))
        #: How many instances are not affected, left-out changes of hotfiles included.
        self.unaffected_count = int(lib.lightspeed_selection_unaffected_count(address))

    @property
    def benchmarks(self) -> List[str]:
        """The ids of the affected instances."""
        with self._handle as address:
            return [_call.borrowed(lib.lightspeed_selection_benchmark, address, place) for place in range(self._count)]

    def json(self) -> str:
        """The whole as a document, the one that `lightspeed select --json` prints."""
        with self._handle as address:
            return _call.owned(lib.lightspeed_selection_json, address).decode()

    def to_dict(self) -> Dict[str, Any]:
        """The document of `json()`, read."""
        return json.loads(self.json())  # type: ignore[no-any-return]

    def to_records(self) -> List[Dict[str, str]]:
        """A row for each reason of each instance, for a table: `benchmark`, `reason`."""
        return [{"benchmark": one.benchmark, "reason": reason} for one in self for reason in one.reasons]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Affected: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Affected]: ...
    def __getitem__(self, place: Union[int, slice]) -> Union[Affected, Sequence[Affected]]:
        if isinstance(place, slice):
            return tuple(self._affected(one) for one in range(*place.indices(self._count)))
        return self._affected(place + self._count if place < 0 else place)

    def __iter__(self) -> Iterator[Affected]:
        return (self._affected(place) for place in range(self._count))

    def __repr__(self) -> str:
        return f"<Selection: {self._count} affected, {self.unaffected_count} unaffected>"

    def _affected(self, place: int) -> Affected:
        if not 0 <= place < self._count:
            raise IndexError(f"{self._count} instances are affected")
        with self._handle as address:
            benchmark = _call.borrowed(lib.lightspeed_selection_benchmark, address, place)
            count = _call.number(lib.lightspeed_selection_reason_count, ctypes.c_size_t, address, place)
            reasons = (_call.borrowed(lib.lightspeed_selection_reason, address, place, reason) for reason in range(count))
            return Affected(benchmark, tuple(reasons))
