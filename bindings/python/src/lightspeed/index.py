"""What each benchmark executed, ready to be asked what a change affects."""

import os
import pathlib
from ctypes import byref
from typing import Any, Mapping, Optional, Tuple, Union

from lightspeed import _call, _ffi, _long
from lightspeed._constants import Policy
from lightspeed._handle import Handle
from lightspeed._library import lib
from lightspeed.cancel import Cancel
from lightspeed.selection import Selection


class Index:
    """Answers which benchmarks a change affects. Never changes; from any thread."""

    def __init__(self, address: int) -> None:
        """Takes a handle over; `SurveyBuilder.finish`, `Index.load` and `Store.survey` make indexes."""
        self._handle = Handle(address, lib.lightspeed_index_free, "index")

    @classmethod
    def load(cls, source: "Union[bytes, str, os.PathLike[str]]") -> "Index":
        """Of the bytes that `to_bytes` gave, or of the file that `save` wrote.

        Raises `VersionError` where another release wrote it, `DatabaseError` where it is damaged or something else.
        """
        raw = source if isinstance(source, bytes) else pathlib.Path(source).read_bytes()
        return cls(_call.made(lib.lightspeed_index_load, _call.content(raw)))

    def to_bytes(self) -> bytes:
        """The index, to be kept or sent; the same index gives the same bytes."""
        with self._handle as address:
            return _call.owned(lib.lightspeed_index_save, address)

    def save(self, path: "Union[str, os.PathLike[str]]") -> None:
        """Writes the index to a file, which is replaced as a whole."""
        target = pathlib.Path(path)
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            fresh.write_bytes(self.to_bytes())
            os.replace(fresh, target)
        finally:
            if fresh.exists():
                fresh.unlink()

    @property
    def benchmarks(self) -> Tuple[str, ...]:
        """The ids of all instances."""
        with self._handle as address:
            count = lib.lightspeed_index_count(address)
            return tuple(_call.borrowed(lib.lightspeed_index_benchmark, address, place) for place in range(count))

    @property
    def files(self) -> Tuple[str, ...]:
        """The paths of all files, relative to the top of the sources."""
        with self._handle as address:
            count = lib.lightspeed_index_file_count(address)
            return tuple(_call.borrowed(lib.lightspeed_index_file, address, place) for place in range(count))

    def select(
        self,
        files: Mapping[str, Optional[Union[str, bytes]]],
        *,
        hotfile_threshold: Optional[float] = None,
        policy: Optional[Policy] = None,
        cancel: Optional[Cancel] = None,
    ) -> Selection:
        """What files as they are now affect: path → content, None for one that is gone. Touches no file.

        Those with the content that the survey saw are passed over, so that all files of the tree may be handed in.
        `hotfile_threshold` is from 0 to 1.
        """
        given = [_file(path, content) for path, content in files.items()]
        array = (_ffi.File * len(given))(*given)
        options = _options(hotfile_threshold, policy)
        return self._select(lib.lightspeed_index_select, options, cancel, array, len(given))

    def select_directory(
        self,
        root: _call.PathLike,
        *,
        hotfile_threshold: Optional[float] = None,
        policy: Optional[Policy] = None,
        cancel: Optional[Cancel] = None,
    ) -> Selection:
        """What every difference affects between the survey and the files below `root`, the top of the sources.

        Changed and deleted files count, and new Python files. Raises `FileError` where one cannot be read.
        """
        return self._select(lib.lightspeed_index_select_directory, _options(hotfile_threshold, policy), cancel, _call.path(root))

    def _select(self, function: Any, options: _ffi.SelectOptions, cancel: Optional[Cancel], *given: Any) -> Selection:
        with self._handle as address, _long.token_in(options, cancel):
            return Selection(_call.made(function, address, *given, byref(options)))

    def __len__(self) -> int:
        with self._handle as address:
            return int(lib.lightspeed_index_count(address))

    def __repr__(self) -> str:
        with self._handle as address:
            counts = lib.lightspeed_index_count(address), lib.lightspeed_index_file_count(address)
        return f"<Index of {counts[0]} benchmarks and {counts[1]} files>"


def _options(hotfile_threshold: Optional[float], policy: Optional[Policy]) -> _ffi.SelectOptions:
    init = lib.lightspeed_select_options_init
    return _call.options(_ffi.SelectOptions, init, hotfile_threshold=hotfile_threshold, policy=policy)


def _file(path: str, content: Optional[Union[str, bytes]]) -> _ffi.File:
    return _ffi.File(_call.text(path), _call.content(content or b""), content is None)
