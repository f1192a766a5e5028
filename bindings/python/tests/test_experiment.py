"""Experiments from the first run to the verdict, and pairs of commands."""

import collections
import gc
import json
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import weakref

import given  # noqa: F401  (finds the package)

import lightspeed


def value(run):
    """What a run gives: `slow` takes half as long again after the change."""
    base = 1.0 + 0.001 * (run.pair % 3)
    return base * (1.5 if run.benchmark == "slow" and run.side == lightspeed.Side.CURRENT else 1.0)


class Experiments(unittest.TestCase):
    def test_until_decided(self):
        """Asked for and recorded until it is known."""
        experiment = lightspeed.Experiment(["slow", "same"], seed=1, pairs=40, margin=0.05)
        self.assertEqual(len(experiment), 2)
        for run in experiment:
            experiment.record(value(run), wall_s=0.5)
        results = experiment.results
        verdicts = {name: result.verdict.name for name, result in results.items()}
        self.assertEqual(verdicts, {"slow": "REGRESSED", "same": "EQUIVALENT"})
        self.assertAlmostEqual(results["slow"].ratio, 1.5, places=2)
        self.assertLess(results["slow"].pairs, 40)
        progress = experiment.progress
        self.assertEqual((progress.decided, progress.benchmarks, progress.spent_s), (2, 2, 0.5 * progress.done))
        self.assertIsNone(experiment.next())
        self.assertIn("2 of 2 benchmarks decided", repr(experiment))
        self.assertEqual(experiment.to_records()[0]["verdict"], "REGRESSED")
        self.assertEqual(experiment.report()["seed"], 1)

    def test_resumed(self):
        """The state goes on elsewhere, run for run."""
        whole = lightspeed.Experiment(["slow", "same"], seed=7)
        halved = lightspeed.Experiment(["slow", "same"], seed=7)
        for run in whole:
            self.assertEqual(halved.next(), run)
            whole.record([value(run)], 0.1)
            halved.record([value(run)], 0.1)
            halved = lightspeed.Experiment.resume(halved.state)
        self.assertEqual(halved.results, whole.results)
        self.assertEqual(halved.state, whole.state)

    def test_plan(self):
        """A document says more than the options."""
        plan = {
            "design": {"kind": "pairs", "pairs": 5},
            "benchmarks": [{"id": "slow", "margin": 0.1, "control": False, "run_s": None}],
            "alpha": 0.05,
            "seed": 3,
            "warmups": 1,
            "budget_s": None,
        }
        for given_plan in (plan, json.dumps(plan)):
            experiment = lightspeed.Experiment.from_plan(given_plan)
            warmups = 0
            for run in experiment:
                warmups += run.warmup
                experiment.record(value(run))
            self.assertEqual((warmups, experiment.results["slow"].pairs), (2, 5))

    def test_sweep(self):
        """Points are the benchmarks, in rounds; the report has the speed-ups and the law along each line."""
        experiment = lightspeed.Experiment.sweep({"workers": [1, 2, 4, 8], "level": "1..3 step 2"}, seed=1, warmups=1)
        self.assertEqual(len(experiment), 8)
        rounds = collections.Counter()
        for run in experiment:
            self.assertEqual(run.benchmark, "workers={workers},level={level}".format(**run.values))
            rounds[run.pair, run.warmup] += 1
            # Each round on a machine half as fast as in the one before.
            experiment.record(2.0**run.pair * (0.1 + 0.9 / run.values["workers"]) * run.values["level"], wall_s=1.0)
        self.assertEqual(rounds, {**{(pair, False): 8 for pair in range(6)}, (0, True): 8})
        self.assertEqual(len({hash(run), hash(run._replace(values={}))}), 1)
        sweep = experiment.report()["sweep"]
        last = sweep["points"][-1]
        self.assertEqual((last["id"], last["values"]), ("workers=8,level=3", {"workers": 8, "level": 3}))
        self.assertAlmostEqual(last["speedup"]["estimate"], 1 / (0.1 + 0.9 / 8))
        self.assertAlmostEqual(last["efficiency"]["interval"]["low"], 1 / (0.1 + 0.9 / 8) / 8)
        self.assertEqual([line["fixed"] for line in sweep["lines"]], [{"level": 1}, {"level": 3}])
        self.assertAlmostEqual(sweep["drift"]["ratio"], 16.0)
        result = experiment.results["workers=8,level=3"]
        self.assertEqual((result.verdict, result.gate), (lightspeed.Verdict.NONE, lightspeed.Gate.NONE))
        self.assertAlmostEqual(result.ratio, 0.1 + 0.9 / 8)
        again = lightspeed.Experiment.resume(experiment.state)
        self.assertEqual(again.report(), experiment.report())

    def test_sweeps_of_all_kinds(self):
        """Axes as texts or with their values, zipped, resumed, and wrong."""
        zipped = lightspeed.Experiment.sweep(["n=1,2", "shape=4x4,8x8"], zipped=True, repeats=1, along="shape", better="higher", alpha=0.5)
        seen = []
        for run in zipped:
            seen.append(run.values)
            zipped.record(float(run.values["n"]))
        self.assertCountEqual(seen, [{"n": 1, "shape": "4x4"}, {"n": 2, "shape": "8x8"}])
        self.assertEqual(zipped.report()["sweep"]["points"][1]["speedup"]["estimate"], 2.0)
        spent = lightspeed.Experiment.sweep({"rate": [0.5, 2]}, budget_s=1.0, seed=2)
        self.assertIn(spent.next().values["rate"], (0.5, 2))
        spent.record(1.0, wall_s=1.0)
        self.assertIsNone(spent.next())
        seeds = {lightspeed.Experiment.sweep(["n=1,2"]).report()["seed"] for _ in range(2)}
        self.assertEqual(len(seeds), 2)
        for wrong in ([], {}, {"n": []}, {"n": [1, 1]}, ["n=4..1"], {"n m": [1]}, [7]):
            with self.assertRaises(lightspeed.errors.InvalidArgument, msg=str(wrong)):
                lightspeed.Experiment.sweep(wrong)
        for more in ({"repeats": 0}, {"along": "m"}, {"workers": "mode"}, {"better": "more"}, {"alpha": 0}):
            with self.assertRaises(lightspeed.errors.InvalidArgument, msg=str(more)):
                lightspeed.Experiment.sweep({"n": [1, 2], "mode": ["a", "b"]}, **more)
        with self.assertRaises(TypeError):
            lightspeed.Experiment.sweep("n=1,2")

    def test_not_recorded(self):
        """A run of which nothing is recorded does not come for ever."""
        experiment = lightspeed.Experiment(["slow"])
        with self.assertRaisesRegex(RuntimeError, "nothing was recorded of the run of slow"):
            for _ in experiment:
                pass

    def test_failures(self):
        """A benchmark that fails, is skipped or runs too long is not run again."""
        experiment = lightspeed.Experiment(["fails", "skips", "waits", "same"], seed=1)
        for run in experiment:
            if run.benchmark == "fails":
                experiment.record_failed("it raised")
            elif run.benchmark == "skips":
                experiment.record_skipped()
            elif run.benchmark == "waits":
                experiment.record_timed_out()
            else:
                experiment.record(value(run))
        outcomes = [result.outcome.name for result in experiment.results.values()]
        self.assertEqual(outcomes, ["FAILED", "SKIPPED", "TIMED_OUT", "OK"])
        self.assertEqual(str(experiment.results["fails"]), "FAILED")

    def test_refused(self):
        """Values that are not usable leave the run to be recorded; a record without a run is refused."""
        experiment = lightspeed.Experiment(["slow"], seed=1)
        with self.assertRaises(lightspeed.errors.InvalidArgument):
            experiment.record(1.0, 0.1)
        run = experiment.next()
        with self.assertRaises(lightspeed.errors.StatisticsError):
            experiment.record([-1.0], 0.1)
        self.assertEqual(experiment.next(), run)
        experiment.cancel()
        self.assertIsNone(experiment.next())
        for names in ([], ["a", "a"]):
            with self.assertRaises(lightspeed.errors.InvalidArgument):
                lightspeed.Experiment(names)
        for wrong in ({"pairs": 0}, {"pairs": -1}, {"seed": 2**64}, {"alpha": 1.0}, {"design": 2**32}):
            with self.assertRaises(lightspeed.errors.InvalidArgument, msg=str(wrong)):
                lightspeed.Experiment(["slow"], **wrong)
        with self.assertRaises(TypeError):
            lightspeed.Experiment("slow")
        with self.assertRaises(lightspeed.errors.InvalidArgument):
            lightspeed.Experiment.resume("{}")


class Examples(unittest.TestCase):
    def test_compression(self):
        """The example's table has every point, and its laws are laws or the reason why there is none."""
        example = pathlib.Path(__file__).parent.parent / "examples" / "compression_sweep.py"
        environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(lightspeed.__file__).parent.parent)}
        done = subprocess.run([sys.executable, str(example), "3"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
        table, laws = (part.splitlines() for part in done.stdout.split("\n\n"))
        self.assertEqual(len(table), 1 + 2 * 6)
        self.assertRegex(table[-1], r"^level=6,size=\d+ +[0-9.]+ ms +[0-9.]+x$")
        self.assertEqual(len(laws), 2)
        for level, law in zip((1, 6), laws):
            self.assertRegex(law, rf"^level {level}: (t = |cannot tell |no law ).+$")


class Pairs(unittest.TestCase):
    def test_pair(self):
        """Two commands are told apart; events come on the thread of the caller."""
        events, threads = [], set()

        def listen(event):
            events.append(event)
            threads.add(threading.get_ident())

        receipt = lightspeed.run_pair(["true"], ["sleep", "0.05"], most_pairs=10, seed=1, listener=listen)
        self.assertEqual((receipt.gate, repr(receipt)), (lightspeed.Gate.FAIL, "<Receipt: FAIL>"))
        self.assertEqual(receipt.document["schema"], "lightspeed.pair/1")
        self.assertEqual(events[0].kind, lightspeed.EventKind.BEGIN)
        self.assertEqual(threads, {threading.get_ident()})
        self.assertIn("regressed", lightspeed.report_text(receipt.document))

    def test_stopped(self):
        """By the listener, by what it raises, by a token, from the main thread and from others."""

        def refuse(event):
            return False

        def fail(event):
            raise LookupError(event.text)

        def raised(**given):
            try:
                lightspeed.run_pair(["true"], ["true"], **given)
            except Exception as failure:
                return type(failure)

        token = lightspeed.Cancel()
        token.stop()
        cases = [
            ({"listener": refuse}, lightspeed.Cancelled),
            ({"listener": fail}, LookupError),
            ({"cancel": token}, lightspeed.Cancelled),
        ]
        for given_options, expected in cases:
            found = [raised(**given_options)]
            other = threading.Thread(target=lambda: found.append(raised(**given_options)))
            other.start()
            other.join()
            self.assertEqual(found, [expected, expected])

    def test_interrupted(self):
        """A KeyboardInterrupt comes at once, and the children are gone."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        noted = pathlib.Path(folder.name) / "pid"
        code = f"import os, time; open({str(noted)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
        sleep = [sys.executable, "-S", "-c", code]
        token = lightspeed.Cancel()
        timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        began = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            lightspeed.run_pair(sleep, sleep, cancel=token)
        self.assertLess(time.monotonic() - began, 20)
        self.assertTrue(token.is_raised)
        timer.join()
        with self.assertRaises(ProcessLookupError):
            os.kill(int(noted.read_text()), 0)

    def test_stopped(self):
        """What was run until then comes with the exception, also through pickle."""
        runs = []

        def listen(event):
            if event.kind == lightspeed.EventKind.ITEM:
                runs.append(event.text)
            return len(runs) < 4

        with self.assertRaises(lightspeed.Cancelled) as stopped:
            lightspeed.run_pair(["true"], ["true"], listener=listen)
        receipt = stopped.exception.receipt
        self.assertEqual((receipt.gate, len(receipt.document["samples"])), (lightspeed.Gate.WARN, 2))
        self.assertTrue(receipt.document["verdict"]["interrupted"])
        self.assertEqual(pickle.loads(pickle.dumps(stopped.exception)).receipt, receipt)
        token = lightspeed.Cancel()
        token.stop()
        with self.assertRaises(lightspeed.Cancelled) as stopped:
            lightspeed.run_pair(["true"], ["true"], cancel=token)
        self.assertEqual(stopped.exception.receipt.document["samples"], [])
        self.assertIsNone(lightspeed.Cancelled("").receipt)

    def test_forgotten(self):
        """A listener is kept no longer than its call, whatever thread that was on and however it ended."""

        class Heard:
            def __init__(self, answer):
                self.answer = answer

            def __call__(self, event):
                return self.answer

        def forgotten(answer, kept):
            listener = Heard(answer)
            kept.append(weakref.ref(listener))
            try:
                lightspeed.run_pair(["true"], ["true"], most_pairs=8, listener=listener)
            except lightspeed.Cancelled:
                pass

        kept = []
        for answer in (None, False):
            forgotten(answer, kept)
            other = threading.Thread(target=forgotten, args=(answer, kept))
            other.start()
            other.join()
        gc.collect()
        self.assertEqual([reference() for reference in kept], [None] * 4)

    def test_interrupted_listener(self):
        """An interrupt inside of the listener comes out too."""

        def interrupt(event):
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            lightspeed.run_pair(["true"], ["true"], listener=interrupt)

    def test_refused(self):
        """A command that is a text, one that is not there, a number out of its range."""
        with self.assertRaises(TypeError):
            lightspeed.run_pair("true", "true")
        with self.assertRaises(lightspeed.errors.ProcessError):
            lightspeed.run_pair(["there-is-no-such-program"], ["true"])
        with self.assertRaises(lightspeed.errors.InvalidArgument):
            lightspeed.run_pair(["true"], ["true"], alpha=2.0)
        with self.assertRaises(lightspeed.errors.InvalidArgument):
            lightspeed.report_text("{}")


if __name__ == "__main__":
    unittest.main()
