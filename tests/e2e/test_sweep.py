"""`lightspeed sweep` as a user has it: a real sweep with its numbers worked out again, axes, configurations."""

import itertools
import json
import math
import os
import statistics
import sysconfig
import unittest

from sweeps import ERROR, OK, QUICK, REAL, SweepCase, by_id, counted, joined, support

PACK = """import json, multiprocessing, os, sys, zlib
workers, level, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

def frame(**inner):
    print("--- lightspeed frame ---", json.dumps(inner), "--- end of frame ---", sep=chr(10), flush=True)

def pack(chunk):
    return len(zlib.compress(chunk, level))

if __name__ == "__main__":
    names = sorted(name for name in os.listdir(folder) if name.endswith(".py"))
    text = b"".join(open(os.path.join(folder, name), "rb").read() for name in names)[:2 << 20]
    chunks = [text[at:at + (64 << 10)] for at in range(0, len(text), 64 << 10)]
    done = 5
    frame(counters={"chunks": done})
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        alive = len(multiprocessing.active_children())
        sizes = pool.map(pack, chunks, chunksize=4)
    done += len(sizes)
    packed = sum(sizes)
    frame(counters={"chunks": done, "alive": {"value": alive, "kind": "gauge"}},
          metrics={"bytes": {"value": len(text), "unit": "bytes"}, "packed": {"value": packed, "unit": "bytes"},
                   "ratio": {"value": packed / len(text), "unit": "share"}})
"""


def signed_rank_interval(ratios, alpha):
    """Median and ends of the Walsh averages of ln ratios, by the exact distribution of the rank sum of `len(ratios)` signs."""
    logs = [math.log(ratio) for ratio in ratios]
    walsh = sorted((a + b) / 2 for a, b in itertools.combinations_with_replacement(logs, 2))
    ways = {0: 1}
    for rank in range(1, len(logs) + 1):
        with_rank = {}
        for total, count in ways.items():
            for more in (0, rank):
                with_rank[total + more] = with_rank.get(total + more, 0) + count
        ways = with_rank
    below, outside = 0, 0
    while below + ways[outside] <= alpha / 2 * 2 ** len(logs):
        below += ways[outside]
        outside += 1
    ends = (math.exp(walsh[outside - 1]), math.exp(walsh[-outside])) if outside else (None, None)
    return math.exp(statistics.median(walsh)), *ends


class Real(SweepCase):
    """Python's own library packed by several processes."""

    def setUp(self):
        super().setUp()
        self.write({"pack.py": PACK})
        self.command = ["--", *REAL, self.path("pack.py"), "{workers}", "{level}", sysconfig.get_path("stdlib")]

    def check_order(self, document, rounds):
        orders = [[run["point"] for run in document["samples"] if run["round"] == number and not run["warmup"]] for number in range(rounds)]
        for order in orders:
            self.assertEqual(sorted(order), list(range(len(document["points"]))))
        self.assertGreater(len({tuple(order) for order in orders}), 1, "rounds have orders of their own")
        rounds_in_time = [(not run["warmup"], run["round"]) for run in document["samples"]]
        self.assertEqual(rounds_in_time, sorted(rounds_in_time), "warm-ups first, then round after round")
        return orders

    def test_workers_by_levels(self):
        document = self.sweep("--axis", "workers=2,1", "--axis", "level=1,6,9", "--seed", "11", "--expect", "bytes", "--expect", "ratio",
                              "--expect", "chunks", "--derive", "throughput = bytes / wall", "--derive", "each = bytes / wall / workers",
                              *self.command)
        points = by_id(document)
        self.assertEqual(list(points), [f"workers={workers},level={level}" for workers in (2, 1) for level in (1, 6, 9)])
        self.assertEqual({(point["status"], point["spread"]["n"]) for point in points.values()}, {("ok", 6)})
        self.assertEqual((document["bench"]["seed"], document["interrupted"], len(document["samples"])), (11, False, 6 * 7))
        self.check_order(document, 6)
        self.check_what_frames_told(points)
        for place, point in enumerate(document["points"]):
            with self.subTest(point["id"]):
                self.check_numbers(document, place, point)
        self.assertEqual([line["fixed"] for line in document["lines"]], [{"level": level} for level in (1, 6, 9)])
        self.assertEqual([line["points"] for line in document["lines"]], [[3, 0], [4, 1], [5, 2]], "the fewest workers first")

    def check_what_frames_told(self, points):
        told = {level: {json.dumps(points[f"workers={workers},level={level}"]["metrics"]["packed"]) for workers in (1, 2)}
                for level in (1, 6, 9)}
        self.assertEqual({len(sizes) for sizes in told.values()}, {1}, "how many work changes nothing of the result")
        ratio = [points[f"workers=1,level={level}"]["metrics"]["ratio"]["spread"]["median"] for level in (1, 6, 9)]
        self.assertTrue(0.1 < ratio[2] <= ratio[1] < ratio[0] < 0.5, ratio)
        for point in points.values():
            metrics = {name: metric["spread"]["median"] for name, metric in point["metrics"].items()}
            self.assertEqual(metrics["chunks"], 32, "less what it began with")
            self.assertEqual(metrics["alive"], point["values"]["workers"])
            self.assertEqual((metrics["bytes"], point["metrics"]["bytes"]["unit"]), (2 << 20, "bytes"))

    def check_numbers(self, document, place, point):
        runs, base = counted(document, place), counted(document, point["base"])
        walls = [run["metrics"]["wall"]["value"] for run in runs]
        spread = point["spread"]
        self.assertEqual((spread["median"], spread["min"], spread["max"]), (statistics.median(walls), min(walls), max(walls)))
        self.assertAlmostEqual(spread["mean"], statistics.fmean(walls), delta=1e-12)
        self.assertAlmostEqual(spread["stdev"], statistics.stdev(walls), delta=1e-12)
        workers = point["values"]["workers"]
        rates = [run["metrics"]["bytes"]["value"] / run["metrics"]["wall"]["value"] for run in runs]
        self.assertEqual(point["metrics"]["throughput"]["spread"]["median"], statistics.median(rates))
        self.assertEqual(point["metrics"]["each"]["spread"]["median"], statistics.median(rate / workers for rate in rates))
        own_base = document["points"][point["base"]]
        self.assertEqual(own_base["values"], {"workers": 1, "level": point["values"]["level"]})
        ratios = [a["metrics"]["wall"]["value"] / b["metrics"]["wall"]["value"] for a, b in zip(base, runs)]
        gain, efficiency = point["speedup"], point["efficiency"]
        for found, expected in zip(ends(gain), signed_rank_interval(ratios, 0.05)):
            self.assertAlmostEqual(found, expected, delta=1e-12 * expected)
        for found, expected in zip(ends(efficiency), ends(gain)):
            self.assertAlmostEqual(found, expected / workers, delta=1e-12)
        self.assertIsNone(point["note"])

    def test_the_seed_decides_the_order(self):
        words = ("--axis", "n=1..6", "--warmup", "0", "--repeat", "4", "--seed")
        command = self.program("", "{n}")
        orders = [self.check_order(self.sweep(*words, seed, *command), 4) for seed in ("5", "5", "6")]
        self.assertEqual(orders[0], orders[1])
        self.assertNotEqual(orders[0], orders[2])
        ids = [f"{place + 1}" for order in orders for place in itertools.chain.from_iterable(order)]
        self.assertEqual(self.log(), ids, "what is told is what was run")


def ends(gain):
    return gain["estimate"], gain["interval"]["low"], gain["interval"]["high"]


class Axes(SweepCase):
    def ids(self, *arguments, code=OK):
        """The points of a dry run."""
        answer = self.expect(code, self.lightspeed("sweep", "--dry-run", *arguments))
        return [line.split("  ")[0] for line in answer.stdout.splitlines()[:-1]]

    def test_every_spelling(self):
        for text, values in (
            ("n=1,2,4", ["1", "2", "4"]),
            (" n = 3 , 1 ", ["3", "1"]),
            ("n=1..4", ["1", "2", "3", "4"]),
            ("n=1..16 step 5", ["1", "6", "11", "16"]),
            ("n=4..5,9,20..30 step 10", ["4", "5", "9", "20", "30"]),
            ("n=log2 1..9", ["1", "2", "4", "8"]),
            ("n=-1..1", ["-1", "0", "1"]),
            ("n=0.1..0.3 step 0.1", ["0.1", "0.2", "0.3"]),
            ("n:float=1,2", ["1", "2"]),
            ("n=16x16,64x4x2", ["16x16", "64x4x2"]),
            ("n=fast,very slow,ä", ["fast", "very slow", "ä"]),
            ("n:text=01,1", ["01", "1"]),
        ):
            with self.subTest(text):
                self.assertEqual(self.ids("--axis", text, "--", "echo", "{n}"), [f"n={value}" for value in values])
                given = self.sweep("--axis", text, *QUICK, *self.program("", "{n}"))
                self.assertEqual(sorted(self.log()), sorted(values), "what a command gets")
                self.assertEqual([str(point["values"]["n"]).removesuffix(".0") for point in given["points"]], values)
                os.remove(self.path("log"))
        self.assertEqual(self.ids("--axis", "a=1,2", "--axis", "b=x,y", "--", "echo", "{a}{b}"), ["a=1,b=x", "a=1,b=y", "a=2,b=x", "a=2,b=y"])
        self.assertEqual(self.ids("--zip", "--axis", "a=1,2", "--axis", "b=x,y", "--", "echo", "{a}{b}"), ["a=1,b=x", "a=2,b=y"])
        self.assertEqual(self.ids("--zip", "--only", "a", "--axis", "a=1,2", "--axis", "b=x,y,z", "--", "echo", "{a}{b}"), ["a=1,b=x", "a=2,b=x"])
        self.assertEqual(self.ids("--only", "b", "--axis", "a=1,2", "--axis", "b=x,y", "--", "echo", "{a}{b}"), ["a=1,b=x", "a=1,b=y"])

    def test_a_dry_run_runs_nothing_and_says_what_it_would(self):
        command = self.program("", "{n}", "a b")
        answer = self.expect(OK, self.lightspeed("sweep", "--dry-run", "--axis", "n=1,2", "--repeat", "3", *command))
        words = [*command[1:-2], "1", "a b"]
        self.assertEqual(answer.stdout.splitlines()[0], "n=1  " + joined(words))
        self.assertEqual(answer.stdout.splitlines()[-1], "2 points, 4 rounds: 8 runs")
        self.assertEqual((self.log(), self.journals(), os.listdir(self.folder)), ([], [], ["program.py"]))

    def test_all_is_looked_at_before_the_first_run(self):
        command = self.program("", "{n}")
        self.write({"exists-1": "#!/bin/sh\n"})
        os.chmod(self.path("exists-1"), 0o755)
        os.mkdir(self.path("folder-1"))
        n = ("--axis", "n=1,2")
        for arguments, *words in (
            ((*n, "--axis", "m=1,2", *command), "does not say {m}"),
            ((*n, *command, "{workers}"), "says {workers}", "axes are n", "{{workers}}"),
            ((*n, "--", "./exists-{n}"), "at n=2", "./exists-2 was not found"),
            ((*n, "--cwd", "folder-{n}", *command), "at n=2", "folder-2"),
            ((*n, "--derive", "a = n /", *command), "a = n / cannot be worked out"),
            ((*n, "--derive", "a = n / requests", *command), "there is no number requests; there are n, wall"),
            ((*n, "--derive", "a", *command), '"a" has no \'=\''),
            ((*n, "--derive", "= n", *command), "needs a name"),
            ((*n, "--derive", "wall = n", *command), "two things are called wall"),
            (("--axis", "mode=a,b", "--derive", "a = 1 / mode", *command[:-1], "{mode}"), "there is no number mode"),
            ((*n, "--expect", "n", *command), "two things are called n"),
            ((*n, "--metric", "requests", *command), "there is no metric requests", "wall, user, sys, cpu, max_rss"),
            ((*n, "--metric", "n", *command), "there is no metric n"),
            (("--axis", "n:int=1,x", *command), '"x" on the axis n is not a whole number'),
            (("--axis", "n:whole=1", *command), '"whole" is no kind of values'),
            (("--axis", "n=1,2,1", *command), "the axis n has the value 1 twice"),
            (("--axis", "n=1,1.0,x", "--axis", "n", *command), '"n" is no axis'),
            (("--axis", "n=", *command), "the axis n has no values"),
            (("--axis", "n=4..1", *command), '"4..1" is no range'),
            (("--axis", "n=log2 0..4", *command), "is no range"),
            (("--axis", "2n=1", *command), 'cannot be called "2n"'),
            (("--axis", "n=1..200", "--axis", "m=1..200", *command, "{m}"), "more than 10000 points"),
            (("--zip", *n, "--axis", "m=1,2,3", *command, "{m}"), "n has 2, m has 3"),
            ((*n, "--along", "m", *command), "no axis m"),
            (("--axis", "n=0.5,2", "--workers", "n", *command), "cannot count workers"),
            ((*n, "--only", "m", *command), "no axis m to sweep"),
            (command, "a sweep needs an axis"),
            (n, "there is nothing to sweep"),
            ((*n, "--env", "=x", *command), "environment variable"),
            (("--benchmark", "b", "--env", "A=1"), "leave --cwd and --env out"),
            (("--benchmark", "b", "--only", "n"), "name them with --axis"),
        ):
            with self.subTest(arguments):
                self.refused(arguments, *words)

    def test_directories_and_variables_mention_axes(self):
        self.write({"in-1/here": "one", "in-2/here": "two"})
        program = 'import os\ntell(n=float(os.environ["N"]), size=len(open("here").read()), home=float("HOME" in os.environ))\n'
        command = self.program(program.replace("\n", "\n", 1), "x")
        document = self.sweep("--axis", "n=1,2", "--cwd", "in-{n}", "--env", "N={n}0", "--env", "HOME", *QUICK, *command)
        told = [[point["metrics"][name]["spread"]["median"] for name in ("n", "size", "home")] for point in document["points"]]
        self.assertEqual(told, [[10, 3, 0], [20, 3, 0]])
        self.assertEqual((self.read("in-1/log"), self.read("in-2/log")), ("x\n", "x\n"))
        self.assertEqual(document["bench"]["subject"]["command"]["env"], [["N", "{n}0"], ["HOME", None]])


TOML = """results_dir = "out"

[[sweep]]
name = "all keys"
command = ["python", "program.py", "{n}", "{mode}", "{size}"]
axes = ["n=1,2,4", { name = "mode", values = ["a", "b"], default = "b" }, { name = "size", values = "2x2", kind = "shape" }]
cwd = "."
env = { N = "{n}", GONE = false }
repeat = 2
warmup = 0
timeout = "20s"
budget = "5min"
along = "n"
workers = "n"
metric = "rate"
better = "lower"
metrics = ["requests"]

[sweep.derived]
rate = { expression = "requests / 8", unit = "1/s", better = "higher" }
double = "rate_of_n * 2"
"""


class Configured(SweepCase):
    def setUp(self):
        super().setUp()
        self.program("tell(requests=int(point[0]) * 8)\n", "")
        self.toml = TOML.replace('"python"', json.dumps(REAL[0])).replace("rate_of_n", "n")

    def test_all_keys(self):
        self.write({"lightspeed.toml": self.toml, "below/x": ""})
        document = support.document(support.lightspeed(self.path("below"), "sweep", "--json"))
        self.assertEqual(len(document["points"]), 6)
        self.assertEqual(document["journal"].rpartition("/")[0], self.path("out", "sweeps"))
        bench = document["bench"]
        self.assertEqual([bench[key] for key in ("name", "warmup", "timeout_s", "budget_s", "metric", "better", "expects")],
                         ["all keys", 0, 20, 300, "rate", "lower", ["requests"]])
        self.assertEqual(document["metric"], {"name": "rate", "unit": "1/s", "better": "lower"})
        point = by_id(document)["n=4,mode=b,size=2x2"]
        self.assertEqual((point["spread"]["median"], point["metrics"]["double"]["spread"]["median"]), (4, 8))
        self.assertEqual((round(point["speedup"]["estimate"], 12), round(point["efficiency"]["estimate"], 12)), (0.25, 0.0625))
        self.assertEqual(len(self.log()), 12)

    def test_the_command_line_has_the_last_word(self):
        second = '\n[[sweep]]\nname = "second"\ncommand = ["true", "{m}"]\naxes = ["m=1"]\nrepeat = 1\n'
        self.write({"lightspeed.toml": self.toml})
        document = self.sweep("--only", "mode", "--axis", "n=7,8", "--repeat", "1", "--better", "higher", "--results-dir", "other")
        self.assertEqual([point["id"] for point in document["points"]], ["n=7,mode=a,size=2x2", "n=7,mode=b,size=2x2"])
        self.assertEqual((document["metric"]["better"], sorted(self.log())), ("higher", ["7 a 2x2", "7 b 2x2"]))
        self.assertEqual(os.path.dirname(document["journal"]), self.path("other", "sweeps"))
        by_default = self.sweep("--only", "n", "--axis", "n=1,2", "--repeat", "1")
        self.assertEqual([point["id"] for point in by_default["points"]], ["n=1,mode=b,size=2x2", "n=2,mode=b,size=2x2"])
        self.write({"lightspeed.toml": self.toml + second, "log": ""})
        self.refused((), "has several sweeps: name one of all keys, second")
        self.refused(("third",), "has no such sweep: there are all keys, second")
        self.assertEqual(self.sweep("second")["bench"]["name"], "second")

    def test_mistakes_have_their_place(self):
        good = '[[sweep]]\nname = "a"\ncommand = "true {n}"\naxes = ["n=1"]\n'
        for text, place, *words in (
            (good.replace("n=1", "n"), "4:9", "is no axis"),
            (good + 'repat = 3\n', "5:1", "repat", 'did you mean "repeat"?'),
            (good + 'benchmark = "b"\n', "1:1", "either a `command` or a `benchmark`"),
            ('[[sweep]]\nname = "a"\n', "1:1", "either a `command` or a `benchmark`"),
            ('[[sweep]]\ncommand = "true"\n', "1:1", '"name" is missing'),
            (good + "\n" + good, "7:8", 'two sweeps are called "a"'),
            (good.replace("{n}", "{m}"), "1:1", "does not say {n}"),
            (good.replace("axes", "# axes"), "1:1", "a sweep needs an axis"),
            (good + 'metric = "x"\n', "1:1", "there is no metric x"),
            (good + 'derived = { x = "n /" }\n', "1:1", "x = n / cannot be worked out"),
            (good + 'derived = { x = 3 }\n', "5:17", 'an expression such as "requests / wall"'),
            (good + 'suite = "asv.conf.json"\n', "1:1", "`suite` belongs to a `benchmark`"),
            ('[[sweep]]\nname = "a"\nbenchmark = "b"\nenv = { A = "1" }\n', "1:1", "leave `cwd` and `env` out"),
            (good + 'better = "more"\n', "5:10", "more"),
            (good + 'repeat = 0\n', "5:10", ""),
        ):
            with self.subTest(text):
                self.write({"lightspeed.toml": text})
                self.refused((), f"lightspeed.toml:{place}: ", *words)

    def test_a_file_with_sweeps_alone_has_no_benchmark(self):
        self.write({"lightspeed.toml": self.toml, "src/x.py": ""})
        answer = self.expect(ERROR, self.lightspeed("init", "--config", "lightspeed.toml", "--source-root", "src"))
        self.assertIn("there is no benchmark: add a [[benchmark]]", answer.stderr)


if __name__ == "__main__":
    unittest.main()
