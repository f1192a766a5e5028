"""The guardian of an operation in the driver itself: a process beside it that ends it when the other side is gone."""

import os
import select
import signal

from . import process

POLL_SECONDS = 1.0


def start(channel):
    """Start the guardian. It is no child of this process, so that a benchmark that waits for its children misses it."""
    driver, group = os.getpid(), os.getpgrp()
    process.adopt_orphans(False)
    between = os.fork()
    if between == 0:
        try:
            if os.fork() == 0:
                os.setsid()
                os.close(channel.output)
                redirect_to_null()
                guard(channel.input, driver, group)
        finally:
            os._exit(0)
    os.waitpid(between, 0)
    process.adopt_orphans()


def redirect_to_null():
    """Hold no pipe of the driver open but its input."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)


def guard(source, driver, group):
    """Until the driver ends: wait for the end of its input, then kill it with its group."""
    try:
        ended = os.pidfd_open(driver)
    except ProcessLookupError:
        return
    except (AttributeError, OSError):
        ended = None
    watched = [source] + ([] if ended is None else [ended])
    while True:
        ready = select.select(watched, [], [], POLL_SECONDS)[0]
        if ended in ready or (ended is None and not process.exists(driver)):
            return
        if source in ready:
            if not os.read(source, 65536):
                break
    if group == driver:
        process.kill_group(driver)
    else:
        os.kill(driver, signal.SIGKILL)
