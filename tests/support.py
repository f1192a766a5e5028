"""What the tests that run the program share: where it is, which Python runs the suites, suites in fresh git repositories."""

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PYTHON = os.environ.get("LIGHTSPEED_TEST_PYTHON") or sys.executable
PYTHONS = [python for python in os.environ.get("LIGHTSPEED_PYTHONS", "").split(os.pathsep) if python] or [PYTHON]
SECONDS = 300

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import schema_check  # noqa: E402  (needs the path above)


def program():
    """The `lightspeed` program under test."""
    given = os.environ.get("LIGHTSPEED_BIN") or os.path.join(ROOT, "target", "release", "lightspeed")
    if not os.access(given, os.X_OK):
        sys.exit(f"no program at {given}: build it (make build) or set LIGHTSPEED_BIN")
    return given


def environment(**more):
    """An environment in which neither the user's git settings nor their Python path change a test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "ASV_"))}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "NO_COLOR": "1"}
    people = {f"GIT_{who}_{what}": "lightspeed@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {**kept, **quiet, **people, **more}


def write(folder, files):
    """Writes path → text or bytes below a folder; None deletes."""
    for path, text in files.items():
        full = os.path.join(folder, path)
        if text is None:
            os.remove(full)
            continue
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())


def git(folder, *arguments):
    """Git's standard output; a failure raises."""
    argv = ["git", *arguments]
    return subprocess.run(argv, cwd=folder, env=environment(), check=True, capture_output=True, text=True).stdout


def commit(folder, message="work"):
    """Commits everything, in a new repository where there is none."""
    if not os.path.isdir(os.path.join(folder, ".git")):
        git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)


def lightspeed(folder, *arguments, timeout=SECONDS, **more):
    """Runs the program in a folder and returns the completed process, whatever its exit code."""
    argv = [program(), *arguments]
    stdin = subprocess.DEVNULL
    return subprocess.run(
        argv, cwd=folder, env=environment(**more), stdin=stdin, capture_output=True, text=True, errors="replace", timeout=timeout
    )


def in_terminal(folder, columns, *arguments):
    """The exit code of the program, and what a terminal of this width shows of it."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    argv = [program(), *arguments]
    running = subprocess.Popen(argv, cwd=folder, env=environment(TERM="xterm"), stdin=inner, stdout=inner, stderr=inner)
    os.close(inner)
    text = b""
    while select.select([outer], [], [], SECONDS)[0]:
        try:
            text += os.read(outer, 65536)
        except OSError:
            break
    os.close(outer)
    return running.wait(), text.decode().replace("\r\n", "\n")


def document(answer):
    """The JSON document of an answer, which is what its schema says, and which the program reads back as it wrote it."""
    try:
        found = json.loads(answer.stdout)
    except ValueError:
        raise AssertionError(f"no JSON (exit {answer.returncode}):\n{answer.stdout}\n{answer.stderr}") from None
    wrong = schema_check.problems(found)
    if wrong:
        raise AssertionError("\n".join([f"{answer.args[1:]} is not what its schema says:", *wrong[:10]]))
    again = subprocess.run(
        [answer.args[0], "show", "--json", "-"], input=answer.stdout, env=environment(), capture_output=True, text=True
    )
    if again.returncode != 0 or json.dumps(json.loads(again.stdout)) != json.dumps(found):
        raise AssertionError(f"{answer.args[1:]} is not read back as it was written: {again.stderr}\n{again.stdout}")
    return found


def affected(selection):
    """The ids that a `select --json` document names as affected."""
    return {each["benchmark"] for each in selection["affected"]}


def written_out(value):
    """The input of a vector with every sample that is described by its generator written out."""
    if isinstance(value, list):
        return [written_out(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "distinct" not in value:
        return {name: written_out(item) for name, item in value.items()}
    state, sample = value["seed"], []
    for _ in range(value["n"]):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        sample.append(value.get("offset", 0.0) + value["scale"] * float(1 + (state >> 33) % value["distinct"]))
    return sample
