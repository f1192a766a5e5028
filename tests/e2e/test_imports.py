"""`compare --layer import`: what each module's import costs, beside what the interpreter itself says."""

import csv
import os
import subprocess
import unittest

from fixture import BENCHMARK_FAILED, ERROR
from support import PYTHON, commit
from test_compare import FINDING, Compared

SLOW = "import time\n\ntime.sleep(0.03)\n"


class Imports(Compared):
    def setUp(self):
        super().setUp()
        self.write({"pkg/__init__.py": "from . import core, first\n", "pkg/first.py": "VALUE = 1\n", "pkg/gone.py": "VALUE = 1\n"})
        commit(self.folder)

    def test_what_a_module_costs_more_is_found_and_a_new_one_named(self):
        self.write({"pkg/__init__.py": "from . import core, first, second\n", "pkg/first.py": SLOW, "pkg/second.py": "VALUE = 2\n"})
        report = self.compare("HEAD", "--layer", "import", "--fail-on-regression", code=FINDING)
        found = report["imports"]
        self.assertEqual((found["imported"], found["failure"]), (["pkg"], None))
        self.assertEqual(found["comparison"]["total"]["verdict"], "regressed")
        modules = {change["module"]: change for change in found["comparison"]["modules"]}
        first, second = modules["pkg.first"], modules["pkg.second"]
        self.assertGreater(first["self_delta_us"], 30_000)
        self.assertTrue(first["changed"])
        self.assertEqual((second["a"], second["changed"]), (None, True))
        self.assertGreater(modules["pkg"]["b"]["cumulative_us"], first["b"]["self_us"])
        with open(os.path.join(self.results(), "importtime.tsv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        self.assertEqual(sorted(row["module"] for row in rows), self.said_by_python())
        self.assertEqual(float(next(row for row in rows if row["module"] == "pkg.first")["b_self_us"]), first["b"]["self_us"])
        with open(os.path.join(self.results(), "summary.md"), encoding="utf-8") as file:
            self.assertIn("pkg.second", file.read())

    def said_by_python(self):
        """The modules that `import pkg` brings in, by CPython's own list of what is there before and after."""
        code = "import sys; before = set(sys.modules); import pkg; print(*[m for m in sys.modules if m not in before])"
        answer = subprocess.run([PYTHON, "-c", code], cwd=self.folder, capture_output=True, text=True, check=True)
        return sorted(answer.stdout.split())

    def test_an_import_that_fails_is_said_with_its_last_lines(self):
        self.write({"pkg/first.py": "import no_such_module\n"})
        report = self.compare("HEAD", "--layer", "import", "--all", code=BENCHMARK_FAILED)
        found = report["imports"]
        self.assertIsNone(found["comparison"])
        self.assertRegex(found["failure"], r"^in B, the import exited with 1: .*No module named 'no_such_module'")

    def test_names_of_modules_are_checked(self):
        answer = self.run_compare("HEAD", "--layer", "import", "--import", "os; print(1)")
        self.assertEqual(answer.returncode, ERROR)
        self.assertIn("must be a module's name", answer.stderr)


if __name__ == "__main__":
    unittest.main()
