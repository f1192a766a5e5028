"""What each binding calls of the C interface: a `parity.txt` beside it names every function that it does not call, with the reason.

A function that is neither called nor named, one that is both, and one that does not exist are mistakes.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = {"cpp": ["lightspeed.hpp"], "go": ["*.go"], "python": ["src/lightspeed/[!_]*.py", "src/lightspeed/_[!f]*.py"]}


def main():
    functions = set((ROOT / "tests" / "abi" / "symbols.txt").read_text(encoding="utf-8").split())
    mistakes = []
    for parity in sorted((ROOT / "bindings").glob("*/parity.txt")):
        binding = parity.parent
        text = "".join(path.read_text(encoding="utf-8") for name in SOURCES[binding.name] for path in binding.glob(name))
        called = functions & set(re.findall(r"\blightspeed_[a-z0-9_]+\b", text))
        lines = [line for line in parity.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        named = {name: reason.strip() for name, _, reason in (line.partition(":") for line in lines)}
        mistakes += [f"{binding.name} neither calls nor names {name}" for name in sorted(functions - called - set(named))]
        mistakes += [f"{parity} names {name}, which is called" for name in sorted(called & set(named))]
        mistakes += [f"{parity} names {name}, which does not exist" for name in sorted(set(named) - functions)]
        mistakes += [f"{parity} gives no reason for {name}" for name, reason in named.items() if not reason]
        print(f"{binding.name}: calls {len(called)} of {len(functions)} functions")
    if mistakes:
        sys.exit("\n".join(mistakes))


if __name__ == "__main__":
    main()
