"""The session that clients of ASV's Lightspeed know: `LightspeedSession`, its dataclasses and its exceptions.

With the wheel `asv-lightspeed` the same names are `asv.contrib.lightspeed`'s. Needs asv, from whose configuration and suite it starts.
"""

from lightspeed.asv.errors import ASVError, BenchmarkError, ConfigError, NoBenchmarksError, ProjectShadowed
from lightspeed.asv.outcome import BenchmarkDelta, InitResult, MeasureResult, TimingInfo
from lightspeed.asv.session import LightspeedSession

__all__ = [
    "ASVError",
    "BenchmarkDelta",
    "BenchmarkError",
    "ConfigError",
    "InitResult",
    "LightspeedSession",
    "MeasureResult",
    "NoBenchmarksError",
    "ProjectShadowed",
    "TimingInfo",
]
