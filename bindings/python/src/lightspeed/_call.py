"""Calls into the library: values in, values out, failures raised."""

import ctypes
import os
from array import array
from ctypes import byref, c_void_p, sizeof, string_at
from typing import Any, Callable, Iterable, Type, TypeVar, Union

from lightspeed import _ffi, errors
from lightspeed._constants import Status
from lightspeed._library import lib

PathLike = Union[str, "os.PathLike[str]", bytes]
Struct = TypeVar("Struct", bound=ctypes.Structure)


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls a function whose last parameter is the error; a failure is raised."""
    error = c_void_p()
    if function(*arguments, byref(error)):
        raise errors.taken(error)


def made(function: Callable[..., int], *arguments: Any) -> int:
    """The handle that a call gives, owned by the caller."""
    handle = c_void_p()
    call(function, *arguments, byref(handle))
    if handle.value is None:
        raise errors.Internal(f"{function} gave no handle")
    return handle.value


def owned(function: Callable[..., int], *arguments: Any) -> bytes:
    """The bytes that a call gives, copied."""
    buf = _ffi.Buf()
    call(function, *arguments, byref(buf))
    try:
        return string_at(buf.ptr, buf.len)
    finally:
        lib.lightspeed_buf_free(byref(buf))


def borrowed(function: Callable[..., int], *arguments: Any) -> str:
    """The text that a call lends, copied."""
    text = _ffi.Str()
    call(function, *arguments, byref(text))
    return read(text)


def number(function: Callable[..., int], kind: Any, *arguments: Any) -> int:
    """The number of this ctypes type that a call writes."""
    value = kind()
    call(function, *arguments, byref(value))
    return value.value  # type: ignore[no-any-return]


def read(text: Any) -> str:
    """What a borrowed text says."""
    return string_at(c_void_p.from_buffer(text), text.len).decode()


def text(value: str) -> _ffi.Str:
    """A text for a call; what UTF-8 cannot say is refused."""
    if not isinstance(value, str):
        raise TypeError(f"a text is needed, not {type(value).__name__}")
    raw = value.encode()
    return _ffi.Str(raw, len(raw))


def path(value: PathLike) -> _ffi.Str:
    """A path for a call, in the bytes of the operating system."""
    raw = os.fsencode(value)
    return _ffi.Str(raw, len(raw))


def content(value: Union[str, bytes, bytearray, memoryview]) -> _ffi.Bytes:
    """Bytes for a call; a str is UTF-8."""
    raw = value.encode() if isinstance(value, str) else bytes(memoryview(value))
    return _ffi.Bytes(raw, len(raw))


def texts(values: Iterable[_ffi.Str]) -> Any:
    """An array of texts for a call."""
    listed = list(values)
    return (_ffi.Str * len(listed))(*listed)


def doubles(values: Any) -> "array[float]":
    """Numbers as doubles: of a list, a tuple, an array or anything with one dimension that lends its buffer, as NumPy's arrays do."""
    if isinstance(values, (str, bytes, bytearray)):
        raise TypeError(f"numbers are needed, not {type(values).__name__}")
    try:
        view = memoryview(values)
    except TypeError:
        return array("d", values)
    if view.ndim != 1:
        raise ValueError(f"numbers in one dimension are needed, not in {view.ndim}")
    if view.format != "d" or not view.c_contiguous:
        return array("d", values)
    numbers = array("d")
    numbers.frombytes(view.cast("B"))
    return numbers


def lines(values: Iterable[int]) -> Any:
    """Numbers of lines for a call."""
    listed = list(values)
    if not all(0 <= line < 2**32 for line in listed):
        raise errors.InvalidArgument("lines are counted from 1, in 32 bits", Status.INVALID_ARGUMENT)
    return (ctypes.c_uint32 * len(listed))(*listed)


def pointer(numbers: "array[float]") -> Any:
    """The doubles as an argument, which keeps them alive."""
    return (ctypes.c_double * len(numbers)).from_buffer(numbers)


def options(kind: Type[Struct], init: Callable[..., int], **given: Any) -> Struct:
    """An options struct with the library's defaults, but for what is given and not None."""
    struct = kind()
    call(init, byref(struct), sizeof(kind))
    for name, value in given.items():
        if value is not None:
            setattr(struct, name, value)
            if isinstance(value, int) and getattr(struct, name) != value:  # ctypes drops the bits that do not fit.
                raise errors.InvalidArgument(f"{name} is {value}, which is out of its range", Status.INVALID_ARGUMENT)
    return struct
