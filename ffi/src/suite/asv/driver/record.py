"""The trace log of one operation: appended to by every process that takes part, read once when all is over.

One record a line. Each is written by a single append, so that a crash loses nothing and processes cannot mix theirs:
`C key first_line name path` names a code object, `L key line` a line of it that ran, `O path` a file opened,
`D path` a directory listed, `M name` a failed import, `A text` a reason to be always affected, `P phase` the phase of all
that follows. Texts are unicode-escaped."""

import fcntl
import os

PRIVATE_DESCRIPTOR = 500


class Recorder:
    """Appends records to a log; safe to use from threads, forked children and a process about to crash."""

    def __init__(self, path):
        self.path = path
        self.lost = False
        self._codes = {}
        self._seen = set()
        self._name_process()
        self.descriptor = self._open()

    def _open(self):
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # Out of the way of programs that close or count their low descriptors.
            private = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, PRIVATE_DESCRIPTOR)
        except OSError:
            return descriptor
        os.close(descriptor)
        return private

    def _name_process(self):
        self._prefix = "%x." % os.getpid()

    def forked(self):
        """To be called in a forked child: its new code objects get keys of their own."""
        self._name_process()

    def write(self, record):
        """Append one record (bytes with the newline). Never raises: a loss is remembered instead."""
        try:
            os.write(self.descriptor, record)
        except OSError:
            try:
                self.descriptor = self._open()
                os.write(self.descriptor, record)
            except OSError:
                self.lost = True

    def text(self, kind, text):
        """Append a record of one text, once a phase."""
        if (kind, text) not in self._seen:
            self._seen.add((kind, text))
            self.write(b"%s %s\n" % (kind.encode(), escape(text)))

    def phase(self, name):
        """What follows belongs to this phase."""
        self._seen.clear()
        self.write(b"P %s\n" % escape(name))

    def code(self, first_line, name, path):
        """Register a code object; returns the start of its line records."""
        key = "%s%x" % (self._prefix, len(self._codes))
        self._codes[key] = None
        self.write(b"C %s %d %s %s\n" % (key.encode(), first_line, escape(name), escape(path)))
        return b"L %s " % key.encode()

    def executed(self, first_line, name, path):
        """Register a code object that runs, be it without any line; returns the start of its line records."""
        prefix = self.code(first_line, name, path)
        self.write(b"%s0\n" % prefix)
        return prefix

    def lines(self, path, lines):
        """Record lines of a file whose code objects are unknown."""
        prefix = self.code(0, "", path)
        self.write(b"".join(b"%s%d\n" % (prefix, line) for line in lines))

    def reason(self, text):
        """Record why the benchmark must be taken for always affected."""
        self.text("A", text)


def escape(text):
    """Text as one ASCII word."""
    return text.encode("unicode_escape").replace(b" ", b"\\x20")


def unescape(word):
    """The text of an escaped word."""
    return word.decode("unicode_escape")


class Phase:
    """What was recorded in one phase."""

    def __init__(self):
        self.codes = {}
        self.texts = {"O": set(), "D": set(), "M": set()}

    def coverage(self):
        """The phase as the protocol's COVERAGE."""
        files = {}
        for (path, first_line, name), lines in sorted(self.codes.items()):
            files.setdefault(path, []).append([first_line, name, sorted(lines)])
        return {
            "files": files,
            "opened": sorted(self.texts["O"]),
            "listed": sorted(self.texts["D"]),
            "failed_imports": sorted(self.texts["M"]),
        }


def read(path):
    """A log as ({phase: COVERAGE}, [reasons]). What a crash cut short is left out."""
    try:
        with open(path, "rb") as log:
            records = log.read().split(b"\n")[:-1]
    except OSError:
        records = []
    reader = Reader()
    for record in records:
        try:
            reader.take(*record.partition(b" ")[::2])
        except (ValueError, KeyError):
            reader.reasons.add("the trace was damaged")
    return {name: phase.coverage() for name, phase in reader.phases.items()}, sorted(reader.reasons)


class Reader:
    """What the records read so far say."""

    def __init__(self):
        self.phases, self.reasons = {}, set()
        self._codes, self._current = {}, Phase()

    def take(self, kind, rest):
        """One record."""
        if kind == b"L":
            key, _, line = rest.partition(b" ")
            lines = self._current.codes.setdefault(self._codes[key], set())
            # Line 0 says that the code runs, whatever its lines.
            lines.update([int(line)] if line != b"0" else [])
        elif kind == b"C":
            key, first_line, name, file = rest.split(b" ")
            self._codes[key] = (unescape(file), int(first_line), unescape(name))
        elif kind == b"P":
            self._current = self.phases.setdefault(unescape(rest), Phase())
        elif kind == b"A":
            self.reasons.add(unescape(rest))
        else:
            self._current.texts[kind.decode("ascii")].add(unescape(rest))
