"""Sessions: a suite of ASV, surveyed, selected from and measured."""

import json
import pathlib
from ctypes import byref, pointer
from typing import Any, Callable, Dict, Iterable, NamedTuple, Optional, Tuple, TypeVar, Union

from lightspeed import _call, _ffi, _long
from lightspeed._constants import Launch, Policy
from lightspeed._handle import Handle
from lightspeed._library import lib
from lightspeed.cancel import Cancel
from lightspeed.event import Listener
from lightspeed.measurement import Measurement
from lightspeed.reward import Rewards, rewards
from lightspeed.selection import Selection

T = TypeVar("T")
Files = Optional[Iterable[_call.PathLike]]


class Paired(NamedTuple):
    """How to measure in pairs: the tree before the change and the tree as it is, in turn, until it is known whether they differ."""

    #: The revision before the change; None for the one that git compared with, else the last commit.
    base: Optional[str] = None
    #: Pairs of each instance at most.
    most_pairs: Optional[int] = None
    #: Seconds that all runs may take together; what is undecided then stays so.
    budget_s: Optional[float] = None
    #: Decides every order; None for one that nothing decides.
    seed: Optional[int] = None


class Session:
    """An ASV suite and its database. From any thread, calls at the same time included; it holds no open file between calls.

    Changes are named by `files`, paths of changed files or directories, relative to the session's directory, the source root or the
    repository; or by `since`, a revision from which git tells them (`"HEAD"` for what is not committed); with neither, they are every
    difference between the tree and the survey.

    Calls that take long take a token and a listener, and end at a KeyboardInterrupt, which comes out of them. All raise
    `LightspeedError`s: `NoSurvey` before `init`, `Cancelled`, `Busy`, `SuiteError` …
    """

    def __init__(
        self,
        config: Optional[_call.PathLike] = None,
        *,
        cwd: Optional[_call.PathLike] = None,
        source_root: Optional[_call.PathLike] = None,
        python: Optional[_call.PathLike] = None,
        results_dir: Optional[_call.PathLike] = None,
        launch: Optional[Launch] = None,
    ) -> None:
        """Opens the suite of an `asv.conf.json`, by default the only one in or below `cwd`. Touches nothing but that.

        `source_root`, the sources under change, and `python`, which runs the suite, are by default those of the last survey;
        `results_dir`, where the database lies, is the configuration's. Raises `ConfigError`.
        """
        paths = {"cwd": cwd, "source_root": source_root, "python": python, "results_dir": results_dir}
        given = {name: None if one is None else _call.path(one) for name, one in paths.items()}
        options = _call.options(_ffi.SessionOptions, lib.lightspeed_session_options_init, **given, launch=launch)
        address = _call.made(lib.lightspeed_session_open, _call.path(config or ""), byref(options))
        self._handle = Handle(address, lib.lightspeed_session_free, "session")

    @classmethod
    def open(cls, config: Optional[_call.PathLike] = None, **options: Any) -> "Session":
        """As the constructor."""
        return cls(config, **options)

    @property
    def database(self) -> pathlib.Path:
        """Where the database lies, whether there is one yet or not."""
        with self._handle as address:
            return pathlib.Path(_call.owned(lib.lightspeed_session_database, address).decode())

    def init(
        self,
        *,
        force: Optional[bool] = None,
        survey_only: Optional[bool] = None,
        wait_s: Optional[float] = None,
        base_commit: Optional[str] = None,
        rounds: Optional[int] = None,
        repeat: Optional[int] = None,
        warmup_time: Optional[float] = None,
        cancel: Optional[Cancel] = None,
        listener: Optional[Listener] = None,
    ) -> Dict[str, Any]:
        """Surveys the suite and measures its baseline; what is there and still true is kept. Runs the suite's Python.

        `force` does everything again; `survey_only` leaves timing out; `wait_s` are the seconds to wait for another process's survey;
        `base_commit` is the revision to survey; `rounds`, `repeat` and `warmup_time` (seconds) stand for the benchmarks' own. Returns the
        document that `lightspeed init --json` prints; what goes wrong in one benchmark is in it. After `Cancelled` the same call goes on.
        """
        commit = None if base_commit is None else _call.text(base_commit)
        given = {"force": force, "survey_only": survey_only, "wait_s": wait_s, "base_commit": commit}
        given.update(rounds=rounds, repeat=repeat, warmup_time=warmup_time)
        options = _call.options(_ffi.InitOptions, lib.lightspeed_init_options_init, **given)

        def work(address: int) -> Dict[str, Any]:
            return json.loads(_call.owned(lib.lightspeed_session_init, address, byref(options)))  # type: ignore[no-any-return]

        return self._run(options, cancel, listener, work)

    def select(
        self,
        files: Files = None,
        *,
        since: Optional[str] = None,
        hotfile_threshold: Optional[float] = None,
        strict_environment: Optional[bool] = None,
        policy: Optional[Policy] = None,
        cancel: Optional[Cancel] = None,
        listener: Optional[Listener] = None,
    ) -> Selection:
        """Which instances the changes affect. Starts no Python unless files of the suite changed.

        `hotfile_threshold`, from 0 to 1: changes of one file that affect more than this share of the suite, where as large a share executes
        it, are left out and reported; `strict_environment` selects everything where the environment differs from the survey's.
        """
        options = _selecting(hotfile_threshold, strict_environment, policy)
        function, changes = _changes("select", files, since)

        def work(address: int) -> Selection:
            return Selection(_call.made(function, address, *changes, byref(options)))

        return self._run(options, cancel, listener, work)

    def explain(
        self,
        benchmark: str,
        files: Files = None,
        *,
        since: Optional[str] = None,
        hotfile_threshold: Optional[float] = None,
        strict_environment: Optional[bool] = None,
        policy: Optional[Policy] = None,
        cancel: Optional[Cancel] = None,
        listener: Optional[Listener] = None,
    ) -> Dict[str, Any]:
        """What of the changes reaches a benchmark and on which way: the document that `lightspeed explain --json` prints.

        `benchmark` is the id of an instance, or a name, which stands for all its instances.
        """
        options = _selecting(hotfile_threshold, strict_environment, policy)
        function, changes = _changes("explain", files, since)

        def work(address: int) -> Dict[str, Any]:
            document = _call.owned(function, address, _call.text(benchmark), *changes, byref(options))
            return json.loads(document)  # type: ignore[no-any-return]

        return self._run(options, cancel, listener, work)

    def measure(
        self,
        files: Files = None,
        *,
        since: Optional[str] = None,
        hotfile_threshold: Optional[float] = None,
        strict_environment: Optional[bool] = None,
        policy: Optional[Policy] = None,
        rounds: Optional[int] = None,
        repeat: Optional[int] = None,
        warmup_time: Optional[float] = None,
        step_id: Optional[str] = None,
        margin: Optional[float] = None,
        alpha: Optional[float] = None,
        strict_host: Optional[bool] = None,
        paired: Union[bool, Paired] = False,
        cancel: Optional[Cancel] = None,
        listener: Optional[Listener] = None,
    ) -> Measurement:
        """Runs what the changes affect and compares it with the stored baselines, or with `paired` with the tree before the change.

        `rounds`, `repeat` and `warmup_time` (seconds) stand for the benchmarks' own; `step_id` names the step under which the database
        keeps the results; `margin` is the fraction up to which changes do not matter; `alpha` is the probability of claiming a change where
        there is none; `strict_host` refuses baselines of another class of machine (`OtherHost`). What goes wrong in one benchmark is in the
        measurement. The rest is as for `select`.
        """
        selecting = _selecting(hotfile_threshold, strict_environment, policy)
        pairs = _pairing(paired) if paired else None
        options = _call.options(
            _ffi.MeasureOptions,
            lib.lightspeed_measure_options_init,
            rounds=rounds,
            repeat=repeat,
            warmup_time=warmup_time,
            step_id=None if step_id is None else _call.text(step_id),
            margin=margin,
            alpha=alpha,
            strict_host=strict_host,
            paired=None if pairs is None else pointer(pairs),
        )
        function, changes = _changes("measure", files, since)

        def work(address: int) -> Measurement:
            return Measurement(_call.made(function, address, *changes, byref(selecting), byref(options)))

        return self._run(options, cancel, listener, work)

    def results(self, step_id: str = "") -> Dict[str, Any]:
        """The baselines, or the results of a step: the document that `lightspeed results --json` prints."""
        with self._handle as address:
            document = _call.owned(lib.lightspeed_session_results_json, address, _call.text(step_id))
        return json.loads(document)  # type: ignore[no-any-return]

    def rewards(self, step_id: str) -> Rewards:
        """What a step is worth to a learning loop."""
        return rewards(self.results(step_id))

    def close(self) -> None:
        """Frees the session; what it returned lives on. A second time does nothing."""
        self._handle.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<Session, closed>" if self._handle.closed else f"<Session {str(self.database)!r}>"

    def _run(self, options: Any, cancel: Optional[Cancel], listener: Optional[Listener], work: Callable[[int], T]) -> T:
        """Lends the session to a call for as long as it runs."""

        def lent() -> T:
            with self._handle as address:
                return work(address)

        return _long.run(options, cancel, listener, lent)


def select(files: Files = None, *, config: Optional[_call.PathLike] = None, **options: Any) -> Selection:
    """`Session.select` of the suite of a configuration, for a single question."""
    with Session(config) as session:
        return session.select(files, **options)


_BY_FILES = {
    "select": lambda: lib.lightspeed_session_select_files,
    "explain": lambda: lib.lightspeed_session_explain_files,
    "measure": lambda: lib.lightspeed_session_measure_files,
}
_BY_GIT = {
    "select": lambda: lib.lightspeed_session_select_git,
    "explain": lambda: lib.lightspeed_session_explain_git,
    "measure": lambda: lib.lightspeed_session_measure_git,
}
_BY_SURVEY = {
    "select": lambda: lib.lightspeed_session_select_survey,
    "explain": lambda: lib.lightspeed_session_explain_survey,
    "measure": lambda: lib.lightspeed_session_measure_survey,
}


def _changes(verb: str, files: Files, since: Optional[str]) -> Tuple[Callable[..., int], Tuple[Any, ...]]:
    """The function for a way of naming changes, and its arguments for them."""
    if files is not None and since is not None:
        raise TypeError("changes are named by files or by since, not by both")
    if files is not None:
        if isinstance(files, (str, bytes)):
            raise TypeError("files are a list of paths, not one path")
        paths = [_call.path(one) for one in files]
        return _BY_FILES[verb](), (_call.texts(paths), len(paths))
    if since is not None:
        return _BY_GIT[verb](), (_call.text(since),)
    return _BY_SURVEY[verb](), ()


def _selecting(
    hotfile_threshold: Optional[float], strict_environment: Optional[bool], policy: Optional[Policy]
) -> _ffi.SelectOptions:
    given = {"hotfile_threshold": hotfile_threshold, "strict_environment": strict_environment, "policy": policy}
    return _call.options(_ffi.SelectOptions, lib.lightspeed_select_options_init, **given)


def _pairing(given_or_true: Union[bool, Paired]) -> _ffi.PairedOptions:
    paired = given_or_true if isinstance(given_or_true, Paired) else Paired()
    given = {"most_pairs": paired.most_pairs, "budget_s": paired.budget_s, "random_seed": paired.seed is None}
    base = None if paired.base is None else _call.text(paired.base)
    seed = 0 if paired.seed is None else paired.seed
    return _call.options(_ffi.PairedOptions, lib.lightspeed_paired_options_init, base=base, seed=seed, **given)
