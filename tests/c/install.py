"""The installed library, from outside the tree: `install.py LIBDIR TESTING_LIBDIR`.

A program finds it by CMake and by pkg-config, shared and static, where it was installed and after it was moved. The archive
defines nothing but the interface, and panics unwind in it.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import run
import support

ROOT = pathlib.Path(support.ROOT)
HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = ROOT / "bindings" / "c" / "examples" / "outside"
SYMBOLS = (ROOT / "tests" / "abi" / "symbols.txt").read_text(encoding="utf-8").split()
CC = os.environ.get("CC", "gcc")
STRICT = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-O1"]
SYSTEM = ["-lpthread", "-ldl", "-lm"]
SOURCE = "class Suite:\n    def time_one(self):\n        return 1\n\n\ndef helper():\n    pass\n"
BLOCKS = ["1-7 <module>", "1-3 Suite", "2-3 Suite.time_one", "6-7 helper"]
# What a program asks for → whether 0.1.0 serves it.
REQUESTS = {"0.1.0": True, "0.1": True, "0": True, "0.1.1": False, "0.2": False, "0.0": False, "1": False, "1.1": False}


def main():
    built, testing = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    for tool, package in (("cmake", "cmake"), ("pkg-config", "pkgconf"), ("readelf", "binutils")):
        if not shutil.which(tool):
            sys.exit(f"there is no '{tool}': apt-get install {package}")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        prefix = folder / "stage" / "opt" / "lightspeed"
        install(str(built), "/opt/lightspeed", "--destdir", str(folder / "stage"))
        installed(prefix, folder)
        programs = outside(prefix, folder / "first")
        compiled(folder / "frame_alone.o", prefix, "-c", HERE / "frame_alone.c")
        moved = folder / "elsewhere"
        prefix.rename(moved)
        programs += outside(moved, folder / "second")
        versions(moved, folder)
        suite = folder / "suite"
        suite.mkdir()
        config = run.survey(str(suite))
        for name, argv in (("clash-static", [moved / "lib" / "liblightspeed.a", *SYSTEM]), ("clash-shared", shared(moved))):
            compiled(folder / name, moved, HERE / "clash.c", "-rdynamic", *argv)
            output([folder / name, config], cwd=suite)
        panic(folder, moved, testing, config)
        install("--uninstall", str(moved))
        left = [str(path) for path in moved.rglob("*") if not path.is_dir()]
        check(not left, f"left behind: {left}")
    print(f"C: {programs} programs built and run outside the tree, names hidden, a panic unwound from the static library")


def install(*arguments):
    output([sys.executable, ROOT / "scripts" / "install.py", *arguments])


def installed(prefix, folder):
    """What is there, under which names, and that none of it knows where it is."""
    library = prefix / "lib" / "liblightspeed.so"
    version = output([prefix / "bin" / "lightspeed", "--version"]).split()[-1]
    major = version.split(".")[0]
    check(os.readlink(library) == f"liblightspeed.so.{major}", "liblightspeed.so is the wrong link")
    check(os.readlink(f"{library}.{major}") == f"liblightspeed.so.{version}", "the soname is the wrong link")
    check(f"[liblightspeed.so.{major}]" in needs(library, "SONAME"), "the library has the wrong soname")
    names = [line.split()[-1] for line in output(["nm", "-D", "--defined-only", library]).splitlines()]
    check(sorted(names) == SYMBOLS, "the shared library exports other names than tests/abi/symbols.txt")
    names = [line.split() for line in output(["nm", "--defined-only", "--extern-only", library.with_suffix(".a")]).splitlines()]
    check(sorted(name[-1] for name in names if len(name) == 3) == SYMBOLS, "the archive defines other names")
    texts = [prefix / "lib" / "pkgconfig" / "lightspeed.pc", *(prefix / "lib" / "cmake" / "lightspeed").iterdir()]
    check(len(texts) == 4, f"not what CMake needs: {texts}")
    for path in texts:
        text = path.read_text(encoding="utf-8")
        check(str(folder) not in text and "/opt/lightspeed" not in text and "@" not in text, f"{path} is not movable:\n{text}")


def outside(prefix, folder):
    """Builds the example in a copy, in all four ways, and runs it; how many programs that were."""
    shutil.copytree(EXAMPLE, folder)
    source = folder / "suite.py"
    source.write_text(SOURCE, encoding="utf-8")
    programs = []
    for linked, static in (("shared", "OFF"), ("static", "ON")):
        build = folder / f"cmake-{linked}"
        options = [f"-DCMAKE_PREFIX_PATH={prefix}", f"-DLIGHTSPEED_STATIC={static}", "-DCMAKE_BUILD_TYPE=Release"]
        output(["cmake", "-S", folder, "-B", build, *options])
        output(["cmake", "--build", build])
        environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")}
        # The `make` that runs this test passes its own settings on.
        output(["make", "-C", folder, linked, f"CC={CC}"], env={k: v for k, v in environment.items() if k not in ("MAKEFLAGS", "MFLAGS")})
        programs += [(build / "outside", linked), (folder / f"outside-{linked}", linked)]
    for program, linked in programs:
        check(("liblightspeed" in needs(program, "NEEDED")) == (linked == "shared"), f"{program} is not linked as it should be")
        lines = output([program, source]).splitlines()
        check(lines[0].startswith("libLightspeed ") and lines[1:-1] == BLOCKS, f"{program} printed {lines}")
        check(lines[-1].startswith("CONFIG: "), f"{program} printed {lines}")
    return len(programs)


def versions(prefix, folder):
    """Which requested versions CMake would find the installed one for."""
    script = folder / "version.cmake"
    script.write_text(f'include("{prefix}/lib/cmake/lightspeed/lightspeed-config-version.cmake")\nmessage("${{PACKAGE_VERSION_COMPATIBLE}}")\n')
    for wanted, fits in REQUESTS.items():
        parts = wanted.split(".")
        asked = {"": wanted, "_COUNT": len(parts), "_MAJOR": parts[0], "_MINOR": (parts + ["0"])[1]}
        argv = ["cmake", *(f"-DPACKAGE_FIND_VERSION{name}={value}" for name, value in asked.items()), "-P", script]
        check(output(argv, stderr=subprocess.STDOUT).strip() == str(fits).upper(), f"version {wanted} is {'not ' * fits}found")


def panic(folder, prefix, testing, config):
    """A panic becomes an error in an archive that was made as the installed one is, with the one export that panics."""
    archive = folder / "libcapi_testing.a"
    hide = [sys.executable, ROOT / "scripts" / "hide.py", testing / "libcapi_testing.a", archive]
    output([*hide, ROOT / "tests" / "abi" / "symbols.txt", "lightspeed_testing_panic"])
    compiled(folder / "panic-static", prefix, HERE / "panic.c", archive, *SYSTEM)
    output([folder / "panic-static", config], cwd=folder / "suite")


def shared(prefix):
    return [f"-L{prefix}/lib", "-llightspeed", f"-Wl,-rpath,{prefix}/lib"]


def compiled(program, prefix, *arguments):
    output([CC, *STRICT, f"-I{prefix}/include", *arguments, "-o", program])


def needs(binary, entry):
    """The lines of the dynamic section with this entry."""
    lines = output(["readelf", "--dynamic", "--wide", binary]).splitlines()
    return "\n".join(line for line in lines if f"({entry})" in line)


def output(argv, **more):
    """What a command that must succeed printed."""
    options = {"env": support.environment(), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    done = subprocess.run([str(argument) for argument in argv], text=True, timeout=support.SECONDS, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, argv))}: exit {done.returncode}\n{done.stdout}{done.stderr or ''}")
    return done.stdout


def check(holds, otherwise):
    if not holds:
        sys.exit(otherwise)


if __name__ == "__main__":
    main()
