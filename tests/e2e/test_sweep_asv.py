"""Benchmarks of an ASV suite at every point of their parameters."""

import unittest

from fixture import BENCHMARK_FAILED, OK, SuiteCase, support

FRAME = 'print("--- lightspeed frame ---", json.dumps({"metrics": {"twice": n * 2}}), "--- end of frame ---", sep=chr(10), flush=True)'
BENCH = f"""import json

from pkg import core


class Numbers:
    params = ([1, 2, 4], ["a", "b c", "d,e"])
    param_names = ["n", "mode"]

    def track_ten(self, n, mode):
        return n * 10 + len(mode)

    track_ten.unit = "things"

    def time_alpha(self, n, mode):
        core.alpha(n * 100)

    def track_broken(self, n, mode):
        if n == 2:
            raise ValueError("two is broken")
        return n

    def track_tells(self, n, mode):
        {FRAME}
        return n

    def track_tells_wall(self, n, mode):
        {FRAME.replace("twice", "wall")}
        return n


class Floats:
    params = [0.5, 1.0, 1e-05, 100.0]
    param_names = ["x"]

    def track_x(self, x):
        return x * 2


class Odd:
    params = ([True, None], ["it's", "1"])
    param_names = ["flag", "text"]

    def setup(self, flag, text):
        if flag is None:
            raise NotImplementedError

    def track_text(self, flag, text):
        return float(len(text))


def time_plain():
    core.beta(1)
"""


class Asv(SuiteCase):
    def setUp(self):
        super().setUp()
        self.write({"benchmarks/bench.py": BENCH})
        support.commit(self.folder)

    def arguments(self, name, *more):
        return ("sweep", "--benchmark", f"bench.{name}", "--source-root", "pkg", "--python", support.PYTHON, *more)

    def sweep(self, name, *more, code=OK, repeat=2):
        arguments = self.arguments(name, "--json", "--warmup", "0", "--repeat", str(repeat), *more)
        return support.document(self.expect(code, self.lightspeed(*arguments)))

    @staticmethod
    def medians(document):
        return {point["id"]: point["spread"] and point["spread"]["median"] for point in document["points"]}

    def test_a_number_that_a_benchmark_returns(self):
        document = self.sweep("Numbers.track_ten", "--derive", "rest = value - 10 * n", repeat=6)
        expected = {f"n={n},mode={mode}": n * 10 + len(mode) for n in (1, 2, 4) for mode in ("a", "b c", "d,e")}
        self.assertEqual(self.medians(document), expected)
        self.assertEqual(document["metric"], {"name": "value", "unit": "things", "better": "lower"})
        points = {point["id"]: point for point in document["points"]}
        self.assertEqual(points["n=4,mode=b c"]["metrics"]["rest"]["spread"]["median"], 3)
        self.assertAlmostEqual(points["n=4,mode=a"]["speedup"]["estimate"], 11 / 41, delta=1e-12)
        self.assertEqual({point["command"] is None for point in document["points"]}, {True})
        self.assertEqual(document["bench"]["subject"]["benchmark"]["config"], self.folder + "/asv.conf.json")

    def test_some_values(self):
        self.assertEqual(self.medians(self.sweep("Numbers.track_ten", "--axis", "n=4,1")), {"n=4,mode=a": 41, "n=1,mode=a": 11})
        document = self.sweep("Numbers.track_ten", "--axis", "mode=b c,a", "--axis", "n=2")
        self.assertEqual(self.medians(document), {"n=2,mode=b c": 23, "n=2,mode=a": 21})

    def test_numbers_however_python_writes_them(self):
        self.assertEqual(list(self.medians(self.sweep("Floats.track_x")).values()), [1, 2, 2e-05, 200])
        self.assertEqual(self.medians(self.sweep("Floats.track_x", "--axis", "x=100,1.0,0.00001")), {"x=100": 200, "x=1": 2, "x=0.00001": 2e-05})

    def test_values_of_other_kinds_and_points_that_are_skipped(self):
        document = self.sweep("Odd.track_text")
        self.assertEqual([(point["id"], point["status"]) for point in document["points"]],
                         [("flag=True,text=it's", "ok"), ("flag=True,text=1", "ok"), ("flag=None,text=it's", "skipped"), ("flag=None,text=1", "skipped")])
        self.assertEqual(list(self.medians(document).values()), [4, 1, None, None])

    def test_times_are_of_one_call(self):
        document = self.sweep("Numbers.time_alpha", "--axis", "n=1,4")
        for run in document["samples"]:
            self.assertEqual(run["metrics"]["value"]["unit"], "seconds")
            self.assertLess(run["metrics"]["value"]["value"], run["metrics"]["wall"]["value"])

    def test_a_point_that_raises(self):
        document = self.sweep("Numbers.track_broken", "--axis", "n=1,2,4", "--axis", "mode=a", code=BENCHMARK_FAILED)
        one, two, four = document["points"]
        self.assertEqual((one["status"], four["spread"]["median"]), ("ok", 4))
        self.assertEqual((two["status"], two["spread"]), ("failed", None))
        self.assertIn("two is broken", two["reason"] + (two["stderr"] or ""))
        self.assertEqual(sum(run["point"] == 1 for run in document["samples"]), 1)
        again = self.sweep("Numbers.track_broken", "--axis", "n=1,2,4", "--axis", "mode=a", "--resume", code=BENCHMARK_FAILED)
        self.assertEqual(again, document)

    def test_frames_of_benchmarks(self):
        document = self.sweep("Numbers.track_tells", "--axis", "n=1,2", "--expect", "twice", "--metric", "twice")
        self.assertEqual(self.medians(document), {"n=1,mode=a": 2, "n=2,mode=a": 4})
        missing = self.sweep("Numbers.track_tells", "--axis", "n=1", "--expect", "thrice", code=BENCHMARK_FAILED)
        self.assertEqual(missing["points"][0]["reason"], "its frame does not, which must tell thrice")
        clash = self.sweep("Numbers.track_tells_wall", "--axis", "n=1", code=BENCHMARK_FAILED)
        self.assertIn("a frame tells wall, which is measured here", clash["points"][0]["reason"])

    def test_what_cannot_be_meant(self):
        for arguments, *words in (
            (("Numbers.time_nothing",), "no benchmark bench.Numbers.time_nothing", "lightspeed select --all"),
            (("time_plain",), "has no parameters"),
            (("Numbers.track_ten", "--axis", "m=1"), "has no parameter m: it has n, mode"),
            (("Numbers.track_ten", "--axis", "n=1,3"), "the parameter n has no value 3: it has 1, 2, 4"),
            (("Numbers.track_ten", "--axis", "mode=b"), "the parameter mode has no value b: it has a, b c, d,e"),
            (("Numbers.track_ten", "--metric", "cpu"), "there is no metric cpu"),
        ):
            with self.subTest(arguments):
                self.refused(self.lightspeed(*self.arguments(*arguments)), *words)

    def test_a_dry_run_knows_the_parameters(self):
        answer = self.expect(OK, self.lightspeed(*self.arguments("Numbers.track_ten", "--dry-run", "--axis", "n=1,2")))
        self.assertEqual(answer.stdout.splitlines(), ["n=1,mode=a", "n=2,mode=a", "2 points, 7 rounds: 14 runs"])
        self.refused(self.lightspeed(*self.arguments("Numbers.track_ten", "--dry-run", "--axis", "n=3")), "has no value 3")

    def test_a_sweep_of_the_configuration(self):
        self.write({"conf/lightspeed.toml": '[[sweep]]\nname = "ten"\nbenchmark = "bench.Numbers.track_ten"\nsuite = "../asv.conf.json"\n'
                                            'axes = ["n=1,2"]\nrepeat = 2\nwarmup = 0\n'})
        arguments = ("sweep", "ten", "--json", "--config", "conf/lightspeed.toml", "--source-root", "pkg", "--python", support.PYTHON)
        document = support.document(self.expect(OK, self.lightspeed(*arguments)))
        self.assertEqual(self.medians(document), {"n=1,mode=a": 11, "n=2,mode=a": 21})
        self.assertEqual(document["bench"]["name"], "ten")


if __name__ == "__main__":
    unittest.main()
