"""Operations that crash, hang, exit, flood or leave things behind; and those of `run`."""

import os
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import DRIVER, DriverCase, each_python

CORE = "def first():\n    return 1\ndef second():\n    return 2\n"


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@each_python
class Robust(DriverCase):
    def test_bad_ends(self):
        self.suite(
            "import ctypes, os, sys, time\n"
            "from pkg import core\n"
            "class Suite:\n"
            "    def setup(self): core.first()\n"
            "    def time_hang(self):\n        core.second()\n        time.sleep(1000)\n"
            "    def time_exit(self):\n        core.second()\n        os._exit(7)\n"
            "    def time_crash(self):\n        core.second()\n        ctypes.string_at(0)\n"
            "    def time_exec(self):\n        core.second()\n        os.execv('/bin/true', ['true'])\n"
            "    def time_raise(self):\n        core.second()\n        raise ValueError('too\\nbad')\n"
            "    def time_leave(self):\n        core.second()\n        sys.exit(3)\n"
            "    def time_kill(self):\n        core.second()\n        os.kill(os.getpid(), 9)\n"
            "    def time_good(self):\n        core.second()\n",
            pkg__core=CORE,
        )
        driver, _ = self.serve()
        expected = {
            "hang": ("timed_out", None, 9, "timed out after 1 s during the survey"),
            "exit": ("exited", 7, None, "exited with code 7 during the survey"),
            "crash": ("signaled", None, 11, "killed by signal 11 during the survey"),
            "exec": ("exited", 0, None, "replaces the process (os.execv)"),
            "raise": ("failed", 0, None, "failed during the survey: ValueError: too bad"),
            "leave": ("failed", 0, None, "failed during the survey: SystemExit: 3"),
            "kill": ("signaled", None, 9, "killed by signal 9 during the survey"),
        }
        for name, (outcome, code, number, reason) in expected.items():
            with self.subTest(name):
                result = self.ask_survey(driver, "bench.Suite.time_" + name, timeout=1 if name == "hang" else 30)
                self.assertEqual((result["outcome"], result["exit_code"], result["signal"]), (outcome, code, number))
                self.assertIn(reason, result["always_affected"])
                self.assertEqual(self.executed(result["phases"]["setup"])["pkg/core.py"], {2})
                if self.version >= (3, 12) or outcome == "failed":
                    self.assertIn(4, self.executed(result["phases"]["run"])["pkg/core.py"])
        self.assertIn("ValueError", self.ask_survey(driver, "bench.Suite.time_raise")["stderr"])
        self.assertEqual(self.ask_survey(driver, "bench.Suite.time_good")["always_affected"], [])
        driver.quit()
        self.assert_clean()

    def test_what_is_left_running_is_ended(self):
        self.suite(
            "import os, subprocess, sys\n"
            "def start(**kwargs):\n"
            "    process = subprocess.Popen(['sleep', '1000'], **kwargs)\n"
            "    print('pid', process.pid, flush=True)\n"
            "def track_child():\n    start()\n"
            "def track_session():\n    start(start_new_session=True)\n"
            "def track_hang():\n    start(start_new_session=True); start()\n    while True: pass\n"
        )
        driver, _ = self.serve(trace=False)
        for name in ("child", "session", "hang"):
            started = time.monotonic()
            result = self.ask_run(driver, "bench.track_" + name, timeout=2)
            self.assertLess(time.monotonic() - started, 10)
            pids = [int(line.split()[1]) for line in result["stderr"].splitlines() if line.startswith("pid ")]
            self.assertTrue(pids)
            self.assertEqual([pid for pid in pids if alive(pid)], [], name)

    def test_the_end_of_input_ends_the_operation(self):
        path = os.path.join(self.root, "pid")
        self.suite(
            "import os, time\ndef track_x():\n    open(%r, 'w').write(str(os.getpid()))\n    time.sleep(99)\n" % path
        )
        for how in ("close", "kill", "close unforked", "kill unforked"):
            driver, _ = self.serve(trace=False)
            request = {"op": "run", "benchmark": "bench.track_x", "param": None, "cache_dir": None, "timeout": 90}
            driver.send(dict(request, fork="unforked" not in how))
            while not (os.path.exists(path) and os.path.getsize(path)):
                time.sleep(0.01)
            if how.startswith("close"):
                driver.quit()
            else:
                os.kill(driver.process.pid, signal.SIGKILL)
                driver.process.wait()
            with open(path) as file:
                pid = int(file.read())
            os.remove(path)
            deadline = time.monotonic() + 5
            while alive(pid) and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assertFalse(alive(pid), how)
            if how == "close":
                self.assert_clean()

    def test_output(self):
        self.suite(
            "import os, sys\n"
            "print('{\"ok\": true}', flush=True)\n"
            "def track_flood():\n"
            "    for _ in range(300):\n        os.write(1, b'x' * 100000 + b'\\n')\n"
            "    sys.stderr.write('the end\\n')\n"
            "    os.write(2, b'\\xff\\xfe')\n"
            "    return sys.stdin.read() == '' and 5\n"
        )
        driver, first = self.serve(trace=False)
        self.assertTrue(first["ok"])
        result = self.ask_run(driver, "bench.track_flood")
        self.assertEqual((result["outcome"], result["value"]), ("ok", 5))
        self.assertLessEqual(len(result["stderr"]), 65536)
        self.assertIn("the end", result["stderr"])
        result = self.ask_run(driver, "bench.track_flood", stderr_cap=100)
        self.assertLessEqual(len(result["stderr"]), 100)

    def test_values(self):
        self.suite(
            "def track_int(): return 3\n"
            "def track_nan(): return float('nan')\n"
            "def track_inf(): return float('inf')\n"
            "def track_none(): return None\n"
            "def track_big(): return 10 ** 30\n"
            "def track_huge(): return 10 ** 3000\n"
            "def track_text(): return 'abc'\n"
            "def track_object(): return object()\n"
            "def track_fraction():\n    import fractions\n    return fractions.Fraction(1, 2)\n"
            "def peakmem_x(): return 1\n"
        )
        driver, _ = self.serve(trace=False)
        results = {
            name: self.ask_run(driver, "bench.track_" + name)
            for name in "int nan inf none big huge text object fraction".split()
        }
        values = {name: (result["outcome"], result["value"]) for name, result in results.items()}
        self.assertEqual(values["int"], ("ok", 3))
        self.assertEqual(values["fraction"], ("ok", 0.5))
        self.assertEqual(values["big"], ("ok", 1e30))
        for name in ("nan", "inf", "none", "huge"):
            self.assertEqual(values[name], ("ok", None))
        self.assertIn("not finite", results["inf"]["error"])
        self.assertEqual(
            results["text"]["error"], "TypeError: the benchmark returned a str; it must return a number or None"
        )
        self.assertEqual(values["object"], ("failed", None))
        self.assertGreater(self.ask_run(driver, "bench.peakmem_x")["value"], 1 << 20)

    def test_times(self):
        self.suite(
            "import time\n"
            "class Suite:\n"
            "    def time_x(self): time.sleep(0.002)\n"
            "class Fails:\n"
            "    def time_x(self): pass\n"
            "    def teardown(self): raise ValueError('late')\n"
        )
        driver, _ = self.serve(trace=False)
        result = self.ask_run(driver, "bench.Suite.time_x")
        self.assertEqual((result["outcome"], result["number"], len(result["samples"])), ("ok", 3, 2))
        self.assertTrue(all(0.002 <= sample < 0.1 for sample in result["samples"]))
        self.assertGreater(result["max_rss_bytes"], 1 << 20)
        self.assertGreaterEqual(result["wall_s"], 0.012)
        result = self.ask_run(driver, "bench.Fails.time_x", overrides={"number": 1, "repeat": 2, "warmup_time": 0})
        self.assertEqual(result["outcome"], "failed")
        self.assertTrue(result["error"] and "ValueError: late" in result["error"])
        survey, _ = self.serve()
        self.assertFalse(survey.ask({"op": "run", "benchmark": "bench.Suite.time_x"})["ok"])
        self.assertFalse(driver.ask({"op": "survey", "benchmark": "bench.Suite.time_x"})["ok"])
        self.assertFalse(driver.ask({"op": "dance"})["ok"])
        driver.process.stdin.write(b"nonsense\n")
        self.assertFalse(driver.ask({"op": "dance"})["ok"])
        self.assertFalse(driver.receive()["ok"])
        self.assertEqual(self.ask_run(driver, "bench.Suite.time_x")["outcome"], "ok")
        self.assertEqual(self.ask_run(driver, "bench.gone")["outcome"], "failed")

    def test_a_teardown_that_raises_keeps_the_samples(self):
        self.suite(
            "class Fails:\n"
            "    count = 0\n"
            "    def time_x(self): pass\n"
            "    def teardown(self):\n"
            "        import sys\n"
            "        if sys._getframe(1).f_back.f_code.co_name == 'measure': raise ValueError('late')\n"
        )
        driver, _ = self.serve(trace=False)
        result = self.ask_run(driver, "bench.Fails.time_x")
        self.assertEqual((result["outcome"], result["error"]), ("failed", "in teardown: ValueError: late"))
        self.assertEqual(len(result["samples"]), 2)

    def test_threads_at_import_make_forks_unsafe(self):
        self.suite(
            "import threading, time\n"
            "from pkg import core\n"
            "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n"
            "def time_x():\n    core.first()\n    print('hello')\n",
            pkg__core=CORE,
        )
        driver, first = self.serve()
        self.assertEqual((first["fork_safe"], first["fork_unsafe_reason"]), (False, "2 threads are running"))
        result = self.ask_survey(driver, "bench.time_x", fork=False)
        self.assertEqual((result["outcome"], result["exit_code"]), ("ok", 0), result)
        self.assertEqual(self.executed(result["phases"]["run"])["pkg/core.py"], {2})
        self.assertIn("hello", result["stderr"])
        self.assertIsNone(driver.receive())
        driver.quit()
        self.assert_clean()

    def test_the_working_directory_is_fresh(self):
        self.suite(
            "import os, shutil\n"
            "def state():\n"
            "    return len(os.listdir('.')) + 10 * len(os.listdir('..')) + 100 * (os.stat('.').st_mode & 0o777)\n"
            "def track_clean():\n    return state()\n"
            "def track_file():\n    open('left', 'w').close()\n    return state()\n"
            "def track_above():\n    open('../left', 'w').close()\n    return state()\n"
            "def track_mode():\n    os.chmod('.', 0o500)\n    return state()\n"
            "def track_gone():\n    shutil.rmtree(os.getcwd())\n    return 0\n"
        )
        driver, _ = self.serve(trace=False)
        clean = self.ask_run(driver, "bench.track_clean")["value"]
        changed = {"clean": clean, "file": clean + 1, "above": clean + 10, "mode": clean % 100 + 100 * 0o500, "gone": 0}
        for name, value in changed.items():
            for benchmark, expected in ((name, value), ("clean", clean)):
                self.assertEqual(self.ask_run(driver, "bench.track_" + benchmark)["value"], expected, benchmark)
        driver.quit()
        self.assert_clean()

    def test_modules_of_the_driver_shadow_nothing(self):
        self.suite(
            "import trace, sys\n"
            "def track_x():\n"
            "    import suite, wire\n"
            "    return trace.__file__.count('lightspeed') + suite.VALUE + wire.VALUE\n"
        )
        self.write({"suite.py": "VALUE = 20\n", "wire.py": "VALUE = 1\n"})
        driver, _ = self.serve(trace=False)
        self.assertEqual(self.ask_run(driver, "bench.track_x")["value"], 21)

    def test_import_that_leaves(self):
        self.suite("import sys; sys.exit(4)\n")
        driver, first = self.serve()
        self.assertEqual((first["ok"], first["error"]), (False, "SystemExit: 4"))

    def test_a_missing_runner_is_named(self):
        self.suite("def time_x(): pass\n")
        self.write({"broken/asv_runner/__init__.py": "raise ImportError('gone', name='asv_runner')\n"})
        driver = self.driver("discover", PYTHONPATH=os.path.join(self.root, "broken"))
        reply = driver.ask(dict(self.common(), files=None))
        self.assertFalse(reply["ok"])
        self.assertIn("has no usable asv_runner: install it", reply["error"])

    def test_sigterm_leaves_nothing_behind(self):
        path = os.path.join(self.root, "pid")
        self.suite("import os, time\nopen(%r, 'w').write(str(os.getpid()))\ntime.sleep(1000)\n" % path)
        driver = self.driver("discover")
        driver.send(dict(self.common(), files=["bench.py"]))
        while not (os.path.exists(path) and os.path.getsize(path)):
            time.sleep(0.01)
        driver.process.terminate()
        driver.process.wait(10)
        with open(path) as file:
            self.assertFalse(alive(int(file.read())))
        self.assert_clean()

    def test_wrong_use(self):
        done = subprocess.run([self.python, "-u", DRIVER, "nothing"], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("usage", done.stderr)

    def test_own_sitecustomize_still_runs(self):
        self.suite(
            "import subprocess, sys\n"
            "def track_x():\n"
            "    text = subprocess.check_output([sys.executable, '-c', 'import sys; print(sys.mine)'], text=True)\n"
            "    assert text == '5\\n', text\n"
            "    return 1\n"
        )
        self.write({"custom/sitecustomize.py": "import sys\nsys.mine = 5\n"})
        driver, _ = self.serve(PYTHONPATH=os.path.join(self.root, "custom"))
        self.assertEqual(self.ask_survey(driver, "bench.track_x")["outcome"], "ok")

    def test_python_that_cannot_be_followed(self):
        self.suite(
            "import subprocess, sys\n"
            "def time_isolated():\n    subprocess.check_call([sys.executable, '-I', '-c', 'pass'])\n"
            "def time_env():\n    subprocess.check_call(['sh', '-c', 'true'], env={'A': 'b'})\n"
            "def time_fine():\n    subprocess.check_call('true', shell=True)\n"
        )
        driver, _ = self.serve()
        reasons = [
            self.ask_survey(driver, "bench.time_" + name)["always_affected"] for name in ("isolated", "env", "fine")
        ]
        self.assertEqual(reasons, [["starts Python with -I"], ["starts sh with an environment of its own"], []])


if __name__ == "__main__":
    unittest.main()
