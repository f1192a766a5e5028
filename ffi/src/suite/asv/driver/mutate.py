"""Mode `mutate`: small changes to source files, found with Python's own syntax trees and made as replacements of text."""

import ast
import bisect
import difflib
import os
import random
import warnings

from . import mutate_sites, wire


EXECUTED_IN_TURN = 3


def main(channel, request):
    """Answer the one request: one mutation a reply, then the end."""
    try:
        for mutation in mutations(request):
            channel.send(dict(mutation, ok=True))
        channel.send({"ok": True, "done": True})
    except Exception as error:
        channel.send(wire.failure(error))


def mutations(request):
    """A sample of `count` mutations for each operator. The sample of a smaller count begins that of a larger one."""
    # What a mutation makes may be doubtful Python.
    warnings.simplefilter("ignore")
    tree = request.get("tree") or os.sep
    sources = [source for source in (Source.read(path, tree) for path in request["files"]) if source is not None]
    for operator in request.get("operators") or mutate_sites.OPERATORS:
        if operator not in mutate_sites.OPERATORS:
            known = ", ".join(mutate_sites.OPERATORS)
            raise ValueError("unknown operator %r; known are %s" % (operator, known))
        found = list(mutate_sites.OPERATORS[operator](sources))
        random.Random("%s:%s" % (request["seed"], operator)).shuffle(found)
        taken = 0
        for source, edit in mostly_executed(found, request.get("executed") or {}):
            if taken == request["count"]:
                break
            mutation = source.mutation(operator, *edit)
            if mutation is not None:
                taken += 1
                yield mutation


def mostly_executed(found, executed):
    """The places in an order in which three of four stand on a line that is executed, as long as there are such."""
    lines = {path: set(numbers) for path, numbers in executed.items()}
    chosen, others = [], []
    for source, edit in found:
        on_executed = source.line_of(edit[0]) in lines.get(source.path, ())
        (chosen if on_executed else others).append((source, edit))
    while chosen or others:
        yield from chosen[:EXECUTED_IN_TURN] + others[:1]
        del chosen[:EXECUTED_IN_TURN], others[:1]


class Source:
    """A file that Python can parse: its bytes, its tree, and where each line begins."""

    def __init__(self, path, name, data, tree):
        self.path, self.name, self.data, self.tree = path, name, data, tree
        self._starts = [0]
        for line in data.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self.parents = {id(child): parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}

    @classmethod
    def read(cls, path, top):
        """The file, named relative to `top`, or None if it is none of plain UTF-8 Python."""
        try:
            with open(path, "rb") as file:
                data = file.read()
            data.decode("utf-8")
            # Bytes that only some count as ends of lines would shift all positions.
            if any(byte in data for byte in (b"\r", b"\f", b"\v", b"\xef\xbb\xbf")):
                return None
            return cls(path, os.path.relpath(path, top), data, ast.parse(data))
        except (OSError, SyntaxError, ValueError, RecursionError):
            return None

    def span(self, node):
        """First and last + 1 byte of a node."""
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset

    def line_start(self, line):
        """The first byte of a line, counted from 1."""
        return self._starts[line - 1]

    def line_of(self, position):
        """The line, counted from 1, that a byte stands on."""
        return bisect.bisect_right(self._starts, position)

    def text(self, start, end):
        """The bytes between two positions."""
        return self.data[start:end]

    def alone(self, node):
        """Whether nothing else stands on the lines of a node."""
        start, end = self.span(node)
        before = self.data[self._starts[node.lineno - 1] : start]
        after = self.data[end : self._starts[node.end_lineno]]
        return not before.strip() and (not after.strip() or after.strip().startswith(b"#"))

    def alone_from(self, node):
        """Whether nothing stands before a node on its line."""
        return not self.data[self._starts[node.lineno - 1] : self.span(node)[0]].strip()

    def alone_with_sign(self, decorator):
        """Whether nothing but its sign stands before a decorator on its line, and nothing behind it."""
        start, end = self.span(decorator)
        after = self.data[end : self._starts[decorator.end_lineno]].strip()
        return self.data[self._starts[decorator.lineno - 1] : start].strip() == b"@" and after[:1] in (b"", b"#")

    def mutation(self, operator, start, end, new):
        """The replacement of [start, end) by `new` (None: the file goes) as a reply; None if it is no Python or no change."""
        after = b"" if new is None else self.data[:start] + new + self.data[end:]
        if new is not None:
            try:
                tree = ast.parse(after)
                compile(after, self.path, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError):
                return None
            same = ast.dump(tree) == ast.dump(self.tree)
            if after == self.data or same != (operator in mutate_sites.SAME_TREE):
                return None
        return {
            "operator": operator,
            "path": self.path,
            "file": self.name,
            "line": self.line_of(start),
            "start": start,
            "end": end,
            "text": None if new is None else new.decode("utf-8"),
            "diff": self._diff(after),
        }

    def _diff(self, after):
        before, after = ([line.rstrip("\n") for line in data.decode("utf-8").splitlines(True)] for data in (self.data, after))
        return "\n".join(difflib.unified_diff(before, after, "a/" + self.name, "b/" + self.name, n=2, lineterm=""))
