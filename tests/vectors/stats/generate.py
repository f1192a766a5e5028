"""Writes the statistics vectors beside this file. See README.md there for what it needs.

Arguments name the functions to write; without any all are written.
"""

import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import evidence
import many
import one_sample
import paired
import resampled
import two_samples

HERE = Path(__file__).parent
FUNCTIONS = {
    "summarize": one_sample.summaries,
    "outliers": one_sample.outliers,
    "mann_whitney": two_samples.mann_whitney,
    "hodges_lehmann": two_samples.hodges_lehmann,
    "welch": two_samples.welch,
    "is_different": two_samples.is_different,
    "signed_rank": paired.signed_rank,
    "sign_flip": paired.sign_flip,
    "diagnose": paired.diagnose,
    "bootstrap": resampled.bootstrap,
    "e_value": evidence.e_value,
    "holm": many.holm,
    "benjamini_hochberg": many.benjamini_hochberg,
    "geometric_mean": many.geometric_mean,
    "noise_floor": many.noise_floor,
    "margin": many.margin,
}
TOOLS = ("asv", "asv_runner", "mpmath", "numpy", "scipy", "statsmodels")


def main():
    provenance = {"python": platform.python_version(), **{tool: version(tool) for tool in TOOLS}}
    for name in sys.argv[1:] or FUNCTIONS:
        vectors = list(FUNCTIONS[name]())
        lines = ",\n  ".join(json.dumps(v, allow_nan=False) for v in vectors)
        head = json.dumps({"schema": 1, "function": name, "provenance": provenance})[1:-1]
        (HERE / f"{name}.json").write_text(f"{{{head},\n \"vectors\": [\n  {lines}\n ]}}\n")
        print(f"{name}: {len(vectors)} vectors")


if __name__ == "__main__":
    main()
