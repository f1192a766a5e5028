"""Builds the wheel and tests it as its users have it: `wheel.py PYTHON …`, with LIGHTSPEED_LIBRARY for the library that goes in.

Each interpreter gets a fresh environment, in which the wheel is installed without an index, a compiler or the source tree. Building fetches hatchling.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent


def main():
    pythons = sys.argv[1:]
    if not pythons or not os.environ.get("LIGHTSPEED_LIBRARY"):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        wheel = build(pathlib.Path(folder))
        for number, python in enumerate(pythons):
            check(python, wheel, pathlib.Path(folder) / f"venv-{number}")
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, works on {len(pythons)} interpreters")


def build(folder):
    """The wheel, which has the library, the types, and no other platform's tag."""
    wheel = packed(HERE.parent, folder)
    names = zipfile.ZipFile(wheel).namelist()
    for name in ("liblightspeed.so", "py.typed", "_ffi.py"):
        if f"lightspeed/{name}" not in names:
            sys.exit(f"{wheel.name} has no {name}")
    if "-py3-none-" not in wheel.name or wheel.name.endswith("-any.whl"):
        sys.exit(f"{wheel.name} is not of one platform and every Python")
    return wheel


def packed(source, folder):
    """The wheel of a source tree, alone in a folder."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def check(python, wheel, venv):
    """Installs the wheel and runs the tests with what was installed; after removing it nothing is left."""
    subprocess.run([python, "-m", "venv", str(venv)], check=True)
    installed = str(venv / "bin" / "python")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIGHTSPEED_LIBRARY", "PYTHON"))}
    pip = [installed, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-index", str(wheel)], check=True, env={**kept, "PATH": "", "CC": "false"})
    # What the suites of the tests run under; the adapters to it come with the wheel.
    subprocess.run([*pip, "install", "--requirement", str(HERE.parents[2] / "tests" / "requirements.txt")], check=True, env=kept)
    tests = [installed, "-W", "error", "-m", "unittest", "discover", "--start-directory", str(HERE)]
    environment = {
        **kept,
        "LIGHTSPEED_INSTALLED": "1",
        "LIGHTSPEED_TEST_PYTHON": os.environ.get("LIGHTSPEED_TEST_PYTHON", python),
    }
    done = subprocess.run(tests, cwd=venv, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{python}: {done.stdout}{done.stderr}")
    print(f"{python}: {done.stderr.splitlines()[-3]}")
    subprocess.run([*pip, "uninstall", "--yes", "lightspeed"], check=True, env=kept)
    left = [str(path) for path in venv.glob("lib/python*/site-packages/lightspeed*")]
    if left:
        sys.exit(f"{python}: removing the wheel leaves {', '.join(left)}")


if __name__ == "__main__":
    main()
