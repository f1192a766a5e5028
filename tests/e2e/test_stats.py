"""`lightspeed stats`: files that other tools wrote, values that cannot be compared, and what a terminal of any width shows."""

import json
import os
import random
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import support  # noqa: E402  (needs the path above)

OK, ERROR, NOTHING_MEASURED = 0, 1, 6
TIMINGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "timings")
STEADY = [1.0 + i * 7 % 10 / 1000 for i in range(10)]


class StatsCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="lightspeed-e2e-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def file(self, content, name):
        """The name of a file with this text, or this value as Python writes it."""
        support.write(self.folder, {name: content if isinstance(content, (str, bytes)) else json.dumps(content)})
        return name

    def run_on(self, before, now, *flags):
        """`stats compare` of two values or texts."""
        return support.lightspeed(self.folder, "stats", "compare", self.file(before, "a.json"), self.file(now, "b.json"), *flags)

    def compare(self, before, now, *flags, code=OK):
        """The document."""
        answer = self.run_on(before, now, "--json", *flags)
        self.assertEqual(answer.returncode, code, answer.stderr)
        return support.document(answer)

    def one(self, before, now, *flags, code=OK):
        """The only result of a document."""
        (result,) = self.compare(before, now, *flags, code=code)["benchmarks"]
        return result

    def timings(self, name):
        with open(os.path.join(TIMINGS, name), encoding="utf-8") as file:
            return file.read()

    def refused(self, answer, *words):
        """Exit code 1 and one line on standard error that has these words."""
        self.assertEqual((answer.returncode, answer.stdout), (ERROR, ""), answer.stderr)
        self.assertEqual(len(answer.stderr.strip().splitlines()), 1, answer.stderr)
        for word in words:
            self.assertIn(word, answer.stderr)

    def unmeasurable(self, before, now, *words, flags=()):
        """No number beside the reason, which is also what people see; nothing measured is told by the exit code."""
        result = self.one(before, now, *flags, code=NOTHING_MEASURED)
        self.assertEqual((result["status"], result["verdict"], result["inference"]), ("unmeasurable", None, None))
        shown = self.run_on(before, now, *flags)
        self.assertEqual(shown.returncode, NOTHING_MEASURED)
        for word in words:
            self.assertIn(word, result["reason"])
            self.assertIn(word, shown.stdout)
        self.assertNotIn("panicked", shown.stderr)


class FilesOfTools(StatsCase):
    def test_hyperfine(self):
        both = self.compare(self.timings("hyperfine.json"), self.timings("hyperfine.json"))
        self.assertEqual([each["benchmark"] for each in both["benchmarks"]], ["sleep 0.05", "sleep 0.1"])
        for result in both["benchmarks"]:
            self.assertEqual((result["inference"]["n"], result["inference"]["estimate"]), ({"baseline": 10, "current": 10}, 1.0))
        file = json.loads(self.timings("hyperfine.json"))
        first, second = ({"results": [result]} for result in file["results"])
        result = self.one(first, second)
        self.assertEqual((result["benchmark"], result["verdict"]), ("sleep 0.05 → sleep 0.1", "regressed"))
        medians = [each["median"] for each in file["results"]]
        self.assertAlmostEqual(result["inference"]["estimate"], medians[1] / medians[0], delta=0.1)

    def test_pyperf_collapses_each_process_to_its_median(self):
        result = self.one(self.timings("pyperf.json"), self.timings("pyperf.json"))
        self.assertEqual(result["benchmark"], "sum(range(1000))")
        self.assertEqual((result["inference"]["method"], result["inference"]["n"]), ("run_medians", {"baseline": 4, "current": 4}))

    def test_asv_with_parameters_and_what_gave_no_number(self):
        names = [each["benchmark"] for each in self.compare(self.timings("asv.json"), self.timings("asv.json"))["benchmarks"]]
        parameters = ["(10, 'list')", "(10, 'tuple')", "(100, 'list')"]
        self.assertEqual(
            names, [f"bench.Sum.{name}{each}" for name in ("time_sum", "track_sum") for each in parameters] + ["bench.peakmem_list"]
        )

    def test_asv_values_that_do_not_vary_are_compared_as_they_are(self):
        text = self.timings("asv.json")
        self.assertEqual(text.count(" 4950,"), 1)
        both = self.compare(text, text.replace(" 4950,", " 5940,"))
        verdicts = {each["benchmark"]: (each["verdict"], each["inference"]["method"]) for each in both["benchmarks"]}
        self.assertEqual(verdicts["bench.Sum.track_sum(100, 'list')"], ("regressed", "deterministic"))
        self.assertEqual(verdicts["bench.Sum.track_sum(10, 'list')"], ("equivalent", "deterministic"))
        self.assertEqual(verdicts["bench.Sum.time_sum(10, 'list')"], ("inconclusive", "single_run"))

    def test_two_tools_share_no_names(self):
        both = self.compare(self.timings("hyperfine.json"), self.timings("asv.json"), code=NOTHING_MEASURED)
        self.assertEqual((both["benchmarks"], both["only_baseline"]), ([], ["sleep 0.05", "sleep 0.1"]))
        self.assertEqual(len(both["only_current"]), 7)
        shown = self.run_on(self.timings("hyperfine.json"), self.timings("asv.json"))
        self.assertEqual(shown.returncode, NOTHING_MEASURED)
        self.assertIn("only in the first file: sleep 0.05, sleep 0.1", shown.stdout)

    def test_one_benchmark_each_of_two_tools(self):
        result = self.one(self.timings("hyperfine-one.json"), self.timings("pyperf.json"))
        self.assertEqual((result["benchmark"], result["status"]), ("sleep 0.05 → sum(range(1000))", "ok"))

    def test_mixed_units_are_not_compared(self):
        result = self.one(self.timings("bytes.json"), self.timings("pyperf.json"), code=NOTHING_MEASURED)
        self.assertEqual((result["status"], result["verdict"], result["inference"]), ("incomparable", None, None))
        self.assertEqual(result["reason"], "bytes on one side, seconds on the other")


class Values(StatsCase):
    def test_lists(self):
        self.assertEqual(self.one(STEADY, [1.5 * value for value in STEADY])["verdict"], "regressed")
        self.assertEqual(self.one([1.5 * value for value in STEADY], STEADY)["verdict"], "improved")
        self.assertEqual(self.one(STEADY, STEADY)["verdict"], "equivalent")
        runs = self.one([[1.0, 1.1, 1.2]] * 4, [[1.0, 1.1, 1.2], [1.1]] * 2)["inference"]
        self.assertEqual((runs["n"], runs["estimate"]), ({"baseline": 4, "current": 4}, 1.0))

    def test_pairs(self):
        rng = random.Random(1)
        host = [rng.lognormvariate(0, 0.5) for _ in range(40)]
        noisy = lambda factor: [factor * level * rng.lognormvariate(0, 0.005) for level in host]
        before, now = noisy(1.0), noisy(1.1)
        self.assertEqual(self.one(before, now)["verdict"], "inconclusive")
        result = self.one(before, now, "--paired")
        self.assertEqual((result["verdict"], result["inference"]["method"]), ("regressed", "signed_rank_betting"))
        self.assertGreater(result["inference"]["e_value"], 20)
        self.unmeasurable([1.0, 2.0], [1.0], "2 baseline values do not pair with 1", flags=["--paired"])

    def test_not_a_number_and_infinities(self):
        self.unmeasurable(self.timings("nan.json"), STEADY, "value 2", "not a finite number")
        self.unmeasurable(STEADY, [1.0, float("inf")], "value 1", "not a finite number")
        self.unmeasurable(STEADY, [float("-inf")], "value 0", "not a finite number")

    def test_zero_and_negatives(self):
        self.unmeasurable(STEADY, [1.0, 0.0], "value 1", "not above zero")
        self.unmeasurable([-1.0, 1.0], STEADY, "value 0", "not above zero")

    def test_ratios_that_do_not_fit(self):
        self.unmeasurable([5e-324] * 5, [1.7e308] * 5, "too far apart")

    def test_sums_that_do_not_fit(self):
        result = self.one([1.7e308] * 5, [1.7e308] * 5)
        self.assertEqual((result["verdict"], result["inference"]["estimate"]), ("equivalent", 1.0))

    def test_one_value_is_never_a_verdict(self):
        result = self.one([1.0], [1.5])
        self.assertEqual(result["verdict"], "inconclusive")
        self.assertEqual([each["code"] for each in result["inference"]["warnings"]], ["single_run", "too_few_samples"])
        self.assertEqual(self.one([1.0], [1.0])["verdict"], "inconclusive")

    def test_empty(self):
        self.refused(self.run_on([], STEADY), "a.json", "holds no timings")
        self.refused(self.run_on(STEADY, {"results": []}), "b.json", "holds no timings")
        self.unmeasurable([[], []], STEADY, "empty")

    def test_broken_files(self):
        self.refused(self.run_on("[1.0, 2.0", STEADY), "a.json", "is not JSON", "line 1")
        self.refused(self.run_on("", STEADY), "a.json", "is not JSON")
        self.refused(self.run_on(STEADY, b"\xff\xfe\x00"), "b.json", "is not JSON")
        self.refused(self.run_on("[1e999]", STEADY), "a.json", "is not JSON", "out of range")
        self.refused(self.run_on([1.0, "fast"], STEADY), "a.json", '"fast" is not a number')
        for other in ("1", "{}", '{"results": 3}', "null"):
            self.refused(self.run_on(STEADY, other), "b.json", "not a file of timings", "hyperfine")

    def test_missing_file(self):
        answer = support.lightspeed(self.folder, "stats", "compare", self.file(STEADY, "a.json"), "none.json")
        self.refused(answer, "cannot read none.json")
        answer = support.lightspeed(self.folder, "stats", "compare", self.folder, "a.json")
        self.refused(answer, "cannot read")

    def test_options_that_mean_nothing(self):
        for flag, value in (("--alpha", "0"), ("--alpha", "1.5"), ("--margin", "-0.1"), ("--margin", "NaN")):
            answer = self.run_on(STEADY, STEADY, f"{flag}={value}")
            self.assertEqual((answer.returncode, answer.stdout), (ERROR, ""), answer.stderr)
            self.assertIn(f"'{value}' for '{flag}", answer.stderr)


class Terminals(StatsCase):
    def shown(self, columns, *files):
        """What a terminal of this width shows."""
        code, text = support.in_terminal(self.folder, columns, "stats", "compare", *files)
        self.assertEqual(code, OK)
        return text

    def table(self, columns):
        """The lines of the table alone."""
        file = self.file(self.timings("hyperfine.json"), "a.json")
        table = self.shown(columns, file, file).split("\n\n")[0].splitlines()
        self.assertLessEqual(max(map(len, table)), columns, "\n".join(table))
        self.assertEqual(len(table), 3, "\n".join(table))
        return table

    def test_every_line_fits(self):
        narrow, wide = self.table(60), self.table(160)
        self.assertEqual(narrow[0].split(), ["benchmark", "ratio", "interval", "verdict"])
        self.assertEqual(wide[0].split(), ["benchmark", "ratio", "interval", "p", "could", "see", "verdict"])
        for table in (narrow, wide):
            self.assertIn("sleep 0.05", table[1])
            self.assertIn("1.0000", table[1])


class Simulation(StatsCase):
    def simulate(self, *arguments):
        answer = support.lightspeed(self.folder, "stats", "simulate", *arguments)
        self.assertEqual(answer.returncode, OK, answer.stderr)
        return answer

    def test_the_rates_that_are_promised(self):
        chosen = ["--series", "200", "--pairs", "60", "--method", "signed-rank", "perfgate", "--noise", "gaussian", "heavy"]
        told = support.document(self.simulate("--json", "--seed", "3", *chosen))
        rates = {(each["rule"], each["noise"]): each["rate"] for each in told["false_positives"]}
        self.assertEqual(len(rates), 4)
        for noise in ("gaussian", "heavy"):
            # 5 %, and twice the standard error of 200 series.
            self.assertLessEqual(rates["signed_rank", noise], 0.05 + 2 * 0.0154)
            self.assertGreater(rates["perfgate", noise], 0.2)
        power = {(each["rule"], each["effect"]): each for each in told["power"]}
        self.assertLessEqual(power["signed_rank", 0.03]["median_pairs"], 15)
        self.assertLessEqual(power["signed_rank", 0.01]["median_pairs"], 60)
        self.assertEqual([(each["of"], each["violations"]) for each in told["checks"]], [(200, 0)] * 3)

    def test_the_same_seed_prints_the_same(self):
        few = ["--series", "5", "--pairs", "10", "--method", "sign", "--seed"]
        self.assertEqual(self.simulate(*few, "7").stdout, self.simulate(*few, "7").stdout)
        self.assertNotEqual(self.simulate(*few, "7").stdout, self.simulate(*few, "8").stdout)
        self.assertIn("Seed 7, 5 series", self.simulate(*few, "7").stdout)

    def test_options_that_mean_nothing(self):
        for arguments in (["--series", "0"], ["--pairs", "1"], ["--noise", "pink"], ["--spread", "inf"]):
            answer = support.lightspeed(self.folder, "stats", "simulate", *arguments)
            self.assertEqual((answer.returncode, answer.stdout), (ERROR, ""), answer.stderr)


if __name__ == "__main__":
    unittest.main()
