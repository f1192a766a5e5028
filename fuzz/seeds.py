#!/usr/bin/env python3
"""Makes the seed corpora of the fuzz targets: every Python file of the cases, and what the codec writes for it.

    cargo build --release -p lightspeed-core --example blocks
    python3 fuzz/seeds.py target/release/examples/blocks
"""

import hashlib
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "oracle"))

from constructs import CONSTRUCTS  # noqa: E402  (needs the path above)


def main(program):
    sources = sorted(set(snippets()))
    for target in ("blocks", "codec"):
        (HERE / "corpus" / target).mkdir(parents=True, exist_ok=True)
    request = b"".join(b"%d\n" % len(source) + source for source in sources)
    replies = subprocess.run([program, "encoded"], input=request, stdout=subprocess.PIPE, check=True).stdout.split()
    if len(replies) != len(sources):
        sys.exit(f"{program} answered {len(replies)} of {len(sources)} requests")
    for source, reply in zip(sources, replies):
        name = hashlib.sha1(source).hexdigest()
        (HERE / "corpus" / "blocks" / name).write_bytes(source)
        (HERE / "corpus" / "codec" / name).write_bytes(bytes.fromhex(reply.decode()))
    print(f"{len(sources)} seeds for each target")


def snippets():
    """Sources of all cases and of the oracle's list of constructs."""
    for path in sorted((HERE.parent / "tests" / "cases").glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        for files in (case["files_before"], case["edit"]):
            for name, content in files.items():
                if name.endswith(".py") and content:
                    yield content.encode()
    yield from (construct.source.encode() for construct in CONSTRUCTS)


if __name__ == "__main__":
    main(sys.argv[1])
