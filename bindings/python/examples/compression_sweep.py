"""How the time of zlib grows with the size of what it compresses, at two levels: `compression_sweep.py [ROUNDS]`."""

import random
import sys
import time
import zlib

import lightspeed

#: Each law with the names of its numbers.
LAWS = {
    "constant": "{0:.3g}",
    "logarithmic": "{0:.3g} + {1:.3g} ln n",
    "linear": "{0:.3g} + {1:.3g} n",
    "linearithmic": "{0:.3g} + {1:.3g} n ln n",
    "quadratic": "{0:.3g} + {1:.3g} n²",
    "amdahl": "{0:.3g} + {1:.3g} / n",
    "usl": "{0:.3g} / n + {1:.3g} (n - 1) / n + {2:.3g} (n - 1)",
}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    words = random.Random(1).choices(range(10_000), k=250_000)
    text = " ".join(map(str, words)).encode()
    sweep = lightspeed.Experiment.sweep({"level": [1, 6], "size": "log2 32768..1048576"}, repeats=rounds, along="size", warmups=1)
    for run in sweep:
        sweep.record(compress(text[: run.values["size"]], run.values["level"]))
    found = sweep.report()["sweep"]
    print(f"{'point':24} {'time':>12} {'of the smallest':>16}")
    for point in found["points"]:
        print(f"{point['id']:24} {point['spread']['median'] * 1e3:9.4f} ms {1 / point['speedup']['estimate']:15.2f}x")
    print()
    for line in found["lines"]:
        print(f"level {line['fixed']['level']}: {law(line['scaling'])}")


def compress(text: bytes, level: int) -> float:
    """Seconds of one call, of as many as the clock needs."""
    calls, taken = 0, 0.0
    began = time.perf_counter()
    while taken < 2e-3:
        zlib.compress(text, level)
        calls += 1
        taken = time.perf_counter() - began
    return taken / calls


def law(scaling: dict) -> str:
    """The law behind the times, or why none is told."""
    if scaling["model"] is None:
        return str(scaling["reason"])
    fit = next(fit for fit in scaling["fits"] if fit["model"] == scaling["model"])
    return "t = " + LAWS[fit["model"]].format(*fit["coefficients"])


if __name__ == "__main__":
    main()
