"""The suite as asv_runner sees it: how its modules are named and which benchmarks they hold."""

import importlib
import inspect
import math
import os
import pkgutil
import sys

from . import wire

try:
    from asv_runner import discovery
    from asv_runner._aux import update_sys_path
except ImportError as error:
    text = "%s has no usable asv_runner: install it into that environment (%s)"
    raise ImportError(text % (sys.executable, error)) from error


def attach(bench_dir):
    """Let the suite's package be imported."""
    update_sys_path(os.path.normpath(bench_dir))


def files(bench_dir):
    """The suite's modules as paths relative to bench_dir: those of the directory and of its packages, as asv finds them."""
    found = ["__init__.py"] if os.path.isfile(os.path.join(bench_dir, "__init__.py")) else []
    folders = [""]
    while folders:
        folder = folders.pop(0)
        for _, name, is_package in pkgutil.iter_modules([os.path.join(bench_dir, folder)]):
            relative = os.path.join(folder, name)
            if is_package:
                found.append(os.path.join(relative, "__init__.py"))
                folders.append(relative)
            elif os.path.isfile(os.path.join(bench_dir, relative + ".py")):
                found.append(relative + ".py")
    return sorted(file for file in found if os.path.isfile(os.path.join(bench_dir, file)))


def module_name(bench_dir, file):
    """The name under which asv_runner imports a file of the suite."""
    parts = os.path.splitext(os.path.normpath(file))[0].split(os.sep)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join([os.path.basename(os.path.normpath(bench_dir))] + parts)


def import_file(bench_dir, file):
    """Import one file of the suite and return its module."""
    if not os.path.isfile(os.path.join(bench_dir, file)):
        raise FileNotFoundError("no file %s in %s" % (file, bench_dir))
    return importlib.import_module(module_name(bench_dir, file))


def candidates(module):
    """Each (attribute name, class or None, function) of a module that could be a benchmark, and each
    (attribute name, None, error) that could not be looked into."""
    for name, value in list(module.__dict__.items()):
        if name.startswith("_"):
            continue
        try:
            if inspect.isclass(value) and not inspect.isabstract(value):
                for member, function in inspect.getmembers(value):
                    if inspect.isfunction(function) or inspect.ismethod(function):
                        yield member, value, function
            elif inspect.isfunction(value):
                yield name, None, value
        except Exception as error:
            yield name, None, error


def benchmarks(module):
    """All benchmarks of a module and the errors met on the way: ([Benchmark], [{"where", "error", "detail"}])."""
    found, errors = [], {}
    for name, owner, function in candidates(module):
        where = owner.__name__ if owner else name
        try:
            if isinstance(function, Exception):
                raise function
            benchmark = discovery._get_benchmark(name, module, owner, function)
        except (Exception, SystemExit) as error:
            key = (where, wire.describe(error))
            errors.setdefault(key, {"where": where, "error": key[1], "detail": wire.detail(error)})
        else:
            if benchmark is not None:
                found.append(benchmark)
    return found, list(errors.values())


def build(bench_dir, module, name):
    """The benchmark called `name`, to be carried out: without the version that asv_runner makes from its source, which
    takes as long as all else here."""
    from asv_runner.benchmarks import _base

    read_source = getattr(_base, "get_source_code", None)
    _base.get_source_code = lambda _functions: ""
    try:
        return find(bench_dir, module, name)
    finally:
        _base.get_source_code = read_source


def find(bench_dir, module, name):
    """The benchmark called `name`, looked for where its name says, then in the whole module, then in the whole suite."""
    parts = name.split(".")
    guesses = []
    function = module.__dict__.get(parts[-1])
    if inspect.isfunction(function):
        guesses.append((parts[-1], None, function))
    owner = module.__dict__.get(parts[-2]) if len(parts) > 1 else None
    if inspect.isclass(owner):
        function = getattr(owner, parts[-1], None)
        if inspect.isfunction(function) or inspect.ismethod(function):
            guesses.append((parts[-1], owner, function))
    for attribute, owner, function in guesses:
        benchmark = discovery._get_benchmark(attribute, module, owner, function)
        if benchmark is not None and benchmark.name == name:
            return benchmark
    for benchmark in benchmarks(module)[0]:
        if benchmark.name == name:
            return benchmark
    return discovery.get_benchmark_from_name(os.path.normpath(bench_dir), name)


def select_parameters(benchmark, index):
    """Fix the parameter combination; a benchmark with parameters needs one, one without takes none."""
    count = math.prod(len(values) for values in benchmark._params) if benchmark._params else 0
    if index is None:
        if count:
            raise ValueError("%s has parameters: name one of its %d combinations" % (benchmark.name, count))
    elif benchmark._params or index != 0:
        benchmark.set_param_idx(index)


def override(benchmark, attributes):
    """Let `attributes` win over the benchmark's own."""
    if attributes:
        benchmark._attr_sources.insert(0, type("Overrides", (), dict(attributes)))


def set_cache(benchmark, cache):
    """Hand over the value of setup_cache, as the installed asv_runner wants it."""
    if hasattr(benchmark, "set_cache"):
        benchmark.set_cache(cache)
    elif cache is not None:
        benchmark.insert_param(cache)


def arguments(benchmark):
    """The arguments of the benchmark's function."""
    build = getattr(benchmark, "_build_params", None)
    return build() if build else tuple(benchmark._current_params)
