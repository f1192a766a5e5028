"""The database as clients of ASV's Lightspeed ask it."""

import itertools
import os
import pathlib
import sqlite3
import weakref
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Set, Union

from lightspeed.asv.errors import ASVError, translated
from lightspeed.session import Session
from lightspeed.store import Store

_CONFIG = "asv.conf.json"


class Suite:
    """A configuration and the engine that works on it."""

    def __init__(self, config_path: pathlib.Path, engine: Session) -> None:
        self.config_path = config_path
        self.engine = engine


#: The suites of this process by their database: they know where its sources lie.
_SUITES: "weakref.WeakValueDictionary[str, Suite]" = weakref.WeakValueDictionary()


class BenchmarkId(NamedTuple):
    """An instance: a benchmark, and which combination of its parameters, from 0; None where it has none."""

    name: str
    param_idx: Optional[int] = None

    def __str__(self) -> str:
        return self.name if self.param_idx is None else f"{self.name}-{self.param_idx}"


class LightspeedDB:
    """A database of surveys, baselines and steps. Each call opens and closes the file: others may read and write it meanwhile."""

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Of the file at this path; where its sources lie is asked of the session of this process that uses it, else found near it."""
        self.path = pathlib.Path(os.path.abspath(path))
        self._document: Optional[Dict[str, Any]] = None
        self._found: Optional[Suite] = None
        self._sqlite: Optional[sqlite3.Connection] = None

    def get_stored_fshas(self) -> Dict[str, str]:
        """git's SHA-1 of every surveyed file, hexadecimal, by its absolute path."""
        suite = self._surveyed()
        top = os.path.realpath(self._suite_of().config_path.parent / (suite["source_root"] or "."))
        return {os.path.normpath(os.path.join(top, path)): sha for path, sha in suite["files"].items()}

    def get_affected_benchmark_ids(
        self, changes: Union[Mapping[str, Any], Iterable[str]], hotfile_threshold: Optional[float] = None
    ) -> Set[BenchmarkId]:
        """The instances that changed files affect: paths, or what `changed_files_with_fingerprints` gave, by path.

        The whole rule table decides on the files as they lie there, not the checksums alone.
        """
        with translated():
            chosen = self._suite_of().engine.select(list(changes), hotfile_threshold=hotfile_threshold)
            known = {str(bid): bid for bid in self.get_all_benchmark_ids()}
        return {known.get(benchmark) or parse_id(benchmark) for benchmark in chosen.benchmarks}

    def get_all_benchmark_ids(self) -> List[BenchmarkId]:
        """All surveyed instances."""
        return all_ids(self._surveyed()["benchmarks"])

    def get_baseline(self, benchmark: Union[BenchmarkId, str]) -> Optional[Dict[str, Any]]:
        """The statistics of a baseline; None where there is none."""
        return self.baselines().get(str(benchmark))

    def has_baseline(self, benchmark: Union[BenchmarkId, str]) -> bool:
        """Whether an instance has a baseline."""
        return str(benchmark) in self.baselines()

    def store_baseline(self, benchmark: Union[BenchmarkId, str], median: float, stats: Mapping[str, Any]) -> None:
        """Keeps a baseline that the caller vouches for, measured here with the benchmark as it was surveyed."""
        self.load_baselines({str(benchmark): {**stats, "median": median}})

    def baselines(self) -> Dict[str, Dict[str, Any]]:
        """All baselines by instance."""
        with translated(), Store(self.path) as store:
            return store.export_baselines()

    def load_baselines(self, payload: Mapping[str, Mapping[str, Any]]) -> int:
        """Keeps baselines by instance, those that fit the survey; says how many."""
        fields = ("median", "ci_99_a", "ci_99_b", "q_25", "q_75", "repeat", "number", "unit", "params", "version")
        kept = (*fields, "samples", "runs", "environment", "measured_at_ms")
        finite = {name: {key: _finite(one[key]) for key in kept if key in one} for name, one in payload.items()}
        with translated(), Store(self.path, write=True) as store:
            return store.load_baselines(finite).kept

    def close(self) -> None:
        """Lets go of what it holds."""
        if self._sqlite is not None:
            self._sqlite.close()
            self._sqlite = None

    @property
    def _con(self) -> sqlite3.Connection:
        """A plain connection, for clients that ask the tables themselves."""
        if self._sqlite is None:
            self._sqlite = sqlite3.connect(self.path)
            self._sqlite.row_factory = sqlite3.Row
        return self._sqlite

    def _surveyed(self) -> Dict[str, Any]:
        if self._document is None:
            with translated(), Store(self.path) as store:
                self._document = store.suite()
        return self._document

    def _suite_of(self) -> Suite:
        if self._found is None:
            self._found = _SUITES.get(str(self.path)) or self._near()
        return self._found

    def _near(self) -> Suite:
        configs = (parent / _CONFIG for parent in self.path.parents)
        config = next((one for one in configs if one.is_file()), None)
        if config is None:
            raise ASVError(f"nothing near {self.path} says where its sources lie: open a LightspeedSession on it first")
        with translated():
            return Suite(config, Session(config, results_dir=self.path.parent))

    def __repr__(self) -> str:
        return f"<LightspeedDB {str(self.path)!r}>"


def all_ids(benchmarks: Mapping[str, Mapping[str, Any]]) -> List[BenchmarkId]:
    """The instances of benchmarks as ASV describes them, by name."""
    found = []
    for name, benchmark in benchmarks.items():
        params = benchmark.get("params")
        count = len(list(itertools.product(*params))) if params else 0
        found += [BenchmarkId(name, place) for place in range(count)] if params else [BenchmarkId(name)]
    return found


def parse_id(text: str) -> BenchmarkId:
    """The instance of this id."""
    name, dash, place = text.rpartition("-")
    return BenchmarkId(name, int(place)) if dash and place.isdigit() else BenchmarkId(text)


def register(path: "os.PathLike[str]", suite: Suite) -> None:
    """Makes a suite the one to ask about a database, for as long as somebody holds it."""
    _SUITES[os.path.abspath(path)] = suite


def _finite(value: Any) -> Any:
    """Without the infinite ends of intervals, which JSON has no word for."""
    if isinstance(value, float):
        return value if value - value == 0.0 else None
    return value


_parse_bid = parse_id
