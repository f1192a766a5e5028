"""Why a call failed: `LightspeedError`, with a class of its own for each status."""

import ctypes
from typing import TYPE_CHECKING, Any, Dict, Optional, Tuple, Type

from lightspeed._constants import Status
from lightspeed._library import lib

if TYPE_CHECKING:
    from pathlib import Path

    from lightspeed.pair import Receipt


class LightspeedError(Exception):
    """What was wrong and what to do, in one sentence.

    `status` is the number of the failure and `name` its name. `detail` is what stands behind the sentence, a traceback or the
    name of a cause such as `NotPositive`; often empty. `path` and `line` (from 1) say where, if it is about a place.
    """

    def __init__(
        self,
        message: str,
        status: Status = Status.INTERNAL,
        detail: str = "",
        path: "Optional[Path]" = None,
        line: Optional[int] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.detail = detail
        self.path = path
        self.line = line

    @property
    def name(self) -> str:
        """The name of the status, `INVALID_ARGUMENT`."""
        text = lib.lightspeed_status_name(self.status)
        return ctypes.string_at(ctypes.c_void_p.from_buffer(text), text.len).decode()

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.message, self.status, self.detail, self.path, self.line)


class InvalidArgument(LightspeedError, ValueError):
    """An argument is out of its range, or the call comes when it may not."""


class OutOfRange(LightspeedError, IndexError):
    """An index is not below the count."""


class Panic(LightspeedError):
    """The library failed inside. Open another object: this one is poisoned."""


class Poisoned(LightspeedError):
    """An earlier call on this object ended with a `Panic`: open another."""


class Cancelled(LightspeedError):
    """The token was raised or the listener returned False. What was finished is kept.

    `receipt` is what `run_pair` had run until then; None from other calls.
    """

    receipt: "Optional[Receipt]" = None

    def __reduce__(self) -> Tuple[Any, ...]:
        return (*super().__reduce__(), {"receipt": self.receipt})


class Internal(LightspeedError):
    """Two parts of the library disagree: please report it."""


class FileError(LightspeedError, OSError):
    """A file or directory cannot be read or written."""

    __str__ = LightspeedError.__str__


class ConfigError(LightspeedError):
    """There is no configuration, there are several, or it is broken."""


class PythonError(LightspeedError):
    """No usable Python, or one without asv_runner."""


class SuiteError(LightspeedError):
    """The suite cannot be imported or listed, has no benchmarks, or would measure another copy of the package."""


class ProcessError(LightspeedError):
    """A process could not be started or did not end as it should."""


class GitError(LightspeedError):
    """Git is missing, failed, or knows no such repository or revision."""


class NoSurvey(LightspeedError):
    """There is no finished survey."""


class DatabaseError(LightspeedError):
    """The database is damaged, foreign, or says what cannot be."""


class VersionError(LightspeedError):
    """The database or an analysis in it is of another release."""


class Busy(LightspeedError):
    """Another process holds what is needed; try again."""


class UnknownFile(LightspeedError):
    """A changed file that is neither on disk nor in the survey."""


class NoSourceRoot(LightspeedError):
    """Nobody said where the sources are."""


class ChangedMeanwhile(LightspeedError):
    """A source file changed during the call."""


class OtherHost(LightspeedError):
    """Baselines were measured on another class of machine, and the caller wants none of that."""


class StatisticsError(LightspeedError, ValueError):
    """Numbers that have no such statistic; `detail` is the name of the cause, such as `NotPositive`."""


class CoverageError(LightspeedError, ValueError):
    """A coverage report that cannot be used."""


_CLASSES: Dict[int, Type[LightspeedError]] = {
    Status.INVALID_ARGUMENT: InvalidArgument,
    Status.OUT_OF_RANGE: OutOfRange,
    Status.PANIC: Panic,
    Status.POISONED: Poisoned,
    Status.CANCELLED: Cancelled,
    Status.INTERNAL: Internal,
    Status.IO: FileError,
    Status.CONFIG: ConfigError,
    Status.PYTHON: PythonError,
    Status.SUITE: SuiteError,
    Status.PROCESS: ProcessError,
    Status.GIT: GitError,
    Status.NO_SURVEY: NoSurvey,
    Status.DATABASE: DatabaseError,
    Status.VERSION: VersionError,
    Status.BUSY: Busy,
    Status.UNKNOWN_FILE: UnknownFile,
    Status.NO_SOURCE_ROOT: NoSourceRoot,
    Status.CHANGED_MEANWHILE: ChangedMeanwhile,
    Status.OTHER_HOST: OtherHost,
    Status.STATISTICS: StatisticsError,
    Status.COVERAGE: CoverageError,
}


def taken(error: Any) -> LightspeedError:
    """The exception for an error object of the library, which is freed."""
    try:
        status = Status(lib.lightspeed_error_code(error))
        texts = [
            _text(text)
            for text in (
                lib.lightspeed_error_message(error),
                lib.lightspeed_error_detail(error),
                lib.lightspeed_error_path(error),
            )
        ]
        line = lib.lightspeed_error_line(error)
    finally:
        lib.lightspeed_error_free(error)
    message, detail, path = texts
    made = _CLASSES.get(status, LightspeedError)
    return made(message, status, detail, _path(path), line or None)


def _path(text: str) -> "Optional[Path]":
    from pathlib import Path  # Costs more than the rest of this package: where there is an error, not before.

    return Path(text) if text else None


def _text(text: Any) -> str:
    return ctypes.string_at(ctypes.c_void_p.from_buffer(text), text.len).decode()
