"""Sweeps in which points fail, each in a way of its own, and journals that cannot be made."""

import os
import re
import unittest

from sweeps import ERROR, FAILED, OK, QUICK, SweepCase, by_id

FAULTS = """mode, workers = point
if mode == "crash" and workers == "2":
    print("Traceback", "  the reason" + chr(27) + "[31m", sep=chr(10), file=sys.stderr)
    sys.exit(7)
if mode == "signal" and workers == "2":
    print("about to", file=sys.stderr, flush=True)
    os.kill(os.getpid(), 9)
if mode == "hang" and workers == "1":
    import time
    print("waiting", file=sys.stderr, flush=True)
    time.sleep(60)
if mode == "garbage" and workers == "2":
    print("--- lightspeed frame ---", "{no json", "--- end of frame ---", sep=chr(10))
    sys.exit()
if mode == "silent" and workers == "2":
    sys.exit()
if mode == "other" and workers == "2":
    tell(quality=1)
    sys.exit()
if mode == "late" and workers == "2" and open("log").read().split(chr(10)).count("late 2") > 3:
    sys.exit("too late")
tell(told=int(workers) * 10)
"""
REASONS = {
    "mode=crash,workers=2": ("failed", "exited with 7", 1),
    "mode=signal,workers=2": ("failed", "was ended by signal 9", 1),
    "mode=hang,workers=1": ("timed_out", "took longer than 1.5 s", 1),
    "mode=garbage,workers=2": ("failed", "a frame is not as", 1),
    "mode=silent,workers=2": ("failed", "it printed no frame, which must tell told", 1),
    "mode=other,workers=2": ("failed", "its frame does not, which must tell told", 1),
    "mode=late,workers=2": ("failed", "exited with 1", 4),
}

class Faults(SweepCase):
    """One point of each mode fails in its own way."""

    def test_points_that_fail_and_points_that_do_not(self):
        command = self.program(FAULTS, "{mode}", "{workers}")
        modes = ["crash", "signal", "hang", "garbage", "silent", "other", "late", "fine"]
        document = self.sweep("--axis", "mode=" + ",".join(modes), "--axis", "workers=1,2", "--timeout", "1.5", "--warmup", "1", "--repeat", "4",
                              "--expect", "told", "--metric", "told", "--better", "higher", "--output", "out.json", *command, code=FAILED)
        points = by_id(document)
        self.assertEqual({id for id, point in points.items() if point["status"] != "ok"}, set(REASONS))
        for id, (status, reason, runs) in REASONS.items():
            point = points[id]
            self.assertEqual((id, point["status"], point["reason"][:len(reason)]), (id, status, reason))
            self.assertEqual(self.log().count(id.replace("mode=", "").replace(",workers=", " ")), runs, "it is not run again")
            self.assertEqual((point["spread"], point["speedup"], point["efficiency"]), (None, None, None))
            self.assertEqual(point["note"], "it gave no values")
        for id in points.keys() - REASONS.keys():
            self.assertEqual((points[id]["spread"]["n"], points[id]["spread"]["median"]), (4, points[id]["values"]["workers"] * 10))
        self.assertEqual(points["mode=crash,workers=2"]["stderr"], "Traceback\n  the reason\x1b[31m")
        self.assertEqual([points[f"mode={mode}"]["stderr"] for mode in ("signal,workers=2", "hang,workers=1", "late,workers=2")],
                         ["about to", "waiting", "too late"])
        suppressed = points["mode=hang,workers=2"]
        self.assertEqual((suppressed["speedup"], suppressed["note"]), (None, "the point that it is compared with gave no values"))
        self.assertAlmostEqual(points["mode=fine,workers=2"]["speedup"]["estimate"], 2, delta=1e-12)
        self.check_text(self.expect(OK, self.lightspeed("show", "out.json")).stdout)

    def check_text(self, text):
        self.assertIn("mode=crash,workers=2: exited with 7\n    Traceback\n      the reason [31m\n", text)
        self.assertIn("mode=hang,workers=1: took longer than 1.5 s\n    waiting\n", text)
        self.assertNotIn("\x1b", text)
        self.assertIn("16 points, 9 ok, 6 failed, 1 timed out; ", text)

    def test_long_complaints_are_cut_in_the_middle_of_nothing(self):
        command = self.program('sys.exit("ä" * 5000 + "end")\n', "{n}")
        (point,) = self.sweep("--axis", "n=1", *QUICK, *command, code=FAILED)["points"]
        self.assertRegex(point["stderr"], "^ä+end$")
        self.assertLessEqual(len(point["stderr"].encode()), 2000)


class Journals(SweepCase):
    def test_names_of_any_kind(self):
        for name in ("../../x", "ä ö/" * 30, "", ".", "𝒳" * 90):
            answer = self.expect(OK, self.lightspeed("sweep", *QUICK, "--axis", "n=1", name, "--", "true", "{n}"))
            self.assertIn("1 point, 1 ok; 1 run, ", answer.stdout)
        self.assertEqual(len(self.journals()), 5)
        for path in self.journals():
            self.assertRegex(os.path.basename(path), r"^[^/ ]*-\d{8}T\d{6}-[0-9a-f]{8}(-\d+)?\.jsonl$")

    def test_a_directory_that_cannot_be_used(self):
        self.write({"plain": ""})
        answer = self.expect(ERROR, self.lightspeed("sweep", *QUICK, "--axis", "n=1", "--results-dir", "plain", *self.program("", "{n}")))
        self.assertTrue(re.search(r"plain/sweeps cannot be made: ", answer.stderr), answer.stderr)
        self.assertEqual(self.log(), [])


if __name__ == "__main__":
    unittest.main()
