"""Where the body of an operation runs: on one processor if it is told to, and on how many it would."""

import contextlib
import os
import resource
import time


@contextlib.contextmanager
def on_cpu(number):
    """Run this thread and what it starts on one of the processors that the process may use; None, or a system that does
    not offer it, changes nothing. Threads that are there already stay where they are."""
    try:
        allowed = None if number is None else sorted(os.sched_getaffinity(0))
        if allowed:
            os.sched_setaffinity(0, {allowed[number % len(allowed)]})
    except (AttributeError, OSError):
        allowed = None
    try:
        yield
    finally:
        if allowed:
            os.sched_setaffinity(0, allowed)


@contextlib.contextmanager
def counted(result, own):
    """Put into the result how many processors were busy on average while it was not `own.waited_s` that passed, those of child
    processes that were waited for included."""
    started, waited, before = time.monotonic(), own.waited_s, cpu_seconds()
    yield
    wall = time.monotonic() - started - (own.waited_s - waited)
    result["cpus"] = (cpu_seconds() - before) / max(wall, 1e-9)


def cpu_seconds():
    """Processor time of this process and of the children that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
