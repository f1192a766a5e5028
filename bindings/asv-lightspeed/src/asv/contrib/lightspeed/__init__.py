"""Selective re-running of benchmarks: `LightspeedSession`, from the package `lightspeed`."""

from lightspeed.asv import *  # noqa: F403
from lightspeed.asv import __all__ as __all__
