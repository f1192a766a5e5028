"""Executed lines by sys.settrace, written as they happen: for the children of a surveyed process below Python 3.12."""

import dis
import sys
import threading


class Tracer:
    """Lines of this process, its threads and the children that it forks."""

    def __init__(self, roots):
        self._roots = roots
        self._files = {}
        self._codes = {}
        self._recorder = None

    def begin(self, recorder):
        """Trace from here on, the frames that already run included."""
        self._recorder = recorder
        self._codes = {}
        threading.settrace(self._trace)
        sys.settrace(self._trace)
        frame = sys._getframe()
        while frame is not None:
            frame.f_trace = self._trace(frame, "call", None)
            frame = frame.f_back

    def phase(self, name):
        """Start a phase."""
        self._recorder.phase(name)

    def end(self):
        """Stop."""
        sys.settrace(None)
        threading.settrace(None)

    def forked(self):
        """In a forked child the trace function goes on as it is."""

    def owns(self, function):
        """Whether a trace function is this tracer's."""
        return function == self._trace

    def _trace(self, frame, _event, _arg):
        code = frame.f_code
        path = self._files.get(code.co_filename, self)
        if path is self:
            path = self._files[code.co_filename] = self._roots.real(code.co_filename)
        if path is None:
            return None
        entry = self._codes.get(id(code))
        if entry is None:
            prefix = self._recorder.executed(code.co_firstlineno, code.co_name, path)
            waiting = {line for _, line in dis.findlinestarts(code) if line}
            entry = self._codes[id(code)] = (self._line_tracer(prefix, waiting), waiting, code)
        return entry[0] if entry[1] else None

    def _line_tracer(self, prefix, waiting):
        def trace(frame, event, _arg):
            if event == "line" and frame.f_lineno in waiting:
                waiting.discard(frame.f_lineno)
                self._recorder.write(b"%s%d\n" % (prefix, frame.f_lineno))
            return trace

        return trace
