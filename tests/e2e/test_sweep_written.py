"""What comes of a sweep beside the document: files, tables, warnings, and what becomes of numbers that are not there."""

import csv
import html.parser
import io
import json
import os
import re
import unittest

from sweeps import FAILED, NOTHING, OK, QUICK, SweepCase, journal_lines, support


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
        self.assertIn("2 points, 1 round: 2 runs", loud.stderr)
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
        (point,) = self.sweep("--axis", "workers=2", "--axis", "e=5", *QUICK, "--derive", "twice = workers * 2", "--derive", "own = e + 1e1",
                              "--derive", "memory = max_rss / 1", *command, "{e}")["points"]
        self.assertEqual([point["metrics"][name]["spread"]["median"] for name in ("twice", "own")], [4, 15])
        self.assertEqual(point["metrics"]["memory"]["spread"], point["metrics"]["max_rss"]["spread"])
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

    def test_terminals_narrow_and_wide(self):
        self.sweep("--axis", "workers=1,2,4", "--axis", "size=16x16,8x8", "--output", "out.json", "--derive", "rate = size / wall",
                   "--derive", "per worker = 1 / wall", "--repeat", "2", "--warmup", "0", "--", "sh", "-c", ": {size}; sleep 0.0{workers}")
        narrow, wide = (support.in_terminal(self.folder, columns, "show", "out.json")[1] for columns in (60, 120))
        table, wide_table = (text[re.search("^size +workers", text, re.MULTILINE).start():].split("\n\n")[0].splitlines() for text in (narrow, wide))
        self.assertEqual((len(table), len(wide_table)), (7, 7))
        self.assertLessEqual(max(map(len, table)), 60, narrow)
        self.assertLessEqual(max(map(len, wide_table)), 120, wide)
        self.assertEqual(table[0].split(), ["size", "workers", "wall", "speed-up", "efficiency"])
        self.assertIn("min … max", wide)
        for text in (narrow, wide):
            plots = text.split("\n\n")[:2]
            self.assertEqual([plot.splitlines()[0] for plot in plots], ["wall", "speed-up"])
            self.assertTrue("ideal" in plots[1] and "size=16x16" in plots[0], text)
            self.assertLessEqual(max(map(len, "\n".join(plots).splitlines())), 60 if text is narrow else 120, text)
        self.assertIn("rate  per worker", wide)
        self.assertNotIn("interval", table[0] + wide_table[0], "nobody has one")
        self.assertIn("4 points: too few rounds for an interval: give at least 6", narrow)
        self.assertEqual(narrow.count("no law along workers"), 1, "what holds for every line is said once")

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
