"""Blocks, coverage, surveys, indexes and stores, in memory and in files."""

import pathlib
import tempfile
import threading
import unittest

import given

import lightspeed

LCOV = "TN:\nSF:/somewhere/core.py\nDA:1,1\nDA:2,0\nDA:5,1\nDA:6,3\nend_of_record\n"


class Blocks(unittest.TestCase):
    def test_blocks(self):
        """Ids, kinds, lines and checksums; layout does not change a checksum, code does."""
        source = "class A:\n    def f(self):\n        if self:\n            return 1\n        return 2\n"
        found = lightspeed.blocks(source)
        self.assertEqual([block.id for block in found], ["<module>", "A", "A.f", "A.f/if[0]"])
        self.assertEqual([block.kind.name for block in found], ["MODULE", "CLASS", "FUNCTION", "BRANCH"])
        self.assertEqual(found[2].lines, (2, 5))
        self.assertEqual(found.at(4), found[3])
        self.assertIsNone(lightspeed.blocks("").at(9))
        again = lightspeed.blocks(source.replace("return 2", "return (2)  # two").encode())
        self.assertEqual([block.checksum for block in found], [block.checksum for block in again])
        other = lightspeed.blocks(source.replace("return 2", "return 3"))
        differ = [one.id for one, two in zip(found, other) if one.checksum != two.checksum]
        self.assertEqual(differ, ["A.f"])
        self.assertIn("A.f", repr(found))

    def test_docstrings(self):
        """They count where that is asked for."""
        sources = ['def f():\n    "one"\n    return 1\n', 'def f():\n    "two"\n    return 1\n']
        for docstrings in (False, True):
            sums = {lightspeed.blocks(source, docstrings=docstrings)[1].checksum for source in sources}
            self.assertEqual(len(sums), 2 if docstrings else 1)

    def test_unreadable(self):
        """Is a diagnostic and no error."""
        found = lightspeed.blocks("def f(:\n    pass\n")
        self.assertTrue(found.diagnostics)
        self.assertEqual(found.diagnostics[0].line, 1)
        self.assertIn("unreadable", repr(found))


class Surveys(unittest.TestCase):
    def setUp(self):
        self.index = given.index()

    def expect_two(self, selection):
        self.assertEqual(list(selection), [("time_two", (given.REASON,))])
        self.assertEqual((len(selection), selection.unaffected_count), (1, 1))
        self.assertEqual(selection.to_records(), [{"benchmark": "time_two", "reason": given.REASON}])
        self.assertEqual(selection.to_dict()["schema"], "lightspeed.select/1")
        self.assertEqual(selection[-1], selection[0])
        self.assertEqual(selection[:], (selection[0],))
        self.assertEqual(selection.benchmarks, ["time_two"])
        self.assertIn("1 affected, 1 unaffected", repr(selection))
        with self.assertRaises(IndexError):
            selection[1]

    def test_select(self):
        """Contents in memory, and files that are gone."""
        self.expect_two(self.index.select({"core.py": given.CHANGED}))
        self.expect_two(self.index.select({"core.py": given.CHANGED.encode()}, policy=lightspeed.Policy.PRECISE))
        self.assertEqual(len(self.index.select({"core.py": given.SOURCE})), 0)
        self.assertEqual(len(self.index.select({})), 0)
        self.assertEqual(len(self.index.select({"core.py": None}, hotfile_threshold=1.0)), 2)
        self.assertEqual((len(self.index), self.index.benchmarks, self.index.files), (2, ("time_one", "time_two"), ("core.py",)))

    def test_saved(self):
        """An index lives in a file; broken bytes are refused; selections outlive what made them."""
        with tempfile.TemporaryDirectory() as folder:
            kept = pathlib.Path(folder) / "kept.index"
            self.index.save(kept)
            self.assertEqual([path.name for path in kept.parent.iterdir()], ["kept.index"])
            loaded = lightspeed.Index.load(kept)
            self.assertEqual(loaded.to_bytes(), kept.read_bytes())
        selection = loaded.select({"core.py": given.CHANGED})
        del loaded
        self.expect_two(selection)
        with self.assertRaises(lightspeed.errors.DatabaseError):
            lightspeed.Index.load(b"something else")

    def test_directory(self):
        """A tree is compared as a whole; a token that was raised stops it."""
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "core.py").write_text(given.SOURCE)
            survey = lightspeed.SurveyBuilder()
            self.assertEqual(survey.add_directory(folder), 1)
            for benchmark, line in (("time_one", 2), ("time_two", 6)):
                survey.add_benchmark(benchmark)
                survey.executed(benchmark, "core.py", [1, 5, line])
            index = survey.finish()
            pathlib.Path(folder, "core.py").write_text(given.CHANGED)
            self.expect_two(index.select_directory(pathlib.Path(folder)))
            token = lightspeed.Cancel()
            token.stop()
            with self.assertRaises(lightspeed.Cancelled):
                index.select_directory(folder, cancel=token)
            self.assertEqual(repr(token), "<Cancel raised>")

    def test_coverage(self):
        """A report of another tool tells what a benchmark executes."""
        coverage = lightspeed.Coverage(LCOV.encode(), lightspeed.CoverageFormat.LCOV)
        self.assertEqual(list(coverage), [("/somewhere/core.py", (1, 5, 6))])
        survey = lightspeed.SurveyBuilder()
        survey.add_file("core.py", given.SOURCE)
        survey.add_file("data.txt", b"1")
        for benchmark in ("covered", "reader", "doubtful", "untold"):
            survey.add_benchmark(benchmark)
        self.assertEqual(survey.covered("covered", coverage), 1)
        survey.executed("reader", "core.py", [1])
        survey.depends_on("reader", "data.txt")
        survey.executed("doubtful", "core.py", [1])
        survey.doubt("doubtful", "its tracer was taken away")
        index = survey.finish()
        changed = index.select({"core.py": given.CHANGED}, hotfile_threshold=1.0)
        self.assertEqual(changed.benchmarks, ["covered", "doubtful", "untold"])
        self.assertIn("its tracer was taken away", changed[1].reasons[0])
        self.assertIn("reader", index.select({"data.txt": b"2"}, hotfile_threshold=1.0).benchmarks)
        with self.assertRaises(lightspeed.errors.CoverageError):
            lightspeed.Coverage(b"no report")

    def test_refused(self):
        """What was not added, what was added twice, and a builder that was used up."""
        survey = lightspeed.SurveyBuilder()
        survey.add_file("core.py", given.SOURCE)
        survey.add_benchmark("one")
        for wrong in (
            lambda: survey.add_file("core.py", ""),
            lambda: survey.add_benchmark("one"),
            lambda: survey.executed("two", "core.py", [1]),
            lambda: survey.executed("one", "other.py", [1]),
            lambda: survey.executed("one", "core.py", [-1]),
            lambda: survey.executed("one", "core.py", [2**32 + 1]),
            lambda: survey.add_file("../core.py", ""),
        ):
            with self.assertRaises(lightspeed.errors.InvalidArgument):
                wrong()
        survey.finish()
        with self.assertRaisesRegex(ValueError, "survey is closed"):
            survey.add_benchmark("two")
        with self.assertRaises(ValueError):
            survey.finish()

    def test_threads(self):
        """Eight threads that select 125 times each agree."""
        answers, failures = [], []

        def work():
            try:
                answers.extend(tuple(self.index.select({"core.py": given.CHANGED})) for _ in range(125))
            except Exception as failure:
                failures.append(failure)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((failures, len(answers), set(answers)), ([], 1000, {(("time_two", (given.REASON,)),)}))


class Stores(unittest.TestCase):
    def test_store(self):
        """A survey, baselines and results in one file."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "kept.db"
            with self.assertRaises(lightspeed.errors.NoSurvey):
                lightspeed.Store(path)
            with lightspeed.Store(path, write=True) as store:
                with self.assertRaises(lightspeed.errors.NoSurvey):
                    store.survey()
                store.put_survey(given.index())
                index = store.survey()
                store.put_baseline("time_two", [1.0, 2.0, 3.0])
                self.assertEqual((store.baseline("time_two"), store.baseline("time_one")), ([1.0, 2.0, 3.0], []))
                store.begin_step("edit")
                store.put_result("edit", "time_two", (2.0, 4.0, 6.0), lightspeed.Verdict.REGRESSED)
                self.assertEqual(list(store.results()["baselines"]), ["time_two"])
                self.assertEqual(store.results("edit")["step"]["benchmarks"]["time_two"]["verdict"], "regressed")
                for wrong in (lambda: store.results("other"), lambda: store.put_baseline("time_two", [])):
                    with self.assertRaises(lightspeed.errors.InvalidArgument):
                        wrong()
            self.assertIn("closed", repr(store))
            store.close()
            with self.assertRaisesRegex(ValueError, "store is closed"):
                store.results()
            self.assertEqual(index.select({"core.py": given.CHANGED}).benchmarks, ["time_two"])
            with lightspeed.Store(path) as store:
                self.assertEqual(store.baseline("time_two"), [1.0, 2.0, 3.0])

    def test_baselines_travel(self):
        """What one database exports another one loads, but for what its survey does not know."""
        with tempfile.TemporaryDirectory() as folder:
            here, there = (lightspeed.Store(pathlib.Path(folder) / name, write=True) for name in ("here.db", "there.db"))
            with here, there:
                with self.assertRaises(lightspeed.errors.NoSurvey):
                    there.load_baselines({})
                for store in (here, there):
                    store.put_survey(given.index())
                here.put_baseline("time_two", [1.0, 2.0, 3.0], "")
                exported = here.export_baselines()
                self.assertEqual((exported["time_two"]["median"], exported["time_two"]["samples"]), (2.0, [1.0, 2.0, 3.0]))
                loaded = there.load_baselines({**exported, "time_gone": exported["time_two"], "time_one": {"median": 7}})
                self.assertEqual((loaded.kept, loaded.refused), (2, {"time_gone": "the survey has no such instance"}))
                self.assertEqual(there.baseline("time_two"), [1.0, 2.0, 3.0])
                self.assertEqual((there.baseline("time_one"), there.results()["baselines"]["time_one"]["stats"]["median"]), ([], 7.0))
                for wrong in ({"time_one": {"median": float("nan")}}, {"time_one": {"median": object()}}):
                    with self.assertRaises((ValueError, TypeError)):
                        there.load_baselines(wrong)
                suite = there.suite()
                self.assertEqual((sorted(suite["benchmarks"]), suite["source_root"]), (["time_one", "time_two"], None))
                self.assertEqual(list(suite["files"]), ["core.py"])

    def test_no_database(self):
        """Another file is no database."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "kept.db"
            path.write_bytes(b"something else, long enough to be looked at" * 40)
            with self.assertRaises(lightspeed.errors.DatabaseError):
                lightspeed.Store(path)


if __name__ == "__main__":
    unittest.main()
