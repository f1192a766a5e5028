"""Stock asv with both wheels: clients in the field, the session's verbs, the two commands. Runs in the environment that `wheels.py` makes."""

import copy
import dataclasses
import json
import math
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import suite  # noqa: E402  (needs the path above)
from asv.contrib.lightspeed import (  # noqa: E402
    ASVError,
    BenchmarkError,
    ConfigError,
    LightspeedSession,
    NoBenchmarksError,
    ProjectShadowed,
)

HERE = pathlib.Path(__file__).resolve().parent
ASV = [sys.executable, "-m", "asv"]
TOTAL = ["sums.Sums.time_total-0", "sums.Sums.time_total-1", "sums.Sums.time_total-2", "sums.Sums.time_total-3"]
FAILS = "sums.time_fails"
#: What a change of `total` affects: its last combination is skipped before it runs; what fails was never surveyed, and always counts.
AFFECTED = [*TOTAL[:3], FAILS]
NAMES = ["sums.Sums.time_largest", "sums.Sums.time_total", "sums.peakmem_count", "sums.time_fails", "sums.track_count"]


class Repository(unittest.TestCase):
    """A fresh repository for each test, from which `pkg` is imported."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve() / "repository"
        suite.make(self.root)
        self.addCleanup(os.remove, suite.installed(self.root))
        self.config = self.root / "bench" / "asv.conf.json"

    def session(self, **overrides):
        return LightspeedSession(self.config, overrides=overrides or None)

    def initialized(self):
        session = self.session()
        session.initialize_diffcheck(self.root / "src" / "pkg", **suite.QUICK)
        return session

    def slower(self):
        suite.edit(self.root, *suite.SLOWER)
        return self.root / "src" / "pkg" / "core.py"


class Client(Repository):
    """Two programs, the second on a database that was built elsewhere, with trees swapped under it."""

    def test_survey_here_measure_there(self):
        out, elsewhere = self.root.with_name("out"), self.root.with_name("elsewhere")
        found = json.loads(suite.python(HERE / "client.py", "survey", self.root, elsewhere))
        self.assertEqual(len(found["benchmarks_discovered"]), 11)
        self.assertEqual(set(found["benchmarks_discovered"]) - set(found["benchmarks_impactable"]), {FAILS})
        self.assertGreaterEqual(found["source_files_covered"], 3)
        self.assertEqual(set(found["timing"]["phases"]), {"coverage", "benchmarking"})
        (out / "results").mkdir(parents=True)
        shutil.copy(found["deps_db_path"], out / "results")
        base = self.root.with_name("base")
        shutil.copytree(self.root, base)
        self.slower()
        suite.edit(self.root, "README.md", "package", "fast package")
        answer = json.loads(suite.python(HERE / "client.py", "measure", self.root, out, base))
        self.assertEqual((answer["rows"]["baseline"], answer["rows"]["benchmark_meta"]), (0, 11))
        self.assertGreater(answer["rows"]["benchmark_dep"], 11)
        self.assertEqual(answer["shadowed"], {})
        self.assertEqual(answer["changed"], ["README.md", "core.py"])
        self.assertEqual((answer["selected"], answer["total"]), (["sums.Sums.time_total", FAILS], 5))
        self.assertEqual(sorted(answer["medians"]), TOTAL[:3])
        self.assertEqual(sorted(answer["dropped"]), [TOTAL[3], FAILS], "asv runs all combinations")
        self.assertEqual(answer["params"][TOTAL[2]], {"size": "1000", "kind": "'int'"})
        before, now = answer["medians"][TOTAL[2]]
        self.assertGreater(now, 5 * before, "the base copy was timed in its own place")
        self.assertTrue(answer["shown"][TOTAL[2]][0].endswith("us"))


class Verbs(Repository):
    """initialize_diffcheck, measure_impacted, and what they leave."""

    def test_survey_and_again(self):
        session = self.session()
        found = session.initialize_diffcheck(self.root / "src" / "pkg", **suite.QUICK)
        self.assertEqual(len(found.benchmarks_discovered), 11, "a file that cannot be imported does not stop the rest")
        self.assertEqual(found.deps_db_path, self.root / "bench" / "results" / ".lightspeed_deps.db")
        results = session.get_results()
        self.assertEqual([name for name, median in results.items() if median is None], [TOTAL[3].replace("total", "largest"), TOTAL[3], FAILS])
        self.assertEqual(results["sums.track_count"], 3)
        measured = session.export_baselines()
        again = session.initialize_diffcheck(self.root / "src" / "pkg", **suite.QUICK)
        self.assertEqual(session.export_baselines(), measured, "nothing was timed again")
        self.assertEqual(dataclasses.replace(again, timing=None), dataclasses.replace(found, timing=None))
        fresh = self.session()
        fresh.initialize_diffcheck(self.root / "src" / "pkg", force=True, **suite.QUICK)
        self.assertGreater(fresh.export_baselines()[TOTAL[2]]["measured_at_ms"], measured[TOTAL[2]]["measured_at_ms"])

    def test_measure(self):
        session = self.initialized()
        self.assertEqual(list(session.measure_impacted(from_git_diff=True).benchmarks), [])
        core = self.slower()
        result = session.measure_impacted(changed_files=[core, self.root / "README.md", self.root / "never-was.txt"], step_id="1", **suite.QUICK)
        self.assertEqual(sorted(result.benchmarks), AFFECTED)
        self.assertEqual((result.selected_count, result.total_count, result.skipped_count), (2, 5, 3))
        self.assertEqual(result.dropped, [FAILS])
        delta = result.benchmarks[TOTAL[2]]
        self.assertGreater(delta.delta_pct, 50)
        self.assertAlmostEqual(delta.delta_pct, (delta.current - delta.baseline) / delta.baseline * 100)
        self.assertEqual(delta.params, {"size": "1000", "kind": "'int'"})
        self.assertEqual((delta.current_stats["median"], len(delta.current_samples)), (delta.current, 3))
        self.assertEqual(delta.reasons, ["it executes total, which changed (core.py:1-2)"])
        self.assertIn(delta.verdict, ("regressed", "inconclusive"))
        self.assertIsNone(result.benchmarks[FAILS].current)
        json.dumps(dataclasses.asdict(result), allow_nan=False)
        connection = sqlite3.connect(session.deps_db_path)
        (kept,) = connection.execute("SELECT delta FROM step_result WHERE step_id = '1' AND benchmark_id = ?", TOTAL[2:3]).fetchall()
        connection.close()
        self.assertAlmostEqual(kept[0] * 100, delta.delta_pct, msg="a fraction")
        rewards = session.rewards("1")
        self.assertEqual((sorted(rewards.benchmarks), list(rewards.without)), (TOTAL[:3], [FAILS]))
        self.assertAlmostEqual(rewards.mean.log_ratio, sum(each.log_ratio for each in rewards.benchmarks.values()) / 3)
        self.assertEqual(session.explain(TOTAL[0])["schema"], "lightspeed.explain/1")
        self.assertEqual(sorted(session.measure_impacted(from_git_diff=True, **suite.QUICK).benchmarks), AFFECTED)
        for wrong in ({}, {"from_git_diff": True, "changed_files": []}):
            with self.assertRaises(ValueError):
                session.measure_impacted(**wrong)

    def test_failures_are_results(self):
        session = self.initialized()
        suite.edit(self.root, "src/pkg/core.py", "return len(data)", "raise ValueError(data)")
        result = session.measure_impacted(from_git_diff=True, **suite.QUICK)
        self.assertEqual(result.dropped, ["sums.peakmem_count", FAILS, "sums.track_count"])
        self.assertEqual({delta.current_str for delta in result.benchmarks.values()}, {"n/a"})
        self.assertEqual(result.benchmarks["sums.track_count"].baseline_str, "3")

    def test_baselines_travel(self):
        session = self.initialized()
        payload = json.loads(json.dumps(session.export_baselines(), allow_nan=False))
        self.assertEqual(len(payload), 8)
        self.assertEqual(set(payload[TOTAL[0]]) >= {"median", "ci_99_a", "ci_99_b", "q_25", "q_75", "repeat", "number"}, True)
        connection = sqlite3.connect(session.deps_db_path)
        connection.execute("DELETE FROM baseline")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        self.assertEqual(set(session.get_results().values()), {None})
        self.assertEqual(session.load_baselines(payload), 8)
        results = session.get_results()
        session.initialize_diffcheck(self.root / "src" / "pkg", **suite.QUICK)
        self.assertEqual(session.get_results(), results, "what was loaded is not timed again")
        self.slower()
        self.assertIsNotNone(session.measure_impacted(from_git_diff=True, **suite.QUICK).benchmarks[TOTAL[2]].verdict)
        bare = {TOTAL[0]: {"median": 1.0, "ci_99_a": -math.inf, "ci_99_b": math.inf, "q_25": 1.0, "q_75": 1.0, "repeat": 1, "number": 1}}
        self.assertEqual(session.load_baselines({**bare, "sums.gone": bare[TOTAL[0]]}), 1, "of the seed's own seven fields")
        delta = session.measure_impacted(from_git_diff=True, **suite.QUICK).benchmarks[TOTAL[0]]
        self.assertEqual((delta.baseline, delta.verdict), (1.0, None))
        self.assertLess(delta.delta_pct, -99)
        with self.assertRaises(FileNotFoundError):
            self.session(results_dir=str(self.root / "out")).load_baselines(payload)

    def test_base_commit(self):
        """The baselines are of the revision, the tree stays as it is."""
        self.slower()
        session = self.session()
        session.initialize_diffcheck(self.root / "src" / "pkg", base_commit="HEAD", **suite.QUICK)
        self.assertIn("sum(data) for _ in", (self.root / "src/pkg/core.py").read_text())
        self.assertEqual(suite.git(self.root, "stash", "list"), "")
        result = session.measure_impacted(from_git_diff=True, **suite.QUICK)
        self.assertEqual(sorted(result.benchmarks), AFFECTED)
        self.assertGreater(result.benchmarks[TOTAL[2]].delta_pct, 50)

    def test_asv_times_where_a_client_says_so(self):
        """asv's own function in the place of ours: its results are the baselines, and what measuring gives."""
        import asv.contrib.lightspeed.session as module
        from asv.runner import run_benchmarks

        session, own, asked = self.session(), module.run_benchmarks, []

        def counting(benchmarks, *arguments, **options):
            asked.append(copy.deepcopy(benchmarks.benchmark_selection))
            return run_benchmarks(benchmarks, *arguments, **options)

        module.run_benchmarks = counting
        self.addCleanup(setattr, module, "run_benchmarks", own)
        session.initialize_diffcheck(self.root / "src" / "pkg", **suite.QUICK)
        self.assertEqual(len([1 for median in session.get_results().values() if median is not None]), 8)
        self.slower()
        result = session.measure_impacted(from_git_diff=True, **suite.QUICK)
        self.assertEqual(asked[1], {"sums.Sums.time_total": [0, 1, 2], FAILS: None}, "only what is affected")
        self.assertEqual(result.dropped, [FAILS])
        self.assertGreater(result.benchmarks[TOTAL[2]].delta_pct, 50)

    def test_properties(self):
        session = LightspeedSession(self.config, {"results_dir": "elsewhere"}, "box", "same")
        self.assertEqual((session.config_path, session.benchmark_dir), (self.config, self.config.parent / "suite"))
        self.assertEqual((session.results_dir, session.machine, session.python), (self.config.parent / "elsewhere", "box", "same"))
        self.assertEqual(session.deps_db_path, session.results_dir / ".lightspeed_deps.db")
        self.assertEqual((session.env_dir, session.repo), (self.config.parent / "env", ".."))
        self.assertEqual(json.loads((session.results_dir / "box" / "machine.json").read_text())["machine"], "box")
        self.assertEqual((session.get_results(), session.export_baselines()), ({}, {}))
        self.assertEqual(sorted(self.initialized()._load_benchmarks()), NAMES)
        self.assertIn("asv.conf.json", repr(session))

    def test_launch_method(self):
        """Who says spawn gets it; numbers of the one do not compare with those of the other."""
        session = self.session(launch_method="spawn")
        session.initialize_diffcheck(self.root / "src" / "pkg", **suite.QUICK)
        self.assertEqual(session.export_baselines()[TOTAL[0]]["environment"]["launch_mode"], "spawn")

    def test_overrides(self):
        """What the engine reads of the configuration can be overridden too."""
        shutil.copytree(self.config.parent / "suite", self.root / "other")
        os.remove(self.root / "other" / "broken.py")
        session = self.session(benchmark_dir=str(self.root / "other"), results_dir=str(self.root / "out"))
        session.initialize_diffcheck(self.root / "src" / "pkg", **suite.QUICK)
        self.slower()
        suite.edit(self.root, "other/sums.py", "range(1000)", "range(2000)")
        affected = session.measure_impacted(from_git_diff=True, **suite.QUICK).benchmarks
        self.assertEqual(sorted(affected), [*TOTAL[:3], "sums.peakmem_count", FAILS])


class Refusals(Repository):
    """What cannot go on says why."""

    def test_configuration(self):
        with self.assertRaisesRegex(ConfigError, "no configuration"):
            LightspeedSession(self.root / "none.json")
        suite.write(self.root, "bench/asv.conf.json", "{")
        with self.assertRaises(ConfigError):
            self.session()

    def test_nothing_there(self):
        with self.assertRaisesRegex(ASVError, "Dependency database not found"):
            self.session().measure_impacted(from_git_diff=True)
        with self.assertRaisesRegex(ASVError, "source_root"):
            self.session().initialize_diffcheck(self.root / "nowhere")
        for name in ("sums.py", "broken.py"):
            os.remove(self.config.parent / "suite" / name)
        with self.assertRaises(NoBenchmarksError):
            self.session().initialize_diffcheck(self.root / "src" / "pkg")
        suite.write(self.root, "bench/suite/broken.py", suite.FILES["bench/suite/broken.py"])
        with self.assertRaises(BenchmarkError) as caught:
            self.session().initialize_diffcheck(self.root / "src" / "pkg")
        self.assertIn("a_module_that_nobody_has", caught.exception.stderr)

    def test_another_copy(self):
        other = self.root.with_name("other")
        shutil.copytree(self.root / "src", other)
        suite.installed(other.parent / "none")
        os.environ["ASV_PYTHONPATH"] = str(other)
        self.addCleanup(os.environ.pop, "ASV_PYTHONPATH")
        session = self.session()
        with self.assertRaises(ProjectShadowed) as caught:
            session.initialize_diffcheck(self.root / "src" / "pkg")
        self.assertEqual(list(caught.exception.paths), ["pkg"])
        from asv.contrib.lightspeed.session import check_project_imports

        with self.assertRaises(ProjectShadowed) as caught:
            check_project_imports(session._get_env(), session.benchmark_dir, "auto", ["pkg", "json_of_nobody"], self.root)
        self.assertEqual(caught.exception.paths, {"pkg": str(other / "pkg")})


class Commands(Repository):
    """`asv initialize_diffcheck` and `asv measure_impacted`."""

    def asv(self, *arguments, code=0, folder=None):
        done = subprocess.run([*ASV, *arguments], cwd=folder or self.config.parent, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, f"asv {arguments}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def test_both(self):
        quick = ["--rounds", "1", "--repeat", "3", "--warmup-time", "0"]
        self.assertIn("Dependency database not found", self.asv("measure_impacted", "--from-git-diff", code=1))
        said = self.asv("initialize_diffcheck", "--source-root", "../src/pkg", *quick)
        self.assertIn("11 benchmarks, 10 with known dependencies", said)
        self.assertIn("sums.time_fails", said)
        self.slower()
        table = self.asv("measure_impacted", "--from-git-diff", "--step-id", "s", *quick, code=5)
        for word in ("benchmark", "baseline", "current", "delta", *AFFECTED):
            self.assertIn(word, table)
        changed = ["--config", "bench/asv.conf.json", "--changed-files", "src/pkg/core.py"]
        document = json.loads(self.asv("measure_impacted", *changed, "--json", *quick, folder=self.root, code=5))
        self.assertEqual(sorted(document["benchmarks"]), AFFECTED)
        suite.edit(self.root, "src/pkg/core.py", "return len(data)", "raise ValueError(data)")
        self.assertIn("sums.track_count", self.asv("measure_impacted", "--from-git-diff", *quick, code=5))
        self.asv("measure_impacted", code=2)

    def test_help(self):
        said = self.asv("--help")
        for command in ("initialize_diffcheck", "measure_impacted", "continuous"):
            self.assertIn(command, said)
        self.assertIn("--source-root", self.asv("initialize_diffcheck", "--help"))


if __name__ == "__main__":
    unittest.main()
