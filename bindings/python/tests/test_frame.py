"""Frames: what is printed, read back by json; what is refused; what it costs to import."""

import contextlib
import io
import json
import math
import unittest

from given import fresh

from lightspeed.frame import Frame

BEGIN, END = "--- lightspeed frame ---", "--- end of frame ---"


def printed(frame):
    """The objects between the lines of all frames that printing this one writes."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        frame.print()
    return [json.loads(rest.partition(f"\n{END}\n")[0]) for rest in out.getvalue().split(f"\n{BEGIN}\n")[1:]]


class Frames(unittest.TestCase):
    def test_numbers(self):
        """Every kind of number, exactly; the next frame begins empty."""
        frame = Frame()
        frame.metric('quality "é"', 0.1 + 0.2, "share", better="higher")
        frame.counter("requests", 120)
        frame.gauge("depth", math.ulp(0.0), "nodes")
        metrics = {'quality "é"': {"value": 0.30000000000000004, "unit": "share", "better": "higher"}}
        requests = {"value": 120, "unit": "", "better": "lower", "kind": "monotonic"}
        depth = {"value": 5e-324, "unit": "nodes", "better": "lower", "kind": "gauge"}
        self.assertEqual(printed(frame), [{"metrics": metrics, "counters": {"requests": requests, "depth": depth}}])
        self.assertEqual(printed(frame), [{"metrics": {}, "counters": {}}])

    def test_refused(self):
        """What the reader would refuse is a ValueError where it is told, and not in the frame."""
        frame = Frame()
        for tell in (frame.metric, frame.counter, frame.gauge):
            for name in ("", "a\nb", "\x85", "é" * 51, "\ud800"):
                with self.assertRaises(ValueError, msg=name):
                    tell(name, 1)
            for value in (math.nan, math.inf, -math.inf):
                with self.assertRaisesRegex(ValueError, "'a' is .*: a number in a frame must be finite"):
                    tell("a", value)
            with self.assertRaisesRegex(ValueError, "unit"):
                tell("a", 1, "\t")
            with self.assertRaisesRegex(ValueError, "'lower' or 'higher'"):
                tell("a", 1, better="more")
        self.assertEqual(printed(frame), [{"metrics": {}, "counters": {}}])

    def test_light(self):
        """Importing it loads neither ctypes nor the library."""
        code = "import sys, lightspeed.frame; print('ctypes' in sys.modules, 'lightspeed._library' in sys.modules)"
        done = fresh(code, LIGHTSPEED_LIBRARY="/nowhere/liblightspeed.so")
        self.assertEqual((done.stdout, done.stderr), ("False False\n", ""))


if __name__ == "__main__":
    unittest.main()
