"""Sweeps that were killed, interrupted or failed, and go on: what is run again, and that the document is that of one never stopped."""

import json
import os
import signal
import unittest

from sweeps import ERROR, FAILED, INTERRUPTED, OK, SweepCase, journal_lines, support

# What is another one in every sweep; all else is the same bytes for the same seed, where the metric is.
VOLATILE = {"id", "started_at", "journal"}
MEASURED = {"wall", "user", "sys", "cpu", "max_rss"}


def steady(document):
    """A document without what differs from sweep to sweep, and without measured numbers."""
    document = {name: value for name, value in json.loads(json.dumps(document)).items() if name not in VOLATILE}
    for point in document["points"]:
        point["metrics"] = {name: metric for name, metric in point["metrics"].items() if name not in MEASURED}
    for run in document["samples"]:
        run.pop("wall_s")
        run["metrics"] = {name: metric for name, metric in run["metrics"].items() if name not in MEASURED}
    return json.dumps(document, sort_keys=True)


# Slow where it is to be caught; tells the same number whenever it runs.
SLOW = """import time
if os.path.exists("slow"):
    time.sleep(0.05)
tell(told=int(point[0]) * 3)
"""


def arguments(repeat=6):
    return "--axis", "n=1,2,4", "--expect", "told", "--metric", "told", "--repeat", str(repeat), "--warmup", "1"


class Resumed(SweepCase):
    def setUp(self):
        super().setUp()
        self.command = self.program(SLOW, "{n}")
        self.write({"slow": ""})

    def stopped(self, runs, number):
        """Begins a sweep, sends it a signal after some runs, and returns how many runs are in its journal."""
        process = self.begin(*arguments(), "--seed", "4", *self.command)
        self.wait_for(process, runs)
        process.send_signal(number)
        process.wait(timeout=60)
        (path,) = self.journals()
        os.remove(self.path("slow"))
        with open(path, "rb") as file:
            return process.returncode, path, file.read().count(b"\n") - 1

    def resumed(self, *more, code=OK, runs=None, repeat=6):
        """The document of a resumed sweep, which made this many runs."""
        before = len(self.log())
        document = self.sweep(*arguments(repeat), "--resume", *more, *self.command, code=code)
        if runs is not None:
            self.assertEqual(len(self.log()) - before, runs)
        return document

    def uninterrupted(self, repeat=6):
        return self.sweep(*arguments(repeat), "--seed", "4", "--results-dir", "elsewhere", *self.command)

    def test_killed_in_the_middle(self):
        code, path, there = self.stopped(9, signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL)
        self.assertTrue(8 <= there < 21, there)
        document = self.resumed(runs=21 - there)
        self.assertEqual((document["journal"], self.journals()), (path, [path]))
        self.assertEqual(steady(document), steady(self.uninterrupted()))
        self.assertEqual(journal_lines(path)[1:], document["samples"])
        self.assertEqual(self.resumed(runs=0), document, "there is nothing left to do")
        more = self.resumed(repeat=8, runs=6)
        self.assertEqual(steady(more), steady(self.uninterrupted(repeat=8)))
        self.assertEqual(len(self.resumed(repeat=3, runs=0)["samples"]), 12)

    def test_the_last_line_is_torn(self):
        _, path, there = self.stopped(9, signal.SIGKILL)
        with open(path, "rb+") as file:
            file.truncate(os.path.getsize(path) - 20)
        self.assertEqual(steady(self.resumed(runs=21 - there + 1)), steady(self.uninterrupted()))

    def test_the_first_line_is_torn(self):
        _, path, _ = self.stopped(3, signal.SIGKILL)
        for keep in (0, 10, None):
            with open(path, "rb+") as file:
                head = file.readline()
                file.truncate(len(head) - 1 if keep is None else keep)
            self.assertNotEqual(self.resumed()["journal"], path)
            self.expect(OK, self.lightspeed("sweep", *arguments(), "--seed", "9", "--results-dir", "third", *self.command))
            for other in set(self.journals()) - {path}:
                os.remove(other)

    def test_a_line_in_the_middle_is_damaged(self):
        _, path, there = self.stopped(9, signal.SIGKILL)
        with open(path, "rb") as file:
            lines = file.readlines()
        before = len(self.log())
        for damage in (b"{}\n", lines[3][:30] + b"\n", b"\n", b"\xff\xfe\n", lines[0]):
            with open(path, "wb") as file:
                file.writelines([*lines[:3], damage, *lines[4:]])
            answer = self.expect(ERROR, self.lightspeed("sweep", *arguments(), "--resume", *self.command))
            (sentence,) = answer.stderr.strip().splitlines()
            self.assertIn(f"line 4 of {path} is no run of a sweep", sentence)
            self.assertIn("move the file away", sentence)
        self.assertEqual(len(self.log()), before)
        with open(path, "wb") as file:
            file.writelines(lines)
        self.resumed(runs=21 - there)

    def test_a_second_one_meanwhile(self):
        process = self.begin(*arguments(), "--seed", "4", *self.command)
        self.wait_for(process, 3)
        answer = self.expect(ERROR, self.lightspeed("sweep", *arguments(), "--resume", *self.command))
        self.assertIn("belongs to a sweep that is running", answer.stderr)
        os.remove(self.path("slow"))
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertEqual(len(self.log()), 21)

    def test_another_configuration_begins_anew(self):
        _, path, _ = self.stopped(9, signal.SIGKILL)
        with open(path, "rb") as file:
            before = file.read()
        n, told = ("--axis", "n=1,2,4"), ("--expect", "told")
        others = ((*n, *told, "--warmup", "0"), (*n, *told, "--env", "A=1"), ("--axis", "n=1,2,4,8", *told), ("--axis", "n=4,2,1", *told), n)
        for number, arguments in enumerate(others):
            answer = self.expect(OK, self.lightspeed("sweep", *arguments, "--repeat", "1", "--resume", *self.command))
            self.assertIn("there is no sweep of this configuration to go on with", answer.stderr)
            self.assertEqual(len(self.journals()), number + 2)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), before)
        for same in (("--timeout", "9"), ("--output-cap", "9000"), ("--alpha", "0.1"), ("--derive", "x = told / n"), ("--better", "higher")):
            self.assertEqual(self.sweep("--axis", "n=1,2,4", *told, "--resume", *same, *self.command)["journal"], path)

    def test_another_machine_is_refused(self):
        _, path, _ = self.stopped(9, signal.SIGKILL)
        with open(path, encoding="utf-8") as file:
            head, rest = json.loads(file.readline()), file.read()
        head["host"]["cpu"] = "Another One"
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(head) + "\n" + rest)
        answer = self.expect(ERROR, self.lightspeed("sweep", *arguments(), "--resume", *self.command))
        self.assertIn("begun on another kind of machine (Another One, ", answer.stderr)

    def test_an_interrupt_keeps_what_is_finished(self):
        code, path, there = self.stopped(9, signal.SIGINT)
        self.assertEqual(code, INTERRUPTED, self.read("stderr"))
        self.assertIn(", interrupted; ", self.read("stdout"))
        document = self.sweep(*arguments(), "--resume", "--budget", "1ms", *self.command)
        self.assertEqual(len(document["samples"]), there)
        self.assertEqual(steady(self.resumed(runs=21 - there)), steady(self.uninterrupted()))

    def test_an_interrupt_is_in_the_document(self):
        process = self.begin("--json", "--output", "out.json", *arguments(), *self.command)
        self.wait_for(process, 7)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), INTERRUPTED)
        document = json.loads(self.read("out.json"))
        self.assertEqual(support.schema_check.problems(document), [])
        self.assertTrue(document["interrupted"])
        self.assertEqual({point["status"] for point in document["points"]} - {"ok"}, {"not_run_budget"} & {point["status"] for point in document["points"]})
        self.assertEqual({run["status"] for run in document["samples"]}, {"ok"})
        self.assertIn("unfinished", [warning["kind"] for warning in document["warnings"]])

    def test_failed_points_are_run_again_if_asked(self):
        self.command = self.program('if point[0] == "4" and not os.path.exists("mended"): sys.exit("broken")\ntell(told=int(point[0]) * 3)\n', "{n}")
        first = self.sweep(*arguments(), "--seed", "4", *self.command, code=FAILED)
        self.assertEqual(len(self.log()), 2 * 7 + 1)
        self.write({"mended": ""})
        self.assertEqual(self.resumed(runs=0, code=FAILED), first)
        mended = self.resumed("--retry-failed", runs=7)
        self.assertEqual(steady(mended), steady(self.uninterrupted()))
        self.assertEqual(self.resumed(runs=0), mended, "the failure is forgotten")


if __name__ == "__main__":
    unittest.main()
