"""What the driver's tests share: a suite in a temporary directory and a driver process to talk to, for each interpreter."""

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
DRIVER = os.path.join(os.path.dirname(os.path.dirname(HERE)), "ffi", "src", "suite", "asv", "driver")
PYTHONS = [python for python in os.environ.get("LIGHTSPEED_PYTHONS", "").split(os.pathsep) if python] or [
    sys.executable
]
REPLY_SECONDS = 60


def each_python(case):
    """A test case for each interpreter, in the place of the one given."""
    namespace = sys.modules[case.__module__].__dict__
    for python in PYTHONS:
        version = python_version(python)
        name = "%s_%s" % (case.__name__, "_".join(str(part) for part in version[:2]))
        made = type(name, (case,), {"python": python, "version": version, "__module__": case.__module__})
        namespace[name] = made
    return None


def python_version(python):
    """The version of an interpreter as a tuple."""
    text = subprocess.check_output([python, "-c", "import sys; print(*sys.version_info[:3])"], text=True)
    return tuple(int(part) for part in text.split())


class DriverCase(unittest.TestCase):
    """A suite `benchmarks` beside a package `pkg`; drivers that are started end with the test."""

    python = sys.executable
    version = tuple(sys.version_info[:3])

    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="driver-test-"))
        self.addCleanup(shutil.rmtree, self.root, True)
        self.temporary = os.path.join(self.root, "tmp")
        os.mkdir(self.temporary)

    def write(self, files):
        """Write files given as {relative path: text}."""
        for path, text in files.items():
            path = os.path.join(self.root, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)

    def suite(self, bench, **more):
        """Write benchmarks/bench.py, pkg/__init__.py and `more` ("pkg__core" for pkg/core.py)."""
        self.write({"benchmarks/__init__.py": "", "pkg/__init__.py": "", "benchmarks/bench.py": bench})
        self.write({name.replace("__", "/", 1) + ".py": text for name, text in more.items()})

    def common(self):
        """The fields that every first request has."""
        return {
            "bench_dir": os.path.join(self.root, "benchmarks"),
            "source_root": os.path.join(self.root, "pkg"),
            "import_parent": self.root,
            "packages": ["pkg"],
        }

    def driver(self, mode, **environment):
        """A started driver."""
        driver = Driver(self.python, mode, dict(os.environ, TMPDIR=self.temporary, **environment))
        self.addCleanup(driver.stop)
        return driver

    def discover(self, files=None, **fields):
        """({file: reply}, the last reply)."""
        driver = self.driver("discover")
        driver.send(dict(self.common(), files=files, **fields))
        replies = {}
        while True:
            reply = driver.receive()
            if reply.get("done"):
                driver.quit()
                return replies, reply
            replies[reply["file"]] = reply

    def serve(self, trace=True, file="bench.py", **environment):
        """A zygote and its first reply."""
        driver = self.driver("serve", **environment)
        first = driver.ask(dict(self.common(), file=file, trace=trace))
        return driver, first

    def survey(self, name, param=None, cache_dir=None, timeout=30, **fields):
        """The RESULT of one survey by a zygote of its own."""
        driver, first = self.serve()
        self.assertTrue(first["ok"], first)
        return self.ask_survey(driver, name, param=param, cache_dir=cache_dir, timeout=timeout, **fields)

    @staticmethod
    def ask_survey(driver, name, param=None, cache_dir=None, timeout=30, **fields):
        """The RESULT of one survey."""
        request = {"op": "survey", "benchmark": name, "param": param, "cache_dir": cache_dir, "timeout": timeout}
        return driver.ask(dict(request, **fields))

    @staticmethod
    def ask_run(driver, name, param=None, cache_dir=None, timeout=30, overrides=None, **fields):
        """The RESULT of one run."""
        request = {"op": "run", "benchmark": name, "param": param, "cache_dir": cache_dir, "timeout": timeout}
        quick = {"repeat": 2, "number": 3, "warmup_time": 0}
        return driver.ask(dict(request, overrides=quick if overrides is None else overrides, **fields))

    def executed(self, coverage):
        """{"pkg/core.py": {lines}} of a COVERAGE."""
        return {
            os.path.relpath(path, self.root): {line for entry in entries for line in entry[2]}
            for path, entries in coverage["files"].items()
        }

    def relative(self, paths):
        """Paths relative to the test's directory."""
        return [os.path.relpath(path, self.root) for path in paths]

    def assert_clean(self):
        """Nothing is left in the temporary directory."""
        left = [name for name in os.listdir(self.temporary) if name.startswith("lightspeed-")]
        self.assertEqual(left, [])


class Driver:
    """A driver process."""

    def __init__(self, python, mode, environment):
        self.process = subprocess.Popen(
            [python, "-u", DRIVER, mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        self._pending = b""

    def send(self, request):
        """One request."""
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()

    def receive(self):
        """One reply; None at the end."""
        output = self.process.stdout.fileno()
        deadline = time.monotonic() + REPLY_SECONDS
        while b"\n" not in self._pending:
            if not select.select([output], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError("no reply within %d s" % REPLY_SECONDS)
            data = os.read(output, 1 << 20)
            if not data:
                return None
            self._pending += data
        line, _, self._pending = self._pending.partition(b"\n")
        return json.loads(line.decode("utf-8"), parse_constant=self._refuse)

    @staticmethod
    def _refuse(constant):
        raise AssertionError("%s is not JSON" % constant)

    def ask(self, request):
        """A request and its reply."""
        self.send(request)
        return self.receive()

    def quit(self):
        """Close the input and wait for the end; returns standard error."""
        self.process.stdin.close()
        self.process.wait(REPLY_SECONDS)
        return self.process.stderr.read().decode()

    def stop(self):
        """End the process whatever it does."""
        if self.process.poll() is None:
            try:
                self.process.stdin.close()
                self.process.wait(5)
            except (subprocess.TimeoutExpired, BrokenPipeError):
                self.process.kill()
                self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
