"""The suite that the tests work on: a package in a git repository, installed as its developers have it, and asv's benchmarks of it."""

import os
import subprocess
import sys

CONFIG = """{
    // Comments and a trailing comma, as many a suite has them.
    "version": 1,
    "project": "pkg",
    "repo": "..", /* the repository */
    "branches": ["main"],
    "benchmark_dir": "suite",
    "results_dir": "results",
}
"""
BENCHMARKS = """
import pkg


class Sums:
    params = [[10, 1000], ["int", "float"]]
    param_names = ["size", "kind"]

    def setup(self, size, kind):
        if kind == "float" and size == 1000:
            raise NotImplementedError("not for this one")
        self.data = [float(i) if kind == "float" else i for i in range(size)]

    def time_total(self, size, kind):
        pkg.total(self.data)

    def time_largest(self, size, kind):
        pkg.largest(self.data)


def track_count():
    return pkg.count([1, 2, 3])


track_count.unit = "things"


def peakmem_count():
    pkg.count(list(range(1000)))


def time_fails():
    raise RuntimeError("it always does")
"""
FILES = {
    ".gitignore": "__pycache__/\n/bench/results/\n/out/\n",
    "bench/asv.conf.json": CONFIG,
    "bench/suite/__init__.py": "",
    "bench/suite/sums.py": BENCHMARKS,
    "bench/suite/broken.py": "import a_module_that_nobody_has\n\n\ndef time_nothing():\n    pass\n",
    "src/pkg/__init__.py": "from pkg.core import count, largest, total\n",
    "src/pkg/core.py": "def total(data):\n    return sum(data)\n\n\ndef largest(data):\n    return max(data)\n\n\ndef count(data):\n    return len(data)\n",
    "README.md": "A package.\n",
}
#: Many times the work in `total`, so that no noise hides it, and nothing else.
SLOWER = ("src/pkg/core.py", "    return sum(data)\n", "    return [sum(data) for _ in range(30)][0]\n")
QUICK = {"rounds": 1, "repeat": 3, "warmup_time": 0.0}


def make(folder):
    """The repository in a folder, committed."""
    for path, text in FILES.items():
        write(folder, path, text)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "the package")


def edit(folder, path, old, new):
    """Replaces a text in a file, which must have it."""
    with open(os.path.join(folder, path), encoding="utf-8") as file:
        text = file.read()
    assert old in text, f"{path} has no {old!r}"
    write(folder, path, text.replace(old, new))


def write(folder, path, text):
    """Writes a file of the repository."""
    full = os.path.join(folder, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)


def git(folder, *arguments):
    """Runs git; its output."""
    people = {f"GIT_{who}_{what}": "lightspeed@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **people, **quiet}, check=True, capture_output=True, text=True
    )
    return done.stdout


def installed(folder):
    """Makes this interpreter import `pkg` from the repository, as an editable install does; the file to remove afterwards."""
    import sysconfig

    path = os.path.join(sysconfig.get_paths()["purelib"], "__pkg_of_the_tests.pth")
    with open(path, "w", encoding="utf-8") as file:
        file.write(os.path.join(folder, "src") + "\n")
    return path


def python(script, *arguments):
    """Runs a script in a process of its own; its output."""
    done = subprocess.run([sys.executable, "-W", "error::DeprecationWarning:lightspeed", script, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f"{script} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout
