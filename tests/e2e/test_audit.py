"""The audit: nothing is missed where selection can know, and what it cannot know is found out and shown."""

import os
import unittest

from fixture import ERROR, OK, SuiteCase, support

FINDING = 2
CORE = """import functools

LIMIT = 3


class Base:
    factor = 2

    def compute(self, n):
        return n * self.factor


class Child(Base):
    pass


@functools.lru_cache(maxsize=None)
def cached(n):
    return n + LIMIT


def alpha(n, step=1):
    total = 0
    for i in range(0, n, step):
        if i > LIMIT:
            total += i
    return total


def beta(n):
    if n > 100:
        return alpha(n)
    return Child().compute(n) + cached(n)
"""
CONTROLS = {"new_function", "comment", "blank_line", "reformat", "docstring"}
# Reads what lies neither in the sources nor in the suite: selection cannot know of it.
OUTSIDE = """import os


def track_outside():
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(top, "data", "limit.txt")) as file:
        return int(file.read())
"""
UNSTABLE = "import os\n\n\ndef track_random():\n    return take()\n\n\ndef take():\n    return os.getpid()\n"


class Audit(SuiteCase):
    def setUp(self):
        super().setUp()
        self.write({"pkg/core.py": CORE, "benchmarks/outside.py": OUTSIDE, "data/limit.txt": "1\n"})
        support.commit(self.folder)

    def audit(self, *arguments, code=OK, **more):
        """The `audit --json` document."""
        argv = ["audit", "--json", "--source-root", "pkg", "--python", support.PYTHON, *arguments]
        return support.document(self.expect(code, self.lightspeed(*argv, **more)))

    def patch(self, name, path, before, after):
        """A patch file that replaces a text; the tree itself stays as it is."""
        self.edit(path, before, after)
        text = support.git(self.folder, "diff")
        support.git(self.folder, "checkout", "--quiet", "--", path)
        self.write({name: text})
        return name

    def test_nothing_is_missed_and_the_tree_is_left_alone(self):
        before = self.files()
        document = self.audit("--count", "3", "--operators", "statement,constant,default,class_attribute,decorator,override,file", *CONTROLS)
        self.assertEqual(document["misses"], [])
        self.assertEqual(document["overall"]["recall"], 1.0)
        self.assertGreater(document["overall"]["affected"], 10)
        self.assertEqual(document["mutations"]["tried"], document["mutations"]["planned"])
        self.assertLessEqual(CONTROLS | {"statement", "constant", "override", "file"}, set(document["operators"]))
        for control in CONTROLS:
            figures = document["operators"][control]
            self.assertEqual((figures["affected"], figures["selected"]), (0, 0), control)
        self.assertEqual(self.files(), before)
        self.assertEqual(support.git(self.folder, "status", "--porcelain"), "")

    def test_a_miss_is_found_and_shown(self):
        patch = self.patch("outside.diff", "data/limit.txt", "1", "2")
        document = self.audit("--patch", patch, code=FINDING)
        (miss,) = document["misses"]
        (missed,) = miss["instances"]
        self.assertEqual((missed["benchmark"], missed["differs"]), ("outside.track_outside", ["values"]))
        self.assertEqual(document["overall"]["recall"], 0.0)
        text = self.expect(FINDING, self.lightspeed("audit", "--source-root", "pkg", "--python", support.PYTHON, "--patch", patch)).stdout
        self.assertIn("missed: patch outside.diff: 1 instances", text)
        self.assertIn("outside.track_outside differs in values", text)
        self.assertIn("+2", text)

    def test_what_the_hotfile_threshold_leaves_out_is_missed(self):
        grid = "from pkg import core\n\n\nclass Grid:\n    params = list(range(24))\n\n    def time_x(self, n):\n        core.beta(n)\n"
        self.write({"benchmarks/bench.py": grid})
        support.commit(self.folder)
        patch = self.patch("hot.diff", "pkg/core.py", "+ cached(n)", "- cached(n)")
        self.assertEqual(self.audit("--patch", patch)["overall"]["affected"], 24)
        document = self.audit("--patch", patch, "--hotfile-threshold", "0.5", code=FINDING)
        self.assertEqual(document["overall"]["missed"], 21, "all but the sentinels")

    def test_unstable_instances_are_named_and_left_out(self):
        self.write({"benchmarks/unstable.py": UNSTABLE})
        document = self.audit("--patch", self.patch("core.diff", "pkg/core.py", "LIMIT = 3", "LIMIT = 4"))
        self.assertEqual([each["benchmark"] for each in document["unstable"]], ["unstable.track_random"])
        self.assertEqual(document["instances"], 3)

    def test_it_goes_on_where_it_stopped(self):
        arguments = ("--operators", "constant", "--count", "4", "--jobs", "1", "--benchmarks", "^bench")
        first = self.audit(*arguments, "--time-budget", "0")
        self.assertEqual(first["mutations"], {"planned": 4, "tried": 0})
        second = self.audit(*arguments)
        self.assertEqual(second["mutations"], {"planned": 4, "tried": 4})
        answer = self.lightspeed("audit", "--source-root", "pkg", "--python", support.PYTHON, *arguments)
        self.assertNotIn("audit: 1/", self.expect(OK, answer).stderr)
        self.assertIn("4 of 4 mutations tried on 2 instances", answer.stdout)
        self.edit("pkg/core.py", "LIMIT = 3", "LIMIT = 5")
        self.assertEqual(self.audit(*arguments, "--time-budget", "0")["mutations"]["tried"], 0, "another tree")

    def test_a_patch_that_does_not_fit_is_named(self):
        patch = self.patch("core.diff", "pkg/core.py", "LIMIT = 3", "LIMIT = 4")
        self.edit("pkg/core.py", "LIMIT = 3", "LIMIT = 7")
        document = self.audit("--patch", patch, code=ERROR)
        self.assertIn("core.diff", document["failures"][0])
        self.assertEqual(document["operators"], {})

    def test_outside_of_git_and_with_another_copy_on_the_path(self):
        other = os.path.join(os.path.dirname(self.folder), "other")
        os.rename(os.path.join(self.folder, ".git"), os.path.join(os.path.dirname(self.folder), "hidden"))
        support.write(other, {"pkg/__init__.py": "", "pkg/core.py": "raise SystemExit('the wrong copy')\n"})
        arguments = ("--operators", "constant", "--count", "2", "--benchmarks", "^bench")
        document = self.audit(*arguments, ASV_PYTHONPATH=f"{self.folder}{os.pathsep}{other}")
        self.assertEqual((document["mutations"]["tried"], document["misses"]), (2, []))

    def files(self):
        """Path → bytes of the tree, results left out."""
        found = {}
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if name not in (".git", ".asv")]
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.folder)] = file.read()
        return found


if __name__ == "__main__":
    unittest.main()
