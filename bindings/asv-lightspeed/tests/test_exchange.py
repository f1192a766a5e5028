"""Results that asv and the database exchange, with asv's own commands on the other side."""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import suite  # noqa: E402  (needs the path above)
from asv.contrib.lightspeed import ASVError, LightspeedSession  # noqa: E402
from test_asv import ASV, FAILS, TOTAL, Repository  # noqa: E402

LARGEST = [name.replace("total", "largest") for name in TOTAL]
TRACK, PEAK = "sums.track_count", "sums.peakmem_count"
RUN = ["run", "--python=same", "--set-commit-hash", "HEAD", "--machine", "box"]
THREE = ["-a", "rounds=1", "-a", "repeat=3", "-a", "warmup_time=0"]


class Exchange(Repository):
    """A suite that stock asv can run, and a session on the same results."""

    def setUp(self):
        super().setUp()
        suite.edit(self.root, "bench/asv.conf.json", '"version": 1,', '"version": 1, "environment_type": "existing",')
        os.remove(self.root / "bench" / "suite" / "broken.py")
        suite.git(self.root, "commit", "--quiet", "--all", "--message", "what asv can run")
        self.results = self.root / "bench" / "results"

    def asv(self, *arguments, code=0):
        variables = {**os.environ, "HOME": str(self.root.parent)}
        done = subprocess.run([*ASV, *arguments], cwd=self.config.parent, env=variables, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, f"asv {arguments}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def ran(self, *arguments):
        """Lets asv run the suite, of which one benchmark fails; its result file."""
        self.asv("machine", "--yes", "--machine", "box")
        self.asv(*RUN, *arguments, code=2)
        (path,) = (self.results / "box").glob("*-existing-*.json")
        return path

    def boxed(self, **overrides):
        return LightspeedSession(self.config, overrides=overrides or None, machine="box")

    def surveyed(self, **overrides):
        """A session whose database has a survey and no baseline."""
        import lightspeed

        session = self.boxed(**overrides)
        engine = lightspeed.Session(
            self.config, source_root=self.root / "src" / "pkg", python=sys.executable, results_dir=session.results_dir
        )
        engine.init(survey_only=True)
        engine.close()
        return session

    def timed(self):
        session = self.boxed()
        session.initialize_diffcheck(self.root / "src" / "pkg", **suite.QUICK)
        return session

    def commit(self, message="an edit"):
        suite.git(self.root, "commit", "--quiet", "--all", "--message", message)
        return suite.git(self.root, "rev-parse", "HEAD").strip()


class Ingest(Exchange):
    """What asv ran is what changes are compared with."""

    def test_with_samples(self):
        file = json.loads(self.ran("--record-samples", *THREE).read_text())
        session = self.surveyed()
        loaded = session.ingest_asv_results()
        self.assertEqual(loaded.kept, 7)
        self.assertEqual(sorted(loaded.refused), sorted([TOTAL[3], LARGEST[3], FAILS, PEAK]), "without a number, or of another process")
        results = session.get_results()
        for name, row in (("sums.Sums.time_total", TOTAL), ("sums.Sums.time_largest", LARGEST), (TRACK, [TRACK])):
            self.assertEqual([results[bid] for bid in row[:3]], file["results"][name][0][:3])
        one = session.export_baselines()[TOTAL[2]]
        columns = dict(zip(file["result_columns"], file["results"]["sums.Sums.time_total"]))
        self.assertEqual((one["samples"], one["version"]), (columns["samples"][2], columns["version"]))
        self.assertEqual((one["number"], one["repeat"], one["measured_at_ms"]), (1, 3, columns["started_at"]))
        for end in ("ci_99_a", "q_75"):
            self.assertAlmostEqual(one[end] / columns[f"stats_{end}"][2], 1, 3)
        session.initialize_diffcheck(self.root / "src" / "pkg", **suite.QUICK)
        self.assertEqual({**session.get_results(), PEAK: None}, results, "only what asv gave no number of is timed")
        self.assertIsNotNone(session.get_results()[PEAK])
        self.slower()
        delta = session.measure_impacted(from_git_diff=True, **suite.QUICK).benchmarks[TOTAL[2]]
        self.assertEqual(delta.baseline, columns["result"][2])
        self.assertGreater(delta.delta_pct, 50)
        self.assertIsNotNone(delta.verdict)

    def test_without_samples(self):
        """A single run, whose interval asv writes as infinite."""
        path = self.ran("--quick", "--bench", "time_total|time_fails")
        self.assertIn("Infinity", path.read_text())
        session = self.surveyed()
        self.assertEqual(session.ingest_asv_results(suite.git(self.root, "rev-parse", "--short", "HEAD").strip()).kept, 3)
        self.slower()
        delta = session.measure_impacted(from_git_diff=True, **suite.QUICK).benchmarks[TOTAL[2]]
        self.assertIsNotNone(delta.delta_pct)
        self.assertIsNone(delta.verdict)

    def test_parameters_have_no_place(self):
        """asv's file may have other combinations, in another order, and less of them than it says."""
        path = self.ran("--quick", "--bench", "time_total|time_fails")
        document = json.loads(path.read_text())
        version = document["results"]["sums.Sums.time_total"][2]
        document["results"] = {"sums.Sums.time_total": [[0.5, 0.25, 0.125], [["'text'", "'int'"], ["1000", "10"]][::-1], version]}
        document["results"]["sums.time_gone"] = [[1.0]]
        document["results"][TRACK] = [[7], []]
        path.write_text(json.dumps(document))
        suite.edit(self.root, "bench/suite/sums.py", 'params = [[10, 1000], ["int", "float"]]', 'params = [["int", "float"], [10, 1000]]')
        suite.edit(self.root, "bench/suite/sums.py", '["size", "kind"]', '["kind", "size"]')
        for name in ("setup(self, ", "time_total(self, ", "time_largest(self, "):
            suite.edit(self.root, "bench/suite/sums.py", f"{name}size, kind", f"{name}kind, size")
        session = self.surveyed()
        document["results"]["sums.Sums.time_total"][1] = [["1000", "10"], ["'text'", "'int'"]][::-1]
        document["results"]["sums.Sums.time_total"][2] = session._load_benchmarks()["sums.Sums.time_total"]["version"]
        path.write_text(json.dumps(document))
        loaded = session.ingest_asv_results(path)
        found = {name: value for name, value in session.get_results().items() if value is not None}
        self.assertEqual(found, {TOTAL[1]: 0.125, TRACK: 7})
        self.assertEqual(loaded.kept, 2)
        self.assertEqual(loaded.refused["sums.time_gone"], "the survey has no such benchmark")
        self.assertEqual(loaded.refused["sums.Sums.time_total('text', 1000)"], "the survey has no such parameters")
        self.assertEqual(loaded.refused[TOTAL[0]], "asv has no number of it")

    def test_refusals(self):
        session = self.surveyed()
        with self.assertRaisesRegex(ASVError, "no results of HEAD .* on the machine box"):
            session.ingest_asv_results()
        with self.assertRaisesRegex(ASVError, "cannot be read"):
            session.ingest_asv_results(self.root / "none.json")
        path = self.ran("--quick", "--bench", "time_total|time_fails")
        for place, damage in enumerate(("{", '{"version": 2}', '{"version": 3}', "[]")):
            path.with_name(path.name.replace("existing", f"damaged{place}")).write_text(damage)
        damaged = sorted(map(str, path.parent.glob("*-damaged*.json")))
        loaded = session.ingest_asv_results()
        self.assertEqual((loaded.kept, sorted(set(loaded.refused) & set(damaged))), (3, damaged), "each is named, the other is read")
        with self.assertRaisesRegex(ASVError, re.escape(damaged[0])):
            session.ingest_asv_results(damaged[0])
        older = path.with_name(path.name.replace("existing", "older"))
        self.rewritten(path, older, lambda document: [row.__setitem__(3, 1) for row in document["results"].values()])
        self.assertIn("is newer", session.ingest_asv_results().refused[str(older)])
        for python, message in (("2.7", "Python 2.7"), ("/nowhere/bin/python", "Python /nowhere"), (None, "Python None")):
            self.rewritten(path, older, lambda document: document["params"].__setitem__("python", python))
            with self.assertRaisesRegex(ASVError, f"{message}.*, and the survey of .*any_python"):
                session.ingest_asv_results(older)
            self.assertEqual(session.ingest_asv_results(older, any_python=True).kept, 3)
        version = "%d.%d" % sys.version_info[:2]
        self.rewritten(path, older, lambda document: document["params"].__setitem__("python", version))
        self.assertEqual(session.ingest_asv_results(older).kept, 3, "asv names the Pythons that it installs by their versions")
        self.rewritten(path, older, lambda document: document["results"]["sums.Sums.time_total"].__setitem__(2, "another"))
        loaded = session.ingest_asv_results(older)
        self.assertEqual((loaded.kept, loaded.refused[TOTAL[0]]), (0, "it was measured with another version of the benchmark"))
        with self.assertRaisesRegex(ASVError, "name machine='box'"):
            self.session().ingest_asv_results()
        with self.assertRaisesRegex(ASVError, "name machine='box'"):
            self.session().ingest_asv_results(path)
        self.assertEqual(self.session().ingest_asv_results(path, machine="box").kept, 3)
        with self.assertRaisesRegex(ASVError, "Dependency database not found"):
            self.session(results_dir=str(self.root / "out")).ingest_asv_results(path)

    def rewritten(self, path, target, change):
        document = json.loads(path.read_text())
        change(document)
        target.write_text(json.dumps(document))


class Write(Exchange):
    """asv reads what was measured as if it had run it."""

    def test_show_compare_publish(self):
        session = self.timed()
        first = suite.git(self.root, "rev-parse", "HEAD").strip()
        path = session.write_asv_results()
        self.assertEqual((path.parent, path.name[:17]), (self.results / "box", f"{first[:8]}-existing"))
        shown = self.asv("show", "HEAD", "--details")
        for text in ("sums.Sums.time_total [box/existing-py", "sums.time_fails", "1/4 failed", "repeat: 3, 3, 3, None", "samples: [[3.0]]"):
            self.assertIn(text, shown)
        self.slower()
        suite.edit(self.root, "src/pkg/core.py", "return len(data)", "raise ValueError(data)")
        delta = session.measure_impacted(from_git_diff=True, step_id="1", **suite.QUICK).benchmarks[TOTAL[2]]
        with self.assertRaisesRegex(ASVError, "src/pkg/core.py differ"):
            session.write_asv_results(step_id="1")
        second = self.commit()
        file = read(session.write_asv_results(step_id="1"))
        self.assertEqual((file["commit_hash"], file["params"]["machine"]), (second, "box"))
        table = self.asv("compare", "HEAD~1", "HEAD")
        rows = {row[5].strip(): row for row in (line.split("|") for line in table.splitlines()) if len(row) == 7}
        ratios = {"sums.Sums.time_total(1000, 'int')": delta.current / delta.baseline, "sums.Sums.time_largest(10, 'int')": 1}
        for name, ratio in ratios.items():
            self.assertEqual(rows[name][4].strip().lstrip("~"), f"{ratio:.2f}", table)
        self.assertEqual(rows["sums.Sums.time_total(1000, 'float')"][4].strip(), "n/a")
        self.assertEqual((rows[TRACK][1].strip(), rows[TRACK][3].strip()), ("!", "failed"), "its baseline says nothing of the change")
        self.asv("publish")
        graphs = (self.root / "bench" / "html" / "graphs").rglob("sums.Sums.time_total.json")
        (points,) = [read(graph) for graph in graphs if "summary" not in graph.parts]
        self.assertEqual([point[1][2] for point in points], [delta.baseline, delta.current])
        index = read(self.root / "bench" / "html" / "index.json")
        self.assertEqual(sorted(index["revision_to_hash"].values()), sorted([first, second]))
        self.assertEqual(index["benchmarks"]["sums.Sums.time_total"]["type"], "time")

    def test_round_trip(self):
        session = self.timed()
        path = session.write_asv_results()
        again = self.surveyed(results_dir=str(self.root / "out"))
        loaded = again.ingest_asv_results(path)
        there, here = session.export_baselines(), again.export_baselines()
        self.assertEqual((loaded.kept, sorted(loaded.refused)), (8, [LARGEST[3], TOTAL[3], FAILS]))
        newest = {name.partition("-")[0]: 0 for name in there}
        for name, one in there.items():
            newest[name.partition("-")[0]] = max(newest[name.partition("-")[0]], one["measured_at_ms"])
        for name, one in there.items():
            self.assertEqual(here[name], {**one, "measured_at_ms": newest[name.partition("-")[0]]})

    def test_what_asv_has_stays(self):
        path = self.ran("--quick")
        document = json.loads(path.read_text())
        document["results"]["sums.time_gone"] = [[1.0], [], "1", 5, 2.5]
        path.write_text(json.dumps(document))
        benchmarks = self.results / "benchmarks.json"
        known = json.loads(benchmarks.read_text())
        benchmarks.write_text(json.dumps({**known, "sums.time_gone": {**known[FAILS], "name": "sums.time_gone", "version": "1"}}))
        session = self.surveyed()
        with self.assertRaisesRegex(ASVError, "no numbers to write"):
            session.write_asv_results()
        session.load_baselines({TOTAL[2]: {"median": 0.5}})
        self.assertEqual(session.write_asv_results(), path)
        after = json.loads(path.read_text())
        for name in ("sums.time_gone", FAILS, TRACK, PEAK):
            self.assertEqual(after["results"][name], document["results"][name])
        self.assertEqual(after["results"]["sums.Sums.time_total"][0][:3], [*document["results"]["sums.Sums.time_total"][0][:2], 0.5])
        self.assertEqual(after["results"]["sums.Sums.time_total"][5][2:], [None, None], "a median alone has no statistics")
        written = json.loads(benchmarks.read_text())
        self.assertEqual(sorted(written), sorted([*known, "sums.time_gone"]))
        for name in set(known) - {"version"}:
            self.assertEqual({**known[name], "timeout": 60.0}, written[name], "as asv discovers it")
        self.assertIn("sums.time_gone", self.asv("show", "HEAD"))

    def test_refusals(self):
        session = self.timed()
        head = suite.git(self.root, "rev-parse", "HEAD").strip()
        with self.assertRaisesRegex(ASVError, "no commit 'nowhere'"):
            session.write_asv_results("nowhere")
        with self.assertRaisesRegex(ASVError, "step"):
            session.write_asv_results(step_id="nothing")
        suite.write(self.root, "notes.txt", "of no consequence\n")
        suite.write(self.root, "src/pkg/fresh.py", "")
        with self.assertRaisesRegex(ASVError, "what was measured, src/pkg/fresh.py differ"):
            session.write_asv_results()
        path = session.write_asv_results(head)
        os.remove(self.root / "src/pkg/fresh.py")
        self.assertEqual(session.write_asv_results(), path)
        self.slower()
        for step in ("1", "2"):
            session.measure_impacted(from_git_diff=True, step_id=step, **suite.QUICK)
        self.commit()
        connection = sqlite3.connect(session.deps_db_path)
        connection.execute("UPDATE step SET summary = replace(summary, 'complete', 'interrupted') WHERE step_id = '2'")
        connection.commit()
        connection.close()
        with self.assertRaisesRegex(ASVError, "step '2' is interrupted"):
            session.write_asv_results(step_id="2")
        with self.assertRaisesRegex(ASVError, "what was measured, src/pkg/core.py differ"):
            session.write_asv_results()
        session.initialize_diffcheck(self.root / "src" / "pkg", force=True, **suite.QUICK)
        with self.assertRaisesRegex(ASVError, "newer than step '1'"):
            session.write_asv_results(step_id="1")
        path = session.write_asv_results()
        path.write_text("{")
        with self.assertRaisesRegex(ASVError, re.escape(str(path))):
            session.write_asv_results()
        with self.assertRaisesRegex(ASVError, "Dependency database not found"):
            self.session(results_dir=str(self.root / "out")).write_asv_results()
        shutil.rmtree(self.root / ".git")
        with self.assertRaisesRegex(ASVError, "git"):
            session.write_asv_results()


def read(path):
    """A document, which has to be JSON that anything reads."""

    def refuse(word):
        raise AssertionError(f"{path} has {word}")

    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"), parse_constant=refuse)


if __name__ == "__main__":
    unittest.main()
