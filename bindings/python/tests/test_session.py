"""Sessions, on a small suite of ASV: surveyed, selected from, measured, interrupted."""

import os
import pathlib
import shutil
import signal
import tempfile
import threading
import time
import unittest

import given
from given import support

import lightspeed

SLOW = {
    "benchmarks/bench.py": given.SUITE["benchmarks/bench.py"] + "\n\ndef time_slow():\n    import time\n\n    time.sleep(60)\n"
}


class Surveyed(unittest.TestCase):
    """Tests that share one survey; each has its own copy of the tree."""

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.kept.cleanup)
        folder = os.path.join(cls.kept.name, "suite")
        cls.events = []
        with open_session(given.suite(folder)) as session:
            cls.report = session.init(rounds=1, repeat=2, warmup_time=0.0, listener=cls.events.append)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "suite"
        shutil.copytree(os.path.join(self.kept.name, "suite"), self.folder)
        self.session = open_session(self.folder / "asv.conf.json")
        self.addCleanup(self.session.close)

    def edit(self):
        support.write(str(self.folder), given.EDIT)

    def test_init(self):
        """The report, its events, and that a second time does nothing."""
        self.assertEqual(self.report["schema"], "lightspeed.init/1")
        self.assertEqual((self.report["surveyed"], self.report["measured"]), (2, 2))
        self.assertIn(lightspeed.EventKind.BEGIN, {event.kind for event in self.events})
        self.assertEqual(self.session.init(rounds=1, repeat=2, warmup_time=0.0)["surveyed"], 0)
        self.assertTrue(self.session.database.is_file())
        self.assertIn(str(self.session.database), repr(self.session))
        self.assertEqual(sorted(self.session.results()["baselines"]), ["bench.time_one", "bench.time_two"])

    def test_select(self):
        """All ways to name a change agree; nothing changed affects nothing."""
        self.assertEqual(
            (len(self.session.select()), len(self.session.select([])), len(self.session.select(since="HEAD"))), (0, 0, 0)
        )
        self.edit()
        changed = pathlib.Path("pkg") / "core.py"
        for selection in (self.session.select(), self.session.select([changed]), self.session.select(since="HEAD")):
            self.assertEqual(selection.benchmarks, ["bench.time_two"])
            self.assertEqual(selection[0].reasons, (given.REASON,))
        everything = self.session.select(policy=lightspeed.Policy.FILE, hotfile_threshold=1.0)
        self.assertEqual(len(everything), 2)
        with self.assertRaises(TypeError):
            self.session.select([changed], since="HEAD")
        with self.assertRaises(TypeError):
            self.session.select("pkg/core.py")
        explained = self.session.explain("bench.time_two", [changed])
        self.assertEqual(explained["schema"], "lightspeed.explain/1")
        self.assertIn("two", lightspeed.report_text(explained))
        with self.assertRaises(lightspeed.errors.UnknownFile):
            self.session.select(["pkg/other.py"])
        with self.assertRaises(lightspeed.errors.GitError):
            self.session.select(since="no-such-revision")

    def test_measure(self):
        """What is affected runs, and the step keeps it."""
        self.edit()
        measurement = self.session.measure(rounds=1, repeat=2, warmup_time=0.0, step_id="edit")
        self.session.close()
        self.assertEqual(len(measurement), 1)
        one = measurement[0]
        self.assertEqual((one.benchmark, one.unit, one.reasons), ("bench.time_two", "seconds", (given.REASON,)))
        self.assertEqual(one.result.outcome, lightspeed.Outcome.OK)
        self.assertGreater(one.result.baseline, 0.0)
        self.assertEqual(measurement.to_records()[0]["benchmark"], "bench.time_two")
        self.assertEqual(list(measurement.to_dict()["benchmarks"]), ["bench.time_two"])
        with open_session(self.folder / "asv.conf.json") as again:
            self.assertEqual(list(again.results("edit")["step"]["benchmarks"]), ["bench.time_two"])
        with self.assertRaisesRegex(ValueError, "session is closed"):
            self.session.select()

    def test_rewards(self):
        """What a step is worth, the same as its measurement said, also later and from the file alone."""
        self.edit()
        paired = lightspeed.Paired(base="HEAD", most_pairs=2, seed=5)
        document = self.session.measure(paired=paired, repeat=1, warmup_time=0.0, step_id="edit").to_dict()
        rewards = self.session.rewards("edit")
        said, kept = document["benchmarks"]["bench.time_two"]["reward"], rewards.benchmarks["bench.time_two"]
        self.assertEqual((kept.log_ratio, kept.reward_lcb, kept.level), (said["log_ratio"], said["reward_lcb"], 0.95))
        self.assertEqual((rewards.step_id, rewards.without, rewards.mean.log_ratio), ("edit", {}, kept.log_ratio))
        self.assertAlmostEqual(kept.speedup * document["benchmarks"]["bench.time_two"]["ratio"], 1.0)
        self.assertEqual(rewards.to_records()[0]["benchmark"], "bench.time_two")
        support.write(str(self.folder), {"pkg/core.py": "def one():\n    return 1\n\n\ndef two():\n    raise ValueError\n"})
        self.session.measure(rounds=1, repeat=1, warmup_time=0.0, step_id="mistake")
        rewards = self.session.rewards("mistake")
        self.assertEqual((rewards.mean, rewards.benchmarks, list(rewards.without)), (None, {}, ["bench.time_two"]))
        with self.assertRaises(lightspeed.errors.InvalidArgument):
            self.session.rewards("never")

    def test_paired(self):
        """The tree before the change runs beside the tree as it is."""
        self.edit()
        paired = lightspeed.Paired(base="HEAD", most_pairs=2, seed=5)
        measurement = self.session.measure(paired=paired, repeat=1, warmup_time=0.0)
        self.assertEqual(measurement[0].result.pairs, 2)
        self.assertEqual(measurement.to_dict()["paired"]["seed"], 5)
        with self.assertRaisesRegex(lightspeed.errors.InvalidArgument, "rounds is 2, but pairs"):
            self.session.measure(paired=paired, rounds=2)

    def test_threads(self):
        """Eight threads share a session, while another closes it."""
        self.edit()
        answers, failures = [], []

        def work():
            try:
                answers.extend(tuple(self.session.select(["pkg/core.py"]).benchmarks) for _ in range(20))
            except Exception as failure:
                failures.append(failure)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((failures, len(answers), set(answers)), ([], 160, {("bench.time_two",)}))

    def test_closed_by_the_listener(self):
        """A session that is closed while it works ends its call first."""
        heard = []

        def listen(event):
            heard.append(event)
            self.session.close()

        report = self.session.init(survey_only=True, force=True, listener=listen)
        self.assertEqual(len(report["discovered"]), 2)
        self.assertGreater(len(heard), 1)
        with self.assertRaises(ValueError):
            self.session.select()

    def test_interrupted(self):
        """A KeyboardInterrupt ends the suite's Python, and the same call goes on."""
        support.write(str(self.folder), SLOW)
        timer = threading.Timer(3.0, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        began = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            self.session.init(survey_only=True)
        self.assertLess(time.monotonic() - began, 30)
        timer.join()
        support.write(str(self.folder), {"benchmarks/bench.py": given.SUITE["benchmarks/bench.py"]})
        self.assertEqual(len(self.session.init(survey_only=True)["discovered"]), 2)

    def test_one_question(self):
        """`select` opens and closes a session."""
        self.edit()
        selection = lightspeed.select(["pkg/core.py"], config=self.folder / "asv.conf.json")
        self.assertEqual(selection.benchmarks, ["bench.time_two"])


class Unsurveyed(unittest.TestCase):
    def test_errors(self):
        """No configuration, a broken one with its line, no survey."""
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(lightspeed.errors.ConfigError):
                lightspeed.Session(cwd=folder)
            broken = pathlib.Path(folder, "asv.conf.json")
            broken.write_text('{\n"version": 1,\n"project" "pkg"\n}\n')
            with self.assertRaises(lightspeed.errors.ConfigError) as raised:
                lightspeed.Session(broken)
            self.assertEqual((raised.exception.path, raised.exception.line, raised.exception.name), (broken, 3, "CONFIG"))
            with self.assertRaises(lightspeed.errors.NoSurvey):
                open_session(given.suite(folder)).select()


def open_session(config):
    """A session whose suite the tests' Python runs."""
    config = pathlib.Path(config)
    return lightspeed.Session.open(config, source_root=config.parent / "pkg", python=support.PYTHON)


if __name__ == "__main__":
    unittest.main()
