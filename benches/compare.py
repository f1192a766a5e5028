"""`lightspeed compare` on a real package, flox, at two of its releases with its own suite, and on a planted change.

`python3 benches/compare.py [GROUP…]` (groups: releases planted; both by default) needs the release build (LIGHTSPEED_BIN or
target/release/lightspeed), git and Python 3.11 or newer; everything else is made below `target/`.

releases  both releases come from their sdists into one git repository; its real suite measures what differs between them, within
          `--minutes`. Prints the table, and how much longer the command took than the benchmarks' own processes: the first time, with
          a survey of all of the suite, and the second time, when that is known.
planted   `--runs` times: one of two alike functions of a small package makes 5 % more turns of its loop in the working tree. Its benchmark
          is to be found slower; the other one's is to be left alone, as what the change does not affect and as a negative control.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "demo"), os.path.join(ROOT, "tests")]

import flox  # noqa: E402  (needs the path above)
import support  # noqa: E402
import venvs  # noqa: E402

WORK = os.path.join(venvs.TARGET, "bench", "compare")
BEFORE, SIZE = "0.10.8", 1000
SUITE = ("--config", "asv_bench/asv.conf.json", "--source-root", "flox")
CODES = (0, 2)
SMALL = ("--config", "asv.conf.json", "--source-root", "pkg")
CONFIG = '{"repo": ".", "benchmark_dir": "benchmarks", "results_dir": ".asv/results"}'
CORE = """def touched(n):
    total = 0
    for i in range(n):
        total += i * i
    return total


def untouched(n):
    total = 0
    for i in range(n):
        total += i * i
    return total
"""
SLOWER = CORE.replace("range(n)", "range(n + n // 20)", 1)
BENCH = """from pkg import core


def time_touched():
    core.touched(20_000)


def time_untouched():
    core.untouched(20_000)
"""
TOUCHED, UNTOUCHED = "bench.time_touched", "bench.time_untouched"


def main():
    known = {"releases": releases, "planted": planted}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", help="releases, planted [default: both]")
    parser.add_argument("--minutes", type=float, default=10, help="budget of a comparison of the releases [default: 10]")
    parser.add_argument("--runs", type=int, default=20, help="comparisons with a planted change [default: 20]")
    arguments = parser.parse_args()
    if not set(arguments.groups) <= set(known):
        parser.error(f"known groups are {', '.join(known)}")
    for name in arguments.groups or known:
        known[name](arguments)


def releases(arguments):
    """Two releases, twice: without and with a survey of the first."""
    python = flox.python()
    folder = flox.checkout(os.path.join(WORK, "flox"), python, SIZE, before=BEFORE)
    for what in ("first comparison", "second comparison"):
        options = (BEFORE, flox.VERSION, "--budget", f"{arguments.minutes * 60:.0f}s")
        report, took = compare(folder, python, *SUITE, *options)
        overhead = took - report["timing"]["runs_s"]
        print(f"{what}: {took:.1f} s, of which benchmarks {report['timing']['runs_s']:.1f} s: overhead {overhead / report['timing']['runs_s']:.1%}")
        print("  " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in report["timing"].items()), flush=True)
    print(open(os.path.join(report["results_dir"], "summary.md"), encoding="utf-8").read())


def planted(arguments):
    """How often a slowdown of 5 % is found, and how often what it does not touch is left alone."""
    interpreters = venvs.interpreters()
    version = max(each for each in interpreters if each <= (3, 13))
    python = venvs.venv(interpreters[version], "venv-%d.%d" % version, venvs.REQUIREMENTS)
    folder = os.path.join(WORK, "planted")
    shutil.rmtree(folder, ignore_errors=True)
    support.write(folder, {
        "asv.conf.json": CONFIG,
        ".gitignore": "__pycache__/\n.asv/\n",
        "pkg/__init__.py": "",
        "pkg/core.py": CORE,
        "benchmarks/__init__.py": "",
        "benchmarks/bench.py": BENCH,
    })
    support.commit(folder)
    support.write(folder, {"pkg/core.py": SLOWER})
    found = alone = 0
    overheads = []
    for run in range(1, arguments.runs + 1):
        report, took = compare(folder, python, *SMALL, "HEAD", "--max-pairs", "100", "--fail-on-regression")
        touched, untouched = report["benchmarks"][TOUCHED]["result"], report["controls"][UNTOUCHED]["result"]
        found += touched["verdict"] == "regressed"
        alone += list(report["benchmarks"]) == [TOUCHED] and report["drift"] is None
        overheads.append(took / report["timing"]["runs_s"] - 1)
        print(f"run {run}: touched {told(touched)}; untouched {told(untouched)}; {took:.0f} s, overhead {overheads[-1]:.1%}", flush=True)
    print(f"planted +5 %: found in {found} of {arguments.runs}, untouched left alone in {alone} of {arguments.runs}; "
          f"overhead {statistics.median(overheads):.1%} in the median")


def told(result):
    """A verdict with its numbers."""
    return f"{result['verdict']} {result['delta_pct']:+.2f} % in {result['pairs']} pairs"


def compare(folder, python, *options):
    """The document of a comparison, and the seconds that the command took."""
    began = time.monotonic()
    argv = [support.program(), "compare", "--python", python, "--json", "-q", *options]
    answer = subprocess.run(argv, cwd=folder, env=support.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    took = time.monotonic() - began
    if answer.returncode not in CODES:
        sys.exit(f"{' '.join(argv)} ended with exit code {answer.returncode}:\n{answer.stderr}")
    return json.loads(answer.stdout), took


if __name__ == "__main__":
    main()
