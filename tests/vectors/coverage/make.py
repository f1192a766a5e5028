#!/usr/bin/env python3
"""Runs the programs of this folder under real coverage tools and keeps what they write.

    python tests/vectors/coverage/make.py

Needs coverage and gcovr (in the interpreter that runs this), gcc, clang with llvm-cov and llvm-profdata, and go. What ran
is marked in the sources themselves (`ran`, `not`): that is what the readers are tested against, not what a tool says.
Paths of the machine become `/project`.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
GO_TEST = "package prog\n\nimport \"testing\"\n\nfunc TestUsed(t *testing.T) {\n\tused(5)\n}\n"


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch).resolve()
        for name in ("prog.py", "prog.c", "prog.go"):
            shutil.copy(HERE / name, folder)

        def run(*argv, **more):
            return subprocess.run(argv, cwd=folder, check=True, stdout=subprocess.PIPE, **more).stdout

        def keep(name, data):
            text = data if isinstance(data, str) else data.decode()
            (HERE / name).write_text(text.replace(str(folder), "/project"))

        coverage = [sys.executable, "-m", "coverage"]
        run(*coverage, "run", "prog.py")
        run(*coverage, "lcov", "-o", "py.lcov")
        run(*coverage, "xml", "-o", "py.xml")
        run(*coverage, "json", "-o", "py.json")
        for name in ("py.lcov", "py.xml", "py.json"):
            keep(f"coverage_{name}", (folder / name).read_text())

        run("gcc", "--coverage", "-O0", "-o", "prog", "prog.c")
        run("./prog")
        gcovr = [sys.executable, "-m", "gcovr", "--root", str(folder)]
        keep("gcovr.lcov", run(*gcovr, "--lcov"))
        keep("gcovr.xml", run(*gcovr, "--cobertura"))

        run("clang", "-fprofile-instr-generate", "-fcoverage-mapping", "-O0", "-o", "prog-llvm", str(folder / "prog.c"))
        run("./prog-llvm", env={**os.environ, "LLVM_PROFILE_FILE": "prog.profraw"})
        run("llvm-profdata", "merge", "-o", "prog.profdata", "prog.profraw")
        llvm_cov = ["llvm-cov", "export", "./prog-llvm", "-instr-profile=prog.profdata"]
        keep("llvm_cov.json", run(*llvm_cov))
        keep("llvm_cov.lcov", run(*llvm_cov, "-format=lcov"))

        (folder / "go.mod").write_text("module example.invalid/prog\n\ngo 1.20\n")
        (folder / "prog_test.go").write_text(GO_TEST)
        for path in folder.glob("prog.c"):
            path.unlink()
        run("go", "test", "-coverprofile", "go.out", "./...")
        keep("go_cover.out", (folder / "go.out").read_text())


if __name__ == "__main__":
    main()
