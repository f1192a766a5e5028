"""asv's configuration, with what a session puts in its place."""

import json
import os
import pathlib
import platform
import shutil
import sys
import tempfile
from typing import Any, Iterable, List, Mapping

from lightspeed.asv.errors import ASVError, ConfigError

#: What of the configuration the engine reads itself: overriding it takes a configuration of its own.
_READ_BY_ENGINE = ("benchmark_dir", "repo", "launch_method", "default_benchmark_timeout")


def read_by_engine(overrides: Mapping[str, Any]) -> List[str]:
    """Which overrides the engine has to be told."""
    return [key for key in _READ_BY_ENGINE if key in overrides]


def load(path: pathlib.Path, overrides: Mapping[str, Any]) -> Any:
    """asv's configuration, its paths absolute."""
    try:
        from asv.config import Config
    except ModuleNotFoundError as error:
        raise ConfigError("LightspeedSession reads the configuration with asv: pip install asv") from error
    if not path.is_file():
        raise ConfigError(f"there is no configuration at {path}")
    try:
        conf = Config.load(str(path))
    except Exception as error:  # asv raises whatever its parser does.
        raise ConfigError(f"{path} is no configuration of asv: {error}") from error
    for key, value in overrides.items():
        setattr(conf, key, value)
    absolute(conf, path.parent)
    return conf


def absolute(conf: Any, directory: pathlib.Path) -> None:
    for key in ("benchmark_dir", "results_dir", "html_dir", "env_dir"):
        value = getattr(conf, key, None)
        if value:
            setattr(conf, key, os.path.normpath(os.path.join(directory, os.fspath(value))))


def written(conf: Any, path: pathlib.Path, overridden: Iterable[str]) -> pathlib.Path:
    """A configuration that says what was overridden, beside the database; the given one where that changes nothing."""
    plain = load(path, {})

    def resolved(configuration: Any, key: str) -> Any:
        value = getattr(configuration, key, None)
        if key == "repo" and value and os.path.isdir(os.path.join(path.parent, value)):
            return os.path.realpath(os.path.join(path.parent, value))
        return value

    if all(resolved(conf, key) == resolved(plain, key) for key in overridden):
        return path
    keys = {*_READ_BY_ENGINE, "project", "results_dir", "html_dir", "env_dir", "pythons", "lightspeed"}
    values = {key: resolved(conf, key) for key in sorted(keys) if getattr(conf, key, None) is not None}
    target = pathlib.Path(conf.results_dir) / ".lightspeed.asv.conf.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    _replace(target, json.dumps({"version": 1, **values}, indent=4, default=str))
    return target


def _replace(path: pathlib.Path, text: str) -> None:
    """Writes a file as a whole: others may be reading it."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(fresh, path)
    finally:
        if os.path.exists(fresh):
            os.unlink(fresh)


def interpreter(python: str) -> str:
    """What the engine runs for asv's word for an interpreter."""
    if python == "same":
        return sys.executable
    return python if os.path.dirname(python) else shutil.which(f"python{python}") or python


def note_machine(results_dir: pathlib.Path, machine: str) -> None:
    """asv lists the machines that have results by these files."""
    directory = results_dir / machine
    note = directory / "machine.json"
    if note.exists():
        return
    facts = {"machine": machine, "os": platform.platform(), "arch": platform.machine()}
    facts.update(cpu=platform.processor() or "unknown", num_cpu=str(os.cpu_count() or ""), ram="")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _replace(note, json.dumps({**facts, "version": 1}, indent=4))
    except OSError as error:
        raise ASVError(f"{directory} cannot be written: {error.strerror}: choose another results_dir") from error
