"""`lightspeed doctor` on this machine: what it says beside what others say, the script for root, terminals of any width."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from fixture import SuiteCase, support

OK, ERROR, WARNED, INTERRUPTED = 0, 1, 3, 130
LINUX = sys.platform == "linux"


def read(path):
    """The text of a file; none where it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


class Doctor(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="lightspeed-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def doctor(self, *arguments, code=OK, **more):
        answer = support.lightspeed(self.folder, "doctor", *arguments, **more)
        self.assertEqual(answer.returncode, code, answer.stdout + answer.stderr)
        return answer

    def checks(self, *arguments, **more):
        """The checks of a document without an A/A run, by name."""
        report = support.document(self.doctor("--json", "--seconds", "0", *arguments, **more))
        checks = {each["name"]: each for each in report["checks"]}
        self.assertEqual(len(checks), len(report["checks"]))
        return checks


class WhatOthersSay(Doctor):
    @unittest.skipUnless(LINUX, "reads /proc")
    def test_processors(self):
        usable = sorted(os.sched_getaffinity(0))
        check = self.checks()["usable_cpus"]
        self.assertEqual(check["values"]["usable_cpus"], len(usable))
        self.assertEqual(check["values"]["usable_cpus"], int(subprocess.check_output(["nproc"], env=support.environment())))
        self.assertEqual(check["status"], "warn" if len(usable) == 1 else "ok")

    @unittest.skipUnless(LINUX and len(os.sched_getaffinity(0)) > 1, "needs a second processor to leave out")
    def test_an_affinity_is_seen(self):
        usable = os.sched_getaffinity(0)
        one = max(usable)
        # What this process starts inherits it.
        self.addCleanup(os.sched_setaffinity, 0, usable)
        os.sched_setaffinity(0, {one})
        check = self.checks()["usable_cpus"]
        self.assertEqual((check["status"], check["values"]), ("warn", {"usable_cpus": 1}))
        self.assertIn(f"1 ({one})", check["found"])

    @unittest.skipUnless(LINUX, "reads /proc")
    def test_load(self):
        # The average moves every five seconds: one of two readings around it is what was seen.
        for _ in range(5):
            before = os.getloadavg()[0]
            told = self.checks()["load"]
            after = os.getloadavg()[0]
            if before == after:
                break
        low, high = sorted((before, after))
        self.assertTrue(low - 0.01 <= told["values"]["load_1m"] <= high + 0.01, (low, told, high))
        share = told["values"]["load_1m"] / len(os.sched_getaffinity(0))
        self.assertEqual(told["status"], "warn" if share >= 0.5 else "note" if share >= 0.2 else "ok")

    def test_disks(self):
        elsewhere = os.path.join(self.folder, "not", "there", "yet")
        checks = self.checks("--results-dir", elsewhere, TMPDIR=self.folder)
        for name in ("disk_results", "disk_temporary"):
            free = shutil.disk_usage(self.folder).free
            self.assertAlmostEqual(checks[name]["values"]["free_bytes"], free, delta=1 << 30)
            self.assertIn(self.folder, checks[name]["found"])

    @unittest.skipUnless(LINUX, "reads /proc")
    def test_memory(self):
        told = dict(re.findall(r"^(\w+): +(\d+) kB$", read("/proc/meminfo"), re.MULTILINE))
        checks = self.checks()
        self.assertEqual(checks["memory"]["values"]["total_bytes"], int(told["MemTotal"]) * 1024)
        self.assertLessEqual(checks["memory"]["values"]["available_bytes"], int(told["MemTotal"]) * 1024)
        self.assertEqual(checks["swap"]["found"] == "none", told["SwapTotal"] == "0")

    @unittest.skipUnless(LINUX, "reads /proc")
    def test_settings_of_the_kernel(self):
        checks = self.checks()
        files = {
            "aslr": "/proc/sys/kernel/randomize_va_space",
            "perf_events": "/proc/sys/kernel/perf_event_paranoid",
            "isolated_cpus": "/sys/devices/system/cpu/isolated",
            "smt": "/sys/devices/system/cpu/smt/active",
            "governor": "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
        }
        for name, path in files.items():
            self.assertEqual(checks[name]["status"] == "unknown", read(path) is None, (name, checks[name]))
        if (level := read(files["perf_events"])) is not None:
            self.assertEqual(checks["perf_events"]["values"]["perf_event_paranoid"], int(level))
        if (governor := read(files["governor"])) is not None:
            self.assertIn(governor.strip(), checks["governor"]["found"])
        if read(files["aslr"]) == "2\n":
            self.assertEqual(checks["aslr"]["status"], "ok")

    def test_versions(self):
        checks = self.checks("--python", sys.executable)
        git = subprocess.check_output(["git", "--version"], text=True).split()[2]
        self.assertIn(git, checks["git"]["found"])
        self.assertIn(sys.version.split()[0], checks["python"]["found"])
        self.assertIn("no suite", checks["python"]["found"])

    def test_without_git_and_python(self):
        checks = self.checks(PATH=self.folder)
        self.assertEqual((checks["git"]["status"], checks["python"]["status"]), ("warn", "note"))


class OfASuite(SuiteCase):
    def checks(self, *arguments):
        answer = self.expect(OK, self.lightspeed("doctor", "--json", "--seconds", "0", *arguments))
        return {each["name"]: each for each in support.document(answer)["checks"]}

    def test_its_interpreter_and_its_results(self):
        checks = self.checks("--python", support.PYTHON)
        asked = "import asv_runner, sys; from importlib.metadata import version; print(sys.version.split()[0], version('asv_runner'))"
        python, runner = subprocess.check_output([support.PYTHON, "-c", asked], text=True).split()
        for version in (python, f"asv_runner {runner}"):
            self.assertIn(version, checks["python"]["found"])
        self.assertIn(os.path.join(self.folder, "asv.conf.json"), checks["suite"]["found"])
        self.assertIn(os.path.join(self.folder, ".asv", "results"), checks["disk_results"]["found"])

    def test_the_interpreter_of_the_survey_is_remembered(self):
        self.init()
        self.assertIn(support.PYTHON, self.checks()["python"]["found"])

    def test_an_interpreter_that_cannot_run_it_is_a_warning(self):
        check = self.checks("--python", "/no/such/python")["python"]
        self.assertEqual(check["status"], "warn")
        self.assertIn("/no/such/python", check["found"])

    def test_a_suite_that_cannot_be_read_is_no_failure(self):
        self.write({"asv.conf.json": "{"})
        self.assertEqual(self.checks()["suite"]["status"], "note")


class SameCode(Doctor):
    def test_a_run(self):
        answer = self.doctor("--json", "--seconds", "1.5")
        report = support.document(answer)
        same = report["same"]
        checks = {each["name"]: each for each in report["checks"]}
        self.assertGreaterEqual(same["pairs"], 20)
        self.assertTrue(same["drift"]["low"] <= same["drift"]["ratio"] <= same["drift"]["high"], same)
        self.assertEqual(same["called_different"], same["p_value"] <= 0.001)
        self.assertEqual(checks["same_code"]["status"], "warn" if same["called_different"] else "ok")
        self.assertGreater(same["smallest_change"], 0)
        self.assertIn("A/A run", answer.stderr)
        self.assertEqual(self.doctor("--seconds", "0.1", "--quiet").stderr, "")

    def test_without_a_run(self):
        report = support.document(self.doctor("--json", "--seconds", "0"))
        self.assertIsNone(report["same"])
        self.assertNotIn("noise", [each["name"] for each in report["checks"]])

    def test_a_document_is_shown_as_it_was_printed(self):
        answer = self.doctor("--json", "--seconds", "0.1")
        support.write(self.folder, {"report.json": answer.stdout})
        shown = support.lightspeed(self.folder, "show", "report.json")
        self.assertEqual(shown.returncode, OK, shown.stderr)
        for check in support.document(answer)["checks"]:
            self.assertIn(check["name"], shown.stdout)
            self.assertIn(check["found"], shown.stdout)

    def test_an_interrupt_ends_it(self):
        running = subprocess.Popen(
            [support.program(), "doctor", "--seconds", "600", "--verbose"],
            cwd=self.folder,
            env=support.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        first = running.stderr.readline()
        running.send_signal(signal.SIGINT)
        stdout, stderr = running.communicate(timeout=support.SECONDS)
        self.assertEqual((running.returncode, stdout), (INTERRUPTED, ""), first + stderr)
        self.assertIn("interrupted", stderr)

    def test_refused_times(self):
        for seconds in ("-1", "soon", "inf"):
            self.doctor("--seconds", seconds, code=ERROR)


class Findings(Doctor):
    def test_a_warning_fails_only_where_that_was_asked_for(self):
        # Without git there is a warning on every machine.
        self.doctor("--seconds", "0", PATH=self.folder)
        self.doctor("--seconds", "0", "--fail-on-warn", PATH=self.folder, code=WARNED)
        warned = any(each["status"] == "warn" for each in self.checks().values())
        if not warned:
            self.doctor("--seconds", "0", "--fail-on-warn")

    def test_the_script_for_root_is_one_and_has_what_was_advised(self):
        script = self.doctor("--fix").stdout
        lines = [line for check in self.checks().values() for line in check["fix"]]
        self.assertEqual([line for line in script.splitlines() if line and not line.startswith("#")], lines)
        self.assertEqual(script == "", not lines)
        checked = subprocess.run(["sh", "-n"], input=script, capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))


class Terminals(Doctor):
    def shown(self, columns):
        """What a terminal of this width shows."""
        code, text = support.in_terminal(self.folder, columns, "doctor", "--seconds", "0")
        self.assertEqual(code, OK)
        return text

    def test_every_line_fits(self):
        for columns in (60, 120):
            text = self.shown(columns)
            self.assertLessEqual(max(map(len, text.splitlines())), columns, text)
            for name in ("usable_cpus", "load", "git"):
                self.assertRegex(text, rf"(?m)^(ok|note|warn) +{name} ")


if __name__ == "__main__":
    unittest.main()
