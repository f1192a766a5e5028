"""Executed lines by sys.monitoring (Python 3.12 and later): each line of each code object is reported once a phase."""

import sys

TOOL = "lightspeed"
CANDIDATES = (3, 4, 0, 5)
INSTRUCTION_SIZE = 2


class Tracer:
    """Lines of this process, of its threads and of the children that it forks.

    Code of which every line has come is released: Python never disables the event of a jump within one line, since it
    reports none, and a function with such a jump would stay slow."""

    def __init__(self, roots):
        self._roots = roots
        self._files = {}
        self._codes = {}
        self._released = []
        self._recorder = None
        self._tool = next((tool for tool in CANDIDATES if sys.monitoring.get_tool(tool) is None), None)
        if self._tool is None:
            raise RuntimeError(
                "every sys.monitoring tool number is taken; run the survey without other monitoring tools"
            )
        sys.monitoring.use_tool_id(self._tool, TOOL)

    def begin(self, recorder):
        """Start to write to `recorder`, in the first phase that comes."""
        events = sys.monitoring.events
        self._recorder = recorder
        self._codes = {}
        sys.monitoring.register_callback(self._tool, events.PY_START, self._on_start)
        sys.monitoring.register_callback(self._tool, events.LINE, self._on_line)
        sys.monitoring.set_events(self._tool, events.PY_START)

    def phase(self, name):
        """Start a phase: lines that ran before count anew."""
        self._check()
        self._recorder.phase(name)
        self._recapture()
        sys.monitoring.restart_events()

    def end(self):
        """Stop."""
        self._check()
        if sys.monitoring.get_tool(self._tool) == TOOL:
            sys.monitoring.set_events(self._tool, 0)
            self._recapture()

    def forked(self):
        """In a forked child the tool goes on as it is."""

    def _check(self):
        monitoring = sys.monitoring
        intact = monitoring.get_tool(self._tool) == TOOL
        if intact:
            for event, callback in (("PY_START", self._on_start), ("LINE", self._on_line)):
                number = getattr(monitoring.events, event)
                intact = monitoring.register_callback(self._tool, number, callback) == callback and intact
            intact = monitoring.get_events(self._tool) == monitoring.events.PY_START and intact
        if not intact:
            self._recorder.reason("took over the monitoring tool")

    def _recapture(self):
        """Watch released code again: a generator or a thread goes on without another start."""
        for entry in list(self._codes.values()):
            entry.start_phase()
        while self._released:
            self._watch(self._released.pop())

    def _release(self, entry):
        self._released.append(entry.code)
        sys.monitoring.set_local_events(self._tool, entry.code, 0)
        if entry.waiting:
            # Another thread has just started a phase.
            self._watch(entry.code)

    def _watch(self, code):
        if sys.monitoring.get_tool(self._tool) == TOOL:
            sys.monitoring.set_local_events(self._tool, code, sys.monitoring.events.LINE)

    def _on_start(self, code, offset):
        path = self._files.get(code.co_filename, self)
        if path is self:
            path = self._files[code.co_filename] = self._roots.real(code.co_filename)
        if path is not None:
            if id(code) not in self._codes:
                self._codes[id(code)] = Code(code, coming(code, offset))
            sys.monitoring.set_local_events(self._tool, code, sys.monitoring.events.LINE)
        return sys.monitoring.DISABLE

    def _on_line(self, code, line):
        entry = self._codes.get(id(code))
        if entry is None:
            entry = self._codes[id(code)] = Code(code, frozenset())
        if entry.prefix is None:
            path = self._files.get(code.co_filename) or self._roots.real(code.co_filename)
            if path is None:
                return sys.monitoring.DISABLE
            entry.prefix = self._recorder.code(code.co_firstlineno, code.co_name, path)
        self._recorder.write(b"%s%d\n" % (entry.prefix, line))
        if entry.waiting:
            entry.waiting.discard(line)
            if not entry.waiting:
                self._release(entry)
        return sys.monitoring.DISABLE


class Code:
    """A code object, the start of its records (none before the first), and its lines that have not come in this phase."""

    def __init__(self, code, lines):
        # Kept by identity: code objects of different files can be equal. Holding the object keeps its id its own.
        self.code = code
        self.prefix = None
        self._lines = lines
        self.start_phase()

    def start_phase(self):
        """No line has come. Empty if it is not known which can."""
        self.waiting = set(self._lines)


def coming(code, start):
    """The lines of a code object that can be reported: those of instructions after the one that it starts with."""
    first = start + INSTRUCTION_SIZE
    return frozenset(line for _, end, line in code.co_lines() if line is not None and end > first)
