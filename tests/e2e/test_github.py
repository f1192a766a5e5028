"""`--github`: annotations, step outputs and a summary; whatever benchmarks are called and print, they cannot forge any."""

import json
import os
import re
import shlex
import sys
import tempfile
import unittest

from fixture import ALPHA, BENCHMARK_FAILED, BETA, QUICK, SuiteCase, support

PASS, FAIL = 0, 2
COMMAND = re.compile(r"^\s*::(error|warning|notice) ([^:]*)::(.*)$")


def annotations(text):
    """Level, properties and message of each annotation, as a runner reads them."""
    found = []
    for line in re.split("[\r\n]+", text):
        match = COMMAND.match(line)
        if match:
            level, properties, message = match.groups()
            pairs = [pair.split("=", 1) for pair in properties.split(",")]
            found.append((level, {name: unescaped(value) for name, value in pairs}, unescaped(message)))
    return found


def unescaped(text):
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def commands(text):
    """Lines that a runner would act on, of the new kind and of the old."""
    return [line for line in re.split("[\r\n]+", text) if line.lstrip().startswith("::") or "##[" in line]


class GithubCase(SuiteCase):
    def setUp(self):
        super().setUp()
        scratch = tempfile.TemporaryDirectory(prefix="lightspeed-github-")
        self.addCleanup(scratch.cleanup)
        self.files = {name: os.path.join(scratch.name, name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        self.workflow = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": self.folder, **self.files}

    def outputs(self):
        """The step outputs, read by the rules of the file."""
        with open(self.files["GITHUB_OUTPUT"], encoding="utf-8") as file:
            lines = iter(file.read().splitlines())
        found = {}
        for line in lines:
            name, end = line.split("<<", 1)
            value = []
            for line in lines:
                if line == end:
                    break
                value.append(line)
            else:
                self.fail(f"{name} has no end")
            found[name] = "\n".join(value)
        return found

    def summary(self):
        with open(self.files["GITHUB_STEP_SUMMARY"], encoding="utf-8") as file:
            return file.read()


class Measure(GithubCase):
    def test_a_regression_is_annotated_where_the_change_is(self):
        self.init("--rounds", "2", "--repeat", "5", "--warmup-time", "0")
        self.edit("pkg/core.py", "        total += i\n", "        total += sum(range(4000))\n")
        argv = ["measure", "--github", "--from-git-diff", "--factor", "1.5", "--rounds", "2", "--repeat", "5", "--warmup-time", "0"]
        answer = self.expect(FAIL, self.lightspeed(*argv, **self.workflow))
        error, notice = annotations(answer.stdout)
        self.assertEqual((error[0], error[1]["file"], error[1]["line"]), ("error", "pkg/core.py", "4"))
        self.assertEqual(error[1]["title"], "1 benchmark regressed")
        self.assertRegex(error[2], rf"^{re.escape(ALPHA)}: .* → .*\(\+\d+%\)$")
        self.assertEqual((notice[0], notice[1]), ("notice", {"title": "lightspeed measure"}))
        self.assertIn("1 of 2 instances measured", notice[2])
        outputs = self.outputs()
        self.assertEqual(json.loads(outputs.pop("regressed_benchmarks")), [ALPHA])
        wanted = {"gate": "fail", "verdict": "regressed", "total": "2", "affected": "1", "measured": "1", "failed": "0", "regressed": "1"}
        self.assertEqual(outputs, wanted)
        self.assertIn("| bench.time&#95;alpha | ", self.summary())
        self.assertIn("lightspeed measure: fail", self.summary())
        unlimited = [word for word in argv if word not in ("--factor", "1.5")]
        answer = self.expect(PASS, self.lightspeed(*unlimited, "--json", **self.workflow))
        support.document(answer)
        self.assertEqual([level for level, _, _ in annotations(answer.stderr)], ["warning", "notice"])
        self.assertEqual(self.outputs()["gate"], "pass", "the last one counts")

    def test_what_a_benchmark_prints_forges_nothing(self):
        self.init(*QUICK)
        hostile = r"\n::error title=forged::x\r\n::stop-commands::y\n##[error]z\n| a | b |\nend%0A::warning::w"
        self.edit("pkg/core.py", "    return total\n", f'    raise ValueError("{hostile}")\n')
        for more in ([], ["--json"], ["-v"]):
            with self.subTest(more):
                answer = self.expect(BENCHMARK_FAILED, self.lightspeed("measure", "--github", *QUICK, *more, **self.workflow))
                if "--json" in more:
                    support.document(answer)
                    self.assertEqual(commands(answer.stdout), [])
                found = annotations(answer.stdout + answer.stderr)
                self.assertEqual([level for level, _, _ in found], ["error", "notice"])
                self.assertEqual(len(commands(answer.stdout + answer.stderr)), 2, answer.stdout + answer.stderr)
                self.assertEqual(self.outputs()["failed"], "1")
                table = [line for line in self.summary().splitlines() if line.startswith("|")]
                self.assertEqual({line.count("|") for line in table}, {6})

    def test_names_of_benchmarks_are_only_names(self):
        names = ["::error title=x::a,b%0A|d`", "a,b::c##[error]d"]
        toml = "".join(f"[[benchmark]]\nname = '{name}'\ncommand = ['false']\n" for name in names)
        self.write({"lightspeed.toml": toml})
        support.commit(self.folder)
        self.expect(PASS, self.lightspeed("init", "--config", "lightspeed.toml", "--survey-only"))
        self.edit("pkg/core.py", "    return total\n", "    return -total\n")
        argv = ["measure", "--config", "lightspeed.toml", "--github", "-v"]
        answer = self.expect(BENCHMARK_FAILED, self.lightspeed(*argv, **self.workflow))
        (level, properties, message), _ = annotations(answer.stdout)
        self.assertEqual((level, properties["title"]), ("error", "2 benchmarks failed"))
        self.assertEqual([line.rsplit(": exited", 1)[0] for line in message.splitlines()], sorted(names))
        self.assertEqual(len(commands(answer.stdout + answer.stderr)), 2, answer.stdout + answer.stderr)
        table = [line for line in self.summary().splitlines() if line.startswith("|")]
        self.assertEqual((len(table), {line.count("|") for line in table}), (4, {6}))

    def test_outside_of_a_workflow(self):
        self.init(*QUICK)
        answer = self.expect(PASS, self.lightspeed("measure", "--github", GITHUB_OUTPUT="", GITHUB_STEP_SUMMARY=""))
        self.assertEqual([level for level, _, _ in annotations(answer.stdout)], ["notice"])
        for name in self.files:
            self.assertIn(f"{name} is not set", answer.stderr)
        quiet = self.lightspeed("measure", "--github", "-q", GITHUB_OUTPUT="", GITHUB_STEP_SUMMARY="")
        self.assertEqual(quiet.stderr, "")

    def test_what_cannot_be_written_is_said_and_changes_no_verdict(self):
        self.init(*QUICK)
        answer = self.lightspeed("measure", "--github", "-q", GITHUB_OUTPUT=self.folder, GITHUB_STEP_SUMMARY="/no/such/file")
        self.expect(PASS, answer)
        self.assertIn("GITHUB_OUTPUT", answer.stderr)
        self.assertIn("/no/such/file", answer.stderr)

    def test_an_error_is_annotated(self):
        answer = self.lightspeed("measure", "--github", **self.workflow)
        self.expect(1, answer)
        ((level, _, message),) = annotations(answer.stderr)
        self.assertEqual(level, "error")
        self.assertIn("lightspeed init", message)

    def test_ten_annotations_of_a_level_at_most(self):
        functions = "".join(f"\n\ndef f{i}():\n    return {i}\n" for i in range(14))
        users = "".join(f"\n\ndef time_f{i}():\n    core.f{i}()\n" for i in range(14))
        self.write({"pkg/core.py": functions, "benchmarks/bench.py": "from pkg import core\n" + users})
        support.commit(self.folder)
        self.init(*QUICK)
        self.write({"pkg/core.py": functions.replace("return ", "return absent + ")})
        answer = self.lightspeed("measure", "--github", "--hotfile-threshold", "1", *QUICK, **self.workflow)
        errors = [found for found in annotations(answer.stdout) if found[0] == "error"]
        self.assertEqual((len(errors), errors[-1][1]["title"]), (10, "5 more"))
        self.assertEqual(len({found[1].get("line") for found in errors}), 10)
        self.assertEqual(BETA in answer.stdout, False)


class Pair(GithubCase):
    def pair(self, baseline, current, *arguments, code):
        argv = ["pair", "--github", "--baseline", baseline, "--current", current, *arguments]
        return self.expect(code, self.lightspeed(*argv, **self.workflow))

    def test_a_slower_command(self):
        answer = self.pair("sleep 0", "sleep 0.05", "--name", "x,y::z", code=FAIL)
        ((level, properties, message),) = annotations(answer.stdout)
        self.assertEqual((level, properties), ("error", {"title": "x,y::z: regressed"}))
        self.assertIn("wall is worse by", message)
        outputs = self.outputs()
        self.assertEqual((outputs["gate"], outputs["verdict"], outputs["outcome"], outputs["regressed"]), ("fail", "regressed", "fail", "1"))
        self.assertIn("wall is worse by", outputs["reasons"])
        self.assertRegex(self.summary(), r"\| wall \| .* \| regressed \|")

    def test_the_same_command(self):
        answer = self.pair("true", "true", "--repeat", "8", "--threshold", "900%", "--json", code=PASS)
        support.document(answer)
        self.assertEqual([level for level, _, _ in annotations(answer.stderr)], ["notice"])
        self.assertEqual(commands(answer.stdout), [])

    def test_what_a_command_prints_forges_nothing(self):
        program = "import sys; sys.stderr.write(chr(10) + '::error::forged ##[error]x'); sys.exit(3)"
        failing = shlex.join([os.path.realpath(sys.executable), "-S", "-E", "-c", program])
        answer = self.pair("true", failing, "--warmup", "0", code=BENCHMARK_FAILED)
        ((level, _, message),) = annotations(answer.stdout + answer.stderr)
        self.assertEqual(level, "error")
        self.assertIn("exited with 3", message)
        self.assertEqual(self.outputs()["verdict"], "failed")
        answer = self.pair("true", failing, "--warmup", "0", "--json", code=BENCHMARK_FAILED)
        support.document(answer)
        self.assertEqual(commands(answer.stdout), [])


if __name__ == "__main__":
    unittest.main()
