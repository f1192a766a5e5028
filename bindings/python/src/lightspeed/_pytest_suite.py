"""What the plugin of pytest does when it is asked to: a survey of the benchmarks that were collected, or a selection of them."""

import os
import pathlib
import statistics
import sys
from typing import Any, Dict, Generator, List, Sequence, Tuple

import pytest

from lightspeed import _suite
from lightspeed._constants import EventKind
from lightspeed.errors import LightspeedError, NoSurvey
from lightspeed.event import Event

#: Options with which other plugins keep out of a process that runs one test.
_OTHERS = {"xdist": ["-n", "0"], "pytest_cov": ["--no-cov"]}
#: Rounds of one process are alike: they count as this many values at most.
_VALUES = 20


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
        self.samples: Dict[str, _suite.Sample] = {}
        self.lines: List[str] = []
        self.summary: List[str] = []

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """Takes the times of a benchmark that has run."""
        metadata = getattr(getattr(item, "funcargs", {}).get("benchmark"), "stats", None)
        if call.when == "call" and call.excinfo is None and metadata and not metadata.has_error:
            self.samples[item.nodeid] = _suite.Sample(condensed(metadata.stats.data))

    def pytest_report_collectionfinish(self) -> List[str]:
        """What became of the collected benchmarks."""
        return self.lines

    def pytest_sessionfinish(self) -> None:
        """Keeps what was measured, or compares it."""
        try:
            self.finish()
        except LightspeedError as error:
            self.summary.append(f"lightspeed: {error}")

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Prints what came of it."""
        if self.summary:
            terminalreporter.section("lightspeed", sep="-")
            for line in self.summary:
                terminalreporter.write_line(line)

    def finish(self) -> None:
        """What there is to do at the end."""

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
        found = {item.nodeid: item for item in items if is_benchmark(item)}
        if not found:
            raise pytest.UsageError(f"no benchmarks: none of the {len(items)} tests collected uses the fixture `benchmark`")
        try:
            self.survey(found)
        except LightspeedError as error:
            raise pytest.UsageError(f"the survey failed: {error}") from error
        return answer

    def survey(self, items: Dict[str, Any]) -> None:
        """Surveys these tests."""
        root = source_root(self.config)
        for item in items.values():
            if not item.path.is_relative_to(root):
                raise pytest.UsageError(f"{item.path} is outside of {root}, its edits would not be seen: name a directory above both")
        places = {name: getattr(sys.modules.get(name), "__file__", None) for name in _suite.packages(root)}
        strays = _suite.shadowed(root, places)
        if strays:
            advice = "install it with pip install -e, or name its directory with --lightspeed-source-root"
            raise pytest.UsageError(f"{'; '.join(strays)}: {advice}")
        shared = arguments(self.config)
        folder = self.config.invocation_params.dir
        commands = [_suite.Command(name, [*shared, argument(item, folder)]) for name, item in items.items()]
        progress = Progress(self.config.pluginmanager.get_plugin("terminalreporter"))
        report = self.suite.survey(commands, cwd=folder, source_root=root, listener=progress)
        progress.end()
        self.known = report["discovered"]
        files = report["source_files_covered"]
        self.lines = [f"lightspeed: {len(items)} benchmarks surveyed, {report['surveyed']} of them now, in {files} files"]
        self.lines += [f"lightspeed: always selected: {name}: {why}" for name, why in report["always_affected"].items()]

    def finish(self) -> None:
        """Keeps the baselines."""
        if not self.known:
            return
        timed = {name: self.samples[name] for name in self.known if name in self.samples}
        self.suite.keep(timed)
        self.summary.append(f"baselines of {len(timed)} of {len(self.known)} benchmarks are kept in {self.suite.folder}")
        without = [name for name in self.suite.missing(self.known)]
        if without:
            why = self.why_untimed()
            self.summary.append(f"without a baseline: {', '.join(without)}{why and ': ' + why}")


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
            raise pytest.UsageError(f"{error}: run pytest --lightspeed-survey first, with this Python") from error
        except LightspeedError as error:
            raise pytest.UsageError(f"nothing can be selected: {error}") from error
        self.drift = selected.drift
        self.choose(items, selected)
        return answer

    def choose(self, items: List[Any], selected: _suite.Selected) -> None:
        """Takes out what is known not to be affected."""
        benchmarks = [item for item in items if is_benchmark(item)]
        reasons = {item.nodeid: self.reasons(item, selected) for item in benchmarks}
        self.chosen = [name for name, why in reasons.items() if why]
        dropped = [item for item in benchmarks if not reasons[item.nodeid]]
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
        if not self.samples:
            why = self.why_untimed()
            self.summary.append(f"none of {len(self.chosen)} benchmarks gave times to compare{why and ': ' + why}")
            return
        margin = self.config.option.lightspeed_margin
        self.summary += _suite.table(self.suite.compare(self.samples, margin / 100.0, self.drift))
        self.summary += self.drift or [
            f"Medians of rounds. Each side is one process, so a change counts beyond {margin:g} %, by which processes may differ for nothing."
        ]


_NEW = ("it is not in the survey",)


class Progress:
    """Says how far the survey is: a line that changes on a terminal, else one at the beginning."""

    def __init__(self, reporter: Any) -> None:
        self.reporter = reporter
        self.done = self.total = 0

    def __call__(self, event: Event) -> None:
        if event.kind == EventKind.BEGIN:
            self.done, self.total = 0, event.total
            self._say(f"lightspeed: surveying {event.total} benchmarks, each in a process of its own", lasts=event.total > 0)
        elif event.kind == EventKind.ITEM:
            self.done += 1
            self._say(f"lightspeed: {self.done}/{self.total} {event.text}", lasts=False)

    def end(self) -> None:
        """Clears the line."""
        if self.reporter is not None and self.reporter.isatty:
            self.reporter.rewrite("", erase=True)

    def _say(self, text: str, lasts: bool) -> None:
        if self.reporter is None:
            return
        if self.reporter.isatty:
            self.reporter.rewrite(text, erase=True)
        elif lasts:
            self.reporter.write_line(text)


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


def arguments(config: Any) -> List[str]:
    """What runs a single test as this pytest would, but for the test."""
    option, folder = config.option, config.invocation_params.dir
    started = pathlib.Path(sys.argv[0])
    script = started.name in ("pytest", "py.test") and started.is_file()
    found = [sys.executable, *([str(started)] if script else ["-m", "pytest"])]
    found += ["-p", "lightspeed._pytest_child", "-p", "no:cacheprovider", "--assert=plain"]
    for plugin, words in _OTHERS.items():
        found += words if config.pluginmanager.has_plugin(plugin) else []
    found += ["--rootdir", os.path.relpath(config.rootpath, folder)]
    found += ["-c", os.path.relpath(config.inipath, folder) if config.inipath else os.devnull]
    for name, values in (("-p", option.plugins), ("-o", option.override_ini), ("-W", option.pythonwarnings)):
        found += [word for value in values or [] for word in (name, value)]
    found += ["--noconftest"] if option.noconftest else []
    return [*found, f"--import-mode={option.importmode}"]


def argument(item: Any, folder: pathlib.Path) -> str:
    """A test as pytest is told of it."""
    _, mark, rest = item.nodeid.partition("::")
    return os.path.join(os.curdir, os.path.relpath(item.path, folder)) + mark + rest


def condensed(rounds: Sequence[float]) -> List[float]:
    """The medians of stretches of rounds, so that what is alike because it came one after another counts once."""
    count = min(len(rounds), _VALUES)
    ends = [round(place * len(rounds) / count) for place in range(count + 1)]
    return [statistics.median(rounds[begin:end]) for begin, end in zip(ends, ends[1:])]


