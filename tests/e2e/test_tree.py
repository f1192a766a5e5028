"""What happens to a tree and its suite between a survey and the question."""

import os
import shutil
import subprocess
import unittest

from fixture import ALPHA, BETA, BENCH, CORE, SuiteCase, support

GRID = """from pkg import core


class Suite:
    params = [10, 20]
    param_names = ["n"]

    def time_alpha(self, n):
        core.alpha(n)
"""


class Tree(SuiteCase):
    def test_edit_and_revert(self):
        self.init()
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected(), {ALPHA})
        support.git(self.folder, "checkout", "--quiet", ".")
        self.assertEqual(self.affected(), set())

    def test_tree_moved_with_its_database(self):
        self.init()
        moved = os.path.join(os.path.dirname(self.folder), "elsewhere", "deeper")
        shutil.move(self.folder, moved)
        self.folder = moved
        self.assertEqual(self.affected(), set())
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected(), {ALPHA})

    def test_names_that_git_quotes(self):
        odd = 'sp ace "quoted" \u00e9\ttab.py'
        loader = (
            "import importlib.util\nimport os\n\n"
            "HERE = os.path.dirname(os.path.abspath(__file__))\n"
            f"SPEC = importlib.util.spec_from_file_location('odd', os.path.join(HERE, {odd!r}))\n"
            "odd = importlib.util.module_from_spec(SPEC)\nSPEC.loader.exec_module(odd)\n\n\n"
        )
        step = "def step(x):\n    return x + 1\n\n\ndef other(x):\n    return x\n"
        core = loader + CORE.replace("total += i", "total = odd.step(total)")
        self.write({f"pkg/{odd}": step, "pkg/core.py": core})
        support.commit(self.folder)
        self.init()
        self.write({f"pkg/{odd}": step.replace("x + 1", "x + 2")})
        self.assertEqual(self.affected(), {ALPHA})
        support.git(self.folder, "mv", f"pkg/{odd}", "pkg/plain.py")
        self.assertIn(ALPHA, self.affected(), "renamed: gone from where it was used")

    def test_sources_too_large_to_analyse_are_compared_as_a_whole(self):
        table = "TABLE = [\n" + "    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,\n" * 250_000 + "]\n"
        self.write({"pkg/table.py": table, "pkg/core.py": "from pkg import table\n" + CORE})
        support.commit(self.folder)
        self.init()
        self.write({"pkg/table.py": table + "# one more\n"})
        self.assertEqual(self.affected(), {ALPHA, BETA}, "nobody knows what differs")

    def test_loops_of_links_and_odd_names(self):
        os.symlink(".", os.path.join(self.folder, "pkg", "loop"))
        os.symlink("nowhere", os.path.join(self.folder, "pkg", "dangling.py"))
        self.write({"pkg/new\nline 'quoted' \"twice\".py": "def f():\n    return 1\n"})
        support.commit(self.folder)
        self.init()
        self.assertEqual(self.affected(), set())
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected(), {ALPHA})

    def test_renames_that_differ_by_case_alone(self):
        self.write({"pkg/case.py": "def f():\n    return 1\n"})
        bench = BENCH.replace("import core", "import case, core").replace("core.beta(50)", "case.f()")
        self.write({"benchmarks/bench.py": bench})
        support.commit(self.folder)
        self.init()
        support.git(self.folder, "mv", "pkg/case.py", "pkg/Case.py")
        self.assertIn(BETA, self.affected())

    def test_mixed_encodings(self):
        latin = "# -*- coding: latin-1 -*-\ndef name():\n    return '\xe9'\n".encode("latin-1")
        path = os.path.join(self.folder, "pkg", "latin.py")
        with open(path, "wb") as file:
            file.write(latin)
        self.write({"pkg/core.py": "from pkg import latin\n" + CORE.replace("return n\n", "return latin.name()\n")})
        support.commit(self.folder)
        self.init()
        with open(path, "wb") as file:
            file.write(latin.replace(b"latin-1", b"utf-8"))
        self.assertLessEqual({ALPHA, BETA}, self.affected(), "no longer what the cookie says: unknown")
        with open(path, "wb") as file:
            file.write("# -*- coding: utf-8 -*-\ndef name():\n    return '\xe9'\n".encode())
        self.assertEqual(self.affected(), set(), "the same text in other bytes")

    def test_untracked_and_committed_changes_count_by_their_base(self):
        self.init()
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        support.commit(self.folder)
        self.assertEqual(self.affected("--base", "HEAD~1"), {ALPHA})
        self.write({"pkg/extra.py": "def extra():\n    return 1\n"})
        self.assertEqual(self.affected("--base", "HEAD~1"), {ALPHA})

    def test_asked_from_another_directory(self):
        self.init()
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        config = os.path.join(self.folder, "asv.conf.json")
        self.assertEqual(self.affected("--config", config, folder=os.path.dirname(self.folder)), {ALPHA})

    def test_source_root_in_a_subdirectory_of_the_repository(self):
        parent = os.path.dirname(self.folder)
        shutil.move(self.folder, os.path.join(parent, "inner"))
        os.makedirs(self.folder)
        shutil.move(os.path.join(parent, "inner"), os.path.join(self.folder, "inner"))
        top, self.folder = self.folder, os.path.join(self.folder, "inner")
        shutil.rmtree(os.path.join(self.folder, ".git"))
        support.commit(top)
        self.init()
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected(), {ALPHA})

    def test_shadowing_package(self):
        site = os.path.join(os.path.dirname(self.folder), "site")
        shutil.copytree(os.path.join(self.folder, "pkg"), os.path.join(site, "pkg"))
        answer = self.lightspeed(*self.init_arguments("--survey-only"), PYTHONPATH=site)
        self.refused(answer, "pkg", os.path.join(site, "pkg"))
        self.assertFalse(os.path.exists(self.database) and self.rows("SELECT 1 FROM benchmark_dep"))

    def test_installed_in_place_is_no_shadow(self):
        self.init(PYTHONPATH=self.folder)

    def test_second_init_does_nothing_and_after_an_edit_surveys_what_is_stale(self):
        self.init()
        answer = support.document(self.init("--json"))
        self.assertEqual(answer["surveyed"], 0)
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        answer = support.document(self.init("--json"))
        self.assertEqual(answer["surveyed"], 1, "only time_alpha is stale")
        self.assertEqual(self.affected("--changed-files", "pkg/core.py"), set(), "the new survey is of this tree")

    def test_force_surveys_everything(self):
        self.init()
        self.assertEqual(support.document(self.init("--json", "--force"))["surveyed"], 2)

    def test_blocks_document(self):
        before = self.blocks()
        self.edit("pkg/core.py", "def beta(n):", "def unused():\n    return 0\n\n\ndef beta(n):")
        after = self.blocks()
        self.assertEqual({name: after[name] for name in before}, before)
        self.assertEqual(len(after), len(before) + 1)

    def blocks(self):
        answer = self.expect(0, self.lightspeed("blocks", "pkg/core.py", "--json"))
        document = support.document(answer)
        self.assertIn("schema", document)
        (file,) = document["files"]
        self.assertLessEqual({"path", "blob", "blocks", "diagnostics"}, set(file))
        kinds = {block["id"]: (block["kind"], block["checksum"]) for block in file["blocks"]}
        return {name: each for name, each in kinds.items() if each[0] != "module"}


class Suites(SuiteCase):
    def test_new_benchmark(self):
        self.init()
        self.write({"benchmarks/bench.py": BENCH + "\n\ndef time_gamma():\n    core.alpha(5)\n"})
        self.assertEqual(self.affected(), {"bench.time_gamma"})

    def test_new_benchmark_file(self):
        self.init()
        self.write({"benchmarks/more.py": "def time_gamma():\n    pass\n"})
        self.assertEqual(self.affected(), {"more.time_gamma"})

    def test_renamed_benchmark(self):
        self.init()
        self.edit("benchmarks/bench.py", "def time_beta", "def time_gamma")
        selection = self.select()
        self.assertEqual(support.affected(selection), {"bench.time_gamma"})
        self.assertNotIn(BETA, selection["unaffected"])
        self.init()
        names = {name for (name,) in self.rows("SELECT DISTINCT benchmark_id FROM benchmark_dep")}
        self.assertEqual(names, {ALPHA, "bench.time_gamma"}, "no stale rows")

    def test_removed_benchmark_file(self):
        self.write({"benchmarks/more.py": "from pkg import core\n\n\ndef time_gamma():\n    core.alpha(5)\n"})
        support.commit(self.folder)
        self.init()
        self.write({"benchmarks/more.py": None})
        selection = self.select()
        self.assertEqual(support.affected(selection), set())
        self.assertNotIn("more.time_gamma", selection["unaffected"])
        self.init()
        names = {name for (name,) in self.rows("SELECT DISTINCT benchmark_id FROM benchmark_dep")}
        self.assertEqual(names, {ALPHA, BETA})

    def test_parameters_reordered(self):
        self.write({"benchmarks/bench.py": GRID})
        support.commit(self.folder)
        self.init()
        self.edit("benchmarks/bench.py", "[10, 20]", "[20, 10]")
        self.assertEqual(self.affected(), {"bench.Suite.time_alpha-0", "bench.Suite.time_alpha-1"})

    def test_parameter_removed(self):
        self.write({"benchmarks/bench.py": GRID})
        support.commit(self.folder)
        self.init()
        self.edit("benchmarks/bench.py", "[10, 20]", "[10]")
        selection = self.select()
        named = support.affected(selection) | set(selection["unaffected"])
        self.assertEqual(named, {"bench.Suite.time_alpha-0"})

    def test_always_affected_until_its_cause_is_gone(self):
        tampering = BENCH + "\n\ndef time_gamma():\n    import _thread\n    _thread.start_new_thread(int, ())\n"
        self.write({"benchmarks/bench.py": tampering})
        support.commit(self.folder)
        self.init()
        self.add_unused()
        self.assertEqual(self.affected(), {"bench.time_gamma"})
        self.write({"benchmarks/bench.py": BENCH + "\n\ndef time_gamma():\n    core.beta(5)\n", "pkg/core.py": CORE})
        support.commit(self.folder)
        self.init()
        self.add_unused()
        self.assertEqual(self.affected(), set())

    def test_benchmarks_that_end_badly_cost_only_themselves(self):
        bad = {
            "exits": "    import os\n    os._exit(7)\n",
            "crashes": "    import ctypes\n    ctypes.string_at(0)\n",
            "hangs": "    import time\n    time.sleep(600)\n",
            "raises": "    raise ValueError('no')\n",
            "execs": "    import os\n    os.execv('/bin/true', ['/bin/true'])\n",
        }
        text = BENCH + "".join(f"\n\ndef time_{name}():\n{body}" for name, body in bad.items())
        self.write({"benchmarks/bench.py": text + "\n\ntime_hangs.timeout = 2\n"})
        support.commit(self.folder)
        answer = self.init()
        self.add_unused()
        self.assertEqual(self.affected(), {f"bench.time_{name}" for name in bad}, answer.stdout)
        for name in bad:
            self.assertIn(f"bench.time_{name}", answer.stdout, "the reason is told")

    def add_unused(self):
        """A change that affects nothing, so that only what is always affected is selected."""
        self.edit("pkg/core.py", "def beta(n):", "def unused():\n    return 0\n\n\ndef beta(n):")

    def test_teardown_that_raises(self):
        suite = "class Suite:\n    def teardown(self):\n        raise ValueError('teardown')\n\n"
        self.write({"benchmarks/bench.py": BENCH + "\n\n" + suite + "    def time_alpha(self):\n        core.alpha(5)\n"})
        support.commit(self.folder)
        self.init()
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertLessEqual({ALPHA, "bench.Suite.time_alpha"}, self.affected())
        self.assertNotIn(BETA, self.affected())

    def test_tracer_left_set(self):
        left = "\n\ndef time_gamma():\n    import sys\n    sys.settrace(lambda *_: None)\n    core.alpha(5)\n"
        self.write({"benchmarks/bench.py": BENCH + left})
        support.commit(self.folder)
        self.init()
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        chosen = self.affected()
        self.assertLessEqual({ALPHA, "bench.time_gamma"}, chosen)
        self.assertNotIn(BETA, chosen)

    def test_setup_cache(self):
        text = BENCH + (
            "\n\nclass Suite:\n    def setup_cache(self):\n        return core.alpha(5)\n\n"
            "    def time_use(self, cached):\n        core.beta(cached)\n"
        )
        self.write({"benchmarks/bench.py": text})
        support.commit(self.folder)
        self.init()
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected(), {ALPHA, "bench.Suite.time_use"})

    def test_without_init_file(self):
        self.write({"benchmarks/__init__.py": None})
        support.commit(self.folder)
        self.init()
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected(), {ALPHA})

    def test_plain_sqlite_reads_the_seeds_tables(self):
        self.init()
        for table in ("benchmark_dep", "benchmark_meta", "baseline", "step_result"):
            self.rows(f"SELECT * FROM {table}")

    def test_the_suites_output_is_not_in_the_way(self):
        noisy = BENCH.replace("    core.beta(50)", "    print('{\"ok\": true}')\n    core.beta(50)")
        self.write({"benchmarks/bench.py": "print('hello')\n" + noisy})
        support.commit(self.folder)
        self.init()
        self.assertEqual(self.affected(), set())


class Pipes(SuiteCase):
    def test_a_reader_that_goes_away(self):
        self.init()
        argv = [support.program(), "select", "--from-git-diff", "--json"]
        shell = subprocess.Popen(argv, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        shell.stdout.close()
        stderr = shell.stderr.read().decode()
        shell.stderr.close()
        shell.wait(60)
        self.assertNotIn("panicked", stderr)

    def test_plain_lines_in_a_pipe(self):
        answer = self.init()
        self.assertNotIn("\x1b", answer.stdout + answer.stderr)
        self.assertNotIn("\r", answer.stdout + answer.stderr)


if __name__ == "__main__":
    unittest.main()
