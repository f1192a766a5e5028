"""`lightspeed compare` on a real package, flox, at two of its releases with its own suite, and on a planted change.

`python3 benches/compare.py [GROUP…]` (groups: releases planted; both by default) needs the release build (LIGHTSPEED_BIN or
target/release/lightspeed), git and Python 3.11 or newer; everything else is made below `target/`.

releases  both releases come from their sdists into one git repository; its real suite measures what differs between them, within
          `--minutes`. Prints the table, and how much longer the command took than the benchmarks' own processes: the first time, with
          a survey of all of the suite, and the second time, when that is known.
planted   `--runs` times: one function of the working tree is made 5 % slower (it waits for a twentieth of the time that it took); a
          benchmark that spends its time in it is to be found slower, another one that does not call it is to be left alone.
"""

import argparse
import json
import os
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
FILE = "flox/cohorts.py"
SLOWER = '''

_find_group_cohorts = find_group_cohorts


def find_group_cohorts(*arguments, **options):
    import time

    began = time.perf_counter()
    found = _find_group_cohorts(*arguments, **options)
    took = time.perf_counter() - began
    until = began + took * 1.05
    while time.perf_counter() < until:
        pass
    return found
'''
TOUCHED = "cohorts.PerfectMonthly.time_find_group_cohorts"
UNTOUCHED = "combine.Combine1d.time_combine-1"


def main():
    known = {"releases": releases, "planted": planted}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", help="releases, planted [default: both]")
    parser.add_argument("--minutes", type=float, default=10, help="budget of a comparison of the releases [default: 10]")
    parser.add_argument("--runs", type=int, default=20, help="comparisons with a planted change [default: 20]")
    arguments = parser.parse_args()
    if not set(arguments.groups) <= set(known):
        parser.error(f"known groups are {', '.join(known)}")
    python = flox.python()
    folder = flox.checkout(WORK, python, SIZE, before=BEFORE)
    for name in arguments.groups or known:
        known[name](folder, python, arguments)


def releases(folder, python, arguments):
    """Two releases, twice: without and with a survey of the first."""
    for what in ("first comparison", "second comparison"):
        options = (BEFORE, flox.VERSION, "--budget", f"{arguments.minutes * 60:.0f}s")
        report, took = compare(folder, python, *options)
        overhead = took - report["timing"]["runs_s"]
        print(f"{what}: {took:.1f} s, of which benchmarks {report['timing']['runs_s']:.1f} s: overhead {overhead / report['timing']['runs_s']:.1%}")
        print("  " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in report["timing"].items()), flush=True)
    print(open(os.path.join(report["results_dir"], "summary.md"), encoding="utf-8").read())


def planted(folder, python, arguments):
    """How often a slowdown of 5 % is found, and how often what it does not touch is left alone."""
    with open(os.path.join(folder, FILE), "a", encoding="utf-8") as file:
        file.write(SLOWER)
    names = "|".join(name.replace(".", r"\.") for name in (TOUCHED, UNTOUCHED))
    found = alone = 0
    for run in range(1, arguments.runs + 1):
        options = ("HEAD", "--bench", f"^({names})$", "--max-pairs", "80", "--controls", "1", "--fail-on-regression")
        report, took = compare(folder, python, *options)
        touched, untouched = report["benchmarks"][TOUCHED]["result"], report["controls"].get(UNTOUCHED, {}).get("result")
        found += touched["verdict"] == "regressed"
        alone += list(report["benchmarks"]) == [TOUCHED] and untouched is not None and report["drift"] is None
        overhead = took / report["timing"]["runs_s"] - 1
        print(f"run {run}: {touched['verdict']} {touched['delta_pct']:+.2f} % in {touched['pairs']} pairs; untouched "
              f"{untouched and untouched['verdict']} {untouched and untouched['delta_pct'] or 0:+.2f} %; {took:.0f} s, overhead {overhead:.1%}", flush=True)
    flox.git(folder, "checkout", "--", FILE)
    print(f"planted +5 %: found in {found} of {arguments.runs}, untouched left alone in {alone} of {arguments.runs}")


def compare(folder, python, *options):
    """The document of a comparison, and the seconds that the command took."""
    began = time.monotonic()
    argv = [support.program(), "compare", *SUITE, "--python", python, "--json", "-q", *options]
    answer = subprocess.run(argv, cwd=folder, env=support.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    took = time.monotonic() - began
    if answer.returncode not in CODES:
        sys.exit(f"{' '.join(argv)} ended with exit code {answer.returncode}:\n{answer.stderr}")
    return json.loads(answer.stdout), took


if __name__ == "__main__":
    main()
