"""The demo: survey flox's benchmarks, edit one function, select what it affects, measure that, show the table.

Everything lies below `target/demo`; each command is shown as it is run. The edit is undone at the end.
"""

import os
import shlex
import subprocess
import sys
import time

import flox

PROGRAM = os.environ.get("LIGHTSPEED_BIN") or os.path.join(flox.ROOT, "target", "release", "lightspeed")
SIZE = 1000
EDITED = "flox/aggregate_flox.py"
# nanmean in two passes and extended precision: a change that someone might propose, and whose price someone should see.
BEFORE = """    out = nansum(group_idx, array, size=size, axis=axis, dtype=dtype, fill_value=fill_value)
    with np.errstate(invalid="ignore", divide="ignore"):
        out /= nanlen(group_idx, array, size=size, axis=axis, fill_value=0)
    return out


def ffill("""
AFTER = """    wide = np.asarray(array, dtype=np.longdouble)
    count = nanlen(group_idx, array, size=size, axis=axis, fill_value=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        out = nansum(group_idx, wide, size=size, axis=axis, dtype=np.longdouble, fill_value=fill_value) / count
        rest = wide - out[..., group_idx]
        out += nansum(group_idx, rest, size=size, axis=axis, dtype=np.longdouble, fill_value=0) / count
    return out.astype(dtype or np.float64)


def ffill("""


def main():
    started = time.monotonic()
    say(f"flox {flox.VERSION} from its sdist, in a git repository of its own (its N = 3000 set to {SIZE}, nyears to 1)")
    python = flox.python()
    folder = flox.checkout(os.path.join(flox.ROOT, "target", "demo", "flox"), python, SIZE)
    suite = ["--config", "asv_bench/asv.conf.json"]

    say("survey which code each benchmark executes, then measure the baseline")
    timing = ["--rounds", "1", "--repeat", "8", "--warmup-time", "0.02"]
    run(folder, "init", *suite, "--source-root", "flox", "--python", os.path.relpath(python, folder), *timing)

    say("nothing has changed yet")
    run(folder, "select", *suite, "--from-git-diff")

    say(f"nanmean in {EDITED} now takes two passes in extended precision")
    path = os.path.join(folder, EDITED)
    flox.replace(path, BEFORE, AFTER)
    try:
        echo("git diff")
        print(flox.git(folder, "diff", "--unified=1"), flush=True)

        say("which benchmarks does that affect, and why?")
        run(folder, "select", *suite, "--from-git-diff", "--explain")

        say("measure only those")
        run(folder, "measure", *suite, "--from-git-diff", *timing)
    finally:
        flox.replace(path, AFTER, BEFORE)
        say("the edit is undone")
    run(folder, "select", *suite, "--from-git-diff")
    print(f"\ndone in {time.monotonic() - started:.0f} s; the repository is {os.path.relpath(folder)}")


def run(folder, *arguments):
    """Shows and runs `lightspeed …` in the suite's repository; a failure ends the demo."""
    echo(shlex.join(["lightspeed", *arguments]))
    code = subprocess.run([PROGRAM, *arguments], cwd=folder, stdin=subprocess.DEVNULL).returncode
    if code != 0:
        sys.exit(f"lightspeed {arguments[0]} ended with exit code {code}")


def say(sentence):
    """A heading."""
    print(f"\n# {sentence}", flush=True)


def echo(command):
    """A command as it would be typed."""
    print(f"$ {command}", flush=True)


if __name__ == "__main__":
    main()
