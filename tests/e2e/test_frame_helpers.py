"""What the helpers for child programs print, in C, C++, Go, Python and POSIX shells: read by Python's own json, and by the program."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

from fixture import OK, SuiteCase, support
from support import PYTHONS, ROOT, commit, document

BEGIN, END = "--- lightspeed frame ---", "--- end of frame ---"
GO = shutil.which(os.environ.get("GO", "go")) or shutil.which("/usr/local/go/bin/go")
STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror"]
# Frames of kind, name, value, unit and which way is better; each is printed before the next one is filled.
FIRST = [("counter", "requests", 20.0, "", "lower"), ("gauge", 'the "depth"', 9.0, "nodes", "lower")]
LAST = [
    ("metric", "quality", 0.1 + 0.2, "share", "higher"),
    ("metric", "smallest", 5e-324, "%s µ", "lower"),
    ("metric", "largest", 1.7976931348623157e308, "", "lower"),
    ("metric", "--version", -1.0 / 3.0, "", "lower"),
    ("counter", "requests", 120.0, "", "lower"),
    ("counter", "C:\\new\\", 2.0**53, 'a "b" \\', "higher"),
    ("gauge", 'the "depth"', -3.5, "nodes", "lower"),
    ("gauge", "é and 🚀 <&> $HOME `id` %d a=b 'x'", 1e-7, "", "lower"),
    ("gauge", "x" * 100, 1e22, "é" * 50, "lower"),
]
# Every one of them is refused where it is told.
REFUSED = [
    ("metric", "", 1.0, "", "lower"),
    ("counter", "a\nb", 1.0, "", "lower"),
    ("gauge", "a\x7f", 1.0, "", "lower"),
    ("metric", "a\u0085", 1.0, "", "lower"),
    ("counter", "é" * 51, 1.0, "", "lower"),
    ("metric", "a", float("nan"), "", "lower"),
    ("counter", "a", float("inf"), "", "lower"),
    ("gauge", "a", float("-inf"), "", "lower"),
    ("metric", "a", 1.0, "\t", "lower"),
    ("metric", "a", 1.0, "x" * 101, "lower"),
]


def quoted(text):
    """A string literal of C, Go and Python."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\x7f": "\\177"}
    return '"' + "".join(escapes.get(character, character) for character in text) + '"'


class C:
    """The header as a program of C99 sees it."""

    argv = ["cc", "-std=c99", "-x", "c"]
    head = '#include "lightspeed_frame.h"\n#include <locale.h>\n#include <math.h>\n'
    start = 'lightspeed_frame frame = LIGHTSPEED_FRAME_INIT;\nsetlocale(LC_ALL, "");\n'

    def __init__(self, folder):
        self.folder = folder
        shutil.copy(os.path.join(ROOT, "include", "lightspeed_frame.h"), folder)

    def example(self, text):
        includes, _, body = text.partition("\n\n")
        return self.program(body, f"{includes}\nstatic int served = 20;\nstatic void serve(void) {{ served = 120; }}\n")

    @staticmethod
    def number(value):
        return {"inf": "HUGE_VAL", "-inf": "-HUGE_VAL", "nan": "(HUGE_VAL - HUGE_VAL)"}.get(repr(value), repr(value))

    def tell(self, kind, name, value, unit, better):
        return f"lightspeed_frame_{kind}(&frame, {quoted(name)}, {self.number(value)}, {quoted(unit)}, LIGHTSPEED_FRAME_{better.upper()})"

    def frames(self, *frames):
        body = self.start
        for frame in frames:
            body += 'printf("a line that has no end");\n'
            body += "".join(f"if ({self.tell(*told)} != 0) return 1;\n" for told in frame)
            body += "if (lightspeed_frame_print(&frame) != 0) return 2;\n"
        return self.program(body + 'printf("done\\n");\n')

    def refused(self, told):
        body = f"if ({self.tell(*told)} != -1 || lightspeed_frame_print(&frame) != -1 || !frame.wrong) return 1;\n"
        return self.program(self.start + body + "fputs(frame.wrong, stderr); return 3;\n")

    def program(self, body, head=head):
        source, program = os.path.join(self.folder, "main.c"), os.path.join(self.folder, "main")
        support.write(self.folder, {"main.c": f"{head}int main(void) {{\n{body}return 0;\n}}\n"})
        built([*self.argv, *STRICT, source, "-o", program])
        return [program]


class Cpp(C):
    """The header as a program of C++11 sees it."""

    argv = ["c++", "-std=c++11", "-x", "c++"]


class FastMath(C):
    """C where the compiler takes every number for finite."""

    argv = ["cc", "-std=c99", "-O2", "-ffast-math", "-x", "c"]


class Go:
    """The package copied into a module of its own, without cgo."""

    def __init__(self, folder):
        self.folder = folder
        os.mkdir(os.path.join(folder, "frame"))
        shutil.copy(os.path.join(ROOT, "bindings", "go", "frame", "frame.go"), os.path.join(folder, "frame"))
        support.write(folder, {"go.mod": "module told\n\ngo 1.24\n"})

    @staticmethod
    def tell(kind, name, value, unit, better):
        number = {"inf": "math.Inf(1)", "-inf": "math.Inf(-1)", "nan": "math.NaN()"}.get(repr(value), repr(value))
        return f"told.{kind.title()}({quoted(name)}, {number}, {quoted(unit)}, frame.{better.title()})\n"

    def frames(self, *frames):
        body = ""
        for frame in frames:
            body += 'fmt.Print("a line that has no end")\n' + "".join(self.tell(*told) for told in frame)
            body += "if told.Print() != nil { os.Exit(2) }\n"
        return self.program(body + 'fmt.Println("done")\n')

    def refused(self, told):
        return self.program(self.tell(*told) + "if err := told.Print(); err != nil { fmt.Fprint(os.Stderr, err); os.Exit(3) }\n")

    def example(self, text):
        return self.program("served := 20\nserve := func() { served = 120 }\n" + text + "if err != nil { os.Exit(2) }\n", "")

    def program(self, body, start="var told frame.Frame\n"):
        head = 'package main\nimport ("errors"; "fmt"; "math"; "os"; "told/frame")\nvar _, _, _ = math.Pi, fmt.Print, errors.Join\n'
        support.write(self.folder, {"main.go": f"{head}func main() {{\n{start}{body}}}\n"})
        program = os.path.join(self.folder, "main")
        built([GO, "build", "-o", program, "."], cwd=self.folder, CGO_ENABLED="0", GOFLAGS="")
        return [program]


class Python:
    """The file copied beside a script."""

    def __init__(self, folder, interpreter=sys.executable):
        self.folder, self.interpreter = folder, interpreter
        shutil.copy(os.path.join(ROOT, "bindings", "python", "src", "lightspeed", "frame.py"), folder)

    @staticmethod
    def tell(kind, name, value, unit, better):
        return f"told.{kind}({name!r}, float({repr(value)!r}), {unit!r}, better={better!r})\n"

    def frames(self, *frames):
        body = ""
        for frame in frames:
            body += "print('a line that has no end', end='')\n" + "".join(self.tell(*told) for told in frame) + "told.print()\n"
        return self.program(body + "print('done')\n")

    def refused(self, told):
        return self.program(f"try:\n    {self.tell(*told)}except ValueError as error:\n    sys.exit(3 if str(error) else 1)\n")

    def example(self, text):
        return self.program("import itertools\nserved = itertools.count(20, 100).__next__\nserve = int\n" + text)

    def program(self, body):
        support.write(self.folder, {"main.py": f"import sys\nfrom frame import Frame\ntold = Frame()\n{body}"})
        return [self.interpreter, os.path.join(self.folder, "main.py")]


class Shell:
    """The file sourced by a script that ends with the first failure and knows no unset variables."""

    def __init__(self, folder, shell):
        self.folder, self.shell = folder, shell
        shutil.copy(os.path.join(ROOT, "bindings", "shell", "lightspeed_frame.sh"), folder)

    @staticmethod
    def tell(kind, name, value, unit, better):
        rest = [] if (unit, better) == ("", "lower") else [unit] if better == "lower" else [unit, better]
        return f"lightspeed_frame_{kind} {shlex.join([name, repr(value), *rest])}"

    def frames(self, *frames):
        body = ""
        for frame in frames:
            body += "printf 'a line that has no end'\n" + "".join(f"{self.tell(*told)}\n" for told in frame) + "lightspeed_frame_print\n"
        return self.program(body + "echo done\n")

    def refused(self, told):
        return self.program(f"{self.tell(*told)} && exit 1\nlightspeed_frame_print && exit 2\nexit 3\n")

    def example(self, text):
        return self.program("served=20\nserve() { served=120; }\n" + text, "")

    def program(self, body, start=". ./lightspeed_frame.sh\n"):
        support.write(self.folder, {"main.sh": f"set -eu\ncd {shlex.quote(self.folder)}\n{start}{body}"})
        return [self.shell, os.path.join(self.folder, "main.sh")]


def built(argv, cwd=None, **more):
    done = subprocess.run(argv, cwd=cwd, env=support.environment(**more), capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{argv}\n{done.stdout}{done.stderr}")


def pieces(argv, **more):
    """What a program writes, one piece a write: a pipe in packet mode keeps writes of up to 4096 bytes apart."""
    out, to = os.pipe2(os.O_DIRECT)
    with subprocess.Popen(argv, stdout=to, stderr=subprocess.PIPE, env=support.environment(**more)) as running:
        os.close(to)
        found = list(iter(lambda: os.read(out, 1 << 16), b""))
        os.close(out)
        complaint = running.stderr.read()
    if running.returncode:
        raise AssertionError(f"{argv}: exit {running.returncode}: {complaint.decode()}")
    return [piece.decode() for piece in found]


def told(output):
    """The objects between the lines of the frames of an output."""
    found, begun = [], None
    for line in output.split("\n"):
        if line == BEGIN:
            begun = []
        elif line == END:
            found.append(json.loads("\n".join(begun), parse_constant=unittest.TestCase().fail))
            begun = None
        elif begun is not None:
            begun.append(line)
    return found


def written(frame):
    """The object that a frame is to be."""
    found = {"metrics": {}, "counters": {}}
    for kind, name, value, unit, better in frame:
        number = {"value": value, "unit": unit, "better": better}
        if kind == "metric":
            found["metrics"][name] = number
        else:
            found["counters"][name] = {**number, "kind": {"counter": "monotonic", "gauge": "gauge"}[kind]}
    return found


class Helpers(unittest.TestCase):
    maxDiff = None

    def check(self, make, **environment):
        with tempfile.TemporaryDirectory() as folder:
            helper = make(folder)
            found = pieces(helper.frames(FIRST, LAST), **environment)
            both = [{"metrics": {}, "counters": {}, **frame} for frame in told("".join(found))]
            self.assertEqual(both, [written(FIRST), written(LAST)])
            frames = [piece for piece in found if BEGIN in piece or END in piece]
            self.assertEqual([(piece.count(BEGIN), piece.count(END)) for piece in frames], [(1, 1)] * 2, "each in one write")
            self.assertEqual([piece for piece in found if piece not in frames], ["a line that has no end"] * 2 + ["done\n"])
            self.assertEqual([BEGIN in piece for piece in found], [False, True, False, True, False])
            for each in REFUSED:
                with self.subTest(refused=each):
                    done = subprocess.run(helper.refused(each), capture_output=True, text=True, env=support.environment(**environment))
                    self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)

    def test_c(self):
        self.check(C)

    def test_cpp(self):
        self.check(Cpp)

    def test_c_with_fast_math(self):
        with tempfile.TemporaryDirectory() as folder:
            helper = FastMath(folder)
            # Numbers below 1e-308 are 0 there.
            normal = [each for each in LAST if each[1] != "smallest"]
            self.assertEqual(told("".join(pieces(helper.frames(normal)))), [written(normal)])

    def test_c_where_numbers_have_a_comma(self):
        with tempfile.TemporaryDirectory() as locales:
            argv = ["localedef", "-i", "de_DE", "-f", "UTF-8", os.path.join(locales, "de_DE.UTF-8")]
            if not shutil.which("localedef") or subprocess.run(argv, capture_output=True).returncode:
                self.skipTest("needs localedef and the sources of the locale de_DE")
            where = {"LOCPATH": locales, "LC_ALL": "de_DE.UTF-8"}
            argv = [sys.executable, "-c", "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.localeconv()['decimal_point'])"]
            self.assertEqual(subprocess.run(argv, capture_output=True, text=True, env=support.environment(**where)).stdout, ",\n")
            self.check(C, **where)

    def test_c_has_room_for_so_much(self):
        with tempfile.TemporaryDirectory() as folder:
            body = C.start + 'int i; char name[16];\nfor (i = 0; i < 1000; i++) {\nsnprintf(name, sizeof name, "%d", i);\n'
            body += 'if (lightspeed_frame_counter(&frame, name, i, NULL, LIGHTSPEED_FRAME_LOWER)) break;\n}\n'
            body += 'fputs(frame.wrong, stderr);\nframe.wrong = NULL;\nif (lightspeed_frame_print(&frame)) return 1;\n'
            argv = C(folder).program(body + 'fprintf(stderr, "|%d", i);\n')
            done = subprocess.run(argv, capture_output=True, text=True, check=True)
            wrong, count = done.stderr.split("|")
            self.assertIn("define a larger LIGHTSPEED_FRAME_ROOM", wrong)
            self.assertGreater(int(count), 40)
            self.assertEqual(list(told(done.stdout)[0]["counters"]), [str(i) for i in range(int(count))])

    @unittest.skipUnless(GO, "needs Go")
    def test_go(self):
        self.check(Go)

    def test_python(self):
        for interpreter in PYTHONS:
            with self.subTest(interpreter):
                self.check(lambda folder: Python(folder, interpreter), PYTHONIOENCODING="ascii")

    def test_shells(self):
        for shell in ("dash", "bash"):
            with self.subTest(shell):
                if not shutil.which(shell):
                    self.skipTest(f"needs {shell}")
                self.check(lambda folder: Shell(folder, shell))

    def test_the_examples_of_the_documentation(self):
        with open(os.path.join(ROOT, "docs", "frames.md"), encoding="utf-8") as file:
            blocks = re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", file.read())
        first, last = [("counter", "requests", 20, "", "lower")], [("counter", "requests", 120, "", "lower")]
        last.append(("metric", "quality", 0.93, "share", "higher"))
        for name, make in {"c": C, "go": Go, "python": Python, "sh": lambda folder: Shell(folder, "sh")}.items():
            example = next(text for language, text in blocks if language == name)
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                if name == "go" and not GO:
                    self.skipTest("needs Go")
                found = told("".join(pieces(make(folder).example(example))))
                self.assertEqual([{"metrics": {}, "counters": {}, **frame} for frame in found], [written(first), written(last)])

    def test_shells_take_no_number_that_json_does_not_have(self):
        for value in ("", "007", ".5", "1.", "+1", "0x10", "1e", "1e999", "-1e400", "1\n2", "1;2", "nan", "1 "):
            with self.subTest(value), tempfile.TemporaryDirectory() as folder:
                argv = Shell(folder, "sh").program(f"lightspeed_frame_metric a {shlex.quote(value)}\n")
                self.assertEqual(subprocess.run(argv, capture_output=True).returncode, 1)


SERVE = """from frame import Frame
from pkg import core

frame = Frame()
frame.counter("requests", 1000)
frame.gauge("depth", 7)
frame.print()
print("x" * core.NOISE)
frame.counter("requests", 1000 + core.REQUESTS)
frame.gauge("depth", core.REQUESTS / 4)
frame.metric("quality", 0.5, "share", better="higher")
frame.print()
"""
SUITE = """[[benchmark]]
name = "serve"
command = ["python", "bench/serve.py"]
coverage = "none"
warmup = 0
env = { PYTHONPATH = "." }
"""


class Counters(SuiteCase):
    def serve(self, noise=0):
        """What `measure --paired` tells of a program whose requests rise from 100 to 125."""
        with open(os.path.join(ROOT, "bindings", "python", "src", "lightspeed", "frame.py"), "rb") as file:
            self.write({"bench/frame.py": file.read(), "bench/serve.py": SERVE, "lightspeed.toml": SUITE, "asv.conf.json": None})
        self.write({"pkg/core.py": f"REQUESTS = 100\nNOISE = {noise}\n", ".gitignore": "__pycache__/\n.lightspeed/\n"})
        commit(self.folder)
        self.expect(OK, self.lightspeed("init", "--survey-only"))
        self.edit("pkg/core.py", "100", "125")
        measured = self.lightspeed("measure", "--json", "--paired", "--seed", "1", "--max-pairs", "3")
        return document(self.expect(OK, measured))["benchmarks"]["serve"]

    def test_a_counter_is_compared_by_what_it_rose(self):
        found = self.serve()
        metrics = {name: (each["baseline"], each["current"], each["verdict"]) for name, each in found["metrics"].items()}
        rose = {"requests": (100.0, 125.0, "regressed"), "depth": (25.0, 31.25, "regressed")}
        self.assertEqual(metrics, {**rose, "quality": (0.5, 0.5, "equivalent")})
        self.assertEqual(found["status"], "ok")

    def test_a_counter_whose_beginning_was_cut_off_is_no_number(self):
        found = self.serve(noise=9000)
        self.assertEqual(found["metrics"], {})
        warning = 'the counter "requests" is told once in an output whose beginning was not kept'
        self.assertTrue(any(warning in each for each in found["warnings"]), found["warnings"])


if __name__ == "__main__":
    unittest.main()
