"""A suite of another tool as a suite of commands: its generated configuration, its survey, its baselines, and what is compared with them.

All of it lies below `.lightspeed/` of the suite's root, for each Python of its own: one `lightspeed.toml`, one database.
"""

import json
import os
import pathlib
import sys
from typing import Any, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from lightspeed import stats
from lightspeed._constants import Policy
from lightspeed.errors import LightspeedError, NoSurvey, StatisticsError
from lightspeed.event import Listener
from lightspeed.result import Result
from lightspeed.session import Session
from lightspeed.store import Store

POLICIES = {"precise": Policy.PRECISE, "strict": Policy.STRICT, "file": Policy.FILE}
#: A command that takes longer is not surveyed to its end.
TIMEOUT = "10min"
#: Packages of these names are no code under change, and what another project installs as such is not looked at.
_OTHERS = ("test", "benchmark", "bench", "doc", "example")
_SOURCE_ROOT = "source_root = "
_HEADINGS = ("benchmark", "baseline", "current", "delta", "verdict")
_SCALES = {
    "seconds": ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns")),
    "bytes": ((1048576.0, "MiB"), (1024.0, "KiB"), (1.0, "B")),
}


class Command(NamedTuple):
    """What runs one benchmark once."""

    name: str
    argv: Sequence[str]


class Selected(NamedTuple):
    """What changes affect."""

    #: Each affected benchmark with its reasons.
    affected: Dict[str, Tuple[str, ...]]
    #: What need not run. A benchmark in neither is none of the survey.
    unaffected: FrozenSet[str]
    #: The files that the survey knows, relative to the source root.
    files: FrozenSet[str]
    #: What of the machine is not as it was at the survey.
    drift: Tuple[str, ...]


class Sample(NamedTuple):
    """What was measured of a benchmark: values that are as independent as they can be had, in the order of time."""

    values: Sequence[float]
    unit: str = "seconds"


class Row(NamedTuple):
    """A benchmark beside its baseline: medians, the change in per cent, and what it means."""

    benchmark: str
    baseline: Optional[float]
    current: Optional[float]
    unit: str
    delta_pct: Optional[float]
    verdict: str


class Suite:
    """Where one suite is kept. Makes nothing before the first survey."""

    def __init__(self, tool: str, root: pathlib.Path, tag: Optional[str] = None) -> None:
        """`tool` names the adapter, `root` is the suite's, `tag` the Python that runs it (`cpython-313`), by default this one."""
        self.folder = home(tool, root) / (tag or str(sys.implementation.cache_tag))
        self.config = self.folder / "lightspeed.toml"

    def survey(
        self, commands: Iterable[Command], *, cwd: pathlib.Path, source_root: pathlib.Path, listener: Optional[Listener] = None
    ) -> Dict[str, Any]:
        """Surveys the commands, as far as the last survey does not still hold; the document of `Session.init`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        replace(self.folder.parent / ".gitignore", "*\n")
        replace(self.config, configuration(commands, self.folder, cwd, source_root))
        with Session(self.config) as session:
            return session.init(survey_only=True, listener=listener)

    def select(self, since: Optional[str] = None, policy: Optional[str] = None) -> Selected:
        """What every difference to the survey affects, or with `since` the changes that git sees. Raises `NoSurvey`."""
        with self._session() as session:
            # Nothing is left out for being in a file that all of them use: what is not run must not be affected.
            chosen = None if policy is None else POLICIES[policy]
            selection = session.select(since=since, policy=chosen, hotfile_threshold=1.0)
            affected = {one.benchmark: one.reasons for one in selection}
            document = selection.to_dict()
            with Store(session.database) as store:
                files = frozenset(store.survey().files)
        return Selected(affected, frozenset(document["unaffected"]), files, tuple(document["environment"]["drift"]))

    @property
    def source_root(self) -> str:
        """The source root of the last survey, without symbolic links."""
        lines = self.config.read_text(encoding="utf-8").splitlines()
        written = next(line for line in lines if line.startswith(_SOURCE_ROOT))
        return os.path.realpath(os.path.join(self.folder, json.loads(written[len(_SOURCE_ROOT) :])))

    def keep(self, samples: Mapping[str, Sample]) -> None:
        """Keeps samples as the baselines of benchmarks of the survey."""
        with self._session() as session, Store(session.database, write=True) as store:
            for benchmark, sample in samples.items():
                store.put_baseline(benchmark, sample.values, sample.unit)

    def missing(self, benchmarks: Iterable[str]) -> List[str]:
        """Those without a baseline."""
        with self._session() as session, Store(session.database) as store:
            return [benchmark for benchmark in benchmarks if not store.baseline(benchmark)]

    def compare(self, samples: Mapping[str, Sample], margin: float, drift: Sequence[str] = ()) -> List[Row]:
        """Each sample beside its baseline. Where the machine drifted there are numbers and no verdicts."""
        with self._session() as session, Store(session.database) as store:
            baselines = {benchmark: store.baseline(benchmark) for benchmark in samples}
        return [_row(benchmark, baselines[benchmark], sample, margin, drift) for benchmark, sample in samples.items()]

    def _session(self) -> Session:
        if not self.config.is_file():
            raise NoSurvey(f"there is no survey in {self.folder}")
        return Session(self.config)


def home(tool: str, root: pathlib.Path) -> pathlib.Path:
    """Where a tool's suites are kept below a root."""
    return root / ".lightspeed" / tool


def configuration(commands: Iterable[Command], folder: pathlib.Path, cwd: pathlib.Path, source_root: pathlib.Path) -> str:
    """The text of a `lightspeed.toml` in a folder. Its paths are relative to that, so that the tree can move."""
    lines = [
        "# Written by lightspeed at each survey.",
        _SOURCE_ROOT + _text(os.path.relpath(source_root, folder)),
        'results_dir = "results"',
        "",
        "[defaults]",
        f"cwd = {_text(os.path.relpath(cwd, folder))}",
        f"timeout = {_text(TIMEOUT)}",
        'coverage = "python"',
    ]
    for command in commands:
        argv = ", ".join(_text(word) for word in command.argv)
        lines += ["", "[[benchmark]]", f"name = {_text(command.name)}", f"command = [{argv}]"]
    return "\n".join(lines) + "\n"


def replace(path: pathlib.Path, text: str) -> None:
    """Writes a file as a whole, unless it says this already."""
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise LightspeedError(
            f"a benchmark has a name that is not Unicode: {text[max(0, error.start - 40) : error.end + 40]!a}"
        ) from error
    if path.is_file() and path.read_bytes() == data:
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(data)
        os.replace(fresh, path)
    finally:
        if fresh.exists():
            fresh.unlink()


def packages(source_root: pathlib.Path) -> Dict[str, pathlib.Path]:
    """The packages under change by name: in `src`, in the source root, or the source root itself."""
    folders = [*source_root.glob("*/__init__.py"), *source_root.glob("src/*/__init__.py"), source_root / "__init__.py"]
    found = {init.parent.name: init.parent for init in folders if init.is_file()}
    return {name: folder for name, folder in found.items() if not name.lower().startswith(_OTHERS)}


def shadowed(source_root: pathlib.Path, imported: Mapping[str, Optional[str]]) -> List[str]:
    """Which packages under change come from elsewhere, in words, by the places that they are imported from."""
    root, problems = os.path.realpath(source_root), []
    for name, folder in sorted(packages(source_root).items()):
        place = imported.get(name)
        if place is not None and not os.path.realpath(place).startswith(root + os.sep):
            problems.append(f"{name} is imported from {os.path.dirname(place)}, not from {folder}")
    return problems


def table(rows: Iterable[Row]) -> List[str]:
    """The rows as aligned lines, headings first."""
    cells = [_HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADINGS))]
    lines = []
    for row in cells:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:4], widths[1:4])]
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers, row[4]]))
    return lines


def _row(benchmark: str, baseline: Sequence[float], sample: Sample, margin: float, drift: Sequence[str]) -> Row:
    now = stats.summarize(sample.values).median
    if not baseline:
        return Row(benchmark, None, now, sample.unit, None, "no baseline")
    before = stats.summarize(baseline).median
    try:
        result: Result = stats.compare(baseline, sample.values, margin=margin)
    except StatisticsError as error:
        return Row(benchmark, before, now, sample.unit, None, f"unmeasurable: {error.detail}")
    verdict = "another machine" if drift else result.verdict.name.lower()
    return Row(benchmark, before, now, sample.unit, result.delta_pct, verdict)


def _cells(row: Row) -> Tuple[str, ...]:
    delta = "" if row.delta_pct is None else f"{row.delta_pct:+.1f} %"
    return (row.benchmark, _amount(row.baseline, row.unit), _amount(row.current, row.unit), delta, row.verdict)


def _amount(value: Optional[float], unit: str) -> str:
    if value is None:
        return ""
    scales = _SCALES.get(unit)
    if scales is None:
        return f"{value:.4g}"
    size, name = next((scale for scale in scales if abs(value) >= scale[0]), scales[-1])
    return f"{value / size:.4g} {name}"


def _text(value: str) -> str:
    """As TOML writes a text: JSON's escapes, but no halves of a character, and U+007F escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
