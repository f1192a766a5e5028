"""Finds the Python interpreters of this machine and keeps a virtual environment for each below `target/`.

`python3 scripts/venvs.py` prints the environments' interpreters, separated as in PATH, newest first; `--first` only the one
that most tests use (3.12 or newer where there is one); `--tools DIRECTORY` the one with DIRECTORY/requirements.txt, which needs
3.12, or nothing where there is none.
"""

import glob
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.path.join(ROOT, "target")
REQUIREMENTS = os.path.join(ROOT, "tests", "requirements.txt")
SUPPORTED = [(3, minor) for minor in range(9, 15)]
PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2], sys.implementation.name)"


def main():
    found = sorted(interpreters().items(), reverse=True)
    if not found:
        sys.exit("no Python 3.9 to 3.14 with the venv module found: install python3 and python3-venv")
    modern = [each for each in found if each[0] >= (3, 12)]
    name, requirements = "venv", REQUIREMENTS
    if sys.argv[1:2] == ["--first"]:
        found = [*modern, *found][:1]
    elif sys.argv[1:2] == ["--tools"]:
        found, folder = modern[:1], sys.argv[2].rstrip(os.sep)
        name, requirements = f"venv-{os.path.basename(folder)}", os.path.join(ROOT, folder, "requirements.txt")
    print(os.pathsep.join(venv(python, f"{name}-{major}.{minor}", requirements) for (major, minor), python in found))


def interpreters():
    """One interpreter for each supported version: python3 first, then pyenv's versions, then pythonX.Y on PATH."""
    candidates = [sys.executable]
    candidates += sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python3")))
    candidates += [shutil.which(f"python{major}.{minor}") for major, minor in SUPPORTED]
    found = {}
    for candidate in filter(None, candidates):
        version = version_of(candidate)
        if version in SUPPORTED:
            found.setdefault(version, candidate)
    return found


def version_of(python):
    """(major, minor) of a CPython that can make virtual environments, or None."""
    try:
        answer = subprocess.run([python, "-c", PROBE], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode != 0:
        return None
    version, implementation = answer.stdout.split()
    return tuple(int(part) for part in version.split(".")) if implementation == "cpython" else None


def venv(python, name, requirements):
    """The interpreter of the environment `target/NAME` with these requirements, made anew when they changed."""
    folder = os.path.join(TARGET, name)
    inside = os.path.join(folder, "bin", "python")
    with open(requirements, "rb") as file:
        wanted = hashlib.sha256(file.read() + os.path.realpath(python).encode()).hexdigest()
    stamp = os.path.join(folder, "requirements.sha256")
    if os.path.exists(stamp) and os.path.exists(inside):
        with open(stamp) as file:
            if file.read() == wanted:
                return inside
    print(f"preparing target/{name} …", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    run([python, "-m", "venv", folder])
    pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    run([*pip, "--requirement", requirements])
    with open(stamp, "w") as file:
        file.write(wanted)
    return inside


def run(argv):
    """Runs a command; its output goes to standard error, a failure ends this program."""
    if subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode != 0:
        sys.exit("failed: " + " ".join(argv))


if __name__ == "__main__":
    main()
