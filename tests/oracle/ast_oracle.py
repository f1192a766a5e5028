#!/usr/bin/env python3
"""Checks the Python analysis against CPython's own `ast` on real files: rewritten by formatters, and mutated node by node.

The full run (Python ≥ 3.12 with `black` and `ruff` installed beside it; every root is searched for *.py):

    cargo build --release -p lightspeed-core --example blocks
    python tests/oracle/ast_oracle.py --blocks target/release/examples/blocks --rewrites 5000 --mutations 50000 ROOT…

CI runs a seeded sample of the interpreter's own standard library: `--sample SEED N` takes N files for rewrites and 5 N mutations.

A rewrite (black, `ruff format`, ast.unparse) must change a checksum exactly where it changes the reference model (reference.py,
which black does only where it edits docstrings). A mutation must change exactly the blocks and definitions that it changes there.
By position: an expression's mutation changes only the block that its statement stands in, the definition it is, that block's root
where names became local or ceased to be, and the function itself where it stands in a signature. One more definition may change: one that
mentions a name which is now bound more or less often before it.

Files that CPython parses and the grammar does not are *unknown*, hence affected; they are listed at the end.
"""

import argparse
import ast
import collections
import hashlib
import json
import multiprocessing
import os
import pathlib
import random
import subprocess
import sys
import sysconfig
import tempfile
import time
import warnings

import mutate
from reference import Reference

sys.setrecursionlimit(20_000)
warnings.simplefilter("ignore")
FORMATTERS = {
    "black": ["black", "-q", "--fast", "-t", "py313"],
    "ruff": ["ruff", "format", "-q", "--isolated", "--no-cache"],
}
INSERTING = {"import-alias", "import-as", "name", "keyword"}


class Analysis:
    """The Rust analysis as a child process."""

    def __init__(self, program):
        self.child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, source):
        self.child.stdin.write(b"%d\n" % len(source) + source)
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def model(source):
    """The reference model, or None for what CPython refuses."""
    try:
        return Reference(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, UnicodeError):
        return None


def changed(old, new, reference_old, reference_new):
    """Compares two versions of a file: (what differs from the reference model, changed blocks, changed definitions)."""
    problems = []
    for rust, reference, which in ((old, reference_old, "old"), (new, reference_new, "new")):
        ids = [b[0] for b in rust["blocks"]]
        if sorted(ids) != sorted(reference.blocks):
            problems.append(f"blocks of the {which} text: {sorted(set(ids) ^ set(reference.blocks))[:4]}")
        kinds = [d[:2] for d in rust["definitions"]]
        expected = [[d[0], d[1]] for d in reference.definitions]
        if kinds != expected:
            at = next((i for i, (a, b) in enumerate(zip(kinds, expected)) if a != b), min(len(kinds), len(expected)))
            problems.append(f"definitions of the {which} text from {at}: {kinds[at:at + 2]} not {expected[at:at + 2]}")
    if problems:
        return problems, set(), set()
    checksums = [{b[0]: b[1] for b in side["blocks"]} for side in (old, new)]
    blocks = set()
    for id in checksums[0].keys() | checksums[1].keys():
        differs = checksums[0].get(id) != checksums[1].get(id)
        expected = reference_old.blocks.get(id) != reference_new.blocks.get(id)
        if expected:
            blocks.add(id)
        if differs != expected:
            problems.append(f"block {id} {'changed' if differs else 'did not change'}")
    definitions = compare_definitions(old, new, reference_old, reference_new, problems)
    return problems, blocks, definitions


def compare_definitions(old, new, reference_old, reference_new, problems):
    a, b = reference_old.definitions, reference_new.definitions
    same = lambda i, j: a[i][:3] == b[j][:3]
    shorter = min(len(a), len(b))
    head = next((i for i in range(shorter) if not same(i, i)), shorter)
    tail = next((i for i in range(shorter - head) if not same(len(a) - 1 - i, len(b) - 1 - i)), shorter - head)
    pairs = [(i, i) for i in range(head)] + [(len(a) - 1 - i, len(b) - 1 - i) for i in range(tail)]
    if len(a) == len(b):
        pairs += [(i, i) for i in range(head, len(a) - tail)]
    for i, j in pairs:
        differs = old["definitions"][i][2] != new["definitions"][j][2]
        if differs != (not same(i, j)) and not (differs and reordered(a[i][3], i, j, old, new)):
            problems.append(f"definition {i} {a[i][:2]} {'changed' if differs else 'did not change'}")
    return {i for i, j in pairs if not same(i, j)} | ({-1} if len(a) != len(b) else set())


def reordered(node, i, j, old, new):
    """Whether a name that the definition mentions is bound another number of times before it."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    count = lambda side, at: collections.Counter(n for d in side["definitions"][:at] for n in d[5] if n in names)
    return count(old, i) != count(new, j)


def misplaced(reference, node, context, blocks):
    """The position rule: what changed although it does not stand around the mutated expression."""
    allowed = set()
    while not isinstance(node, ast.Module):
        home = reference.home.get(id(node))
        if home is not None and not allowed:
            root = home
            while "/" in root:
                root = root.rsplit("/", 1)[0]
            allowed = {home, root}
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                allowed |= {i for i in blocks if i.split("#")[0].rsplit(".")[-1] == node.name}
            elif isinstance(node, (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Match, ast.Try)) or True:
                break
        node = context[id(node)]
    return blocks - allowed


# Work on one file


def check_mutations(job):
    program, path, seed, count = job
    results = []
    source = pathlib.Path(path).read_bytes()
    reference = model(source)
    if reference is None or not is_plain(source):
        return path, "skipped", []
    analysis = Analysis(program)
    before = analysis(source)
    if before["diagnostics"]:
        analysis.close()
        return path, "unknown", before["diagnostics"]
    text = mutate.Text(source)
    try:
        found = mutate.mutants(text, reference.tree)
    except (KeyError, IndexError, RecursionError) as error:
        analysis.close()
        return path, "skipped", [repr(error)]
    chosen = sample_by_kind(found, random.Random(f"{seed} {path}"), count)
    context = {id(c): p for p in ast.walk(reference.tree) for c in ast.iter_child_nodes(p)}
    for name, node, start, end, new in chosen:
        mutated = text.replace(start, end, new)
        after_model = model(mutated)
        if after_model is None:
            continue
        after = analysis(mutated)
        if after["diagnostics"]:
            results.append((name, "unknown", [str(after["diagnostics"][0])], diff(text, start, end, new)))
            continue
        problems, blocks, definitions = changed(before, after, reference, after_model)
        if isinstance(node, ast.expr) and name not in INSERTING:
            stray = misplaced(reference, node, context, blocks)
            if stray:
                problems.append(f"the reference itself changed {sorted(stray)[:3]}")
        verdict = "wrong" if problems else "changed" if blocks or definitions else "equal"
        results.append((name, verdict, problems[:3], diff(text, start, end, new) if problems else ""))
    analysis.close()
    return path, "done", results


def is_plain(source):
    try:
        source.decode()
    except UnicodeDecodeError:
        return False
    return not source.startswith(b"\xef\xbb\xbf") and b"coding" not in source.split(b"\n", 2)[0]


def sample_by_kind(found, chooser, count):
    """As many of each operator as there are, so that rare ones are not drowned."""
    kinds = collections.defaultdict(list)
    for site in found:
        kinds[site[0]].append(site)
    for sites in kinds.values():
        chooser.shuffle(sites)
    order, chosen = sorted(kinds), []
    while order and len(chosen) < count:
        chooser.shuffle(order)
        for kind in list(order):
            chosen.append(kinds[kind].pop())
            if not kinds[kind]:
                order.remove(kind)
    return chosen[:count]


def diff(text, start, end, new):
    line = text.source.count(b"\n", 0, start) + 1
    return f"line {line}: {text.source[start:end][:80]!r} -> {new[:80]!r}"


def check_rewrite(job):
    program, path, rewrites = job
    source = pathlib.Path(path).read_bytes()
    reference = model(source)
    if reference is None:
        return path, "skipped", []
    analysis, results = Analysis(program), []
    before = analysis(source)
    if before["diagnostics"]:
        analysis.close()
        return path, "unknown", before["diagnostics"]
    try:
        if b"\\N{" in source:
            # The analysis compares Unicode names, not the characters they stand for: the table is large.
            raise UnicodeError
        rewrites = {**rewrites, "unparse": ast.unparse(reference.tree).encode("utf-8")}
    except (UnicodeError, RecursionError):
        pass
    for name, rewritten in rewrites.items():
        if isinstance(rewritten, str):
            rewritten = pathlib.Path(rewritten).read_bytes()
        after_model = model(rewritten)
        if after_model is None:
            results.append((name, "refused", [], ""))
            continue
        after = analysis(rewritten)
        if after["diagnostics"]:
            results.append((name, "unknown", [str(after["diagnostics"][0])], ""))
            continue
        problems, blocks, definitions = changed(before, after, reference, after_model)
        results.append((name, "wrong" if problems else "changed" if blocks or definitions else "equal", problems[:3], ""))
    analysis.close()
    return path, "done", results


# Files and runs


def corpus(roots):
    """Distinct files that hold something."""
    seen, files = set(), []
    for root in roots:
        for path in sorted(pathlib.Path(root).rglob("*.py")):
            try:
                content = path.read_bytes()
            except OSError:
                continue
            digest = hashlib.sha1(content).digest()
            if digest not in seen and len(content) > 40:
                seen.add(digest)
                files.append((str(path), len(content)))
    return files


def formatted(files, directory, names):
    """path → {formatter: path of the rewritten copy}; a formatter that refuses a file leaves it out."""
    out = {path: {} for path in files}
    for name in names:
        command = FORMATTERS[name]
        copies = pathlib.Path(directory, name)
        copies.mkdir()
        for i, path in enumerate(files):
            (copies / f"f{i}.py").write_bytes(pathlib.Path(path).read_bytes())
        program = pathlib.Path(sys.executable).parent / command[0]
        for at in range(0, len(files), 400):
            batch = [copies / f"f{i}.py" for i in range(at, min(at + 400, len(files)))]
            subprocess.run([program, *command[1:], *batch], stderr=subprocess.DEVNULL, check=False)
        for i, path in enumerate(files):
            out[path][name] = str(copies / f"f{i}.py")
    return out


def report(title, stream, total, started):
    tally, unknown, skipped, wrong = collections.Counter(), [], 0, 0
    by_name = collections.defaultdict(collections.Counter)
    for done, (path, status, results) in enumerate(stream, 1):
        if status == "unknown":
            unknown.append((path, results[0]))
        elif status == "skipped":
            skipped += 1
        for name, verdict, problems, where in results if status == "done" else ():
            tally[verdict] += 1
            by_name[name][verdict] += 1
            if verdict in ("wrong", "unknown"):
                print(f"{verdict.upper()} {name} {path} {where}: {'; '.join(problems)}", flush=True)
                wrong += verdict == "wrong"
        if done % 500 == 0:
            print(f"… {title} {done}/{total} files, {sum(tally.values())} checks, {time.time() - started:.0f} s", file=sys.stderr, flush=True)
    print(f"\n{title}: {total} files ({skipped} skipped), {sum(tally.values())} checks: {dict(tally)}")
    for name in sorted(by_name):
        print(f"  {name:24} {dict(by_name[name])}")
    print(f"  files that CPython parses and the grammar does not: {len(unknown)}")
    for path, diagnostic in unknown:
        print(f"    {path}: {diagnostic}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--blocks", required=True, help="the built example `blocks` of lightspeed-core")
    parser.add_argument("--rewrites", type=int, default=0, help="how many files to rewrite")
    parser.add_argument("--mutations", type=int, default=0, help="how many mutations to try")
    parser.add_argument("--per-file", type=int, default=60, help="mutations a file, at most")
    parser.add_argument("--largest", type=int, default=20_000, help="largest file to mutate, in bytes")
    parser.add_argument("--largest-rewrite", type=int, default=1 << 30, help="largest file to rewrite, in bytes")
    parser.add_argument("--sample", nargs=2, type=int, metavar=("SEED", "N"))
    parser.add_argument("--formatters", nargs="*", choices=FORMATTERS, default=list(FORMATTERS), help="beside ast.unparse")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("roots", nargs="*", default=[sysconfig.get_path("stdlib")])
    options = parser.parse_args()
    if options.sample:
        options.seed, options.rewrites = options.sample
        options.mutations, options.per_file = 5 * options.rewrites, 25
    started, wrong = time.time(), 0
    files = corpus(options.roots)
    random.Random(options.seed).shuffle(files)
    print(f"{len(files)} distinct files", flush=True)
    with multiprocessing.Pool(options.jobs) as pool:
        if options.rewrites:
            chosen = [path for path, size in files if size <= options.largest_rewrite][: options.rewrites]
            with tempfile.TemporaryDirectory() as directory:
                rewrites = formatted(chosen, directory, options.formatters)
                jobs = [(options.blocks, path, rewrites[path]) for path in chosen]
                wrong += report("rewrites", pool.imap_unordered(check_rewrite, jobs, 4), len(jobs), started)
        if options.mutations:
            small = [path for path, size in files if size <= options.largest]
            # Some sites yield text that CPython refuses: ask for more than needed.
            small = small[: options.mutations * 3 // 2 // options.per_file + 1]
            jobs = [(options.blocks, path, options.seed, options.per_file) for path in small]
            wrong += report("mutations", pool.imap_unordered(check_mutations, jobs, 2), len(jobs), started)
    print(f"{wrong} wrong, {time.time() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
