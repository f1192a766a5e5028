"""Runs every instance of a suite once without a tracer, over the driver's protocol: what a survey is compared with.

The division of the work is the survey's own (docs/driver.md: one zygote a piece of a file, one fork an instance, as many
zygotes at a time as there are processors), so that only the tracing and what is made of it differ.
"""

import concurrent.futures
import json
import math
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DRIVER = os.path.join(ROOT, "ffi", "src", "suite", "asv", "driver")
PIECE = 24
TIMEOUT = 300


def run(python, request, environment, calls):
    """Discovers and runs all instances; timed bodies are called `calls` times."""
    pieces = [piece for file, benchmarks in discover(python, request, environment) for piece in split(file, benchmarks)]
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as workers:
        list(workers.map(lambda piece: run_piece(python, request, environment, piece, calls), pieces))


def discover(python, request, environment):
    """(file, entries) of each file of the suite."""
    found = []
    with Driver(python, "discover", environment) as driver:
        reply = driver.ask({**request, "files": None})
        while not reply.get("done"):
            found.append((reply["file"], reply["benchmarks"]))
            reply = driver.receive()
    return found


def split(file, benchmarks):
    """(file, [(name, index or None)…]) in pieces."""
    instances = []
    for entry in benchmarks:
        if entry.get("setup_cache_key"):
            sys.exit(f"{entry['name']} uses setup_cache, which this program does not do")
        indices = range(math.prod(map(len, entry["params"]))) if entry["params"] else [None]
        instances += [(entry["name"], index) for index in indices]
    return [(file, instances[start : start + PIECE]) for start in range(0, len(instances), PIECE)]


def run_piece(python, request, environment, piece, calls):
    """Runs a piece's instances one after the other."""
    file, instances = piece
    overrides = {"number": 1, "repeat": calls, "warmup_time": 0}
    with Driver(python, "serve", environment) as driver:
        driver.ask({**request, "file": file, "trace": False})
        for name, index in instances:
            operation = {"op": "run", "benchmark": name, "param": index, "timeout": TIMEOUT, "overrides": overrides}
            reply = driver.ask(operation)
            if reply["outcome"] not in ("ok", "skipped"):
                sys.exit(f"{name}-{index}: {reply['outcome']}: {reply['error']}")


class Driver:
    """A driver process to talk to."""

    def __init__(self, python, mode, environment):
        argv = [python, "-u", DRIVER, mode]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(argv, env=environment, text=True, **pipes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.stdout.read()
        self._process.wait()

    def ask(self, request):
        """Sends a request and waits for the reply."""
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self.receive()

    def receive(self):
        """The next reply; an error ends this program."""
        reply = json.loads(self._process.stdout.readline() or '{"ok": false, "error": "the driver ended"}')
        if not reply["ok"]:
            sys.exit(f"the driver says: {reply['error']}")
        return reply
