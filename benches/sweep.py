#!/usr/bin/env python3
"""`lightspeed sweep` beside hyperfine's parameter lists on the same real commands: cost of a run, and a machine that becomes slower.

    python benches/sweep.py --lightspeed target/release/lightspeed [--rounds 5]

hyperfine is looked up on PATH; where it is not there, its column is empty. The tools take turns in every round. For the second part, the program does
the same work for all values of the axis, and more of it the longer ago the sweep began: from once to twice the work in the time that a sweep takes.
What is told of the axis should be that it does not matter. Prints a table.
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

VALUES = [1, 2, 4, 8, 16, 32, 64, 128]
RUNS = 6
# It slows down by what has passed since the file `begun` was written, in units of the whole sweep.
SLOWING = """
import os, sys, time
passed = time.time() - os.stat("begun").st_mtime
steps = int(int(sys.argv[2]) * (1 + min(passed / float(sys.argv[3]), 1)))
while steps: steps -= 1
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--lightspeed", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    tools = {"lightspeed": (os.path.abspath(options.lightspeed), lightspeed)}
    if shutil.which("hyperfine"):
        tools["hyperfine"] = (shutil.which("hyperfine"), hyperfine)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("slowing.py", "w", encoding="utf-8") as file:
            file.write(SLOWING)
        rows = [overhead(tools, options.rounds), *drift(tools, options.rounds)]
    names = ("lightspeed", "hyperfine")
    print(f"load average {os.getloadavg()[0]:.1f}, {options.rounds} rounds, {len(VALUES)} values, {RUNS} runs of each\n")
    print("| what | " + " | ".join(names) + " |\n|---|" + "---:|" * len(names))
    for what, found in rows:
        print(f"| {what} | " + " | ".join(found.get(name, "not installed") for name in names) + " |")


def overhead(tools, rounds):
    """What a tool takes for a run of a program that does nothing."""
    walls = {name: [] for name in tools}
    bare = []
    runs = len(VALUES) * (RUNS + 1)
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(runs):
            subprocess.run(["true"], check=True)
        bare.append((time.perf_counter() - began) / runs)
        for name, (program, ask) in tools.items():
            began = time.perf_counter()
            ask(program, ["true", "{n}"])
            walls[name].append((time.perf_counter() - began) / runs)
    found = {name: f"{statistics.median(each) * 1e3:.2f} ms" for name, each in walls.items()}
    return f"wall time for each run of `true` (Python's subprocess: {statistics.median(bare) * 1e3:.2f} ms)", found


def drift(tools, rounds):
    """Slope of the logarithms: 0 is right, 0.14 is twice the time from the first of these values to the last."""
    steps = 2_000_000
    python = [os.path.realpath(sys.executable), "-S", "-E"]
    began = time.perf_counter()
    subprocess.run([*python, "-c", f"steps = {steps}\nwhile steps: steps -= 1"], check=True)
    steps = round(steps * 0.05 / (time.perf_counter() - began))
    slopes, told = {name: [] for name in tools}, []
    for done in range(rounds):
        print(f"a machine that becomes slower: {done}/{rounds}", file=sys.stderr, flush=True)
        for name, (program, ask) in tools.items():
            # One and a half of the first run's time, on average.
            whole = len(VALUES) * (RUNS + 1) * 0.05 * 1.6
            with open("begun", "w", encoding="utf-8"):
                pass
            medians, law = ask(program, [*python, "slowing.py", "{n}", str(steps), str(whole)])
            slopes[name].append(slope(medians))
            told += [law] if name == "lightspeed" else []
    laws = ", ".join(f"{told.count(law)} {law}" for law in sorted(set(told)))
    spread = {name: f"{statistics.median(each):+.3f} ({min(each):+.3f} … {max(each):+.3f})" for name, each in slopes.items()}
    return [("a machine that becomes slower: slope along an axis that does not matter", spread),
            ("the law that is told", {"lightspeed": laws, "hyperfine": "tells none"})]


def slope(values):
    x = [math.log(n) for n in VALUES]
    y = [math.log(value) for value in values]
    mean = statistics.mean(x)
    return sum((a - mean) * b for a, b in zip(x, y)) / sum((a - mean) ** 2 for a in x)


def lightspeed(program, command):
    axis = "n=" + ",".join(map(str, VALUES))
    argv = [program, "sweep", "--axis", axis, "--repeat", str(RUNS), "--warmup", "1", "--json", "--quiet", "--", *command]
    document = json.loads(subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout)
    (line,) = document["lines"]
    return [point["spread"]["median"] for point in document["points"]], line["scaling"]["model"] or "cannot tell"


def hyperfine(program, command):
    argv = [program, "-N", "--warmup", "1", "--runs", str(RUNS), "--export-json", "hyperfine.json", "--style", "none",
            "--parameter-list", "n", ",".join(map(str, VALUES)), " ".join(command)]
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open("hyperfine.json", encoding="utf-8") as file:
        return [each["median"] for each in json.load(file)["results"]], None


if __name__ == "__main__":
    main()
