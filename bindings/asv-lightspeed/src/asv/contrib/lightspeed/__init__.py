"""Selective re-running of benchmarks: `LightspeedSession`, from the package `lightspeed`."""

from lightspeed.asv import (
    ASVError,
    BenchmarkDelta,
    BenchmarkError,
    ConfigError,
    InitResult,
    LightspeedSession,
    MeasureResult,
    NoBenchmarksError,
    ProjectShadowed,
    TimingInfo,
)

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
