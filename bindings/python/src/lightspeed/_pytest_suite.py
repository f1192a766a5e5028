"""What the plugin of pytest does when it is asked to: a survey of the benchmarks that were collected, or a selection of them."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import Any, Dict, Generator, List, Sequence, Tuple

import pytest

from lightspeed import _suite
from lightspeed._constants import EventKind
from lightspeed._pytest_timed import Medians
from lightspeed.errors import LightspeedError, NoSurvey
from lightspeed.event import Event

#: Options with which other plugins keep out of a process that runs one test.
_OTHERS = {"xdist": ["-n", "0"], "pytest_cov": ["--no-cov"]}


def configure(config: Any) -> None:
    """Checks the options and registers what does the work."""
    option = config.option
    if option.lightspeed_survey and option.lightspeed:
        raise pytest.UsageError("--lightspeed-survey and --lightspeed exclude each other: survey first, select after an edit")
    if not option.lightspeed_survey and not option.lightspeed:
        raise pytest.UsageError("--lightspeed-since needs --lightspeed, --lightspeed-source-root needs --lightspeed-survey")
    if not hasattr(option, "benchmark_disable"):
        raise pytest.UsageError("lightspeed surveys the benchmarks of pytest-benchmark, which is not there: install it")
    if getattr(option, "dist", "no") != "no" or hasattr(config, "workerinput"):
        raise pytest.UsageError("lightspeed needs all benchmarks in one process: leave -n and --dist out, or say -n 0")
    config.pluginmanager.register((Survey if option.lightspeed_survey else Selection)(config), "lightspeed_suite")


class Benchmarks:
    """The benchmarks of a run of pytest, and what was measured of them."""

    def __init__(self, config: Any) -> None:
        self.config = config
        self.suite = _suite.Suite("pytest", config.rootpath)
        self.medians = Medians()
        #: The benchmarks that were collected, by name.
        self.items: Dict[str, Any] = {}
        self.lines: List[str] = []
        self.summary: List[str] = []

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """Takes the times of a benchmark that has run."""
        self.medians.pytest_runtest_makereport(item, call)

    def pytest_report_collectionfinish(self) -> List[str]:
        """What became of the collected benchmarks."""
        return self.lines

    def pytest_sessionfinish(self, session: Any, exitstatus: int) -> None:
        """Keeps what was measured, or compares it."""
        if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return
        try:
            self.finish()
        except LightspeedError as error:
            self.summary.append(f"nothing is kept or compared: {error}")
        except KeyboardInterrupt:
            self.summary.append("interrupted: nothing is kept or compared")
            session.exitstatus = pytest.ExitCode.INTERRUPTED

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Prints what came of it."""
        if self.summary:
            terminalreporter.section("lightspeed", sep="-")
            for line in self.summary:
                terminalreporter.write_line(line)

    def finish(self) -> None:
        """What there is to do at the end."""

    def samples(self, benchmarks: Sequence[str]) -> Dict[str, _suite.Sample]:
        """Medians of these benchmarks, of those that passed: this process's, and those of further ones, in which all take turns."""
        values = {name: [self.medians.found[name]] for name in benchmarks if name in self.medians.found}
        runs = self.config.option.lightspeed_runs
        with Progress(self.config) as progress, tempfile.TemporaryDirectory() as folder:
            for run in range(2, runs + 1 if values else 2):
                progress.say(f"lightspeed: timing {len(values)} benchmarks, process {run} of {runs}", lasts=run == 2)
                found, trouble = self.timed([self.items[name] for name in values], pathlib.Path(folder, f"{run}.json"))
                self.summary += [f"process {run} of {runs}: {trouble}"] if trouble else []
                for name in values.keys() & found.keys():
                    values[name].append(found[name])
        return {name: _suite.Sample(medians) for name, medians in values.items()}

    def timed(self, items: Sequence[Any], path: pathlib.Path) -> Tuple[Dict[str, float], str]:
        """What a fresh process gives, and what went wrong in it."""
        folder = self.config.invocation_params.dir
        tests = [argument(item, folder) for item in items]
        argv = [*arguments(self.config, "lightspeed._pytest_timed"), "--lightspeed-medians", str(path), *tests]
        done = subprocess.run(argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        said = done.stdout.decode(errors="replace").strip().splitlines()
        return found, f"pytest ended with {done.returncode}: {said[-1] if said else ''}" if done.returncode else ""

    def why_untimed(self) -> str:
        """Why a run of benchmarks gave no times, or nothing."""
        option = self.config.option
        if option.benchmark_skip and not option.benchmark_only:
            return "they are left out by --benchmark-skip"
        return "add --benchmark-enable to time them" if option.benchmark_disable and not option.benchmark_enable else ""


class Survey(Benchmarks):
    """`--lightspeed-survey`."""

    known: Sequence[str] = ()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, session: Any, items: List[Any]) -> Generator[None, Any, Any]:
        """After all that deselects."""
        answer = yield
        option = self.config.option
        broken = session.testsfailed and not option.continue_on_collection_errors
        if option.collectonly or broken:
            self.lines = ["lightspeed: nothing is surveyed " + ("after errors" if broken else "with --collect-only")]
            return answer
        self.items = {item.nodeid: item for item in items if is_benchmark(item)}
        if not self.items:
            raise pytest.UsageError(f"no benchmarks: none of the {len(items)} tests collected uses the fixture `benchmark`")
        try:
            self.survey()
        except LightspeedError as error:
            raise pytest.UsageError(f"the survey failed: {error}") from error
        return answer

    def survey(self) -> None:
        """Surveys the benchmarks."""
        root, items = source_root(self.config), self.items
        for item in items.values():
            if not item.path.is_relative_to(root):
                raise pytest.UsageError(
                    f"{item.path} is outside of {root}, its edits would not be seen: name a directory above both"
                )
        places = {name: getattr(sys.modules.get(name), "__file__", None) for name in _suite.packages(root)}
        strays = _suite.shadowed(root, places)
        if strays:
            advice = "install it with pip install -e, or name its directory with --lightspeed-source-root"
            raise pytest.UsageError(f"{'; '.join(strays)}: {advice}")
        shared = [*arguments(self.config, "lightspeed._pytest_child"), "--assert=plain"]
        folder = self.config.invocation_params.dir
        commands = [_suite.Command(name, [*shared, argument(item, folder)]) for name, item in items.items()]
        with Progress(self.config) as progress:
            report = self.suite.survey(commands, cwd=folder, source_root=root, listener=progress.hear)
        self.known = report["discovered"]
        files = report["source_files_covered"]
        self.lines = [f"lightspeed: {len(items)} benchmarks surveyed, {report['surveyed']} of them now, in {files} files"]
        self.lines += [f"lightspeed: always selected: {name}: {why}" for name, why in report["always_affected"].items()]

    def finish(self) -> None:
        """Keeps the baselines."""
        if not self.known:
            return
        timed = self.samples(self.known)
        self.suite.keep(timed)
        why = self.why_untimed()
        counts = f"baselines of {len(timed)} of {len(self.known)} benchmarks are kept"
        self.summary.append(f"{counts} in {self.suite.folder}{why and ': ' + why}")
        without = self.suite.missing(self.known)
        if without:
            self.summary.append(f"without a baseline: {', '.join(without)}")


class Selection(Benchmarks):
    """`--lightspeed`."""

    drift: Tuple[str, ...] = ()
    chosen: Sequence[str] = ()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: List[Any]) -> Generator[None, Any, Any]:
        """After all else that deselects."""
        answer = yield
        option = self.config.option
        try:
            selected = self.suite.select(option.lightspeed_since, option.lightspeed_policy)
        except NoSurvey as error:
            missing = f"there is no finished survey in {self.suite.folder}"
            raise pytest.UsageError(f"{missing}: run pytest --lightspeed-survey first, with this Python") from error
        except LightspeedError as error:
            raise pytest.UsageError(f"nothing can be selected: {error}") from error
        self.drift = selected.drift
        self.choose(items, selected)
        return answer

    def choose(self, items: List[Any], selected: _suite.Selected) -> None:
        """Takes out what is known not to be affected."""
        self.items = {item.nodeid: item for item in items if is_benchmark(item)}
        reasons = {name: self.reasons(item, selected) for name, item in self.items.items()}
        self.chosen = [name for name, why in reasons.items() if why]
        dropped = [item for name, item in self.items.items() if not reasons[name]]
        if dropped:
            self.config.hook.pytest_deselected(items=dropped)
            items[:] = [item for item in items if reasons.get(item.nodeid, ("",))]
        new = sum(reasons[name] == _NEW for name in self.chosen)
        more = f" ({new} of them new)" if new else ""
        self.lines = [f"lightspeed: {len(self.chosen)} of {len(reasons)} benchmarks selected{more}"]
        if self.config.option.verbose > 0:
            self.lines += [f"  {name}: {why}" for name in self.chosen for why in reasons[name]]

    def reasons(self, item: Any, selected: _suite.Selected) -> Tuple[str, ...]:
        """Why a test is selected; nothing where it is not."""
        if item.nodeid not in selected.unaffected:
            return selected.affected.get(item.nodeid, _NEW)
        # What pytest looks for and did not find at the survey, no trace tells of.
        root = self.suite.source_root
        looked = [folder / "conftest.py" for folder in item.path.parents if folder.is_relative_to(self.config.rootpath)]
        looked += [self.config.inipath] if self.config.inipath else []
        for path in looked:
            name = os.path.relpath(os.path.realpath(path), root).replace(os.sep, "/")
            if path.is_file() and not name.startswith("../") and name not in selected.files:
                return (f"pytest reads {name}, which is new",)
        return ()

    def finish(self) -> None:
        """Compares with the baselines."""
        if not self.chosen or self.config.option.collectonly:
            return
        samples = self.samples(self.chosen)
        if not samples:
            why = self.why_untimed()
            self.summary.append(f"none of {len(self.chosen)} benchmarks gave times to compare{why and ': ' + why}")
            return
        rows = self.suite.compare(samples, self.config.option.lightspeed_margin / 100.0, self.drift)
        self.summary += [*_suite.table(rows), *self.drift]


_NEW = ("it is not in the survey",)


class Progress:
    """Says how far the work is: a line that changes on a terminal, else one at the beginning."""

    def __init__(self, config: Any) -> None:
        self.reporter = config.pluginmanager.get_plugin("terminalreporter")
        self.done = self.total = 0

    def hear(self, event: Event) -> None:
        """Says what a survey does."""
        if event.kind == EventKind.BEGIN:
            self.done, self.total = 0, event.total
            self.say(f"lightspeed: surveying {event.total} benchmarks, each in a process of its own", lasts=event.total > 0)
        elif event.kind == EventKind.ITEM:
            self.done += 1
            self.say(f"lightspeed: {self.done}/{self.total} {event.text}", lasts=False)

    def say(self, text: str, lasts: bool) -> None:
        """Says something, on something else than a terminal only if it `lasts`."""
        if self.reporter is None:
            return
        if self.reporter.isatty:
            self.reporter.rewrite(text, erase=True)
        elif lasts:
            self.reporter.ensure_newline()
            self.reporter.write_line(text)
            self.reporter.flush()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: Any) -> None:
        if self.reporter is not None and self.reporter.isatty:
            self.reporter.rewrite("", erase=True)


def is_benchmark(item: Any) -> bool:
    """Whether a test uses the fixture, itself or through others."""
    return "benchmark" in getattr(item, "fixturenames", ())


def source_root(config: Any) -> pathlib.Path:
    """The directory whose files are followed: that of the tests too, which change as the code does."""
    given = config.option.lightspeed_source_root
    if given is None:
        return pathlib.Path(config.rootpath)
    root = pathlib.Path(os.path.abspath(config.invocation_params.dir / given))
    if not root.is_dir():
        raise pytest.UsageError(f"--lightspeed-source-root: there is no directory {root}")
    return root


def arguments(config: Any, plugin: str) -> List[str]:
    """What runs tests as this pytest would, but for the tests, with a plugin of ours."""
    option, folder = config.option, config.invocation_params.dir
    started = pathlib.Path(sys.argv[0])
    script = started.name in ("pytest", "py.test") and started.is_file()
    found = [sys.executable, *([str(started)] if script else ["-m", "pytest"])]
    found += ["-p", plugin, "-p", "no:cacheprovider"]
    for other, words in _OTHERS.items():
        found += words if config.pluginmanager.has_plugin(other) else []
    found += ["--rootdir", os.path.relpath(config.rootpath, folder)]
    found += ["-c", os.path.relpath(config.inipath, folder) if config.inipath else os.devnull]
    for name, values in (("-p", option.plugins), ("-o", option.override_ini), ("-W", option.pythonwarnings)):
        found += [word for value in values or [] for word in (name, value)]
    found += ["--noconftest"] if option.noconftest else []
    return [*found, f"--import-mode={option.importmode}"]


def argument(item: Any, folder: pathlib.Path) -> str:
    """A test as pytest is told of it."""
    _, mark, rest = item.nodeid.partition("::")
    return f"{os.path.join(os.curdir, os.path.relpath(item.path, folder))}{mark}{rest}"
