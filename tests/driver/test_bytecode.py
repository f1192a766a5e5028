"""An edit of the same length within the second in which Python wrote its bytecode is seen all the same."""

import glob
import os
import subprocess
import unittest

from support import DriverCase, each_python

BENCH = (
    "import subprocess, sys\nfrom pkg import core\n"
    "class Suite:\n    params = [core.VALUE]\n    def track_x(self, n): return core.VALUE\n"
    "def track_child():\n"
    "    subprocess.check_call([sys.executable, '-c', 'import pkg.child; assert pkg.child.VALUE == 2'])\n    return 1\n"
)


@each_python
class Bytecode(DriverCase):
    def setUp(self):
        super().setUp()
        self.suite(BENCH, pkg__core="VALUE = 1\n", pkg__child="VALUE = 1\n")
        for name in ("core", "child"):
            self.assertEqual(self.python_sees(name), 1)
            path = os.path.join(self.root, "pkg", name + ".py")
            written = os.stat(path).st_mtime_ns
            self.write({"pkg/%s.py" % name: "VALUE = 2\n"})
            for touched in [path, *self.bytecode(name)]:
                os.utime(touched, ns=(written, written))
            self.assertEqual(self.python_sees(name), 1, "Python itself must be fooled, or this shows nothing")

    def bytecode(self, name):
        return glob.glob(os.path.join(self.root, "pkg", "__pycache__", name + ".*.pyc"))

    def python_sees(self, name):
        command = [self.python, "-c", "import pkg.%s as m; print(m.VALUE)" % name]
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        return int(subprocess.check_output(command, cwd=self.root, env=environment))

    def test_discovery(self):
        replies, _ = self.discover()
        self.assertEqual(replies["bench.py"]["benchmarks"][0]["params"], [["2"]])

    def test_run(self):
        driver, _ = self.serve(trace=False)
        self.assertEqual(self.ask_run(driver, "bench.Suite.track_x", param=0)["value"], 2)
        self.assertEqual(self.python_sees("core"), 2, "the stale bytecode is gone for others too")

    def test_started_python_of_a_survey(self):
        self.assertEqual(self.survey("bench.track_child")["outcome"], "ok")

    @unittest.skipIf(os.getuid() == 0, "root may write everywhere")
    def test_bytecode_that_cannot_be_removed(self):
        folder = os.path.join(self.root, "pkg", "__pycache__")
        os.chmod(folder, 0o500)
        self.addCleanup(os.chmod, folder, 0o700)
        self.test_discovery()

    def test_settled_bytecode_is_used(self):
        (path,) = self.bytecode("core")
        second = os.stat(path).st_mtime + 2
        os.utime(path, (second, second))
        driver, _ = self.serve(trace=False)
        self.assertEqual(self.ask_run(driver, "bench.Suite.track_x", param=0)["value"], 1)


if __name__ == "__main__":
    unittest.main()
