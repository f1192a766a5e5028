"""A plugin of pytest for a process that times benchmarks once more: it writes down one median each, and changes no results of others."""

import json
import pathlib
import statistics
from typing import Any, Dict, Optional

import pytest

from lightspeed._pytest_child import undo

#: Seconds for each benchmark, if it is not to have less: a process gives one value, whatever it takes.
_SECONDS = "0.2"


def pytest_addoption(parser: Any) -> None:
    """Where the medians go."""
    parser.addoption("--lightspeed-medians", metavar="FILE")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: Any) -> None:
    """Before all others: pytest-benchmark reads its options here too."""
    undo(config, benchmark_disable=False, benchmark_enable=True)
    config.option.benchmark_max_time = min(config.option.benchmark_max_time, _SECONDS, key=float)
    config.pluginmanager.register(Medians(pathlib.Path(config.option.lightspeed_medians)), "lightspeed_medians")


class Medians:
    """One value for each benchmark that passed, in its unit: rounds of one process are alike in all that sets processes apart."""

    def __init__(self, path: Optional[pathlib.Path] = None) -> None:
        self.path = path
        self.found: Dict[str, float] = {}

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """Takes the times of a benchmark that has run."""
        metadata = getattr(getattr(item, "funcargs", {}).get("benchmark"), "stats", None)
        if call.when == "call" and call.excinfo is None and metadata and not metadata.has_error:
            self.found[item.nodeid] = statistics.median(metadata.stats.data)

    def pytest_sessionfinish(self) -> None:
        """Writes them down."""
        if self.path is not None:
            self.path.write_text(json.dumps(self.found), encoding="utf-8")
