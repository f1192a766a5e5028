"""Mode `serve`: the zygote of one benchmark file. It imports the file once and forks a child for each operation."""

import gc
import itertools
import json
import os
import shutil
import sys
import tempfile
import threading

from . import guardian, process, record, search_path, trace, wire

STDERR_CAP = 65536
RESULT_FIELDS = ("value", "samples", "number", "cpus", "waited_s", "digest")
OPENMP, OPENBLAS = ("libgomp", "libiomp", "libomp"), ("openblas",)


def main(channel, request):
    """Serve until the input ends."""
    workspace = tempfile.mkdtemp(prefix="lightspeed-", dir=request.get("workspace"))
    owner = os.getpid()
    try:
        Zygote(channel, request, workspace).serve()
    except (process.Disconnected, BrokenPipeError):
        pass
    finally:
        if os.getpid() == owner:
            shutil.rmtree(workspace, ignore_errors=True)
            # Not by way of the suite's exit handlers and threads.
            os._exit(0)


class Zygote:
    """One imported benchmark file."""

    def __init__(self, channel, request, workspace):
        self._channel = channel
        self._request = request
        self._workspace = workspace
        self._directory = Directory(workspace)
        self._counter = itertools.count()
        self._bench_dir = os.path.normpath(request["bench_dir"])
        self._trace = None
        self._execute = None
        self._module = None
        self._digest = None

    def serve(self):
        """Import the file, then answer each request."""
        if not self._import():
            return
        process.adopt_orphans()
        while True:
            last = False
            try:
                request = self._channel.receive()
                if request is None or request.get("op") == "quit":
                    return
                self._check(request)
                last = not request.get("fork", True)
                reply = self._unforked(request) if last else self._forked(request)
            except (ValueError, OSError) as error:
                reply = wire.failure(error)
            self._channel.send(reply)
            if last:
                return

    def _import(self):
        """Import the benchmark file and tell what that executed; whether it worked."""
        reply = {"ok": True, "import": None}
        log = os.path.join(self._workspace, "import")
        try:
            search_path.prepare(self._request)
            if self._request.get("trace"):
                self._trace = trace.start(self._request)
                self._trace.begin(log)
                self._trace.phase("import")
                self._trace.note_loaded()
            # Under the tracer too: what asv_runner's plugins import may be the package under change.
            from . import execute, suite

            self._execute = execute
            suite.attach(self._bench_dir)
            self._module = suite.import_file(self._bench_dir, self._request["file"])
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            reply.update(wire.failure(error))
        if self._trace is not None:
            self._trace.end()
            phases, reasons = record.read(log)
            reply["import"] = phases.get("import")
            reply["always_affected"] = reasons
        reason = fork_unsafe_reason()
        reply.update(fork_safe=reason is None, fork_unsafe_reason=reason)
        self._channel.send(reply)
        ok = reply["ok"]
        del reply
        gc.collect()
        gc.freeze()
        return ok

    def _check(self, request):
        known = [*self._execute.OPERATIONS, "digest"]
        if request.get("op") not in known:
            raise ValueError("unknown op %r; known are %s, quit" % (request.get("op"), ", ".join(known)))
        if request["op"] == "survey" and self._trace is None:
            raise ValueError("a survey needs a driver started with trace: true")
        if request["op"] in ("run", "allocate", "digest") and self._trace is not None:
            text = "a %s needs a driver started with trace: false, because that tracing would slow or change it"
            raise ValueError(text % request["op"])

    def _job(self, request):
        if request["op"] == "digest" and self._digest is None:
            from . import digest

            # Here and not in the fork, so that what it prepares serves all.
            self._digest = digest.Digest(self._request, self._module)

        def perform(trace):
            if request["op"] == "digest":
                return self._digest.perform(request)
            return self._execute.perform(request, self._bench_dir, self._module, trace)

        files = os.path.join(self._workspace, "operation-%d" % next(self._counter))
        return Job(request, request.get("cache_dir") or self._directory.path(), files, self._trace, perform)

    def _forked(self, request):
        """The operation in a child of its own, watched from here."""
        job = self._job(request)
        try:
            child = process.Child(job.run, job.cwd, job.output, self._channel.close)
            return job.reply(child.wait(self._channel, request.get("timeout")))
        finally:
            job.remove()
            self._directory.tidy()

    def _unforked(self, request):
        """The operation in this process; the caller watches the time."""
        job = self._job(request)
        guardian.start(self._channel)
        before = process.children()
        process.redirect_output(job.output)
        os.chdir(job.cwd)
        ended = process.Finished()
        job.run()
        ended.finish()
        process.end_stragglers(before)
        return job.reply(ended)


class Directory:
    """The current directory of operations, empty for each. What one has left as it was serves the next: to remove a
    directory can take longer than an operation."""

    def __init__(self, workspace):
        self._folders = (os.path.join(workspace, "place-%d" % number) for number in itertools.count())
        self._folder = None
        self._state = None

    def path(self):
        """An empty directory; so is the one that it lies in."""
        if self._folder is None:
            self._folder = next(self._folders)
            os.makedirs(self._path())
            self._state = self._look()
        return self._path()

    def tidy(self):
        """To be called after each operation."""
        if self._folder is not None and self._look() != self._state:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _path(self):
        return os.path.join(self._folder, "cwd")

    def _look(self):
        try:
            found = os.lstat(self._path())
            contents = os.listdir(self._folder), os.listdir(self._path())
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_mode, found.st_uid, found.st_gid, contents


class Job:
    """An operation with its files: where it writes its output, its trace and its result (`files` begins their names)."""

    def __init__(self, request, cwd, files, trace, perform):
        self._request = request
        self._trace = trace if request["op"] in ("survey", "setup_cache") else None
        self._perform = perform
        self.cwd = cwd
        self.output, self._log, self._result = (files + "." + name for name in ("output", "trace", "result"))

    def run(self):
        """In the process that carries out the operation: perform it and leave the result."""
        if self._trace is not None:
            self._trace.begin(self._log)
            self._trace.follow_descendants()
        result = self._perform(self._trace)
        if self._trace is not None:
            self._trace.end()
        if result.get("detail"):
            sys.stderr.write(result["detail"])
        with open(self._result, "w") as file:
            json.dump(result, file)

    def remove(self):
        """Remove the files."""
        for path in (self.output, self._log, self._result):
            try:
                os.remove(path)
            except OSError:
                pass

    def reply(self, ended):
        """RESULT, from how the process ended and what it left."""
        result = self._read_result()
        reply = {"ok": True, "outcome": outcome(ended, result), "exit_code": ended.exit_code, "signal": ended.signal}
        reply["error"] = result.get("error") if result else None
        reply["stderr"] = process.tail(self.output, self._request.get("stderr_cap") or STDERR_CAP)
        for field in ("wall_s", "user_s", "sys_s", "max_rss_bytes"):
            reply[field] = getattr(ended, field)
        for field in RESULT_FIELDS:
            reply[field] = result.get(field) if result else None
        reply["phases"], reply["always_affected"] = {}, []
        if self._trace is not None:
            reply["phases"], reply["always_affected"] = record.read(self._log)
            reply["always_affected"] += self._doubts(reply)
        return reply

    def _read_result(self):
        try:
            with open(self._result) as file:
                return json.load(file)
        except (OSError, ValueError):
            return None

    def _doubts(self, reply):
        """Why the trace cannot be taken for all that the benchmark executes."""
        during = "during the " + self._request["op"]
        texts = {
            "timed_out": "timed out after %g s %s" % (self._request.get("timeout") or 0, during),
            "exited": "exited with code %s %s" % (reply["exit_code"], during),
            "signaled": "killed by signal %s %s" % (reply["signal"], during),
            "failed": "failed %s: %s" % (during, reply["error"]),
        }
        text = texts.get(reply["outcome"])
        return [text] if text else []


def outcome(ended, result):
    """The outcome: how the process ended counts for more than what it said before."""
    if ended.timed_out:
        return "timed_out"
    if ended.signal is not None:
        return "signaled"
    if ended.exit_code or result is None:
        return "exited"
    return result["outcome"]


def fork_unsafe_reason():
    """Why a fork of this process may hang, or None. OpenBLAS's own threads are stopped and restarted around a fork."""
    if threading.active_count() > 1:
        return "%d threads are running" % threading.active_count()
    try:
        count = len(os.listdir("/proc/self/task"))
        with open("/proc/self/maps") as listing:
            maps = listing.read().lower()
    except OSError:
        return None
    openmp = any(name in maps for name in OPENMP)
    if count > 1 and (openmp or not any(name in maps for name in OPENBLAS)):
        return "%d threads are running%s" % (count, " (OpenMP)" if openmp else "")
    return None
