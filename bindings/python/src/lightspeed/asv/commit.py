"""A commit of the repository that the sources lie in, and what the tree has that it has not."""

import os
import pathlib
import subprocess
from typing import Dict, Iterable, List, Mapping, NamedTuple

from lightspeed.asv.errors import ASVError


class Commit(NamedTuple):
    """A commit as asv keeps it with results."""

    hash: str
    #: When its author made it, in milliseconds since 1970.
    date_ms: int


def resolve(folder: pathlib.Path, name: str) -> Commit:
    """The commit that a hash, a branch, a tag … names. Raises `ASVError` for what is none."""
    try:
        found = _git(folder, "log", "-1", "--format=%H %at", "--no-show-signature", "--end-of-options", f"{name}^{{commit}}", "--")
    except ASVError as error:
        raise ASVError(f"git has no commit {name!r} in {folder}: name one that it has ({error})") from error
    commit, seconds = found.split()
    return Commit(commit, int(seconds) * 1000)


def changed(folder: pathlib.Path, sources: Iterable[pathlib.Path], written: Iterable[pathlib.Path]) -> List[str]:
    """What of the tree is not as committed: tracked files, and new ones among the sources; never what lies in `written`."""
    top = _top(folder)
    entries = _git(folder, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all").split("\0")
    found = []
    for state, path in ((entry[:2], entry[3:]) for entry in entries if entry):
        full = top / path
        new = state == "??"
        if any(_below(full, each) for each in written) or (new and "__pycache__" in full.parts):
            continue
        if not new or any(_below(full, each) for each in sources):
            found.append(path)
    return found


def differing(folder: pathlib.Path, commit: Commit, files: Mapping[str, str]) -> List[str]:
    """Which of these files, git's SHA-1 of each by its path, the commit has with another content."""
    top = _top(folder)
    listed = (entry.split("\t", 1) for entry in _git(folder, "ls-tree", "-r", "-z", "--full-tree", commit.hash).split("\0") if entry)
    blobs: Dict[str, str] = {os.path.join(top, path): facts.split()[2] for facts, path in listed}
    pairs = ((path, sha, blobs.get(os.path.realpath(path))) for path, sha in files.items())
    return sorted(os.path.relpath(path, top) for path, sha, blob in pairs if blob and len(blob) == len(sha) and blob != sha)


def _top(folder: pathlib.Path) -> pathlib.Path:
    return pathlib.Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n")).resolve()


def _below(path: pathlib.Path, folder: pathlib.Path) -> bool:
    return os.path.commonpath([path, folder.resolve()]) == str(folder.resolve())


def _git(folder: pathlib.Path, *arguments: str) -> str:
    """What git prints. Raises `ASVError`."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise ASVError(f"git cannot be run in {folder}: {error.strerror}") from error
    if done.returncode:
        raise ASVError(f"git {arguments[0]}: {(done.stderr.strip().splitlines() or ['it failed'])[0]}")
    return done.stdout
