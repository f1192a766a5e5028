"""Bytecode that may be older than its source is not used, even where Python itself would not notice.

A `.pyc` file names its source by size and by modification time in whole seconds. An edit of the same length within the second
in which the bytecode was written goes unnoticed, and people who measure each edit make such edits.
"""

import importlib.util
import os
from importlib.machinery import SourceFileLoader

NANOSECONDS = 1_000_000_000


def distrust(roots):
    """From now on, source files that count for `roots` are compiled anew unless their bytecode is of a later second."""
    path_stats = SourceFileLoader.path_stats

    def checked(self, path):
        stats = path_stats(self, path)
        if roots.real(path) is not None and not _settled(path) and not _removed(path):
            # No bytecode was written for a time that lies before all files.
            stats["mtime"] = -1
        return stats

    SourceFileLoader.path_stats = checked


def _settled(path):
    """Whether no edit can have gone unnoticed: there is no bytecode, or it was written after the second of the last edit."""
    try:
        written = os.stat(importlib.util.cache_from_source(path)).st_mtime_ns
        edited = os.stat(path).st_mtime_ns
    except (OSError, NotImplementedError):
        return True
    return written // NANOSECONDS > edited // NANOSECONDS


def _removed(path):
    try:
        os.remove(importlib.util.cache_from_source(path))
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
