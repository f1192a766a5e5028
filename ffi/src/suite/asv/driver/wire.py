"""The protocol's two pipes: one JSON request a line in, one JSON reply a line out."""

import fcntl
import json
import math
import os
import select
import traceback

FIRST_PRIVATE_DESCRIPTOR = 100
ERROR_CAP, DETAIL_CAP = 1000, 32768
INTEGERS = range(-(2**63), 2**63)


class Channel:
    """Private duplicates of standard input and output. Afterwards 0 is /dev/null and 1 is standard error, so that
    neither a read nor a print of a benchmark can disturb the protocol."""

    def __init__(self):
        self.input = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, FIRST_PRIVATE_DESCRIPTOR)
        self.output = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, FIRST_PRIVATE_DESCRIPTOR)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)
        self._pending = b""
        self.closed = False

    def receive(self):
        """The next request, or None at the end of input."""
        while b"\n" not in self._pending and not self.closed:
            self.fill()
        line, newline, rest = self._pending.partition(b"\n")
        self._pending = rest
        return json.loads(line.decode("utf-8")) if newline else None

    def fill(self):
        """Read what has arrived; `closed` is set when the other side is gone."""
        try:
            data = os.read(self.input, 65536)
        except ConnectionError:
            data = b""
        self.closed = not data
        self._pending += data

    def reader_gone(self):
        """Whether nobody can read the replies any more."""
        poll = select.poll()
        poll.register(self.output, 0)
        return bool(poll.poll(0))

    def send(self, reply):
        """Write one reply. Text that UTF-8 cannot carry loses the offending characters, never the line."""
        text = json.dumps(reply, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        data = memoryview(text.encode("utf-8", "replace") + b"\n")
        while data:
            data = data[os.write(self.output, data) :]

    def close(self):
        """Give up both pipes; a forked child must not hold them open."""
        os.close(self.input)
        os.close(self.output)


def finite(value):
    """`value` as JSON can carry it: no NaN or infinity (null instead), no integer beyond
    64 bits (a float), no foreign types (their repr)."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        if int(value) in INTEGERS:
            return int(value)
        try:
            return float(value)
        except OverflowError:
            return None
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return repr(value)


def describe(error):
    """An exception as its last traceback line: `ValueError: too small`."""
    try:
        lines = traceback.format_exception_only(type(error), error)
    except Exception:
        return type(error).__name__
    # Indented lines come before the message (source of a SyntaxError), notes come after it.
    message = next((line for line in lines if not line.startswith(" ")), lines[-1])
    return " ".join(message.split())[:ERROR_CAP]


def detail(error):
    """An exception as a whole traceback, the end of it where it is long."""
    try:
        return "".join(traceback.format_exception(type(error), error, error.__traceback__))[-DETAIL_CAP:]
    except Exception:
        return describe(error)


def failure(error):
    """The fields of a reply that says what went wrong."""
    return {"ok": False, "error": describe(error), "detail": detail(error)}
