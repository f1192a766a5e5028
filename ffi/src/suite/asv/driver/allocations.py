"""The most memory that a call of a benchmark holds, as different tools tell it."""

import gc
import os
import shutil
import tempfile
import tracemalloc

from . import suite


def peak(tool, benchmark):
    """Call the function of the benchmark once. Its peak in bytes, or None where the tool is not there or is not needed:
    the resident memory of a process is known to whoever waits for its end."""
    arguments = suite.arguments(benchmark)
    # What is garbage already would be freed during the call or not, as it happens.
    gc.collect()
    return TOOLS[tool](lambda: benchmark.func(*arguments))


def rss(call):
    """Nothing but the call."""
    call()


def traced(call):
    """By tracemalloc, which knows what the interpreter's allocators gave since it was started."""
    tracemalloc.start(1)
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def memray(call):
    """By memray, which also knows what extensions allocate."""
    try:
        from memray import FileReader, Tracker
    except ImportError:
        return None
    folder = tempfile.mkdtemp(prefix="lightspeed-")
    try:
        record = os.path.join(folder, "allocations")
        with Tracker(record):
            call()
        return FileReader(record).metadata.peak_memory
    finally:
        shutil.rmtree(folder, ignore_errors=True)


TOOLS = {"rss": rss, "tracemalloc": traced, "memray": memray}
