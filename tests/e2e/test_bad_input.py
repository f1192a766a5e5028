"""Input that cannot work: one sentence that says what to do, the right exit code, nothing lost."""

import os
import unittest

from fixture import ALPHA, BETA, CONFIG, ERROR, FILES, SuiteCase, support


class BadInput(SuiteCase):
    def test_missing_config(self):
        self.refused(self.lightspeed("init", "--config", "none.json", "--source-root", "pkg"), "none.json")

    def test_no_config_anywhere(self):
        empty = os.path.join(self.folder, "pkg")
        self.refused(self.lightspeed("select", "--from-git-diff", folder=empty), "asv.conf.json", "--config")

    def test_several_configs_are_named(self):
        self.write({"asv.conf.json": None, "one/asv.conf.json": CONFIG, "other/asv.conf.json": CONFIG})
        answer = self.lightspeed("select", "--from-git-diff")
        self.refused(answer, "--config", os.path.join("other", "asv.conf.json"))

    def test_broken_config_names_the_place(self):
        self.write({"asv.conf.json": '{\n "version": 1,\n "repo": \n}\n'})
        self.refused(self.lightspeed(*self.init_arguments()), "asv.conf.json", ":4")

    def test_config_with_comments_and_trailing_commas(self):
        self.write({"asv.conf.json": "// a comment\n" + CONFIG.replace('"}', '", /* more */ }')})
        self.init()

    def test_source_root_missing(self):
        answer = self.lightspeed("init", "--source-root", "nowhere", "--python", support.PYTHON)
        self.refused(answer, "nowhere")

    def test_source_root_outside_git(self):
        self.init()
        os.rename(os.path.join(self.folder, ".git"), os.path.join(self.folder, ".git-away"))
        self.refused(self.lightspeed("select", "--from-git-diff"), "git", "--changed-files")
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected("--changed-files", "pkg/core.py"), {ALPHA})

    def test_no_survey_yet(self):
        self.refused(self.lightspeed("select", "--from-git-diff"), "lightspeed init")
        self.assertFalse(os.path.exists(self.database), "asking must not make a database")

    def test_database_of_a_newer_schema(self):
        self.init()
        with self.sqlite() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute(f"PRAGMA user_version = {version + 1000}")
        before = self.content()
        self.refused(self.lightspeed("select", "--from-git-diff"), "schema", "upgrade")
        self.refused(self.lightspeed(*self.init_arguments("--force")), "schema", "upgrade")
        self.assertEqual(self.content(), before, "a newer database must be left as it is")

    def test_truncated_database(self):
        self.init()
        with open(self.database, "r+b") as file:
            file.truncate(os.path.getsize(self.database) // 3)
        before = self.content()
        self.refused(self.lightspeed("select", "--from-git-diff"), ".lightspeed_deps.db")
        self.assertEqual(self.content(), before)

    def test_database_that_is_something_else(self):
        self.init()
        with open(self.database, "wb") as file:
            file.write(b"this is no database, but somebody's notes" * 100)
        before = self.content()
        self.refused(self.lightspeed("select", "--from-git-diff"), ".lightspeed_deps.db")
        self.refused(self.lightspeed(*self.init_arguments()), ".lightspeed_deps.db")
        self.assertEqual(self.content(), before)

    def test_suite_without_benchmarks(self):
        self.write({"benchmarks/bench.py": "def helper():\n    pass\n"})
        self.refused(self.lightspeed(*self.init_arguments()), "no benchmarks", "benchmarks")

    def test_suite_whose_only_file_fails_to_import(self):
        self.write({"benchmarks/bench.py": "import no_such_package\n\n\ndef time_x():\n    pass\n"})
        self.refused(self.lightspeed(*self.init_arguments()), "no_such_package")

    def test_one_file_that_fails_to_import_costs_only_itself(self):
        self.write({"benchmarks/broken.py": "import no_such_package\n\n\ndef time_x():\n    pass\n"})
        answer = self.init()
        self.assertIn("no_such_package", answer.stdout + answer.stderr)
        self.assertEqual(self.affected() & {ALPHA, BETA}, set())

    def test_missing_interpreter(self):
        answer = self.lightspeed("init", "--source-root", "pkg", "--python", "./no-such-python")
        self.refused(answer, "no-such-python")

    def test_interpreter_without_asv_runner(self):
        script = os.path.join(self.folder, "bare-python")
        with open(script, "w") as file:
            file.write(f'#!/bin/sh\nexec "{support.PYTHON}" -S "$@"\n')
        os.chmod(script, 0o755)
        self.refused(self.lightspeed("init", "--source-root", "pkg", "--python", script), "asv_runner", "install")

    def test_unknown_revision(self):
        self.init()
        self.refused(self.lightspeed("select", "--from-git-diff", "--base", "no-such-branch"), "no-such-branch")

    def test_both_kinds_of_changes(self):
        self.init()
        self.expect(ERROR, self.lightspeed("select", "--from-git-diff", "--changed-files", "pkg/core.py"))

    def test_hotfile_threshold_out_of_range(self):
        self.init()
        for share in ("-0.5", "1.5", "nan", "much"):
            self.expect(ERROR, self.lightspeed("select", "--from-git-diff", f"--hotfile-threshold={share}"))

    def content(self):
        with open(self.database, "rb") as file:
            return file.read()


class BadChanges(SuiteCase):
    def setUp(self):
        super().setUp()
        self.init()

    def test_nothing_changed_says_so(self):
        answer = self.expect(0, self.lightspeed("select", "--from-git-diff"))
        self.assertIn("nothing changed", answer.stdout.lower())
        self.assertNotIn("pass", answer.stdout.lower())
        self.assertEqual(self.select()["affected"], [])

    def test_empty_list_of_changed_files(self):
        answer = self.lightspeed("select", "--changed-files")
        self.assertNotIn("panicked", answer.stderr)
        said = answer.stdout + answer.stderr
        self.assertTrue(answer.returncode == ERROR or "nothing changed" in said.lower(), said)

    def test_syntax_error(self):
        self.edit("pkg/core.py", "def alpha(n):", "def alpha(n:")
        self.assertIn(ALPHA, self.affected())

    def test_latin_1_file_with_its_coding_line(self):
        text = FILES["pkg/core.py"].replace("total += i", "total += i + len('\xe9')")
        self.write({"pkg/core.py": ("# -*- coding: latin-1 -*-\n" + text).encode("latin-1")})
        self.assertEqual(self.affected(), {ALPHA})

    def test_latin_1_file_without_one(self):
        text = FILES["pkg/core.py"].replace("return total", "return total  # \xe9")
        self.write({"pkg/core.py": text.encode("latin-1")})
        self.assertIn(ALPHA, self.affected(), "Python refuses such a file: what used it is affected")

    def test_mistyped_changed_file(self):
        self.refused(self.lightspeed("select", "--changed-files", "pkg/croe.py"), "croe.py", "core.py")

    def test_changed_file_relative_to_where_the_user_stands(self):
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        inside = os.path.join(self.folder, "pkg")
        where = ("--config", os.path.join("..", "asv.conf.json"), "--changed-files")
        self.assertEqual(self.affected(*where, "core.py", folder=inside), {ALPHA})
        self.assertEqual(self.affected("--changed-files", "./pkg/../pkg/core.py"), {ALPHA})
        self.assertEqual(self.affected("--changed-files", os.path.join(self.folder, "pkg", "core.py")), {ALPHA})

    def test_changed_directory(self):
        self.edit("pkg/core.py", "total += i", "total += i + 1")
        self.assertEqual(self.affected("--changed-files", "pkg"), {ALPHA})
        self.assertEqual(self.affected("--changed-files", "pkg/"), {ALPHA})

    def test_changed_file_that_did_not_change(self):
        self.assertEqual(self.affected("--changed-files", "pkg/core.py"), set())

    def test_deleted_changed_file(self):
        self.write({"pkg/core.py": None})
        self.assertEqual(self.affected("--changed-files", "pkg/core.py"), {ALPHA, BETA})
        self.assertEqual(self.affected(), {ALPHA, BETA})

    def test_file_that_belongs_to_nothing(self):
        self.write({"notes.txt": "hello\n"})
        self.assertEqual(self.affected(), set())


if __name__ == "__main__":
    unittest.main()
