"""Whether benchmarks would measure another copy of the project than the one under change."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any, Dict, Iterable, Union

from lightspeed.asv.errors import ASVError, ProjectShadowed

PathLike = Union[str, "os.PathLike[str]"]

#: Finds packages without running them: what finds them, a finder of an editable install too, is the interpreter's own.
_PROBE = """
import importlib.util, json, sys
found = {}
for name in sys.argv[2:]:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        continue
    if spec is not None:
        places = list(spec.submodule_search_locations or []) or [spec.origin]
        found[name] = [place for place in places if place and place not in ("built-in", "frozen")]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(found, file)
"""


def check_project_imports(
    env: Any, benchmark_dir: PathLike, launch_method: str, packages: Iterable[str], repo_root: PathLike
) -> None:
    """Raises `ProjectShadowed` where a benchmark would import one of the packages from outside `repo_root`.

    `env` is asv's environment, whose interpreter is asked as asv starts it: in an empty directory, without PYTHONPATH but for
    ASV_PYTHONPATH. A package that it does not find at all is nobody's shadow. `benchmark_dir` and `launch_method` change nothing about
    where packages come from.
    """
    root = os.path.realpath(repo_root)
    found = _places(getattr(env, "_executable", None) or sys.executable, list(packages))
    outside = {name: places[0] for name, places in found.items() if places and not any(_below(place, root) for place in places)}
    if outside:
        raise ProjectShadowed(outside)


def _places(python: str, packages: "list[str]") -> Dict[str, "list[str]"]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if "ASV_PYTHONPATH" in kept:
        kept["PYTHONPATH"] = kept["ASV_PYTHONPATH"]
    with tempfile.TemporaryDirectory() as folder:
        script, answer = os.path.join(folder, "probe.py"), os.path.join(folder, "found.json")
        with open(script, "w", encoding="utf-8") as file:
            file.write(_PROBE)
        done = subprocess.run([python, script, answer, *packages], cwd=folder, env=kept, capture_output=True, text=True)
        if done.returncode:
            raise ASVError(f"{python} cannot look for packages: {done.stderr.strip().splitlines()[-1:] or done.returncode}")
        with open(answer, encoding="utf-8") as file:
            return json.load(file)  # type: ignore[no-any-return]


def _below(place: str, root: str) -> bool:
    real = os.path.realpath(place)
    return real == root or real.startswith(root + os.sep)
