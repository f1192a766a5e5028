"""What the tests share: where the package, the library and the shared vectors are, and a suite to survey."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
#: The package of this tree, but for LIGHTSPEED_INSTALLED, where it is the interpreter's.
PACKAGE = [] if os.environ.get("LIGHTSPEED_INSTALLED") else [str(ROOT / "bindings" / "python" / "src")]
sys.path[:0] = [*PACKAGE, str(ROOT / "tests")]

import support  # noqa: E402  (needs the path above)

VECTORS = ROOT / "tests" / "vectors" / "stats"
SUITE = {
    "asv.conf.json": '{"version": 1, "project": "pkg", "repo": ".", "benchmark_dir": "benchmarks", "results_dir": "results"}',
    "pkg/__init__.py": "from pkg.core import one, two\n",
    "pkg/core.py": "def one():\n    return 1\n\n\ndef two():\n    return 2\n",
    "benchmarks/__init__.py": "",
    "benchmarks/bench.py": "import pkg\n\n\ndef time_one():\n    pkg.one()\n\n\ndef time_two():\n    pkg.two()\n",
}
EDIT = {"pkg/core.py": "def one():\n    return 1\n\n\ndef two():\n    return 1 + 1\n"}

#: A survey in memory: a file with two functions, a benchmark of each.
SOURCE = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"
CHANGED = SOURCE.replace("return 2", "return 1 + 1")
REASON = "it executes two, which changed (core.py:5-6)"


def fresh(code, **environment):
    """A fresh interpreter that runs this code."""
    more = {"PYTHONPATH": os.pathsep.join(PACKAGE), **environment}
    return subprocess.run([sys.executable, "-c", code], env={**os.environ, **more}, capture_output=True, text=True)


def suite(folder):
    """Writes the suite into a folder and commits it; the path of its configuration."""
    support.write(folder, SUITE)
    support.commit(folder)
    return os.path.join(folder, "asv.conf.json")


def index():
    """The index of the survey in memory."""
    import lightspeed

    survey = lightspeed.SurveyBuilder()
    survey.add_file("core.py", SOURCE)
    for benchmark, line in (("time_one", 2), ("time_two", 6)):
        survey.add_benchmark(benchmark)
        survey.executed(benchmark, "core.py", [1, 5, line])
    return survey.finish()
