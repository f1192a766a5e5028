"""How finely a change is followed: each policy selects at least what the one before it does."""

import unittest

from fixture import ALPHA, BENCH, BETA, CORE, SuiteCase

OTHER = "bench_other.time_other"
ALL = {ALPHA, BETA, OTHER}


class Policy(SuiteCase):
    def setUp(self):
        super().setUp()
        self.write({"pkg/other.py": "def other():\n    return 1\n"})
        self.write({"benchmarks/bench_other.py": "from pkg import other\n\n\ndef time_other():\n    other.other()\n"})
        self.init()

    def affected_by(self, before, after):
        self.edit("pkg/core.py", before, after)
        found = [self.affected("--policy", policy) for policy in ("precise", "strict", "file")]
        self.edit("pkg/core.py", after, before)
        return found

    def test_body(self):
        found = self.affected_by("total += i", "total += i + 1")
        self.assertEqual(found, [{ALPHA}, {ALPHA}, {ALPHA, BETA}])

    def test_import_time(self):
        found = self.affected_by("def beta(n):", "LIMIT = 3\n\n\ndef beta(n):")
        self.assertEqual(found, [set(), {ALPHA, BETA}, {ALPHA, BETA}])

    def test_text_only(self):
        found = self.affected_by("    return total", "    return total  # all of it")
        self.assertEqual(found, [set(), set(), {ALPHA, BETA}])

    def test_the_document_names_the_policy_and_its_rule(self):
        self.edit("pkg/core.py", "def beta(n):", "LIMIT = 3\n\n\ndef beta(n):")
        for policy, rule in (("strict", "import_time"), ("file", "file_changed")):
            document = self.select("--policy", policy)
            self.assertEqual(document["policy"], policy)
            rules = {reason["rule"] for each in document["affected"] for reason in each["reasons"]}
            self.assertIn(rule, rules)

    def test_hotfiles_of_the_file_policy(self):
        grid = "from pkg import core\n\n\nclass Grid:\n    params = list(range(20))\n\n    def time_x(self, n):\n        core.beta(n)\n"
        self.write({"benchmarks/bench.py": BENCH, "benchmarks/grid.py": grid})
        self.init()
        self.write({"pkg/core.py": CORE + "\n\ndef unused():\n    pass\n"})
        self.assertEqual(self.affected(), set())
        document = self.select("--policy", "file")
        (hotfile,) = document["hotfiles"]
        self.assertEqual(hotfile["file"], "core.py")
        self.assertLess(len(document["affected"]), 22)
        document = self.select("--policy", "file", "--hotfile-threshold", "1")
        self.assertEqual((document["hotfiles"], len(document["affected"])), ([], 22))


if __name__ == "__main__":
    unittest.main()
