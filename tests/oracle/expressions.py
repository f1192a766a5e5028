#!/usr/bin/env python3
"""Checks that expressions group as in Python: random ones, written with as few and with as many parentheses as can be, must have one checksum.

    python tests/oracle/expressions.py --blocks target/release/examples/blocks [--seed 1] [--count 3000]

CPython's `ast` writes the text with few and confirms that both mean the same. An expression of another meaning (an operator exchanged, operands
grouped otherwise) must have another checksum.
"""

import argparse
import ast
import random
import sys

import ast_oracle

BINARY = [ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult, ast.LShift, ast.RShift, ast.BitOr, ast.BitXor, ast.BitAnd, ast.Pow]
UNARY = [ast.USub, ast.UAdd, ast.Invert, ast.Not]
COMPARE = [ast.Eq, ast.NotEq, ast.Lt, ast.GtE, ast.Is, ast.IsNot, ast.In, ast.NotIn]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--blocks", required=True, help="the built example `blocks` of lightspeed-core")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    options = parser.parse_args()
    analysis, chance = ast_oracle.Analysis(options.blocks), random.Random(options.seed)
    passed, failed, told = 0, 0, 0
    for _ in range(options.count):
        tree = expression(chance, chance.randint(1, 5))
        other = expression(chance, 1) if chance.random() < 0.5 else regrouped(tree, chance)
        problem, compared = check(analysis, tree, other)
        told += compared
        passed, failed = passed + (not problem), failed + bool(problem)
        if problem:
            print(f"FAILED {problem}")
    analysis.close()
    print(f"{told} of them told from another expression")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not told else 0


def check(analysis, tree, other):
    """(what is wrong or None, whether another meaning was compared) of one expression."""
    few, many = ast.unparse(ast.fix_missing_locations(tree)), parenthesized(tree)
    if meaning(few) != meaning(many):
        return f"the test is wrong: {few} is not {many}", False
    forms = [form(analysis, text) for text in (few, many)]
    if forms[0] != forms[1]:
        return f"{few} is not {many}", False
    different = ast.unparse(ast.fix_missing_locations(other))
    if meaning(different) == meaning(few):
        return None, False
    if form(analysis, different) == forms[0]:
        return f"{few} cannot be told from {different}", True
    return None, True


def meaning(text):
    return ast.dump(ast.parse(wrapped(text)))


def wrapped(text):
    return f"async def f():\n    return {text}\n"


def form(analysis, text):
    answer = analysis(wrapped(text).encode())
    if answer["diagnostics"]:
        return f"{text}: {answer['diagnostics']}"
    return [block[:2] for block in answer["blocks"]]


def expression(chance, depth):
    """A random expression."""
    if depth == 0:
        return chance.choice([ast.Name("a"), ast.Name("b"), ast.Name("c"), ast.Constant(1), ast.Constant("s"), ast.Constant(2.5)])
    inner = lambda: expression(chance, chance.randint(0, depth - 1))
    kind = chance.randrange(16)
    if kind < 6:
        return ast.BinOp(inner(), chance.choice(BINARY)(), inner())
    if kind == 6:
        return ast.UnaryOp(chance.choice(UNARY)(), inner())
    if kind == 7:
        return ast.BoolOp(chance.choice([ast.And, ast.Or])(), [inner() for _ in range(chance.randint(2, 3))])
    if kind == 8:
        count = chance.randint(1, 2)
        return ast.Compare(inner(), [chance.choice(COMPARE)() for _ in range(count)], [inner() for _ in range(count)])
    if kind == 9:
        return ast.IfExp(inner(), inner(), inner())
    if kind == 10:
        return ast.Lambda(ast.arguments([], [ast.arg("a")], None, [], [], None, []), inner())
    if kind == 11:
        return ast.Await(inner())
    if kind == 12:
        return ast.Attribute(inner(), "d")
    if kind == 13:
        return ast.Call(inner(), [inner(), ast.Starred(inner())], [ast.keyword("k", inner()), ast.keyword(None, inner())])
    if kind == 14:
        return ast.Subscript(inner(), chance.choice([inner(), ast.Slice(inner(), inner(), None), ast.Tuple([inner(), ast.Slice(inner())])]))
    makers = [
        lambda: ast.Tuple([inner(), inner()]),
        lambda: ast.List([inner(), ast.Starred(inner())]),
        lambda: ast.Dict([inner(), None], [inner(), inner()]),
        lambda: ast.Set([inner(), inner()]),
        lambda: ast.ListComp(inner(), [ast.comprehension(ast.Name("a"), inner(), [inner()], 0)]),
        lambda: ast.GeneratorExp(inner(), [ast.comprehension(ast.Name("b"), inner(), [], 0)]),
        lambda: ast.NamedExpr(ast.Name("c"), inner()),
    ]
    return chance.choice(makers)()


def regrouped(tree, chance):
    """The same operands in the same order, grouped otherwise, or with another operator."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.left, ast.BinOp):
        left = tree.left
        return ast.BinOp(left.left, left.op, ast.BinOp(left.right, tree.op, tree.right))
    if isinstance(tree, ast.BinOp) and isinstance(tree.right, ast.BinOp):
        right = tree.right
        return ast.BinOp(ast.BinOp(tree.left, tree.op, right.left), right.op, right.right)
    if isinstance(tree, ast.BinOp):
        return ast.BinOp(tree.left, chance.choice(BINARY)(), tree.right)
    if isinstance(tree, (ast.UnaryOp, ast.Await)):
        inner = tree.operand if isinstance(tree, ast.UnaryOp) else tree.value
        again = (lambda node: ast.UnaryOp(tree.op, node)) if isinstance(tree, ast.UnaryOp) else ast.Await
        if isinstance(inner, ast.BinOp):
            return ast.BinOp(again(inner.left), inner.op, inner.right)
    return ast.Tuple([tree])


def parenthesized(node):
    """The text with every operand in parentheses."""
    p = lambda inner: f"({parenthesized(inner)})"
    operator = lambda op: ast.unparse(ast.BinOp(ast.Name("x"), op, ast.Name("x")))[2:-2]
    if isinstance(node, ast.BinOp):
        return f"{p(node.left)} {operator(node.op)} {p(node.right)}"
    if isinstance(node, ast.UnaryOp):
        return ast.unparse(ast.UnaryOp(node.op, ast.Name("x")))[:-1] + p(node.operand)
    if isinstance(node, ast.BoolOp):
        return (" and " if isinstance(node.op, ast.And) else " or ").join(map(p, node.values))
    if isinstance(node, ast.Compare):
        sign = lambda op: ast.unparse(ast.Compare(ast.Name("x"), [op], [ast.Name("x")]))[1:-1]
        return p(node.left) + "".join(sign(op) + p(right) for op, right in zip(node.ops, node.comparators))
    if isinstance(node, ast.IfExp):
        return f"{p(node.body)} if {p(node.test)} else {p(node.orelse)}"
    if isinstance(node, ast.Lambda):
        return f"lambda a: {p(node.body)}"
    if isinstance(node, ast.Await):
        return f"await {p(node.value)}"
    if isinstance(node, ast.Attribute):
        return f"{p(node.value)}.d"
    if isinstance(node, ast.NamedExpr):
        return f"(c := {p(node.value)})"
    if isinstance(node, ast.Call):
        arguments = [f"*{p(a.value)}" if isinstance(a, ast.Starred) else p(a) for a in node.args]
        keywords = [f"{k.arg}={p(k.value)}" if k.arg else f"**{p(k.value)}" for k in node.keywords]
        return f"{p(node.func)}({', '.join(arguments + keywords)})"
    if isinstance(node, ast.Subscript):
        return f"{p(node.value)}[{index(node.slice)}]"
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        items = "".join((f"*{p(e.value)}" if isinstance(e, ast.Starred) else p(e)) + ", " for e in node.elts)
        return {ast.Tuple: "({})", ast.List: "[{}]", ast.Set: "{{{}}}"}[type(node)].format(items)
    if isinstance(node, ast.Dict):
        return "{" + ", ".join(f"{p(k)}: {p(v)}" if k else f"**{p(v)}" for k, v in zip(node.keys, node.values)) + "}"
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        (clause,) = node.generators
        text = f"{p(node.elt)} for {clause.target.id} in {p(clause.iter)}" + "".join(f" if {p(test)}" for test in clause.ifs)
        return f"[{text}]" if isinstance(node, ast.ListComp) else f"({text})"
    return ast.unparse(node)


def index(node):
    """What stands between the brackets of a subscript."""
    if isinstance(node, ast.Tuple) and any(isinstance(e, ast.Slice) for e in node.elts):
        return ", ".join(map(index, node.elts))
    if isinstance(node, ast.Slice):
        return ":".join(f"({parenthesized(part)})" if part else "" for part in (node.lower, node.upper))
    return f"({parenthesized(node)})"


if __name__ == "__main__":
    sys.exit(main())
