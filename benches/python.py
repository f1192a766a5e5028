#!/usr/bin/env python3
"""What the Python package costs: its import, and a select beside the C call alone.

    LIGHTSPEED_LIBRARY=target/release/liblightspeed.so python benches/python.py [--rounds 15]

The survey is of the running interpreter's standard library. Prints a table of medians.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import sysconfig
import time
from ctypes import byref

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "bindings" / "python" / "src"
sys.path.insert(0, str(SOURCE))
CHANGED = "ast.py"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    starts = {
        "python": "pass",
        "import lightspeed": "import lightspeed",
        "and the library": "import lightspeed; lightspeed.blocks('')",
        "and sessions, statistics": "import lightspeed; lightspeed.Session, lightspeed.stats",
    }
    times = {name: [] for name in starts}
    for _ in range(rounds):
        for name, code in starts.items():
            times[name].append(timed(lambda: subprocess.run([sys.executable, "-c", code], check=True, env=environment())))
    plain = statistics.median(times["python"])
    for name, found in times.items():
        print(f"{name:<28} {1e3 * statistics.median(found):8.2f} ms  {1e3 * (statistics.median(found) - plain):+8.2f} ms")
    selects(rounds)


def environment():
    """This one, with the package."""
    return {**os.environ, "PYTHONPATH": str(SOURCE)}


def selects(rounds):
    """An index of the standard library, a function of which changed: through Python and in C."""
    import lightspeed
    from lightspeed import _call, _ffi
    from lightspeed._library import lib
    from lightspeed.index import _file, _options

    root = pathlib.Path(sysconfig.get_paths()["stdlib"])
    survey = lightspeed.SurveyBuilder()
    paths = [path for path in sorted(root.glob("*.py"))]
    for path in paths:
        survey.add_file(path.name, path.read_bytes())
        survey.add_benchmark(path.stem)
        survey.executed(path.stem, path.name, range(1, 1 + path.read_bytes().count(b"\n")))
    index = survey.finish()
    files = {CHANGED: (root / CHANGED).read_bytes().replace(b"return", b"return 1 and", 1)}
    array, options = (_ffi.File * 1)(*[_file(*item) for item in files.items()]), _options(None, None)

    def in_c():
        with index._handle as address:
            selection = _call.c_void_p()
            lib.lightspeed_index_select(address, array, 1, byref(options), byref(selection), None)
            lib.lightspeed_selection_free(selection)

    pairs = [(timed(in_c), timed(lambda: list(index.select(files)))) for _ in range(20 * rounds)]
    c, python = (statistics.median(side) for side in zip(*pairs))
    print(
        f"\nselect, {len(paths)} files: {1e3 * c:.3f} ms in C, {1e3 * python:.3f} ms through Python, {1e6 * (python - c):+.0f} µs"
    )


def timed(work):
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
