"""What the tests of `lightspeed sweep` share: scratch folders, programs to sweep, and the document of a sweep."""

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import fixture  # noqa: F401  (puts tests/ on the path)
import support

OK, ERROR, FAILED, NOTHING, INTERRUPTED = 0, 1, 5, 6, 130
REAL = [os.path.realpath(sys.executable), "-S", "-E"]
# A sweep that is over at once, with intervals where there is anything to say.
QUICK = ("--warmup", "0", "--repeat", "1")
# Writes which point it is into a log, and tells a metric that the point alone decides.
TELLS = """import json, os, sys
point = sys.argv[1:]
with open("log", "a") as log:
    log.write(" ".join(point) + chr(10))
def tell(**metrics):
    print("--- lightspeed frame ---", json.dumps({"metrics": metrics}), "--- end of frame ---", sep=chr(10), flush=True)
"""


class SweepCase(unittest.TestCase):
    """Sweeps in `self.folder`."""

    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="lightspeed-sweep-", ignore_cleanup_errors=True) if sys.version_info >= (3, 10) \
            else tempfile.TemporaryDirectory(prefix="lightspeed-sweep-")
        self.addCleanup(scratch.cleanup)
        self.folder = os.path.realpath(scratch.name)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, files):
        support.write(self.folder, files)

    def read(self, name):
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return file.read()

    def program(self, text, *words):
        """The words of a command that logs the point, then does what `text` says; `tell` is there to print a frame."""
        self.write({"program.py": TELLS + text})
        return ["--", *REAL, self.path("program.py"), *words]

    def sweep(self, *arguments, code=OK, **more):
        """The `sweep --json` document."""
        return support.document(self.expect(code, self.lightspeed("sweep", "--json", *arguments, **more)))

    def lightspeed(self, *arguments, **more):
        return support.lightspeed(self.folder, *arguments, **more)

    def expect(self, code, answer):
        self.assertEqual(answer.returncode, code, f"{answer.args[1:]}\n{answer.stdout[-3000:]}\n{answer.stderr}")
        return answer

    def refused(self, arguments, *words):
        """Exit code 1, one sentence that has these words, and nothing was begun."""
        answer = self.expect(ERROR, self.lightspeed("sweep", *arguments))
        self.assertEqual(answer.stdout, "", arguments)
        lines = answer.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, (arguments, answer.stderr))
        for word in words:
            self.assertIn(word, lines[0], arguments)
        self.assertEqual(self.log(), [], arguments)
        self.assertEqual(self.journals(), [], arguments)
        return lines[0]

    def log(self):
        """The points that were run, a text each, in the order of time."""
        return self.read("log").splitlines() if os.path.exists(self.path("log")) else []

    def journals(self):
        folder = self.path(".lightspeed", "sweeps")
        return sorted(os.path.join(folder, name) for name in os.listdir(folder)) if os.path.isdir(folder) else []

    def begin(self, *arguments):
        """A sweep in the background, its own session, with signals as a shell has them."""

        def as_in_a_shell():
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        output = open(self.path("stdout"), "wb"), open(self.path("stderr"), "wb")
        process = subprocess.Popen(
            [support.program(), "sweep", *arguments], cwd=self.folder, env=support.environment(), stdin=subprocess.DEVNULL,
            stdout=output[0], stderr=output[1], preexec_fn=as_in_a_shell, start_new_session=True)
        for file in output:
            file.close()
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()

    def wait_for(self, process, runs):
        """Waits until the log has this many runs."""
        deadline = time.monotonic() + 60
        while len(self.log()) < runs and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertIsNone(process.poll(), "it was over too soon to be caught: " + self.read("stderr"))
        self.assertGreaterEqual(len(self.log()), runs)


def by_id(document):
    return {point["id"]: point for point in document["points"]}


def counted(document, place):
    """The runs of a point that count, in the order of rounds."""
    runs = [run for run in document["samples"] if run["point"] == place and not run["warmup"] and run["status"] == "ok"]
    return sorted(runs, key=lambda run: run["round"])


def journal_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def joined(words):
    return shlex.join(words)
