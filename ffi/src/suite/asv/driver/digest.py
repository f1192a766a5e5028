"""The digest of one operation: what it executed, statement by statement, and what was passed and returned, as two hashes.

Equal digests mean equal behaviour as far as it shows. Of the code that runs at import only the effects count: the globals
that executed statements read, what functions do and get, and whether the import works."""

import collections
import hashlib
import random
import sys
import threading

from . import digest_code, execute
from .digest_values import Describer, places, text, token
from .roots import Roots

SIZE = 16
FLUSH_BYTES = 1 << 16
# Functions that are looked at before any is known to be executed: it costs a millisecond each.
MOST_PREPARED = 1500
GENERATORS = 0x20 | 0x80 | 0x200
# A generator that is entered for the first time stands at most here.
FIRST_INSTRUCTIONS = 8


class Digest:
    """What the digests of all operations of one imported file share."""

    def __init__(self, common, module):
        self._common = common
        self._module = module
        self._recorder = Recorder(Roots([common["source_root"], common["bench_dir"]]))
        self._recorder.prepare()

    def perform(self, request):
        """Carry out the operation `request["of"]`; its result with `digest` in it. Once in a process."""
        seed()
        self._recorder.hide(places(request.get("tree")))
        tracer = tracer_for(self._recorder)
        # Whether a benchmark is called a second time must not depend on how long the first call took.
        operation = dict(request, op=request["of"], timeout=None)
        tracer.begin()
        try:
            result = execute.perform(operation, self._common["bench_dir"], self._module, Phases(self._recorder))
        finally:
            tracer.end()
        result["digest"] = self._recorder.digest()
        return result


def seed():
    """Fix the random numbers that are drawn without a seed of their own."""
    random.seed(0)
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(0)


class Phases:
    """Hears of the phases of an operation."""

    def __init__(self, recorder):
        self._recorder = recorder

    def phase(self, name):
        """A phase begins."""
        self._recorder.path(text("phase " + name))


def tracer_for(recorder):
    """The tracer that this Python version allows."""
    if sys.version_info >= (3, 12):
        return Monitoring(recorder)
    return Settrace(recorder)


class Stream:
    """A hash over all that was put into it, in order."""

    def __init__(self):
        self._hash = hashlib.blake2b(digest_size=SIZE)
        self._waiting = bytearray()

    def put(self, data):
        """Append."""
        self._waiting += data
        if len(self._waiting) > FLUSH_BYTES:
            self._hash.update(self._waiting)
            self._waiting.clear()

    def hex(self):
        """The hash so far."""
        self._hash.update(self._waiting)
        self._waiting.clear()
        return self._hash.hexdigest()


class Tally:
    """As Stream, for all threads but the main one, whose order nobody can foresee: how often each came."""

    def __init__(self):
        self.counts = collections.Counter()

    def put(self, data):
        """Count."""
        self.counts[data] += 1


class Thread(threading.local):
    """What is known of the thread that runs: its streams, and for each frame of ours the statement it is in."""

    def __init__(self):
        self.frames = []
        self.streams = None


class Recorder:
    """Takes what the tracer sees."""

    def __init__(self, roots):
        self._roots = roots
        self._describer = Describer()
        self._files, self._codes, self._statements = {}, {}, {}
        self._read = set()
        #: id of a generator's frame → the statement that it stopped in. Frames of generators live as long as these.
        self._stopped = {}
        self._path, self._values = Stream(), Stream()
        self._tallies = []
        self._thread = Thread()
        self._thread.streams = (self._path, self._values)

    def prepare(self):
        """Look at the files that are loaded, and at the functions that they offer."""
        left = MOST_PREPARED
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            real = self._roots.real(path) if isinstance(path, str) else None
            if real is not None and real.endswith(".py"):
                self._statements_of(real)
                for code in digest_code.offered(vars(module)):
                    entry = self.code(code) if left > 0 else None
                    if entry is not None:
                        left -= 1
                        entry.prepare()

    def hide(self, places):
        """Take these texts out of values."""
        self._describer.places = places

    def code(self, code):
        """What is known of a code object; None if it does not count."""
        entry = self._codes.get(id(code))
        if entry is None and id(code) not in self._codes:
            path = self._files.get(code.co_filename, self)
            if path is self:
                path = self._files[code.co_filename] = self._roots.real(code.co_filename)
            if path is not None and not digest_code.runs_at_import(code):
                entry = digest_code.Code(code, self._statements_of(path), self._describer)
                self._codes[id(code)] = entry
        return entry

    def _statements_of(self, path):
        if path not in self._statements:
            try:
                with open(path, "rb") as file:
                    self._statements[path] = digest_code.statements(file.read())
            except OSError:
                self._statements[path] = {}
        return self._statements[path]

    def _streams(self):
        streams = self._thread.streams
        if streams is None:
            streams = self._thread.streams = (Tally(), Tally())
            self._tallies.append(streams)
        return streams

    def path(self, data):
        """Something that was executed."""
        self._streams()[0].put(data)

    def start(self, entry, frame):
        """A function is called."""
        path, values = self._streams()
        self._thread.frames.append(None)
        self._stopped.pop(id(frame), None)
        path.put(entry.start)
        here = frame.f_locals
        for name in entry.arguments:
            if name in here:
                values.put(self._describer.value(here[name], deep=False))

    def resume(self, frame):
        """A generator goes on, in the statement that it stopped in: how many lines that one takes must not count."""
        self._thread.frames.append(self._stopped.pop(id(frame), None))

    def line(self, entry, line, frame):
        """A line is executed."""
        statement, what, names = entry.line(line)
        frames = self._thread.frames
        if frames:
            if frames[-1] == statement:
                return
            frames[-1] = statement
        path, values = self._streams()
        path.put(what or b"-")
        if names and (id(entry), statement) not in self._read:
            self._read.add((id(entry), statement))
            for name in names:
                if name in frame.f_globals:
                    value = frame.f_globals[name]
                    values.put(token(text(name), self._describer.value(value)))

    def leave(self, frame, value):
        """A function returns or yields."""
        if self._thread.frames:
            statement = self._thread.frames.pop()
            if frame.f_code.co_flags & GENERATORS:
                self._stopped[id(frame)] = statement
        self._streams()[1].put(self._describer.value(value))

    def unwind(self, error):
        """A function ends with an exception."""
        if self._thread.frames:
            self._thread.frames.pop()
        self.path(text("raises " + self._describer.name(error)))

    def digest(self):
        """The two hashes."""
        for number, stream in enumerate((self._path, self._values)):
            counts = collections.Counter()
            for tallies in self._tallies:
                counts.update(tallies[number].counts)
            for data, count in sorted(counts.items()):
                stream.put(token(data, text(str(count))))
        return {"path": self._path.hex(), "values": self._values.hex()}


class Monitoring:
    """The tracer of Python 3.12 and later."""

    TOOL = "lightspeed digest"

    def __init__(self, recorder):
        self._recorder = recorder
        self._tool = next((tool for tool in (3, 4, 0, 5) if sys.monitoring.get_tool(tool) is None), None)
        if self._tool is None:
            raise RuntimeError("every sys.monitoring tool number is taken: run the audit without other monitoring tools")

    def begin(self):
        """Start to trace."""
        events = sys.monitoring.events
        sys.monitoring.use_tool_id(self._tool, self.TOOL)
        self._local = events.LINE | events.PY_RETURN | events.PY_YIELD | events.PY_RESUME
        for event, callback in (
            (events.PY_START, self._on_start),
            (events.PY_RESUME, self._on_resume),
            (events.PY_THROW, self._on_throw),
            (events.LINE, self._on_line),
            (events.PY_RETURN, self._on_leave),
            (events.PY_YIELD, self._on_leave),
            (events.PY_UNWIND, self._on_unwind),
        ):
            sys.monitoring.register_callback(self._tool, event, callback)
        sys.monitoring.set_events(self._tool, events.PY_START | events.PY_THROW | events.PY_UNWIND)

    def end(self):
        """Stop."""
        if sys.monitoring.get_tool(self._tool) == self.TOOL:
            sys.monitoring.set_events(self._tool, 0)
            sys.monitoring.free_tool_id(self._tool)

    def _on_start(self, code, _offset):
        entry = self._recorder.code(code)
        if entry is None:
            return sys.monitoring.DISABLE
        if sys.monitoring.get_local_events(self._tool, code) != self._local:
            sys.monitoring.set_local_events(self._tool, code, self._local)
        self._recorder.start(entry, sys._getframe(1))
        return None

    def _on_resume(self, _code, _offset):
        self._recorder.resume(sys._getframe(1))

    def _on_throw(self, code, _offset, _error):
        if self._recorder.code(code) is not None:
            self._recorder.resume(sys._getframe(1))

    def _on_line(self, code, line):
        self._recorder.line(self._recorder.code(code), line, sys._getframe(1))

    def _on_leave(self, _code, _offset, value):
        self._recorder.leave(sys._getframe(1), value)

    def _on_unwind(self, code, _offset, error):
        if self._recorder.code(code) is not None:
            self._recorder.unwind(type(error))


class Settrace:
    """The tracer of Python below 3.12."""

    def __init__(self, recorder):
        self._recorder = recorder

    def begin(self):
        """Start to trace."""
        threading.settrace(self._trace)
        sys.settrace(self._trace)

    def end(self):
        """Stop."""
        sys.settrace(None)
        threading.settrace(None)

    def _trace(self, frame, _event, _arg):
        entry = self._recorder.code(frame.f_code)
        if entry is None:
            return None
        if started(frame):
            self._recorder.resume(frame)
        else:
            self._recorder.start(entry, frame)
        raised = []

        def trace(frame, event, arg):
            if event == "line":
                raised.clear()
                self._recorder.line(entry, frame.f_lineno, frame)
            elif event == "exception":
                raised[:] = [arg[0]]
            elif event == "return":
                if raised and arg is None:
                    self._recorder.unwind(raised[0])
                else:
                    self._recorder.leave(frame, arg)
            return trace

        return trace


def started(frame):
    """Whether a frame that is entered is a generator's that goes on."""
    return bool(frame.f_code.co_flags & GENERATORS) and frame.f_lasti > FIRST_INSTRUCTIONS
