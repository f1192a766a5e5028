"""Executed lines by sys.monitoring (Python 3.12 and later): each line of each code object is reported once a phase."""

import sys

TOOL = "lightspeed"
CANDIDATES = (3, 4, 0, 5)


class Tracer:
    """Lines of this process, of its threads and of the children that it forks."""

    def __init__(self, roots):
        self._roots = roots
        self._files = {}
        self._prefixes = {}
        self._recorder = None
        self._tool = next((tool for tool in CANDIDATES if sys.monitoring.get_tool(tool) is None), None)
        if self._tool is None:
            raise RuntimeError(
                "every sys.monitoring tool number is taken; run the survey without other monitoring tools"
            )
        sys.monitoring.use_tool_id(self._tool, TOOL)

    def begin(self, recorder):
        """Start to write to `recorder`."""
        events = sys.monitoring.events
        self._recorder = recorder
        self._prefixes = {}
        sys.monitoring.register_callback(self._tool, events.PY_START, self._on_start)
        sys.monitoring.register_callback(self._tool, events.LINE, self._on_line)
        sys.monitoring.set_events(self._tool, events.PY_START)
        sys.monitoring.restart_events()

    def phase(self, name):
        """Start a phase: lines that ran before count anew."""
        self._check()
        self._recorder.phase(name)
        sys.monitoring.restart_events()

    def end(self):
        """Stop."""
        self._check()
        if sys.monitoring.get_tool(self._tool) == TOOL:
            sys.monitoring.set_events(self._tool, 0)

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

    def _on_start(self, code, _offset):
        path = self._files.get(code.co_filename, self)
        if path is self:
            path = self._files[code.co_filename] = self._roots.real(code.co_filename)
        if path is not None:
            sys.monitoring.set_local_events(self._tool, code, sys.monitoring.events.LINE)
        return sys.monitoring.DISABLE

    def _on_line(self, code, line):
        # By identity: code objects of different files can be equal. The entry keeps the object, and so its id, alive.
        entry = self._prefixes.get(id(code))
        if entry is None:
            path = self._files.get(code.co_filename) or self._roots.real(code.co_filename)
            if path is None:
                return sys.monitoring.DISABLE
            prefix = self._recorder.code(code.co_firstlineno, code.co_name, path)
            entry = self._prefixes[id(code)] = (prefix, code)
        self._recorder.write(b"%s%d\n" % (entry[0], line))
        return sys.monitoring.DISABLE
