"""The plugin of pytest, on a small suite: surveyed, selected from, timed; and what it says to suites that it cannot use."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import given
from given import support

import lightspeed

try:
    import pytest_benchmark  # noqa: F401  (whether the suites can run)

    LEFT_OUT = ""
except ImportError:
    LEFT_OUT = "this Python has no pytest-benchmark"

SUITE = {
    "pytest.ini": "[pytest]\npythonpath = src\nmarkers = slow\n",
    "src/pkg/__init__.py": "from pkg.core import one, two\n",
    "src/pkg/core.py": "def one(n):\n    return sum(range(n))\n\n\ndef two(n):\n    return sorted(range(n))\n",
    "src/pkg/late.py": "CACHE = {}\n\n\ndef late(n):\n    if n in CACHE:\n        return hit(n)\n    CACHE[n] = n\n    return n\n\n\n"
    "def hit(n):\n    return CACHE[n]\n",
    "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef size():\n    return 100\n\n\n@pytest.fixture\ndef other():\n"
    "    return 10\n\n\n@pytest.fixture\ndef timed(benchmark):\n    return benchmark\n",
    "tests/test_a.py": "import pytest\n\nimport pkg\n\n\n@pytest.mark.parametrize('n', [1, 2], ids=['a b', '[x::ü]'])\n"
    "def test_one(benchmark, n, size):\n    benchmark(pkg.one, n + size)\n\n\nclass TestC:\n    class TestD:\n"
    "        def test_two(self, timed, other):\n            timed(pkg.two, other)\n\n    def test_plain(self):\n        pass\n",
    "tests/test_late.py": "from pkg import late\n\n\ndef test_late(benchmark):\n    benchmark(late.late, 3)\n",
    "tests/test_ped.py": "def setup():\n    return (1,), {}\n\n\ndef teardown(n):\n    assert n == 1\n\n\n"
    "def test_ped(benchmark):\n    benchmark.pedantic(abs, setup=setup, teardown=teardown, rounds=3)\n",
    "tests/sub dir/conftest.py": "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef deep():\n    assert True\n",
    "tests/sub dir/test_deep.py": "import pathlib\n\n\ndef test_data(benchmark):\n"
    "    benchmark(pathlib.Path(__file__).with_name('data.txt').read_text)\n",
    "tests/sub dir/data.txt": "data\n",
}
ONE = {"tests/test_a.py::test_one[a b]", "tests/test_a.py::test_one[[x::\\xfc]]"}
TWO, LATE, PED = {"tests/test_a.py::TestC::TestD::test_two"}, {"tests/test_late.py::test_late"}, {"tests/test_ped.py::test_ped"}
DATA, PLAIN = {"tests/sub dir/test_deep.py::test_data"}, {"tests/test_a.py::TestC::test_plain"}
ALL = ONE | TWO | LATE | PED | DATA
#: One edit each, and the benchmarks that it must select.
EDITS = {
    "nothing": ({}, set()),
    "a comment": ({"src/pkg/core.py": "# new\n" + SUITE["src/pkg/core.py"]}, set()),
    "a function": ({"src/pkg/core.py": SUITE["src/pkg/core.py"].replace("sum(range(n))", "sum(range(n + 1))")}, ONE),
    "a fixture": ({"tests/conftest.py": SUITE["tests/conftest.py"].replace("100", "200")}, ONE),
    "a fixture around benchmark": (
        {"tests/conftest.py": SUITE["tests/conftest.py"].replace("return benchmark", "return (benchmark)")},
        set(),
    ),
    "a test": (
        {"tests/test_a.py": SUITE["tests/test_a.py"].replace("timed(pkg.two, other)", "timed(pkg.two, other + 1)")},
        TWO,
    ),
    "what only later calls reach": (
        {"src/pkg/late.py": SUITE["src/pkg/late.py"].replace("return CACHE[n]", "return CACHE[n] + 0")},
        LATE,
    ),
    "a setup": ({"tests/test_ped.py": SUITE["tests/test_ped.py"].replace("(1,)", "(2 - 1,)")}, PED),
    "a teardown": ({"tests/test_ped.py": SUITE["tests/test_ped.py"].replace("n == 1", "n < 2")}, PED),
    "a data file": ({"tests/sub dir/data.txt": "other\n"}, DATA),
    "a deeper conftest": ({"tests/sub dir/conftest.py": SUITE["tests/sub dir/conftest.py"].replace("True\n", "1\n")}, DATA),
    "what runs in a conftest": ({"tests/conftest.py": SUITE["tests/conftest.py"] + "\nNEW = 1\n"}, ALL),
    "the configuration": ({"pytest.ini": SUITE["pytest.ini"] + "testpaths = tests\n"}, ALL),
    "a new conftest": ({"tests/sub dir/conftest.py": SUITE["tests/sub dir/conftest.py"], "conftest.py": ""}, ALL),
    "a new test": ({"tests/test_new.py": "def test_new(benchmark):\n    benchmark(int)\n"}, {"tests/test_new.py::test_new"}),
    "a file beside tests": ({"tests/helper.py": "X = 1\n"}, set()),
    "a deleted test": ({"tests/test_late.py": None}, set()),
}


def pytest(folder, *arguments, **more):
    """Runs pytest in a folder, with the plugin found as an installed one is; the completed process."""
    path = [*given.PACKAGE, *([entry_point()] if given.PACKAGE else [])]
    environment = support.environment(PYTHONPATH=os.pathsep.join(path), PYTHONDONTWRITEBYTECODE="1", **more)
    quick = [] if "no:benchmark" in arguments else ["--benchmark-max-time=0.01", "--benchmark-columns=median"]
    argv = [sys.executable, "-m", "pytest", *quick, *arguments]
    done = subprocess.run(argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    done.said = done.stdout + done.stderr
    return done


def entry_point():
    """A directory that makes the package of this tree an installed one to those that look for entry points."""
    if not hasattr(entry_point, "folder"):
        entry_point.folder = tempfile.TemporaryDirectory()
        unittest.addModuleCleanup(entry_point.folder.cleanup)
        text = (given.ROOT / "bindings" / "python" / "pyproject.toml").read_text()
        plugin = text.partition("[project.entry-points.pytest11]\n")[2].partition("\n\n")[0].replace('"', "")
        support.write(
            os.path.join(entry_point.folder.name, "lightspeed-0.dist-info"),
            {
                "METADATA": "Metadata-Version: 2.1\nName: lightspeed\nVersion: 0\n",
                "entry_points.txt": f"[pytest11]\n{plugin}\n",
            },
        )
    return entry_point.folder.name


def selected(folder, *arguments):
    """The tests that are left, and all that was said."""
    done = pytest(folder, "--lightspeed", "--collect-only", "-q", *arguments)
    if done.returncode != 0:
        raise AssertionError(done.said)
    return {line for line in done.stdout.splitlines() if "::" in line and ": " not in line}, done.said


@unittest.skipIf(LEFT_OUT, LEFT_OUT)
class Surveyed(unittest.TestCase):
    """Tests that share one survey; each has its own copy of the tree, at another place."""

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.kept.cleanup)
        cls.original = os.path.join(cls.kept.name, "suite")
        support.write(cls.original, SUITE)
        support.commit(cls.original)
        cls.done = pytest(cls.original, "--lightspeed-survey", "--lightspeed-runs=1", "-W", "error")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "elsewhere"
        shutil.copytree(self.original, self.folder)

    def test_survey(self):
        """All benchmarks, none in doubt; the others run too; times are kept; nothing of it is git's business."""
        self.assertEqual(self.done.returncode, 0, self.done.said)
        self.assertIn("lightspeed: 6 benchmarks surveyed, 6 of them now", self.done.said)
        self.assertNotIn("always selected", self.done.said)
        self.assertIn("7 passed", self.done.said)
        self.assertIn("baselines of 6 of 6 benchmarks are kept", self.done.said)
        self.assertEqual(support.git(self.original, "status", "--porcelain"), "")
        (config,) = pathlib.Path(self.original).glob(".lightspeed/pytest/*/lightspeed.toml")
        with lightspeed.Session(config) as session, lightspeed.Store(session.database) as store:
            self.assertEqual(set(store.survey().benchmarks), ALL)
            self.assertEqual({len(store.baseline(one)) for one in ALL}, {1})

    def test_select(self):
        """Each edit selects exactly the benchmarks that it affects; other tests stay."""
        for name, (files, expected) in EDITS.items():
            with self.subTest(name):
                support.write(str(self.folder), files)
                found, said = selected(self.folder)
                self.assertEqual(found - PLAIN, expected, said)
                self.assertLessEqual(PLAIN, found)
                for path in files:
                    support.write(str(self.folder), {path: SUITE.get(path)})

    def test_reasons(self):
        """-v says why; changes can be those that git knows; a policy is a coarser choice."""
        support.write(str(self.folder), EDITS["a function"][0])
        done = pytest(self.folder, "--lightspeed", "-v", "--lightspeed-runs=1")
        self.assertIn("lightspeed: 2 of 6 benchmarks selected", done.said)
        self.assertIn("test_one[a b]: it executes one, which changed (src/pkg/core.py:1-2)", done.said)
        self.assertIn("3 passed, 4 deselected", done.said)
        self.assertEqual(selected(self.folder, "--lightspeed-since", "HEAD")[0] - PLAIN, ONE)
        self.assertEqual(selected(self.folder, "--lightspeed-policy", "file")[0] - PLAIN, ONE | TWO | LATE)
        support.commit(str(self.folder))
        self.assertEqual(selected(self.folder, "--lightspeed-since", "HEAD")[0] - PLAIN, set())
        below = pytest(self.folder / "tests", "--lightspeed", "--collect-only", "-q", "test_a.py")
        self.assertIn("2 of 3 benchmarks selected", below.said)

    def test_surveyed_again(self):
        """Only what an edit affects; afterwards nothing is selected."""
        support.write(str(self.folder), EDITS["a function"][0])
        done = pytest(self.folder, "--lightspeed-survey", "--lightspeed-runs=1", "-W", "error")
        self.assertIn("lightspeed: 6 benchmarks surveyed, 2 of them now", done.said)
        self.assertEqual(selected(self.folder)[0], PLAIN)

    def test_table(self):
        """Times in several processes carry a verdict: slower is called slower."""
        again = pytest(self.folder, "--lightspeed-survey", "tests/test_a.py", "-k", "a and b", "--lightspeed-runs=5")
        self.assertIn("baselines of 1 of 1 benchmarks", again.said)
        slow = SUITE["src/pkg/core.py"].replace("sum(range(n))", "sum(range(50 * n))")
        support.write(str(self.folder), {"src/pkg/core.py": slow})
        done = pytest(self.folder, "--lightspeed", "tests/test_a.py", "-k", "one")
        rows = [
            line.split() for line in done.stdout.splitlines() if line.startswith("tests/test_a.py::test_one[") and "%" in line
        ]
        self.assertEqual(len(rows), 1, done.said)
        self.assertEqual((rows[0][-1], rows[0][-3][0]), ("regressed", "+"))
        self.assertRegex(done.stdout, r"\[\[x::.xfc\]\] .* no baseline")

    def test_untimed(self):
        """Benchmarks that are not timed are compared with nothing, and that is said."""
        support.write(str(self.folder), EDITS["a function"][0])
        done = pytest(self.folder, "--lightspeed", "--benchmark-disable")
        self.assertIn("none of 2 benchmarks gave times to compare: add --benchmark-enable to time them", done.said)

    def test_configured(self):
        """Options that a suite gives itself reach the survey, those that would make it another one do not."""
        options = "addopts = --benchmark-only --lightspeed-runs=1 -m 'not slow' --junitxml=out.xml --benchmark-json=out.json\n"
        support.write(str(self.folder), {"pytest.ini": SUITE["pytest.ini"] + options})
        done = pytest(self.folder, "--lightspeed-survey")
        self.assertIn("lightspeed: 6 benchmarks surveyed, 6 of them now", done.said)
        self.assertNotIn("always selected", done.said)


@unittest.skipIf(LEFT_OUT, LEFT_OUT)
class Unusable(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def refused(self, said, files, *arguments):
        support.write(self.folder, files)
        done = pytest(self.folder, *arguments)
        self.assertEqual(done.returncode, 4, done.said)
        self.assertIn(said, done.said)
        self.assertNotIn("Traceback", done.said)

    def test_refused(self):
        """Each in one sentence, and as wrong usage."""
        plain = {"test_a.py": "def test_a():\n    pass\n"}
        benchmark = {"test_a.py": "def test_a(benchmark):\n    benchmark(int)\n"}
        self.refused("no benchmarks: none of the 1 tests collected uses", plain, "--lightspeed-survey")
        self.refused("run pytest --lightspeed-survey first", benchmark, "--lightspeed")
        self.refused("exclude each other", benchmark, "--lightspeed", "--lightspeed-survey")
        self.refused("--lightspeed-since needs --lightspeed", benchmark, "--lightspeed-since=HEAD")
        self.refused("there is no directory", benchmark, "--lightspeed-survey", "--lightspeed-source-root=none")
        self.refused("its edits would not be seen", {"src/a.py": ""}, "--lightspeed-survey", "--lightspeed-source-root=src")
        self.refused("pytest-benchmark, which is not there: install it", benchmark, "-p", "no:benchmark", "--lightspeed")

    def test_shadowed(self):
        """A package that comes from elsewhere is named: its edits here would not be seen."""
        other = {"other/pkg/__init__.py": "", "project/pkg/__init__.py": ""}
        test = {"project/tests/test_a.py": "import pkg\n\n\ndef test_a(benchmark):\n    benchmark(int)\n"}
        support.write(self.folder, {**other, **test, "project/pytest.ini": "[pytest]\npythonpath = ../other\n"})
        self.folder = os.path.join(self.folder, "project")
        self.refused("pkg is imported from", {}, "--lightspeed-survey")

    def test_failing(self):
        """One that fails is named with the reason, has no baseline, and is selected whatever changes."""
        files = {
            "test_a.py": "def test_a(benchmark):\n    benchmark(int, 'x')\n",
            "test_b.py": "def test_b(benchmark):\n    benchmark(int)\n",
        }
        support.write(self.folder, files)
        done = pytest(self.folder, "--lightspeed-survey", "--lightspeed-runs=1")
        self.assertEqual(done.returncode, 1, done.said)
        self.assertRegex(done.said, r"always selected: test_a.py::test_a: .*ValueError: invalid literal")
        self.assertIn("without a baseline: test_a.py::test_a", done.said)
        support.write(self.folder, {"test_b.py": files["test_b.py"].replace("int)", "float)")})
        self.assertEqual(selected(self.folder)[0], {"test_a.py::test_a", "test_b.py::test_b"})

    def test_broken(self):
        """A file that cannot be imported ends the run before anything is surveyed."""
        support.write(self.folder, {"test_a.py": "def test_a(benchmark):\n    benchmark(int)\n", "test_b.py": "def test_b(:\n"})
        done = pytest(self.folder, "--lightspeed-survey")
        self.assertEqual(done.returncode, 2, done.said)
        self.assertIn("nothing is surveyed after errors", done.said)
        self.assertFalse(os.path.exists(os.path.join(self.folder, ".lightspeed")))

    def test_interrupted(self):
        """Ctrl-C ends a survey at once; until it is finished nothing is selected."""
        support.write(self.folder, {"test_a.py": "import time\n\n\ndef test_a(benchmark):\n    benchmark(time.sleep, 60)\n"})
        path = [*given.PACKAGE, *([entry_point()] if given.PACKAGE else [])]
        environment = support.environment(PYTHONPATH=os.pathsep.join(path), PYTHONDONTWRITEBYTECODE="1")
        argv = [sys.executable, "-m", "pytest", "--lightspeed-survey"]
        running = subprocess.Popen(
            argv, cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        for line in running.stdout:
            if "surveying 1 benchmarks" in line:
                break
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        said = running.communicate()[0]
        self.assertEqual(running.returncode, 2, said)
        self.assertLess(time.monotonic() - began, 30)
        self.refused("no finished survey", {}, "--lightspeed")

    def test_not_asked(self):
        """Without its options the plugin is there and does nothing, not even load a module."""
        support.write(
            self.folder,
            {
                "test_a.py": "import sys\n\n\ndef test_a(benchmark):\n    benchmark(int)\n"
                "    assert not {'lightspeed._pytest_suite', 'lightspeed._library'} & set(sys.modules)\n"
                "    assert 'lightspeed.pytest_plugin' in sys.modules\n"
            },
        )
        done = pytest(self.folder, "-W", "error")
        self.assertEqual(done.returncode, 0, done.said)
        self.assertEqual(os.listdir(self.folder).count(".lightspeed"), 0)
        code = (
            "import sys\nbefore = set(sys.modules)\nimport lightspeed.pytest_plugin\nprint(sorted(set(sys.modules) - before))"
        )
        path = os.pathsep.join(given.PACKAGE)
        found = subprocess.run(
            [sys.executable, "-c", code], env=support.environment(PYTHONPATH=path), capture_output=True, text=True
        )
        self.assertEqual(found.stdout, "['lightspeed', 'lightspeed.pytest_plugin']\n", found.stderr)


if __name__ == "__main__":
    unittest.main()
