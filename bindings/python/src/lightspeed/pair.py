"""Two commands, run in turn until it is known whether the wall time changed."""

import ctypes
import json
from ctypes import byref
from typing import Any, Dict, NamedTuple, Optional, Sequence

from lightspeed import _call, _ffi, _long
from lightspeed._constants import Gate
from lightspeed._library import lib
from lightspeed.cancel import Cancel
from lightspeed.errors import Cancelled
from lightspeed.event import Listener


class Receipt(NamedTuple):
    """What running both commands gave."""

    #: What to do; ERROR where a run failed.
    gate: Gate
    #: Every run and what they say: the document that `lightspeed pair --json` prints.
    document: Dict[str, Any]

    def __repr__(self) -> str:
        return f"<Receipt: {self.gate.name}>"


def run_pair(
    baseline: Sequence[_call.PathLike],
    current: Sequence[_call.PathLike],
    *,
    name: Optional[str] = None,
    cwd: Optional[_call.PathLike] = None,
    timeout_s: Optional[float] = None,
    warmup: Optional[int] = None,
    least_pairs: Optional[int] = None,
    most_pairs: Optional[int] = None,
    alpha: Optional[float] = None,
    threshold: Optional[float] = None,
    seed: Optional[int] = None,
    allow_nonzero: Optional[bool] = None,
    work_units: Optional[float] = None,
    cancel: Optional[Cancel] = None,
    listener: Optional[Listener] = None,
) -> Receipt:
    """Runs two commands, each a program and its arguments, in turn; no shell reads them.

    `timeout_s`, seconds that a run may take; `warmup`, pairs that do not count; `alpha`, the probability of calling a change where there
    is none; `threshold`, up to which share a change does not matter; `seed` of the order, by default one that nothing decides;
    `work_units`, how much work a run does. A run that fails is no exception but in the receipt; a command that cannot be started raises
    `ProcessError`. Raises `Cancelled`, whose `receipt` has the runs until then; a KeyboardInterrupt ends the children too.
    """
    for command in (baseline, current):
        if isinstance(command, (str, bytes)):
            raise TypeError("a command is a list, the program and its arguments")
    sides = [[_call.path(word) for word in command] for command in (baseline, current)]
    arrays = [_call.texts(side) for side in sides]
    options = _call.options(
        _ffi.PairOptions,
        lib.lightspeed_pair_options_init,
        name=None if name is None else _call.text(name),
        baseline=arrays[0],
        baseline_count=len(sides[0]),
        current=arrays[1],
        current_count=len(sides[1]),
        cwd=None if cwd is None else _call.path(cwd),
        timeout_s=timeout_s,
        warmup=warmup,
        least_pairs=least_pairs,
        most_pairs=most_pairs,
        alpha=alpha,
        threshold=threshold,
        seed=0 if seed is None else seed,
        random_seed=seed is None,
        allow_nonzero=allow_nonzero,
        work_units=work_units,
    )

    def work() -> Receipt:
        gate, document = ctypes.c_int32(), _ffi.Buf()

        def receipt() -> Receipt:
            return Receipt(Gate(gate.value), json.loads(ctypes.string_at(document.ptr, document.len)))

        try:
            _call.call(lib.lightspeed_pair_run, byref(options), byref(gate), byref(document))
            return receipt()
        except Cancelled as stopped:
            stopped.receipt = receipt()
            raise
        finally:
            lib.lightspeed_buf_free(byref(document))

    return _long.run(options, cancel, listener, work)
