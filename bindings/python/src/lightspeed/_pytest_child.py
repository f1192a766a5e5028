"""A plugin of pytest for the process in which one benchmark is surveyed: it runs untimed, and nothing else is looked at."""

import inspect
import os
import pathlib
import sys
import time
from typing import Any, Callable, Dict, Generator, Iterator, List, Tuple

import pytest

#: What of the suite's own configuration would make this another run, or write over the results of a real one.
_UNDONE: Dict[str, Any] = {
    "lightspeed": False,
    "lightspeed_survey": False,
    "lightspeed_since": None,
    "lightspeed_source_root": None,
    "benchmark_disable": True,
    "benchmark_enable": False,
    "benchmark_only": False,
    "benchmark_skip": False,
    "benchmark_autosave": None,
    "benchmark_save": None,
    "benchmark_json": None,
    "benchmark_compare": [],
    "benchmark_compare_fail": None,
    "benchmark_cprofile": None,
    "benchmark_histogram": [],
    "collectonly": False,
    "deselect": [],
    "keyword": "",
    "markexpr": "",
    "usepdb": False,
    "xmlpath": None,
}
#: A function that took longer is not called a second time.
_SECONDS = 10.0


class Failures:
    """Says on standard error, last of all, what went wrong: the survey reports that line."""

    def __init__(self) -> None:
        self.said: List[str] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._add(report)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._add(report)

    def pytest_unconfigure(self) -> None:
        if self.said and sys.__stderr__ is not None:
            print(self.said[0], file=sys.__stderr__)

    def _add(self, report: Any) -> None:
        crash = getattr(report.longrepr, "reprcrash", None)
        lines = [line.strip() for line in (crash.message if crash else report.longreprtext).splitlines() if line.strip()]
        self.said.append((lines[0] if crash else lines[-1]) if lines else f"{report.nodeid} failed")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: Any) -> None:
    """Before all others: pytest-benchmark reads its options here too."""
    undo(config)
    config.pluginmanager.register(Failures(), "lightspeed_failures")
    from pytest_benchmark.fixture import BenchmarkFixture

    BenchmarkFixture.__call__ = twice(BenchmarkFixture.__call__)
    BenchmarkFixture.pedantic = rounds(BenchmarkFixture.pedantic)


def undo(config: Any, **others: Any) -> None:
    """Takes back what the suite's own configuration asks for, so that just the tests that were named run, with no results left behind."""
    for name, value in {**_UNDONE, **others}.items():
        if hasattr(config.option, name):
            setattr(config.option, name, value)


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_collect_directory(path: pathlib.Path) -> Generator[None, Any, Any]:
    """Lets pytest look only where the test is: a benchmark does not depend on what else lies in the directories above it."""
    node = yield
    if type(node) in (pytest.Dir, pytest.Package):
        test = pathlib.Path(os.path.abspath(node.config.invocation_params.dir / node.config.args[0].partition("::")[0]))
        if node.path in test.parents:
            node.collect = lambda: towards(test, node)
    return node


def towards(test: pathlib.Path, node: Any) -> Iterator[Any]:
    """What of a directory leads to the file of the test."""
    path = node.path / test.relative_to(node.path).parts[0]
    if path == test:
        yield from node.ihook.pytest_collect_file(file_path=path, parent=node)
    else:
        found = node.ihook.pytest_collect_directory(path=path, parent=node)
        if found is not None:
            yield found


def twice(call: Callable[..., Any]) -> Callable[..., Any]:
    """`benchmark(function, …)` as a survey needs it: what a first call caches sends the later ones, those that count, another way."""

    def called(self: Any, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        began = time.monotonic()
        result = call(self, function, *args, **kwargs)
        if time.monotonic() - began < _SECONDS:
            function(*args, **kwargs)
        return result

    return called


def rounds(pedantic: Callable[..., Any]) -> Callable[..., Any]:
    """`benchmark.pedantic(target, …)`, likewise, with its teardown, which an untimed run would leave out."""
    signature = inspect.signature(pedantic)

    def called(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        asked = bound.arguments
        target, setup, teardown = asked["target"], asked["setup"], asked.get("teardown")

        def run(*args: Any, **kwargs: Any) -> Any:
            result = target(*args, **kwargs)
            if teardown is not None:
                teardown(*args, **kwargs)
            return result

        asked["target"] = run
        began = time.monotonic()
        result = pedantic(*bound.args, **bound.kwargs)
        often = asked["rounds"] * asked["iterations"] + asked["warmup_rounds"] > 1
        if often and time.monotonic() - began < _SECONDS:
            args, kwargs = _arguments(setup, asked["args"], asked["kwargs"])
            run(*args, **kwargs)
        return result

    return called


def _arguments(setup: Any, args: Any, kwargs: Any) -> Tuple[Any, Any]:
    made = setup() if setup is not None else None
    return made or (args, kwargs or {})
