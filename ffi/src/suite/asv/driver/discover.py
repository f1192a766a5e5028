"""Mode `discover`: the benchmarks of each file, each file imported in a child of its own."""

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from importlib import metadata

from . import process, search_path, wire
from .roots import under

TIMEOUT_S = 300.0
PAUSE_S = 0.005
STDERR_CAP = 4096
FIELD_TYPES = (str, int, float, list, dict, bool)


def main(channel, request):
    """Answer the one request."""
    workspace = tempfile.mkdtemp(prefix="lightspeed-", dir=request.get("workspace"))
    try:
        search_path.prepare(request)
        from . import suite

        suite.attach(request["bench_dir"])
        process.adopt_orphans()
        discover(channel, request, workspace, suite)
        channel.send(summary(request))
    except (process.Disconnected, BrokenPipeError):
        pass
    except Exception as error:
        channel.send(wire.failure(error))
    finally:
        shutil.rmtree(workspace, ignore_errors=True)


def discover(channel, request, workspace, suite):
    """Send one reply a file, in the order of the files; as many at once as there are processors."""
    bench_dir = os.path.normpath(request["bench_dir"])
    files = request.get("files")
    waiting = list(suite.files(bench_dir) if files is None else files)
    timeout = request.get("timeout") or TIMEOUT_S
    running = []
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                running.append(Discovery(suite, bench_dir, waiting.pop(0), tempfile.mkdtemp(dir=workspace), channel))
            if channel.reader_gone():
                raise process.Disconnected
            for discovery in running:
                discovery.poll(timeout)
            while running and running[0].reply is not None:
                channel.send(running.pop(0).reply)
            time.sleep(PAUSE_S)
    finally:
        for discovery in running:
            discovery.stop()


class Discovery:
    """The discovery of one file, in a child."""

    def __init__(self, suite, bench_dir, file, folder, channel):
        self._file = file
        self._result = os.path.join(folder, "result")
        self._output = os.path.join(folder, "output")
        self.reply = None
        self._child = process.Child(lambda: self._run(suite, bench_dir), folder, self._output, channel.close)

    def _run(self, suite, bench_dir):
        try:
            reply = {"ok": True, "file": self._file}
            found, reply["errors"] = suite.benchmarks(suite.import_file(bench_dir, self._file))
            reply["benchmarks"] = [entry(benchmark, self._file) for benchmark in found]
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            reply = dict(wire.failure(error), file=self._file)
        with open(self._result, "w") as file:
            json.dump(reply, file)

    def poll(self, timeout):
        """Set `reply` if the child is done or its time is up."""
        if self.reply is not None:
            return
        ended, timed_out = self._child.poll(timeout)
        if not ended and not timed_out:
            return
        status, _ = self._child.end(orphans=False)
        error = "timed out after %g s" % timeout if timed_out else process.describe_status(status)
        try:
            with open(self._result) as file:
                self.reply = json.load(file)
        except (OSError, ValueError):
            detail = process.tail(self._output, STDERR_CAP)
            self.reply = {"ok": False, "file": self._file, "error": error + " while it was imported", "detail": detail}

    def stop(self):
        """End the child."""
        if self.reply is None:
            self._child.end(orphans=False)


def entry(benchmark, file):
    """A benchmark as asv_runner lists it, and the file it was found in."""
    fields = {
        name: wire.finite(value)
        for name, value in benchmark.__dict__.items()
        if isinstance(value, FIELD_TYPES) and not name.startswith("_")
    }
    fields["file"] = file
    tags = own_tags(benchmark)
    if tags:
        fields["tags"] = tags
    return fields


def own_tags(benchmark):
    """The words in the attribute `tags` of the function, of its class or of its module: the nearest counts."""
    for source in getattr(benchmark, "_attr_sources", ()):
        tags = getattr(source, "tags", None)
        if isinstance(tags, str):
            return [tags]
        if isinstance(tags, (list, tuple, set, frozenset)):
            return sorted(tag for tag in tags if isinstance(tag, str))
    return []


def summary(request):
    """The last reply: the interpreter, and the packages that come from elsewhere than the source root."""
    root = os.path.realpath(request["source_root"])
    shadowed = []
    for package in request.get("packages") or []:
        places = search_path.locate(package)
        if places and not any(under(place, root) for place in places):
            shadowed.append({"package": package, "imported_from": places[0]})
    return {
        "ok": True,
        "done": True,
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "executable": sys.executable,
        "runner_version": metadata.version("asv_runner"),
        "shadowed": shadowed,
    }
