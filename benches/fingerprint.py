#!/usr/bin/env python3
"""Fingerprint throughput beside its peers, on the same files in one session.

    cargo build --release -p lightspeed-core --example throughput
    python benches/fingerprint.py --program target/release/examples/throughput [ROOT…]

Prints a table: MB/s (median of the rounds) and the ratio to bare tree-sitter parsing (goal: at least 0.8 for the analysis).
`testmon.process_code.Module` is measured where pytest-testmon is installed. The rounds take turns, so that a
busy machine slows all alike.
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


def sources(roots, limit):
    """Files that this interpreter parses, a seeded choice of `limit` bytes of them."""
    paths = [p for root in roots for p in sorted(pathlib.Path(root).rglob("*.py"))]
    random.Random(1).shuffle(paths)
    chosen, total = [], 0
    for path in paths:
        try:
            text = path.read_bytes().decode()
            ast.parse(text)
        except (OSError, SyntaxError, ValueError, RecursionError):
            continue
        chosen.append(text)
        total += len(text.encode())
        if total >= limit:
            break
    return chosen, total


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", required=True, help="the built example `throughput` of lightspeed-core")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--megabytes", type=float, default=6)
    parser.add_argument("roots", nargs="*", default=[sysconfig.get_path("stdlib")])
    options = parser.parse_args()
    texts, total = sources(options.roots, options.megabytes * 1e6)
    framed = b"".join(b"%d\n" % len(t) + t for t in (text.encode() for text in texts))
    peers = {"CPython ast.parse": ast.parse, "pytest-testmon Module": testmon()}
    seconds = {name: [] for name in ("tree-sitter parse", "lightspeed analysis", *peers)}
    for _ in range(options.rounds):
        done = subprocess.run([options.program, "1"], input=framed, stdout=subprocess.PIPE, check=True)
        parsing, analysing = json.loads(done.stdout)
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


if __name__ == "__main__":
    main()
