"""A handle of the library that is freed once, when nobody uses it any more."""

import threading
import weakref
from typing import Any, Callable


class Handle:
    """Lends the address of a library's object: `with handle as address:`.

    May be lent to several threads at once; with `exclusive` to one at a time. After `close` it is lent no more, and freed when the last
    call that has it returns.
    """

    __slots__ = ("_address", "_free", "_kind", "_lock", "_turn", "_users", "_finalizer", "__weakref__")

    def __init__(self, address: int, free: Callable[[int], None], kind: str, exclusive: bool = False) -> None:
        self._address: Any = address
        self._free = free
        self._kind = kind
        self._lock = threading.Lock()
        self._turn = threading.RLock() if exclusive else None
        self._users = 0
        self._finalizer: Any = weakref.finalize(self, free, address)
        self._finalizer.atexit = False  # A call may still run on another thread when the interpreter ends.

    @property
    def closed(self) -> bool:
        """Whether it is lent no more."""
        return self._address is None

    def __enter__(self) -> int:
        if self._turn is not None:
            self._turn.acquire()
        with self._lock:
            address = self._address
            if address is not None:
                self._users += 1
        if address is None:
            if self._turn is not None:
                self._turn.release()
            raise ValueError(f"this {self._kind} is closed")
        return address  # type: ignore[no-any-return]

    def __exit__(self, *_: Any) -> None:
        with self._lock:
            self._users -= 1
            last = self._users == 0 and self._address is None
        if self._turn is not None:
            self._turn.release()
        if last:
            self._finalizer()

    def close(self) -> None:
        """Frees it; a second time does nothing."""
        with self._lock:
            self._address = None
            last = self._users == 0
        if last:
            self._finalizer()

    def consumed(self) -> int:
        """Its address, for a call that takes it away; only for an exclusive handle that is lent to nobody."""
        with self as address, self._lock:
            self._address = None
            self._finalizer.detach()
        return address
