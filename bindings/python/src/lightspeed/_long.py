"""Calls that take long: they can be interrupted, cancelled and listened to."""

import contextlib
import queue
import threading
from typing import Any, Callable, Iterator, List, Optional, TypeVar

from lightspeed import _ffi
from lightspeed._call import read
from lightspeed._constants import EventKind
from lightspeed.cancel import Cancel
from lightspeed.errors import Cancelled
from lightspeed.event import Event, Listener

T = TypeVar("T")


@contextlib.contextmanager
def token_in(options: Any, cancel: Optional[Cancel]) -> Iterator[None]:
    """Keeps the caller's token in the options of a short call."""
    if cancel is None:
        yield
        return
    with cancel._handle as address:
        options.cancel = address
        yield


def run(options: Any, cancel: Optional[Cancel], listener: Optional[Listener], work: Callable[[], T]) -> T:
    """What `work` returns, which calls the library with these options; they get the token and the listener.

    In the main thread, which alone gets signals, `work` runs on a helper thread, so that a KeyboardInterrupt comes at once: it raises
    the token, and comes out when the call has ended. The listener still runs on the thread of the caller.
    """
    token = Cancel() if cancel is None else cancel
    with token._handle as address:
        options.cancel = address
        if threading.current_thread() is threading.main_thread():
            return _Desk(options, token, listener).run(work)
        return _here(options, listener, work)


def _here(options: Any, listener: Optional[Listener], work: Callable[[], T]) -> T:
    """Runs it on this thread."""
    failures: List[BaseException] = []

    def hear(event: Event) -> int:
        try:
            return _answer(listener, event)
        except BaseException as failure:
            failures.append(failure)
            return 1

    _listen(options, hear if listener else None)
    try:
        return work()
    except Cancelled:
        if failures:
            raise failures[0] from None
        raise
    finally:
        _deafen(options)


def _answer(listener: Optional[Listener], event: Event) -> int:
    """0 to go on."""
    return 1 if listener is not None and listener(event) is False else 0


def _listen(options: Any, hear: Optional[Callable[[Event], int]]) -> None:
    """Puts the callback into the options, which keep it."""
    if hear is None:
        return

    def called(_: Any, event: Any) -> int:
        said = event.contents
        return hear(Event(EventKind(said.kind), read(said.text), said.total))

    options.listener = _ffi.Listener(called)


def _deafen(options: Any) -> None:
    """Takes the callback out again, after the call: the options and what it refers to would keep each other."""
    options.listener = _ffi.Listener()


class _Desk:
    """Where the main thread waits for a helper's call, and hears its events meanwhile."""

    def __init__(self, options: Any, token: Cancel, listener: Optional[Listener]) -> None:
        self.options = options
        self.token = token
        self.listener = listener
        self.inbox: "queue.SimpleQueue[Any]" = queue.SimpleQueue()
        self.replies: "queue.SimpleQueue[int]" = queue.SimpleQueue()
        self.failure: Optional[BaseException] = None
        self.ended: List[Any] = []
        _listen(options, self.hear if listener else None)

    def hear(self, event: Event) -> int:
        """On the helper: asks the main thread."""
        self.inbox.put(event)
        while self.failure is None:
            try:
                return self.replies.get(timeout=0.1)
            except queue.Empty:
                continue  # The main thread may have been interrupted between taking the event and answering it.
        return 1

    def run(self, work: Callable[[], T]) -> T:
        """On the main thread: what the call gives."""
        helper = threading.Thread(target=self.work, args=(work,), name="lightspeed", daemon=True)
        try:
            helper.start()
            while not self.ended:
                self.turn()
            helper.join()
        except BaseException:  # Interrupted outside of a turn: the call is left to end by itself.
            self.token.stop()
            raise
        _deafen(self.options)
        error, value = self.ended.pop()
        if self.failure is not None and (error is None or isinstance(error, Cancelled)):
            raise self.failure
        if error is not None:
            raise error
        return value  # type: ignore[no-any-return]

    def turn(self) -> None:
        """Hears an event; a failure stops the call, and an interrupt raises the token as well."""
        try:
            self.take()
        except BaseException as failure:
            self.failure = failure
            if not isinstance(failure, Exception):
                self.token.stop()

    def take(self) -> None:
        """Waits for an event and answers it; the end of the call wakes it too."""
        try:
            event = self.inbox.get(timeout=0.1)
        except queue.Empty:
            return  # Python did not see a signal that came just before it began to wait: it looks now.
        if isinstance(event, Event) and self.failure is None:
            self.replies.put(_answer(self.listener, event))

    def work(self, work: Callable[[], Any]) -> None:
        """On the helper: the call."""
        try:
            self.ended.append((None, work()))
        except BaseException as error:
            self.ended.append((error, None))
        self.inbox.put(None)
