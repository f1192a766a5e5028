"""Two drivers that take turns, the place where a body runs, and the peak of what it allocates."""

import os
import shutil
import tempfile
import time
import unittest

from support import DriverCase, each_python

LOGGED = """import os, time


def time_x():
    start = time.monotonic_ns()
    while time.monotonic_ns() < start + 1_000_000:
        pass
    with open(os.environ["LOG"], "a") as file:
        file.write("%d %d\\n" % (start, time.monotonic_ns()))


def time_slow():
    time.sleep(0.15)


def time_hangs():
    time.sleep(3)
"""
PLACED = """import os


def track_allowed():
    return len(os.sched_getaffinity(0))


def teardown():
    with open(os.environ["LOG"], "w") as file:
        file.write(str(len(os.sched_getaffinity(0))))


track_allowed.teardown = teardown


def track_child():
    os.waitpid(os.spawnvp(os.P_NOWAIT, "python3", ["python3", "-c", "for i in range(3_000_000): pass"]), 0)
    return 1
"""
ALLOCATES = """class Suite:
    def setup(self):
        self.before = [bytes(1000) for _ in range(5000)]

    def time_x(self):
        return len([bytes(1000) for _ in range(1000)])
"""


def sampling(repeat):
    return {"repeat": repeat, "number": 1, "warmup_time": 0}


@each_python
class Turns(DriverCase):
    def setUp(self):
        super().setUp()
        self.suite(LOGGED)
        self.folder = tempfile.mkdtemp(dir=self.temporary)
        self.logs = [os.path.join(self.root, side) for side in "ab"]

    def begin(self, side, name="time_x", repeat=20, begins=None, longest_s=30):
        """A driver that has begun to measure."""
        driver, first = self.serve(trace=False, LOG=self.logs[side])
        self.assertTrue(first["ok"], first)
        turns = {"folder": self.folder, "listens": side == 0, "longest_s": longest_s,
                 "begins": side == 0 if begins is None else begins}
        driver.send({"op": "run", "benchmark": "bench." + name, "param": None, "cache_dir": None, "timeout": 30, "fork": False,
                     "overrides": sampling(repeat), "cpu": 0, "turns": turns})
        return driver

    def end(self, driver, samples):
        reply = driver.receive()
        self.assertEqual((reply["outcome"], len(reply["samples"])), ("ok", samples), reply)
        return reply

    def calls(self):
        """(start, end, side) of every call."""
        found = []
        for side, log in enumerate(self.logs):
            with open(log) as file:
                found += [(*map(int, line.split()), side) for line in file]
        return sorted(found)

    def test_samples_alternate_and_never_overlap(self):
        drivers = [self.begin(0, begins=False), self.begin(1, begins=True)]
        replies = [self.end(driver, 20) for driver in drivers]
        calls = self.calls()
        self.assertEqual([side for _, _, side in calls], [1, 0] * 20)
        for (_, end, _), (start, _, _) in zip(calls, calls[1:]):
            self.assertLessEqual(end, start)
        for reply in replies:
            self.assertGreater(reply["waited_s"], 0.019)
            self.assertGreater(reply["cpus"], 0.2)

    def test_who_has_more_samples_ends_alone(self):
        drivers = [self.begin(0, repeat=3), self.begin(1, repeat=10)]
        self.end(drivers[0], 3)
        self.end(drivers[1], 10)

    def test_who_never_comes_is_not_waited_for_longer_than_it_lives(self):
        for side in (0, 1):
            driver = self.begin(side)
            time.sleep(0.3)
            shutil.rmtree(self.folder)
            self.end(driver, 20)
            os.mkdir(self.folder)

    def test_a_turn_that_takes_too_long_frees_the_other(self):
        hanging, free = self.begin(0, name="time_hangs", repeat=1), self.begin(1, longest_s=0.5)
        started = time.monotonic()
        self.end(free, 20)
        self.assertLess(time.monotonic() - started, 2.5)
        self.end(hanging, 1)

    def test_waiting_is_no_time_of_the_samples(self):
        drivers = [self.begin(0, name="time_slow", repeat=5), self.begin(1, repeat=[1, 5, 0.2])]
        self.end(drivers[0], 5)
        self.assertGreater(self.end(drivers[1], 5)["waited_s"], 0.5)


@each_python
class Place(DriverCase):
    def test_a_body_runs_on_the_processor_that_it_is_told_and_its_teardown_where_it_may(self):
        self.suite(PLACED)
        log = os.path.join(self.root, "log")
        driver, _ = self.serve(trace=False, LOG=log)
        everywhere = len(os.sched_getaffinity(0))
        self.assertEqual(self.ask_run(driver, "bench.track_allowed")["value"], everywhere)
        for number in range(2 * everywhere):
            self.assertEqual(self.ask_run(driver, "bench.track_allowed", cpu=number)["value"], 1)
            with open(log) as file:
                self.assertEqual(file.read(), str(everywhere))

    def test_children_keep_processors_busy_too(self):
        self.suite(PLACED)
        driver, _ = self.serve(trace=False)
        self.assertGreater(self.ask_run(driver, "bench.track_child")["cpus"], 0.3)


@each_python
class Allocations(DriverCase):
    def test_peaks_are_those_of_the_call(self):
        self.suite(ALLOCATES)
        driver, _ = self.serve(trace=False)

        def peak(tool):
            request = {"op": "allocate", "benchmark": "bench.Suite.time_x", "param": None, "cache_dir": None, "timeout": 60}
            reply = driver.ask(dict(request, tool=tool))
            self.assertEqual((reply["outcome"], reply["error"]), ("ok", None), reply)
            return reply

        self.assertAlmostEqual(peak("tracemalloc")["value"] / 1.04e6, 1, delta=0.03)
        rss = peak("rss")
        self.assertIsNone(rss["value"])
        self.assertGreater(rss["max_rss_bytes"], 6e6)
        by_memray = peak("memray")["value"]
        if self.version >= (3, 12):
            self.assertAlmostEqual(by_memray / 1.04e6, 1, delta=0.05)
        else:
            self.assertIsNone(by_memray, "memray is not installed there")


if __name__ == "__main__":
    unittest.main()
