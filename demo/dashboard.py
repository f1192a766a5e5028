"""Makes what the tests and pictures of the dashboard show: flox's database, edited files, and whom `lightspeed select` names for each.

`demo/dashboard.py FOLDER` surveys; with `--measured` it also measures a baseline and a step for each edit. FOLDER gets `suite.db`,
`suite.snapshot`, and for each edit a directory with the edited file, `change.diff` and `select.json`.
"""

import os
import shutil
import subprocess
import sys

import flox
from run import AFTER, BEFORE, EDITED, PROGRAM, SIZE

SUITE = ["--config", "asv_bench/asv.conf.json"]
QUICK = ["--rounds", "1", "--repeat", "8", "--warmup-time", "0.02"]
# nanmean in extended precision, but in one pass.
WIDER = (
    BEFORE,
    BEFORE.replace("nansum(group_idx, array, ", "nansum(group_idx, np.asarray(array, dtype=np.longdouble), ").replace(
        "dtype=dtype", "dtype=np.longdouble"
    ),
)
# By name: a file, and what is put for what in it.
EDITS = {
    "wider": (EDITED, *WIDER),
    "two-passes": (EDITED, BEFORE, AFTER),
    "function": (
        "flox/rechunk.py",
        "def _get_optimal_chunks_for_groups(chunks, labels):\n",
        "def _get_optimal_chunks_for_groups(chunks, labels):\n    labels = np.array(labels)\n",
    ),
    "comment": ("flox/aggregations.py", "from __future__ import annotations\n", "from __future__ import annotations\n# .\n"),
    "broken": ("flox/cohorts.py", "def find_group_cohorts(\n", "def find_group_cohorts(:\n"),
}


def main():
    arguments = [word for word in sys.argv[1:] if word != "--measured"]
    if len(arguments) != 1:
        sys.exit(f"usage: {sys.argv[0]} [--measured] FOLDER")
    folder, measured = os.path.abspath(arguments[0]), "--measured" in sys.argv[1:]
    python = flox.python()
    repository = flox.checkout(os.path.join(folder, "flox"), python, SIZE)
    lightspeed(
        repository, "init", "--source-root", "flox", "--python", python, *(QUICK if measured else ["--survey-only"])
    )
    for name, edit in EDITS.items():
        shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
        os.makedirs(os.path.join(folder, name))
        made(repository, os.path.join(folder, name), *edit)
        if measured:
            with_edit(repository, edit, lambda: lightspeed(repository, "measure", "--step-id", name, *QUICK))
    lightspeed(repository, "export", "--snapshot", os.path.join(folder, "suite.snapshot"))
    database = os.path.join(repository, "asv_bench", ".asv", "results", ".lightspeed_deps.db")
    shutil.copy(database, os.path.join(folder, "suite.db"))


def made(repository, into, path, before, after):
    """The edited file, the diff and the selection, written to a directory."""

    def write():
        shutil.copy(os.path.join(repository, path), into)
        selection = lightspeed(repository, "select", "--json", "--changed-files", path)
        for name, text in {"select.json": selection, "change.diff": flox.git(repository, "diff")}.items():
            with open(os.path.join(into, name), "w", encoding="utf-8") as file:
                file.write(text)

    with_edit(repository, (path, before, after), write)


def with_edit(repository, edit, act):
    """Does something while an edit is in place."""
    path, before, after = edit
    flox.replace(os.path.join(repository, path), before, after)
    try:
        act()
    finally:
        flox.replace(os.path.join(repository, path), after, before)


def lightspeed(repository, verb, *arguments):
    """What the program prints; that a benchmark failed is no failure here."""
    argv = [PROGRAM, verb, *SUITE, *arguments]
    answer = subprocess.run(argv, cwd=repository, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if answer.returncode not in (0, 5):
        sys.exit(f"lightspeed {verb} ended with exit code {answer.returncode}")
    return answer.stdout


if __name__ == "__main__":
    main()
