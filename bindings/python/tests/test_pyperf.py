"""The program lightspeed-pyperf, on two scripts: surveyed, selected from, timed; and what it says to scripts that it cannot use."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import given
from given import support

try:
    import pyperf  # noqa: F401  (whether the scripts can run)

    LEFT_OUT = ""
except ImportError:
    LEFT_OUT = "this Python has no pyperf"

HEAD = "import sys\n\nimport pyperf\n\nsys.path.insert(0, __file__.rsplit('bench', 1)[0] or '.')\nimport pkg\n\nrunner = pyperf.Runner()\n"
SUITE = {
    "pyproject.toml": "",
    ".gitignore": "__pycache__/\n",
    "pkg/__init__.py": "from pkg.core import one, two\n",
    "pkg/core.py": "def one(n):\n    return sum(range(n))\n\n\ndef two(n):\n    return sorted(range(n))\n",
    "bench_a.py": HEAD
    + "\n\ndef loop(loops):\n    began = pyperf.perf_counter()\n    for _ in range(loops):\n        pkg.two(100)\n"
    "    return pyperf.perf_counter() - began\n\n\nrunner.bench_func('one', pkg.one, 100)\nrunner.bench_time_func('two ü', loop)\n",
    "sub/bench_b.py": HEAD.replace("('bench', 1)", "('sub', 1)")
    + "runner.timeit('stmt', 'pkg.two(10)', globals={'pkg': pkg})\n"
    + "runner.bench_command('command', [sys.executable, '-c', 'import pkg; pkg.one(3)'])\n",
}
ONE, TWO, STMT, COMMAND = "bench_a.py::one", "bench_a.py::two ü", "sub/bench_b.py::stmt", "sub/bench_b.py::command"
#: One edit each, and the benchmarks that it must select.
EDITS = {
    "nothing": ({}, set()),
    "one function": ({"pkg/core.py": SUITE["pkg/core.py"].replace("sum(range(n))", "sum(range(n + 1))")}, {ONE, COMMAND}),
    "a comment in a script": ({"bench_a.py": SUITE["bench_a.py"] + "# new\n"}, set()),
    "the other": ({"pkg/core.py": SUITE["pkg/core.py"].replace("sorted(range(n))", "sorted(range(50 * n))")}, {TWO, STMT}),
    "a function of a script": ({"bench_a.py": SUITE["bench_a.py"].replace("pkg.two(100)", "pkg.two(200)")}, {TWO}),
    "what a script runs": ({"bench_a.py": SUITE["bench_a.py"].replace("pkg.one, 100", "pkg.one, 200")}, {ONE, TWO}),
    "a new file": ({"pkg/new.py": "X = 1\n"}, set()),
}
QUICK = ("--", "-p", "5", "-n", "1", "--min-time", "0.001")


def program(folder, *arguments):
    """Runs lightspeed-pyperf in a folder; the completed process."""
    environment = support.environment(PYTHONPATH=os.pathsep.join([*given.PACKAGE, str(folder)]))
    argv = [sys.executable, "-W", "error", "-m", "lightspeed.pyperf_suite", *arguments]
    done = subprocess.run(
        argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8"
    )
    done.said = done.stdout + done.stderr
    return done


@unittest.skipIf(LEFT_OUT, LEFT_OUT)
class Surveyed(unittest.TestCase):
    """Tests that share one survey; each has its own copy of the tree."""

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.kept.cleanup)
        cls.original = os.path.join(cls.kept.name, "suite")
        support.write(cls.original, SUITE)
        support.commit(cls.original)
        cls.done = program(cls.original, "survey", "bench_a.py", "sub/bench_b.py", *QUICK)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "elsewhere"
        shutil.copytree(self.original, self.folder)

    def test_survey(self):
        """Every benchmark of every script, none in doubt, timed once."""
        self.assertEqual(self.done.returncode, 0, self.done.said)
        self.assertIn("4 benchmarks surveyed, 4 of them now", self.done.said)
        self.assertNotIn("always selected", self.done.said)
        self.assertEqual(support.git(self.original, "status", "--porcelain"), "")
        again = program(self.folder, "survey", "bench_a.py", "sub/bench_b.py", *QUICK)
        self.assertIn("4 benchmarks surveyed, 0 of them now", again.said)
        self.assertNotIn("timing", again.said)

    def test_select(self):
        """Each edit selects exactly the benchmarks that it affects."""
        for name, (files, expected) in EDITS.items():
            with self.subTest(name):
                support.write(str(self.folder), files)
                done = program(self.folder, "select")
                self.assertEqual((done.returncode, set(done.stdout.splitlines())), (0, expected), done.said)
                for path in files:
                    support.write(str(self.folder), {path: SUITE.get(path)})

    def test_ways_to_ask(self):
        """By git, by script, from below, with reasons."""
        support.write(str(self.folder), EDITS["one function"][0])
        self.assertEqual(set(program(self.folder, "select", "--since", "HEAD").stdout.splitlines()), {ONE, COMMAND})
        self.assertEqual(program(self.folder / "sub", "select", "bench_b.py").stdout, f"{COMMAND}\n")
        self.assertIn("  it executes one, which changed (pkg/core.py:1-2)", program(self.folder, "select", "-v").stdout)
        support.write(str(self.folder), {"bench_c.py": SUITE["bench_a.py"]})
        self.assertEqual(program(self.folder, "select", "bench_c.py").stdout, "bench_c.py\n")

    def test_run(self):
        """What is affected is timed and judged, and nothing else is."""
        self.assertEqual(program(self.folder, "run", *QUICK).stdout, "nothing is affected\n")
        support.write(str(self.folder), EDITS["the other"][0])
        done = program(self.folder, "run", "bench_a.py", *QUICK)
        self.assertEqual(done.returncode, 0, done.said)
        heading, row = done.stdout.splitlines()
        self.assertEqual(heading.split(), ["benchmark", "baseline", "current", "delta", "verdict"])
        self.assertRegex(row, r"^bench_a.py::two ü  +[\d.]+ [nu]s  +[\d.]+ [um]s  +\+[\d.]+ %  regressed$")

    def test_failing(self):
        """A script that fails after an edit is named, and the exit code tells."""
        support.write(str(self.folder), {"pkg/core.py": SUITE["pkg/core.py"].replace("sum(range(n))", "sum(n)")})
        done = program(self.folder, "run", "bench_a.py", *QUICK)
        self.assertEqual(done.returncode, 5, done.said)
        self.assertIn("bench_a.py ended with 1: ", done.said)


@unittest.skipIf(LEFT_OUT, LEFT_OUT)
class Unusable(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def refused(self, said, *arguments):
        done = program(self.folder, *arguments)
        self.assertEqual(done.returncode, 1, done.said)
        self.assertIn(said, done.said)
        self.assertNotIn("Traceback (most recent call last)", done.said)

    def test_refused(self):
        """Each in one sentence."""
        support.write(self.folder, {"setup.py": "", "none.py": "X = 1\n", "broken.py": "def (\n", "src/x.py": ""})
        self.refused("there is no script", "survey", "missing.py")
        self.refused("no benchmarks: none.py ran no benchmark of pyperf", "survey", "none.py")
        self.refused("broken.py ended with 1: SyntaxError: ", "survey", "broken.py")
        self.refused("run lightspeed-pyperf survey first", "select")
        self.refused("its edits would not be seen", "survey", "--source-root", "src", "none.py")
        self.refused("there is no directory", "survey", "--source-root", "nowhere", "none.py")
        self.refused("cannot be started", "survey", "--python", "/nowhere/python", "none.py")

    def test_shadowed(self):
        """A package that comes from elsewhere is named: its edits here would not be seen."""
        support.write(self.folder, {"pkg/__init__.py": "", "project/setup.py": "", "project/src/pkg/__init__.py": ""})
        support.write(self.folder, {"project/bench.py": HEAD + "runner.bench_func('a', int)\n"})
        self.refused("pkg is imported from", "survey", "project/bench.py")

    def test_failing(self):
        """A script that fails is named beside those that do not, and selected whatever changes."""
        good = "import pyperf\n\npyperf.Runner().bench_func('good', %s)\n"
        support.write(
            self.folder,
            {"setup.py": "", "good.py": good % "int", "bad.py": "import pyperf\n\npyperf.Runner().bench_func('bad', abs)\n"},
        )
        done = program(self.folder, "survey", "good.py", "bad.py", *QUICK)
        self.assertEqual(done.returncode, 5, done.said)
        self.assertRegex(done.said, "always selected: bad.py: bad.py ended with 1: TypeError: ")
        support.write(self.folder, {"good.py": good % "float"})
        self.assertEqual(set(program(self.folder, "select").stdout.splitlines()), {"bad.py", "good.py::good"})


if __name__ == "__main__":
    unittest.main()
