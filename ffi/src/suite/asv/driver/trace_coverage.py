"""Executed lines by coverage.py's C tracer, for Python below 3.12. Forked children go on with sys.settrace, because what
coverage.py has in memory dies with a worker that is terminated."""

import sys
import threading

from . import trace_settrace

try:
    import coverage
except ImportError as error:
    version = "%d.%d" % sys.version_info[:2]
    raise ImportError("a survey with Python %s needs coverage: install it into that environment" % version) from error

QUIET = ["no-data-collected", "module-not-measured", "module-not-imported", "already-imported", "trace-changed"]


class Tracer:
    """Lines of this process and its threads; `phase` writes what the phase before it ran."""

    def __init__(self, roots):
        self._roots = roots
        self._recorder = None
        self._coverage = None
        self._phase = None
        self._child = None
        self._installed = None
        self._modules = set()

    def begin(self, recorder):
        """Start to collect."""
        self._recorder = recorder
        self._phase = None
        self._modules = set(sys.modules)
        include = [pattern(directory) for directory in self._roots.directories]
        self._coverage = coverage.Coverage(data_file=None, config_file=False, include=include, messages=False)
        self._coverage.set_option("run:disable_warnings", QUIET)
        self._coverage.start()
        self._installed = sys.gettrace()

    def phase(self, name):
        """Start a phase."""
        if self._child is not None:
            self._child.phase(name)
            return
        self._check()
        # Switching writes out and empties what was collected; the tracers of other threads go on into the new phase.
        self._coverage.switch_context(name)
        self._write()
        self._recorder.phase(name)
        self._phase = name

    def end(self):
        """Stop, and write the last phase."""
        if self._child is not None:
            self._child.end()
        elif self._coverage is not None:
            self._check()
            self._coverage.stop()
            self._write()
            self._coverage = None

    def forked(self):
        """In a forked child of a traced process: go on with a tracer that writes through."""
        if self._coverage is None:
            return
        sys.settrace(None)
        threading.settrace(None)
        self._coverage = None
        self._child = trace_settrace.Tracer(self._roots)
        self._child.begin(self._recorder)

    def owns(self, function):
        """Whether a trace function is this tracer's."""
        return getattr(function, "__module__", None) == "coverage.collector" or (
            self._child is not None and self._child.owns(function)
        )

    def _check(self):
        if sys.gettrace() != self._installed:
            self._recorder.reason("lost the trace function")

    def _write(self):
        data = self._coverage.get_data()
        if self._phase is None:
            return
        data.set_query_context(self._phase)
        for file in data.measured_files():
            path = self._roots.real(file)
            lines = data.lines(file)
            if path is not None and lines:
                self._recorder.lines(path, sorted(lines))
        self._write_modules()

    def _write_modules(self):
        """Note which modules came: an empty one runs no line, and its next version may run any."""
        for name in set(sys.modules) - self._modules:
            path = getattr(sys.modules.get(name), "__file__", None)
            real = self._roots.real(path) if isinstance(path, str) else None
            if real is not None and real.endswith(".py"):
                self._recorder.executed(1, "<module>", real)
        self._modules.update(sys.modules)


def pattern(directory):
    """A file pattern of coverage.py for all below a directory; what would be a wildcard in its name matches any character."""
    for special in "*?[]":
        directory = directory.replace(special, "?")
    return directory.rstrip("/") + "/*"
