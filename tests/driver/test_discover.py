"""Mode `discover`."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import DriverCase, each_python


@each_python
class Discover(DriverCase):
    def test_entries_are_asv_runners(self):
        self.suite(
            "class Suite:\n"
            "    params = ([1, 2], ['a', 'a'])\n"
            "    param_names = ['n']\n"
            "    timeout = 7\n"
            "    def setup_cache(self): return 1\n"
            "    def time_x(self, cache, n, s): pass\n"
            "    def helper(self): pass\n"
            "def track_y(): return 1\n"
            "track_y.unit = 'apples'\n"
            "track_y.odd = float('inf')\n"
        )
        replies, last = self.discover()
        self.assertEqual(sorted(replies), ["__init__.py", "bench.py"])
        entries = {entry["name"]: entry for entry in replies["bench.py"]["benchmarks"]}
        self.assertEqual(sorted(entries), ["bench.Suite.time_x", "bench.track_y"])
        suite = entries["bench.Suite.time_x"]
        self.assertEqual(suite["params"], [["1", "2"], ["'a' (0)", "'a' (1)"]])
        self.assertEqual(suite["param_names"], ["n", "param2"])
        self.assertEqual((suite["type"], suite["timeout"], suite["file"]), ("time", 7, "bench.py"))
        self.assertEqual(suite["setup_cache_key"], "bench:5")
        self.assertEqual(entries["bench.track_y"]["unit"], "apples")
        self.assertEqual(last["python"], ".".join(map(str, self.version)))
        self.assertEqual((last["shadowed"], last["implementation"]), ([], "cpython"))
        self.assert_clean()

    def test_one_bad_file_costs_only_itself(self):
        self.suite("def time_good(): pass\n")
        bad = {
            "missing": "import dask_that_is_not_there\n",
            "leaves": "import sys; sys.exit('bye')\n",
            "exits": "import os; os._exit(7)\n",
            "crashes": "import ctypes; ctypes.string_at(0)\n",
            "hangs": "import time; time.sleep(1000)\n",
            "syntax": "def (:\n",
            "noise": "print('{\"ok\": 1}' * 1000)\ndef time_noise(): pass\n",
        }
        self.write({"benchmarks/%s.py" % name: text for name, text in bad.items()})
        replies, last = self.discover(timeout=5)
        self.assertTrue(last["ok"])
        errors = {file: reply["error"] for file, reply in replies.items() if not reply["ok"]}
        self.assertEqual(errors["missing.py"], "ModuleNotFoundError: No module named 'dask_that_is_not_there'")
        self.assertEqual(errors["leaves.py"], "SystemExit: bye")
        self.assertEqual(errors["exits.py"], "exited with code 7 while it was imported")
        self.assertEqual(errors["crashes.py"], "killed by signal 11 while it was imported")
        self.assertEqual(errors["hangs.py"], "timed out after 5 s while it was imported")
        self.assertTrue(errors["syntax.py"].startswith("SyntaxError"), errors["syntax.py"])
        self.assertEqual(len(errors), 6)
        self.assertEqual(replies["bench.py"]["benchmarks"][0]["name"], "bench.time_good")
        self.assertEqual(replies["noise.py"]["benchmarks"][0]["name"], "noise.time_noise")

    def test_a_class_that_raises_costs_only_itself(self):
        self.suite(
            "class Bad:\n"
            "    def __init__(self): raise ValueError('no')\n"
            "    def time_a(self): pass\n"
            "    def time_b(self): pass\n"
            "def time_good(): pass\n"
        )
        reply = self.discover()[0]["bench.py"]
        self.assertEqual([entry["name"] for entry in reply["benchmarks"]], ["bench.time_good"])
        self.assertEqual([(error["where"], error["error"]) for error in reply["errors"]], [("Bad", "ValueError: no")])

    def test_packages_and_names(self):
        self.write(
            {
                "benchmarks/bench.py": "def time_x(): pass\n",
                "benchmarks/sub/__init__.py": "from benchmarks.bench import time_x\n",
                "benchmarks/sub/deep.py": "from ..bench import time_x as time_z\nclass T:\n    def time_y(self): pass\n",
                "benchmarks/plain/script.py": "raise SystemExit\n",
                "pkg/__init__.py": "",
            }
        )
        replies, _ = self.discover()
        names = {file: [entry["name"] for entry in reply["benchmarks"]] for file, reply in replies.items()}
        self.assertEqual(
            names,
            {
                "bench.py": ["bench.time_x"],
                "sub/__init__.py": ["sub.time_x"],
                "sub/deep.py": ["sub.deep.time_x", "sub.deep.T.time_y"],
            },
        )
        replies, _ = self.discover(files=["sub/deep.py", "gone.py"])
        self.assertEqual(list(replies), ["sub/deep.py", "gone.py"])
        self.assertFalse(replies["gone.py"]["ok"])

    def test_a_shadowing_installation_is_named(self):
        self.suite("import pkg\ndef time_x(): pass\n")
        self.write({"installed/pkg/__init__.py": ""})
        driver = self.driver("discover", PYTHONPATH=os.path.join(self.root, "installed"))
        driver.send(dict(self.common(), files=["bench.py"]))
        driver.receive()
        place = os.path.join(self.root, "installed", "pkg")
        self.assertEqual(driver.receive()["shadowed"], [{"package": "pkg", "imported_from": place}])

    def test_input_may_end_at_once(self):
        self.suite("def time_x(): pass\n")
        driver = self.driver("discover")
        driver.send(dict(self.common(), files=None))
        driver.quit()
        self.assertTrue(driver.receive()["ok"])


if __name__ == "__main__":
    unittest.main()
