"""Suites of commands (lightspeed.toml): surveyed by the tracer or by other tools' coverage, selected, measured."""

import os
import shutil
import unittest

from fixture import BENCHMARK_FAILED, OK, SuiteCase
from support import PYTHON, PYTHONS, affected, commit, document, git

CORE = """LIMIT = 100


def fast(n):
    return sum(range(n))


def slow(n):
    if n > LIMIT:
        return sum(i * i for i in range(n))
    return n
"""
RUN = """import sys

sys.path.insert(0, ".")
from pkg import core

if sys.argv[1] == "fast":
    core.fast(1000)
elif sys.argv[1] == "data":
    open("pkg/data.txt").read()
else:
    core.slow(1000)
"""
FINDING = 2
IGNORED = "__pycache__/\n.lightspeed/\n.coverage\ncov.*\n"


def toml(*benchmarks, defaults="repeat = 3\nwarmup = 0\ntimeout = 30\n"):
    parts = [f"[defaults]\n{defaults}"]
    for name, lines in benchmarks:
        parts.append(f"[[benchmark]]\nname = '{name}'\n{lines}\n")
    return "\n".join(parts)


def python(*arguments, interpreter=PYTHON):
    words = ", ".join(f"'{word}'" for word in (interpreter, *arguments))
    return f"command = [{words}]"


class Commands(SuiteCase):
    def setUp(self):
        super().setUp()
        git(self.folder, "rm", "-rq", ".")
        self.write({"pkg/__init__.py": "", "pkg/core.py": CORE, "pkg/data.txt": "1\n", "bench/run.py": RUN, ".gitignore": IGNORED})

    @property
    def database(self):
        return os.path.join(self.folder, ".lightspeed", ".lightspeed_deps.db")

    def suite(self, *benchmarks, **more):
        self.write({"lightspeed.toml": toml(*benchmarks, **more)})
        commit(self.folder)

    def survey(self, *arguments, code=OK):
        return document(self.expect(code, self.lightspeed("init", "--json", "--survey-only", *arguments)))


class Python(Commands):
    """Python commands are run under the tracer, whatever interpreter they name."""

    def three(self, interpreter=PYTHON):
        names = ("fast", "slow", "data")
        self.suite(*((name, python("bench/run.py", name, interpreter=interpreter)) for name in names))
        report = self.survey()
        self.assertEqual(sorted(report["impactable"]), ["data", "fast", "slow"])

    def test_selects_by_what_each_executes(self):
        for interpreter in PYTHONS:
            with self.subTest(interpreter):
                self.write({"pkg/core.py": CORE})
                shutil.rmtree(os.path.join(self.folder, ".lightspeed"), ignore_errors=True)
                self.three(interpreter)
                self.assertEqual(self.affected(), set())
                self.edit("pkg/core.py", "range(n))\n\n", "range(n + 1))\n\n")
                self.assertEqual(self.affected(), {"fast"})
                self.write({"pkg/core.py": CORE.replace("i * i", "i + i")})
                self.assertEqual(self.affected(), {"slow"})

    def test_what_runs_at_import_affects_all_that_import_it(self):
        self.three()
        self.edit("pkg/core.py", "LIMIT = 100", "LIMIT = 200")
        self.assertEqual(self.affected(), {"fast", "slow", "data"})

    def test_a_file_that_was_read_counts(self):
        self.three()
        self.write({"pkg/data.txt": "2\n"})
        self.assertEqual(self.affected(), {"data"})

    def test_a_script_is_followed_like_any_module(self):
        """Python also opens it to see whether it is an archive; that does not make it a file that was read."""
        for interpreter in PYTHONS:
            with self.subTest(interpreter):
                self.write({"bench/run.py": RUN})
                shutil.rmtree(os.path.join(self.folder, ".lightspeed"), ignore_errors=True)
                self.three(interpreter)
                self.edit("bench/run.py", "import sys", "# A comment.\nimport sys")
                self.assertEqual(self.affected(), set())

    def test_another_command_of_the_same_name_is_another_benchmark(self):
        self.three()
        self.edit("lightspeed.toml", "'fast']", "'fast', 'more']")
        self.assertEqual(self.affected(), {"fast"})
        report = self.survey()
        self.assertEqual(report["surveyed"], 1)

    def test_a_benchmark_that_is_gone_is_named(self):
        self.three()
        self.suite(("fast", python("bench/run.py", "fast")), ("new", python("bench/run.py", "slow")))
        selection = self.select()
        self.assertEqual((affected(selection), sorted(selection["removed"])), ({"new"}, ["data", "slow"]))

    def test_an_isolated_interpreter_is_always_affected(self):
        self.suite(("isolated", python("-I", "-c", "import sys; sys.path.insert(0, \".\"); import pkg.core")))
        report = self.survey()
        self.assertIn("-I", report["always_affected"]["isolated"])

    def test_a_base_revision_is_surveyed_and_measured_where_it_is(self):
        self.suite(("fast", python("bench/run.py", "fast")))
        self.write({"pkg/core.py": CORE.replace("return sum(range(n))", "raise SystemExit(3)")})
        report = document(self.expect(OK, self.lightspeed("init", "--json", "--base-commit", "HEAD")))
        self.assertEqual((report["measured"], report["without_baseline"]), (1, {}))
        answer = self.lightspeed("measure", "--json")
        self.assertEqual(answer.returncode, BENCHMARK_FAILED, answer.stderr)
        self.assertIn("exited with code 3", document(answer)["benchmarks"]["fast"]["reason"])


class Reports(Commands):
    """Coverage that other tools write feeds the same index."""

    def reported(self, *steps, file):
        script = " && ".join(steps).replace("PYTHON", PYTHON)
        coverage = f"coverage = {{ command = ['sh', '-c', '{script}'], file = '{file}' }}"
        self.suite(("fast", f"command = ['true']\n{coverage}"))
        self.assertEqual(self.survey()["always_affected"], {})
        self.assertEqual(self.affected(), set())
        self.edit("pkg/core.py", "range(n))\n\n", "range(n + 1))\n\n")
        self.assertEqual(self.affected(), {"fast"})
        self.write({"pkg/core.py": CORE.replace("return n\n", "return -n\n")})
        self.assertEqual(self.affected(), set())

    def test_the_database_of_coverage_py(self):
        self.reported("PYTHON -m coverage run bench/run.py fast", file=".coverage")

    def test_the_same_with_branches(self):
        self.reported("PYTHON -m coverage run --branch bench/run.py fast", file=".coverage")

    def test_json_and_lcov(self):
        run = "PYTHON -m coverage run bench/run.py fast"
        self.reported(run, "PYTHON -m coverage json -q -o cov.json", file="cov.json")
        self.write({"pkg/core.py": CORE})
        self.reported(run, "PYTHON -m coverage lcov -q -o cov.info", file="cov.info")

    @unittest.skipUnless(shutil.which("go"), "needs Go")
    def test_a_go_cover_profile(self):
        source = "package lib\n\nfunc Fast(n int) int { return n }\n"
        test = 'package lib\n\nimport "testing"\n\nfunc BenchmarkFast(b *testing.B) { Fast(1) }\n'
        self.write({"go.mod": "module example.test/m\n\ngo 1.20\n", "lib/lib.go": source, "lib/lib_test.go": test, "other/other.go": "package other\n"})
        run = "['go', 'test', '-run', '^$', '-bench', 'Fast', '-benchtime', '1x', '-coverprofile', 'cov.out', './lib']"
        self.suite(("fast", f"command = ['true']\ncoverage = {{ command = {run}, file = 'cov.out' }}"))
        self.assertEqual(self.survey()["always_affected"], {})
        self.write({"other/other.go": "package other\n\nvar X = 1\n"})
        self.assertEqual(self.affected(), set())
        self.write({"lib/lib.go": source.replace("return n", "return n + 1")})
        self.assertEqual(self.affected(), {"fast"})

    def test_what_cannot_be_known_is_always_affected_with_the_reason(self):
        missing = "coverage = { command = ['sh', '-c', 'exit 3'], file = 'cov.info' }"
        stale = "coverage = { command = ['true'], file = 'cov.old' }"
        foreign = "coverage = { file = 'cov.foreign' }"
        self.write({"cov.old": "SF:pkg/core.py\nDA:1,1\nend_of_record\n", "cov.foreign": "SF:/usr/x.c\nDA:1,1\nend_of_record\n"})
        self.suite(*((name, f"command = ['true']\n{lines}") for name, lines in (("missing", missing), ("stale", stale), ("foreign", foreign), ("none", ""))))
        reasons = self.survey()["always_affected"]
        for name, words in (("missing", "exited with code 3"), ("stale", "older than"), ("foreign", "no file below"), ("none", "coverage")):
            self.assertIn(words, reasons[name])
        self.assertEqual(self.affected(), set(), "nothing changed")
        self.edit("pkg/core.py", "LIMIT = 100", "LIMIT = 200")
        self.assertEqual(self.affected(), {"missing", "stale", "foreign", "none"})


class Measure(Commands):
    def test_a_slower_command_is_found_and_a_broken_one_is_its_own_failure(self):
        sleep = "import sys, time; sys.path.insert(0, '.'); from pkg import core; time.sleep(core.LIMIT / 10000)"
        self.write({"bench/sleep.py": sleep + "\n"})
        missing = "command = ['no-such-program']"
        self.suite(
            ("sleep", python("bench/sleep.py")), ("missing", missing), ("data", python("bench/run.py", "data")), defaults="repeat = 8\nwarmup = 0\n"
        )
        report = document(self.expect(OK, self.lightspeed("init", "--json")))
        self.assertIn("no-such-program", report["without_baseline"]["missing"])
        self.edit("pkg/core.py", "LIMIT = 100", "LIMIT = 3000")
        answer = self.lightspeed("measure", "--json")
        self.assertEqual(answer.returncode, BENCHMARK_FAILED, answer.stdout + answer.stderr)
        found = document(answer)["benchmarks"]
        self.assertEqual(found["sleep"]["verdict"], "regressed")
        self.assertEqual(found["missing"]["status"], "failed")
        self.assertEqual(found["data"]["status"], "ok")

    def test_a_command_that_hangs_is_timed_out_and_the_rest_goes_on(self):
        self.suite(("hangs", "command = ['sleep', '60']\ntimeout = 0.3"), ("ends", "command = ['true']"))
        report = document(self.expect(OK, self.lightspeed("init", "--json")))
        self.assertEqual(report["measured"], 1)
        self.assertIn("timed out after 0.3 s", report["without_baseline"]["hangs"])


class Paired(Commands):
    """Old tree against new tree, in turn."""

    SLEEP = "import sys, time; sys.path.insert(0, '.'); from pkg import core; time.sleep(core.LIMIT / 10000)\n"

    def paired(self, *arguments, code=OK):
        answer = self.lightspeed("measure", "--json", "--paired", "--seed", "1", *arguments)
        return document(self.expect(code, answer))

    def test_a_slower_command_fails_its_budget_and_no_baseline_is_needed(self):
        self.write({"bench/sleep.py": self.SLEEP})
        self.suite(("sleep", python("bench/sleep.py")), ("data", python("bench/run.py", "data")), defaults="warmup = 0\n")
        self.survey()
        self.edit("pkg/core.py", "LIMIT = 100", "LIMIT = 1500")
        report = self.paired("--max-pairs", "20", code=FINDING)
        sleep = report["benchmarks"]["sleep"]
        self.assertEqual((sleep["verdict"], sleep["gate"]), ("regressed", "fail"))
        self.assertEqual(sleep["receipt"]["schema"], "lightspeed.pair/1")
        self.assertLess(sleep["pairs"], 20, "it was plain early")
        self.assertEqual((report["paired"]["revision"], report["paired"]["seed"]), ("HEAD", 1))
        self.assertEqual(git(self.folder, "worktree", "list").count("\n"), 1, "the checkout is gone")

    def test_the_copy_that_would_be_measured_instead_is_named(self):
        self.write({"bench/sleep.py": self.SLEEP.replace("'.'", repr(self.folder))})
        self.suite(("sleep", python("bench/sleep.py")), defaults="warmup = 0\n")
        self.survey()
        self.edit("pkg/core.py", "LIMIT = 100", "LIMIT = 101")
        found = self.paired(code=BENCHMARK_FAILED)["benchmarks"]["sleep"]
        self.assertIn("pkg/core.py of the tree as it is", found["reason"].replace("__init__", "core"))

    def test_one_that_cannot_run_in_the_old_tree_is_its_own_failure(self):
        self.suite(("fast", python("bench/run.py", "fast")), defaults="warmup = 0\n")
        self.survey()
        self.write({"bench/more.py": "from pkg import core\ncore.fast(1)\n"})
        self.suite(("fast", python("bench/run.py", "fast")), ("more", python("bench/more.py")), defaults="warmup = 0\nenv = { PYTHONPATH = '.' }\n")
        report = self.paired("--base", "HEAD~1", "--max-pairs", "2", code=BENCHMARK_FAILED)
        self.assertEqual(report["benchmarks"]["more"]["status"], "failed")
        self.assertEqual(report["benchmarks"]["fast"]["pairs"], 2)

    def test_an_unknown_revision_is_refused(self):
        self.suite(("fast", python("bench/run.py", "fast")))
        self.survey()
        self.edit("pkg/core.py", "LIMIT = 100", "LIMIT = 101")
        self.refused(self.lightspeed("measure", "--paired", "--base", "no-such"), "no-such")


class Refused(Commands):
    def test_mistakes_are_named_with_line_and_column_before_anything_runs(self):
        self.write({"lightspeed.toml": "[[benchmark]]\nname = 'x'\ncommand = ['touch', 'ran']\nrepeet = 3\n"})
        message = self.refused(self.lightspeed("init"), "lightspeed.toml:4:1", "repeet", "repeat")
        self.assertEqual(len(message.splitlines()), 1)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "ran")))

    def test_an_audit_says_what_it_needs(self):
        self.suite(("x", "command = ['true']"))
        self.refused(self.lightspeed("audit"), "ASV suite")


if __name__ == "__main__":
    unittest.main()
