"""Measures the program's speed beside its peers' and prints one Markdown table, which docs/benchmarks.md keeps.

`python3 scripts/bench.py [GROUP…]` (groups: select survey measure; all by default) needs the release build (LIGHTSPEED_BIN
or target/release/lightspeed), git and Python 3.12 or newer; everything else is made below `target/`. Competitors take turns
in every repetition, so that a slow minute hits all of them.
"""

import collections
import datetime
import functools
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "demo"), os.path.join(ROOT, "tests")]

import flox  # noqa: E402  (needs the path above)
import plainly  # noqa: E402
import run as demo  # noqa: E402
import support  # noqa: E402
import venvs  # noqa: E402

WORK = os.path.join(venvs.TARGET, "bench")
ASV_REQUIREMENTS = os.path.join(ROOT, "scripts", "bench-requirements.txt")
SELECT_REPETITIONS, FLOX_REPETITIONS, HEAVY_REPETITIONS, MEASURE_REPETITIONS = 21, 3, 9, 5
FLOX_SUITE = ("--config", "asv_bench/asv.conf.json")
# Without reduce.py's 177 instances, which would make the repetitions last too long.
FLOX_KEPT = ("__init__.py", "helpers.py", "cohorts.py", "combine.py")
HEAVY_INSTANCES, TRIVIAL_INSTANCES = 60, 100
QUICK = ("--rounds", "1", "--repeat", "1", "--warmup-time", "0")

CONFIG = """{"version": 1, "project": "pkg", "repo": ".", "branches": ["HEAD"], "benchmark_dir": "benchmarks",
 "environment_type": "virtualenv"}
"""
CORE = """def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def answer():
    return 42
"""
HEAVY = """from pkg import core


class Calls:
    params = list(range(%d))

    def time_fib(self, _):
        core.fib(23)
"""
# A fixed number of calls: the sampling algorithm's own duration is no overhead.
TRIVIAL = """from pkg import core


class Trivial:
    params = list(range(%d))
    number = 1

    def time_answer(self, _):
        core.answer()
"""

Cost = collections.namedtuple("Cost", "wall cpu fastest")
Row = collections.namedtuple("Row", "what cost ratio goal")


def main():
    known = {"select": select_rows, "survey": survey_rows, "measure": measure_rows}
    wanted = sys.argv[1:] or list(known)
    if not set(wanted) <= set(known):
        sys.exit(f"unknown group: known are {', '.join(known)}")
    os.makedirs(WORK, exist_ok=True)
    load = os.getloadavg()[0]
    rows = [row for name in wanted for row in known[name]()]
    print(document(rows, wanted, load))


# What is measured ------------------------------------------------------------------------------------------------------


def select_rows():
    """Cold selection on flox's suite, from process start."""
    python = flox.python()
    folder = flox.checkout(os.path.join(WORK, "flox"), python, demo.SIZE)
    survey(folder, FLOX_SUITE, "flox", python)
    select = lambda: lightspeed(folder, "select", *FLOX_SUITE, "--from-git-diff")  # noqa: E731
    peers = {
        "git": lambda: command(folder, "git", "diff", "HEAD", "--name-only"),
        "python": lambda: command(folder, python, "-c", "pass"),
    }
    same = in_turn("select, nothing changed", {"select": select}, SELECT_REPETITIONS)["select"]
    flox.replace(os.path.join(folder, demo.EDITED), demo.BEFORE, demo.AFTER)
    edited = in_turn("select, one function edited", {"select": select, **peers}, SELECT_REPETITIONS)
    base = edited["git"].wall
    return [
        Row("`lightspeed select --from-git-diff`, one function edited", edited["select"], edited["select"].wall / base,
            goal("≤ 40 ms", edited["select"].wall <= 0.040)),
        Row("the same, nothing changed", same, same.wall / base, goal("≤ 40 ms", same.wall <= 0.040)),
        Row("peer: `git diff HEAD --name-only`", edited["git"], 1, ""),
        Row("peer: `python -c pass`", edited["python"], edited["python"].wall / base, ""),
    ]


def survey_rows():
    """The survey beside the same instances run without a tracer; the ratios are of CPU time."""
    found = sorted(venvs.interpreters())
    newest = [version for version in found if version >= (3, 12)][-1:]
    older = [version for version in found if version < (3, 12)][-1:]
    rows = flox_survey_rows()
    for version in newest + older:
        python = venvs.venv(venvs.interpreters()[version], "venv-%d.%d" % version, venvs.REQUIREMENTS)
        folder = suite("heavy", HEAVY % HEAVY_INSTANCES)
        name = "%d instances of `fib(23)`, Python %d.%d" % (HEAVY_INSTANCES, *version)
        rows += beside_plain(name, folder, (), "pkg", python, "benchmarks", HEAVY_REPETITIONS)
    return rows


def flox_survey_rows():
    """The survey of a part of flox's suite."""
    python = flox.python()
    folder = flox.checkout(os.path.join(WORK, "flox-part"), python, demo.SIZE)
    benchmarks = os.path.join(folder, "asv_bench", "benchmarks")
    for name in set(os.listdir(benchmarks)) - set(FLOX_KEPT):
        os.remove(os.path.join(benchmarks, name))
    version = venvs.version_of(python)
    name = "flox's cohorts and combine, Python %d.%d" % version
    return beside_plain(name, folder, FLOX_SUITE, "flox", python, "asv_bench/benchmarks", FLOX_REPETITIONS)


def beside_plain(name, folder, config, package, python, bench_dir, repetitions):
    """Rows of one suite: surveyed, run once plainly, and run plainly with the second call that the survey makes."""
    request = {
        "bench_dir": os.path.join(folder, bench_dir),
        "source_root": os.path.join(folder, package),
        "import_parent": folder,
        "packages": [package],
    }
    environment = support.environment()
    costs = in_turn(name, {
        "survey": lambda: survey(folder, config, package, python),
        "once": lambda: plainly.run(python, request, environment, calls=1),
        "twice": lambda: plainly.run(python, request, environment, calls=2),
    }, repetitions)
    base = costs["once"].cpu
    ratio = costs["survey"].cpu / base
    has_goal = venvs.version_of(python) >= (3, 12)
    return [
        Row(f"survey of {name}", costs["survey"], ratio, goal("ratio ≤ 1.5", ratio <= 1.5) if has_goal else ""),
        Row("the same run plainly", costs["once"], 1, ""),
        Row("the same run plainly, timed bodies called twice", costs["twice"], costs["twice"].cpu / base, ""),
    ]


def measure_rows():
    """What `measure` costs for each instance, beside asv: a suite of 101 minus a suite of one, divided by 100."""
    version = max(each for each in venvs.interpreters() if each <= (3, 13))
    python = venvs.venv(venvs.interpreters()[version], "venv-asv", ASV_REQUIREMENTS)
    few, many = (suite(f"trivial-{count}", TRIVIAL % count) for count in (1, 1 + TRIVIAL_INSTANCES))
    for folder in (few, many):
        lightspeed(folder, "init", "--source-root", "pkg", "--python", python, *QUICK)
        flox.replace(os.path.join(folder, "pkg", "core.py"), "return 42", "return 6 * 7")
    command(few, python, "-m", "asv", "machine", "--yes", "--machine", "bench", HOME=WORK)
    measure = lambda folder: lightspeed(folder, "measure", "--from-git-diff", "--hotfile-threshold", "1", *QUICK)  # noqa: E731
    costs = each_instance("measure", few, many, {
        "measure": measure,
        "forkserver": lambda folder: asv(folder, python, "forkserver"),
        "spawn": lambda folder: asv(folder, python, "spawn"),
    })
    ours = costs.pop("measure")
    rows = [Row("`lightspeed measure`, for each instance", ours, 1, goal("≤ 10 ms", ours.wall <= 0.010))]
    for method, cost in costs.items():
        rows.append(Row(f"peer: `asv run --quick --launch-method {method}`, for each instance", cost, cost.wall / ours.wall, ""))
    return rows


def each_instance(what, few, many, actions):
    """The cost of one more instance by each action."""
    each = {}
    for name, action in actions.items():
        each[f"{name}, one"] = functools.partial(action, few)
        each[f"{name}, many"] = functools.partial(action, many)
    costs = in_turn(what, each, MEASURE_REPETITIONS)
    pairs = {name: zip(costs[f"{name}, many"], costs[f"{name}, one"]) for name in actions}
    return {name: Cost(*((many - one) / TRIVIAL_INSTANCES for many, one in pair)) for name, pair in pairs.items()}


# What is run -----------------------------------------------------------------------------------------------------------


def suite(name, benchmarks):
    """A fresh repository with a package and one file of benchmarks."""
    folder = os.path.join(WORK, name)
    shutil.rmtree(folder, ignore_errors=True)
    support.write(folder, {
        "asv.conf.json": CONFIG,
        ".gitignore": "__pycache__/\n.asv/\n/results/\n/env/\n",
        "pkg/__init__.py": "",
        "pkg/core.py": CORE,
        "benchmarks/__init__.py": "",
        "benchmarks/bench.py": benchmarks,
    })
    support.commit(folder)
    return folder


def survey(folder, config, package, python):
    """A whole survey, whatever was known."""
    lightspeed(folder, "init", *config, "--source-root", package, "--python", python, "--survey-only", "--force")


def lightspeed(folder, *arguments):
    """The program."""
    command(folder, support.program(), *arguments)


def asv(folder, python, method):
    """asv on the working tree; `--quick` calls each benchmark once and keeps nothing."""
    options = ["--quick", "--launch-method", method, "--environment", f"existing:{python}", "--machine", "bench"]
    command(folder, python, "-m", "asv", "run", *options, HOME=WORK, ASV_PYTHONPATH=folder)


def command(folder, *argv, **more):
    """Runs a command and ends this program if it fails."""
    answer = subprocess.run(
        argv, cwd=folder, env=support.environment(**more), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if answer.returncode != 0:
        sys.exit(f"{' '.join(argv)} ended with exit code {answer.returncode}:\n{answer.stdout}{answer.stderr}")


# How it is measured ----------------------------------------------------------------------------------------------------


def in_turn(what, actions, repetitions):
    """The median cost of each action; they take turns, and a first turn is thrown away."""
    costs = {name: [] for name in actions}
    for repetition in range(repetitions + 1):
        print(f"{what}: {repetition}/{repetitions}", file=sys.stderr, flush=True)
        for name, action in actions.items():
            cost = cost_of(action)
            if repetition > 0:
                costs[name].append(cost)
    for name, each in costs.items():
        walls = ", ".join(shown(cost.wall) for cost in each)
        print(f"{what}: {name}: {walls}", file=sys.stderr, flush=True)
    return {name: summary(each) for name, each in costs.items()}


def summary(costs):
    """The medians, and the fastest wall time: what a busy machine disturbs least."""
    walls, cpus, fastest = zip(*costs)
    return Cost(statistics.median(walls), statistics.median(cpus), min(fastest))


def cost_of(action):
    """Wall time and CPU time, that of child processes included."""
    cpu, began = cpu_seconds(), time.perf_counter()
    action()
    wall = time.perf_counter() - began
    return Cost(wall, cpu_seconds() - cpu, wall)


def cpu_seconds():
    """User and system time of this process and of all its ended children."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


# How it is shown -------------------------------------------------------------------------------------------------------


def document(rows, groups, load):
    """The table with what it was measured on."""
    lines = [
        f"Measured on {datetime.date.today()}: {processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"load average {load:.1f} before it started; `{invocation(groups)}`.",
        "",
        "| what | median | fastest | CPU | ratio | goal |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for what, cost, ratio, met in rows:
        times = map(shown, (cost.wall, cost.fastest, cost.cpu))
        lines.append(f"| {' | '.join([what, *times, f'{ratio:.2f}', met])} |")
    return "\n".join(lines)


def invocation(groups):
    """The command that makes the same table."""
    return " ".join(["python3 scripts/bench.py", *([] if len(groups) == 3 else groups)])


def processor():
    """The CPU's model as Linux tells it."""
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def goal(text, met):
    """A goal and whether it was met."""
    return f"{text}: {'met' if met else 'missed'}"


def shown(seconds):
    """A duration for people."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    main()
