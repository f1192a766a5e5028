"""One operation on one benchmark with asv_runner's semantics; runs inside the process that is given to it."""

import math
import numbers
import os
import pickle
import time

from asv_runner._aux import set_cpu_affinity_from_params
from asv_runner.benchmarks.mark import SkipNotImplemented
from asv_runner.benchmarks.time import TimeBenchmark
from asv_runner.benchmarks.timeraw import TimerawBenchmark

from . import place, suite, wire

CACHE = "cache.pickle"
SECOND_CALL_SHARE = 0.25
ERROR_DIGITS = 20


class Untraced:
    """Stands for the trace of an operation that is not surveyed."""

    def phase(self, name):
        """Nothing."""


class Alone:
    """Stands for the turns of an operation that waits for nobody."""

    waited_s = 0.0

    def run(self, benchmark):
        """As asv_runner does it."""
        return benchmark.do_run()


ALONE = Alone()


def perform(request, bench_dir, module, trace):
    """Carry out a request; returns its own fields of RESULT. Never raises but for what ends the process."""
    result = {"outcome": "ok", "error": None, "value": None, "samples": None, "number": None}
    try:
        OPERATIONS[request["op"]](request, bench_dir, module, trace or Untraced(), result)
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        result["outcome"] = "failed"
        result["error"] = ("in teardown: " if result.pop("in_teardown", False) else "") + wire.describe(error)
        result["detail"] = wire.detail(error)
    result.pop("in_teardown", None)
    return result


def setup_cache(request, bench_dir, module, trace, _result):
    """Compute the value that setup_cache shares and leave it in the current directory."""
    trace.phase("setup")
    overrides = dict(request.get("overrides") or {})
    set_cpu_affinity_from_params(overrides)
    benchmark = suite.build(bench_dir, module, request["benchmark"])
    cache = benchmark.do_setup_cache()
    with open(CACHE + ".new", "wb") as file:
        pickle.dump(cache, file)
    os.replace(CACHE + ".new", CACHE)


def survey(request, bench_dir, module, trace, result):
    """Let the benchmark run as briefly as shows what it executes."""
    measure(request, bench_dir, module, trace, result, run_briefly)
    result.update(value=None, samples=None, number=None)


def run(request, bench_dir, module, trace, result):
    """Measure."""
    own = ALONE
    if request.get("turns"):
        # Here and for allocations, so that other operations do not pay for what the module imports.
        from . import turns

        own = turns.Turns(**request["turns"])
    measure(request, bench_dir, module, trace, result, lambda benchmark, _timeout: own.run(benchmark), own)
    result["waited_s"] = own.waited_s


def allocate(request, bench_dir, module, trace, result):
    """Call the benchmark once under a tool that tells the peak of its memory, in bytes."""
    from . import allocations

    measure(request, bench_dir, module, trace, result, lambda benchmark, _: allocations.peak(request["tool"], benchmark))


OPERATIONS = {"setup_cache": setup_cache, "survey": survey, "run": run, "allocate": allocate}


def measure(request, bench_dir, module, trace, result, body, own=ALONE):
    """Set up, `body(benchmark, timeout)`, tear down. `own` knows how long the body waited for others."""
    trace.phase("setup")
    benchmark = prepare(request, bench_dir, module)
    if benchmark.do_setup():
        result["outcome"] = "skipped"
    trace.phase("run")
    try:
        if result["outcome"] != "skipped":
            try:
                with place.on_cpu(request.get("cpu")), place.counted(result, own):
                    value = body(benchmark, request.get("timeout"))
                take(value, result)
            except SkipNotImplemented:
                result["outcome"] = "skipped"
    finally:
        failed = result["outcome"] != "ok" or result["error"]
        result["in_teardown"] = not failed
        benchmark.do_teardown()
        result["in_teardown"] = False


def prepare(request, bench_dir, module):
    """The benchmark with its parameters, overrides and cache."""
    overrides = dict(request.get("overrides") or {})
    set_cpu_affinity_from_params(overrides)
    overrides.pop("cpu_affinity", None)
    benchmark = suite.build(bench_dir, module, request["benchmark"])
    suite.select_parameters(benchmark, request.get("param"))
    suite.override(benchmark, overrides)
    cache = None
    if benchmark.setup_cache_key is not None:
        if not request.get("cache_dir"):
            raise ValueError("%s uses setup_cache: run setup_cache first and give its cache_dir" % benchmark.name)
        with open(os.path.join(request["cache_dir"], CACHE), "rb") as file:
            cache = pickle.load(file)
    suite.set_cache(benchmark, cache)
    return benchmark


def run_briefly(benchmark, timeout):
    """One call, without the loops that measure. A timed benchmark is called a second time, as asv would, since what
    the first call cached sends the later ones other ways; not if the suite allows one call only or the time is short."""
    if isinstance(benchmark, TimerawBenchmark):
        benchmark._get_timer(*suite.arguments(benchmark)).timeit(1)
        return None
    if not isinstance(benchmark, TimeBenchmark) or type(benchmark).run is not TimeBenchmark.run:
        benchmark.do_run()
        return None
    arguments = suite.arguments(benchmark)
    started = time.monotonic()
    benchmark.func(*arguments)
    spent = time.monotonic() - started
    if not called_once(benchmark) and (timeout is None or spent < timeout * SECOND_CALL_SHARE):
        benchmark._redo_setup_next = True
        benchmark.redo_setup()
        benchmark.func(*arguments)
    return None


def called_once(benchmark):
    """Whether the suite makes asv call the benchmark once only: a second call may then not be possible."""
    repeat = benchmark.repeat
    most = repeat[1] if isinstance(repeat, (list, tuple)) and len(repeat) == 3 else repeat
    return benchmark.number == 1 and most == 1 and benchmark.warmup_time == 0


def take(value, result):
    """Put what a benchmark returned into the result."""
    if isinstance(value, dict) and "samples" in value:
        samples = [float(sample) for sample in value["samples"]]
        if not all(math.isfinite(sample) for sample in samples):
            raise ValueError("the benchmark's timer returned a time that is not finite")
        result["samples"] = samples
        result["number"] = int(value["number"]) if value.get("number") is not None else None
    elif value is None:
        pass
    elif isinstance(value, numbers.Real):
        result["value"] = wire.finite(int(value) if isinstance(value, numbers.Integral) else float(value))
        if result["value"] is None:
            result["error"] = "the benchmark returned a number that is not finite: " + str(value)[:ERROR_DIGITS]
    else:
        kind = type(value)
        name = kind.__name__ if kind.__module__ == "builtins" else "%s.%s" % (kind.__module__, kind.__qualname__)
        raise TypeError("the benchmark returned a %s; it must return a number or None" % name)
