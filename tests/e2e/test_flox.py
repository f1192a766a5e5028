"""On a real suite: an edit to a function selects exactly the instances that executed it, by an independent tracer's word."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from fixture import OK, support

sys.path.insert(0, os.path.join(support.ROOT, "demo"))

import flox  # noqa: E402  (needs the path above)

INSTANCES = 265
# The suite's N: the same functions run as with the published 3000, in a fraction of the time.
SIZE = 500
# Files in which a function is looked up by a computed name, `getattr(aggregate_flox, func)`, and the function that does so: a
# new function there may be what that finds.
DISPATCHED = {
    "aggregate_flox.py": "aggregations.py::generic_aggregate",
    "aggregate_npg.py": "aggregations.py::get_npg_aggregation",
}
ORACLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle.py")


class Flox(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.mkdtemp(prefix="lightspeed-flox-")
        cls.addClassCleanup(shutil.rmtree, scratch, ignore_errors=True)
        python = flox.python()
        cls.folder = flox.checkout(os.path.join(os.path.realpath(scratch), "flox"), python, SIZE)
        suite, package = (os.path.join(cls.folder, part) for part in ("asv_bench/benchmarks", "flox"))
        tracer = subprocess.Popen(
            [python, ORACLE, suite, package], cwd=scratch, env=support.environment(), stdout=subprocess.PIPE, text=True
        )
        arguments = ["--source-root", "flox", "--python", python, "--survey-only", "--json"]
        answer = support.lightspeed(cls.folder, "init", *arguments, timeout=1200)
        printed, _ = tracer.communicate(timeout=1200)
        assert answer.returncode == OK, answer.stderr
        assert tracer.returncode == OK, "the tracer failed"
        traced = json.loads(printed)
        cls.at_import = set(traced["at_import"])
        cls.executed_by = {}
        for instance, each in traced["instances"].items():
            for function in each["functions"]:
                cls.executed_by.setdefault(function, set()).add(instance)
        cls.instances = set(traced["instances"])

    def test_every_instance_is_known(self):
        selection = self.select()
        self.assertEqual(len(self.instances), INSTANCES)
        self.assertEqual(set(selection["unaffected"]), self.instances)

    def test_an_edit_selects_exactly_what_executed_the_function(self):
        checked = 0
        for function, executed in sorted(self.executed_by.items()):
            position = self.definition(function)
            if position is None:
                continue
            path, line, column = position
            with self.subTest(function), self.inserted(path, line, " " * column + "edited = 1\n"):
                selected = support.affected(self.select())
                self.assertLessEqual(executed, selected, "missed")
                # What ran at import may also have shaped module-level names that others read.
                if function not in self.at_import:
                    self.assertEqual(selected, executed, "selected for nothing")
                checked += 1
        self.assertGreater(checked, 60, "too few functions to show anything")

    def test_an_unused_function_above_selects_none(self):
        for path in sorted({function.split("::")[0] for function in self.executed_by}):
            line = self.first_function(path)
            with self.subTest(path), self.inserted(path, line, "def brand_new_helper(value):\n    return value + 1\n\n\n"):
                selected = support.affected(self.select())
                if path in DISPATCHED:
                    self.assertLessEqual(selected, self.executed_by[DISPATCHED[path]])
                else:
                    self.assertEqual(selected, set())

    def test_a_reverted_edit_selects_none(self):
        path, line, column = self.definition("aggregate_flox.py::nanmean")
        with self.inserted(path, line, " " * column + "edited = 1\n"):
            self.assertNotEqual(support.affected(self.select()), set())
        self.assertEqual(support.affected(self.select()), set())

    def select(self):
        arguments = ("--from-git-diff", "--json", "--hotfile-threshold", "1")
        answer = support.lightspeed(self.folder, "select", *arguments)
        self.assertEqual(answer.returncode, OK, answer.stderr)
        return support.document(answer)

    def inserted(self, path, line, text):
        """A context in which a file has more text before a line."""
        return Inserted(os.path.join(self.folder, "flox", path), line, text)

    def definition(self, function):
        """Where the body of a function begins after its docstring: (path, line, column); None for what has no `def`."""
        path, name = function.split("::")
        if "<" in name:
            return None
        found = self.tree(path)
        for part in name.split("."):
            inner = [node for node in found.body if getattr(node, "name", None) == part]
            if len(inner) != 1:
                return None
            (found,) = inner
        body = found.body[1:] if ast.get_docstring(found) is not None else found.body
        if not isinstance(found, ast.FunctionDef) or not body or body[0].lineno == found.lineno:
            return None
        return path, body[0].lineno, body[0].col_offset

    def first_function(self, path):
        """The line on which the first function or class of a file begins."""
        kinds = (ast.FunctionDef, ast.ClassDef)
        first = next(node for node in self.tree(path).body if isinstance(node, kinds))
        return min([first.lineno, *(decorator.lineno for decorator in first.decorator_list)])

    def tree(self, path):
        with open(os.path.join(self.folder, "flox", path), encoding="utf-8") as file:
            return ast.parse(file.read())


class Inserted:
    """Text put before a line of a file, and taken out again."""

    def __init__(self, path, line, text):
        self.path, self.line, self.text = path, line, text

    def __enter__(self):
        with open(self.path, encoding="utf-8") as file:
            self.before = file.read()
        lines = self.before.splitlines(keepends=True)
        lines.insert(self.line - 1, self.text)
        self.put("".join(lines))

    def __exit__(self, *_):
        self.put(self.before)

    def put(self, text):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    unittest.main()
