"""What a call that takes long tells while it runs."""

from typing import Callable, NamedTuple

from lightspeed._constants import EventKind


class Event(NamedTuple):
    """A step of a call's work."""

    kind: EventKind
    #: As the kind says: the name of a stretch or an item, or a line.
    text: str
    #: Of BEGIN, how many items the stretch has; else 0.
    total: int


#: Hears events. It is called on the thread that made the call. False stops the call, which then raises `Cancelled`; what it raises
#: comes out of the call.
Listener = Callable[[Event], object]
