"""`lightspeed show`: every document that the program writes is shown as the command itself printed it, any other is refused."""

import json
import os
import unittest

from fixture import ALPHA, QUICK, SuiteCase, support

SLOWER = ("        total += i\n", "        total += sum(range(400))\n")
TIMINGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "timings")


class Show(SuiteCase):
    def same(self, *arguments, shown=(), folder=None):
        """The document, whose text by `show` is what the command prints without `--json`; for what gives the same twice."""
        text = self.lightspeed(*arguments, folder=folder)
        answer = self.lightspeed(*arguments, "--json", folder=folder)
        self.assertEqual(text.returncode, answer.returncode, text.stderr + answer.stderr)
        support.document(answer)
        self.assertEqual(self.show(answer, *shown), text.stdout)
        return json.loads(answer.stdout)

    def show(self, answer, *arguments):
        path = os.path.join(self.folder, "document.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(answer.stdout)
        shown = self.expect(0, self.lightspeed("show", path, *arguments))
        self.assertEqual(shown.stderr, "")
        os.remove(path)
        return shown.stdout

    def test_what_does_not_change_is_shown_as_it_was_printed(self):
        self.init(*QUICK)
        self.assertEqual(self.same("select")["affected"], [])
        self.edit("pkg/core.py", *SLOWER)
        self.same("select")
        self.same("select", "--explain", shown=["--explain"])
        self.same("select", "--hotfile-threshold", "0", "--policy", "file")
        self.same("explain", ALPHA)
        self.same("results")
        self.same("blocks", "pkg/core.py", "benchmarks/bench.py")
        self.same("stats", "compare", "hyperfine.json", "pyperf.json", folder=TIMINGS)
        self.same("stats", "compare", "--paired", "numbers.json", "numbers.json", folder=TIMINGS)
        self.same("stats", "simulate", "--series", "2", "--pairs", "20")

    def test_what_is_measured_is_shown_from_its_document(self):
        init = self.init("--json", *QUICK)
        self.assertIn("2 surveyed in", self.show(init))
        self.assertIn("2 measured in", self.show(init))
        surveyed = self.show(self.init("--json"))
        self.assertIn("nothing to do", surveyed)
        self.assertNotIn("measured in", surveyed)
        self.edit("pkg/core.py", *SLOWER)
        self.write({"README": "not ours\n"})
        for more in (["--step-id", "one"], ["--paired", "--max-pairs", "2", "--repeat", "2", "--warmup-time", "0"]):
            timing = [] if "--paired" in more else QUICK
            answer = self.expect(0, self.lightspeed("measure", "--from-git-diff", "--json", *timing, *more))
            report = support.document(answer)
            shown = self.show(answer)
            self.assertIn("1 of 2 instances are affected by changes in core.py\n", shown)
            self.assertIn(ALPHA, shown)
            self.assertIn("1 of 2 instances measured, 1 unaffected and not run", shown)
            self.assertEqual(report["paired"] is not None, "--paired" in more)
        self.assertEqual(self.same("results", "--step-id", "one")["step"]["step_id"], "one")

    def test_a_measurement_of_nothing(self):
        self.init(*QUICK)
        self.same("measure", *QUICK)

    def test_an_audit_is_shown_from_its_document(self):
        self.init()
        answer = self.expect(0, self.lightspeed("audit", "--operators", "constant", "--count", "1", "--jobs", "1", "--json"))
        support.document(answer)
        self.assertIn("of 1 mutations tried on 2 instances", self.show(answer))

    def test_a_pair_is_shown_from_its_receipt(self):
        argv = ["pair", "--baseline", "true", "--current", "true", "--repeat", "3", "--output", "receipt.json"]
        text = self.expect(0, self.lightspeed(*argv)).stdout
        self.assertEqual(self.expect(0, self.lightspeed("show", "receipt.json")).stdout, text)

    def test_what_cannot_be_shown_is_refused_with_name_and_version(self):
        cases = {
            '{"schema": "lightspeed.measure/2"}': ["lightspeed.measure", '"2"', "version 1"],
            '{"schema": "lightspeed.wonders/1"}': ["lightspeed.wonders/1", "does not write"],
            '{"schema": "perfgate.receipt.v1"}': ["perfgate.receipt.v1", "does not write"],
            '{"schema": "lightspeed.select/1"}': ["lightspeed.select/1", "generation"],
            '{"schema": 1}': ["schema"],
            "[]": ["schema"],
            "{": ["not JSON"],
        }
        for text, words in cases.items():
            with self.subTest(text):
                self.write({"odd.json": text})
                message = self.refused(self.lightspeed("show", "odd.json"), "odd.json", *words)
                self.assertEqual(len(message.splitlines()), 1)
        self.refused(self.lightspeed("show", "absent.json"), "absent.json", "cannot be read")


class Volume(SuiteCase):
    """`--quiet` and `--verbose` change what is said on standard error and nothing else."""

    def test_a_session(self):
        quiet = self.init("--quiet", *QUICK)
        self.assertEqual(quiet.stderr, "")
        self.assertIn("2 instances depend on", quiet.stdout)
        self.edit("pkg/core.py", *SLOWER)
        verbose = self.expect(0, self.lightspeed("measure", "-v", "--json", *QUICK))
        for words in ("suite: ", "asv.conf.json", "database: ", f"measure: {ALPHA}", f"{ALPHA}: ok after", "2 samples"):
            self.assertIn(words, verbose.stderr)
        self.assertEqual(support.document(verbose)["counts"]["measured"], 1)
        usual = self.expect(0, self.lightspeed("measure", *QUICK))
        self.assertNotIn("ok after", usual.stderr)
        self.assertNotEqual(usual.stderr, "")
        self.refused(self.lightspeed("measure", "-q", "-v"), "--verbose")

    def test_errors_are_never_silent(self):
        self.refused(self.lightspeed("select", "-q"), "lightspeed init")

    def test_a_pair(self):
        argv = ["pair", "--baseline", "echo x", "--current", "sh -c 'exit 3'", "--allow-nonzero", "--repeat", "1", "--warmup", "0"]
        verbose = self.lightspeed(*argv, "-v", "--json")
        support.document(verbose)
        for words in (f"baseline: echo x in {self.folder}", "baseline exited with 0 after", "current exited with 3 after"):
            self.assertIn(words, verbose.stderr)
        quiet = self.lightspeed(*argv, "-q")
        self.assertEqual(quiet.stderr, "")
        self.assertIn("1 pairs", quiet.stdout)


if __name__ == "__main__":
    unittest.main()
