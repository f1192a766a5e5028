"""`lightspeed sweep` as a user has it: a real sweep with its numbers worked out again, axes, configurations, and what is written."""

import csv
import html.parser
import io
import itertools
import json
import math
import os
import re
import statistics
import sysconfig
import unittest

from sweeps import ERROR, FAILED, NOTHING, OK, QUICK, REAL, SweepCase, by_id, counted, joined, journal_lines, support

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
            (("--axis", "e=1,2", "--derive", "a = 1 / e", *command[:-1], "{e}"), "e is a number or function of its own"),
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
            (("--zip", *n, "--axis", "m=1", *command, "{m}"), "n has 2, m has 1"),
            ((*n, "--along", "m", *command), "no axis m"),
            (("--axis", "n=0.5,2", "--workers", "n", *command), "cannot count workers"),
            ((*n, "--only", "m", *command), "no axis m to sweep"),
            (command, "there is no axis to sweep"),
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
            (good.replace("axes", "# axes"), "1:1", "there is no axis"),
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


class Written(SweepCase):
    """What comes of a sweep beside the document."""

    def test_files(self):
        command = self.program('tell(q=float(len(point[0])))\nif point[0] == "c*|d": sys.exit("no | *such*\\nmode")\n', "{mode}")
        document = self.sweep("--axis", "mode=a,bb,c*|d", "--repeat", "2", "--expect", "q", "--metric", "q", "--output", "out.json",
                              "--csv", "out.csv", "--markdown", "out.md", *command, code=FAILED)
        self.assertEqual(json.loads(self.read("out.json")), document)
        rows = list(csv.DictReader(io.StringIO(self.read("out.csv"))))
        self.assertEqual([(row["mode"], row["status"], row["q_median"], row["q_n"]) for row in rows],
                         [("a", "ok", "1", "2"), ("bb", "ok", "2", "2"), ("c*|d", "failed", "", "")])
        self.assertEqual([row["median_of_wall"] == "" for row in rows], [False, False, True], "a point that failed has no numbers")
        self.assertEqual(float(rows[1]["speedup"]), document["points"][1]["speedup"]["estimate"])
        self.assertEqual(float(rows[0]["median_of_wall"]), document["points"][0]["metrics"]["wall"]["spread"]["median"])
        self.assertEqual((rows[2]["reason"], rows[1]["speedup_low"]), ("exited with 1", ""))
        self.check_markdown(self.read("out.md"))
        shown = self.expect(OK, self.lightspeed("show", "out.json")).stdout
        self.assertIn("c*|d", shown)
        self.assertIn("mode=c*|d: exited with 1\n    no | *such*\n    mode\n", shown)
        self.assertEqual(list(csv.reader(io.StringIO(self.expect(OK, self.lightspeed(
            "sweep", "--axis", "n=1", *QUICK, "--csv", "-", "--", "true", "{n}")).stdout)))[1][:2], ["1", "ok"])

    def check_markdown(self, text):
        table = [line for line in text.splitlines() if line.startswith("|")]
        self.assertEqual(len(table), 5)
        self.assertEqual(len({len(re.findall(r"(?<!\\)\|", line)) for line in table}), 1, "every row has the same cells")
        self.assertIn("c&#42;&#124;d", text)
        self.assertNotIn("*", text)

    def test_quiet_and_what_is_said_meanwhile(self):
        arguments = ("sweep", "--axis", "n=1,2", *QUICK, "--", "true", "{n}")
        loud = self.expect(OK, self.lightspeed(*arguments))
        self.assertIn("2 points, 1 rounds: 2 runs", loud.stderr.replace("1 round:", "1 rounds:"))
        quiet = self.expect(OK, self.lightspeed(arguments[0], "--quiet", *arguments[1:]))
        self.assertEqual(quiet.stderr, "")
        self.assertIn("2 points, 2 ok; 2 runs", quiet.stdout)

    def test_what_is_to_be_kept_in_mind(self):
        document = self.sweep("--axis", "workers=1,4096", "--repeat", "15", "--", "true", "{workers}")
        texts = {warning["kind"]: warning["text"] for warning in document["warnings"]}
        self.assertIn("workers goes up to 4096", texts["oversubscribed"])
        short = sum(point["spread"]["median"] < 0.005 for point in document["points"])
        self.assertEqual(texts.get("too_short", "0 of 2 points")[:13], f"{short} of 2 points")
        alone = self.sweep("--axis", "n=1,4096", *QUICK, "--", "sleep", "0.0{n}")
        self.assertEqual(alone["warnings"], [])

    def test_one_run_has_no_spread_and_no_interval(self):
        (point, other) = self.sweep("--axis", "n=1,2", *QUICK, "--", "true", "{n}")["points"]
        for spread in (point["spread"], other["metrics"]["cpu"]["spread"]):
            self.assertEqual([spread[name] for name in ("n", "stdev", "min", "max")], [1, None, None, None])
            self.assertEqual(spread["median"], spread["mean"])
        self.assertEqual(other["speedup"]["interval"], {"low": None, "high": None, "level": 0.95})
        self.assertIn("give at least 6", other["note"])

    def test_a_metric_without_a_value_in_every_run(self):
        command = self.program('count = sum(line.split() == point for line in open("log"))\ntell(odd=count % 2 * (point[0] == "2"), k=count)\n', "{n}")
        document = self.sweep("--axis", "n=1,2", "--warmup", "0", "--repeat", "6", "--expect", "odd", "--expect", "k", "--derive", "half = 0 / odd",
                              "--derive", "d = k / (n - 1)", "--derive", "per = n / k", "--metric", "half", *command)
        one, two = document["points"]
        self.assertEqual((one["metrics"]["half"]["spread"], two["metrics"]["half"]["spread"]), (None, None))
        self.assertEqual((one["metrics"]["d"]["spread"], two["metrics"]["d"]["spread"]["max"]), (None, 6))
        self.assertEqual((one["spread"], two["spread"], two["speedup"]), (None, None, None))
        self.assertEqual(two["note"], "not every run gave half")
        self.assertAlmostEqual(two["metrics"]["per"]["spread"]["median"], 2 / 3.5, delta=0.05)

    def test_an_axis_keeps_its_name_in_expressions(self):
        command = self.program("tell(workers=100)\n", "{workers}")
        (point,) = self.sweep("--axis", "workers=2", *QUICK, "--derive", "twice = workers * 2", *command)["points"]
        self.assertEqual(point["metrics"]["twice"]["spread"]["median"], 4)
        self.assertEqual(point["metrics"]["workers"]["spread"]["median"], 100, "what a frame told is told")

    def test_a_budget_ends_the_running(self):
        document = self.sweep("--axis", "n=1,2", "--budget", "1s", "--repeat", "50", "--seed", "1", "--", "sleep", "0.{n}")
        spent = [run["wall_s"] for run in document["samples"]]
        self.assertTrue(sum(spent[:-1]) < 1 <= sum(spent), spent)
        self.assertEqual([warning["kind"] for warning in document["warnings"]], ["unfinished"])
        self.assertFalse(document["interrupted"])
        more = self.sweep("--axis", "n=1,2", "--budget", "0.1s", "--repeat", "50", "--resume", "--", "sleep", "0.{n}")
        self.assertEqual(more["samples"], document["samples"], "what was run stays, whatever the budget")
        hang = self.sweep("--axis", "n=1..9", "--budget", "0.5s", "--timeout", "0.3", "--warmup", "0", "--", "sleep", "3{n}", code=FAILED)
        self.assertEqual([run["status"] for run in hang["samples"]], ["timed_out"] * 2, "failures take their time too")
        self.assertEqual(sum(point["status"] == "not_run_budget" for point in hang["points"]), 7)
        nothing = self.sweep("--axis", "n=1,2", "--budget", "0.05s", "--", "sleep", "0.{n}", code=NOTHING)
        self.assertEqual([run["warmup"] for run in nothing["samples"]], [True])

    def test_terminals_narrow_and_wide(self):
        self.sweep("--axis", "workers=1,2,4", "--axis", "mode=a,b", "--output", "out.json", "--repeat", "2", "--warmup", "0",
                   "--", "sleep", "0.0{workers}{mode}", code=FAILED)
        self.sweep("--axis", "workers=1,2,4", "--axis", "size=16x16,8x8", "--output", "out.json", "--derive", "rate = size / wall",
                   "--repeat", "2", "--warmup", "0", "--", "sh", "-c", ": {size}; sleep 0.0{workers}")
        narrow, wide = (support.in_terminal(self.folder, columns, "show", "out.json")[1] for columns in (60, 120))
        plots, table = narrow.split("\n\n")[:2], narrow.split("\n\n")[2].splitlines()
        for plot, name in zip(plots, ("wall", "speed-up")):
            self.assertEqual(plot.splitlines()[0], name)
            self.assertIn("size=16x16", plot.splitlines()[-1])
        self.assertIn("ideal", plots[1])
        self.assertEqual(len(table), 7)
        self.assertLessEqual(max(map(len, narrow.split("no law")[0].splitlines())), 60, narrow)
        self.assertLessEqual(max(map(len, wide.split("no law")[0].splitlines())), 120, wide)
        self.assertEqual(table[0].split(), ["size", "workers", "wall", "speed-up", "efficiency", "rate"])
        self.assertIn("min … max", wide)
        self.assertEqual(narrow.count("no law along workers"), 1, "what holds for every line is said once")

    def test_the_page_is_one_that_loads_nothing_and_says_nothing_else(self):
        command = self.program("import sys, time\nif sys.argv[1] == '4': sys.exit('<script>no</script>')\ntime.sleep(0.01)\n", "{n}", "{mode}")
        self.sweep("a<b", "--axis", "n=1,2,4", "--axis", "mode=a&b,'c'", *QUICK, "--html", "page.html", *command, code=FAILED)
        with open(os.path.join(self.folder, "page.html"), encoding="utf-8") as file:
            page = Page(file.read())
        self.assertEqual(page.open, [], "every element is closed")
        self.assertNotIn("script", page.seen)
        self.assertEqual([value for name, value in page.attributes if name in ("src", "href")], [])
        self.assertEqual((page.seen.count("svg"), page.seen.count("tr")), (1, 7))
        for text in ("a<b", "a&b", "'c'", "<script>no</script>", "n=4,mode=a&b"):
            self.assertTrue(any(text in each for each in page.texts), text)

    def test_the_journal_has_every_run_before_the_document(self):
        document = self.sweep("--axis", "n=1,2", "--repeat", "2", "--", "true", "{n}")
        (path,) = self.journals()
        self.assertEqual(document["journal"], path)
        head, *runs = journal_lines(path)
        self.assertEqual((head["schema"], head["id"], head["hash"]), ("lightspeed.sweep-journal/1", document["id"], document["hash"]))
        self.assertEqual(runs, document["samples"])


class Page(html.parser.HTMLParser):
    """The elements of a page, and what it says."""

    EMPTY = ("meta",)

    def __init__(self, text):
        super().__init__()
        self.seen, self.open, self.attributes, self.texts = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append(data)


if __name__ == "__main__":
    unittest.main()
