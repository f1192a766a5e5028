"""What a source file is made of."""

import ctypes
from ctypes import byref
from typing import Iterator, NamedTuple, Optional, Sequence, Tuple, Union, overload

from lightspeed import _call, _ffi
from lightspeed._constants import BlockKind, Language
from lightspeed._handle import Handle
from lightspeed._library import lib


class Block(NamedTuple):
    """A piece of a file that changes and runs as one."""

    #: Its identity inside the file: the qualified name, branches below it, `Class.method/if[0].else`.
    id: str
    kind: BlockKind
    #: First and last line, from 1, both included.
    lines: Tuple[int, int]
    #: CRC-32 of its own statements, in which layout and comments do not count.
    checksum: int


class Diagnostic(NamedTuple):
    """A part of a file that could not be read: whatever depends on it counts as affected."""

    text: str
    #: Its first line, from 1.
    line: int


class Blocks(Sequence[Block]):
    """The blocks of a file, in the order of first lines; the first is the module. Never changes."""

    def __init__(self, found: Sequence[Block], diagnostics: Sequence[Diagnostic] = ()) -> None:
        self._found = tuple(found)
        #: What could not be read.
        self.diagnostics: Tuple[Diagnostic, ...] = tuple(diagnostics)

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> Block: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Block]: ...
    def __getitem__(self, place: Union[int, slice]) -> Union[Block, Sequence[Block]]:
        return self._found[place]

    def __iter__(self) -> Iterator[Block]:
        return iter(self._found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Blocks):
            return NotImplemented
        return (self._found, self.diagnostics) == (other._found, other.diagnostics)

    def __hash__(self) -> int:
        return hash((self._found, self.diagnostics))

    def __repr__(self) -> str:
        unread = f", {len(self.diagnostics)} unreadable" if self.diagnostics else ""
        return f"<Blocks {', '.join(block.id for block in self._found[:5])}{', …' if len(self) > 5 else ''}: {len(self)}{unread}>"

    def at(self, line: int) -> Optional[Block]:
        """The innermost block with this line, from 1; None where there is none."""
        around = [block for block in self._found if block.lines[0] <= line <= block.lines[1]]
        return min(around, key=lambda block: block.lines[1] - block.lines[0], default=None)


def blocks(source: Union[str, bytes], docstrings: Optional[bool] = None, language: Optional[Language] = None) -> Blocks:
    """The blocks of source, Python's by default: a text, or the bytes of a file in the encoding that they declare.

    With `docstrings` they count as code. What cannot be read is a diagnostic and no error. From any thread.
    """
    options = _call.options(_ffi.BlocksOptions, lib.lightspeed_blocks_options_init, docstrings=docstrings, language=language)
    address = _call.made(lib.lightspeed_blocks_analyse, _call.content(source), byref(options))
    handle = Handle(address, lib.lightspeed_blocks_free, "analysis")
    with handle:
        found = [_block(address, place) for place in range(lib.lightspeed_blocks_count(address))]
        unread = [_diagnostic(address, place) for place in range(lib.lightspeed_blocks_diagnostic_count(address))]
    handle.close()
    return Blocks(found, unread)


def _block(address: int, place: int) -> Block:
    kind = _call.number(lib.lightspeed_blocks_kind, ctypes.c_int32, address, place)
    start, end = ctypes.c_uint32(), ctypes.c_uint32()
    _call.call(lib.lightspeed_blocks_lines, address, place, byref(start), byref(end))
    checksum = _call.number(lib.lightspeed_blocks_checksum, ctypes.c_uint32, address, place)
    return Block(_call.borrowed(lib.lightspeed_blocks_id, address, place), BlockKind(kind), (start.value, end.value), checksum)


def _diagnostic(address: int, place: int) -> Diagnostic:
    text, line = _ffi.Str(), ctypes.c_uint32()
    _call.call(lib.lightspeed_blocks_diagnostic, address, place, byref(text), byref(line))
    return Diagnostic(_call.read(text), line.value)
