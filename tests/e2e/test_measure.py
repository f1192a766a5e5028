"""Baselines and measuring: only what is affected runs, and whatever was selected has a number or a reason."""

import math
import unittest

from fixture import ALPHA, BENCH, BENCHMARK_FAILED, BETA, ERROR, QUICK, SuiteCase, support

SLOWER = ("        total += i\n", "        total += sum(range(400))\n")


class Measure(SuiteCase):
    def test_affected_is_measured_and_the_rest_is_not(self):
        self.init(*QUICK)
        self.edit("pkg/core.py", *SLOWER)
        document = self.measure()
        self.assertEqual(set(document["benchmarks"]), {ALPHA})
        result = document["benchmarks"][ALPHA]
        self.assertEqual(result["status"], "ok")
        self.assertGreater(result["current"], result["baseline"])
        self.assertGreater(result["delta_pct"], 100)
        self.assertEqual(document["dropped"], [])
        self.assertLessEqual({"schema", "benchmarks", "dropped", "counts", "timing"}, set(document))
        self.assertFinite(document)

    def test_table_names_every_selected_instance(self):
        self.init(*QUICK)
        self.edit("pkg/core.py", *SLOWER)
        table = self.expect(0, self.lightspeed("measure", "--from-git-diff", *QUICK)).stdout
        for word in (ALPHA, "baseline", "current", "delta", "%"):
            self.assertIn(word, table)
        self.assertNotIn(BETA, table)

    def test_nothing_changed_is_not_a_pass(self):
        self.init(*QUICK)
        answer = self.expect(0, self.lightspeed("measure", "--from-git-diff", *QUICK))
        self.assertIn("nothing changed", answer.stdout.lower())
        self.assertNotIn("pass", answer.stdout.lower())

    def test_nothing_changed_needs_no_interpreter(self):
        self.init(*QUICK)
        answer = self.lightspeed("measure", "--from-git-diff", "--python", "/no/python", "--step-id", "idle", *QUICK)
        self.expect(0, answer)
        self.assertEqual(self.rows("SELECT count(*) FROM step_result"), [(0,)])
        self.edit("pkg/core.py", *SLOWER)
        self.assertIn("/no/python", self.lightspeed("measure", "--python", "/no/python", *QUICK).stderr)

    def test_an_edit_that_makes_a_benchmark_fail(self):
        self.init(*QUICK)
        self.edit("pkg/core.py", "    return total\n", "    raise ValueError('broken by the edit')\n")
        document = self.measure(code=BENCHMARK_FAILED)
        self.assertEqual(document["benchmarks"][ALPHA]["status"], "failed")
        self.assertIsNone(document["benchmarks"][ALPHA]["current"])
        (dropped,) = document["dropped"]
        self.assertEqual(dropped["benchmark"], ALPHA)
        self.assertIn("broken by the edit", dropped["reason"])
        table = self.expect(BENCHMARK_FAILED, self.lightspeed("measure", "--from-git-diff", *QUICK)).stdout
        self.assertIn(ALPHA, table)

    def test_a_syntax_error_fails_what_it_affects(self):
        self.init(*QUICK)
        self.edit("pkg/core.py", "def alpha(n):", "def alpha(n:")
        document = self.measure(code=BENCHMARK_FAILED)
        self.assertIn(ALPHA, document["benchmarks"])
        self.assertNotEqual(document["benchmarks"][ALPHA]["status"], "ok")

    def test_a_new_benchmark_has_no_baseline(self):
        self.init(*QUICK)
        self.write({"benchmarks/bench.py": BENCH + "\n\ndef time_gamma():\n    core.beta(5)\n"})
        result = self.measure()["benchmarks"]["bench.time_gamma"]
        self.assertIsNone(result["baseline"])
        self.assertIsNone(result["delta_pct"])
        self.assertIsNotNone(result["current"])
        self.assertIn(result["status"], ("new", "no_baseline"))

    def test_changed_parameters_are_not_compared(self):
        suite = "\n\nclass Suite:\n    params = [10, 20]\n\n    def time_x(self, n):\n        core.beta(n)\n"
        self.write({"benchmarks/bench.py": BENCH + suite})
        support.commit(self.folder)
        self.init(*QUICK)
        self.edit("benchmarks/bench.py", "[10, 20]", "[10, 30]")
        result = self.measure()["benchmarks"]["bench.Suite.time_x-1"]
        self.assertIsNone(result["delta_pct"], "20 and 30 are different benchmarks")

    def test_without_a_baseline(self):
        self.init()
        self.edit("pkg/core.py", *SLOWER)
        result = self.measure()["benchmarks"][ALPHA]
        self.assertIsNone(result["baseline"])
        self.assertIn(result["status"], ("ok", "no_baseline"))

    def test_memory_track_and_skipped_benchmarks(self):
        more = (
            "\n\ndef track_total():\n    return core.alpha(5)\n\n\ntrack_total.unit = 'things'\n"
            "\n\ndef peakmem_alpha():\n    core.alpha(5)\n"
            "\n\nclass Skipped:\n    def setup(self):\n        core.alpha(1)\n        raise NotImplementedError\n\n"
            "    def time_x(self):\n        pass\n"
        )
        self.write({"benchmarks/bench.py": BENCH + more})
        support.commit(self.folder)
        self.init(*QUICK)
        again = support.document(self.init(*QUICK, "--json"))
        self.assertEqual((again["surveyed"], again["measured"]), (0, 0), "a second call returns at once")
        self.edit("pkg/core.py", *SLOWER)
        document = self.measure()
        results = document["benchmarks"]
        self.assertEqual(results["bench.track_total"]["baseline"], 10)
        self.assertEqual(results["bench.track_total"]["current"], 5 * sum(range(400)))
        self.assertEqual(results["bench.track_total"]["unit"], "things")
        self.assertGreater(results["bench.peakmem_alpha"]["current"], 1_000_000)
        self.assertIn("bench.Skipped.time_x", {each["benchmark"] for each in document["dropped"]})

    def test_step_is_readable_by_plain_sqlite(self):
        self.init(*QUICK)
        self.edit("pkg/core.py", *SLOWER)
        self.measure("--step-id", "attempt-1")
        columns = "step_id, benchmark_id, median, ci_99_a, ci_99_b, q_25, q_75, repeat, number, delta"
        (row,) = self.rows(f"SELECT {columns} FROM step_result")
        self.assertEqual(row[:2], ("attempt-1", ALPHA))
        answer = support.document(self.expect(0, self.lightspeed("results", "--step-id", "attempt-1", "--json")))
        kept = answer["step"]["benchmarks"][ALPHA]
        self.assertAlmostEqual(row[-1], (row[2] - kept["baseline"]) / kept["baseline"], msg="a fraction")
        self.assertAlmostEqual(kept["delta_pct"], row[-1] * 100)
        self.assertGreater(kept["ratio"], 1)
        self.assertEqual(kept["reward"]["reward_lcb"] < 0, (kept["interval"]["low"] or 0) > 1)
        self.assertAlmostEqual(answer["step"]["reward"]["log_ratio"], kept["reward"]["log_ratio"])
        self.expect(ERROR, self.lightspeed("results", "--step-id", "never-run"))

    def test_what_others_delete_of_the_views_is_surveyed_again(self):
        self.init(*QUICK)
        with self.sqlite() as connection:
            connection.execute("DELETE FROM benchmark_meta WHERE benchmark_id = ?", (ALPHA,))
            connection.commit()
        self.edit("pkg/core.py", "        total += i\n", "        total += i  # a comment\n")
        answer = self.measure()
        self.assertEqual(list(answer["benchmarks"]), [ALPHA], "what nothing is known about is affected by everything")
        self.assertEqual(support.document(self.init(*QUICK, "--json"))["surveyed"], 1)
        self.edit("pkg/core.py", "  # a comment\n", "  # another\n")
        self.assertEqual(self.measure()["benchmarks"], {})

    def test_baselines_deleted_by_others_are_measured_again(self):
        self.init(*QUICK)
        with self.sqlite() as connection:
            connection.execute("DELETE FROM baseline")
            connection.commit()
        self.assertEqual(support.document(self.init(*QUICK, "--json"))["measured"], 2)
        self.assertEqual(len(self.rows("SELECT * FROM baseline")), 2)

    def test_baselines_of_another_machine_do_not_compare(self):
        self.init(*QUICK)
        with self.sqlite() as connection:
            connection.execute("UPDATE environment SET host_class = json_set(host_class, '$.cpu', 'another CPU')")
            connection.commit()
        self.edit("pkg/core.py", "total += i", "total -= i")
        found = self.measure()["benchmarks"][ALPHA]
        self.assertEqual((found["status"], found["gate"]), ("incomparable", "warn"))
        self.assertIn("cpu another CPU, now", found["reason"])
        argv = ("measure", "--from-git-diff", *QUICK, "--strict-host", "--step-id", "never")
        self.refused(self.lightspeed(*argv), "another class of machine", "another CPU")
        self.assertEqual(self.rows("SELECT * FROM step"), [], "nothing was begun")
        self.expect(3, self.lightspeed("measure", "--from-git-diff", *QUICK, "--fail-on-warn"))

    def assertFinite(self, value):
        """No infinity and no NaN anywhere in a document."""
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                self.assertFinite(each)
        elif isinstance(value, float):
            self.assertTrue(math.isfinite(value))


if __name__ == "__main__":
    unittest.main()
