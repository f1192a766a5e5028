"""A survey carried over after an edit equals one made from nothing, whatever the edit."""

import os
import random
import unittest

from fixture import BENCH, SuiteCase, support

SHAPES = """import json
import os

LIMIT = 3
FACTORS = [LIMIT, 2]
HERE = os.path.dirname(os.path.abspath(__file__))


def scaled(n, by=LIMIT):
    if n > 5:
        return n * FACTORS[0]
    else:
        return n + by


class Shape:
    sides = 4

    def area(self, n):
        total = 0
        for i in range(n):
            total += scaled(i)
        return total * self.sides

    @property
    def name(self):
        return 'shape'


def load():
    with open(os.path.join(HERE, 'data.json')) as file:
        return json.load(file)
"""
SUITE = """from pkg import core, shapes


class Grid:
    params = [1, 9]

    def setup(self, n):
        self.shape = shapes.Shape()

    def time_area(self, n):
        self.shape.area(n)

    def track_scaled(self, n):
        return shapes.scaled(n)


class Cached:
    def setup_cache(self):
        return shapes.load()

    def track_cached(self, data):
        return core.beta(len(data))


def time_name():
    shapes.Shape().name
"""
EDITS = [
    ("pkg/shapes.py", "return n * FACTORS[0]", "return n * FACTORS[0] + 1"),
    ("pkg/shapes.py", "return n + by", "return helper(n) + by\n\n\ndef helper(n):\n    return n"),
    ("pkg/shapes.py", "LIMIT = 3", "LIMIT = 4"),
    ("pkg/shapes.py", "    sides = 4\n", "    sides = 4\n\n    def unused(self):\n        pass\n"),
    ("pkg/shapes.py", "def load():", "# moved down\n\n\ndef load():"),
    ("pkg/shapes.py", "for i in range(n):", "for i in range(n if n > 3 else 2):"),
    ("pkg/shapes.py", "    @property\n    def name", "    @property\n    def name(self):\n        return str(self.sides)\n\n    def old_name"),
    ("pkg/data.json", "[1, 2]", "[1, 2, 3]"),
    ("pkg/core.py", "    return n\n", "    return n + 0\n"),
    ("pkg/core.py", "total += i", "total += len(str(i))"),
    ("benchmarks/grid.py", "params = [1, 9]", "params = [1, 9, 11]"),
    ("benchmarks/grid.py", "params = [1, 9]", "params = [9, 1]"),
    ("benchmarks/grid.py", "def time_name", "def time_again():\n    core.alpha(3)\n\n\ndef time_name"),
    ("benchmarks/grid.py", "def time_name", "def time_renamed"),
    ("benchmarks/bench.py", "core.alpha(50)", "core.alpha(core.beta(50))"),
]
FILES = {
    "pkg/shapes.py": SHAPES,
    "pkg/data.json": "[1, 2]\n",
    "benchmarks/grid.py": SUITE,
    "benchmarks/bench.py": BENCH,
}
EXECUTIONS = """SELECT f.path, e.phase, hex(e.blocks), hex(e.instances) FROM execution e
    JOIN file f ON f.generation = e.generation AND f.id = e.file"""


class Incremental(SuiteCase):
    def setUp(self):
        super().setUp()
        self.write(FILES)
        support.commit(self.folder)
        self.init()

    def survey(self):
        """All that the database knows, without the numbers that differ from survey to survey."""
        queries = (
            EXECUTIONS,
            "SELECT path, hex(blob), kind, hex(analysis) FROM file",
            "SELECT name, file, params, definition FROM benchmark",
            "SELECT kind, name, hex(instances) FROM observed",
            "SELECT benchmark_id, filename, hex(method_checksums), fsha FROM benchmark_dep",
            "SELECT * FROM benchmark_meta",
        )
        return [sorted(self.rows(query)) for query in queries]

    def test_carried_over_equals_made_anew(self):
        seed = int(os.environ.get("LIGHTSPEED_SEED", "7"))
        for number in range(int(os.environ.get("LIGHTSPEED_EDITS", "8"))):
            choice = random.Random(seed + number)
            edits = choice.sample(EDITS, choice.randint(1, 3))
            with self.subTest(seed=seed + number, edits=edits):
                done = [edit for edit in edits if self.try_edit(*edit)]
                self.init()
                carried = self.survey()
                self.init("--force")
                made = self.survey()
                for one, other in zip(carried, made):
                    self.assertEqual(one, other, done)

    def test_little_is_surveyed_again(self):
        self.edit("pkg/core.py", "total += i", "total += len(str(i))")
        report = support.document(self.init("--json"))
        self.assertEqual(report["surveyed"], 1, "bench.time_alpha alone")

    def try_edit(self, path, before, after):
        """Edits if the text is still there: edits pile up."""
        with open(os.path.join(self.folder, path), encoding="utf-8") as file:
            text = file.read()
        if text.count(before) != 1:
            return False
        self.write({path: text.replace(before, after)})
        return True


if __name__ == "__main__":
    unittest.main()
