"""What the end-to-end tests share: a small suite in a fresh git repository, and the program run on it as a user would."""

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import support  # noqa: E402  (needs the path above)

OK, ERROR, BENCHMARK_FAILED, INTERRUPTED = 0, 1, 5, 130
CONFIG = '{"version": 1, "project": "pkg", "repo": ".", "benchmark_dir": "benchmarks", "results_dir": ".asv/results"}\n'
CORE = """def alpha(n):
    total = 0
    for i in range(n):
        total += i
    return total


def beta(n):
    return n
"""
BENCH = """from pkg import core


def time_alpha():
    core.alpha(50)


def time_beta():
    core.beta(50)
"""
FILES = {
    "asv.conf.json": CONFIG,
    ".gitignore": "__pycache__/\n.asv/\n",
    "pkg/__init__.py": "",
    "pkg/core.py": CORE,
    "benchmarks/__init__.py": "",
    "benchmarks/bench.py": BENCH,
}
ALPHA, BETA = "bench.time_alpha", "bench.time_beta"
# Timing that is over at once; the numbers themselves are of no interest to these tests.
QUICK = ("--rounds", "1", "--repeat", "2", "--warmup-time", "0")


class SuiteCase(unittest.TestCase):
    """A committed suite in `self.folder`."""

    maxDiff = None

    def setUp(self):
        scratch = tempfile.mkdtemp(prefix="lightspeed-e2e-")
        self.addCleanup(shutil.rmtree, scratch, ignore_errors=True)
        self.folder = os.path.join(os.path.realpath(scratch), "suite")
        self.write(FILES)
        support.commit(self.folder)

    @property
    def database(self):
        return os.path.join(self.folder, ".asv", "results", ".lightspeed_deps.db")

    def write(self, files):
        support.write(self.folder, files)

    def edit(self, path, before, after):
        """Replaces text that must occur once."""
        with open(os.path.join(self.folder, path), encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(text.count(before), 1, (path, before))
        self.write({path: text.replace(before, after)})

    def lightspeed(self, *arguments, folder=None, **more):
        return support.lightspeed(folder or self.folder, *arguments, **more)

    def init(self, *arguments, code=OK, **more):
        """Surveys; without the timing unless told `QUICK`."""
        timing = () if QUICK[0] in arguments else ("--survey-only",)
        return self.expect(code, self.lightspeed(*self.init_arguments(*timing, *arguments), **more))

    @staticmethod
    def init_arguments(*arguments):
        return ["init", "--config", "asv.conf.json", "--source-root", "pkg", "--python", support.PYTHON, *arguments]

    def select(self, *arguments, code=OK, **more):
        """The `select --json` document; by git where no changed files are given."""
        chosen = () if "--changed-files" in arguments else ("--from-git-diff",)
        return support.document(self.expect(code, self.lightspeed("select", "--json", *chosen, *arguments, **more)))

    def affected(self, *arguments, **more):
        return support.affected(self.select(*arguments, **more))

    def measure(self, *arguments, code=OK, **more):
        """The `measure --json` document."""
        argv = ["measure", "--json", "--from-git-diff", *QUICK, *arguments]
        return support.document(self.expect(code, self.lightspeed(*argv, **more)))

    def expect(self, code, answer):
        """The answer itself, if it ended with this exit code."""
        self.assertEqual(answer.returncode, code, f"{answer.args[1:]}\n{answer.stdout}\n{answer.stderr}")
        return answer

    def refused(self, answer, *words):
        """Exit code 1 and one sentence on standard error that has these words; no traceback, no panic."""
        self.expect(ERROR, answer)
        message = answer.stderr.strip()
        self.assertTrue(message, "no message")
        self.assertNotIn("panicked", message)
        self.assertNotIn("Traceback", message)
        for word in words:
            self.assertIn(word.lower(), message.lower())
        return message

    @contextlib.contextmanager
    def sqlite(self):
        """The database as any other program opens it."""
        connection = sqlite3.connect(self.database, timeout=30)
        try:
            yield connection
        finally:
            connection.close()

    def rows(self, query):
        with self.sqlite() as connection:
            return connection.execute(query).fetchall()
