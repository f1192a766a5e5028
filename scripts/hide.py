"""Makes a static library define nothing but its interface: `hide.py ARCHIVE OUTPUT SYMBOLS [SYMBOL …]`.

SYMBOLS is a file with a name a line. What they need becomes one object, whose other names no other object can see: a program
may bring its own SQLite. Needs GNU binutils.
"""

import os
import subprocess
import sys
import tempfile


def main():
    archive, output, symbols, *more = sys.argv[1:]
    with open(symbols, encoding="utf-8") as file:
        hide(archive, output, file.read().split() + more)


def hide(archive, output, symbols):
    """Writes `output`, which defines exactly `symbols` of `archive`; a symbol that the archive does not define ends the program."""
    with tempfile.TemporaryDirectory() as folder:
        keep = os.path.join(folder, "symbols.txt")
        with open(keep, "w", encoding="utf-8") as file:
            file.writelines(f"{symbol}\n" for symbol in symbols)
        linked, hidden = os.path.join(folder, "linked.o"), os.path.join(folder, "lightspeed.o")
        roots = [f"--undefined={symbol}" for symbol in symbols]
        # Groups name what may occur in several objects, and a hidden name must not be looked for in another one.
        run("ld", "--relocatable", "--gc-sections", "--force-group-allocation", "--strip-debug", *roots, archive, "-o", linked)
        # Rust's standard library carries the compiler's bitcode, which is none any more when several pieces have been joined.
        run("objcopy", "--remove-section=.llvmbc", "--remove-section=.llvmcmd", f"--keep-global-symbols={keep}", linked, hidden)
        # Only now it is known which names nobody needs.
        run("strip", "--strip-unneeded", hidden)
        if os.path.exists(output):
            os.remove(output)
        run("ar", "rcsD", output, hidden)
    check(output, symbols)


def check(archive, symbols):
    """Ends the program if the archive defines other global names."""
    listed = run("nm", "--defined-only", "--extern-only", "--format=posix", archive)
    # The first line names the member.
    defined = {line.split()[0] for line in listed.splitlines() if len(line.split()) > 1}
    if defined != set(symbols):
        odd = ", ".join(sorted(defined.symmetric_difference(symbols)))
        sys.exit(f"{archive} does not define exactly the interface: {odd}")


def run(*argv):
    """The standard output of a tool; its failure ends the program."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True)
    except FileNotFoundError:
        sys.exit(f"there is no '{argv[0]}': install GNU binutils")
    if done.returncode:
        sys.exit(f"{argv[0]} failed: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    main()
