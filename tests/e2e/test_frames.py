"""Metrics that benchmarks tell of themselves in frames, in pairs of both kinds of suites."""

import unittest

from fixture import ALPHA, OK
from support import commit
from test_compare import WAIT, Compared

PRINTS = """import json


def told(metrics):
    print("--- lightspeed frame ---")
    print(json.dumps({"metrics": metrics}))
    print("--- end of frame ---")
"""
BENCH = """from pkg import core, told


def time_alpha():
    core.alpha(50)


def teardown():
    print("something else")
    told.told(core.TOLD)
"""
TOLD = WAIT + "\n\nTOLD = {told}\n"
A = {"quality": {"value": 0.5, "unit": "share", "better": "higher"}, "rows": 10, "gone": 1}
B = {"quality": {"value": 0.75, "unit": "share", "better": "higher"}, "rows": 12, "new": 1}
COMMANDS = """[[benchmark]]
name = "command"
command = ["python", "-c", "from pkg import core, told; core.alpha(50); told.told(core.TOLD)"]
coverage = "none"
"""


class Frames(Compared):
    def check(self, metrics):
        self.assertEqual(sorted(metrics), ["gone", "new", "quality", "rows"])
        quality, rows = metrics["quality"], metrics["rows"]
        self.assertEqual((quality["baseline"], quality["current"], quality["delta_pct"]), (0.5, 0.75, 50.0))
        self.assertEqual((quality["unit"], quality["better"], quality["verdict"]), ("share", "higher", "improved"))
        self.assertEqual([round(quality["interval"][end], 9) for end in ("low", "high")], [1.5, 1.5])
        self.assertEqual((rows["better"], rows["verdict"]), ("lower", "regressed"))
        self.assertEqual((metrics["gone"]["current"], metrics["gone"]["reason"]), (None, "it is not told now"))
        self.assertEqual((metrics["new"]["baseline"], metrics["new"]["reason"]), (None, "it is not told before the change"))

    def test_a_benchmark_tells_the_quality_of_its_result_beside_its_time(self):
        self.write({"pkg/told.py": PRINTS, "benchmarks/bench.py": BENCH, "pkg/core.py": TOLD.format(told=A)})
        commit(self.folder)
        self.write({"pkg/core.py": TOLD.format(told=B)})
        result = self.compare("HEAD", "--max-pairs", "3", "--bench", "alpha")["benchmarks"][ALPHA]["result"]
        self.assertEqual(result["status"], "ok")
        self.check(result["metrics"])
        text = self.expect(OK, self.run_compare("HEAD", "--max-pairs", "2", "--bench", "alpha")).stdout
        self.assertRegex(text, r"(?m)^ +0\.5\S* share +0\.75\S* share +\+50\.0%  bench\.time_alpha quality$")

    def test_commands_tell_on_standard_output(self):
        self.write({"lightspeed.toml": COMMANDS, "pkg/told.py": PRINTS, "pkg/core.py": TOLD.format(told=A)})
        commit(self.folder)
        self.write({"pkg/core.py": TOLD.format(told=B)})
        report = self.compare("HEAD", "--max-pairs", "3", "--config", "lightspeed.toml")
        self.check(report["benchmarks"]["command"]["result"]["metrics"])

    def test_a_frame_that_is_none_is_a_warning(self):
        broken = BENCH.replace("    told.told(core.TOLD)\n", "    print('--- lightspeed frame ---')\n")
        self.write({"pkg/told.py": PRINTS, "benchmarks/bench.py": broken, "pkg/core.py": TOLD.format(told=A)})
        commit(self.folder)
        self.write({"pkg/core.py": TOLD.format(told=A).replace("total = 0", "total = 0 + 0")})
        result = self.compare("HEAD", "--max-pairs", "2", "--bench", "alpha")["benchmarks"][ALPHA]["result"]
        self.assertEqual(result["metrics"], {})
        self.assertIn("a frame has no last line: print `--- end of frame ---` after it", result["warnings"])


if __name__ == "__main__":
    unittest.main()
