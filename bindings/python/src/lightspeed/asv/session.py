"""The session that clients of ASV's Lightspeed know, on the engine of this package.

`run_benchmarks` and `_store_baseline` are looked up in this module when they are needed: who replaces them decides how baselines are
timed and kept. As they are, the engine does both, and goes on where it was interrupted.
"""

import copy
import os
import pathlib
import socket
import time
from typing import Any, Dict, Iterable, List, Mapping, Optional, Union

from lightspeed._constants import Launch
from lightspeed.asv import asv_results as results_of_asv
from lightspeed.asv import configuration, deps_db, exchange, shadow
from lightspeed.asv.deps_db import BenchmarkId, LightspeedDB, all_ids
from lightspeed.asv.errors import ASVError, BenchmarkError, ConfigError, NoBenchmarksError, ProjectShadowed, translated
from lightspeed.asv.outcome import BenchmarkDelta, InitResult, MeasureResult, TimingInfo, shown
from lightspeed.event import Listener
from lightspeed.reward import Rewards
from lightspeed.session import Paired, Session
from lightspeed.store import Loaded

PathLike = Union[str, "os.PathLike[str]"]

#: Clients take these names from here, too.
_EXPORTED = (BenchmarkError, ConfigError, NoBenchmarksError, ProjectShadowed)
_DATABASE = ".lightspeed_deps.db"
check_project_imports = shadow.check_project_imports
_extract_deltas = results_of_asv.extract_deltas


def run_benchmarks(benchmarks: Any, env: Any, **options: Any) -> Any:
    """Times benchmarks as asv does, with asv's own function of this name; gives asv's `Results`."""
    from asv.runner import run_benchmarks as run

    return run(benchmarks, env, **options)


def _store_baseline(asv_results: Any, benchmarks: Mapping[str, Mapping[str, Any]], db: LightspeedDB) -> None:
    """Keeps asv's `Results` as baselines; what has no number has none."""
    db.load_baselines(results_of_asv.measured(asv_results, benchmarks))


#: As they are unless a client replaces them.
_OWN = (run_benchmarks, _store_baseline)


class LightspeedSession:
    """An ASV suite, surveyed and measured. From any thread; a second one on the same results directory finds what the first one left.

    `overrides` are values in place of the configuration's (`results_dir`, `repo`, `branches` …); `machine` names the directory of
    results, by default the host; `python` is `"same"` for this interpreter, a path, or a version. Raises `ConfigError`.
    """

    def __init__(
        self,
        config_path: PathLike,
        overrides: Optional[Mapping[str, Any]] = None,
        machine: Optional[str] = None,
        python: str = "same",
    ) -> None:
        path = pathlib.Path(config_path).resolve()
        given = dict(overrides or {})
        self._setup(configuration.load(path, given), path, machine, python, configuration.read_by_engine(given))

    @classmethod
    def _from_conf(
        cls, conf: Any, config_path: Optional[PathLike] = None, *, machine: Optional[str] = None, python: str = "same"
    ) -> "LightspeedSession":
        """On a configuration that asv has read."""
        session = cls.__new__(cls)
        path = pathlib.Path(config_path or "asv.conf.json").resolve()
        configuration.absolute(conf, path.parent)
        session._setup(conf, path, machine, python, [])
        return session

    def _setup(self, conf: Any, path: pathlib.Path, machine: Optional[str], python: str, overridden: List[str]) -> None:
        conf.dvcs = "none"
        self._conf = conf
        self._config_path = path
        self._machine = machine or socket.gethostname()
        self._python = python
        configuration.note_machine(self.results_dir, self._machine)
        engine_config = configuration.written(conf, path, overridden) if overridden else path
        with translated():
            engine = self._opened(engine_config)
        self._suite = deps_db.Suite(engine_config, engine)
        deps_db.register(self.deps_db_path, self._suite)

    @property
    def config_path(self) -> pathlib.Path:
        """The configuration, absolute."""
        return self._config_path

    @property
    def benchmark_dir(self) -> pathlib.Path:
        """The directory of the suite."""
        return pathlib.Path(self._conf.benchmark_dir)

    @property
    def results_dir(self) -> pathlib.Path:
        """The directory of results and of the database."""
        return pathlib.Path(self._conf.results_dir)

    @property
    def env_dir(self) -> pathlib.Path:
        """The directory of asv's environments."""
        return pathlib.Path(self._conf.env_dir)

    @property
    def repo(self) -> str:
        """The repository, as the configuration names it."""
        return str(self._conf.repo)

    @property
    def machine(self) -> str:
        """The name of the machine."""
        return self._machine

    @property
    def python(self) -> str:
        """The interpreter, as it was given."""
        return self._python

    @property
    def deps_db_path(self) -> pathlib.Path:
        """Where the database lies, whether there is one yet or not."""
        return self.results_dir / _DATABASE

    @property
    def engine(self) -> Session:
        """The session of `lightspeed` behind this one, for all that it can besides."""
        return self._suite.engine

    def initialize_diffcheck(
        self,
        source_root: PathLike,
        *,
        force: bool = False,
        rounds: Optional[int] = None,
        repeat: Optional[int] = None,
        warmup_time: Optional[float] = None,
        base_commit: Optional[str] = None,
        listener: Optional[Listener] = None,
    ) -> InitResult:
        """Surveys which code each benchmark executes, then times the baselines; what is there and still true is kept.

        Only files in `source_root` count. `force` does everything again; `rounds`, `repeat` and `warmup_time` (seconds) stand for the
        benchmarks' own; `base_commit` is surveyed and timed in place of the working tree, which stays as it is. Benchmarks that fail are
        no exception: they have no baseline. Raises `ASVError`s: `NoBenchmarksError`, `BenchmarkError` where the suite cannot be
        imported at all, `ProjectShadowed`.
        """
        root = pathlib.Path(source_root).resolve()
        if not root.is_dir():
            raise ASVError(f"source_root is no directory: {root}")
        replaced = (run_benchmarks, _store_baseline) != _OWN
        began = time.perf_counter()
        timing = _timing_params(rounds, repeat, warmup_time)
        options = {**timing, "force": force, "survey_only": replaced, "base_commit": base_commit, "listener": listener}
        with translated():
            self._rooted(root)
            report = self.engine.init(**options)
        phases = {"coverage": report["timing"]["survey_s"], "benchmarking": report["timing"]["baseline_s"]}
        if replaced:
            timed = time.perf_counter()
            self._time_by_clients(timing)
            phases["benchmarking"] = time.perf_counter() - timed
        return InitResult(
            benchmarks_discovered=report["discovered"],
            benchmarks_impactable=report["impactable"],
            source_files_covered=report["source_files_covered"],
            deps_db_path=self.deps_db_path,
            timing=TimingInfo(time.perf_counter() - began, phases),
        )

    def measure_impacted(
        self,
        *,
        from_git_diff: bool = False,
        changed_files: Optional[Iterable[PathLike]] = None,
        rounds: Optional[int] = None,
        repeat: Optional[int] = None,
        warmup_time: Optional[float] = None,
        step_id: Optional[str] = None,
        hotfile_threshold: Optional[float] = None,
        paired: Union[bool, Paired] = False,
        listener: Optional[Listener] = None,
    ) -> MeasureResult:
        """Runs the instances that changes affect, and compares them with the baselines.

        Either `changed_files` names the changes, by paths, or `from_git_diff`: all that is not committed. `step_id` keeps the results
        under this name; `paired` measures the tree before the change too, in turn, until it is known whether they differ; the rest is as
        for `lightspeed.Session.measure`. Raises `ASVError` where there is no survey.
        """
        if from_git_diff == (changed_files is not None):
            raise ValueError("changes are named by from_git_diff=True or by changed_files=[...], and not by both")
        self._require_database()
        began = time.perf_counter()
        files = None if changed_files is None else self._existing(changed_files)
        how: Dict[str, Any] = {"since": "HEAD"} if files is None else {"files": files}
        how.update(hotfile_threshold=hotfile_threshold, listener=listener)
        timing = _timing_params(rounds, repeat, warmup_time)
        if run_benchmarks is not _OWN[0]:
            return self._measure_by_clients(how, timing, began)
        with translated():
            report = self.engine.measure(**how, **timing, step_id=step_id, paired=paired).to_dict()
            total = set(self._entries())
        found = {name: one for name, one in report["benchmarks"].items() if one["status"] != "removed"}
        selected = {deps_db.parse_id(name).name if one["params"] else name for name, one in found.items()}
        phases = {"selection": report["timing"]["select_s"], "benchmarking": report["timing"]["measure_s"]}
        return MeasureResult(
            benchmarks={name: _delta(name, one) for name, one in found.items()},
            selected_count=len(selected),
            total_count=len(total | selected),
            skipped_count=len(total - selected),
            timing=TimingInfo(time.perf_counter() - began, phases),
            dropped=[one["benchmark"] for one in report["dropped"] if one["benchmark"] in found],
        )

    def explain(self, benchmark: str, changed_files: Optional[Iterable[PathLike]] = None) -> Dict[str, Any]:
        """Why changes affect a benchmark, or do not: by default all that differs from the survey. As `lightspeed.Session.explain`."""
        self._require_database()
        with translated():
            return self.engine.explain(benchmark, None if changed_files is None else self._existing(changed_files))

    def rewards(self, step_id: str) -> Rewards:
        """What a step is worth to a learning loop. As `lightspeed.Session.rewards`."""
        self._require_database()
        with translated():
            return self.engine.rewards(step_id)

    def get_results(self) -> Dict[str, Optional[float]]:
        """The medians of all baselines by instance; None for an instance without one. Empty before the first survey."""
        if not self.deps_db_path.exists():
            return {}
        db = LightspeedDB(self.deps_db_path)
        medians: Dict[str, Optional[float]] = {str(bid): None for bid in db.get_all_benchmark_ids()}
        return {**medians, **{name: one["median"] for name, one in db.baselines().items()}}

    def export_baselines(self) -> Dict[str, Dict[str, Any]]:
        """All baselines by instance, finite throughout: to be kept as JSON and loaded where the same suite is surveyed."""
        return LightspeedDB(self.deps_db_path).baselines() if self.deps_db_path.exists() else {}

    def load_baselines(self, payload: Mapping[str, Mapping[str, Any]]) -> int:
        """Keeps exported baselines, those that fit the survey, and says how many. Then `initialize_diffcheck` does not time them again.

        Raises `FileNotFoundError` where there is no database to put them into.
        """
        if not self.deps_db_path.exists():
            raise FileNotFoundError(f"there is no database at {self.deps_db_path}: call initialize_diffcheck() first, or put one there")
        return LightspeedDB(self.deps_db_path).load_baselines(payload)

    def write_asv_results(self, commit: str = "HEAD", step_id: Optional[str] = None) -> pathlib.Path:
        """Writes the numbers as asv's results of a commit, for `asv show`, `asv compare` and `asv publish`; the path of the file.

        They are the baselines; with `step_id`, what the step ran and for the rest the baselines: what a change does not affect is as
        before. An instance without a number is null, and results that asv has of it and of this commit stay. Benchmarks that only the
        step has are not in it before the next survey. A commit that is named is taken at its word; for HEAD, raises `ASVError` where the
        tree, or without a step the survey, is not what was committed.
        """
        self._require_database()
        return exchange.write(self, commit, step_id)

    def ingest_asv_results(
        self, path_or_commit: Optional[PathLike] = None, machine: Optional[str] = None, *, any_python: bool = False
    ) -> Loaded:
        """Keeps asv's results as baselines, those that fit the survey: how many, and why not the others, by file or instance.

        They are of a result file, or of a commit, by default HEAD: then of its newest file. `machine` is the one whose results they are,
        by default this one; results of another Python than the survey's need `any_python`. Only what asv recorded with samples
        (`asv run --record-samples`) gets verdicts. Raises `ASVError` where there are no results.
        """
        self._require_database()
        return exchange.read(self, path_or_commit, machine, any_python)

    def __repr__(self) -> str:
        return f"<LightspeedSession {str(self._config_path)!r}, results in {str(self.results_dir)!r}>"

    def _get_env(self) -> Any:
        """asv's environment of the interpreter."""
        from asv.environment import get_environments

        conf = copy.copy(self._conf)  # asv looks at the types that the configuration allows, too.
        conf.environment_type = "existing"
        found = list(get_environments(conf, [f"existing:{self._python}"]))
        if not found:
            raise ASVError(f"asv finds no interpreter for python={self._python!r}")
        found[0].create()
        return found[0]

    def _load_benchmarks(self, regex: Any = None) -> Any:
        """The suite as asv's `Benchmarks`: as it was surveyed, else as asv finds it."""
        from asv.benchmarks import Benchmarks

        if self.deps_db_path.exists():
            return Benchmarks(self._conf, [self._entry(entry) for entry in self._entries().values()], regex=regex)
        from asv.repo import NoRepository

        return Benchmarks.discover(self._conf, NoRepository(), [self._get_env()], [None], regex=regex)

    def _entries(self) -> Dict[str, Dict[str, Any]]:
        from lightspeed.store import Store

        with translated(), Store(self.deps_db_path) as store:
            return store.suite()["benchmarks"]  # type: ignore[no-any-return]

    def _entry(self, entry: Mapping[str, Any]) -> Dict[str, Any]:
        """As asv has it, with the configuration's timeout where it has none of its own."""
        return exchange.entry(entry, getattr(self._conf, "default_benchmark_timeout", None) or 60.0)

    def _require_database(self) -> None:
        if not self.deps_db_path.exists():
            raise ASVError(f"Dependency database not found: {self.deps_db_path}: call initialize_diffcheck() first")

    def _rooted(self, root: pathlib.Path) -> None:
        """Lets the engine work on these sources from now on."""
        self._suite.engine = self._opened(self._suite.config_path, root)

    def _opened(self, config: pathlib.Path, root: Optional[pathlib.Path] = None) -> Session:
        """An engine, which starts benchmarks afresh where the configuration says so in as many words."""
        launch = Launch.SPAWN if getattr(self._conf, "launch_method", None) == "spawn" else None
        python = configuration.interpreter(self._python)
        return Session(config, source_root=root, python=python, results_dir=self.results_dir, launch=launch)

    def _existing(self, files: Iterable[PathLike]) -> List[str]:
        """Absolute paths, without files that are neither there nor in the survey: a change of those affects nothing."""
        paths = [os.path.abspath(os.fspath(path)) for path in files]
        if all(os.path.lexists(path) for path in paths):
            return paths
        surveyed = LightspeedDB(self.deps_db_path).get_stored_fshas()
        return [path for path in paths if os.path.lexists(path) or os.path.realpath(path) in surveyed]

    def _time_by_clients(self, extra_params: Dict[str, Any]) -> None:
        """The baselines, by the functions that a client put in place."""
        benchmarks = self._load_benchmarks()
        results = run_benchmarks(benchmarks, self._get_env(), extra_params=extra_params, launch_method=self._launch_method())
        _store_baseline(results, benchmarks, LightspeedDB(self.deps_db_path))

    def _measure_by_clients(self, how: Dict[str, Any], extra_params: Dict[str, Any], began: float) -> MeasureResult:
        """The affected instances, by the function that a client put in place."""
        with translated():
            chosen = set(self.engine.select(**how).benchmarks)
        db, benchmarks = LightspeedDB(self.deps_db_path), self._load_benchmarks()
        ids = [bid for bid in all_ids(benchmarks) if str(bid) in chosen]
        names = {bid.name for bid in ids}
        selected = benchmarks.filter_out(set(benchmarks) - names)
        for name in names:
            places = [bid.param_idx for bid in ids if bid.name == name]
            if places != [None]:
                selected.benchmark_selection[name] = places
        found: Dict[str, BenchmarkDelta] = {}
        if names:
            results = run_benchmarks(selected, self._get_env(), extra_params=extra_params, launch_method=self._launch_method())
            found = _extract_deltas(results, selected, db.baselines())
        found = {name: delta for name, delta in found.items() if name in chosen}
        return MeasureResult(
            benchmarks=found,
            selected_count=len(names),
            total_count=len(benchmarks),
            skipped_count=len(benchmarks) - len(names),
            timing=TimingInfo(time.perf_counter() - began),
            dropped=[str(bid) for bid in ids if getattr(found.get(str(bid)), "current", None) is None],
        )

    def _launch_method(self) -> str:
        return getattr(self._conf, "launch_method", None) or "auto"


def _timing_params(rounds: Optional[int] = None, repeat: Optional[int] = None, warmup_time: Optional[float] = None) -> Dict[str, Any]:
    """asv's attributes for what is given."""
    given = {"rounds": rounds, "repeat": repeat, "warmup_time": warmup_time}
    return {name: value for name, value in given.items() if value is not None}


def _all_bids(benchmarks: Mapping[str, Mapping[str, Any]]) -> List[BenchmarkId]:
    """All instances of asv's `Benchmarks`."""
    return all_ids(benchmarks)


def _fmt(seconds: Optional[float]) -> str:
    """A time for people."""
    return shown(seconds)


def _delta(name: str, one: Mapping[str, Any]) -> BenchmarkDelta:
    """An instance of the engine's document."""
    unit = one["unit"] or "seconds"
    then, now, moved = one["baseline"], one["current"], one["delta_pct"]
    if moved is None and then and now is not None:
        moved = (now - then) / abs(then) * 100
    return BenchmarkDelta(
        name=name,
        baseline=then,
        current=now,
        delta_pct=moved,
        baseline_str=shown(then, unit),
        current_str=shown(now, unit),
        params=one["params"],
        baseline_stats=one["baseline_stats"],
        current_stats=one["current_stats"],
        baseline_samples=one["baseline_samples"],
        current_samples=one["current_samples"],
        reasons=[reason["text"] for reason in one["reasons"]],
        verdict=one["verdict"],
    )
