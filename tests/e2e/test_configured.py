"""The object `lightspeed` of asv.conf.json: sources of compiled modules, decorators that keep a function what it is."""

import json
import os
import shutil
import subprocess
import unittest

from fixture import CONFIG, SuiteCase
from support import PYTHON, commit, document

FAST = """#include <Python.h>
#include "../include/shared.h"
static PyObject *answer(PyObject *self, PyObject *arguments) { return PyLong_FromLong(%s); }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "NAME", "", -1, methods};
PyMODINIT_FUNC PyInit_NAME(void) { return PyModule_Create(&module); }
"""
BENCH = """def time_fast():
    from pkg import fast
    fast.answer()


def time_deep():
    from pkg.deep import slow
    slow.answer()


def time_plain():
    from pkg import plain
    plain.plain()
"""
FAST_ID, DEEP_ID, PLAIN_ID = "native.time_fast", "native.time_deep", "native.time_plain"


def asked(expression):
    program = f"import sysconfig; print({expression})"
    return subprocess.run([PYTHON, "-c", program], check=True, capture_output=True, text=True).stdout.strip()


def has_headers():
    return shutil.which("cc") and os.path.isfile(os.path.join(asked("sysconfig.get_path('include')"), "Python.h"))


class Configured(SuiteCase):
    def path(self, name):
        return os.path.join(self.folder, name)

    def surveyed_again(self):
        """How many instances a second `init` surveys, and of how many."""
        report = document(self.init("--json"))
        return report["surveyed"], len(report["discovered"])

    def configure(self, **options):
        self.write({"asv.conf.json": json.dumps({**json.loads(CONFIG), "lightspeed": options})})


@unittest.skipUnless(has_headers(), "needs a C compiler and Python's headers")
class NativeSources(Configured):
    """Real extension modules, compiled as a build in place leaves them."""

    def setUp(self):
        super().setUp()
        self.suffix = asked("sysconfig.get_config_var('EXT_SUFFIX')")
        self.write(
            {
                "pkg/fast.c": FAST.replace("NAME", "fast") % 1,
                "pkg/deep/__init__.py": "",
                "pkg/deep/slow.c": FAST.replace("NAME", "slow").replace("../", "../../") % 2,
                "pkg/deep/helper.c": "int helper(void) { return 1; }\n",
                "pkg/deep/local.h": "#define LOCAL 1\n",
                "pkg/plain.py": "def plain():\n    return 1\n",
                "include/shared.h": "#define SHARED 1\n",
                ".gitignore": "*.so\nresults\n__pycache__\n",
                "benchmarks/native.py": BENCH,
            }
        )
        self.build("pkg/fast")
        self.build("pkg/deep/slow")
        commit(self.folder)

    def build(self, module):
        include = asked("sysconfig.get_path('include')")
        target = self.path(module + self.suffix)
        argv = ["cc", "-shared", "-fPIC", f"-I{include}", "-o", target, self.path(module + ".c")]
        subprocess.run(argv, check=True)

    def affected_by(self, path):
        with open(self.path(path), encoding="utf-8") as file:
            before = file.read()
        self.write({path: before + "/* more */\n"})
        found = self.affected()
        self.write({path: before})
        return found

    def test_by_name_and_by_nearness(self):
        self.init()
        self.assertEqual(self.affected_by("pkg/fast.c"), {FAST_ID})
        self.assertEqual(self.affected_by("pkg/deep/slow.c"), {DEEP_ID})
        self.assertEqual(self.affected_by("pkg/deep/helper.c"), {DEEP_ID})
        self.assertEqual(self.affected_by("pkg/deep/local.h"), {DEEP_ID})
        self.write({"pkg/new.pyx": "x = 1\n"})
        self.assertEqual(self.affected(), {FAST_ID, DEEP_ID})
        (reason,) = self.select()["affected"][0]["reasons"]
        self.assertEqual((reason["rule"], reason["file"]), ("built_from", "new.pyx"))

    def test_a_source_without_a_module_is_named(self):
        os.remove(self.path("pkg/fast" + self.suffix))
        os.remove(self.path("pkg/deep/slow" + self.suffix))
        self.write({"benchmarks/native.py": BENCH[BENCH.index("def time_plain") :]})
        self.init()
        self.write({"pkg/fast.c": "int x;\n"})
        selection = self.select()
        self.assertEqual(selection["affected"], [])
        self.assertIn("fast.c", " ".join(selection["diagnostics"]))

    def test_sources_elsewhere_by_pattern(self):
        self.configure(extensions={"fast": ["../include/**/*.h"]})
        self.init()
        self.assertEqual(self.affected_by("include/shared.h"), {FAST_ID})
        self.write({"include/more/new.h": "\n"})
        self.assertEqual(self.affected(), {FAST_ID})
        self.assertEqual(self.surveyed_again(), (1, 5))
        self.assertEqual(self.affected(), set())


class Decorators(Configured):
    DECORATED = """import functools


def logged(function):
    return function


@logged
def plain():
    return %d
"""

    def setUp(self):
        super().setUp()
        bench = "from pkg import plain\n\n\ndef time_plain():\n    plain.plain()\n\n\ndef time_other():\n    pass\n"
        self.write({"pkg/plain.py": self.DECORATED % 1, "benchmarks/native.py": bench})
        commit(self.folder)

    def test_a_decorator_that_is_known_to_be_pure(self):
        other = "native.time_other"
        self.init()
        self.write({"pkg/plain.py": self.DECORATED % 1 + "\n\n@logged\ndef unused():\n    pass\n"})
        self.assertIn(other, self.affected())
        self.write({"pkg/plain.py": self.DECORATED % 1})
        self.configure(pure_decorators=["logged"])
        self.assertIn("is not what it was at the survey", " ".join(self.select()["diagnostics"]))
        self.assertEqual(self.surveyed_again(), (4, 4))
        self.write({"pkg/plain.py": self.DECORATED % 1 + "\n\n@logged\ndef unused():\n    pass\n"})
        self.assertEqual(self.affected(), set())
        self.write({"pkg/plain.py": self.DECORATED % 2})
        self.assertEqual(self.affected(), {PLAIN_ID})

    def test_an_unknown_key_is_named(self):
        self.configure(pure_decorator=["logged"])
        message = self.refused(self.lightspeed(*self.init_arguments()), "`pure_decorator`", "`pure_decorators`")
        self.assertEqual(len(message.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
