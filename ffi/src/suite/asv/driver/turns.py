"""Turns: two processes that measure the same benchmark of two trees alternate from sample to sample, so that whatever slows
the machine down for a while slows down both."""

import contextlib
import os
import socket
import time

from asv_runner.benchmarks import time as asv_time

POLL_SECONDS = 0.005


class Turns:
    """One of the two, which meet at a socket in `folder`: one `listens` there, the other one comes. Whoever holds a turn for
    longer than `longest_s` is not waited for."""

    def __init__(self, folder, listens, begins, longest_s):
        self.waited_s = 0.0
        self._clock = asv_time.wall_timer
        self._folder = folder
        self._listens = listens
        self._begins = begins
        self._longest_s = longest_s
        self._socket = None
        self._gave = None

    def run(self, benchmark):
        """As asv_runner does it, but each sample and each round of the warm-up waits for its turn. To what ends sampling
        after a while, waiting takes no time."""
        getters = ("_get_timer", "_get_interleaved_timer")
        for name in [name for name in getters if hasattr(benchmark, name)]:
            setattr(benchmark, name, self._taking_turns(getattr(benchmark, name)))
        self._meet()
        asv_time.wall_timer = self._own_time
        try:
            return benchmark.do_run()
        finally:
            asv_time.wall_timer = self._clock
            self._leave()

    def _taking_turns(self, get_timer):
        return lambda *arguments: Timer(get_timer(*arguments), self)

    def _own_time(self):
        return self._clock() - self.waited_s

    def _meet(self):
        """Wait for the other one, who may have to be set up still, until it is there or has ended."""
        started = self._clock()
        meet = self._accept if self._listens else self._connect
        try:
            self._socket = meet(os.path.join(self._folder, "turns"))
        except OSError:
            self._socket = None
        if self._socket is not None:
            self._socket.settimeout(self._longest_s)
        self.waited_s += self._clock() - started

    def _accept(self, path):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path + ".new")
            listener.listen(1)
            os.rename(path + ".new", path)
            listener.settimeout(POLL_SECONDS)
            while os.path.exists(path):
                with contextlib.suppress(socket.timeout):
                    return listener.accept()[0]
        return None

    def _connect(self, path):
        while os.path.isdir(self._folder):
            if os.path.exists(path):
                other = socket.socket(socket.AF_UNIX)
                other.connect(path)
                return other
            time.sleep(POLL_SECONDS)
        return None

    @contextlib.contextmanager
    def turn(self):
        """Wait for the turn, and give it back. When the other one has gone there are no turns any more."""
        started = self._clock() if self._gave is None else self._gave
        if self._begins:
            self._begins = False
        else:
            self._talk(lambda: self._socket.recv(1) or self._leave())
        self.waited_s += self._clock() - started
        yield
        # The other one may go on before this process comes to the next line.
        self._gave = self._clock()
        self._talk(lambda: self._socket.sendall(b"."))

    def _talk(self, talk):
        if self._socket is not None:
            try:
                talk()
            except OSError:
                self._leave()

    def _leave(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class Timer:
    """A timer that waits for its turn."""

    def __init__(self, timer, turns):
        self._timer = timer
        self._turns = turns

    def timeit(self, number):
        """As `timeit.Timer`."""
        with self._turns.turn():
            return self._timer.timeit(number)
