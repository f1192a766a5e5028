"""What changed files are made of now, beside what the survey saw of them."""

import hashlib
import os
from typing import Dict, Iterable, List, Mapping, Optional, Tuple

from lightspeed.block import blocks


def fsha(path: str) -> Optional[str]:
    """git's SHA-1 of a file, hexadecimal; None where it cannot be read."""
    content = _content(path)
    return None if content is None else _sha(content)


def file_method_checksums(path: str) -> Tuple[List[int], Optional[str]]:
    """The checksums of all blocks of a file, none unless it is Python's, and its SHA-1; ([], None) where it cannot be read."""
    content = _content(path)
    if content is None:
        return [], None
    checksums = [block.checksum for block in blocks(content)] if path.endswith((".py", ".pyi")) else []
    return checksums, _sha(content)


def changed_files_with_fingerprints(
    paths: Iterable["str | os.PathLike[str]"], stored_fshas: Mapping[str, str]
) -> Dict[str, Tuple[List[int], str]]:
    """Of these files, those that are not as the survey saw them: their checksums and SHA-1 now, by absolute path.

    A file that the survey saw and that is gone has no checksums and an empty SHA-1. `stored_fshas` is what
    `LightspeedDB.get_stored_fshas()` gives.
    """
    changed: Dict[str, Tuple[List[int], str]] = {}
    for given in paths:
        path = os.path.abspath(os.fspath(given))
        stored = stored_fshas.get(path) or stored_fshas.get(os.path.realpath(path))
        checksums, sha = file_method_checksums(path)
        if sha is not None and sha != stored:
            changed[path] = checksums, sha
        elif sha is None and stored is not None:
            changed[path] = [], ""
    return changed


def _content(path: str) -> Optional[bytes]:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _sha(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
