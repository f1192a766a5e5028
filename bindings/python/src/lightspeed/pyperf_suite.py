"""The program `lightspeed-pyperf`: surveys scripts with benchmarks of pyperf, and runs those that a change affects."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

from lightspeed import _suite
from lightspeed._constants import EventKind
from lightspeed.errors import LightspeedError, NoSurvey
from lightspeed.event import Event

#: What a directory has that a project begins in.
_PROJECT = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg")
#: All benchmarks of a script in its own process, each called twice: what a first call caches sends the later ones another way.
_ONCE = ("--worker", "--loops=1", "--warmups=1", "--values=1")
#: Prints where the packages named as arguments come from, for a script in the first one.
_WHENCE = """
import importlib.util, json, sys
sys.path[0] = sys.argv[1]
specs = {name: importlib.util.find_spec(name) for name in sys.argv[2:]}
print(json.dumps({name: spec.origin for name, spec in specs.items() if spec}))
"""
_UNITS = {"second": "seconds", "byte": "bytes"}
_SEPARATOR = "::"


class Failure(Exception):
    """What a person has to do something about, in a sentence."""


class Place(NamedTuple):
    """Which suite, and what runs it."""

    root: pathlib.Path
    python: str
    #: For every script: options of pyperf and of the script's own.
    options: Tuple[str, ...]
    suite: _suite.Suite

    def path(self, script: str) -> str:
        """The file of a script by its name, from the current directory, so that the tree can move."""
        return os.path.relpath(self.root / script)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Does what the command line says. Exit codes: 0 done, 1 impossible, 2 wrong usage, 5 a script failed, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    split = words.index("--") if "--" in words else len(words)
    given = _parser().parse_args(words[:split])
    try:
        return int(given.does(given, tuple(words[split + 1 :])))
    except NoSurvey:
        print("lightspeed-pyperf: the survey was not finished: run lightspeed-pyperf survey again", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("lightspeed-pyperf: interrupted", file=sys.stderr)
        return 130
    except (LightspeedError, Failure) as error:
        print(f"lightspeed-pyperf: {error}", file=sys.stderr)
        return 1


def survey(given: argparse.Namespace, options: Tuple[str, ...]) -> int:
    """`survey SCRIPT…`: what each benchmark executes, and baselines where there are none that hold."""
    paths = [pathlib.Path(os.path.abspath(script)) for script in given.scripts]
    for path in paths:
        if not path.is_file():
            raise Failure(f"there is no script {path}")
    root = project(paths)
    place = Place(root, given.python, options, _suite.Suite("pyperf", root, tag(given.python)))
    source_root = pathlib.Path(os.path.abspath(given.source_root)) if given.source_root else root
    check(paths, source_root, given.python)
    names, failures = discover(place, [name_of(path, root) for path in paths])
    if not names:
        raise Failure(f"no benchmarks: {'; '.join(failures.values())}")
    commands = [
        _suite.Command(name, [place.python, place.path(script), *_ONCE, f"--worker-task={task}", *options])
        for script, found in names.items()
        for task, name in enumerate(found)
    ]
    # Nothing is known of what failed: it is always selected.
    commands += [_suite.Command(script, [place.python, place.path(script), *_ONCE, *options]) for script in failures]
    report = place.suite.survey(commands, cwd=pathlib.Path.cwd(), source_root=source_root, listener=_hear)
    count = len(report["discovered"])
    _say(f"{count} benchmarks surveyed, {report['surveyed']} of them now, in {report['source_files_covered']} files")
    for name, why in report["always_affected"].items():
        _say(f"always selected: {name}: {failures.get(name, why)}")
    untimed = baselines(place, names)
    return told(untimed) or (5 if failures else 0)


def select(given: argparse.Namespace, options: Tuple[str, ...]) -> int:
    """`select`: the affected benchmarks, a line each, with -v the reasons."""
    for name, reasons in selected(found_place(given, options), given)[0].items():
        print(name)
        for reason in reasons if given.verbose else ():
            print(f"  {reason}")
    return 0


def run(given: argparse.Namespace, options: Tuple[str, ...]) -> int:
    """`run`: the scripts with affected benchmarks, which are compared with their baselines."""
    place = found_place(given, options)
    reasons, found = selected(place, given)
    if not reasons:
        print("nothing is affected")
        return 0
    samples: Dict[str, _suite.Sample] = {}
    failures: Dict[str, str] = {}
    known = found.unaffected.union(found.affected)
    for script in sorted({script_of(name) for name in reasons}):
        if not os.path.isfile(place.path(script)):
            _say(f"{script} is gone")
            continue
        _say(f"timing {script}")
        try:
            timed = times(place, script)
        except Failure as error:
            failures[script] = str(error)
            continue
        # What pyperf measured beside them is not affected.
        samples.update({name: sample for name, sample in timed.items() if name in reasons or name not in known})
    if samples:
        rows = place.suite.compare(samples, given.margin / 100.0, found.drift)
        print("\n".join([*_suite.table(rows), *found.drift]))
    return told(failures)


def selected(place: Place, given: argparse.Namespace) -> Tuple[Dict[str, Tuple[str, ...]], _suite.Selected]:
    """The benchmarks to run with their reasons; of the scripts named, where there are such."""
    found = place.suite.select(given.since, given.policy)
    reasons = dict(found.affected)
    if given.scripts:
        scripts = [name_of(pathlib.Path(os.path.abspath(script)), place.root) for script in given.scripts]
        known = {script_of(name) for name in found.unaffected.union(found.affected)}
        reasons = {name: why for name, why in reasons.items() if script_of(name) in scripts}
        reasons.update({script: ("it is not in the survey",) for script in scripts if script not in known})
    return reasons, found


def discover(place: Place, scripts: Iterable[str]) -> Tuple[Dict[str, List[str]], Dict[str, str]]:
    """The benchmarks of each script, in its order, and why others have none."""
    names, failures = {}, {}
    for script in scripts:
        try:
            names[script] = [name for name, _ in results(place, script, (*_ONCE[:2], "--warmups=0", _ONCE[3]))]
        except Failure as error:
            failures[script] = str(error)
    return names, failures


def baselines(place: Place, names: Dict[str, List[str]]) -> Dict[str, str]:
    """Times the scripts that have a benchmark without a baseline; those that failed with the reason."""
    failures = {}
    for script, found in names.items():
        missing = place.suite.missing(found)
        if not missing:
            continue
        _say(f"timing {script}")
        try:
            timed = times(place, script)
        except Failure as error:
            failures[script] = str(error)
            continue
        place.suite.keep({name: timed[name] for name in missing if name in timed})
    return failures


def times(place: Place, script: str) -> Dict[str, _suite.Sample]:
    """Runs a script as pyperf does; one value for each process of each benchmark, because values of one process are alike."""
    samples = {}
    for name, benchmark in results(place, script, ("--quiet",)):
        runs = [run.values for run in benchmark.get_runs() if run.values]
        unit = benchmark.get_unit()
        samples[name] = _suite.Sample([statistics.median(values) for values in runs], _UNITS.get(unit, unit))
    return samples


def results(place: Place, script: str, options: Sequence[str]) -> List[Tuple[str, Any]]:
    """Runs a script with options and reads what pyperf wrote: its benchmarks by their names here. Raises `Failure`."""
    try:
        import pyperf
    except ImportError:
        raise Failure("pyperf is needed to read its results: pip install 'lightspeed[pyperf]'") from None
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "results.json")
        argv = [place.python, place.path(script), *options, *place.options, "--output", output]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).decode(errors="replace").splitlines()
            raise Failure(f"{script} ended with {done.returncode}: {said[-1] if said else 'it said nothing'}")
        if not os.path.exists(output):
            raise Failure(f"{script} ran no benchmark of pyperf")
        benchmarks = pyperf.BenchmarkSuite.load(output).get_benchmarks()
    return [(f"{script}{_SEPARATOR}{benchmark.get_name()}", benchmark) for benchmark in benchmarks]


def check(scripts: Sequence[pathlib.Path], source_root: pathlib.Path, python: str) -> None:
    """Whether what the scripts would run is what is followed. Raises `Failure`."""
    if not source_root.is_dir():
        raise Failure(f"--source-root: there is no directory {source_root}")
    for script in scripts:
        if source_root not in script.parents:
            raise Failure(f"{script} is outside of {source_root}, its edits would not be seen: name a directory above both")
    packages = _suite.packages(source_root)
    for folder in sorted({script.parent for script in scripts}) if packages else ():
        told = subprocess.run([python, "-c", _WHENCE, str(folder), *packages], capture_output=True, text=True)
        strays = _suite.shadowed(source_root, json.loads(told.stdout)) if told.returncode == 0 else []
        if strays:
            raise Failure(f"{'; '.join(strays)}: install it with pip install -e, or name its directory with --source-root")


def project(scripts: Sequence[pathlib.Path]) -> pathlib.Path:
    """The directory of the project that scripts belong to, else the one around them all."""
    common = pathlib.Path(os.path.commonpath([script.parent for script in scripts]))
    return next((folder for folder in (common, *common.parents) if any((folder / one).exists() for one in _PROJECT)), common)


def found_place(given: argparse.Namespace, options: Tuple[str, ...]) -> Place:
    """The suite surveyed in or above the current directory."""
    here = pathlib.Path.cwd()
    own = tag(given.python)
    for root in (here, *here.parents):
        suite = _suite.Suite("pyperf", root, own)
        if suite.config.is_file():
            return Place(root, given.python, options, suite)
    raise Failure(
        f"there is no survey for {own} in or above {here}: run lightspeed-pyperf survey first, with the same --python"
    )


def tag(python: str) -> str:
    """What an interpreter calls its kind and version."""
    if python == sys.executable:
        return str(sys.implementation.cache_tag)
    try:
        asked = subprocess.run(
            [python, "-c", "import sys; print(sys.implementation.cache_tag)"], capture_output=True, text=True
        )
    except OSError as error:
        raise Failure(f"--python: {python} cannot be started: {error.strerror}") from error
    if asked.returncode:
        raise Failure(f"--python: {python} is no Python that works")
    return asked.stdout.strip()


def name_of(script: pathlib.Path, root: pathlib.Path) -> str:
    """A script's name: its path from the root."""
    return os.path.relpath(script, root).replace(os.sep, "/")


def script_of(benchmark: str) -> str:
    """The script of a benchmark, by their names."""
    return benchmark.partition(_SEPARATOR)[0]


def told(failures: Dict[str, str]) -> int:
    """Names what failed; the exit code."""
    for failure in failures.values():
        _say(failure)
    return 5 if failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lightspeed-pyperf", description=__doc__, epilog="Options after -- go to every script: survey bench_*.py -- --fast"
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, does: object, text: str, scripts: str, text_of_scripts: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(does=does)
        made.add_argument("scripts", nargs=scripts, metavar="SCRIPT", help=text_of_scripts)
        made.add_argument("--python", default=sys.executable, help="the interpreter that runs the scripts")
        return made

    surveying = command(
        "survey", survey, "find out what each benchmark executes, and time it", "+", "scripts that use pyperf.Runner"
    )
    surveying.add_argument("--source-root", metavar="DIR", help="whose files are followed, the scripts among them; the project")
    which = "only of these; those that the survey does not know are selected"
    for name, does, text in (
        ("select", select, "say which benchmarks the changes since the survey affect"),
        ("run", run, "run the scripts with such benchmarks, and compare them with their baselines"),
    ):
        made = command(name, does, text, "*", which)
        made.add_argument("--since", metavar="REV", help="changes are those since this revision of git")
        made.add_argument("--policy", choices=sorted(_suite.POLICIES), help="how finely changes are followed")
        if name == "select":
            made.add_argument("-v", "--verbose", action="store_true", help="say why")
        else:
            made.add_argument(
                "--margin", metavar="PERCENT", type=float, default=5.0, help="changes up to this do not matter (5)"
            )
    return parser


def _hear(event: Event) -> None:
    if event.kind == EventKind.BEGIN and event.total:
        _say(f"surveying {event.total} benchmarks, each in a process of its own")


def _say(text: str) -> None:
    print(f"lightspeed-pyperf: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
