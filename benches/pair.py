#!/usr/bin/env python3
"""`lightspeed pair` beside hyperfine and perfgate on the same real commands: cost of a run, spread of the estimate, decisions.

    python benches/pair.py --lightspeed target/release/lightspeed [--rounds 10]

hyperfine and perfgate are looked up on PATH; a tool that is not there has an empty column. The tools take turns in every
round. hyperfine decides nothing by itself: its column calls a change where the intervals "mean ± standard deviation" that it
prints do not overlap. perfgate decides by its verdict, at the same threshold. Prints a table.
"""

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 100
PAIRS = 20
THRESHOLD = 0.01
SPIN = "import sys\nn = int(sys.argv[1])\nwhile n: n -= 1\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--lightspeed", required=True)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--pairs", type=int, default=200, help="of one command with itself")
    options = parser.parse_args()
    tools = {"lightspeed": (os.path.abspath(options.lightspeed), lightspeed)}
    for name, ask in (("hyperfine", hyperfine), ("perfgate", perfgate)):
        if shutil.which(name):
            tools[name] = (shutil.which(name), ask)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("spin.py", "w", encoding="utf-8") as file:
            file.write(SPIN)
        rows = [overhead(tools, options.rounds)]
        steps = calibrated()
        same, slower = spin(steps), spin(round(steps * 1.03))
        rows += compared("the same command twice", same, same, tools, options.rounds)
        rows += compared("3 % more work", same, slower, tools, options.rounds)
        rows.append(false_alarms(tools["lightspeed"][0], options.pairs))
    names = ("lightspeed", "hyperfine", "perfgate")
    print(f"load average {os.getloadavg()[0]:.1f}, {options.rounds} rounds, {PAIRS} runs of each side where the number is fixed\n")
    print("| what | " + " | ".join(names) + " |\n|---|" + "---:|" * len(names))
    for what, found in rows:
        print(f"| {what} | " + " | ".join(found.get(name, "not installed") for name in names) + " |")


def spin(steps):
    return f"{os.path.realpath(sys.executable)} -S -E spin.py {steps}"


def calibrated():
    """Steps that take about 20 ms."""
    steps = 100_000
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(spin(steps).split(), check=True)
        times.append(time.perf_counter() - began)
    return max(10_000, round(steps * 0.02 / min(times)))


def overhead(tools, rounds):
    """What a tool takes for a run of a program that does nothing, less what starting and reaping it takes."""
    walls = {name: [] for name in tools}
    bare = []
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(RUNS):
            subprocess.run(["true"], check=True)
        bare.append((time.perf_counter() - began) / RUNS)
        for name, (program, ask) in tools.items():
            began = time.perf_counter()
            ask(program, "true", "true", RUNS // 2)
            walls[name].append((time.perf_counter() - began) / RUNS)
    found = {name: f"{statistics.median(each) * 1e3:.2f} ms" for name, each in walls.items()}
    return f"wall time for each run of `true` (Python's subprocess: {statistics.median(bare) * 1e3:.2f} ms)", found


def compared(what, before, now, tools, rounds):
    estimates = {name: [] for name in tools}
    called = {name: 0 for name in tools}
    for done in range(rounds):
        print(f"{what}: {done}/{rounds}", file=sys.stderr, flush=True)
        for name, (program, ask) in tools.items():
            ratio, change = ask(program, before, now, PAIRS)
            estimates[name].append(math.log(ratio))
            called[name] += change
    spread = {n: f"{100 * statistics.median(e):+.1f} % ± {100 * statistics.stdev(e):.1f} %" for n, e in estimates.items()}
    rows = [(f"{what}: estimate, spread", spread), (f"{what}: called slower or faster", {n: f"{c} of {rounds}" for n, c in called.items()})]
    decided = []
    pairs = []
    program = tools["lightspeed"][0]
    for _ in range(rounds):
        receipt = asked(program, before, now, "--max-pairs", "150")
        decided.append(receipt["verdict"]["verdict"])
        pairs.append(receipt["stats"]["pairs"])
    counts = ", ".join(f"{decided.count(each)} {each}" for each in sorted(set(decided)))
    rows.append((f"{what}: until decided, at most 150 pairs", {"lightspeed": f"{counts}; median of {statistics.median(pairs):.0f} pairs", "hyperfine": "", "perfgate": ""}))
    return rows


def false_alarms(program, count):
    """How often a command is called slower or faster than itself, with a look after each of at most 60 pairs."""
    called = 0
    for done in range(count):
        if done % 20 == 0:
            print(f"one command with itself: {done}/{count}", file=sys.stderr, flush=True)
        verdict = asked(program, "true", "true", "--max-pairs", "60", "--seed", str(done))["verdict"]["verdict"]
        called += verdict not in ("equivalent", "inconclusive")
    return f"`true` with itself until decided, {count} times: called a change", {"lightspeed": f"{called} ({100 * called / count:.1f} %)", "hyperfine": "", "perfgate": ""}


def asked(program, before, now, *more):
    argv = [program, "pair", "--baseline", before, "--current", now, "--threshold", str(THRESHOLD), "--json", *more]
    return json.loads(subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)


def lightspeed(program, before, now, pairs):
    receipt = asked(program, before, now, "--repeat", str(pairs))
    (wall,) = [report for report in receipt["stats"]["metrics"] if report["metric"] == "wall"]
    return wall["inference"]["estimate"], wall["verdict"] in ("regressed", "improved")


def hyperfine(program, before, now, pairs):
    argv = [program, "-N", "--warmup", "1", "--runs", str(pairs), "--export-json", "hyperfine.json", "--style", "none", before, now]
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open("hyperfine.json", encoding="utf-8") as file:
        a, b = json.load(file)["results"]
    apart = abs(a["mean"] - b["mean"]) > (a["stddev"] or 0) + (b["stddev"] or 0)
    return b["mean"] / a["mean"], apart


def perfgate(program, before, now, pairs):
    argv = [program, "paired", "--name", "bench", "--baseline-cmd", before, "--current-cmd", now, "--repeat", str(pairs),
            "--warmup", "1", "--fail-on-regression", str(THRESHOLD * 100), "--require-significance", "--out", "perfgate.json"]
    done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    with open("perfgate.json", encoding="utf-8") as file:
        stats = json.load(file)["stats"]
    before_ms, now_ms = stats["baseline_wall_ms"]["median"], stats["current_wall_ms"]["median"]
    return max(now_ms, 1) / max(before_ms, 1), done.returncode != 0


if __name__ == "__main__":
    main()
