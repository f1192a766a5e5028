"""`compare`: two revisions in trees of their own, on a suite of each kind."""

import glob
import json
import os
import re
import signal
import subprocess
import tempfile
import unittest

from fixture import ALPHA, BENCHMARK_FAILED, BETA, CORE, ERROR, INTERRUPTED, OK, SuiteCase, support
from support import PYTHON, commit, document, git

FINDING = 2
FAST = ("--repeat", "2", "--warmup-time", "0", "--seed", "1")
WAIT = "import time\n\n\n" + CORE
SLOWER = WAIT.replace("    total = 0\n", "    total = 0\n    time.sleep(0.002)\n")
PROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "pkg"
version = "1"
"""
# All that pip asks of who installs in editable mode (PEP 660); `pkg_made` shows that it was asked.
BACKEND = """import os
import zipfile


def build_editable(directory, config_settings=None, metadata_directory=None):
    files = {
        "pkg.pth": os.getcwd(),
        "pkg_made.py": "",
        "pkg-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: pkg\\nVersion: 1\\n",
        "pkg-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    files["pkg-1.dist-info/RECORD"] = "".join(name + ",,\\n" for name in files) + "pkg-1.dist-info/RECORD,,\\n"
    with zipfile.ZipFile(os.path.join(directory, "pkg-1-py3-none-any.whl"), "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return "pkg-1-py3-none-any.whl"
"""
MARKER = "<!-- lightspeed compare -->"


class Compared(SuiteCase):
    """Everything temporary lies in a place of the test's own, so that what is left behind is seen."""

    def setUp(self):
        super().setUp()
        self.scratch = tempfile.TemporaryDirectory(prefix="compare-")
        self.addCleanup(self.scratch.cleanup)

    def compare(self, *arguments, code=OK, **more):
        return document(self.expect(code, self.run_compare("--json", *arguments, **more)))

    def run_compare(self, *arguments, **more):
        answer = self.lightspeed(*self.argv(*arguments), TMPDIR=self.scratch.name, **more)
        if "--keep" not in arguments:
            self.assertEqual(self.left_behind(), [])
        return answer

    @staticmethod
    def argv(*arguments):
        return ["compare", "--source-root", "pkg", "--python", PYTHON, *FAST, *arguments]

    def left_behind(self):
        self.assertEqual(git(self.folder, "worktree", "list").count("\n"), 1)
        return os.listdir(self.scratch.name)

    def results(self):
        """The directory of the only comparison."""
        (found,) = [path for path in glob.glob(os.path.join(self.folder, ".asv/results/*")) if os.path.isdir(path)]
        return found


class Asv(Compared):
    def setUp(self):
        super().setUp()
        self.write({"pkg/core.py": WAIT})
        commit(self.folder)

    def test_edits_that_are_not_committed_are_compared_with_the_last_commit(self):
        self.write({"pkg/core.py": SLOWER})
        before = git(self.folder, "status", "--porcelain")
        report = self.compare("HEAD", "--max-pairs", "15", "--fail-on-regression", code=FINDING)
        self.assertEqual(git(self.folder, "status", "--porcelain"), before)
        self.assertEqual((report["b"]["name"], report["b"]["edits"]), ("the working tree", 1))
        self.assertEqual(list(report["benchmarks"]), [ALPHA])
        found = report["benchmarks"][ALPHA]
        self.assertEqual((found["layer"], found["result"]["verdict"], found["result"]["gate"]), ("micro", "regressed", "fail"))
        self.assertEqual(list(report["controls"]), [BETA])
        self.assertEqual(report["selection"]["changed_files"], ["core.py"])
        self.assertFalse(os.path.exists(self.database), "no survey of the user's is needed, and none is made")

    def test_two_revisions_leave_the_working_tree_out(self):
        self.write({"pkg/core.py": SLOWER})
        commit(self.folder)
        self.write({"pkg/core.py": "raise RuntimeError('of the working tree')\n"})
        report = self.compare("HEAD~1", "HEAD", "--max-pairs", "15")
        self.assertEqual(report["benchmarks"][ALPHA]["result"]["verdict"], "regressed")
        self.assertEqual([report[side]["edits"] for side in "ab"], [0, 0])
        back = self.compare("HEAD", "HEAD~1", "--max-pairs", "15")
        self.assertEqual(back["benchmarks"][ALPHA]["result"]["verdict"], "improved")

    def test_untracked_files_belong_to_the_working_tree_and_ignored_ones_do_not(self):
        self.write({
            ".gitignore": "__pycache__/\n.asv/\nignored.py\n",
            "pkg/core.py": WAIT.replace("    total = 0\n", "    from pkg import added\n    total = added.ZERO\n"),
            "pkg/added.py": "ZERO = 0\ntry:\n    from pkg import ignored\nexcept ImportError:\n    pass\n",
            "pkg/ignored.py": "raise RuntimeError\n",
        })
        report = self.compare("HEAD", "--max-pairs", "1")
        self.assertEqual(report["benchmarks"][ALPHA]["result"]["status"], "ok")
        self.assertEqual(report["b"]["edits"], 3)

    def test_both_trees_take_turns_from_sample_to_sample(self):
        log = os.path.join(self.folder, ".asv", "log")
        os.makedirs(os.path.dirname(log), exist_ok=True)
        said = "    with open(%r, 'a') as file:\n        file.write(__file__ + chr(10))\n    total = 0\n" % log
        self.write({"pkg/core.py": CORE.replace("    total = 0\n", said)})
        commit(self.folder)
        self.write({"pkg/core.py": CORE.replace("    total = 0\n", said + "    total += 0\n")})
        report = self.compare("HEAD", "--max-pairs", "6", "--controls", "0", "--bench", "alpha")
        self.assertEqual(report["benchmarks"][ALPHA]["result"]["pairs"], 6)
        with open(log, encoding="utf-8") as file:
            sides = [line.split("/")[-3] for line in file]
        self.assertEqual(set(sides), {"a", "b"})
        # One after the other they would change twice in each pair.
        self.assertGreater(sum(one != other for one, other in zip(sides, sides[1:])), 16)

    def test_what_cannot_run_twice_at_once_runs_in_turn(self):
        path = os.path.join(self.scratch.name, "only one at a time")
        bench = f"import os\nfrom pkg import core\n\n\ndef time_alpha():\n    core.alpha(50)\n\n\ndef setup():\n    os.close(os.open({path!r}, os.O_CREAT | os.O_EXCL))\n"
        bench += f"\n\ndef teardown():\n    os.remove({path!r})\n"
        self.write({"benchmarks/bench.py": bench})
        commit(self.folder)
        self.write({"pkg/core.py": SLOWER})
        result = self.compare("HEAD", "--max-pairs", "4")["benchmarks"][ALPHA]["result"]
        self.assertEqual((result["status"], result["pairs"]), ("ok", 4), result["reason"])

    def test_equal_trees_have_nothing_to_compare(self):
        report = self.compare("HEAD")
        self.assertEqual((report["benchmarks"], report["controls"]), ({}, {}))
        self.assertIn("nothing was run", self.expect(OK, self.run_compare("HEAD")).stdout)

    def test_all_needs_no_survey(self):
        report = self.compare("HEAD", "--all", "--max-pairs", "1")
        self.assertEqual(sorted(report["benchmarks"]), [ALPHA, BETA])
        self.assertEqual(report["controls"], {})
        self.assertEqual(len(report["undecided"]), 2)
        self.assertFalse(glob.glob(os.path.join(self.folder, ".asv/results/.lightspeed_*")))

    def test_the_survey_is_kept_for_the_next_comparison(self):
        self.write({"pkg/core.py": SLOWER})
        self.assertIn("survey: 2/2", self.expect(OK, self.run_compare("HEAD", "--max-pairs", "1")).stderr)
        self.assertNotIn("survey:", self.expect(OK, self.run_compare("HEAD", "--max-pairs", "1")).stderr)

    def test_the_users_survey_is_begun_with(self):
        self.init()
        self.write({"pkg/core.py": SLOWER})
        self.assertNotIn("survey:", self.expect(OK, self.run_compare("HEAD", "--max-pairs", "1")).stderr)

    def test_the_suite_of_the_working_tree_measures_both(self):
        more = "from pkg import core\n\n\ndef track_beta():\n    return core.beta(7)\n\n\ndef track_gamma():\n    return core.gamma()\n"
        self.write({"benchmarks/more.py": more, "pkg/core.py": WAIT.replace("return n\n", "return n + 1\n") + "\n\ndef gamma():\n    return 3\n"})
        report = self.compare("HEAD", "--max-pairs", "1", "--bench", "^more")
        beta, gamma = (report["benchmarks"][f"more.track_{name}"]["result"] for name in ("beta", "gamma"))
        self.assertEqual((beta["baseline"], beta["current"], beta["verdict"]), (7.0, 8.0, "regressed"))
        self.assertEqual((gamma["status"], gamma["gate"]), ("new", "pass"))
        self.assertIn("AttributeError", gamma["reason"])

    def test_what_was_there_before_and_fails_there_is_a_failure(self):
        self.write({"pkg/core.py": WAIT.replace("total = 0", "total = missing")})
        commit(self.folder)
        self.write({"pkg/core.py": WAIT})
        found = self.compare("HEAD", code=BENCHMARK_FAILED)["benchmarks"][ALPHA]["result"]
        self.assertEqual(found["status"], "failed")
        self.assertIn("before the change", found["reason"])

    def test_layers_and_tags_choose(self):
        bench = (
            "from pkg import core\n\n\ndef time_alpha():\n    core.alpha(50)\n\n\ntime_alpha.tags = ['integration', 'slow']\n\n\n"
            "def time_other():\n    core.alpha(50)\n\n\ndef timeraw_import():\n    return 'import pkg.core'\n\n\ndef peakmem_alpha():\n    core.alpha(9)\n"
        )
        config = '{"repo": ".", "benchmark_dir": "benchmarks", "results_dir": ".asv/results", "lightspeed": {"layers": {"startup": ["other$"]}}}'
        self.write({"benchmarks/bench.py": bench, "asv.conf.json": config})
        commit(self.folder)
        self.write({"pkg/core.py": SLOWER + "\n\nADDED = 1\n"})
        everything = self.compare("HEAD", "--all", "--max-pairs", "1")["benchmarks"]
        layers = {name.split(".")[1]: found["layer"] for name, found in everything.items()}
        self.assertEqual(
            layers,
            {"time_alpha": "integration", "time_other": "startup", "timeraw_import": "import", "peakmem_alpha": "memory"},
        )
        for options, chosen in [
            (("--layer", "memory", "import"), ["bench.peakmem_alpha", "bench.timeraw_import"]),
            (("--tag", "slow"), ["bench.time_alpha"]),
            (("--bench", "other|alpha", "--layer", "startup"), ["bench.time_other"]),
        ]:
            self.assertEqual(sorted(self.compare("HEAD", "--all", "--max-pairs", "1", *options)["benchmarks"]), chosen)

    def test_the_directory_of_the_results(self):
        git(self.folder, "checkout", "--quiet", "-b", "feature/ä b".replace(" ", "-"))
        self.write({"pkg/core.py": SLOWER})
        comment = os.path.join(self.folder, ".asv", "comment.md")
        report = self.compare("HEAD", "--max-pairs", "12", "--github-comment", comment)
        directory = self.results()
        self.assertEqual(os.path.realpath(report["results_dir"]), os.path.realpath(directory))
        self.assertRegex(os.path.basename(directory), r"^feature---b-\d{8}T\d{6}Z$")
        self.assertEqual(sorted(os.listdir(directory)), ["compare.json", "micro.json", "summary.md"])
        for name in ("compare.json", "micro.json"):
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                self.assertEqual(support.schema_check.problems(json.load(file)), [])
        shown = self.expect(OK, self.lightspeed("show", os.path.join(directory, "compare.json"))).stdout
        self.assertIn("regressed", shown)
        with open(os.path.join(directory, "summary.md"), encoding="utf-8") as file:
            summary = file.read()
        with open(comment, encoding="utf-8") as file:
            self.assertEqual(file.read(), f"{MARKER}\n{summary}")
        self.assertIn("| Metric | A | B | Delta |", summary)
        (row,) = [line for line in summary.splitlines() if "alpha" in line and line.startswith("|")]
        self.assertRegex(row, r"\*\*\+\d+%&nbsp;\(0\.\d+x\)\*\*")
        self.assertIn("**1 regressed**", summary)

    def test_what_noise_could_explain_is_never_bold(self):
        self.write({"pkg/core.py": WAIT.replace("total = 0", "total = 1 - 1")})
        self.compare("HEAD", "--max-pairs", "2")
        with open(os.path.join(self.results(), "summary.md"), encoding="utf-8") as file:
            self.assertNotIn("**", file.read())

    def test_the_budget_ends_it_and_lists_what_is_undecided(self):
        self.write({"pkg/core.py": "import time\ntime.sleep(0.3)\n" + WAIT.replace("total = 0", "total = 1 - 1")})
        report = self.compare("HEAD", "--budget", "2s", "--margin", "0.5")
        self.assertEqual([each["benchmark"] for each in report["undecided"]], [ALPHA, BETA])
        self.assertTrue(all(each["reason"] for each in report["undecided"]))
        self.assertLess(report["timing"]["measure_s"], 10)

    def test_a_compared_with_itself_first(self):
        self.write({"pkg/core.py": WAIT.replace("total = 0", "total = 1 - 1")})
        calibration = self.compare("HEAD", "--calibrate", "2", "--max-pairs", "8")["calibration"]
        self.assertEqual(list(calibration["benchmarks"]), [ALPHA])
        self.assertEqual((calibration["comparisons"], calibration["benchmarks"][ALPHA]["noise_floor"]["n"]), (2, 2))

    def test_the_starts_of_commands_are_a_layer_of_their_own(self):
        config = (
            '{"repo": ".", "benchmark_dir": "benchmarks", "results_dir": ".asv/results",\n'
            ' "lightspeed": {"compare": {"startup": {"the command": "python -m pkg.core"}}}}'
        )
        self.write({"asv.conf.json": config})
        commit(self.folder)
        self.write({"pkg/core.py": WAIT + "\n\ntime.sleep(0.1)\n"})
        report = self.compare("HEAD", "--layer", "startup", "--max-pairs", "10")
        found = report["benchmarks"]["the command"]
        self.assertEqual((list(report["benchmarks"]), found["layer"]), (["the command"], "startup"))
        self.assertEqual(found["result"]["verdict"], "regressed")
        with open(os.path.join(self.results(), "startup.json"), encoding="utf-8") as file:
            self.assertEqual(len(json.load(file)["results"]), 2)
        self.assertEqual(self.compare("HEAD", "--all", "--bench", "no such", "--layer", "startup")["benchmarks"], {})

    def test_a_build_makes_what_git_does_not_have(self):
        config = (
            '{"repo": ".", "benchmark_dir": "benchmarks", "results_dir": ".asv/results",\n'
            ' "lightspeed": {"compare": {"build": ["sh -c \'echo built in $(basename $PWD)\'", "cp pkg/source.txt pkg/made.py"]}}}'
        )
        core = "from pkg.made import ZERO\n" + WAIT
        self.write({"asv.conf.json": config, "pkg/core.py": core, "pkg/source.txt": "ZERO = 0\n", ".gitignore": "__pycache__/\n.asv/\nmade.py\n"})
        commit(self.folder)
        self.write({"pkg/core.py": core.replace("total = 0", "total = ZERO")})
        report = self.compare("HEAD", "--max-pairs", "1")
        self.assertEqual(report["benchmarks"][ALPHA]["result"]["status"], "ok")
        for letter in "ab":
            with open(os.path.join(self.results(), f"build-{letter}.log"), encoding="utf-8") as file:
                self.assertIn(f"built in {letter}\n", file.read())
        self.assertFalse(os.path.exists(os.path.join(self.folder, "pkg/made.py")))

    def test_each_tree_has_its_package_installed_in_an_environment_of_its_own(self):
        """The project builds itself, so that nothing but asv_runner is fetched."""
        bench = "import sys\nimport pkg_made\nfrom pkg import core\n\n\ndef time_alpha():\n    core.alpha(50)\n\n\ndef track_prefix():\n    return len(sys.prefix)\n"
        self.write({"pyproject.toml": PROJECT, "backend.py": BACKEND, "benchmarks/bench.py": bench})
        commit(self.folder)
        self.write({"pkg/core.py": WAIT.replace("total = 0", "total = 1 - 1")})
        report = self.compare("HEAD", "--all", "--environment", "venv", "--max-pairs", "1")
        alpha, prefix = (report["benchmarks"][f"bench.{name}"]["result"] for name in ("time_alpha", "track_prefix"))
        self.assertEqual((alpha["status"], alpha["reason"]), ("ok", None))
        self.assertEqual(prefix["baseline"], prefix["current"])
        self.assertNotEqual(prefix["current"], len(os.path.dirname(os.path.dirname(PYTHON))))
        with open(os.path.join(self.results(), "build-b.log"), encoding="utf-8") as file:
            self.assertIn("Successfully installed pkg-1", file.read())

    def test_a_build_that_fails_is_told_with_its_tree_and_its_last_lines(self):
        answer = self.run_compare("HEAD", "--build", "sh -c 'test -e new || { echo no such thing; exit 3; }'")
        message = self.refused(answer, "HEAD could not be built", "exited with 3", "build-a.log", "no such thing")
        self.assertIn("error: HEAD", message)
        self.write({"new": ""})
        commit(self.folder)
        self.write({"new": None})
        answer = self.run_compare("HEAD", "--build", "sh -c 'test -e new'")
        self.refused(answer, "the working tree could not be built")

    def test_keep_leaves_the_trees_and_their_paths_are_of_equal_length(self):
        self.write({"pkg/core.py": SLOWER})
        kept = self.compare("HEAD", "--max-pairs", "1", "--keep")["kept"]
        trees = [os.path.join(kept, letter) for letter in "ab"]
        texts = []
        for tree in trees:
            with open(os.path.join(tree, "pkg/core.py"), encoding="utf-8") as file:
                texts.append(file.read())
        self.assertEqual(texts, [WAIT, SLOWER])
        for tree in trees:
            git(self.folder, "worktree", "remove", "--force", tree)

    def test_an_interrupt_keeps_what_was_found_and_removes_the_trees(self):
        self.write({"pkg/core.py": WAIT.replace("    total = 0\n", "    total = 0\n    time.sleep(0.05)\n")})
        program = subprocess.Popen(
            [support.program(), *self.argv("HEAD", "--max-pairs", "2000", "--margin", "0", "-v")], cwd=self.folder,
            env=support.environment(TMPDIR=self.scratch.name), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        for line in program.stderr:
            if line.startswith(f"{ALPHA}: ok"):
                break
        program.send_signal(signal.SIGINT)
        stdout, _ = program.communicate(timeout=60)
        self.assertEqual(program.returncode, INTERRUPTED)
        self.assertIn("interrupted", stdout)
        self.assertEqual(self.left_behind(), [])
        with open(os.path.join(self.results(), "compare.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertTrue(report["interrupted"])
        self.assertIn(ALPHA, report["benchmarks"])

    def test_what_cannot_be_compared_is_refused(self):
        self.refused(self.run_compare("nowhere"), "no revision", "nowhere")
        self.refused(self.run_compare("HEAD", "--bench", "("), "regular expression")
        self.assertEqual(self.run_compare("HEAD", "--layer", "nano").returncode, ERROR)
        self.assertEqual(self.run_compare("HEAD", "--budget", "soon").returncode, ERROR)


SCRIPT = "import sys\nfrom pkg import core\n\nprint(getattr(core, sys.argv[1])(1000))\n"
TOML = """source_root = "pkg"
results_dir = ".asv/results"

[defaults]
warmup = 0
budgets.wall = "20%"
"""
STARTED = """
[[benchmark]]
name = "{name}"
command = ["{python}", "bench.py", "{function}"]
tags = ["{tag}"]
"""


class Commands(Compared):
    def setUp(self):
        super().setUp()
        benchmarks = [("alpha", "alpha", "startup"), ("beta", "beta", "integration")]
        toml = TOML + "".join(
            STARTED.format(name=name, python=PYTHON, function=function, tag=tag) for name, function, tag in benchmarks
        )
        self.write({"asv.conf.json": None, "lightspeed.toml": toml, "bench.py": SCRIPT, "pkg/core.py": WAIT})
        commit(self.folder)
        self.write({"pkg/core.py": SLOWER.replace("0.002", "0.1")})

    @staticmethod
    def argv(*arguments):
        return ["compare", "--seed", "1", *arguments]

    def test_commands_run_in_both_trees_and_a_budget_decides(self):
        report = self.compare("HEAD", "--max-pairs", "12", code=FINDING)
        self.assertEqual(list(report["benchmarks"]), ["alpha"])
        found = report["benchmarks"]["alpha"]
        self.assertEqual((found["layer"], found["tags"]), ("startup", ["startup"]))
        self.assertEqual((found["result"]["verdict"], found["result"]["gate"]), ("regressed", "fail"))
        self.assertEqual(list(report["controls"]), ["beta"])
        programs = [found["result"]["receipt"]["bench"][side]["cwd"] for side in ("baseline", "current")]
        self.assertEqual(len(set(programs)), 2)
        self.assertEqual(len(programs[0]), len(programs[1]))

    def test_what_starts_is_written_as_hyperfine_does(self):
        self.compare("HEAD", "--max-pairs", "8", "--layer", "startup", code=FINDING)
        with open(os.path.join(self.results(), "startup.json"), encoding="utf-8") as file:
            results = json.load(file)["results"]
        self.assertEqual([result["command"] for result in results], ["alpha (A: HEAD)", "alpha (B: the working tree)"])
        for result in results:
            self.assertEqual(len(result["times"]), 8)
            self.assertAlmostEqual(result["mean"], sum(result["times"]) / 8)
            self.assertEqual((min(result["times"]), max(result["times"])), (result["min"], result["max"]))
            self.assertEqual(result["exit_codes"], [0] * 8)
            self.assertGreater(result["user"], 0)
        self.assertGreater(results[1]["median"] - results[0]["median"], 0.09)

    def test_pairs_of_commands_take_turns(self):
        told = self.expect(FINDING, self.run_compare("HEAD", "--all", "--max-pairs", "8", "-v")).stderr
        order = re.findall(r"^pairs: (\w+)$", told, re.MULTILINE)
        self.assertEqual(order[:6], ["alpha", "beta"] * 3)

    def test_a_command_that_a_does_not_have_is_new(self):
        with open(os.path.join(self.folder, "lightspeed.toml"), encoding="utf-8") as file:
            text = file.read()
        more = STARTED.format(name="gamma", python=PYTHON, function="gamma", tag="slow")
        self.write({"lightspeed.toml": text + more, "pkg/core.py": WAIT + "\n\ndef gamma(n):\n    return n\n"})
        report = self.compare("HEAD", "--max-pairs", "1", "--tag", "slow")
        self.assertEqual(report["benchmarks"]["gamma"]["result"]["status"], "new")


if __name__ == "__main__":
    unittest.main()
