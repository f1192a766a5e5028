"""`compare --layer memory`: the most that a call holds, beside what tracemalloc and memray say of the same call."""

import json
import os
import subprocess
import unittest

from fixture import ALPHA, BENCHMARK_FAILED, BETA, OK, support
from support import PYTHON, commit
from test_compare import FINDING, Compared

HOLDS = "def alpha(n):\n    return len([bytes(1000) for _ in range({count})])\n\n\ndef beta(n):\n    return n\n"
TOOLS = ["memray", "rss", "tracemalloc"]
BY_TRACEMALLOC = """import tracemalloc
from pkg import core
tracemalloc.start(1)
core.alpha(50)
print(tracemalloc.get_traced_memory()[1])
"""
BY_MEMRAY = """import memray, os, tempfile
from pkg import core
record = os.path.join(tempfile.mkdtemp(dir={folder!r}), "record")
with memray.Tracker(record):
    core.alpha(50)
print(memray.FileReader(record).metadata.peak_memory)
"""


class Memory(Compared):
    def setUp(self):
        super().setUp()
        self.write({"pkg/core.py": HOLDS.format(count=20_000)})
        commit(self.folder)

    def test_a_call_that_holds_more_is_found_by_every_tool(self):
        self.write({"pkg/core.py": HOLDS.format(count=40_000)})
        report = self.compare("HEAD", "--layer", "memory", "--fail-on-regression", code=FINDING)
        self.assertEqual(report["benchmarks"], {}, "no benchmark of the suite is of that layer")
        self.assertEqual(list(report["memory"]["benchmarks"]), [ALPHA])
        found = report["memory"]["benchmarks"][ALPHA]
        self.assertIsNone(found["failure"])
        self.assertEqual(sorted(found["peaks"]), TOOLS)
        for tool, peak in found["peaks"].items():
            self.assertEqual((peak["verdict"], peak["unit"]), ("regressed", "bytes"), tool)
            self.assertGreater(peak["current"] - peak["baseline"], 15e6, tool)
        for tool, code in (("tracemalloc", BY_TRACEMALLOC), ("memray", BY_MEMRAY.format(folder=self.scratch.name))):
            self.assertAlmostEqual(found["peaks"][tool]["current"] / self.said(code), 1, delta=0.02, msg=tool)
        with open(os.path.join(self.results(), "memory.json"), encoding="utf-8") as file:
            kept = json.load(file)
        self.assertEqual(kept["memory"], report["memory"])
        self.assertEqual(support.schema_check.problems(kept), [])
        with open(os.path.join(self.results(), "summary.md"), encoding="utf-8") as file:
            self.assertRegex(file.read(), r"\| bench\.time&#95;alpha tracemalloc \| .*MiB \| .*MiB \| \*\*")

    def said(self, code):
        """What the tool itself says when nobody else is there."""
        answer = subprocess.run([PYTHON, "-c", code], cwd=self.folder, capture_output=True, text=True, check=True)
        return float(answer.stdout)

    def test_what_holds_as_much_as_before_did_not_change(self):
        self.write({"pkg/core.py": HOLDS.format(count="int(20_000)")})
        report = self.compare("HEAD", "--layer", "memory")
        peaks = report["memory"]["benchmarks"][ALPHA]["peaks"]
        self.assertEqual({peaks[tool]["verdict"] for tool in ("tracemalloc", "memray")}, {"equivalent"})
        self.assertNotIn(peaks["rss"]["verdict"], ("regressed", "improved"))

    def test_a_call_that_fails_is_said_and_the_others_are_measured(self):
        self.write({"pkg/core.py": HOLDS.format(count="[]").replace("return n", "return n + 0")})
        report = self.compare("HEAD", "--layer", "memory", code=BENCHMARK_FAILED)
        found = report["memory"]["benchmarks"]
        self.assertEqual(found[ALPHA]["failure"]["tree"], "B")
        self.assertIn("TypeError", found[ALPHA]["failure"]["reason"])
        self.assertEqual((found[BETA]["failure"], sorted(found[BETA]["peaks"])), (None, TOOLS))

    def test_a_budget_that_is_spent_is_said(self):
        self.write({"pkg/core.py": HOLDS.format(count=40_000).replace("return n", "return n + 0")})
        report = self.compare("HEAD", "--layer", "memory", "--budget", "1ms")
        reasons = [found["failure"]["reason"] for found in report["memory"]["benchmarks"].values() if found["failure"]]
        self.assertEqual(reasons, ["the budget was spent before its turn"])

    def test_nothing_is_looked_at_where_it_was_not_asked_for(self):
        self.write({"pkg/core.py": HOLDS.format(count=40_000)})
        self.assertIsNone(self.compare("HEAD", "--max-pairs", "1")["memory"])
        text = self.expect(OK, self.run_compare("HEAD", "--layer", "memory", "--bench", "alpha")).stdout
        self.assertRegex(text, r"(?m)^ +\S+MiB +\S+MiB +\+\S+%  bench\.time_alpha tracemalloc$")
        self.assertIn("1 of 2 instances are affected", text)


if __name__ == "__main__":
    unittest.main()
