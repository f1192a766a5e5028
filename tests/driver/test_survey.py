"""Operation `survey`: what it reports as executed, opened, listed and tried."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import DriverCase, each_python


@each_python
class Survey(DriverCase):
    def run_lines(self, result, file):
        self.assertEqual(result["outcome"], "ok", result)
        return self.executed(result["phases"]["run"]).get(file, set())

    def test_phases_and_code_objects(self):
        self.suite(
            "from pkg import core\n"
            "class Suite:\n"
            "    def setup(self):\n"
            "        core.make()\n"
            "    def time_x(self):\n"
            "        core.use()\n"
            "    def teardown(self):\n"
            "        core.drop()\n",
            pkg__core="def make():\n    return 1\ndef use():\n    return 2\ndef drop():\n    return 3\ndef never():\n    return 4\n",
        )
        driver, first = self.serve()
        self.assertEqual(self.executed(first["import"])["pkg/core.py"], {1, 3, 5, 7})
        self.assertTrue(first["fork_safe"])
        for _ in range(2):
            result = self.ask_survey(driver, "bench.Suite.time_x")
            self.assertEqual(self.executed(result["phases"]["setup"])["pkg/core.py"], {2})
            self.assertEqual(self.run_lines(result, "pkg/core.py"), {4, 6} | {2})
            self.assertEqual(result["always_affected"], [])
        if self.version >= (3, 12):
            entries = result["phases"]["setup"]["files"][os.path.join(self.root, "pkg/core.py")]
            self.assertEqual(entries, [[1, "make", [2]]])
        driver.quit()
        self.assert_clean()

    def test_empty_modules_are_executed(self):
        self.suite(
            "import subprocess, sys\nfrom pkg import empty\n"
            "def track_x():\n    import pkg.late\n    return 1\n"
            "def track_child():\n    subprocess.check_call([sys.executable, '-c', 'import pkg.late'])\n    return 1\n",
            pkg__empty="",
            pkg__late="",
        )
        driver, first = self.serve()
        names = set(self.executed(first["import"]))
        self.assertLessEqual({"pkg/__init__.py", "pkg/empty.py", "benchmarks/__init__.py"}, names)
        for benchmark in ("track_x", "track_child"):
            result = self.ask_survey(driver, "bench." + benchmark)
            self.assertIn("pkg/late.py", self.executed(result["phases"]["run"]), benchmark)

    def test_parameters(self):
        self.suite(
            "from pkg import core\n"
            "class Modes:\n"
            "    params = ['quick', 'thorough']\n"
            "    def time_run(self, mode):\n"
            "        core.run(mode)\n",
            pkg__core="def run(mode):\n    if mode == 'quick':\n        return 1\n    return 2\n",
        )
        driver, _ = self.serve()
        quick, thorough = [self.ask_survey(driver, "bench.Modes.time_run", param=k) for k in (0, 1)]
        self.assertEqual(self.run_lines(quick, "pkg/core.py"), {2, 3})
        self.assertEqual(self.run_lines(thorough, "pkg/core.py"), {2, 4})
        for param in (2, None):
            self.assertEqual(self.ask_survey(driver, "bench.Modes.time_run", param=param)["outcome"], "failed")

    def test_each_survey_starts_anew_and_sees_the_cached_path(self):
        self.suite(
            "from pkg import lazy\ndef time_a():\n    lazy.table()\ndef time_b():\n    lazy.table()\n",
            pkg__lazy="TABLE = None\ndef table():\n    global TABLE\n    if TABLE is not None:\n        return 1\n    TABLE = 1\n",
        )
        driver, _ = self.serve()
        for name in ("bench.time_a", "bench.time_b"):
            self.assertEqual(self.run_lines(self.ask_survey(driver, name), "pkg/lazy.py"), {4, 5, 6})

    def test_a_benchmark_for_one_call_is_called_once(self):
        self.suite(
            "class Once:\n"
            "    number = repeat = 1\n"
            "    warmup_time = 0\n"
            "    calls = []\n"
            "    def time_x(self):\n"
            "        assert not self.calls\n"
            "        self.calls.append(1)\n"
        )
        self.assertEqual(self.survey("bench.Once.time_x")["outcome"], "ok")

    def test_other_types(self):
        self.suite(
            "from pkg import core\n"
            "def track_x():\n    return core.a()\n"
            "def peakmem_x():\n    core.a()\n"
            "def timeraw_x():\n    return 'core.a()', 'from pkg import core'\n",
            pkg__core="def a():\n    return 1\n",
        )
        driver, _ = self.serve()
        for name in ("track_x", "peakmem_x", "timeraw_x"):
            result = self.ask_survey(driver, "bench." + name)
            self.assertIn(2, self.run_lines(result, "pkg/core.py"), name)
            self.assertEqual(result["always_affected"], [])

    def test_children_and_threads(self):
        self.suite(
            "import multiprocessing as mp, subprocess, sys, threading, os\n"
            "from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor\n"
            "from pkg import core\n"
            "def time_fork_pool():\n"
            "    with mp.get_context('fork').Pool(2) as pool:\n"
            "        pool.map(core.job, [1, 2, 3])\n"
            "def time_spawn_pool():\n"
            "    with mp.get_context('spawn').Pool(1) as pool:\n"
            "        pool.map(core.job, [1])\n"
            "def time_forkserver():\n"
            "    process = mp.get_context('forkserver').Process(target=core.job, args=(1,))\n"
            "    process.start(); process.join()\n"
            "def time_executor():\n"
            "    with ProcessPoolExecutor(1, mp_context=mp.get_context('fork')) as pool:\n"
            "        pool.submit(core.job, 1).result()\n"
            "def time_python():\n"
            "    subprocess.check_call([sys.executable, '-c', 'import pkg.core as c; c.job(1)'])\n"
            "def time_thread():\n"
            "    thread = threading.Thread(target=core.job, args=(1,))\n"
            "    thread.start(); thread.join()\n"
            "def time_plain_fork():\n"
            "    pid = os.fork()\n"
            "    if pid == 0:\n"
            "        core.job(1)\n"
            "        os._exit(0)\n"
            "    os.waitpid(pid, 0)\n"
            "class Threads:\n"
            "    def setup(self):\n"
            "        self.pool = ThreadPoolExecutor(1)\n"
            "        self.pool.submit(core.job, 1).result()\n"
            "    def time_x(self):\n"
            "        self.pool.submit(core.job, 1).result()\n"
            "    def teardown(self):\n"
            "        self.pool.shutdown()\n",
            pkg__core="def job(n):\n    return sum(range(n))\n",
        )
        driver, first = self.serve()
        self.assertTrue(first["ok"], first)
        names = "fork_pool spawn_pool forkserver executor python thread plain_fork".split()
        for name in ["time_" + name for name in names] + ["Threads.time_x"]:
            with self.subTest(name):
                result = self.ask_survey(driver, "bench." + name)
                self.assertIn(2, self.run_lines(result, "pkg/core.py"), result)
                self.assertEqual(result["always_affected"], [])

    def test_code_that_goes_on_from_one_phase_into_the_next(self):
        self.suite(
            "import threading\n"
            "from pkg import core\n"
            "NUMBERS, GATE = core.numbers(), threading.Barrier(2)\n"
            "next(NUMBERS)\n"
            "class Suite:\n"
            "    number = repeat = 1\n"
            "    warmup_time = 0\n"
            "    def setup(self):\n"
            "        self.worker = threading.Thread(target=core.work, args=(GATE,))\n"
            "        self.worker.start()\n"
            "        GATE.wait(10)\n"
            "    def time_x(self):\n"
            "        next(NUMBERS)\n"
            "        GATE.wait(10)\n"
            "        self.worker.join()\n",
            pkg__core="def numbers():\n"
            "    while len('x'):\n"
            "        yield 1\n"
            "def work(gate):\n"
            "    for _ in range(2):\n"
            "        gate.wait(10)\n",
        )
        driver, first = self.serve()
        self.assertEqual(self.executed(first["import"])["pkg/core.py"], {1, 2, 3, 4})
        result = self.ask_survey(driver, "bench.Suite.time_x")
        self.assertEqual(self.executed(result["phases"]["setup"])["pkg/core.py"], {5, 6})
        self.assertLessEqual({2, 3, 5}, self.run_lines(result, "pkg/core.py"))

    def test_generators_coroutines_and_own_trace_function(self):
        self.suite(
            "import asyncio, sys\n"
            "from pkg import core\n"
            "def time_async():\n    asyncio.run(core.main(3))\n"
            "def time_traced():\n    sys.settrace(lambda *a: None)\n    sys.settrace(None)\n    core.light()\n"
            "def time_left_traced():\n    sys.settrace(lambda *a: None)\n"
            "def time_profiled():\n    sys.setprofile(lambda *a: None)\n    sys.setprofile(None)\n"
            "def time_light():\n    core.light()\n",
            pkg__core="import asyncio\n"
            "async def step(n):\n    await asyncio.sleep(0)\n    return n\n"
            "async def main(n):\n    return sum([await step(i) for i in range(n)])\n"
            "def light():\n    return 1\n",
        )
        driver, _ = self.serve()
        lines = self.run_lines(self.ask_survey(driver, "bench.time_async"), "pkg/core.py")
        self.assertEqual(lines, {3, 4, 6})
        settrace, setprofile = "sets a trace function (sys.settrace)", "sets a profile function (sys.setprofile)"
        for name, reasons in (
            ("traced", [settrace]),
            ("left_traced", [settrace]),
            ("profiled", [setprofile]),
            ("light", []),
        ):
            found = self.ask_survey(driver, "bench.time_" + name)["always_affected"]
            if self.version < (3, 12) and "traced" in name:
                self.assertEqual(found.pop(0), "lost the trace function")
            self.assertEqual(found, reasons, name)
        result = self.ask_survey(driver, "bench.time_light")
        self.assertEqual(self.run_lines(result, "pkg/core.py"), {8})

    def test_taking_over_the_monitoring_tool(self):
        if self.version < (3, 12):
            self.skipTest("needs sys.monitoring")
        self.suite(
            "import sys\n"
            "def time_x():\n"
            "    for tool in range(6):\n"
            "        if sys.monitoring.get_tool(tool): sys.monitoring.free_tool_id(tool)\n"
        )
        self.assertEqual(self.survey("bench.time_x")["always_affected"], ["took over the monitoring tool"])

    def test_files(self):
        self.suite(
            "import glob, os, pathlib\n"
            "from pkg import core\n"
            "def time_open():\n    core.load()\n"
            "def time_list():\n    os.listdir(core.HERE + '/plugins'); list(pathlib.Path(core.HERE).iterdir())\n"
            "def time_glob():\n    glob.glob(core.HERE + '/plugins/*.py')\n"
            "def time_py():\n    open(core.__file__).read()\n"
            "def time_write():\n    open(core.HERE + '/out.txt', 'w').close(); open('/dev/null').close()\n"
            "def time_missing():\n"
            "    for name in ('fast', 'core.x'):\n"
            "        try: __import__('pkg.' + name)\n"
            "        except ImportError: pass\n"
            "    try: import unrelated_missing\n"
            "    except ImportError: pass\n"
            "def time_lazy():\n    import pkg.late\n"
            "def time_raises():\n"
            "    try: core.fail()\n"
            "    except ZeroDivisionError:\n"
            "        import traceback; traceback.format_exc()\n",
            pkg__core="import os\nHERE = os.path.dirname(os.path.abspath(__file__))\n"
            "try:\n    from pkg import _speedups\nexcept ImportError:\n    pass\n"
            "def load():\n    os.close(os.open(HERE + '/b.bin', os.O_RDONLY))\n    return open(HERE + '/a.json').read()\n"
            "def fail():\n    1 / 0\n",
            pkg__late="X = 1\n",
        )
        self.write({"pkg/a.json": "{}", "pkg/b.bin": "", "pkg/plugins/one.py": ""})
        driver, first = self.serve()
        self.assertEqual(first["import"]["failed_imports"], ["pkg._speedups"])
        self.assertEqual((first["import"]["opened"], first["import"]["listed"]), ([], []))

        def seen(name, kind):
            return self.ask_survey(driver, "bench.time_" + name)["phases"]["run"][kind]

        self.assertEqual(self.relative(seen("open", "opened")), ["pkg/a.json", "pkg/b.bin"])
        self.assertEqual(self.relative(seen("list", "listed")), ["pkg", "pkg/plugins"])
        self.assertEqual(self.relative(seen("glob", "listed")), ["pkg/plugins"])
        self.assertEqual(self.relative(seen("py", "opened")), ["pkg/core.py"])
        self.assertEqual(seen("write", "opened"), [])
        self.assertEqual(seen("missing", "failed_imports"), ["pkg.fast"])
        self.assertEqual((seen("lazy", "opened"), seen("raises", "opened")), ([], []))
        self.assertIn(1, self.run_lines(self.ask_survey(driver, "bench.time_lazy"), "pkg/late.py"))

    def test_modules_loaded_before_the_tracer_are_whole_files(self):
        self.suite("from pkg import core\ndef time_x(): pass\n", pkg__core="X = 1\n")
        self.write({"custom/sitecustomize.py": "import sys\nsys.path.append(%r)\nimport pkg.core\n" % self.root})
        _, first = self.serve(PYTHONPATH=os.path.join(self.root, "custom"))
        self.assertEqual(self.relative(first["import"]["opened"]), ["pkg/__init__.py", "pkg/core.py"])

    def test_setup_cache(self):
        self.suite(
            "from pkg import data\n"
            "class Suite:\n"
            "    def setup_cache(self):\n        return data.make()\n"
            "    def time_x(self, xs):\n        data.use(xs)\n"
            "    def track_len(self, xs):\n        return len(xs)\n",
            pkg__data="def make():\n    return [1, 2]\ndef use(xs):\n    return sum(xs)\n",
        )
        driver, _ = self.serve()
        cache = os.path.join(self.root, "cache")
        os.mkdir(cache)
        result = driver.ask({"op": "setup_cache", "benchmark": "bench.Suite.time_x", "cache_dir": cache, "timeout": 30})
        self.assertEqual(result["outcome"], "ok", result)
        self.assertEqual(self.executed(result["phases"]["setup"])["pkg/data.py"], {2})
        self.assertEqual(os.listdir(cache), ["cache.pickle"])
        result = self.ask_survey(driver, "bench.Suite.time_x", cache_dir=cache)
        self.assertEqual(self.run_lines(result, "pkg/data.py"), {4})
        result = self.ask_survey(driver, "bench.Suite.time_x")
        self.assertIn("run setup_cache first", result["error"])
        runner, _ = self.serve(trace=False)
        self.assertEqual(self.ask_run(runner, "bench.Suite.track_len", cache_dir=cache)["value"], 2)

    def test_skips(self):
        self.suite(
            "from asv_runner.benchmarks.mark import SkipNotImplemented\n"
            "class Skips:\n"
            "    params = [1, 2, 3]\n"
            "    def setup(self, n):\n"
            "        if n == 2: raise NotImplementedError\n"
            "    def time_x(self, n):\n"
            "        if n == 3: raise SkipNotImplemented('no')\n"
            "Skips.skip_params = [(1,)]\n"
        )
        driver, _ = self.serve()
        runner, _ = self.serve(trace=False)
        for param in range(3):
            for result in (
                self.ask_survey(driver, "bench.Skips.time_x", param=param),
                self.ask_run(runner, "bench.Skips.time_x", param=param),
            ):
                self.assertEqual((result["outcome"], result["value"], result["samples"]), ("skipped", None, None))
                self.assertEqual(result["always_affected"], [])

    def test_import_failure_reports_what_ran(self):
        self.suite("from pkg import core\nimport nowhere\n", pkg__core="X = 1\n")
        driver, first = self.serve()
        self.assertEqual((first["ok"], first["error"]), (False, "ModuleNotFoundError: No module named 'nowhere'"))
        self.assertEqual(self.executed(first["import"])["pkg/core.py"], {1})
        self.assertIsNone(driver.receive())
        self.assert_clean()

    def test_an_environment_inside_the_root_does_not_count(self):
        self.suite("import textwrap\ndef time_x():\n    textwrap.dedent(' a')\n")
        driver = self.driver("serve")
        common = dict(self.common(), source_root="/", packages=["pkg"])
        driver.ask(dict(common, file="bench.py", trace=True))
        files = self.ask_survey(driver, "bench.time_x")["phases"]["run"]["files"]
        self.assertIn(os.path.join(self.root, "benchmarks/bench.py"), files)
        self.assertEqual([path for path in files if "/lib/python" in path], [])


if __name__ == "__main__":
    unittest.main()
