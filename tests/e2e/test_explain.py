"""`explain`: which lines reach a benchmark and how, in words and as a document."""

import unittest

from fixture import BENCH, CORE, SuiteCase, support

TABLE = "from pkg import core\n\nSCALE = 2\nFACTORS = [SCALE, 3]\n\n\ndef scaled(n):\n    return core.beta(n) * FACTORS[0]\n"
MORE = "\n\nclass Grid:\n    params = [1, 2]\n\n    def time_scaled(self, n):\n        table.scaled(n)\n"


class Explain(SuiteCase):
    def setUp(self):
        super().setUp()
        bench = BENCH.replace("import core", "import core, table") + MORE
        self.write({"pkg/table.py": TABLE, "benchmarks/bench.py": bench})
        support.commit(self.folder)
        self.init()

    def explain(self, *arguments):
        return self.expect(0, self.lightspeed("explain", *arguments)).stdout

    def test_old_and_new_lines(self):
        self.edit("pkg/core.py", "        total += i\n", "        total += i * i\n        total -= 1\n")
        text = self.explain("bench.time_alpha")
        self.assertIn("bench.time_alpha is affected", text)
        self.assertIn("- " + " " * 8 + "total += i\n", text)
        self.assertIn("+ " + " " * 8 + "total += i * i\n", text)
        self.assertIn("+ " + " " * 8 + "total -= 1\n", text)
        self.assertNotIn("\x1b", text, "no colours in a pipe")

    def test_chain(self):
        self.edit("pkg/table.py", "SCALE = 2", "SCALE = 5")
        text = self.explain("bench.Grid.time_scaled")
        self.assertIn("bench.Grid.time_scaled-0 to bench.Grid.time_scaled-1 are affected", text)
        self.assertIn("table.py:4  FACTORS = [SCALE, 3]", text)
        document = support.document(self.lightspeed("explain", "bench.Grid.time_scaled-1", "--json"))
        (instance,) = document["instances"]
        (reason,) = instance["reasons"]
        self.assertEqual((reason["rule"], reason["name"]), ("name_changed", "SCALE"))
        self.assertEqual((reason["old_text"], reason["new_text"]), (["SCALE = 2"], ["SCALE = 5"]))
        self.assertEqual(reason["chain_text"], ["FACTORS = [SCALE, 3]"])

    def test_old_lines_are_those_of_the_survey(self):
        self.edit("pkg/core.py", "def alpha(n):\n", "# moved\n\n\ndef alpha(n):\n    n += 1\n")
        support.commit(self.folder)
        self.assertIn("+     n += 1\n", self.explain("bench.time_alpha"), "committed, but not surveyed")

    def test_what_is_not_affected(self):
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        text = self.explain("bench.time_beta")
        self.assertIn("bench.time_beta is not affected", text)
        self.assertRegex(text, r"core\.py\n +import +<module>\n +run +beta\n")
        self.write({"pkg/core.py": CORE})
        self.edit("pkg/table.py", "SCALE = 2", "SCALE = 5")
        self.assertNotIn("core.py", self.explain("bench.time_beta"))

    def test_without_a_change_it_says_what_is_used(self):
        text = self.explain("bench.time_beta")
        self.assertIn("nothing changed", text)
        self.assertIn("core.py", text)

    def test_deleted_file(self):
        self.expect(0, self.lightspeed("select"))
        support.git(self.folder, "rm", "--quiet", "pkg/table.py")
        text = self.explain("bench.Grid.time_scaled-0")
        self.assertIn("table.py", text)
        self.assertIn("affected", text)

    def test_no_such_benchmark(self):
        self.refused(self.lightspeed("explain", "time_alpha"), "did you mean bench.time_alpha?")
        self.refused(self.lightspeed("explain", "nothing"), "no benchmark")


if __name__ == "__main__":
    unittest.main()
