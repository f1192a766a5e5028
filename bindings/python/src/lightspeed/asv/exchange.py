"""asv's own result files: written from the database for `asv compare` and `asv publish`, and read into it as baselines."""

import itertools
import os
import pathlib
import subprocess
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple, Union

from lightspeed import stats
from lightspeed.asv import asv_results, configuration
from lightspeed.asv import commit as commits
from lightspeed.asv.deps_db import LightspeedDB, all_ids
from lightspeed.asv.errors import ASVError, translated
from lightspeed.store import Loaded, Store

if TYPE_CHECKING:
    from lightspeed.asv.session import LightspeedSession

PathLike = Union[str, "os.PathLike[str]"]
Numbers = Mapping[str, Optional[Mapping[str, Any]]]

#: What became of an instance that a step ran: numbers that stand for its commit, or a failure that does.
_WITH_NUMBER = ("ok", "no_baseline")
_WITHOUT_NUMBER = ("failed", "timed_out", "skipped", "unmeasurable")
_ENDS = ("ci_99_a", "ci_99_b")
#: A Python as asv calls the version of one.
_VERSION = "import sys; print(('pypy' if sys.implementation.name == 'pypy' else '') + '%d.%d' % sys.version_info[:2])"


class _File(NamedTuple):
    """A result file."""

    path: pathlib.Path
    results: Any


def write(session: "LightspeedSession", name: str, step_id: Optional[str]) -> pathlib.Path:
    """As `LightspeedSession.write_asv_results`."""
    with translated(), Store(session.deps_db_path) as store:
        suite, baselines = store.suite(), store.export_baselines()
        step = None if step_id is None else store.results(step_id)["step"]
        if step is not None:
            _check_step(step, store.results()["baselines"])
    numbers = _numbers(baselines, step)
    if not any(numbers.values()):
        raise ASVError(f"{session.deps_db_path} has no numbers to write: call initialize_diffcheck() first")
    commit = commits.resolve(_sources(session, suite), name)
    if name == "HEAD":
        _check_tree(session, commit, suite, with_base=step is None)
    return _save(session, commit, _environment(session, suite), numbers)


def read(session: "LightspeedSession", given: Optional[PathLike], machine: Optional[str], any_python: bool) -> Loaded:
    """As `LightspeedSession.ingest_asv_results`."""
    with translated(), Store(session.deps_db_path) as store:
        suite = store.suite()
    owner, python = machine or session.machine, suite["python"] or configuration.interpreter(session.python)
    files: List[_File] = []
    refused: Dict[str, str] = {}
    for path in _given(session, suite, given, owner):
        try:
            file = _load(path)
            _check_file(file, owner, None if any_python else python)
            files.append(file)
        except ASVError as error:
            refused[str(path)] = str(error)
    if not files:
        raise ASVError("; ".join(refused.values()))
    *older, newest = sorted(files, key=lambda file: (_newest(file), file.path.stat().st_mtime))
    refused.update((str(file.path), f"{newest.path.name} is newer") for file in older)
    baselines, without = _baselines(newest.results, suite["benchmarks"])
    with translated(), Store(session.deps_db_path, write=True) as store:
        loaded = store.load_baselines(baselines)
    return Loaded(loaded.kept, {**refused, **without, **loaded.refused})


def entry(surveyed: Mapping[str, Any], timeout: float) -> Dict[str, Any]:
    """A benchmark of the survey as `benchmarks.json` has it."""
    kinds = {"timeraw": "time", "mem": "memory", "peakmem": "peakmemory"}
    apart = ("attributes", "kind", "file")
    own = {key: value for key, value in surveyed.items() if key not in apart and value is not None}
    kind = surveyed.get("kind", "time")
    return {"timeout": timeout, "type": kinds.get(kind, kind), **surveyed.get("attributes", {}), **own}


def _numbers(baselines: Mapping[str, Mapping[str, Any]], step: Optional[Mapping[str, Any]]) -> Dict[str, Optional[Mapping[str, Any]]]:
    """What is known of instances: numbers, or None for one that has none; of the others nothing is known."""
    found: Dict[str, Optional[Mapping[str, Any]]] = dict(baselines)
    for name in [] if step is None else step["summary"].get("left_out", []):
        found.pop(name, None)
    for name, one in ({} if step is None else step["benchmarks"]).items():
        found.pop(name, None)  # It is affected: its baseline says nothing of this commit.
        if one["status"] in _WITH_NUMBER and one["stats"]:
            numbers = {**one["stats"], "samples": one["samples"], "runs": one["runs"]}
            found[name] = {**numbers, "measured_at_ms": step["created_at_ms"] if step else None}
        elif one["status"] in _WITHOUT_NUMBER:
            found[name] = None
    return found


def _check_step(step: Mapping[str, Any], baselines: Mapping[str, Mapping[str, Any]]) -> None:
    """A step stands for a commit together with the baselines that it was compared with."""
    name, summary = step["step_id"], step["summary"]
    if summary.get("state") in ("running", "interrupted"):
        raise ASVError(f"step {name!r} is {summary['state']}, and what it did not come to is unknown: measure it again")
    surveyed = summary.get("generation")
    others = (one["generation"] for instance, one in baselines.items() if instance not in step["benchmarks"])
    if surveyed is not None and any(generation is not None and generation > surveyed for generation in others):
        raise ASVError(
            f"the baselines are newer than step {name!r}: leave step_id out if they are of this commit, else measure the step again"
        )


def _check_tree(session: "LightspeedSession", commit: commits.Commit, suite: Mapping[str, Any], with_base: bool) -> None:
    """What was measured has to be what the commit has, as far as that can be seen."""
    sources = _sources(session, suite)
    written = [pathlib.Path(path) for path in (session.results_dir, session._conf.html_dir, session.env_dir) if path]
    found = commits.changed(sources, [sources, session.benchmark_dir], written)
    if not found and with_base:
        found = commits.differing(sources, commit, LightspeedDB(session.deps_db_path).get_stored_fshas())
    if found:
        shown = ", ".join(found[:5]) + (", …" if found[5:] else "")
        raise ASVError(f"HEAD is not what was measured, {shown} differ: commit that, or name the commit whose numbers these are")


def _sources(session: "LightspeedSession", suite: Mapping[str, Any]) -> pathlib.Path:
    """Where the sources lie, and with them their repository: the suite may lie in another one."""
    return (session._suite.config_path.parent / (suite["source_root"] or ".")).resolve()


def _environment(session: "LightspeedSession", suite: Mapping[str, Any]) -> Any:
    """asv's environment of the interpreter that the numbers are of."""
    found, surveyed = session._get_env(), suite["python"]
    if surveyed is not None and not _same_python(found.python, surveyed) and _version(surveyed) is not None:
        raise ASVError(f"the suite was surveyed with {surveyed}, and this session is of {found.python}: open it with python={surveyed!r}")
    return found


def _save(session: "LightspeedSession", commit: commits.Commit, environment: Any, numbers: Numbers) -> pathlib.Path:
    from asv.machine import Machine
    from asv.results import Results, get_filename
    from asv.util import UserError, load_json

    configuration.note_machine(session.results_dir, session.machine)
    path = pathlib.Path(session.results_dir, get_filename(session.machine, commit.hash, environment.name))
    if path.exists():
        _load(path)  # Raises where asv could not keep what is there.
    try:
        machine = load_json(str(session.results_dir / session.machine / "machine.json"), Machine.api_version)
    except UserError as error:
        raise ASVError(str(error)) from error
    params = {**machine, "machine": session.machine, "python": environment.python, **environment.requirements}
    of_environment = environment.python, environment.name, environment.env_vars
    results = Results(params, environment.requirements, commit.hash, commit.date_ms, *of_environment)
    results.load_data(str(session.results_dir))
    benchmarks = session._load_benchmarks()
    for benchmark in benchmarks.values():
        _add(results, benchmark, numbers)
    try:
        results.save(str(session.results_dir))
        _save_benchmarks(session._conf, benchmarks)
    except OSError as error:
        raise ASVError(f"{error.filename} cannot be written: {error.strerror}: choose another results_dir") from error
    return path


def _add(results: Any, benchmark: Mapping[str, Any], numbers: Numbers) -> None:
    """Puts what is known of a benchmark beside what asv's `Results` have of it."""
    from asv.runner import BenchmarkResult

    name, params = benchmark["name"], benchmark["params"]
    ids = [str(bid) for bid in all_ids({name: benchmark})]
    known = {place: numbers[bid] for place, bid in enumerate(ids) if bid in numbers}
    if not known and name in results.get_all_result_keys():
        return
    found = [known.get(place) or {} for place in range(len(ids))]
    medians, samples = [one.get("median") for one in found], [one.get("samples") or None for one in found]
    result = BenchmarkResult(medians, samples, [None] * len(ids), 0, "", None)
    times = [one["measured_at_ms"] for one in found if one.get("measured_at_ms") is not None]
    results.add_result(benchmark, result, record_samples=True, selected_idx=set(known))
    results.started_at[name] = max(times, default=None)
    # Given the number of calls, asv would work statistics out itself, those of a single sample with infinite ends.
    statistics = results.get_result_stats(name, params)
    for place, one in known.items():
        statistics[place] = _statistics(one or {})
    results._stats[name] = statistics if any(statistics) else None


def _statistics(one: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
    """Statistics as asv has them, of timings alone; it takes them to be there as a whole, but for the ends of a single sample."""
    found = {key: one[key] for key in (*_ENDS, "q_25", "q_75", "repeat", "number") if one.get(key) is not None}
    needed = {"q_25", "q_75", "repeat", "number", *(() if found.get("repeat") == 1 else _ENDS)}
    return found if needed <= set(found) else None


def _save_benchmarks(conf: Any, benchmarks: Mapping[str, Any]) -> None:
    """Keeps `benchmarks.json`, with what it has of other benchmarks: there may be results of them."""
    from asv.benchmarks import Benchmarks
    from asv.util import UserError

    try:
        before = dict(Benchmarks.load(conf))
    except UserError:  # There is none, or none that asv could read either.
        before = {}
    Benchmarks(conf, {**before, **benchmarks}.values()).save()


def _given(session: "LightspeedSession", suite: Mapping[str, Any], given: Optional[PathLike], machine: str) -> List[pathlib.Path]:
    """The result files that are meant: the one at a path, else all of a commit."""
    if given is not None and (not isinstance(given, str) or os.path.isfile(given)):
        return [pathlib.Path(given).resolve()]
    name = given or "HEAD"
    try:
        commit = commits.resolve(_sources(session, suite), name).hash
    except ASVError:  # asv may have results of a commit that this repository does not have.
        commit = name
    found = [path for path in _files(session.results_dir / machine) if path.name.split("-")[0].startswith(commit[:8])]
    hashes = sorted({path.name.split("-")[0] for path in found})
    if len(hashes) > 1:
        raise ASVError(f"{name} may be each of the commits {', '.join(hashes)}: name one")
    if not found:
        others = sorted({path.parent.name for path in _files(session.results_dir) if path.name.startswith(commit[:8])} - {machine})
        hint = f"name machine={others[0]!r}, if its numbers compare with those of this one" if others else "let asv run it first"
        raise ASVError(f"{session.results_dir} has no results of {name} ({commit[:8]}) on the machine {machine}: {hint}")
    return found


def _files(directory: pathlib.Path) -> Iterator[pathlib.Path]:
    from asv.results import iter_results_paths

    return (pathlib.Path(folder, name) for folder, name, _ in iter_results_paths(str(directory)))


def _load(path: pathlib.Path) -> _File:
    from asv.results import Results

    try:
        return _File(path, Results.load(str(path)))
    except OSError as error:
        raise ASVError(f"{path} cannot be read: {error.strerror}") from error
    except Exception as error:  # asv's reader takes files to be its own, and fails anywhere on a damaged one.
        raise ASVError(f"{path} is no result file that asv can read ({error}): move it away or write it again") from error


def _check_file(file: _File, machine: str, python: Optional[str]) -> None:
    """Raises where its numbers are of another machine, or of another Python than this one."""
    theirs, of_python = file.results.params.get("machine"), file.results.params.get("python")
    if theirs != machine:
        raise ASVError(f"{file.path} is of the machine {theirs}: name machine={theirs!r}, if its numbers compare with those of this one")
    if python is not None and not _same_python(of_python, python):
        raise ASVError(f"{file.path} is of Python {of_python}, and the survey of {python}: any_python=True takes it nonetheless")


def _same_python(one: Optional[str], other: str) -> bool:
    """Whether two Pythons, each a version or a path, as asv names them, are of the same version."""
    return one == other or (one is not None and _version(one) is not None and _version(one) == _version(other))


def _version(python: str) -> Optional[str]:
    """The version that asv would call a Python by; None where it cannot be run."""
    if not os.path.dirname(python):
        return python
    try:
        return subprocess.run([python, "-c", _VERSION], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def _newest(file: _File) -> int:
    return max((time for time in file.results.started_at.values() if time is not None), default=0)


def _baselines(results: Any, benchmarks: Mapping[str, Mapping[str, Any]]) -> Tuple[Dict[str, Dict[str, Any]], Dict[str, str]]:
    """asv's `Results` as baselines by instance, and why the others are none."""
    found: Dict[str, Dict[str, Any]] = {}
    refused: Dict[str, str] = {}
    for name in results.get_all_result_keys():
        benchmark = benchmarks.get(name)
        if benchmark is None:
            refused[name] = "the survey has no such benchmark"
            continue
        try:
            measured = asv_results.measured(results, {name: benchmark})
            refused.update(_gone(results, benchmark))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            refused[name] = f"its results are damaged: {error}"
            continue
        version, measured_at_ms = results.benchmark_version.get(name), results.started_at.get(name)
        for bid in map(str, all_ids({name: benchmark})):
            one = measured.get(bid)
            if one is None:
                refused[bid] = "asv has no number of it"
            elif (reason := _unusable(one, benchmark)) is not None:
                refused[bid] = reason
            else:
                params = list((one.pop("values") or {}).values())
                found[bid] = {**one, **_exact(one["samples"]), "params": params, "version": version, "measured_at_ms": measured_at_ms}
    return found, refused


def _unusable(one: Mapping[str, Any], benchmark: Mapping[str, Any]) -> Optional[str]:
    """Why asv's number of an instance is no baseline; None if it is one."""
    if any(sample - sample != 0 for sample in one["samples"]):
        return "its samples are not all finite"
    if benchmark.get("kind") == "peakmem" and not one["samples"]:  # asv keeps samples of timings alone, and `write` of all.
        return "peak memory counts the process around a benchmark too, and asv's is another one: initialize_diffcheck() measures it"
    return None


def _gone(results: Any, benchmark: Mapping[str, Any]) -> Dict[str, str]:
    """The results of parameters that the survey does not have."""
    name = benchmark["name"]
    before = results.get_result_params(name)
    values = zip(itertools.product(*before), results.get_result_value(name, before))
    known = set(itertools.product(*(benchmark.get("params") or [])))
    gone = (chosen for chosen, value in values if value is not None and chosen not in known)
    return {f"{name}({', '.join(chosen)})": "the survey has no such parameters" for chosen in gone}


def _exact(samples: List[float]) -> Dict[str, Any]:
    """The statistics of samples, which asv rounds to five digits in its files."""
    if not samples:
        return {}
    summary = stats.summarize(samples)
    return {**{key: getattr(summary, key) for key in (*_ENDS, "q_25", "q_75")}, "repeat": len(samples)}
