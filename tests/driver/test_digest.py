"""The digest of an operation: edits that change what is executed change it, all others leave it alone."""

import os
import unittest

from support import DriverCase, each_python

CORE = '''"""Core."""
import functools

LIMIT = 3
UNUSED = 4


def alpha(n, step=1):
    """Add up."""
    total = 0
    for i in range(0, n, step):
        if i > LIMIT:
            total += i
        elif i > 100:
            total = -1
    return helper(
        total,
        n,
    )


def helper(total, n):
    if n > 100:
        n = captured(n)
    pick = lambda x: x + 1
    try:
        total += pick(n)
    except ValueError:
        total = 0
    return total


def captured(n):
    def inner(x):
        return x + n

    return [inner(i) for i in range(n)]


def stream(n):
    for i in range(n):
        yield i * 2


def unused():
    return 1
'''
BENCH = """from pkg import core

class Suite:
    def setup(self):
        self.n = 9

    def time_alpha(self):
        core.alpha(self.n)

    def track_stream(self):
        return sum(core.stream(4))
"""
ALPHA, STREAM = "bench.Suite.time_alpha", "bench.Suite.track_stream"
SEEN = [
    ("total += i", "total -= i"),
    ("total += i\n", "total += i\n            total += 0\n"),
    ("LIMIT = 3", "LIMIT = 4"),
    ("step=1", "step=2"),
    ("i > LIMIT", "i >= LIMIT"),
    ("        total,\n        n,", "        n,\n        total,"),
    ("x + 1", "x + 2"),
    ("total += pick(n)", "raise ValueError"),
    ("import functools", "import no_such_module"),
    ("def helper(total, n):", "def helper(total, n, more=None):"),
    ("total = -1", "LIMIT = -1"),
]
UNSEEN = [
    ("import functools", "import functools  # a comment\n\n"),
    ("UNUSED = 4", "UNUSED = 5"),
    ("total = -1", "total = -2"),
    ("total = -1", "total = alpha(n)\n            total += 1"),
    ("n = captured(n)", "n = [n for n in captured(n)]"),
    ("return x + n", "return x"),
    ("return 1\n", "return 2\n"),
    ("    except ValueError:\n        total = 0", "    except ValueError:\n        total = 1\n        total = 2"),
    ("def unused", "def newer(a):\n    return a\n\n\ndef unused"),
    ('"""Add up."""', '"""Add\n\n    up."""'),
    ("helper(\n        total,\n        n,\n    )", "helper(total, n)"),
    ("total += pick(n)", "total += (\n            pick(\n                n\n            )\n        )"),
]


@each_python
class Digest(DriverCase):
    def setUp(self):
        super().setUp()
        self.suite(BENCH, pkg__core=CORE)

    def digest(self, name=ALPHA, **fields):
        """The RESULT of a digest by a driver of its own."""
        driver, first = self.serve(trace=False, PYTHONHASHSEED="0")
        if not first["ok"]:
            return first["error"]
        request = {"op": "digest", "of": "survey", "benchmark": name, "param": None, "cache_dir": None, "timeout": 30}
        result = driver.ask(dict(request, tree=self.root, **fields))
        self.assertIn(result["outcome"], ("ok", "failed"), result)
        return result["digest"]

    def edited(self, before, after):
        self.assertEqual(CORE.count(before), 1, before)
        self.suite(BENCH, pkg__core=CORE.replace(before, after))
        return self.digest()

    def test_the_same_each_time(self):
        first = self.digest()
        self.assertEqual(self.digest(), first)
        self.assertNotEqual(self.digest(STREAM), first)
        self.assertNotEqual(first["path"], first["values"])

    def test_what_is_executed_is_seen(self):
        first = self.digest()
        for before, after in SEEN:
            with self.subTest(before=before, after=after):
                self.assertNotEqual(self.edited(before, after), first)

    def test_what_is_not_executed_is_not_seen(self):
        first = self.digest()
        for before, after in UNSEEN:
            with self.subTest(before=before, after=after):
                self.assertEqual(self.edited(before, after), first)

    def test_generators(self):
        first = self.digest(STREAM)
        self.suite(BENCH, pkg__core=CORE.replace("i * 2", "i + i"))
        again = self.digest(STREAM)
        self.assertNotEqual(again["path"], first["path"])
        self.assertEqual(again["values"], first["values"])

    def test_lines_of_a_generator_do_not_count(self):
        one = self.edited("total += pick(n)", "total += sum(pick(i) for i in range(n))")
        lines = "total += sum(\n            pick(\n                i\n            )\n            for i in range(n)\n        )"
        self.assertEqual(self.edited("total += pick(n)", lines), one)
        self.assertNotEqual(self.edited("total += pick(n)", lines.replace("range(n)", "range(n, 2 * n)")), one)

    def test_the_place_of_the_tree_does_not_count(self):
        bench = "import os\n\ndef track_place():\n    return len(where())\n\ndef where():\n    return os.path.dirname(__file__) + os.getcwd()\n"
        seen = set()
        for folder in ("one", "another"):
            self.root = os.path.join(os.path.dirname(self.root) if seen else self.root, folder)
            self.suite(bench.replace("len(where())", "where() and 1"))
            seen.add(tuple(sorted(self.digest("bench.track_place").items())))
        self.assertEqual(len(seen), 1)

    def test_threads_in_any_order(self):
        bench = (
            "from concurrent.futures import ThreadPoolExecutor\nfrom pkg import core\n\n"
            "def time_pool():\n    with ThreadPoolExecutor(4) as pool:\n        list(pool.map(core.alpha, range(40)))\n"
        )
        self.suite(bench, pkg__core=CORE)
        first = self.digest("bench.time_pool")
        for _ in range(3):
            self.assertEqual(self.digest("bench.time_pool"), first)
        self.suite(bench, pkg__core=CORE.replace("total += i", "total += 2 * i"))
        self.assertNotEqual(self.digest("bench.time_pool"), first)

    def test_a_traced_driver_refuses(self):
        driver, _ = self.serve(trace=True)
        request = {"op": "digest", "of": "survey", "benchmark": ALPHA, "param": None, "cache_dir": None, "timeout": 30}
        self.assertIn("trace: false", driver.ask(request)["error"])


if __name__ == "__main__":
    unittest.main()
