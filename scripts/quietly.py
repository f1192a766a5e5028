"""Runs one of several commands that run at once: its output goes to a file, and to standard error in one piece if it fails.

`quietly.py LOG [NAME=VALUE…] PROGRAM ARGUMENT…` prints a line when the command has ended.
"""

import os
import subprocess
import sys
import time


def main():
    path, *words = sys.argv[1:]
    environment = dict(os.environ)
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    began = time.monotonic()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as log:
        code = subprocess.run(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment).returncode
    with open(path, "rb") as log:
        said = log.read()
    if code != 0:
        sys.stderr.buffer.write(said)
        sys.stderr.flush()
    last = said.decode(errors="replace").rstrip().rpartition("\n")[2]
    print(f"{words[0]} {words[-1]}: {last} ({time.monotonic() - began:.0f} s)", flush=True)
    # Others go on, and xargs says in the end that one failed.
    sys.exit(1 if code else 0)


if __name__ == "__main__":
    main()
