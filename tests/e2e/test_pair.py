"""Two commands in turn: what is recorded, what is decided, and that nothing a command does can stop it."""

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import fixture  # noqa: F401  (puts tests/ on the path)
import support

PASS, FAIL, WARNED, INCONCLUSIVE, FAILED, NOTHING, INTERRUPTED = 0, 2, 3, 4, 5, 6, 130
REAL = os.path.realpath(sys.executable)


def python(program):
    """A command that runs a program in the interpreter of this test, without site-packages."""
    return shlex.join([REAL, "-S", "-E", "-c", program])


class PairCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="lightspeed-pair-")
        self.addCleanup(scratch.cleanup)
        self.folder = os.path.realpath(scratch.name)

    def run_pair(self, baseline, current, *arguments, code=None):
        answer = support.lightspeed(self.folder, "pair", "--baseline", baseline, "--current", current, "--json", *arguments)
        if code is not None:
            self.assertEqual(answer.returncode, code, answer.stdout[-2000:] + answer.stderr)
        return support.document(answer)

    def refused(self, *arguments):
        answer = support.lightspeed(self.folder, "pair", *arguments)
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)
        self.assertEqual(answer.stdout, "")
        self.assertEqual(len(answer.stderr.strip().splitlines()), 1, answer.stderr)
        return answer.stderr


class Receipts(PairCase):
    def test_every_run_is_kept_and_warm_ups_do_not_count(self):
        receipt = self.run_pair("echo before", "echo after", "--repeat", "6", "--warmup", "2", "--seed", "7")
        self.assertEqual([(p["pair_index"], p["warmup"]) for p in receipt["samples"]],
                         [(0, True), (1, True), *((i, False) for i in range(6))])
        self.assertEqual(receipt["stats"]["pairs"], 6)
        self.assertEqual(receipt["bench"]["seed"], 7)
        for pair in receipt["samples"]:
            for side, said in (("baseline", "before\n"), ("current", "after\n")):
                run = pair[side]
                self.assertEqual((run["exit_code"], run["signal"], run["timed_out"]), (0, None, False))
                self.assertEqual((run["stdout"], run["stderr"], run["stdout_bytes"]), (said, None, len(said)))
                self.assertGreater(run["wall_ns"], 0)
        orders = [pair["order"] for pair in receipt["samples"] if not pair["warmup"]]
        for first, second in zip(orders[::2], orders[1::2]):
            self.assertNotEqual(first, second, "orders are balanced in blocks of two")
        again = self.run_pair("true", "true", "--repeat", "6", "--warmup", "2", "--seed", "7")
        self.assertEqual(orders, [pair["order"] for pair in again["samples"] if not pair["warmup"]])

    def test_what_a_run_used_is_its_own(self):
        big, small = python("x = bytearray(200 << 20)"), python("x = bytearray(30 << 20)")
        receipt = self.run_pair(big, small, "--repeat", "2", "--budget", "max_rss=10%")
        for pair in receipt["samples"]:
            self.assertGreater(pair["baseline"]["max_rss_bytes"], 200 << 20)
            self.assertLess(pair["current"]["max_rss_bytes"], 80 << 20)
            self.assertGreater(pair["baseline"]["minor_faults"], pair["current"]["minor_faults"])
            self.assertGreater(pair["baseline"]["user_ns"] + pair["baseline"]["sys_ns"], 0)

    def test_a_small_child_has_its_own_small_peak(self):
        receipt = self.run_pair(python("x = bytearray(200 << 20)"), "true", "--repeat", "2", "--warmup", "1")
        for pair in receipt["samples"][1:]:
            self.assertLess(pair["current"]["max_rss_bytes"], 6 << 20)

    def test_instructions_are_counted_or_said_not_to_be(self):
        allowed = os.geteuid() == 0 or int(Path("/proc/sys/kernel/perf_event_paranoid").read_text()) <= 2
        hardware = allowed and Path("/sys/bus/event_source/devices/cpu").exists()
        receipt = self.run_pair(python("for i in range(3000000): pass"), python("pass"), "--repeat", "2")
        for pair in receipt["samples"]:
            before, now = pair["baseline"]["instructions"], pair["current"]["instructions"]
            if hardware:
                self.assertGreater(before - now, 3000000)
            else:
                self.assertEqual((before, now), (None, None))

    def test_bytes_written_and_switches(self):
        write = "import os; f = open(\"out\", \"wb\"); f.write(bytes(1 << 20)); f.flush(); os.fsync(f.fileno())"
        sleep = "import time; [time.sleep(0.001) for _ in range(50)]"
        receipt = self.run_pair(python(write), python(sleep), "--repeat", "1", "--warmup", "0")
        (pair,) = receipt["samples"]
        self.assertGreaterEqual(pair["baseline"]["written_bytes"], 1 << 20)
        self.assertGreaterEqual(pair["current"]["voluntary_switches"], 50)
        self.assertEqual(pair["current"]["written_bytes"], 0)

    def test_the_receipt_is_written_whole(self):
        path = os.path.join(self.folder, "receipt.json")
        printed = self.run_pair("true", "true", "--repeat", "2", "--output", path)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(json.load(file), printed)
        shown = support.lightspeed(self.folder, "show", path)
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        self.assertIn("2 pairs, 1 to warm up", shown.stdout)
        self.assertEqual(os.listdir(self.folder), ["receipt.json"])
        self.assertIn("cannot be written", support.lightspeed(
            self.folder, "pair", "--baseline", "true", "--current", "true", "--repeat", "1", "--output", "no/where.json").stderr)

    def test_environment_and_directories(self):
        os.mkdir(os.path.join(self.folder, "b"))
        show = "sh -c 'echo $X-$Y; pwd'"
        receipt = self.run_pair(show, show, "--repeat", "1", "--env", "X=1", "--env", "HOME", "--baseline-env", "Y=2",
                                "--current-env", "X=3", "--current-cwd", "b")
        pair = receipt["samples"][-1]
        self.assertEqual(pair["baseline"]["stdout"], f"1-2\n{self.folder}\n")
        self.assertEqual(pair["current"]["stdout"], f"3-\n{self.folder}/b\n")


class Decisions(PairCase):
    BASE = "import time; t = time.perf_counter()\nwhile time.perf_counter() - t < %s: pass"

    def command(self, seconds):
        path = os.path.join(self.folder, f"spin{seconds}.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.BASE % seconds)
        return f"{REAL} -S -E {path}"

    def test_a_clear_slowdown_closes_the_gate(self):
        receipt = self.run_pair(self.command(0.02), self.command(0.2), code=FAIL)
        self.assertEqual(receipt["verdict"]["verdict"], "regressed")
        self.assertEqual(receipt["verdict"]["gate"], "fail")
        self.assertIn("wall is worse by", receipt["verdict"]["reasons"][0])
        self.assertLess(receipt["stats"]["pairs"], 60, "it stops when it is decided")

    def test_a_clear_speedup_passes(self):
        receipt = self.run_pair(self.command(0.2), self.command(0.02), code=PASS)
        self.assertEqual((receipt["verdict"]["verdict"], receipt["verdict"]["gate"]), ("improved", "pass"))

    def test_few_pairs_decide_nothing(self):
        arguments = (self.command(0.02), self.command(0.2), "--repeat", "2")
        receipt = self.run_pair(*arguments, code=PASS)
        self.assertEqual((receipt["verdict"]["verdict"], receipt["verdict"]["gate"]), ("inconclusive", "warn"))
        self.run_pair(*arguments, "--fail-on-inconclusive", code=INCONCLUSIVE)
        self.run_pair(*arguments, "--fail-on-warn", code=WARNED)

    def test_a_least_number_of_pairs(self):
        receipt = self.run_pair(self.command(0.01), self.command(0.1), "--repeat", "25", "--max-pairs", "40")
        self.assertGreaterEqual(receipt["stats"]["pairs"], 25)
        self.assertLessEqual(receipt["stats"]["pairs"], 40)

    def test_work_units_and_absolute_limits(self):
        # 20 ms of 100,000 pieces: 200 ns each; 180 ms more.
        receipt = self.run_pair(self.command(0.02), self.command(0.2), "--work-units", "100000", "--budget", "throughput=5%")
        by_name = {report["metric"]: report for report in receipt["stats"]["metrics"]}
        before, now = by_name["wall"]["per_unit"]
        self.assertGreater(now - before, 200)
        self.assertEqual(by_name["throughput"]["verdict"], "regressed")
        self.assertLess(by_name["throughput"]["difference"], 0)
        receipt = self.run_pair(self.command(0.02), self.command(0.06), "--threshold", "5%+10s", "--repeat", "6")
        self.assertNotEqual(receipt["verdict"]["verdict"], "regressed", "a change counts beyond both parts of a limit")

    def test_two_hundred_nanoseconds_of_a_microsecond_are_seen(self):
        # 100,000 pieces of 1 us, and of 1.2 us.
        receipt = self.run_pair(self.command(0.1), self.command(0.12), "--work-units", "100000", "--budget", "throughput=5%", code=FAIL)
        by_name = {report["metric"]: report for report in receipt["stats"]["metrics"]}
        before, now = by_name["wall"]["per_unit"]
        self.assertTrue(1000 < before < now and 100 < now - before < 400, (before, now))
        self.assertEqual(by_name["throughput"]["verdict"], "regressed")

    def test_a_budget_that_cannot_be_measured_is_named(self):
        receipt = self.run_pair("true", "true", "--repeat", "3", "--budget", "major_faults=5%")
        reasons = " ".join(receipt["verdict"]["reasons"])
        self.assertIn("major_faults", reasons)


class Hostile(PairCase):
    """Each ends within its timeout and a second, and keeps what was there."""

    def timed(self, current, *arguments, code=FAILED, timeout="1"):
        began = time.monotonic()
        receipt = self.run_pair("true", current, "--warmup", "0", "--timeout", timeout, *arguments, code=code)
        return receipt, time.monotonic() - began

    def test_a_timeout_keeps_all_earlier_samples(self):
        flag = os.path.join(self.folder, "count")
        program = f"import os, time; n = os.path.getsize(\"{flag}\") if os.path.exists(\"{flag}\") else 0; open(\"{flag}\", \"a\").write(\"x\"); time.sleep(30 if n >= 3 else 0)"
        receipt, _ = self.timed(python(program), "--repeat", "9", timeout="3")
        self.assertEqual(receipt["verdict"]["status"], "timed_out")
        self.assertEqual(receipt["stats"]["pairs"], 3)
        self.assertTrue(receipt["samples"][3]["current"]["timed_out"])
        self.assertIn("longer than 3 s in pair 3", " ".join(receipt["verdict"]["reasons"]))

    def test_one_that_ignores_being_asked_to_end(self):
        program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(30)"
        receipt, took = self.timed(python(program), "--repeat", "2")
        self.assertEqual(receipt["verdict"]["status"], "timed_out")
        self.assertLess(took, 5)

    def test_one_that_leaves_a_child_behind(self):
        _, took = self.timed("sh -c 'sleep 30 & exit 0'", "--repeat", "1", code=PASS)
        self.assertLess(took, 5)

    def test_one_that_daemonises(self):
        program = "import os, time\nif os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\ntime.sleep(30)"
        path = os.path.join(self.folder, "daemon.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(program)
        _, took = self.timed(f"{REAL} {path}", "--repeat", "1", code=PASS)
        self.assertLess(took, 6)

    def test_output_without_end(self):
        receipt, took = self.timed("yes", "--repeat", "1")
        self.assertEqual(receipt["verdict"]["status"], "timed_out")
        run = receipt["samples"][0]["current"]
        self.assertLessEqual(len(run["stdout"]), 8192)
        self.assertGreater(run["stdout_bytes"], 1 << 20)
        self.assertLess(took, 5)

    def test_output_that_is_closed_early(self):
        receipt, took = self.timed(python("import os, time; os.close(1); os.close(2); time.sleep(0.2)"), "--repeat", "1", code=PASS)
        self.assertGreater(receipt["samples"][0]["current"]["wall_ns"], 150_000_000)
        self.assertLess(took, 5)

    def test_output_that_is_no_text(self):
        receipt, _ = self.timed("printf '\\377\\376x'", "--repeat", "1", code=PASS)
        self.assertTrue(receipt["samples"][0]["current"]["stdout"].endswith("x"))

    def test_signals_and_exit_codes(self):
        receipt, _ = self.timed("sh -c 'kill -SEGV $$'", "--repeat", "3")
        self.assertEqual(receipt["samples"][0]["current"]["signal"], int(signal.SIGSEGV))
        receipt, _ = self.timed("sh -c 'echo why >&2; exit 3'", "--repeat", "3")
        self.assertEqual(receipt["samples"][0]["current"]["exit_code"], 3)
        self.assertIn("exited with 3 (why)", receipt["verdict"]["reasons"][0])
        receipt, _ = self.timed("sh -c 'exit 3'", "--repeat", "3", "--allow-nonzero", code=PASS)
        self.assertEqual(receipt["stats"]["pairs"], 3)

    def test_an_interrupt_keeps_what_was_run(self):
        path = os.path.join(self.folder, "receipt.json")
        argv = [support.program(), "pair", "--baseline", "sleep 0.05", "--current", "sleep 0.05", "--repeat", "2000", "--output", path]
        process = subprocess.Popen(argv, env=support.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, INTERRUPTED)
        with open(path, encoding="utf-8") as file:
            receipt = json.load(file)
        self.assertTrue(receipt["verdict"]["interrupted"])
        self.assertGreater(receipt["stats"]["pairs"], 0)
        self.assertIn("it was interrupted", out)


class Refused(PairCase):
    def test_before_anything_runs(self):
        touch = ("--baseline", "touch was-run")
        os.mkdir(os.path.join(self.folder, "folder"))
        with open(os.path.join(self.folder, "plain"), "w", encoding="utf-8"):
            pass
        for arguments, words in (
            (("--current", "no-such-program-anywhere"), "not found"),
            (("--current", "./plain"), "may not be executed"),
            (("--current", ""), "empty"),
            (("--current", "echo 'unclosed"), "cannot be split"),
            (("--current", "true", "--current-cwd", "gone"), "is not a directory"),
            (("--current", "true", "--env", "=x"), "environment variable"),
            (("--current", "true", "--budget", "wal=5%"), "no metric"),
            (("--current", "true", "--budget", "cpu=5q"), "no limit"),
            (("--current", "true", "--budget", "cpu"), "no '='"),
            (("--current", "true", "--budget", "throughput=5%"), "work units"),
            (("--current", "true", "--threshold=-5%"), "no limit"),
        ):
            with self.subTest(arguments):
                self.assertIn(words, self.refused(*touch, *arguments))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "was-run")))

    def test_numbers_that_cannot_be_meant(self):
        for flag, value in (("--repeat", "0"), ("--repeat", "-1"), ("--max-pairs", "0"), ("--timeout", "0"), ("--timeout", "nan"),
                            ("--alpha", "0"), ("--alpha", "1"), ("--work-units", "0"), ("--warmup", "-1")):
            answer = support.lightspeed(self.folder, "pair", "--baseline", "true", "--current", "true", f"{flag}={value}")
            self.assertEqual(answer.returncode, 1, (flag, value))
            self.assertIn(flag, answer.stderr)

    def test_what_is_no_receipt(self):
        for text, words in (("{", "not JSON"), ("[]", "does not say"), ('{"schema": "other/1"}', "other/1"),
                            ('{"schema": "lightspeed.pair/1"}', "is not: missing field"), (None, "cannot be read")):
            path = os.path.join(self.folder, "receipt.json")
            if text is None:
                os.remove(path)
            else:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            answer = support.lightspeed(self.folder, "show", path)
            self.assertEqual((answer.returncode, answer.stdout), (1, ""))
            self.assertIn(words, answer.stderr)


if __name__ == "__main__":
    unittest.main()
