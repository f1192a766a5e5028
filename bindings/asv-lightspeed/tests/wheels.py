"""Builds both wheels and tests them on stock asv: `wheels.py PYTHON …`, with LIGHTSPEED_LIBRARY for the library that goes in.

Each interpreter gets a fresh environment with asv from the index. Its tests are those beside this file; then asv has to work without what the wheel
needs, and to be as it was after the wheel is removed.
"""

import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BINDINGS = HERE.parent.parent
ASV = "asv==0.6.6"

sys.path.insert(0, str(BINDINGS / "python" / "tests"))

import wheel  # noqa: E402  (needs the path above)


def main():
    pythons = sys.argv[1:]
    if not pythons or not os.environ.get("LIGHTSPEED_LIBRARY"):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        wheels = [wheel.build(pathlib.Path(folder) / "lightspeed"), wheel.packed(HERE.parent, pathlib.Path(folder) / "shims")]
        for number, python in enumerate(pythons):
            check(python, wheels, pathlib.Path(folder) / f"venv-{number}")
    print(f"{wheels[1].name}: works with {ASV} on {len(pythons)} interpreters, and leaves nothing behind")


def check(python, wheels, venv):
    subprocess.run([python, "-m", "venv", str(venv)], check=True)
    inside = Environment(venv)
    inside.pip("install", ASV)
    stock = inside.files()
    inside.pip("install", *map(str, wheels))
    changed = [path for path, digest in stock.items() if inside.files().get(path) != digest]
    if changed:
        sys.exit(f"{python}: the wheels change {', '.join(changed)} of asv")
    print(f"{python}: {inside.tests()}")
    inside.pip("uninstall", "--yes", "lightspeed")
    inside.works_without("lightspeed")
    inside.pip("uninstall", "--yes", "asv-lightspeed")
    if inside.files() != stock:
        sys.exit(f"{python}: removing the wheel leaves {sorted(set(inside.files()) ^ set(stock))}")
    if "initialize_diffcheck" in inside.asv("--help").stdout:
        sys.exit(f"{python}: asv still has the commands")


class Environment:
    """A virtual environment, with nothing of ours in its variables."""

    def __init__(self, venv):
        self.venv = venv
        self.python = str(venv / "bin" / "python")
        kept = ("LIGHTSPEED_LIBRARY", "PYTHON", "ASV_", "GIT_")
        self.variables = {name: value for name, value in os.environ.items() if not name.startswith(kept)}

    def run(self, *argv, check=True):
        done = subprocess.run([self.python, *argv], cwd=self.venv, env=self.variables, capture_output=True, text=True)
        if check and done.returncode:
            sys.exit(f"{self.python} {' '.join(argv)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def pip(self, *arguments):
        self.run("-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)

    def asv(self, *arguments, check=True):
        return self.run("-m", "asv", *arguments, check=check)

    def tests(self):
        return self.run("-m", "unittest", "discover", "--start-directory", str(HERE)).stderr.splitlines()[-3]

    def works_without(self, package):
        """asv's own commands work, ours say what is missing."""
        if "initialize_diffcheck" not in self.asv("--help").stdout:
            sys.exit(f"asv without {package} does not list the commands")
        config = self.venv / "asv.conf.json"
        config.write_text('{"version": 1, "project": "p", "repo": ".", "environment_type": "existing"}', encoding="utf-8")
        for command in (["initialize_diffcheck", "--source-root", "."], ["measure_impacted", "--from-git-diff"]):
            done = self.asv(*command, check=False)
            said = done.stdout + done.stderr
            if done.returncode != 1 or f"pip install {package}" not in said or "Traceback" in said:
                sys.exit(f"asv {command[0]} without {package}: exit {done.returncode}\n{said}")

    def files(self):
        """The files of asv's own directory with their digests, but for bytecode."""
        found = {}
        for path in self.venv.glob("lib/python*/site-packages/asv/**/*"):
            if path.is_file() and "__pycache__" not in path.parts:
                found[str(path.relative_to(self.venv))] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found


if __name__ == "__main__":
    main()
