#!/usr/bin/env python3
"""What the C interface costs beside the Rust one and beside plain C calls, and how large the library is.

    python benches/capi.py --built target/release [--rounds 7]

Expects the example `select_speed` in the same directory. The survey is of the running interpreter's standard library. The programs take
turns in every round. Prints a table.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHANGED = "ast.py"
SELECTIONS = 30
STARTS = 100
PLAIN = "#include <stddef.h>\nsize_t plain(const void *handle) { return handle ? 1 : 0; }\n"
EMPTY = "int main(void) { return 0; }\n"
LINKED = '#include <lightspeed.h>\nint main(void) { return lightspeed_abi_version() == LIGHTSPEED_ABI_VERSION ? 0 : 1; }\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--built", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "scripts"))
    import install

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        install.install(options.built, folder / "prefix")
        rows = measured(folder, options.built.resolve() / "examples" / "select_speed", options.rounds)
    print(f"load average {os.getloadavg()[0]:.1f}, medians of {options.rounds} rounds\n")
    print("| what | here | beside it | difference |\n|---|---:|---:|---:|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def measured(folder, rust, rounds):
    """The rows of the table."""
    prefix, source = folder / "prefix", folder / "source"
    link = [f"-I{prefix}/include", f"-L{prefix}/lib", "-llightspeed", f"-Wl,-rpath,{prefix}/lib:{folder}"]
    for name, text in (("plain.c", PLAIN), ("empty.c", EMPTY), ("linked.c", LINKED)):
        (folder / name).write_text(text)
    compiled(folder / "plain.c", "-shared", "-fPIC", "-o", folder / "libplain.so")
    compiled(folder / "empty.c", "-o", folder / "empty")
    compiled(folder / "linked.c", "-o", folder / "linked", *link)
    compiled(ROOT / "benches" / "capi.c", "-o", folder / "capi", *link, f"-L{folder}", "-lplain")
    copied(pathlib.Path(sysconfig.get_path("stdlib")), source)
    snapshot = folder / "snapshot"
    files, size = output(folder / "capi", "survey", source, snapshot).split()
    bare, counted, item, ours, theirs, starts = [], [], [], [], [], {"empty": [], "linked": []}
    for _ in range(rounds):
        found = output(folder / "capi", "calls", snapshot, source, CHANGED).split()
        for numbers, number in zip((bare, counted, item), found):
            numbers.append(float(number))
        through_c = output(folder / "capi", "select", snapshot, source, CHANGED, SELECTIONS)
        through_rust = output(rust, snapshot, source, CHANGED, SELECTIONS)
        affected = [{line.split()[0] for line in text.splitlines()} for text in (through_c, through_rust)]
        if affected[0] != affected[1] or affected[0] == {"0"}:
            sys.exit(f"C and Rust do not agree, or nothing is affected: {affected}")
        for numbers, text in ((ours, through_c), (theirs, through_rust)):
            numbers.append(statistics.median(float(line.split()[1]) for line in text.splitlines()))
        for name, times in starts.items():
            times.append(start(folder / name))
    middle = statistics.median
    library = prefix / "lib" / "liblightspeed.so"
    ratio = middle(c / r for c, r in zip(ours, theirs))
    return [
        ("a call that counts; beside a plain call", f"{middle(counted):.1f} ns", f"{middle(bare):.1f} ns", f"+{middle(counted) - middle(bare):.1f} ns"),
        ("a call that gives a text, every check made", f"{middle(item):.1f} ns", f"{middle(bare):.1f} ns", f"+{middle(item) - middle(bare):.1f} ns"),
        (f"a selection, {files} files and 500 benchmarks; beside Rust", f"{middle(ours) * 1e3:.3f} ms", f"{middle(theirs) * 1e3:.3f} ms", f"x{ratio:.3f}"),
        ("a program that asks for the version; beside an empty one", f"{middle(starts['linked']) * 1e3:.2f} ms", f"{middle(starts['empty']) * 1e3:.2f} ms", f"+{(middle(starts['linked']) - middle(starts['empty'])) * 1e3:.2f} ms"),
        ("the shared library, stripped", f"{os.path.getsize(os.path.realpath(library)) / 1e6:.2f} MB", "", ""),
        ("the static library", f"{os.path.getsize(library.with_suffix('.a')) / 1e6:.2f} MB", "", ""),
        ("the snapshot of that survey", f"{int(size) / 1e3:.0f} KB", "", ""),
    ]  # fmt: skip


def copied(stdlib, target):
    """The modules of the standard library that are no tests."""
    for path in stdlib.rglob("*.py"):
        name = path.relative_to(stdlib)
        if not {"test", "tests", "site-packages", "idlelib", "lib2to3"} & set(name.parts):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(path.read_bytes())


def start(program):
    """Median seconds of a run."""
    times = []
    for _ in range(STARTS):
        began = time.perf_counter()
        subprocess.run([program], check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def compiled(*argv):
    output(os.environ.get("CC", "gcc"), "-std=c99", "-O2", *argv)


def output(*argv):
    """What a command printed that must succeed."""
    done = subprocess.run([str(argument) for argument in argv], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{argv[0]} failed: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
