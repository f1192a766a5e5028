"""The survey's eyes: lines, files and reasons of one operation, its threads and all the Python processes it starts."""

import os
import sys

from . import bytecode, record, trace_files
from .roots import Roots

LOG = trace_files.SURVEY_LOG
ROOTS, EXCLUDED, PACKAGES = "LIGHTSPEED_TRACE_ROOTS", "LIGHTSPEED_TRACE_EXCLUDED", "LIGHTSPEED_TRACE_PACKAGES"


class Trace:
    """One per process. `begin(log)`, then `phase(name)` for each phase, then `end()`."""

    def __init__(self, roots, packages, tracer):
        self._roots = roots
        self._packages = packages
        self._tracer = tracer
        self._watcher = trace_files.Watcher(roots, packages)
        self._recorder = None
        os.register_at_fork(after_in_child=self._forked)

    def begin(self, log, main=True):
        """Start to write to the file `log`."""
        self._recorder = record.Recorder(log)
        self._tracer.begin(self._recorder)
        self._watcher.begin(self._recorder, main, getattr(self._tracer, "owns", None))

    def note_loaded(self):
        """Modules that were imported before the tracer came can be depended on only as whole files."""
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            real = self._roots.real(path) if isinstance(path, str) else None
            if real is not None:
                self._recorder.text("O", real)

    def follow_descendants(self):
        """Let every Python process that is started from here write to the same log."""
        os.environ[LOG] = self._recorder.path
        os.environ[ROOTS] = os.pathsep.join(self._roots.directories)
        os.environ[EXCLUDED] = os.pathsep.join(self._roots.excluded)
        os.environ[PACKAGES] = os.pathsep.join(self._packages)
        path = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = trace_files.DESCENDANT + (os.pathsep + path if path else "")

    def phase(self, name):
        """Start a phase."""
        self._tracer.phase(name)

    def reason(self, text):
        """Note why the benchmark must be taken for always affected."""
        self._recorder.reason(text)

    def end(self):
        """Stop."""
        if self._recorder is not None:
            self._tracer.end()
            self._watcher.end()
            if self._recorder.lost:
                self._recorder.reason("the trace could not be written")
            self._recorder = None

    def _forked(self):
        if self._recorder is not None:
            self._recorder.forked()
            self._tracer.forked()


def start(request):
    """The tracing of a zygote: complete lines by the means of this Python version."""
    roots = Roots([request["source_root"], request["bench_dir"]])
    suite = os.path.basename(os.path.normpath(request["bench_dir"]))
    if sys.version_info >= (3, 12):
        from .trace_monitoring import Tracer
    else:
        from .trace_coverage import Tracer
    return Trace(roots, sorted({suite, *(request.get("packages") or [])}), Tracer(roots))


def start_descendant():
    """The tracing of a process that a surveyed one has started: it may be killed at any moment, so all is written at once."""
    environment = [os.environ.get(name, "") for name in (ROOTS, EXCLUDED, PACKAGES)]
    directories, excluded, packages = [[item for item in text.split(os.pathsep) if item] for text in environment]
    roots = Roots(directories, excluded)
    bytecode.distrust(roots)
    if sys.version_info >= (3, 12):
        from .trace_monitoring import Tracer
    else:
        from .trace_settrace import Tracer
    Trace(roots, packages, Tracer(roots)).begin(os.environ[LOG], main=False)
