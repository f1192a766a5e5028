"""The database: a survey, baselines and results of steps in one file."""

import ctypes
import json
import os
import pathlib
from ctypes import byref
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Union

from lightspeed import _call
from lightspeed._constants import StoreMode, Verdict
from lightspeed._handle import Handle
from lightspeed._library import lib
from lightspeed.index import Index


class Loaded(NamedTuple):
    """What became of baselines that were handed in."""

    #: How many were kept.
    kept: int
    #: The others, with the reason.
    refused: Dict[str, str]


class Store:
    """An open database, the one that sessions use too. From any thread; other processes may read it meanwhile.

    `with Store(path) as store:` closes it at the end. Calls raise `DatabaseError`, `VersionError` and `Busy`.
    """

    def __init__(self, path: "Union[str, os.PathLike[str]]", *, write: bool = False) -> None:
        """Opens a file to be read, and with `write` to be written too, where it is made if it is not there."""
        self.path = pathlib.Path(path)
        mode = StoreMode.WRITE if write else StoreMode.READ
        address = _call.made(lib.lightspeed_store_open, _call.path(path), int(mode))
        self._handle = Handle(address, lib.lightspeed_store_free, "store")

    def put_survey(self, index: Index) -> None:
        """Keeps a survey. The one before is gone, with the baselines of instances that the new one does not have."""
        with self._handle as address, index._handle as survey:
            _call.call(lib.lightspeed_store_put_survey, address, survey)

    def survey(self) -> Index:
        """The survey that answers, a session's as well. Raises `NoSurvey`."""
        with self._handle as address:
            return Index(_call.made(lib.lightspeed_store_survey, address))

    def put_baseline(self, benchmark: str, samples: Sequence[float], unit: str = "seconds") -> None:
        """Keeps samples, in the order of time, as the baseline of an instance."""
        given = _call.doubles(samples)
        with self._handle as address:
            texts = _call.text(benchmark), _call.text(unit)
            _call.call(lib.lightspeed_store_put_baseline, address, *texts, _call.pointer(given), len(given))

    def baseline(self, benchmark: str) -> List[float]:
        """The samples of the baseline of an instance; none where it has no baseline."""
        capacity, count = 0, ctypes.c_size_t()
        while True:  # Another process may replace the baseline between two looks.
            room = (ctypes.c_double * capacity)()
            with self._handle as address:
                _call.call(lib.lightspeed_store_baseline, address, _call.text(benchmark), room, capacity, byref(count))
            if count.value <= capacity:
                return room[: count.value]
            capacity = count.value

    def begin_step(self, step_id: str) -> None:
        """Begins a step, one measured change. Results of an earlier one of the same id are gone."""
        with self._handle as address:
            _call.call(lib.lightspeed_store_begin_step, address, _call.text(step_id))

    def put_result(self, step_id: str, benchmark: str, samples: Sequence[float], verdict: Verdict, unit: str = "seconds") -> None:
        """Keeps what a step measured of an instance. Other processes see it at once."""
        given = _call.doubles(samples)
        with self._handle as address:
            texts = _call.text(step_id), _call.text(benchmark), _call.text(unit)
            _call.call(lib.lightspeed_store_put_result, address, *texts, _call.pointer(given), len(given), int(verdict))

    def results(self, step_id: str = "") -> Dict[str, Any]:
        """The baselines, or the results of a step: the document that `lightspeed results --json` prints."""
        with self._handle as address:
            return json.loads(_call.owned(lib.lightspeed_store_results_json, address, _call.text(step_id)))  # type: ignore[no-any-return]

    def suite(self) -> Dict[str, Any]:
        """The suite as the last survey found it: `benchmarks`, each as its runner describes it, by name; `files`, git's SHA-1 of each,
        by path relative to the sources; `source_root` and `python`. Raises `NoSurvey`.
        """
        with self._handle as address:
            return json.loads(_call.owned(lib.lightspeed_store_suite_json, address))  # type: ignore[no-any-return]

    def export_baselines(self) -> Dict[str, Dict[str, Any]]:
        """All baselines by instance, to be loaded into another database: finite JSON (docs/schemas/baselines.json)."""
        with self._handle as address:
            return json.loads(_call.owned(lib.lightspeed_store_baselines_json, address))  # type: ignore[no-any-return]

    def load_baselines(self, baselines: Mapping[str, Mapping[str, Any]]) -> Loaded:
        """Keeps baselines, of each of which only `median` is required; all that fit the survey, at once.

        Who hands them in vouches for what they do not say, such as that they were measured on this machine. Raises `NoSurvey`.
        """
        text = json.dumps({name: dict(one) for name, one in baselines.items()}, allow_nan=False)
        with self._handle as address:
            report = json.loads(_call.owned(lib.lightspeed_store_load_baselines, address, _call.text(text)))
        return Loaded(report["loaded"], report["refused"])

    def close(self) -> None:
        """Closes the file; what is left of the object answers nothing. A second time does nothing."""
        self._handle.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Store {str(self.path)!r}{', closed' if self._handle.closed else ''}>"
