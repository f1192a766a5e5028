"""What measuring a change gave."""

import ctypes
import json
from ctypes import byref
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, Tuple, Union, overload

from lightspeed import _call, _ffi
from lightspeed._constants import Gate
from lightspeed._handle import Handle
from lightspeed._library import lib
from lightspeed.result import Result, result


class Measured(NamedTuple):
    """What came of one instance."""

    #: Its id, `name` or `name-K`.
    benchmark: str
    result: Result
    #: What its numbers count: `seconds`, `bytes` …; empty where that is not known.
    unit: str
    #: Why the outcome is not OK, or why there is no verdict; empty where neither is so.
    message: str
    #: Why it was selected; none where it is no longer in the suite.
    reasons: Tuple[str, ...]

    def to_record(self) -> Dict[str, Any]:
        """A row for a table."""
        more = {"unit": self.unit, "message": self.message, "reasons": list(self.reasons)}
        return {"benchmark": self.benchmark, **self.result.to_record(), **more}


class Measurement(Sequence[Measured]):
    """Every selected instance, in the order of ids. Never changes; from any thread, and longer than its session."""

    def __init__(self, address: int) -> None:
        """Takes a handle over; `Session.measure` makes measurements."""
        self._handle = Handle(address, lib.lightspeed_measurement_free, "measurement")
        self._count = int(lib.lightspeed_measurement_count(address))
        #: The worst gate of all instances.
        self.gate = Gate(lib.lightspeed_measurement_gate(address))

    def json(self) -> str:
        """The whole as a document, the one that `lightspeed measure --json` prints."""
        with self._handle as address:
            return _call.owned(lib.lightspeed_measurement_json, address).decode()

    def to_dict(self) -> Dict[str, Any]:
        """The document of `json()`, read."""
        return json.loads(self.json())  # type: ignore[no-any-return]

    def to_records(self) -> List[Dict[str, Any]]:
        """A row for each instance, for a table."""
        return [one.to_record() for one in self]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Measured: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Measured]: ...
    def __getitem__(self, place: Union[int, slice]) -> Union[Measured, Sequence[Measured]]:
        if isinstance(place, slice):
            return tuple(self._measured(one) for one in range(*place.indices(self._count)))
        return self._measured(place + self._count if place < 0 else place)

    def __iter__(self) -> Iterator[Measured]:
        return (self._measured(place) for place in range(self._count))

    def __repr__(self) -> str:
        return f"<Measurement of {self._count} instances: {self.gate.name}>"

    def _measured(self, place: int) -> Measured:
        if not 0 <= place < self._count:
            raise IndexError(f"{self._count} instances were measured")
        struct = _ffi.Result()
        with self._handle as address:
            _call.call(lib.lightspeed_measurement_result, address, place, byref(struct))
            benchmark = _call.borrowed(lib.lightspeed_measurement_benchmark, address, place)
            unit = _call.borrowed(lib.lightspeed_measurement_unit, address, place)
            message = _call.borrowed(lib.lightspeed_measurement_message, address, place)
            count = _call.number(lib.lightspeed_measurement_reason_count, ctypes.c_size_t, address, place)
            reasons = [_call.borrowed(lib.lightspeed_measurement_reason, address, place, reason) for reason in range(count)]
        return Measured(benchmark, result(struct), unit, message, tuple(reasons))
