"""`lightspeed export` and `lightspeed report`: one file with the survey and what was measured, made of the database alone."""

import base64
import json
import os
import random
import re
import shutil
import stat
import struct
import subprocess
import unittest
import zlib
from pathlib import Path

from fixture import ALPHA, BETA, QUICK, SuiteCase, support

SLOWER = ("        total += i\n", "        total += sum(range(400))\n")
# Sources of the size that real ones have.
REAL = ("argparse", "configparser", "csv", "difflib", "heapq", "statistics", "textwrap")
BUILT_WITHOUT = "was built without the dashboard's page"
INDEX = "SELECT value FROM meta WHERE key = 'index'"


def context(snapshot):
    """The context of a snapshot, which comes last in its body, after checking it against its schema."""
    assert snapshot[:4] == b"LSSV", snapshot[:8]
    body = zlib.decompress(snapshot[8:])
    found = json.loads(body[body.rindex(b'{"schema":"lightspeed.context/1"') :])
    problems = support.schema_check.problems(found)
    assert not problems, problems
    return found


def elements(page):
    """The content of the page's two elements."""
    found = dict(re.findall(r'<script type="[^"]*" id="(lightspeed-[a-z]+)">(.*?)</script>', page, re.DOTALL))
    return base64.b64decode(found["lightspeed-snapshot"]), json.loads(found["lightspeed-page"])


def has_page():
    """Whether the program under test was built with a page."""
    return BUILT_WITHOUT not in support.lightspeed("/", "report", "--html", "-").stderr


class ExportCase(SuiteCase):
    def export(self, *arguments, **more):
        """The bytes of a snapshot."""
        self.expect(0, self.lightspeed("export", "--snapshot", "it.snapshot", *arguments, **more))
        return self.read("it.snapshot")

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()


class Snapshots(ExportCase):
    def test_the_same_database_gives_the_same_bytes_without_its_tree(self):
        self.init(*QUICK)
        self.edit("pkg/core.py", *SLOWER)
        self.measure("--step-id", "one")
        before = self.export()
        found = context(before)
        self.assertEqual({b["name"] for b in found["benchmarks"]}, {ALPHA, BETA})
        self.assertEqual(set(found["baselines"]), {ALPHA, BETA})
        self.assertEqual([(s["step_id"], set(s["benchmarks"])) for s in found["steps"]], [("one", {ALPHA})])
        self.assertEqual(found["suite"]["name"], "pkg")
        shutil.rmtree(os.path.join(self.folder, "pkg"))
        self.write({"benchmarks/__init__.py": None, "benchmarks/bench.py": None})
        self.assertEqual(self.export(), before)
        piped = subprocess.run(
            [support.program(), "export", "--snapshot", "-"], cwd=self.folder, env=support.environment(), capture_output=True
        )
        self.assertEqual((piped.stdout, piped.stderr), (before, b""))

    def test_what_is_said_of_it(self):
        self.init()
        text = self.expect(0, self.lightspeed("export", "--snapshot", "it.snapshot")).stdout
        self.assertIn("2 instances, 4 files, 4 sources, 0 baselines, 0 steps\nsnapshot: it.snapshot", text)
        report = support.document(self.lightspeed("export", "--snapshot", "it.snapshot", "--json"))
        self.assertEqual((report["bytes"], report["form"]), (len(self.read("it.snapshot")), "snapshot"))
        bare = support.document(self.lightspeed("export", "--snapshot", "it.snapshot", "--without-sources", "--json"))
        self.assertLess(bare["bytes"], report["bytes"])
        self.assertEqual(bare["sources"], 0)

    def test_it_replaces_what_was_there_and_anybody_may_read_it(self):
        self.init()
        self.write({"it.snapshot": "older\n"})
        self.export()
        mask = os.umask(0)
        os.umask(mask)
        mode = stat.S_IMODE(os.stat(os.path.join(self.folder, "it.snapshot")).st_mode)
        self.assertEqual(mode, 0o666 & ~mask)

    def test_what_cannot_be_written_is_refused(self):
        self.refused(self.lightspeed("export", "--snapshot", "it.snapshot"), "lightspeed init")
        self.init()
        for argv, words in (
            (["--snapshot", "absent/it.snapshot"], ["absent/it.snapshot", "cannot be written"]),
            (["--snapshot", "pkg"], ["pkg", "cannot be written"]),
            (["--snapshot", "-", "--json"], ["--json", "name a file"]),
            ([], ["--snapshot"]),
        ):
            with self.subTest(argv):
                self.refused(self.lightspeed("export", *argv), *words)
        self.assertFalse([name for name in os.listdir(self.folder) if name.startswith(".tmp")])

    def test_a_suite_of_500_instances_takes_less_than_200_kb(self):
        sources = {f"pkg/{name}.py": Path(os.__file__).with_name(f"{name}.py").read_bytes() for name in REAL}
        calls = "".join(f"    def time_{name}(self, n, m):\n        importlib.import_module('pkg.{name}')\n" for name in REAL[:5])
        bench = f"import importlib\n\nclass Many:\n    params = [list(range(10)), list(range(10))]\n{calls}"
        self.write({**sources, "benchmarks/bench.py": bench})
        self.init()
        self.fill_baselines(samples=10)
        snapshot = self.export()
        found = context(snapshot)
        self.assertEqual(len(found["baselines"]), 500)
        self.assertGreater(sum(map(len, sources.values())), 250_000)
        self.assertLess(len(snapshot), 200_000)

    def fill_baselines(self, samples):
        """A baseline for each instance, of numbers that do not compress."""
        draw = random.Random(1)
        with self.sqlite() as connection:
            ids = [row[0] for row in connection.execute("SELECT benchmark_id FROM benchmark_meta ORDER BY 1")]
            for name in ids:
                values = [draw.lognormvariate(-9, 0.1) for _ in range(samples)]
                connection.execute("INSERT INTO baseline VALUES(?, ?, ?, ?, ?, ?, ?, ?)", (name, *values[:5], samples, 7))
                packed = struct.pack(f"<{samples}d", *values)
                row = (name, "seconds", "[]", "v", packed, f"[{samples}]", 1, 1, 1_700_000_000_000)
                connection.execute("INSERT INTO baseline_context VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            connection.commit()


class TheNote(ExportCase):
    """The database says how its survey is to be read."""

    def note(self):
        rows = self.rows(INDEX)
        return json.loads(rows[0][0]) if rows else None

    def change(self, *statements):
        with self.sqlite() as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def test_it_is_there_after_each_init(self):
        self.init()
        first = self.note()
        self.assertEqual(set(first), {"roots", "options", "extensions", "finest"})
        self.assertEqual(first["roots"]["source_package"], "pkg")
        self.assertEqual((first["roots"]["suite_dir"], first["finest"]), ("../benchmarks", "precise"))
        whole = self.export()
        self.change("DELETE FROM meta WHERE key = 'index'")
        self.assertEqual(self.export(), whole, "earlier releases noted it with the generation")
        self.assertIn("nothing to do", self.init().stdout)
        self.assertEqual(self.note(), first)

    def test_it_follows_the_configuration(self):
        self.init()
        config = json.loads(self.read("asv.conf.json"))
        self.write({"asv.conf.json": json.dumps({**config, "lightspeed": {"docstrings": True}})})
        self.assertFalse(self.note()["options"]["docstrings"])
        self.init()
        self.assertTrue(self.note()["options"]["docstrings"])

    def test_a_survey_that_nothing_tells_how_to_read_is_refused(self):
        self.init()
        whole = self.export()
        self.change("DELETE FROM meta WHERE key = 'index'", "UPDATE generation SET config = '{}'")
        self.refused(self.lightspeed("export", "--snapshot", "it.snapshot"), "earlier release", "lightspeed init")
        self.init()
        self.assertEqual(self.export(), whole)


class Reports(ExportCase):
    def setUp(self):
        if not has_page():
            self.skipTest("the program under test was built without a page: set LIGHTSPEED_DASHBOARD where it is built")
        super().setUp()

    def report(self, *arguments):
        """The snapshot in the page and what it says of itself."""
        self.expect(0, self.lightspeed("report", "--html", "it.html", *arguments))
        return elements(self.read("it.html").decode())

    def test_the_page_holds_the_snapshot_and_says_what_to_show(self):
        self.init(*QUICK)
        self.assertEqual(self.report(), (self.export(), {"mode": "report", "title": "pkg", "step": None}))
        self.edit("pkg/core.py", *SLOWER)
        for step in ("one", "two"):
            self.measure("--step-id", step)
        self.assertEqual(self.report()[1]["step"], "two")
        snapshot, page = self.report("--step-id", "one", "--without-sources")
        self.assertEqual((snapshot, page["step"]), (self.export("--without-sources"), "one"))
        self.refused(self.lightspeed("report", "--html", "it.html", "--step-id", "three"), '"three"', "one, two")

    def test_no_name_can_end_the_element_that_it_stands_in(self):
        self.init(*QUICK)
        self.edit("pkg/core.py", *SLOWER)
        evil = '</script><!--<script>alert("1")</script>'
        self.measure("--step-id", evil)
        snapshot, page = self.report()
        self.assertEqual(page["step"], evil)
        self.assertEqual(context(snapshot)["steps"][0]["step_id"], evil)
        self.assertNotIn("<script>alert", self.read("it.html").decode())

    def test_the_document(self):
        self.init()
        report = support.document(self.lightspeed("report", "--html", "it.html", "--json"))
        self.assertEqual((report["form"], report["bytes"]), ("page", len(self.read("it.html"))))
        self.refused(self.lightspeed("report", "--html", "absent/it.html"), "absent/it.html", "cannot be written")


if __name__ == "__main__":
    unittest.main()
