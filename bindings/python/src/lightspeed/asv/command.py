"""What `asv initialize_diffcheck` and `asv measure_impacted` do."""

import os
import shutil
import sys
from typing import Any, Callable

from lightspeed._constants import EventKind
from lightspeed.asv.errors import ASVError, translated
from lightspeed.asv.session import LightspeedSession
from lightspeed.event import Event
from lightspeed.report import report_text

#: A benchmark that was to be run gave no number.
_FAILED = 5


def initialize(conf: Any, args: Any) -> int:
    """Surveys and times, and says what it found; the exit code."""

    def work() -> int:
        session = _session(conf, args)
        timing = {"rounds": args.rounds, "repeat": args.repeat, "warmup_time": args.warmup_time}
        progress = _Progress()
        options = {"force": args.force, "base_commit": args.base_commit, "listener": progress}
        found = session.initialize_diffcheck(_given(args.source_root), **options, **timing)
        progress.clear()
        medians = session.get_results()
        missing = [name for name in found.benchmarks_discovered if medians.get(name) is None]
        print(f"{len(found.benchmarks_discovered)} benchmarks, {len(found.benchmarks_impactable)} with known dependencies")
        print(f"{found.source_files_covered} source files, in {found.timing.total_s:.1f} s: {found.deps_db_path}")
        if missing:
            print(f"without a baseline: {', '.join(missing)}")
        return 0

    return _reported(work)


def measure(conf: Any, args: Any) -> int:
    """Measures a change, and prints the table; the exit code, 5 where a benchmark gave no number."""

    def work() -> int:
        session = _session(conf, args)
        if not session.deps_db_path.exists():
            raise ASVError(f"Dependency database not found: {session.deps_db_path}: run asv initialize_diffcheck first")
        changes = {"since": "HEAD"} if args.from_git_diff else {"files": [_given(path) for path in args.changed_files]}
        options = {"step_id": args.step_id, "hotfile_threshold": args.hotfile_threshold, "paired": args.paired}
        timing = {"rounds": args.rounds, "repeat": args.repeat, "warmup_time": args.warmup_time}
        progress = _Progress()
        with translated():
            measured = session.engine.measure(**changes, **options, **timing, listener=progress)
        progress.clear()
        print(measured.json() if args.json else report_text(measured.json()))
        failed = {"failed", "timed_out"}
        return _FAILED if any(one["status"] in failed for one in measured.to_dict()["benchmarks"].values()) else 0

    return _reported(work)


class _Progress:
    """One line of progress, where somebody looks; notes for everybody."""

    def __init__(self) -> None:
        self._lively = sys.stderr.isatty()
        self._what, self._done, self._total = "", 0, 0

    def __call__(self, event: Event) -> None:
        if event.kind == EventKind.NOTE:
            self.clear()
            print(event.text, file=sys.stderr)
        elif event.kind == EventKind.BEGIN:
            self._what, self._done, self._total = event.text, 0, event.total
        elif event.kind == EventKind.ITEM and self._lively:
            width = shutil.get_terminal_size().columns - 1
            line = f"{self._what} {self._done + 1}/{self._total}  {event.text}"
            sys.stderr.write(f"\r\033[K{line[:width]}")
            sys.stderr.flush()
        elif event.kind == EventKind.DONE:
            self._done += 1

    def clear(self) -> None:
        """Leaves the line empty, for what is printed next."""
        if self._lively:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def _given(path: str) -> str:
    """A path as its user meant it: asv has gone to the configuration's directory. Others the engine looks for in the repository."""
    places = [os.path.join(directory, path) for directory in (os.environ.get("PWD", ""), os.getcwd())]
    return next((os.path.abspath(place) for place in places if os.path.lexists(place)), path)


def _session(conf: Any, args: Any) -> LightspeedSession:
    specs = args.env_spec or ["existing:same"]
    python = specs[0].partition(":")[2] or "same"
    names = (args.config, "asv.conf.json", "asv.conf.jsonc")
    config = next((name for name in names if name and os.path.isfile(name)), None)
    return LightspeedSession._from_conf(conf, config, python=python)


def _reported(work: Callable[[], int]) -> int:
    """asv prints such errors as one line, without a traceback."""
    from asv.util import UserError

    try:
        return work()
    except ASVError as error:
        raise UserError(str(error)) from error
