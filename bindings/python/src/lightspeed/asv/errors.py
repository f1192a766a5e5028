"""Why a `LightspeedSession` could not go on. What goes wrong in one benchmark is in its results, and no exception."""

import contextlib
from typing import Dict, Iterator, Optional

from lightspeed import errors


class ASVError(Exception):
    """What was wrong and what to do, in one sentence. `__cause__` is the library's own error, where there is one."""


class ConfigError(ASVError):
    """The configuration cannot be read, or cannot be used."""


class BenchmarkError(ASVError):
    """The suite or a benchmark failed so that nothing could go on.

    `benchmark_name` is the benchmark, where it is about one; `stderr` is what it wrote, or the traceback.
    """

    def __init__(self, message: str, *, benchmark_name: Optional[str] = None, stderr: Optional[str] = None) -> None:
        super().__init__(message)
        self.benchmark_name = benchmark_name
        self.stderr = stderr


class NoBenchmarksError(ASVError):
    """There are no benchmarks."""


class ProjectShadowed(ASVError):
    """Benchmarks would import packages from elsewhere than the sources under change.

    `paths` says from where, by package.
    """

    def __init__(self, paths: Dict[str, str]) -> None:
        each = ", ".join(f"{package} comes from {path}" for package, path in sorted(paths.items()))
        super().__init__(f"another copy of the project would be measured: {each}; uninstall it, or install the sources in editable mode")
        self.paths = paths


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """The library's errors as those above."""
    try:
        yield
    except errors.ConfigError as error:
        raise ConfigError(str(error)) from error
    except errors.NoSurvey as error:
        raise ASVError(f"Dependency database not found: {error}; call initialize_diffcheck() first") from error
    except errors.SuiteError as error:
        raise _of_suite(error) from error
    except errors.LightspeedError as error:
        raise ASVError(str(error)) from error


def _of_suite(error: errors.SuiteError) -> ASVError:
    places = [line.split("\t") for line in error.detail.splitlines()]
    if places and all(len(place) == 2 for place in places):
        return ProjectShadowed({package: path for package, path in places})
    if error.path is not None and not error.detail:  # The suite's directory, where nothing failed either.
        return NoBenchmarksError(str(error))
    return BenchmarkError(str(error), stderr=error.detail or None)
