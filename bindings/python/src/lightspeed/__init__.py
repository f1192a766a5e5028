"""Which benchmarks a source change affects, how much each moved, and whether that can be trusted.

`Session` works on an ASV suite; `SurveyBuilder`, `Index` and `Experiment` serve a harness of its own; `stats` compares samples;
`blocks` shows what a source file is made of; `frame` is for programs that are measured. Failures are `LightspeedError`s.

Importing this package loads neither its modules nor the shared library: the first use of a name does.
"""

TYPE_CHECKING = False  # As typing has it, whose import would take longer than all else here.
if TYPE_CHECKING:
    from typing import Any, List

    from lightspeed import frame as frame
    from lightspeed import stats as stats
    from lightspeed._constants import BlockKind as BlockKind
    from lightspeed._constants import CoverageFormat as CoverageFormat
    from lightspeed._constants import Design as Design
    from lightspeed._constants import EventKind as EventKind
    from lightspeed._constants import Gate as Gate
    from lightspeed._constants import Language as Language
    from lightspeed._constants import Launch as Launch
    from lightspeed._constants import Outcome as Outcome
    from lightspeed._constants import Policy as Policy
    from lightspeed._constants import Side as Side
    from lightspeed._constants import Status as Status
    from lightspeed._constants import Verdict as Verdict
    from lightspeed._library import version as version
    from lightspeed.asv import LightspeedSession as LightspeedSession
    from lightspeed.block import Block as Block
    from lightspeed.block import Blocks as Blocks
    from lightspeed.block import blocks as blocks
    from lightspeed.cancel import Cancel as Cancel
    from lightspeed.coverage import Coverage as Coverage
    from lightspeed.errors import Cancelled as Cancelled
    from lightspeed.errors import LightspeedError as LightspeedError
    from lightspeed.event import Event as Event
    from lightspeed.experiment import Experiment as Experiment
    from lightspeed.experiment import Run as Run
    from lightspeed.index import Index as Index
    from lightspeed.measurement import Measured as Measured
    from lightspeed.measurement import Measurement as Measurement
    from lightspeed.pair import Receipt as Receipt
    from lightspeed.pair import run_pair as run_pair
    from lightspeed.report import report_text as report_text
    from lightspeed.result import Result as Result
    from lightspeed.reward import Reward as Reward
    from lightspeed.reward import Rewards as Rewards
    from lightspeed.selection import Affected as Affected
    from lightspeed.selection import Selection as Selection
    from lightspeed.session import Paired as Paired
    from lightspeed.session import Session as Session
    from lightspeed.session import select as select
    from lightspeed.store import Loaded as Loaded
    from lightspeed.store import Store as Store
    from lightspeed.survey import SurveyBuilder as SurveyBuilder

_MODULES = {
    "_constants": "BlockKind CoverageFormat Design EventKind Gate Language Launch Outcome Policy Side Status Verdict",
    "_library": "version",
    "asv": "LightspeedSession",
    "block": "Block Blocks blocks",
    "cancel": "Cancel",
    "coverage": "Coverage",
    "errors": "Cancelled LightspeedError",
    "event": "Event",
    "experiment": "Experiment Run",
    "frame": "",
    "index": "Index",
    "measurement": "Measured Measurement",
    "pair": "Receipt run_pair",
    "report": "report_text",
    "result": "Result",
    "reward": "Reward Rewards",
    "selection": "Affected Selection",
    "session": "Paired Session select",
    "stats": "",
    "store": "Loaded Store",
    "survey": "SurveyBuilder",
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names.split()}

__all__ = sorted([*_HOMES, "errors", "frame", "stats"])


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    if name in _HOMES:
        value = getattr(import_module(f"lightspeed.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return import_module(f"lightspeed.{name}")
    raise AttributeError(f"module 'lightspeed' has no attribute '{name}'")


def __dir__() -> "List[str]":
    return sorted({*globals(), *__all__})
