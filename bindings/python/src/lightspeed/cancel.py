"""A token that stops calls."""

from lightspeed._call import made
from lightspeed._handle import Handle
from lightspeed._library import lib


class Cancel:
    """Stops the calls that it is handed to: they raise `Cancelled`. From any thread.

    Once raised it stays so: take a new one for the next call.
    """

    def __init__(self) -> None:
        self._handle = Handle(made(lib.lightspeed_cancel_new), lib.lightspeed_cancel_free, "token")

    def stop(self) -> None:
        """Raises the token, as often as you like."""
        with self._handle as address:
            lib.lightspeed_cancel_raise(address)

    @property
    def is_raised(self) -> bool:
        """Whether it was raised."""
        with self._handle as address:
            return bool(lib.lightspeed_cancel_is_raised(address))

    def __repr__(self) -> str:
        return f"<Cancel {'raised' if self.is_raised else 'not raised'}>"
