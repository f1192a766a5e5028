"""An independent tracer: which functions of a package each benchmark instance calls, by sys.settrace and nothing of ours.

`python oracle.py BENCH_DIR SOURCE_ROOT` prints `{instance: {"outcome": …, "functions": ["cohorts.py::find_group_cohorts", …]}}`.
Every instance runs setup, the benchmark once and teardown in a forked process that has only imported the suite.
"""

import importlib
import itertools
import json
import os
import re
import sys
import threading

NAMED = re.compile(r"(time|track|mem|peakmem)_.+")


def main():
    bench_dir, source_root = (os.path.realpath(path) for path in sys.argv[1:3])
    for path in (os.path.dirname(source_root), os.path.dirname(bench_dir)):
        sys.path.insert(0, path)
    report = {}
    for name, function, owner in benchmarks(bench_dir):
        grids = parameter_grids(getattr(function, "params", None) or getattr(owner, "params", None) or [])
        for index, params in enumerate(itertools.product(*grids)):
            instance = f"{name}-{index}" if grids else name
            report[instance] = in_child(lambda: trace(function, owner, params, source_root))
    json.dump(report, sys.stdout)


def parameter_grids(params):
    """The lists whose product is the instances; one flat list is one parameter, as ASV reads it."""
    params = list(params)
    if params and not isinstance(params[0], (list, tuple)):
        params = [params]
    return [list(values) for values in params]


def benchmarks(bench_dir):
    """(name, function, class or None) of every benchmark, by its file's own import."""
    package = os.path.basename(bench_dir)
    for entry in sorted(os.listdir(bench_dir)):
        stem, extension = os.path.splitext(entry)
        if extension != ".py" or stem == "__init__":
            continue
        module = importlib.import_module(f"{package}.{stem}")
        for name, value in sorted(vars(module).items()):
            if isinstance(value, type) and not name.startswith("_"):
                for method in sorted(dir(value)):
                    if NAMED.fullmatch(method):
                        yield f"{stem}.{name}.{method}", getattr(value, method), value
            elif callable(value) and NAMED.fullmatch(name):
                yield f"{stem}.{name}", value, None


def in_child(work):
    """What `work` returns, computed in a fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as pipe:
                json.dump(work(), pipe)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {"outcome": "crashed", "functions": []}


def trace(function, owner, params, source_root):
    """The functions of the source root that one instance calls."""
    codes = set()

    def on_call(frame, _event, _argument):
        codes.add(frame.f_code)

    target = owner() if owner else None
    steps = [getattr(target or function, "setup", None), None, getattr(target or function, "teardown", None)]
    steps[1] = getattr(target, function.__name__) if target else function
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    threading.settrace(on_call)
    sys.settrace(on_call)
    try:
        for step in steps:
            if step is not None:
                step(*params)
        outcome = "ok"
    except NotImplementedError:
        outcome = "skipped"
    except Exception as error:  # the suite's own failure is part of the answer
        outcome = f"failed: {error!r}"
    finally:
        sys.settrace(None)
        threading.settrace(None)
    called = set()
    for code in codes:
        path = os.path.realpath(code.co_filename)
        if path.startswith(source_root + os.sep):
            called.add(f"{os.path.relpath(path, source_root)}::{getattr(code, 'co_qualname', code.co_name)}")
    return {"outcome": outcome, "functions": sorted(called)}


if __name__ == "__main__":
    main()
