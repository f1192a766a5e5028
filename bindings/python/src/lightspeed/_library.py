"""The shared library: where it is found, and its functions."""

import ctypes
import os
import sys
from typing import Any, Callable, List

from lightspeed import _ffi

_NAMES = {
    "win32": ["lightspeed.dll"],
    "darwin": ["liblightspeed.dylib"],
}.get(sys.platform, ["liblightspeed.so", "liblightspeed.so.0"])


class Library:
    """The functions of the library as attributes, each declared to ctypes when it is first used.

    `ctypes.CDLL` lets go of the interpreter's lock during every call.
    """

    def __init__(self, loaded: ctypes.CDLL) -> None:
        self._loaded = loaded

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in _ffi.FUNCTIONS:
            raise AttributeError(f"the library has no function {name}")
        function = getattr(self._loaded, name)
        function.restype, function.argtypes = _ffi.FUNCTIONS[name]()
        setattr(self, name, function)
        return function  # type: ignore[no-any-return]


def version() -> str:
    """The version of the shared library, `0.1.0`; this package has its own in its metadata."""
    text = lib.lightspeed_version()
    return ctypes.string_at(ctypes.c_void_p.from_buffer(text), text.len).decode()


def _places() -> List[str]:
    """Where to look: LIGHTSPEED_LIBRARY alone if it is set, else this package and then what the system's loader finds."""
    given = os.environ.get("LIGHTSPEED_LIBRARY")
    if given:
        return [given]
    here = [os.path.join(os.path.dirname(os.path.abspath(__file__)), name) for name in _NAMES]
    return [*(place for place in here if os.path.isfile(place)), *_NAMES]


def _load() -> Library:
    """The library, or an ImportError that says where it was looked for."""
    failures = []
    for place in _places():
        try:
            loaded = ctypes.CDLL(place)
            number = Library(loaded).lightspeed_abi_version()
        except (OSError, AttributeError) as failure:
            failures.append(f"{place}: {failure}")
            continue
        if number != _ffi.ABI_VERSION:
            raise ImportError(
                f"{place} has the binary interface {number}, and this package needs {_ffi.ABI_VERSION}:"
                " install the library and the package of one release, or set LIGHTSPEED_LIBRARY"
            )
        return Library(loaded)
    raise ImportError(
        "the shared library of lightspeed cannot be loaded: install a wheel of this platform, or set LIGHTSPEED_LIBRARY"
        f" to the library ({'; '.join(failures)})"
    )


lib = _load()
