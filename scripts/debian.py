"""Installs Debian packages that a test needs and that are missing: `debian.py PACKAGE …`, or `need` from another script.

Only as root and where there is apt-get; else it says what to install.
"""

import os
import shutil
import subprocess
import sys


def need(*packages):
    """Ends the program where one of the packages is missing and cannot be installed."""
    missing = [package for package in packages if not is_installed(package)]
    if not missing:
        return
    words = " ".join(missing)
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"missing: {words}. On Debian: sudo apt-get install --no-install-recommends {words}")
    print(f"installing Debian's {words}", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for argv in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "--no-install-recommends", *missing]):
        done = subprocess.run(argv, env=environment, stdout=sys.stderr)
        if done.returncode:
            sys.exit(f"`{' '.join(argv)}` failed: install {words} by hand")


def is_installed(package):
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    try:
        done = subprocess.run(query, capture_output=True, text=True)
    except FileNotFoundError:
        return False
    return done.returncode == 0 and done.stdout == "installed"


if __name__ == "__main__":
    need(*sys.argv[1:])
