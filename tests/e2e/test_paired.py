"""`measure --paired` on an ASV suite: the tree before the change in turn with the tree as it is."""

import unittest

from fixture import ALPHA, BENCHMARK_FAILED, CORE, OK, SuiteCase
from support import commit, document, git

FINDING = 2
WAIT = "import time\n\n\n"
FAST = ("--repeat", "2", "--warmup-time", "0")


class Paired(SuiteCase):
    def setUp(self):
        super().setUp()
        self.write({"pkg/core.py": WAIT + CORE})
        commit(self.folder)
        self.init()

    def paired(self, *arguments, code=OK):
        answer = self.lightspeed("measure", "--json", "--paired", "--seed", "1", *FAST, *arguments, ASV_PYTHONPATH=self.folder)
        return document(self.expect(code, answer))

    def test_a_slowdown_is_found_against_the_last_commit_without_any_baseline(self):
        self.edit("pkg/core.py", "    total = 0\n", "    total = 0\n    time.sleep(0.002)\n")
        report = self.paired("--max-pairs", "15", "--fail-on-regression", code=FINDING)
        self.assertEqual(list(report["benchmarks"]), [ALPHA])
        found = report["benchmarks"][ALPHA]
        self.assertEqual((found["status"], found["verdict"], found["gate"]), ("ok", "regressed", "fail"))
        self.assertEqual(len(found["baseline_samples"]), found["pairs"])
        self.assertGreater(found["e_value"], 20)
        self.assertLess(found["reward"]["reward_lcb"], 0)
        self.assertEqual(report["paired"]["revision"], "HEAD")
        self.assertEqual(git(self.folder, "worktree", "list").count("\n"), 1)

    def test_the_budget_counts_what_starting_a_process_takes(self):
        self.write({"pkg/core.py": WAIT + "time.sleep(0.4)\n" + CORE})
        commit(self.folder)
        self.init()
        self.edit("pkg/core.py", "    total = 0\n", "    total = 1 - 1\n")
        found = self.paired("--max-pairs", "40", "--time-budget", "2")["benchmarks"][ALPHA]
        self.assertLess(found["pairs"] or 0, 4, "each imports what it measures, for 0.8 s")

    def test_the_table_says_how_to_run_the_same_pairs_again(self):
        self.edit("pkg/core.py", "    total = 0\n", "    total = 1\n")
        answer = self.lightspeed("measure", "--paired", "--seed", "9", "--max-pairs", "1", *FAST, ASV_PYTHONPATH=self.folder)
        self.assertIn("in pairs with HEAD, --seed 9\n", self.expect(OK, answer).stdout)

    def test_another_base_and_a_benchmark_that_it_does_not_have(self):
        bench = "from pkg import core\n\n\ndef time_gamma():\n    core.beta(50)\n\n\ndef track_beta():\n    return core.beta(%s)\n"
        self.write({"benchmarks/more.py": bench % 7})
        commit(self.folder)
        self.write({"pkg/core.py": (WAIT + CORE).replace("return n\n", "return n + 1\n")})
        report = self.paired("--base", "HEAD", "--max-pairs", "2")
        self.assertEqual(report["benchmarks"]["more.time_gamma"]["pairs"], 2)
        track = report["benchmarks"]["more.track_beta"]
        self.assertEqual((track["baseline"], track["current"], track["verdict"]), (7.0, 8.0, "regressed"))

    def test_what_fails_in_the_old_tree_says_so(self):
        self.write({"pkg/core.py": (WAIT + CORE).replace("total = 0", "total = missing")})
        commit(self.folder)
        self.write({"pkg/core.py": WAIT + CORE})
        found = self.paired(code=BENCHMARK_FAILED)["benchmarks"]
        self.assertIn("before the change", found[ALPHA]["reason"])

    def test_nothing_affected_checks_nothing_out(self):
        self.assertEqual(self.paired()["benchmarks"], {})

    def test_the_time_budget_ends_it_and_says_what_was_not_run(self):
        self.edit("pkg/core.py", "    total = 0\n", "    total = 0\n    time.sleep(0.0001)\n")
        report = self.paired("--time-budget", "0.01", "--max-pairs", "5000", "--margin", "0.5")
        self.assertIn(report["benchmarks"][ALPHA]["status"], ("ok", "not_run_budget"))
        self.assertLess(report["benchmarks"][ALPHA]["pairs"] or 0, 5)


if __name__ == "__main__":
    unittest.main()
