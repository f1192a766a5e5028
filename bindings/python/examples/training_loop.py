"""A training loop: a scripted agent makes ten edits to flox, and each is scored by the benchmarks that it affects.

`python3 training_loop.py` prepares everything below `target/`, prints a row for each edit, and runs all of flox's suite by
`asv run --quick` to compare with; `--no-full-run` leaves that out. Baselines of an hour ago see the machine's drift as well as the edit:
`--paired` runs the tree before the edit beside it. In a notebook: `session, folder = prepare()`, then
`pandas.DataFrame(score(session, folder, number, edit) for number, edit in enumerate(EDITS))`.
"""

import argparse
import ast
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT / "bindings" / "python" / "src"), str(ROOT / "demo"), str(ROOT / "scripts")]

import flox  # noqa: E402  (needs the paths above; it lays the suite out and is not the package)
import venvs  # noqa: E402
from edits import EDITS  # noqa: E402

import lightspeed  # noqa: E402
from lightspeed import EventKind, Outcome  # noqa: E402

WORK = ROOT / "target" / "training"
CONFIG = pathlib.Path("asv_bench") / "asv.conf.json"
SIZE = 1000
#: Four processes, so that a verdict has something to stand on; short ones, because the agent waits.
TIMING = {"rounds": 4, "repeat": 2, "warmup_time": 0.01}
#: Written into a copy of the tree for the run that finds out what truly executes what.
WITNESS = """
import os, sys
seen = set()
def executed(edit):
    if edit not in seen:
        seen.add(edit)
        with open(os.environ["WITNESSES"], "a") as file:
            file.write(" ".join([str(edit), *sys.argv]) + "\\n")
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-full-run", action="store_true", help="Leave the full re-runs by asv out")
    parser.add_argument("--paired", action="store_true", help="Measure the tree before the edit too, in turn: slower, and drift of the machine costs nothing")
    parser.add_argument("--edits", type=int, metavar="N", default=len(EDITS), help="How many of the ten")
    parser.add_argument("--rounds", type=int, metavar="N", default=TIMING["rounds"], help="Processes for each instance; verdicts need several")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="Write the rows to a file, too")
    args = parser.parse_args()
    TIMING["rounds"] = args.rounds
    began = time.perf_counter()
    session, folder = prepare()
    total = len(session.results()["baselines"])
    print(f"surveyed and timed in {time.perf_counter() - began:.0f} s, once: {total} instances\n")
    rows = []
    print(f"{'edit':37} {'time':>6}  {'run':>4}  {'speed':>7}  {'reward':>7}  verdicts")
    for number, edit in enumerate(EDITS[: args.edits]):
        rows.append(score(session, folder, number, edit, args.paired))
        print(line(rows[-1]), flush=True)
    mean = statistics.mean(row["seconds"] for row in rows)
    print(f"\n{mean:.1f} s an edit on average, {statistics.mean(row['run'] for row in rows):.0f} of {total} instances run")
    if not args.no_full_run:
        full_run(folder, rows, mean)
    if args.json:
        args.json.write_text(json.dumps(rows, indent=2), encoding="utf-8")


def prepare():
    """A session on a fresh checkout of flox, surveyed and with baselines; the checkout."""
    python = interpreter()
    folder = pathlib.Path(flox.checkout(str(WORK / "flox"), python, SIZE))
    session = lightspeed.Session(folder / CONFIG, source_root=folder / "flox", python=python)
    session.init(listener=Progress(), **TIMING)
    return session, folder


def score(session, folder, number, edit, paired=False):
    """Makes an edit, measures what it affects, undoes it; what came of it."""
    how = {"paired": lightspeed.Paired(most_pairs=12, budget_s=60.0)} if paired else {}
    began = time.perf_counter()
    with made(folder, edit):
        step = f"edit-{number}"
        measured = session.measure([folder / edit.path], step_id=step, hotfile_threshold=1.0, **how, **TIMING)
    rewards = session.rewards(step)
    failed = [one for one in measured if one.result.outcome in (Outcome.FAILED, Outcome.TIMED_OUT)]
    verdicts = ["failed" if one in failed else one.result.verdict.name.lower() for one in measured]
    return {
        "edit": edit.what,
        "seconds": time.perf_counter() - began,
        "run": len(measured),
        "speedup": rewards.mean.speedup if rewards.mean else None,
        # A mistake costs more than any slowdown; what is not affected is worth nothing.
        "reward": -1.0 if failed else rewards.mean.reward_lcb if rewards.mean else 0.0,
        "verdicts": {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))},
        "affected": sorted(one.benchmark for one in measured),
    }


def line(row):
    """A row for people."""
    speed = f"{row['speedup']:.2f}x" if row["speedup"] else "–"
    reward = f"{row['reward']:+.3f}"
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in row["verdicts"].items()) or "nothing is affected"
    return f"{row['edit']:37} {row['seconds']:5.1f}s  {row['run']:4}  {speed:>7}  {reward:>7}  {verdicts}"


def full_run(folder, rows, mean):
    """Times `asv run --quick` of everything, and finds out by witnesses in the code which instances execute what is edited."""
    began = time.perf_counter()
    asv_run(folder)
    full = time.perf_counter() - began
    print(f"asv run --quick of everything: {full:.1f} s, {full / mean:.1f} times as long as an edit here")
    truth = witnesses(folder)
    wanted = {(edit.what, name) for number, edit in enumerate(EDITS) for name in truth.get(number, ())}
    run = {(row["edit"], name) for row in rows for name in row["affected"]}
    print(f"truly affected: {len(wanted)} instances over all edits; measured of them: {len(wanted & run)} ({share(wanted & run, wanted)})")
    print(f"measured in vain: {len(run - wanted)} of {len(run)}")
    for what, name in sorted(wanted - run):
        print(f"  missed: {name} by {what}")


def share(some, all_of_them):
    """How much of it, in words."""
    return f"{100 * len(some) / len(all_of_them):.1f} %" if all_of_them else "there were none"


def witnesses(folder):
    """Which instances execute what each edit changes, by running all of them with a witness in its place."""
    log = WORK / "witnesses.txt"
    log.unlink(missing_ok=True)
    (folder / "flox" / "_witness.py").write_text(WITNESS, encoding="utf-8")
    try:
        for number, edit in enumerate(EDITS):
            if edit.code:
                bear_witness(folder / edit.path, edit.before, number)
        asv_run(folder, "--launch-method", "spawn", WITNESSES=str(log))
    finally:
        flox.git(str(folder), "checkout", "--", "flox")
        os.remove(folder / "flox" / "_witness.py")
    found = {}
    for entry in log.read_text(encoding="utf-8").splitlines():
        words = entry.split()
        # asv's worker: the edit, its script, `run`, the suite, the instance.
        if words[2:3] == ["run"]:
            found.setdefault(int(words[0]), set()).add(words[4])
    return found


def bear_witness(path, before, number):
    """Lets the statement that an edit changes say that it is executed."""
    text = path.read_text(encoding="utf-8")
    place = text[: text.index(before)].count("\n") + 1
    around = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt) and node.lineno <= place <= node.end_lineno]
    statement = min(around, key=lambda node: node.end_lineno - node.lineno)
    lines = text.splitlines(keepends=True)
    witness = f"import flox._witness; flox._witness.executed({number})\n"
    lines.insert(statement.lineno - 1, " " * statement.col_offset + witness)
    path.write_text("".join(lines), encoding="utf-8")


def asv_run(folder, *more, **variables):
    """All of the suite by asv, once each, in the tree as it is."""
    # asv keeps what it knows of machines in the home directory; nobody's own is touched.
    environment = {**os.environ, "HOME": str(WORK), "ASV_PYTHONPATH": str(folder), **variables}
    asv(folder, environment, "machine", "--yes", "--machine", "training")
    asv(folder, environment, "run", "--quick", "--dry-run", "-E", "existing:same", "--machine", "training", *more)


def asv(folder, environment, *arguments):
    """One command of asv."""
    argv = [interpreter(), "-m", "asv", *arguments]
    done = subprocess.run(argv, cwd=folder / CONFIG.parent, env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 2):  # 2: a benchmark failed, as some of flox's do.
        sys.exit(f"asv {arguments[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


@contextlib.contextmanager
def made(folder, edit):
    """The edit in place, and gone afterwards."""
    path = str(folder / edit.path)
    flox.replace(path, edit.before, edit.after)
    try:
        yield
    finally:
        flox.replace(path, edit.after, edit.before)


def interpreter():
    """The interpreter of the suite's environment with asv, made on first use."""
    plain = pathlib.Path(flox.python())
    return venvs.venv(str(plain), plain.parent.parent.name.replace("flox", "training"), str(HERE / "requirements.txt"))


class Progress:
    """How far the survey and the baselines are, on one line where somebody looks."""

    def __init__(self):
        self.what, self.done, self.total = "", 0, 0

    def __call__(self, event):
        if event.kind == EventKind.BEGIN:
            self.what, self.done, self.total = event.text, 0, event.total
        elif event.kind == EventKind.DONE:
            self.done += 1
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\033[K{self.what} {self.done}/{self.total}" + ("\n" if self.done == self.total else ""))


if __name__ == "__main__":
    main()
