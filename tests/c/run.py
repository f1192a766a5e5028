"""Runs the C programs on a freshly surveyed suite: `run.py DIRECTORY_OF_PROGRAMS`; also under valgrind where it is installed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import support  # noqa: E402  (needs the path above)

FILES = {
    "asv.conf.json": '{"version": 1, "project": "pkg", "repo": ".", "benchmark_dir": "benchmarks", "results_dir": "results"}',
    "pkg/__init__.py": "from pkg.core import one, two\n",
    "pkg/core.py": "def one():\n    return 1\n\n\ndef two():\n    return 2\n",
    "benchmarks/__init__.py": "",
    "benchmarks/bench.py": "import pkg\n\n\ndef time_one():\n    pkg.one()\n\n\ndef time_two():\n    pkg.two()\n",
}
EDIT = {"pkg/core.py": "def one():\n    return 1\n\n\ndef two():\n    return 1 + 1\n"}
VECTORS = os.path.join(support.ROOT, "tests", "vectors")
VALGRIND = [
    "valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=definite,indirect",
    "--errors-for-leak-kinds=definite,indirect", "--child-silent-after-fork=yes",
    # One thread runs at a time: without turns, those that poll can keep the one they wait for from ever running.
    "--fair-sched=yes",
    f"--suppressions={os.path.join(os.path.dirname(os.path.abspath(__file__)), 'valgrind.supp')}",
]  # fmt: skip


def main():
    programs = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        config = survey(folder)
        under = [[]] + ([VALGRIND] if shutil.which("valgrind") else [])
        for wrapper in under:
            for linked in ("shared", "static") if wrapper else ("shared", "static", "sanitized"):
                expect(folder, wrapper, [f"{programs}/errors-{linked}", config], "")
                smoke(folder, wrapper, f"{programs}/smoke-{linked}", config)
                expect(folder, wrapper, [f"{programs}/experiment-{linked}"], "decided\n")
                expect(folder, wrapper, [f"{programs}/pair-{linked}"], "paired\n")
                expect(folder, wrapper, [f"{programs}/threads-{linked}"], "shared\n")
                statistics(folder, wrapper, f"{programs}/stats-{linked}")
                experiments(folder, wrapper, f"{programs}/vectors-{linked}")
                session(wrapper, f"{programs}/session-{linked}")
                with tempfile.TemporaryDirectory() as empty:
                    expect(folder, wrapper, [f"{programs}/harness-{linked}", empty], "surveyed, asked, kept\n")
            # A panic leaves what it was about to free; valgrind only has to find its memory accesses in order.
            kept = [flag for flag in wrapper if "leak" not in flag]
            expect(folder, kept, [f"{programs}/panic-shared", config], "")
        nothing(programs, config)
        expect(folder, [], [f"{programs}/walk-shared"], "walked without an allocation\n")
        for style in ("exceptions", "values"):
            expect(folder, [], [f"{programs}/cpp-{style}", config], "C++ works\n")
        print("C: all programs passed" + ("" if len(under) == 2 else " (valgrind is not installed)"))


def survey(folder):
    """Writes and surveys the suite; the path of its configuration."""
    support.write(folder, FILES)
    support.commit(folder)
    surveyed = support.lightspeed(
        folder, "init", "--survey-only", "--config", "asv.conf.json", "--source-root", "pkg", "--python", support.PYTHON
    )
    if surveyed.returncode:
        sys.exit(f"the suite cannot be surveyed:\n{surveyed.stdout}{surveyed.stderr}")
    return os.path.join(folder, "asv.conf.json")


def nothing(programs, config):
    """Every exported function refuses what is not there, in a directory without a configuration."""
    with open(os.path.join(support.ROOT, "tests", "abi", "symbols.txt"), encoding="utf-8") as symbols:
        count = len(symbols.read().split())
    with tempfile.TemporaryDirectory() as empty:
        argv = [f"{programs}/nulls-sanitized", config, os.path.join(empty, "kept.db")]
        expect(empty, [], argv, f"{count} functions refuse what is not there\n")


def smoke(folder, wrapper, program, config):
    """Nothing changed, one function changed, and the same as a named file."""
    version = f"libLightspeed {support.lightspeed(folder, '--version').stdout.split()[-1]}\n"
    expect(folder, wrapper, [program, config], version + "0 affected, 2 unaffected\n")
    support.write(folder, EDIT)
    reason = "bench.time_two: it executes two, which changed (core.py:5-6)"
    for files in ([], ["pkg/core.py"]):
        expect(folder, wrapper, [program, config, *files], f"{version}1 affected, 1 unaffected\n{reason}\n")
    support.write(folder, {"pkg/core.py": FILES["pkg/core.py"]})


def session(wrapper, program):
    """A suite that nobody has surveyed yet, from its survey to its results."""
    with tempfile.TemporaryDirectory() as folder:
        support.write(folder, FILES)
        support.commit(folder)
        paths = [os.path.join(folder, name) for name in ("asv.conf.json", "pkg")]
        argv = [program, *paths, support.PYTHON, os.path.join(folder, "pkg", "core.py")]
        expect(folder, wrapper, argv, "surveyed, measured, kept\n")


def statistics(folder, wrapper, program):
    """The vectors of the statistics give the bytes that every platform gives; under a wrapper, which is slow, the quick functions do."""
    digests = vectors_of("stats", "digests")
    for function in ("summarize", "mann_whitney", "holm") if wrapper else sorted(digests):
        vectors = vectors_of("stats", function)["vectors"]
        lines = "".join(f"{function}\n{json.dumps(support.written_out(vector['input']))}\n" for vector in vectors)
        done = run(folder, wrapper, [program], lines)
        digest = f"{zlib.crc32(done.stdout.encode()):08x}"
        if done.returncode or len(done.stdout.splitlines()) != len(vectors) or digest != digests[function]:
            sys.exit(f"{program}: {function} gives {digest}, not {digests[function]}: exit {done.returncode}\n{done.stderr}")


def experiments(folder, wrapper, program):
    """The vectors of the experiments give the results and states that every platform gives; under a wrapper, the short ones do."""
    digests, names = vectors_of("experiment", "digests"), set()
    for file in sorted(os.listdir(os.path.join(VECTORS, "experiment"))):
        name, kind = os.path.splitext(file)
        if kind != ".json" or name == "digests":
            continue
        document = vectors_of("experiment", name)
        for vector in document["vectors"]:
            name = f"{document['design']}: {vector['name']}"
            names.add(name)
            if wrapper and digests[name]["runs"] > 100:
                continue
            done = run(folder, wrapper, [program], played(vector))
            runs, *texts = done.stdout.splitlines() or [""]
            found = [runs, *(f"{zlib.crc32(text.encode()):08x}" for text in texts)]
            if done.returncode or found != [str(digests[name]["runs"]), digests[name]["results"], digests[name]["state"]]:
                sys.exit(f"{program}: {name} gives {found}, not {digests[name]}: exit {done.returncode}\n{done.stderr}")
    if names != set(digests) or len(names) < 26:
        sys.exit(f"the vectors and the digests of experiments differ in {sorted(names ^ set(digests))}")


def played(vector):
    """A vector as vectors.c reads it."""
    outcomes = vector["outcomes"]
    levels, ends = outcomes.get("levels") or {}, outcomes.get("ends") or {}
    after = outcomes.get("cancel_after")
    lines = [json.dumps(vector["plan"])]
    levelled = ("baseline", "current").index(outcomes.get("side", "current"))
    lines.append(f"{outcomes['seed']} {outcomes['values']} {outcomes['spread']!r} {-1 if after is None else after} {levelled}")
    for benchmark in sorted({*levels, *ends}):
        end = ends.get(benchmark, {"pair": 0, "outcome": {"kind": "-"}})
        outcome = end["outcome"]
        lines.append(f"{benchmark} {levels.get(benchmark, 1.0)!r} {end['pair']} {outcome['kind']} {outcome.get('reason', '').encode().hex()}")
    return "".join(f"{line}\n" for line in lines)


def vectors_of(kind, name):
    """A file of the vectors."""
    with open(os.path.join(VECTORS, kind, f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)


def expect(folder, wrapper, argv, output):
    """Fails unless the program ends well and prints exactly this."""
    done = run(folder, wrapper, argv)
    if done.returncode or done.stdout != output:
        sys.exit(f"{' '.join(wrapper + argv)}: exit {done.returncode}\n{done.stdout}{done.stderr}\nexpected:\n{output}")


def run(folder, wrapper, argv, lines=""):
    """What became of the program, which reads these lines."""
    return subprocess.run(
        wrapper + argv,
        cwd=folder,
        env=support.environment(),
        input=lines,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=support.SECONDS,
    )


if __name__ == "__main__":
    main()
