#!/usr/bin/env python3
"""Fingerprint throughput beside its peers, on the same files in one session; what an edit costs a resident session.

    cargo build --release -p lightspeed-core --example throughput --example edits
    python benches/fingerprint.py --program target/release/examples/throughput \\
        --edits target/release/examples/edits [ROOT…]

Prints a table: MB/s (median of the rounds) and the ratio to bare tree-sitter parsing (goal: at least 0.8 for the analysis).
`testmon.process_code.Module` is measured where pytest-testmon is installed. The rounds take turns, so that a
busy machine slows all alike. With `--edits` a second table: the time to update a document after an edit in a
random line of a file of about 2,000 lines (goal: at most 2 ms), and what part it is of a cold analysis of the same bytes.
"""

import argparse
import ast
import json
import pathlib
import random
import statistics
import subprocess
import sys
import sysconfig
import time
import warnings

warnings.simplefilter("ignore")


# What counts as a file of 2,000 lines.
LINES = range(1500, 2501)


def sources(roots, limit, accepts=lambda text: True):
    """Files that this interpreter parses and that are accepted, a seeded choice of `limit` bytes of them."""
    paths = [p for root in roots for p in sorted(pathlib.Path(root).rglob("*.py"))]
    random.Random(1).shuffle(paths)
    chosen, total = [], 0
    for path in paths:
        try:
            text = path.read_bytes().decode()
            ast.parse(text)
        except (OSError, SyntaxError, ValueError, RecursionError):
            continue
        if not accepts(text):
            continue
        chosen.append(text)
        total += len(text.encode())
        if total >= limit:
            break
    return chosen, total


def framed(texts):
    """What the examples read."""
    return b"".join(b"%d\n" % len(t) + t for t in (text.encode() for text in texts))


def timed(work, texts):
    start = time.perf_counter()
    for text in texts:
        work(text)
    return time.perf_counter() - start


def testmon():
    """A function that does to one source what testmon does, or None."""
    try:
        from testmon.process_code import Module
    except ImportError:
        return None
    return lambda text: Module(source_code=text, ext="py").checksums


def updates(program, roots, megabytes):
    """A table of what updating a document takes after an edit."""
    texts, _ = sources(roots, megabytes * 1e6, lambda text: text.count("\n") in LINES)
    if not texts:
        return f"update of a document: no file of {LINES.start} to {LINES[-1]} lines was found"
    done = subprocess.run([program, "20"], input=framed(texts), stdout=subprocess.PIPE, check=True)
    edits = [json.loads(line) for line in done.stdout.splitlines()]
    seconds, parts = [update for _, update, _ in edits], [update / cold for _, update, cold in edits]
    deciles = statistics.quantiles(seconds, n=10), statistics.quantiles(parts, n=10)
    return (
        f"{len(texts)} files of {LINES.start} to {LINES[-1]} lines, {len(edits)} edits\n\n"
        "| update of a document after an edit, 2,000-line files (goal ≤ 2 ms) | median | 90th percentile |\n"
        "|---|---:|---:|\n"
        f"| ms | {statistics.median(seconds) * 1e3:.2f} | {deciles[0][-1] * 1e3:.2f} |\n"
        f"| of a cold analysis | {statistics.median(parts):.3f} | {deciles[1][-1]:.3f} |"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", required=True, help="the built example `throughput` of lightspeed-core")
    parser.add_argument("--edits", help="the built example `edits` of lightspeed-core")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--megabytes", type=float, default=6)
    parser.add_argument("roots", nargs="*", default=[sysconfig.get_path("stdlib")])
    options = parser.parse_args()
    texts, total = sources(options.roots, options.megabytes * 1e6)
    peers = {"CPython ast.parse": ast.parse, "pytest-testmon Module": testmon()}
    seconds = {name: [] for name in ("tree-sitter parse", "lightspeed analysis", *peers)}
    for _ in range(options.rounds):
        done = subprocess.run([options.program, "1"], input=framed(texts), stdout=subprocess.PIPE, check=True)
        parsing, analysing, _ = json.loads(done.stdout)
        seconds["tree-sitter parse"].append(parsing)
        seconds["lightspeed analysis"].append(analysing)
        for name, work in peers.items():
            if work is not None:
                seconds[name].append(timed(work, texts))
    raw = seconds["tree-sitter parse"]
    print(f"{len(texts)} files, {total / 1e6:.1f} MB, {options.rounds} rounds, Python {sys.version.split()[0]}\n")
    print("| what | MB/s | of bare parsing |\n|---|---:|---:|")
    for name, each in seconds.items():
        if not each:
            print(f"| {name} | not installed | |")
            continue
        # Ratios of the same round: what slows the machine for a while slows both.
        ratio = statistics.median(a / b for a, b in zip(raw, each))
        print(f"| {name} | {total / 1e6 / statistics.median(each):.2f} | {ratio:.2f} |")
    if options.edits:
        print("\n" + updates(options.edits, options.roots, options.megabytes))


if __name__ == "__main__":
    main()
