"""Lays a real suite out for the demo and the end-to-end tests: flox 0.11.2 from its sdist in a git repository of its own."""

import glob
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "scripts"))

import venvs  # noqa: E402  (needs the path above)

VERSION = "0.11.2"
MINIMUM = (3, 11)
REQUIREMENTS = os.path.join(ROOT, "demo", "requirements.txt")
# The suite's own size knobs, turned down: the same functions run in the same instances, in a tenth of the time.
KNOBS = [
    ("asv_bench/benchmarks/reduce.py", "\nN = 3000\n", "\nN = {size}\n"),
    ("asv_bench/benchmarks/cohorts.py", "        nyears = 5\n", "        nyears = 1\n"),
]
IGNORED = "__pycache__/\n/asv_bench/.asv/\n"


def python():
    """The interpreter of the suite's environment: the newest there is, made on first use."""
    found = {version: path for version, path in venvs.interpreters().items() if version >= MINIMUM}
    if not found:
        sys.exit("flox needs Python 3.11 or newer with the venv module: install python3 and python3-venv")
    preferred = max((version for version in found if version <= (3, 13)), default=max(found))
    return venvs.venv(found[preferred], "venv-flox-%d.%d" % preferred, REQUIREMENTS)


def checkout(folder, inside, size, before=None):
    """A fresh repository in `folder` with package and benchmarks, committed; `size` is the suite's N. A release `before` is its
    first commit then, and each has its version as a tag."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    git(folder, "init", "--quiet")
    for version in filter(None, (before, VERSION)):
        lay_out(folder, inside, version)
        if version == VERSION:
            for path, old, new in KNOBS:
                replace(os.path.join(folder, path), old, new.format(size=size))
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", f"flox {version} as published")
        git(folder, "tag", version)
    return folder


def lay_out(folder, inside, version):
    """Puts a release in place of what is there."""
    source = sdist(inside, version)
    for part in ("flox", "asv_bench", "pyproject.toml", "LICENSE", "README.md"):
        path, there = os.path.join(source, part), os.path.join(folder, part)
        shutil.rmtree(there, ignore_errors=True)
        (shutil.copytree if os.path.isdir(path) else shutil.copy)(path, there)
    write_if_missing(os.path.join(folder, "flox", "_version.py"), f'__version__ = "{version}"\n')
    write_if_missing(os.path.join(folder, ".gitignore"), IGNORED)


def replace(path, before, after):
    """Replaces text that must occur exactly once."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.count(before) != 1:
        sys.exit(f"{path}: expected once, found {text.count(before)} times: {before!r}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(before, after))


def git(folder, *arguments):
    """Git in a folder, whatever the user's own settings are."""
    settings = ["user.name=lightspeed", "user.email=lightspeed@example.invalid", "commit.gpgsign=false"]
    options = [word for setting in settings for word in ("-c", setting)]
    answer = subprocess.run(["git", *options, *arguments], cwd=folder, capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(f"git {' '.join(arguments)}: {answer.stderr.strip()}")
    return answer.stdout


def sdist(inside, version=VERSION):
    """The unpacked sdist below `target/`, fetched on first use."""
    kept = os.path.join(venvs.TARGET, f"flox-{version}")
    if not os.path.isdir(kept):
        os.makedirs(venvs.TARGET, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=venvs.TARGET) as scratch:
            os.rename(fetch(inside, scratch, version), kept)
    return kept


def fetch(inside, scratch, version):
    """Downloads and unpacks the sdist in `scratch`; where pip's metadata step fails, pip's own unpacked copy serves."""
    argv = [inside, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]
    argv += ["--no-binary", ":all:", "--no-build-isolation", "--no-clean", "--dest", scratch, f"flox=={version}"]
    answer = subprocess.run(argv, env={**os.environ, "TMPDIR": scratch}, capture_output=True, text=True)
    for archive in glob.glob(os.path.join(scratch, "flox-*.tar.gz")):
        with tarfile.open(archive) as tar:
            tar.extractall(os.path.join(scratch, "unpacked"))
    for suite in glob.glob(os.path.join(scratch, "**", "asv_bench", "asv.conf.json"), recursive=True):
        source = os.path.dirname(os.path.dirname(suite))
        if os.path.isdir(os.path.join(source, "flox")):
            return source
    sys.exit(f"pip could not download flox {version}:\n{answer.stderr.strip()}")


def write_if_missing(path, text):
    """Writes a file that the sdist may lack."""
    if not os.path.exists(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    destination, size = sys.argv[1], int(sys.argv[2])
    environment = python()
    checkout(destination, environment, size)
    print(environment)
