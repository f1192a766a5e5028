"""Kills, interrupts, and several at once: what was finished stays, the rest can be resumed, one works and the others wait."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

from fixture import ALPHA, BENCH, BETA, INTERRUPTED, OK, SuiteCase, support

# Enough instances, each slow enough, that a survey can be caught in the middle.
SLOW = BENCH + (
    "\n\nclass Slow:\n    params = list(range(12))\n\n    def time_wait(self, n):\n"
    "        import time\n\n        time.sleep(0.2)\n        core.beta(n)\n"
)
COUNT = 14


class Interrupted(SuiteCase):
    def setUp(self):
        super().setUp()
        self.write({"benchmarks/bench.py": SLOW})
        support.commit(self.folder)

    def test_killed_survey_is_resumed(self):
        self.kill(self.started(), signal.SIGKILL)
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
        self.refused(self.lightspeed("select", "--from-git-diff"), "lightspeed init")
        told = self.init().stderr
        self.assertIn("interrupted survey", told)
        (left,) = set(re.findall(r"^survey: \d+/(\d+) ", told, re.MULTILINE))
        self.assertLessEqual(int(left), COUNT - 3, "what was finished stays")
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected(), {ALPHA})

    def test_killed_in_the_middle_of_a_resurvey(self):
        self.init()
        self.edit("pkg/core.py", "return n\n", "return n + 0\n")
        self.kill(self.started("--force"), signal.SIGKILL)
        slow = {f"bench.Slow.time_wait-{n}" for n in range(12)}
        self.assertEqual(self.affected(), {BETA} | slow, "the old survey still answers")
        self.init()
        self.assertEqual(self.affected("--changed-files", "pkg/core.py"), set())

    def test_interrupt_during_the_survey(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                answer, stderr = self.kill(self.started("--force"), number)
                self.assertEqual(answer, INTERRUPTED, stderr)
                self.assertIn("interrupted", stderr)
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
        self.init()
        self.assertEqual(self.affected(), set())

    def test_nothing_runs_on_after_an_interrupt(self):
        self.write({"benchmarks/bench.py": SLOW.replace("time.sleep(0.2)", "time.sleep(20.25)")})
        process = self.started(surveyed=0)
        time.sleep(2)
        started = time.monotonic()
        self.kill(process, signal.SIGINT)
        self.assertLess(time.monotonic() - started, 10)
        time.sleep(0.5)
        self.assertEqual(self.processes_in(self.folder), [])

    def test_six_at_once(self):
        argv = [support.program(), *self.init_arguments("--survey-only", "--json")]
        six = [self.start(argv) for _ in range(6)]
        ends = [self.end(process) for process in six]
        codes = [process.returncode for process in six]
        self.assertEqual(codes, [OK] * 6, [stderr for _, stderr in ends])
        surveyed = sorted(json.loads(stdout)["surveyed"] for stdout, _ in ends)
        self.assertEqual(surveyed, [0] * 5 + [COUNT], "one works, the others wait and find it done")
        self.assertEqual(self.affected(), set())

    def test_one_that_does_not_want_to_wait(self):
        first = self.started(surveyed=1)
        answer = self.lightspeed(*self.init_arguments("--survey-only", "--no-wait"))
        self.refused(answer, "another survey")
        _, stderr = self.end(first)
        self.assertEqual(first.returncode, OK, stderr)

    def test_asking_while_a_survey_runs(self):
        self.init()
        first = self.started("--force", surveyed=1)
        self.assertEqual(self.affected(), set())
        _, stderr = self.end(first)
        self.assertEqual(first.returncode, OK, stderr)

    def test_another_process_holds_the_write_lock(self):
        self.init()
        other = sqlite3.connect(self.database, timeout=30, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected(), {ALPHA}, "reading goes on")
        process = self.start([support.program(), *self.init_arguments("--survey-only")])
        time.sleep(2)
        other.execute("ROLLBACK")
        _, stderr = self.end(process)
        self.assertEqual(process.returncode, OK, stderr)
        self.assertEqual(self.affected("--changed-files", "pkg/core.py"), set())

    def test_baselines_deleted_and_checkpointed_by_others(self):
        self.init()
        with self.sqlite() as connection:
            connection.execute("DELETE FROM baseline")
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.assertEqual(self.affected(), set())

    def started(self, *arguments, surveyed=3):
        """An init that has reported some instances as surveyed."""
        process = self.start([support.program(), *self.init_arguments("--survey-only", *arguments)])
        deadline = time.monotonic() + 60
        while self.reported(process) < surveyed and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.05)
        self.assertIsNone(process.poll(), "the survey was over too soon to be caught: " + self.told(process))
        return process

    def reported(self, process):
        """The last count in its progress lines."""
        return max((int(count) for count in re.findall(r"^survey: (\d+)/", self.told(process), re.MULTILINE)), default=0)

    @staticmethod
    def told(process):
        """What a process has written to standard error so far."""
        return os.pread(process.log.fileno(), 1 << 20, 0).decode(errors="replace")

    def start(self, argv):
        """A process whose standard error goes to a file that can be read meanwhile."""
        log = tempfile.TemporaryFile()
        self.addCleanup(log.close)
        environment = support.environment()
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            argv, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=log, text=True
        )
        process.log = log
        return process

    def end(self, process):
        """Waits for the end and returns standard output and error."""
        stdout, _ = process.communicate(timeout=support.SECONDS)
        return stdout, self.told(process)

    def kill(self, process, number):
        """Sends a signal and returns exit code and standard error."""
        process.send_signal(number)
        _, stderr = self.end(process)
        return process.returncode, stderr

    @staticmethod
    def processes_in(folder):
        """Command lines of processes that mention a folder; empty where there is no /proc."""
        found = []
        for entry in os.listdir("/proc") if os.path.isdir("/proc") else []:
            if entry.isdigit():
                try:
                    with open(f"/proc/{entry}/cmdline", "rb") as file:
                        command = file.read().replace(b"\0", b" ").decode(errors="replace")
                    cwd = os.readlink(f"/proc/{entry}/cwd")
                except OSError:
                    continue
                if folder in command or cwd.startswith(folder):
                    found.append(command)
        return found


if __name__ == "__main__":
    unittest.main()
