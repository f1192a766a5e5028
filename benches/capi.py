#!/usr/bin/env python3
"""What the C interface costs beside the Rust one and beside plain C calls, and how large the library is.

    python benches/capi.py --built target/release [--rounds 7]

Expects the program, the example `select_speed` and the libraries there, built as `make bench` does. The survey is of the running
interpreter's standard library. The programs take turns in every round. Needs GNU binutils; where valgrind is installed, the instructions
of selections are counted too, which no other load can change. Prints a table.
"""

import argparse
import os
import pathlib
import re
import shutil
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
PLAIN = "#include <stddef.h>\nsize_t allocations;\nsize_t plain(const void *handle) { return handle ? 1 : 0; }\n"
# Preloaded where allocations are counted, and there only: it makes each a little slower.
COUNTING = """
#include <stddef.h>
extern size_t allocations;
void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
void *malloc(size_t size) { allocations++; return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { allocations++; return __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { allocations++; return __libc_realloc(old, size); }
int posix_memalign(void **to, size_t alignment, size_t size) {
    allocations++;
    return (*to = __libc_memalign(alignment, size)) ? 0 : 12;
}
"""
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
    print(f"load average {os.getloadavg()[0]:.1f}, medians of {options.rounds} rounds; of selections, the fastest of all\n")
    print("| what | here | beside it | difference | goal |\n|---|---:|---:|---:|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def measured(folder, rust, rounds):
    """The rows of the table."""
    prefix, source = folder / "prefix", folder / "source"
    link = [f"-I{prefix}/include", f"-L{prefix}/lib", "-llightspeed", f"-Wl,-rpath,{prefix}/lib:{folder}"]
    for name, text in (("plain.c", PLAIN), ("counting.c", COUNTING), ("empty.c", EMPTY), ("linked.c", LINKED)):
        (folder / name).write_text(text)
    compiled(folder / "plain.c", "-shared", "-fPIC", "-o", folder / "libplain.so")
    compiled(folder / "counting.c", "-shared", "-fPIC", "-o", folder / "libcounting.so")
    compiled(folder / "empty.c", "-o", folder / "empty")
    compiled(folder / "linked.c", "-o", folder / "linked", *link)
    compiled(ROOT / "benches" / "capi.c", "-o", folder / "capi", *link, f"-L{folder}", "-lplain")
    copied(pathlib.Path(sysconfig.get_path("stdlib")), source)
    snapshot = folder / "snapshot"
    files, size = output(folder / "capi", "survey", source, snapshot).split()
    called, ours, theirs, starts = [], [], [], {"empty": [], "linked": []}
    for _ in range(rounds):
        counted = output("env", f"LD_PRELOAD={folder}/libcounting.so", folder / "capi", "calls", snapshot, source, CHANGED)
        called.append([float(number) for number in counted.split()])
        texts = [output(*program, snapshot, source, CHANGED, SELECTIONS) for program in ([folder / "capi", "select"], [rust])]
        affected = [{line.split()[0] for line in text.splitlines()} for text in texts]
        if affected[0] != affected[1] or affected[0] == {"0"}:
            sys.exit(f"C and Rust do not agree, or nothing is affected: {affected}")
        for numbers, text in zip((ours, theirs), texts):
            numbers.append(min(float(line.split()[1]) for line in text.splitlines()))
        for _ in range(STARTS):
            for name, times in starts.items():
                times.append(start(folder / name))
    middle = statistics.median
    bare, counted, item, selecting, walked = (middle(numbers) for numbers in list(zip(*called))[:5])
    if not selecting:
        sys.exit("no allocation was counted where there must be some")
    ours, theirs = min(ours) * 1e3, min(theirs) * 1e3
    ratio = ours / theirs
    linked, empty = (middle(starts[name]) * 1e3 for name in ("linked", "empty"))
    library = prefix / "lib" / "liblightspeed.so"
    executed = [instructions(folder, *program, snapshot, source, CHANGED) for program in ([folder / "capi", "select"], [rust])]
    output("strip", "-o", folder / "stripped", library)
    megabytes = os.path.getsize(folder / "stripped") / 1e6
    return [
        ("a call that counts; beside a plain call", f"{counted:.1f} ns", f"{bare:.1f} ns", f"{counted - bare:+.1f} ns", goal("< +30 ns", counted - bare < 30)),
        ("a call that gives a text, every check made", f"{item:.1f} ns", f"{bare:.1f} ns", f"{item - bare:+.1f} ns", ""),
        ("allocations of walking a selection; beside making it", f"{walked:.0f}", f"{selecting:.0f}", "", goal("none", walked == 0)),
        (f"a selection, {files} files and 500 benchmarks; beside Rust", f"{ours:.2f} ms", f"{theirs:.2f} ms", f"{ratio - 1:+.1%}", goal("< +2 %", ratio < 1.02)),
        *([counted_row(*executed)] if all(executed) else []),
        ("a program that asks for the version; beside an empty one", f"{linked:.2f} ms", f"{empty:.2f} ms", f"{linked - empty:+.2f} ms", goal("< +1 ms", linked - empty < 1)),
        ("the shared library, stripped", f"{megabytes:.2f} MB", "", "", goal("< 4 MB", megabytes < 4)),
        ("the static library", f"{os.path.getsize(library.with_suffix('.a')) / 1e6:.2f} MB", "", "", ""),
        ("the snapshot of that survey", f"{int(size) / 1e3:.0f} KB", "", "", ""),
    ]  # fmt: skip


def counted_row(ours, theirs):
    ratio = ours / theirs
    return ("the instructions of that selection", f"{ours / 1e6:.2f} million", f"{theirs / 1e6:.2f} million", f"{ratio - 1:+.2%}", goal("< +2 %", ratio < 1.02))


def instructions(folder, *program):
    """How many a selection has, without what comes before the first; None where nobody can count them."""
    if not shutil.which("valgrind"):
        return None
    counts = []
    for times in (1, 3):
        argv = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/counts", *program, times]
        done = subprocess.run([str(argument) for argument in argv], capture_output=True, text=True)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode or not found:
            sys.exit(f"valgrind failed: {done.stderr}")
        counts.append(int(found[1]))
    return (counts[1] - counts[0]) / 2


def goal(text, met):
    return f"{text}: {'met' if met else '**missed**'}"


def copied(stdlib, target):
    """The modules of the standard library that are no tests."""
    for path in stdlib.rglob("*.py"):
        name = path.relative_to(stdlib)
        if not {"test", "tests", "site-packages", "idlelib", "lib2to3"} & set(name.parts):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(path.read_bytes())


def start(program):
    """Seconds of a run."""
    began = time.perf_counter()
    process = os.posix_spawn(program, [str(program)], os.environ)
    _, status = os.waitpid(process, 0)
    took = time.perf_counter() - began
    if status:
        sys.exit(f"{program} failed")
    return took


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
