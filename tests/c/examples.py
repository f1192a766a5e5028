"""The harnesses of bindings/c/examples and bindings/cpp/examples, built against an installed library and run on real edits:
`examples.py LIBDIR`.

Google Benchmark is needed for one of them; as root it is installed from Debian's packages (libbenchmark-dev).
"""

import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import install
import run
import support

sys.path.insert(0, str(pathlib.Path(support.ROOT) / "scripts"))
import debian  # noqa: E402  (needs the path above)

BINDINGS = pathlib.Path(support.ROOT) / "bindings"
SLOWER, INTERRUPTED = 2, 130
SLOWDOWN = "for (volatile int turn = 0; turn < 20; turn++) {\n            }\n            "


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        prefix = folder / "prefix"
        install.install(str(pathlib.Path(sys.argv[1]).resolve()), str(prefix))
        environment = {**support.environment(), "PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")}
        environment["LD_LIBRARY_PATH"] = str(prefix / "lib")
        for name in ("MAKEFLAGS", "MFLAGS", "LIGHTSPEED_CFLAGS", "LIGHTSPEED_LIBS", "CFLAGS"):
            environment.pop(name, None)
        for example in (own_loop, google_benchmark, asv, sweep):
            place = folder / example.__name__
            example(place, environment)
    print("C and C++: all harnesses ran, and ran only what changed")


def own_loop(place, environment):
    """A timing loop of its own, coverage by gcov."""
    shutil.copytree(BINDINGS / "c" / "examples" / "own_loop", place)
    output(["make"], place, environment)
    said = output(["./harness", "survey"], place, environment)
    install.check(said.startswith("3 benchmarks surveyed and measured"), said)
    said = output(["./harness", "check"], place, environment)
    install.check(said == "0 affected, 3 not\n", said)
    edit(place / "src" / "insertion.c", "values[at] = values[at - 1];", SLOWDOWN + "values[at] = values[at - 1];")
    output(["make"], place, environment)
    said = output(["./harness", "check"], place, environment, SLOWER)
    install.check(said.startswith("2 affected, 1 not\n"), said)
    install.check("insertion: it reads src/insertion.c, which changed\n" in said and "slower" in said, said)
    install.check("counting" not in said, said)


def google_benchmark(place, environment):
    """A filter from the affected set, repetitions by the experiment."""
    if subprocess.run(["pkg-config", "--exists", "benchmark"]).returncode:
        debian.need("libbenchmark-dev")
    shutil.copytree(BINDINGS / "cpp" / "examples" / "google_benchmark", place)
    output(["make"], place, environment)
    said = output(["./runner", "survey"], place, environment)
    install.check(said == "3 benchmarks surveyed\n", said)
    shutil.copy(place / "bench", place / "bench-before")
    said = output(["./runner", "compare", "./bench-before", "./bench"], place, environment)
    install.check(said == "0 affected, 3 not\n", said)
    edit(place / "src" / "replace.cpp", "result += to;", "result += to;\n        for (volatile int turn = 0; turn < 50; turn++) {\n        }")
    output(["make", "bench"], place, environment)
    said = output(["./runner", "compare", "./bench-before", "./bench"], place, environment, SLOWER)
    install.check(said.startswith("1 affected, 2 not\nreplace_words: it reads src/replace.cpp, which changed\n"), said)
    install.check("REGRESSED" in said, said)


def asv(place, environment):
    """A session with progress, ended by an interrupt and gone on with."""
    place.mkdir()
    shutil.copytree(BINDINGS / "c" / "examples" / "asv", place / "program")
    output(["make"], place / "program", environment)
    suite = place / "suite"
    slow = {"benchmarks/bench.py": run.FILES["benchmarks/bench.py"].replace("pkg.one()", "import time; time.sleep(0.05)\n    pkg.one()")}
    support.write(suite, {**run.FILES, **slow})
    support.commit(suite)
    argv = [str(place / "program" / "drive"), "asv.conf.json", "pkg", support.PYTHON]
    interrupted(argv, suite, environment)
    said = output(argv, suite, environment)
    install.check(said == "nothing is affected\n", said)
    support.write(suite, {"pkg/core.py": run.EDIT["pkg/core.py"].replace("return 1 + 1", "return sum(range(2000))")})
    said = output(argv, suite, environment, SLOWER)
    install.check(said.startswith("bench.time_two: ") and said.endswith("REGRESSED\n") and "time_one" not in said, said)


def sweep(place, environment):
    """Threads and sizes; whatever the machine is like there is a row for each point, and for each size a law or why there is none."""
    shutil.copytree(BINDINGS / "c" / "examples" / "sweep", place)
    output(["make"], place, environment)
    said = output(["./sweep"], place, environment)
    head, *rows = said.splitlines()
    install.check(head.split() == ["size", "threads", "median", "speed-up"] and len(rows) == 8 + 2, said)
    for at, row in enumerate(rows[:8]):
        number = r"\d+\.\d\d"
        point = rf" *{(16384, 65536)[at // 4]} +{at % 4 + 1} +\d+\.\d\d\d ms +{number}x \[{number}, {number}\]"
        install.check(re.fullmatch(point, row), f"{row!r} is not {point}")
    for row in rows[8:]:
        install.check(re.fullmatch(r"law: [a-z]+|(cannot tell|no law) .+", row), said)


def interrupted(argv, suite, environment):
    """Ctrl-C while the suite is measured: the program ends in good order, soon."""
    drive = subprocess.Popen(argv, cwd=suite, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    seen = ""
    while "measure" not in seen and "baseline" not in seen:
        read = drive.stderr.read(1)
        install.check(read, f"drive ended by itself: {seen}")
        seen += read
    began = time.monotonic()
    drive.send_signal(signal.SIGINT)
    rest = drive.communicate(timeout=support.SECONDS)[1]
    install.check(drive.returncode == INTERRUPTED, f"exit {drive.returncode}: {seen}{rest}")
    install.check(time.monotonic() - began < 3, "it took longer than three seconds to end")
    install.check("drive: interrupted" in rest, rest)


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    install.check(old in text, f"{path} has no {old!r}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def output(argv, cwd, environment, code=0):
    """What a command printed that must end with `code`."""
    done = subprocess.run(argv, cwd=cwd, env=environment, capture_output=True, text=True, timeout=support.SECONDS)
    install.check(done.returncode == code, f"{argv} ended with {done.returncode}, not {code}:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
