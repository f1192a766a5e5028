"""Coverage reports of other tools."""

import ctypes
import os
import pathlib
from ctypes import byref
from typing import Iterator, NamedTuple, Sequence, Tuple, Union, overload

from lightspeed import _call
from lightspeed._constants import CoverageFormat
from lightspeed._handle import Handle
from lightspeed._library import lib


class CoveredFile(NamedTuple):
    """A file of a report."""

    #: As the tool wrote it.
    path: str
    #: The lines that ran, from 1, rising.
    lines: Tuple[int, ...]


class Coverage(Sequence[CoveredFile]):
    """Which lines of which files ran, in the order of paths. Never changes; from any thread."""

    def __init__(self, report: bytes, format: CoverageFormat = CoverageFormat.ANY) -> None:
        """Reads the bytes of a report. A broken one raises `CoverageError`."""
        address = _call.made(lib.lightspeed_coverage_read, _call.content(report), int(format))
        self._handle = Handle(address, lib.lightspeed_coverage_free, "report")
        self._count = int(lib.lightspeed_coverage_count(address))

    @classmethod
    def load(cls, path: "Union[str, os.PathLike[str]]", format: CoverageFormat = CoverageFormat.ANY) -> "Coverage":
        """Reads a report from a file."""
        return cls(pathlib.Path(path).read_bytes(), format)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> CoveredFile: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[CoveredFile]: ...
    def __getitem__(self, place: Union[int, slice]) -> Union[CoveredFile, Sequence[CoveredFile]]:
        if isinstance(place, slice):
            return tuple(self[one] for one in range(*place.indices(self._count)))
        return self._file(place + self._count if place < 0 else place)

    def __iter__(self) -> Iterator[CoveredFile]:
        return (self._file(place) for place in range(self._count))

    def __repr__(self) -> str:
        return f"<Coverage of {self._count} files>"

    def _file(self, place: int) -> CoveredFile:
        if not 0 <= place < self._count:
            raise IndexError(f"the report has {self._count} files")
        lines, count = ctypes.POINTER(ctypes.c_uint32)(), ctypes.c_size_t()
        with self._handle as address:
            _call.call(lib.lightspeed_coverage_lines, address, place, byref(lines), byref(count))
            path = _call.borrowed(lib.lightspeed_coverage_path, address, place)
            return CoveredFile(path, tuple(lines[: count.value]))
