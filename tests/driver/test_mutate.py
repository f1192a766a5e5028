"""Mutations: each is Python, differs from the file as its operator says, and the same seed gives the same ones."""

import ast
import os
import unittest

from support import DriverCase, each_python

SOURCE = '''"""Docstring."""
import os
from functools import lru_cache

LIMIT = 3


class Base:
    """Base."""

    size = 1

    def area(self, scale=2):
        return self.size * scale


class Child(Base):
    name = "x"


@lru_cache(maxsize=None)
def cached(n, *, more=None):
    if n > LIMIT and not more:
        total = os.path.join("a", f"{n + 1}")
        return total
    return None
'''
SAME = {"comment", "blank_line", "reformat"}
EVERY = {
    "statement", "constant", "operator", "call", "default", "decorator", "class_attribute", "import", "override",
    "new_function", "file", "docstring",
} | SAME  # fmt: skip


@each_python
class Mutate(DriverCase):
    def setUp(self):
        super().setUp()
        self.write({"pkg/core.py": SOURCE, "pkg/broken.py": "def (\n", "pkg/odd.py": "x = 1\r\n"})
        self.path = os.path.join(self.root, "pkg", "core.py")

    def mutations(self, count=1000, seed=1, operators=None, files=None, **more):
        """(mutations, the last reply)."""
        driver = self.driver("mutate")
        request = {"files": files or [self.path], "tree": self.root, "count": count, "seed": seed, "operators": operators}
        driver.send(dict(self.common(), **request, **more))
        found = []
        while True:
            reply = driver.receive()
            if not reply["ok"] or reply.get("done"):
                return found, reply
            found.append(reply)

    @staticmethod
    def applied(mutation):
        data = SOURCE.encode()
        return (data[: mutation["start"]] + mutation["text"].encode() + data[mutation["end"] :]).decode()

    def test_every_operator_finds_its_places(self):
        found, last = self.mutations()
        self.assertEqual(last, {"ok": True, "done": True})
        self.assertEqual({mutation["operator"] for mutation in found}, EVERY)
        for mutation in found:
            self.assertEqual(mutation["file"], "pkg/core.py")
            if mutation["operator"] == "file":
                self.assertIsNone(mutation["text"])
                continue
            after = self.applied(mutation)
            with self.subTest(mutation["diff"]):
                same = ast.dump(ast.parse(after)) == ast.dump(ast.parse(SOURCE))
                self.assertEqual(same, mutation["operator"] in SAME)
                self.assertTrue(mutation["diff"].startswith("--- a/pkg/core.py\n+++ b/pkg/core.py\n"))

    def test_a_seed_gives_the_same_and_a_larger_count_begins_with_them(self):
        few, _ = self.mutations(count=2)
        many, _ = self.mutations(count=4)
        for operator in EVERY:
            own = [[each for each in found if each["operator"] == operator] for found in (few, many)]
            self.assertEqual(own[1][: len(own[0])], own[0])
        self.assertNotEqual(self.mutations(count=2, seed=2)[0], few)

    def test_most_stand_on_executed_lines(self):
        line = SOURCE[: SOURCE.index("total = os.path")].count("\n") + 1
        found, _ = self.mutations(count=4, operators=["constant"], executed={self.path: [line]})
        self.assertGreaterEqual([mutation["line"] for mutation in found].count(line), 1)
        everything, _ = self.mutations(operators=["constant"])
        some, _ = self.mutations(operators=["constant"], executed={self.path: [line]})
        key = lambda mutation: (mutation["start"], mutation["text"])  # noqa: E731
        self.assertEqual(sorted(map(key, some)), sorted(map(key, everything)), "none is lost")
        self.assertEqual(some[0]["line"], line)

    def test_overrides_stand_in_the_class_that_inherits(self):
        (mutation,), _ = self.mutations(operators=["override"])
        namespace = {}
        exec(self.applied(mutation), namespace)
        self.assertIn("area", vars(namespace["Child"]))
        self.assertEqual(namespace["Child"]().area(), 2)

    def test_files_that_cannot_be_changed_are_left_out(self):
        others = [os.path.join(self.root, "pkg", name) for name in ("broken.py", "odd.py", "absent.py")]
        self.assertEqual(self.mutations(files=others)[0], [])

    def test_an_unknown_operator_is_refused(self):
        self.assertIn("unknown operator 'x'", self.mutations(operators=["x"])[1]["error"])


if __name__ == "__main__":
    unittest.main()
