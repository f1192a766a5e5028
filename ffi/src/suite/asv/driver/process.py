"""Forked children: each in a session of its own, watched, timed, accounted for, and never outlived by what it started."""

import ctypes
import os
import resource
import select
import signal
import sys
import time

POLL_SECONDS = 0.25
FALLBACK_POLL_SECONDS = 0.002
STDERR_LIMIT = 16 << 20
STRAGGLER_SECONDS = 1.0
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


class Disconnected(Exception):
    """The other side of the protocol is gone."""


def prctl(option, value):
    """Linux prctl; elsewhere nothing."""
    try:
        _LIBC.prctl(option, value, 0, 0, 0)
    except (AttributeError, TypeError, ValueError):
        pass


try:
    _LIBC = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
except OSError:
    _LIBC = None


def adopt_orphans(adopt=True):
    """Become the parent of whatever the children leave behind, so that it can be ended."""
    prctl(PR_SET_CHILD_SUBREAPER, int(adopt))


class Ended:
    """How a child ended: `timed_out`, `exit_code` or `signal`, and its resource use."""

    def __init__(self, status, usage, wall_s, timed_out):
        self.timed_out = timed_out
        self.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        self.exit_code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        self.wall_s = wall_s
        self.user_s = usage.ru_utime
        self.sys_s = usage.ru_stime
        self.max_rss_bytes = usage.ru_maxrss * RSS_UNIT


class Finished:
    """As Ended, for an operation in this very process."""

    def __init__(self):
        self._started = (time.monotonic(), resource.getrusage(resource.RUSAGE_SELF))
        self.timed_out, self.signal, self.exit_code = False, None, 0

    def finish(self):
        """Take the account."""
        started, before = self._started
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self.wall_s = time.monotonic() - started
        self.user_s = usage.ru_utime - before.ru_utime
        self.sys_s = usage.ru_stime - before.ru_stime
        self.max_rss_bytes = usage.ru_maxrss * RSS_UNIT


class Child:
    """A forked child that runs `body()` in `cwd` and exits; its output goes to the file `output`."""

    def __init__(self, body, cwd, output, close):
        self.output = output
        self._before = children()
        self._collected = None
        self.started = time.monotonic()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            self._run(body, cwd, output, close, parent)
        try:
            self._pidfd = os.pidfd_open(self.pid)
        except (AttributeError, OSError):
            self._pidfd = None

    @staticmethod
    def _run(body, cwd, output, close, parent):
        status = 70
        try:
            os.setsid()
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(status)
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            close()
            redirect_output(output)
            os.chdir(cwd)
            body()
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            for stream in (sys.stdout, sys.stderr):
                try:
                    stream.flush()
                except Exception:
                    pass
            os._exit(status)

    def wait(self, channel, timeout):
        """Wait for the end, or for the time to be up, or for the other side to go (Disconnected). Whatever the
        child left running is ended too. Pipes are never waited for: a grandchild may hold them open."""
        deadline = None if timeout is None else self.started + timeout
        timed_out = False
        try:
            while not self._ended(channel, deadline):
                if channel.closed:
                    raise Disconnected
                if deadline is not None and time.monotonic() >= deadline:
                    timed_out = True
                    break
                self._limit_output()
            wall_s = time.monotonic() - self.started
        finally:
            status, usage = self.end()
        return Ended(status, usage, wall_s, timed_out)

    def _ended(self, channel, deadline):
        """Whether the child has ended, after waiting for a while at most."""
        pause = POLL_SECONDS if self._pidfd is not None else FALLBACK_POLL_SECONDS
        if deadline is not None:
            pause = max(0.0, min(pause, deadline - time.monotonic()))
        watched = [channel.input] + ([] if self._pidfd is None else [self._pidfd])
        ready = select.select(watched, [], [], pause)[0]
        if channel.input in ready:
            channel.fill()
        if self._pidfd is not None:
            return self._pidfd in ready
        return self._has_ended()

    def _has_ended(self):
        if hasattr(os, "waitid"):
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        pid, status, usage = os.wait4(self.pid, os.WNOHANG)
        if pid:
            self._collected = (status, usage)
        return bool(pid)

    def poll(self, timeout):
        """(ended, timed out) without waiting."""
        self._limit_output()
        ended = self._has_ended()
        return ended, not ended and timeout is not None and time.monotonic() >= self.started + timeout

    def end(self, orphans=True):
        """Kill the whole group while its leader still holds the number, then collect the leader and the orphans
        (which cannot be told from the children that run beside it: then leave them)."""
        kill_group(self.pid)
        status, usage = self._collected or os.wait4(self.pid, 0)[1:]
        if self._pidfd is not None:
            os.close(self._pidfd)
        if orphans:
            end_stragglers(self._before)
        return status, usage

    def _limit_output(self):
        try:
            if os.stat(self.output).st_size > STDERR_LIMIT:
                os.truncate(self.output, 0)
        except OSError:
            pass


def redirect_output(path):
    """Descriptors 1 and 2 to `path`, appending: a truncated file stays dense. 0 to /dev/null."""
    null = os.open(os.devnull, os.O_RDONLY)
    out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(null, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(null)
    os.close(out)


def kill_group(pid):
    """SIGKILL to a process group and to its leader, which may not have made the group yet."""
    for kill, target in ((os.killpg, pid), (os.kill, pid)):
        try:
            kill(target, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


def exists(pid):
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def children():
    """The process's children, or None where the system does not tell."""
    found = set()
    try:
        for task in os.listdir("/proc/self/task"):
            with open("/proc/self/task/%s/children" % task) as listing:
                found.update(int(pid) for pid in listing.read().split())
    except OSError:
        return None
    return found


def end_stragglers(before):
    """Kill and collect the children that were not there before: adopted orphans."""
    if before is None:
        return
    deadline = time.monotonic() + STRAGGLER_SECONDS
    while time.monotonic() < deadline:
        strangers = (children() or set()) - before
        if not strangers:
            return
        for pid in strangers:
            kill_group(pid)
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass
        time.sleep(0.001)


def describe_status(status):
    """A wait status in words."""
    if os.WIFSIGNALED(status):
        return "killed by signal %d" % os.WTERMSIG(status)
    return "exited with code %d" % os.WEXITSTATUS(status)


def tail(path, cap):
    """The last `cap` bytes of a file as text."""
    try:
        with open(path, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - cap))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
