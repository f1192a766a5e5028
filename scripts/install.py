"""Installs what was built, or takes it away: `install.py BUILT PREFIX [--destdir DIRECTORY]`, `install.py --uninstall PREFIX …`.

BUILT is the directory that cargo built into (target/release). Nothing that is installed names a directory, so the prefix may be
moved. Needs GNU binutils.
"""

import argparse
import os
import pathlib
import re
import struct
import sys

import hide

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "bindings" / "c"
HEADERS = [ROOT / "include" / "lightspeed.h", ROOT / "include" / "lightspeed_frame.h", ROOT / "bindings" / "cpp" / "lightspeed.hpp"]
CMAKE = "lib/cmake/lightspeed"


def main():
    arguments = parse()
    if not sys.platform.startswith("linux"):
        sys.exit("only Linux is known here: copy the libraries that cargo built and include/lightspeed.h")
    prefix = pathlib.Path(os.path.abspath(arguments.prefix))
    target = pathlib.Path(arguments.destdir) / prefix.relative_to("/") if arguments.destdir else prefix
    if arguments.uninstall:
        uninstall(target)
    else:
        install(pathlib.Path(arguments.built), target)


def parse():
    parser = argparse.ArgumentParser(description="Installs libLightspeed, or takes it away.")
    parser.add_argument("built", nargs="?", help="the directory that cargo built into")
    parser.add_argument("prefix", help="where to, as /usr/local")
    parser.add_argument("--destdir", default="", help="a directory to put in front of the prefix")
    parser.add_argument("--uninstall", action="store_true", help="take away what was installed")
    arguments = parser.parse_args()
    if not arguments.uninstall and not arguments.built:
        parser.error("which build? name the directory that cargo built into")
    return arguments


def install(built, target):
    """Puts everything below `target`."""
    version = package_version()
    shared, links = shared_names(version)
    for header in headers():
        write(target / "include" / header.name, header.read_bytes())
    write(target / "lib" / shared, (built / "liblightspeed.so").read_bytes(), binary=True)
    write(target / "bin" / "lightspeed", (built / "lightspeed").read_bytes(), binary=True)
    for link, to in links:
        replace_link(target / "lib" / link, to)
    symbols = (ROOT / "tests" / "abi" / "symbols.txt").read_text(encoding="utf-8").split()
    hide.hide(str(built / "liblightspeed.a"), str(target / "lib" / "liblightspeed.a"), symbols)
    for path, template in texts().items():
        write(target / path, filled(template.read_text(encoding="utf-8"), version).encode())


def uninstall(target):
    """Takes away what `install` puts there, and the directory that is the library's alone."""
    shared, links = shared_names(package_version())
    names = ["bin/lightspeed", "lib/liblightspeed.a", f"lib/{shared}", *(f"lib/{link}" for link, _ in links), *texts()]
    for name in names + [f"include/{header.name}" for header in headers()]:
        (target / name).unlink(missing_ok=True)
    cmake = target / CMAKE
    if cmake.is_dir() and not any(cmake.iterdir()):
        cmake.rmdir()


def headers():
    """The headers that there are; the one for C++ is another part of the project."""
    return [header for header in HEADERS if header.exists()]


def texts():
    """Installed path → template, of what pkg-config and CMake read."""
    cmake = ["lightspeed-config.cmake", "lightspeed-config-version.cmake.in", "lightspeed-targets.cmake.in"]
    found = {f"{CMAKE}/{name.removesuffix('.in')}": TEMPLATES / name for name in cmake}
    return {"lib/pkgconfig/lightspeed.pc": TEMPLATES / "lightspeed.pc.in", **found}


def shared_names(version):
    """The name of the shared library's file, and the links to it, each with what it points at."""
    shared, soname = f"liblightspeed.so.{version}", f"liblightspeed.so.{version.split('.')[0]}"
    return shared, [(soname, shared), ("liblightspeed.so", soname)]


def package_version():
    """The version of the workspace."""
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    found = re.search(r'\[workspace\.package\]\nversion = "([^"]+)"', manifest)
    return found[1] if found else sys.exit("Cargo.toml names no version of the workspace")


def filled(template, version):
    """The text with its @NAMES@ filled in."""
    major, minor, _ = version.split(".", 2)
    names = {"VERSION": version, "MAJOR": major, "MINOR": minor, "POINTER_SIZE": str(struct.calcsize("P"))}
    return re.sub(r"@([A-Z_]+)@", lambda found: names[found[1]], template)


def write(path, content, binary=False):
    """Writes a file whole or not at all, so that a program that runs keeps its own; a binary without what only debuggers read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    if binary:
        hide.run("strip", "--strip-unneeded", str(temporary))
    temporary.chmod(0o755 if binary else 0o644)
    temporary.replace(path)


def replace_link(path, to):
    """Makes `path` a symbolic link, whatever was there."""
    path.unlink(missing_ok=True)
    path.symlink_to(to)


if __name__ == "__main__":
    main()
