"""An independent tracer: which functions of a package each benchmark instance calls, by sys.settrace and nothing of ours.

`python oracle.py BENCH_DIR SOURCE_ROOT` prints `{"instances": {id: {"outcome": …, "functions": ["cohorts.py::invert", …]}},
"at_import": ["aggregations.py::Aggregation.__init__", …]}`. Each file of the suite is imported in a process of its own; every
instance runs setup, the benchmark once and teardown in a fork of it.
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
    instances, at_import = {}, set()
    for entry in sorted(os.listdir(bench_dir)):
        stem, extension = os.path.splitext(entry)
        if extension == ".py" and stem != "__init__":
            module = f"{os.path.basename(bench_dir)}.{stem}"
            report = in_child(lambda: of_file(module, stem, source_root))
            instances.update(report["instances"])
            at_import.update(report["at_import"])
    json.dump({"instances": instances, "at_import": sorted(at_import)}, sys.stdout)


def of_file(module, stem, source_root):
    """Everything about one file of the suite."""
    imported = traced(lambda: importlib.import_module(module), source_root)
    if imported["outcome"] != "ok":
        sys.exit(f"{module}: {imported['outcome']}")
    instances = {}
    for name, function, owner in benchmarks(sys.modules[module], stem):
        grids = parameter_grids(getattr(function, "params", None) or getattr(owner, "params", None) or [])
        for index, params in enumerate(itertools.product(*grids)):
            instance = f"{name}-{index}" if grids else name
            instances[instance] = in_child(lambda: traced(lambda: execute(function, owner, params), source_root))
    return {"instances": instances, "at_import": imported["functions"]}


def parameter_grids(params):
    """The lists whose product is the instances; one flat list is one parameter, as ASV reads it."""
    params = list(params)
    if params and not isinstance(params[0], (list, tuple)):
        params = [params]
    return [list(values) for values in params]


def benchmarks(module, stem):
    """(name, function, class or None) of every benchmark of a file."""
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
    if not text:
        sys.exit("a traced process ended without a report")
    return json.loads(text)


def execute(function, owner, params):
    """One instance, once."""
    target = owner() if owner else function
    steps = [getattr(target, "setup", None), getattr(target, function.__name__) if owner else function]
    for step in [*steps, getattr(target, "teardown", None)]:
        if step is not None:
            step(*params)


def traced(work, source_root):
    """How `work` ended and which functions of the source root it called, in whatever thread."""
    codes = set()

    def on_call(frame, _event, _argument):
        codes.add(frame.f_code)

    threading.settrace(on_call)
    sys.settrace(on_call)
    try:
        work()
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
            called.add(f"{os.path.relpath(path, source_root)}::{code.co_qualname}")
    return {"outcome": outcome, "functions": sorted(called)}


if __name__ == "__main__":
    main()
