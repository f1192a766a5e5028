"""What a benchmark reaches other than by executing lines: files opened, directories listed, imports that failed, and the
things that make its survey untrustworthy. Seen by an audit hook and an import finder."""

import os
import sys
import threading

IMPORT_SYSTEM = (
    "importlib._bootstrap_external",
    "importlib._bootstrap",
    "_frozen_importlib_external",
    "_frozen_importlib",
)
# zipimport: Python looks whether the script that it is started with is an archive.
SOURCE_READERS = ("linecache", "inspect", "traceback", "tokenize", "pdb", "doctest", "zipimport")
SURVEY_LOG = "LIGHTSPEED_TRACE_LOG"
DESCENDANT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "descendant")
PYTHONS, SHELLS = ("python", "pypy"), ("sh", "bash", "dash", "zsh", "env")
ISOLATING_OPTIONS = set("EIS")


class Watcher:
    """Writes what it sees to the recorder of the operation that is going on."""

    def __init__(self, roots, packages):
        self._roots = roots
        self._packages = set(packages)
        self._recorder = None
        self._main = None
        self._owns_trace = None
        self._installed = False
        self._handlers = {
            "open": self._on_open,
            "import": self._on_import,
            "ctypes.dlopen": self._on_database,
            "sqlite3.connect": self._on_database,
            "os.listdir": self._on_list,
            "os.scandir": self._on_list,
            "os.exec": self._on_exec,
            "os.posix_spawn": self._on_posix_spawn,
            "subprocess.Popen": self._on_popen,
            "sys.settrace": self._on_settrace,
            "sys.setprofile": self._on_setprofile,
            "cpython.PyInterpreterState_New": self._on_interpreter,
        }

    def begin(self, recorder, main=True, owns_trace=None):
        """Write to `recorder`. `main` tells that this process is the operation, not something that it started."""
        self._recorder = recorder
        self._main = os.getpid() if main else None
        self._owns_trace = owns_trace
        if not self._installed:
            self._installed = True
            sys.addaudithook(self._audit)
            # Last: what gets here, no other finder has found.
            sys.meta_path.append(self)

    def end(self):
        """Write no more; a hook cannot be removed."""
        self._recorder = None

    def find_spec(self, fullname, _path=None, _target=None):
        """Part of the import system: note a module of ours that nobody found."""
        if self._recorder is not None and fullname.partition(".")[0] in self._packages:
            self._recorder.text("M", fullname)
        return None

    def _audit(self, event, args):
        handler = self._handlers.get(event)
        if handler is None or self._recorder is None:
            return
        try:
            handler(args)
        except Exception:
            # An exception would forbid what the benchmark is doing.
            pass

    def _on_open(self, args):
        path, mode, flags = args
        if isinstance(path, int) or not reads(mode, flags):
            return
        real = self._roots.real(os.fsdecode(path))
        if real is None or real.endswith(".pyc"):
            return
        modules = caller_modules(4)
        if modules and modules[0] in IMPORT_SYSTEM:
            return
        if real.endswith(".py") and (not modules or any(module in SOURCE_READERS for module in modules)):
            return
        self._recorder.text("D" if flags & getattr(os, "O_DIRECTORY", 0) else "O", real)

    def _on_import(self, args):
        if args[1]:
            self._note_file(args[1])

    def _on_database(self, args):
        if args[0] and not isinstance(args[0], int):
            self._note_file(args[0])

    def _note_file(self, path):
        path = os.fsdecode(path)
        real = self._roots.real(path) if os.sep in path or os.path.exists(path) else None
        if real is not None:
            self._recorder.text("O", real)

    def _on_list(self, args):
        path = args[0]
        if isinstance(path, int):
            path = os.readlink("/proc/self/fd/%d" % path)
        real = self._roots.real("." if path is None else os.fsdecode(path))
        if real is None:
            return
        modules = caller_modules(4)
        if modules and (modules[0] in IMPORT_SYSTEM or modules[0].startswith("importlib.metadata")):
            return
        if "asv_runner.discovery" not in modules:
            self._recorder.text("D", real)

    def _on_exec(self, args):
        if os.getpid() == self._main:
            self._recorder.reason("replaces the process (os.execv)")
        self._check_python(args[0], args[1], args[2])

    def _on_posix_spawn(self, args):
        self._check_python(*args[:3])

    def _on_popen(self, args):
        executable, arguments, _, env = args
        self._check_python(executable, arguments, env)

    def _check_python(self, executable, arguments, env):
        """A Python that is started so that the tracer cannot follow."""
        words = [os.fsdecode(word) for word in ([arguments] if isinstance(arguments, (str, bytes)) else arguments)]
        name = os.path.basename(os.fsdecode(executable) if executable else words[0])
        if not name.startswith(PYTHONS) and name not in SHELLS:
            return
        if not follows(env):
            self._recorder.reason("starts %s with an environment of its own" % name)
        if name in SHELLS:
            return
        for word in words[1:]:
            if not word.startswith("-") or word in ("-", "-c", "-m"):
                break
            if not word.startswith(("--", "-W", "-X")) and ISOLATING_OPTIONS & set(word):
                self._recorder.reason("starts Python with %s" % word)

    def _on_settrace(self, _args):
        if not self._own_trace():
            self._recorder.reason("sets a trace function (sys.settrace)")

    def _own_trace(self):
        module = (caller_modules(1) or [""])[0]
        if module == "threading":
            hook = getattr(threading, "_trace_hook", None)
            return hook is None or (self._owns_trace is not None and self._owns_trace(hook))
        return module.startswith("coverage.") or module.startswith(__package__ + ".")

    def _on_setprofile(self, _args):
        module = (caller_modules(1) or [""])[0]
        if module != "threading" or getattr(threading, "_profile_hook", None) is not None:
            self._recorder.reason("sets a profile function (sys.setprofile)")

    def _on_interpreter(self, _args):
        self._recorder.reason("starts a sub-interpreter")


def follows(env):
    """Whether a Python with this environment (None: our own) finds the way into the survey."""
    variables = {os.fsdecode(key): os.fsdecode(value) for key, value in (os.environ if env is None else env).items()}
    return SURVEY_LOG in variables and DESCENDANT in variables.get("PYTHONPATH", "").split(os.pathsep)


def reads(mode, flags):
    """Whether a file is opened to be read."""
    if flags & os.O_TRUNC:
        return False
    if flags:
        return flags & (os.O_WRONLY | os.O_RDWR) != os.O_WRONLY
    return not mode or "r" in mode or "+" in mode


def caller_modules(count):
    """The names of the modules that were executing when the event came, innermost first, the driver's hook left out."""
    names = []
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    while frame is not None and len(names) < count:
        names.append(frame.f_globals.get("__name__") or "")
        frame = frame.f_back
    return names
