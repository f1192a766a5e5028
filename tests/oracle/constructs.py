#!/usr/bin/env python3
"""Checks that no syntax of Python 3.8 to 3.14 is misread: each construct below is read in full, or its file is *unknown*.

    cargo build --release -p lightspeed-core --example blocks
    python tests/oracle/constructs.py --blocks target/release/examples/blocks

Where the running Python knows the syntax, the reference model (reference.py) decides, on the sample and on every mutation of it
(mutate.py). Where it does not, the sample's own `others` decide: sources that mean something else and must have other checksums,
and `equals`, which must have the same ones. Constructs that the grammar does not parse are marked here, listed in docs/proofs.md,
and must be unknown; one that comes to be read must lose its mark.
"""

import argparse
import pathlib
import sys
import typing

import ast_oracle
import mutate

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "proofs.md"


class Construct(typing.NamedTuple):
    """A sample of syntax that CPython accepts since `since`."""

    name: str
    since: tuple
    source: str
    unknown: bool = False
    others: tuple = ()
    equals: tuple = ()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--blocks", required=True, help="the built example `blocks` of lightspeed-core")
    options = parser.parse_args()
    analysis = ast_oracle.Analysis(options.blocks)
    document = DOCUMENT.read_text(encoding="utf-8")
    tally, failures = {"read": 0, "unknown": 0}, []
    checks = 0
    for construct in CONSTRUCTS:
        verdict, count, problems = check(analysis, construct)
        checks += count
        if verdict == "unknown":
            print(f"unknown: {construct.name}")
            if construct.name not in document:
                problems.append(f"not listed in {DOCUMENT.name}")
        tally[verdict] += 1
        failures += [f"{construct.name}: {problem}" for problem in problems]
    analysis.close()
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{len(CONSTRUCTS)} constructs: {tally['read']} read in full, {tally['unknown']} unknown; {checks} comparisons")
    print(f"{len(CONSTRUCTS) - len({f.split(':')[0] for f in failures})} passed, {len({f.split(':')[0] for f in failures})} failed")
    return 1 if failures or not checks else 0


def check(analysis, construct):
    """(verdict, comparisons made, what is wrong) of one construct."""
    source = construct.source.encode()
    answer = analysis(source)
    known = sys.version_info >= construct.since
    reference = ast_oracle.model(source)
    problems = []
    if known and reference is None:
        problems.append("this Python refuses the sample")
    if answer["diagnostics"]:
        if not construct.unknown:
            problems.append(f"is unknown: {answer['diagnostics']}")
        return "unknown", 0, problems
    if construct.unknown:
        problems.append("is read now: take its mark away, and its line in the document")
    count = 0
    for other in construct.others:
        count += 1
        if alike(answer, analysis(other.encode())):
            problems.append(f"cannot be told from {other!r}")
    for equal in construct.equals:
        count += 1
        if not alike(answer, analysis(equal.encode())):
            problems.append(f"differs from {equal!r}")
    if reference is not None:
        more, found = against_reference(analysis, source, answer, reference)
        count, problems = count + more, problems + found
    if not count:
        problems.append("nothing to compare it with: give it others")
    return "read", count, problems


def alike(one, other):
    """Whether two answers have the same checksums and nothing unknown."""
    forms = [[[b[:2] for b in a["blocks"]], [d[:3] for d in a["definitions"]]] for a in (one, other)]
    return not other["diagnostics"] and forms[0] == forms[1]


def against_reference(analysis, source, answer, reference):
    """Compares sample and mutations with the reference model: (comparisons, what is wrong)."""
    problems = ast_oracle.changed(answer, answer, reference, reference)[0]
    count = 1
    if problems or not ast_oracle.is_plain(source):
        return count, problems
    text = mutate.Text(source)
    for name, _, start, end, new in mutate.mutants(text, reference.tree):
        mutated = text.replace(start, end, new)
        model = ast_oracle.model(mutated)
        if model is None:
            continue
        after = analysis(mutated)
        count += 1
        if after["diagnostics"]:
            continue
        found = ast_oracle.changed(answer, after, reference, model)[0]
        problems += [f"{name} {ast_oracle.diff(text, start, end, new)}: {each}" for each in found[:2]]
    return count, problems


def _(name, source, since=(3, 8), **more):
    return Construct(name, since, source, **more)


CONSTRUCTS = [
    # Soft keywords and old statements as names
    _("`match` as a name", "match = 1\nmatch(x)\nmatch[x]\nmatch.a = 2\nmatch, y = 1, 2\nprint(match)\n"),
    _("`match` before a parenthesis or a star", "match (a)\nmatch (a, b)\nmatch * a\nmatch - a\nmatch [a]\n"),
    _("`case` as a name", "case = 1\ncase(x)\ncase[x] = 2\ndef f(case): return case\n"),
    _("`type` as a name", "type = 1\ntype(x)\ntype.a\ntype: int = 1\nx = type\ndef type(type): return type\n"),
    _("`type[…] = …`, an item of a variable named `type`", "type[x] = y\ntype[x].y = z\ntype [x] = y\n"),
    _("what `type(…)` gives, assigned to", "type(a).b = c\ntype (a).b: c = d\ntype(a)[b] = c\ntype(a).b = type(c).d = e\ntype(a).b += c\ntype.b = c\n"),
    _("`type (…)` on a line before one that begins with a parenthesis and assigns", "type (a, b)\n(x) = c\n"),
    _("`type` called in a statement", "type (a)\ntype (a, b, c)\nx = type (a).b\ntype in a\ntype is a\n"),
    _("`_` as a name", "_ = 1\n_(x)\nfor _ in x: _\nfrom a import b as _\n"),
    _("`print` as a function", "print(a)\nprint(a, b, file=c)\nprint(*a, sep='')\nprint()\nprint\nx = print\n"),
    _("`print` with a shifted file", "print >> a\nprint >> a, b\n"),
    _("`print` before an operator", "print + a\nprint - a\nprint * a\nprint % a\nprint == a\nprint[a]\nprint.a\n"),
    _("`print` before `-` as a difference", "x = print -1\nprint -1\n"),
    _("`print` called, then more", "print(a).b\nprint(a)[0]\nprint(a) + b\nprint(a), b\nprint(a) if b else c\nprint(a) or b\n"),
    _("`print` with a space before the parenthesis", "print (a)\nprint (a, b)\nprint (a), b\nprint (a) % b\n"),
    _("`print` as a target", "print = a\nprint: int = a\nprint, a = b\ndef print(print): pass\nfor print in a: pass\ndel print\n"),
    _("`exec` as a function", "exec(a)\nexec(a, b)\nexec (a)\nexec(a, globals(), locals())\nx = exec\nexec.a\nexec[b]\n"),
    _("`exec` as a target", "exec = a\ndef exec(exec): pass\nexec, b = a\nself.exec = exec\n"),
    _("`exec` before an operator", "exec + a\nexec - a\nexec in a\nexec * a\n"),
    _("`async` and `await` as attributes by getattr", "getattr(a, 'async')\n"),
    _("soft keywords as parameters and keywords", "f(match=1, case=2, type=3, _=4, print=5, exec=6)\ndef g(match, case, type, _, print, exec): pass\n"),
    _("soft keywords as attributes", "a.match.case.type.print.exec\na.print = a.exec\na.print(b)\na.exec(b)\n"),
    _("soft keywords imported", "from a import match, case, type, exec, print\nimport match, case as type\nimport print\n"),
    _("soft keywords as classes", "class match: pass\nclass case(type): pass\nclass type(case): pass\n"),
    _("soft keywords in a lambda", "lambda match: match\nlambda case, type: case\nlambda print: print(1)\n"),
    _("soft keywords walrus", "(match := 1)\n(type := a)\nif (case := b): pass\n"),
    _("soft keywords as decorators", "@match\ndef f(): pass\n@type\nclass A: pass\n"),
    _("`match` as a statement's subject", "match match:\n case case: pass\n", (3, 10)),
    _("`type` before a name", "type type = type\n", (3, 12)),
    _("`type match = …`", "type match = case\n", (3, 12)),
    _("`print` after a semicolon", "a; print(b); print\n"),
    _("`nonlocal` and `global` with soft keywords", "def f():\n global match, type, print, exec\n match = 1\n"),
    # Match
    _("match: literals", "match x:\n case 1 | -1 | 1.5 | -2j | 1 + 2j | -1 - 2j: a\n case 'a' 'b' | b'c': b\n case None | True | False: c\n", (3, 10)),
    _("match: captures and wildcards", "match x:\n case a if b: c\n case _: d\n", (3, 10)),
    _("match: values", "match x:\n case a.b: c\n case a.b.c: d\n", (3, 10)),
    _("match: sequences", "match x:\n case []: a\n case [a]: b\n case a,: c\n case a, *b: d\n case (a, *_, b): e\n case [*_]: f\n case (): g\n case *a,: h\n", (3, 10)),
    _("match: mappings", "match x:\n case {}: a\n case {'a': 1, b.c: d, **e}: f\n case {-1: a, None: b,}: g\n case {**r}: h\n", (3, 10)),
    _("with: a conditional or a lambda and a name", "with a if b else c as d, lambda: e as f:\n g\n"),
    _("match: a mapping with a complex key", "match x:\n case {1 + 2j: a}: b\n", (3, 10)),
    _("match: classes", "match x:\n case A(): a\n case A(b, c=d): e\n case a.B(c=1, d=[2],): f\n", (3, 10)),
    _("match: as and or", "match x:\n case (A() | B()) as c: d\n case [1 as a, (2 | 3) as b]: c\n", (3, 10)),
    _("match: parentheses", "match x:\n case (a): b\n case ((1)): c\n case (1 | 2): d\n", (3, 10)),
    _("match: a tuple as the subject", "match a, b:\n case c, d: e\n", (3, 10)),
    _("match: a starred subject", "match *a, b:\n case c: d\n", (3, 10)),
    _("match: a named expression as the subject", "match a := b:\n case c: d\n", (3, 10)),
    _("match: odd subjects", "match -x:\n case a: b\nmatch (x):\n case a: b\nmatch [x]:\n case a: b\nmatch {x}:\n case a: b\nmatch not x:\n case a: b\nmatch lambda: x:\n case a: b\n", (3, 10)),
    _("match: a call as the subject", "match match(x):\n case match(): match\n", (3, 10)),
    _("match: nested, in a function", "def f(x):\n match x:\n  case 1:\n   match y:\n    case 2: return 3\n  case _: return 4\n", (3, 10)),
    _("match: a guard with a walrus", "match x:\n case a if (b := a): b\n case a if b := a: c\n", (3, 10)),
    _("match: f-strings and prefixes in literals", "match x:\n case r'a\\b': a\n case rb'a\\b': b\n case u'c': c\n", (3, 10)),
    _("match: comments between cases", "match x:\n # a\n case 1: # b\n  # c\n  a\n\n # d\n case 2:\n  b\n", (3, 10)),
    # Exceptions
    _("except*", "try: a\nexcept* B: c\nexcept* (D, E) as f: g\nelse: h\nfinally: i\n", (3, 11)),
    _("except* without a space", "try: a\nexcept*B: c\n", (3, 11)),
    _("except without parentheses (PEP 758)", "try: a\nexcept B, C: d\n", (3, 14), others=("try: a\nexcept B, D: d\n", "try: a\nexcept B as C: d\n", "try: a\nexcept B: d\n"), equals=("try: a\nexcept (B, C): d\n",)),
    _("except of three without parentheses (PEP 758)", "try: a\nexcept B, C, D: d\n", (3, 14), others=("try: a\nexcept B, C, E: d\n", "try: a\nexcept B, C: d\n"), equals=("try: a\nexcept (B, C, D): d\n",)),
    _("except* without parentheses (PEP 758)", "try: a\nexcept* B, C: d\n", (3, 14), others=("try: a\nexcept* B, D: d\n", "try: a\nexcept B, C: d\n"), equals=("try: a\nexcept* (B, C): d\n",)),
    _("return in finally (PEP 765 warns)", "def f():\n try: a\n finally: return b\n"),
    _("break and continue in finally (PEP 765 warns)", "for a in b:\n try: c\n finally: continue\nfor a in b:\n try: c\n finally: break\n"),
    _("except with any expression", "try: a\nexcept b.c: d\nexcept e(f): g\nexcept h or i: j\nexcept (k): l\nexcept: m\n"),
    _("raise forms", "def f():\n raise\ndef g():\n raise a from None\ndef h():\n raise a(b) from c\n"),
    # Types
    _("star in a subscript (PEP 646)", "a[*b]\na[*b, c]\na[b, *c] = d\ndel a[*b]\n", (3, 11)),
    _("star in an annotation of *args (PEP 646)", "def f(*args: *Ts): pass\ndef g(*args: *tuple[int, *Ts]): pass\n", (3, 11)),
    _("star in a subscript with slices (PEP 646)", "a[*b, 1:2]\na[1:2, *b, ::3]\n", (3, 11)),
    _("type parameters of a function (PEP 695)", "def f[T](a: T) -> T: pass\ndef g[T: int, *Ts, **P](a): pass\ndef h[T: (int, str)](): pass\nasync def i[T](): pass\n", (3, 12)),
    _("type parameters of a class (PEP 695)", "class A[T]: pass\nclass B[T: int, *Ts, **P](C[T], metaclass=D): pass\n", (3, 12)),
    _("type aliases (PEP 695)", "type A = int\ntype B[T] = list[T]\ntype C[T: int, *Ts, **P] = a.b[T] | None\n", (3, 12)),
    _("an alias of a tuple or a lambda", "type A = (int, str)\ntype B = lambda: x\ntype C = a if b else c\n", (3, 12)),
    _("defaults of type parameters (PEP 696)", "class A[T = int]: pass\ndef f[T: int = bool](): pass\ntype B[T = str] = T\n", (3, 13), unknown=True),
    _("defaults of starred type parameters (PEP 696)", "class A[*Ts = *tuple[int]]: pass\ntype B[*Ts = a] = c\n", (3, 13), unknown=True),
    _("defaults of parameter specifications (PEP 696)", "class A[**P = [int, str]]: pass\n", (3, 13), unknown=True),
    _("a type alias in a class and a function", "class A:\n type B = int\ndef f():\n type C[T] = T\n return C\n", (3, 12)),
    _("annotations of all kinds", "a: int\na: int = 1\na.b: int = 2\na[b]: c\n(a): int\n(a): int = 1\n"),
    _("an annotated assignment of an unparenthesised tuple", "a: tuple = 1, 2\nb: tuple = *c, d\n"),
    _("an annotated assignment of yield", "def f():\n a: int = yield b\n"),
    _("annotations that are strings, lambdas, conditions", "def f(a: 'b' = 1, *c: lambda: d, **e: f if g else h) -> i or j: pass\n"),
    # Functions and calls
    _("positional-only parameters", "def f(a, /): pass\ndef g(a, /, b, *, c): pass\ndef h(a=1, /, *b, c=2, **d): pass\nlambda a, /: a\nlambda a, /, *, b: a\n"),
    _("bare star", "def f(*, a): pass\ndef g(*, a=1, b): pass\nlambda *, a: a\nlambda *a, **b: a\n"),
    _("trailing commas in signatures", "def f(a,): pass\ndef g(*a,): pass\ndef h(**a,): pass\ndef i(*, a,): pass\ndef j(a, /,): pass\nf(a,)\nf(*a,)\nf(**a,)\nf(a=1,)\n"),
    _("calls of all kinds", "f(a, *b, c, d=e, *g, **h, i=j, **k)\nf(a for a in b)\nf((a for a in b), c)\nf(*a or b, **c or d)\nf(a := b)\nf(a, b := c)\nf(*a if b else c)\n"),
    _("decorators of any expression (PEP 614)", "@a[0].b\ndef f(): pass\n@(a := b)\ndef g(): pass\n@a if b else c\nclass C: pass\n@lambda f: f\ndef h(): pass\n@a.b(c).d\ndef i(): pass\n@a or b\ndef j(): pass\n", (3, 9)),
    _("a decorator with a walrus (PEP 614)", "@a := b\ndef f(): pass\n", (3, 9)),
    _("lambda in odd places", "x = lambda: (yield)\ny = lambda *a, b=lambda: c, **d: a if b else d\n[lambda: a for a in b]\nz = lambda: lambda: 1\n(lambda a=b: a)()\n"),
    _("class headers", "class A(): pass\nclass B(*a, **b): pass\nclass C(a, b=c, *d): pass\n"),
    _("async constructs", "async def f():\n async with a as b, c: d\n async for e in g: h\n else: i\n await j\n return [k async for k in l if await m]\n"),
    _("await in odd places", "async def f():\n return await a ** await b, -await c, await d.e(f), [await g]\n"),
    _("an async comprehension in a synchronous one", "async def f():\n return [[a async for a in b] for c in d]\n", (3, 11)),
    _("yield in odd places", "def f():\n a = yield\n b = yield c, d\n e += yield\n (yield)\n g((yield h))\n return (yield from i)\n x = y = yield z\n"),
    _("yield of a starred tuple", "def f():\n yield *a, b\n return *c, d\n"),
    _("star in return, yield, for, index", "def f():\n return *a, b\nfor x in *a, *b: c\nd = *e,\nfor x in 1, 2: pass\n", (3, 9)),
    _("nested functions and classes", "def f():\n class A:\n  def g(self):\n   nonlocal x\n   x = 1\n x = 2\n return A\n"),
    _("one-line suites", "def f(): return 1; a\nclass A: x = 1; y = 2\nif a: b; c\nelse: d\nwhile a: b\nelse: c\nfor a in b: c; d\nwith a: b\ntry: a\nfinally: b\n"),
    # Expressions
    _("walrus", "if (a := b): c\n[a := 1, b]\nf(a := 1)\nwhile a := b(): c\n[c := d for e in g]\n{a := 1, b}\n".replace("{a := 1, b}\n", "")),
    _("walrus in a subscript or a set", "x[a := 1]\nx[a := 1, b := 2]\n{a := 1, b := 2}\n{a := b for c in d}\n", (3, 10)),
    _("walrus in comprehensions' conditions", "[a for a in b if (c := a)]\n"),
    _("walrus in assert, return, elif", "assert (a := b), c\nif a: pass\nelif b := c: d\ndef f(): return (a := b)\n"),
    _("lambda with a walrus", "x = lambda: (a := b)\n"),
    _("comparisons", "a < b <= c != d is not e not in f is g in h == i >= j > k\na not  in b\na is  not b\n"),
    _("`not` of all kinds", "not a\nnot not a\nnot a == b\na == (not b)\nnot a in b\nnot a is b\n"),
    _("the conditional expression", "a if b else c if d else e\n(a if b else c) if d else e\na if (b if c else d) else e\nlambda: a if b else c\n"),
    _("unary and power", "-a ** -b\n(-a) ** b\n- - a\n~-+a\n-1\n- 1\n+1\n-1j\nawaited = -a.b[c] ** d\n2 ** -1\n"),
    _("matrix product", "a @ b\na @= b\na @ b @ c\n"),
    _("slices", "a[b:c]\na[:]\na[::]\na[b:]\na[:c:]\na[b:c:d, e, ...]\na[b,]\na[()]\na[(b, c)]\na[b, c]\na[:, None]\na[lambda: b:c]\n"),
    _("comprehensions", "[a for b in c for d in e if f if g]\n{a: b for c, d in e}\n{a for a, in b}\n(a for a in b)\n[a for a in b or c]\n[a for (a, b) in c]\n[a for a.b in c]\n[a for *a, b in c]\n"),
    _("a comprehension over a lambda or a condition", "[a for a in (lambda: b)]\n[a for a in b if c or d if not e]\n[a if b else c for d in e]\n"),
    _("unpacking in displays", "[*a, b]\n{*a, b}\n{**a, 'b': c, **d}\n(*a,)\n*a, b = c\n[a, *b] = c\n(a, (b, *c)) = d\nfor a, *b in c: d\nfor (a, b), c in d: e\n"),
    _("chained and odd targets", "a = b = c = d\na.b = a[c] = (d, e) = [f, g] = h\n(a) = b\n[a] = b\n() = a\n[] = a\na, = b\n(a.b), (c[d]) = e\n"),
    _("augmented assignments", "a += 1; a -= 1; a *= 1; a /= 1; a //= 1; a %= 1; a **= 1; a <<= 1; a >>= 1; a &= 1; a ^= 1; a |= 1; a @= 1\na.b += c, d\na[b] += yield_\n(a) += 1\n"),
    _("del of all kinds", "del a\ndel a, b\ndel (a, b)\ndel [a, b]\ndel a.b, a[c], (d)\ndel (a)\ndel ()\ndel (a,)\n"),
    _("global, nonlocal, assert, pass", "def f():\n global a, b\n assert a, b\n assert (a, b)\n assert a\n pass\n ...\n"),
    _("imports", "import a\nimport a.b.c as d, e\nfrom . import a\nfrom .. import a\nfrom ... import a\nfrom .... a import b\nfrom .a.b import c as d, e\nfrom a import (b, c as d,)\nfrom a import (b)\nfrom a import *\nfrom .a import *\n"),
    _("an import with spaces in its path", "import a . b\nfrom a . b import c\nfrom . a import b\nfrom .. . a import b\n"),
    _("`from __future__`", "from __future__ import annotations, division\nfrom __future__ import (print_function)\n"),
    _("with: parenthesised items", "with (a as b, c as d): e\nwith (a as b, c as d,): e\nwith (a, b): c\nwith (a): b\nwith (a) as b: c\nwith (a, b) as c: d\n", (3, 9)),
    _("with: odd items", "with a as (b, c): d\nwith a as b.c, d as e[f]: g\nwith (yield_): a\nwith a(), b(): c\nwith (a if b else c) as d: e\nwith a if b else c: d\nwith lambda: a: b\nwith [a, b]: c\nwith a as [b, c]: d\n"),
    _("with: a parenthesis that only begins the item", "with (a).b as c: d\nwith (a)(b), c: d\nwith (a, b)[0]: c\nwith (a) + (b): c\nwith (a) as b, (c) as d: e\n"),
    _("with: a walrus or a starred item in parentheses", "with (a := b): c\nwith (a := b, c): d\nwith (*a, b): c\nwith (a := b) as c: d\n", (3, 9)),
    _("with: a generator in parentheses", "with (a for a in b): c\nwith (a for a in b) as c: d\nwith (yield_ for a in b), c: d\n"),
    _("for and while with else", "for a in b:\n c\nelse:\n d\nwhile e:\n b\n break\nelse:\n c\n"),
    _("for: odd iterables", "for a in b, c: d\nfor a in lambda: b: c\nfor a in b if c else d: e\nfor a in (yield_): b\nfor a.b in c: d\nfor a[b] in c: d\nfor (a) in b: c\nfor a, in b: c\n"),
    _("ellipsis and constants", "...\nNone\nTrue\nFalse\n__debug__\n... . a\nNotImplemented\n"),
    # Numbers
    _("numbers", "x = [0, 00, 0_0, 1_000, 0x1F, 0XfF_f, 0o17, 0O7_7, 0b1, 0B1_0, 1., .5, 1.5, 1e5, 1E-5, 1_0.0_1e1_0, 1j, 1.J, .5j, 1e5j, 0xdeadbeef]\n"),
    _("numbers with leading zeros", "x = [0777., 09.5, 0e0, 00e1, 0_7j, 09j, 000]\n"),
    _("numbers before words", "x = 1if a else 2\nz = 1or 2\nw = 1in a\n"),
    _("an attribute of a number", "1 .real\n1..real\n1.0.real\n1j.imag\n(1).real\n0x1.real\n"),
    _("huge numbers", "x = 123456789012345678901234567890123456789012345678901234567890\ny = 1e400\nz = 1e-400\nw = 0x" + "f" * 80 + "\n"),
    _("floats that are equal", "x = 1.0\ny = 0.1\nz = 0.30000000000000004\n", others=("x = 1.0\ny = 0.1\nz = 0.3\n",), equals=("x = 1e0\ny = 1e-1\nz = 0.3000000000000000444\n",)),
    # Strings
    _("string prefixes", "x = ['a', u'a', U'a', r'\\a', R'\\a', b'a', B'a', br'\\a', Rb'\\a', bR'\\a', RB'\\a', f'a', F'a', fr'\\a', Rf'\\a']\n"),
    _("escapes", "x = '\\n\\t\\\\\\'\\\"\\a\\b\\f\\r\\v\\0\\07\\777\\x41\\u0041\\U00000041\\\n'\ny = b'\\x41\\u0041\\N{DASH}\\101'\n"),
    _("unknown escapes", "x = '\\d\\w\\ \\/\\8'\ny = b'\\d'\n"),
    _("`\\u` and `\\N` in bytes, where they are no escapes", "y = b'\\u'\nz = b'\\N'\n"),
    _("named escapes", "x = '\\N{EM DASH}'\n", others=("x = '\\N{EN DASH}'\n", "x = '\\\\N{EM DASH}'\n", "x = r'\\N{EM DASH}'\n"), equals=("x = '\\N{em dash}'\n",)),
    _("implicit concatenation", "x = 'a' \"b\" '''c''' r'd' u'e'\ny = b'a' b'b'\nz = ('a'\n  'b')\nw = 'a' f'{b}' 'c'\nv = 'a' \\\n 'b'\n"),
    _("triple quotes", "x = '''a\n'b' ''c\n'''\ny = \"\"\"a\\\nb\"\"\"\nz = ''''a'''\nw = \"\"\"\"a\"\"\"\n"),
    _("f-strings", "x = f'{a}{b!r}{c:>{d}}{e!s:^{g}.{h}}{{}}{i=}{j = !r:x}'\n"),
    _("f-strings with braces and formats", "y = f'{{{a}}}'\nz = f'{a:%H:%M}'\nw = f'{a!r:}'\nv = f'{a:}'\n"),
    _("f-strings with nested quotes (PEP 701)", "x = f'{a['b']}'\ny = f\"{f\"{f\"{1}\"}\"}\"\nz = f'{'\\n'.join(a)}'\n", (3, 12)),
    _("f-strings over lines and with comments (PEP 701)", "x = f'{a\n}'\ny = f'{\n a # b\n}'\nz = f'''{\na}'''\n", (3, 12)),
    _("f-strings with backslashes (PEP 701)", "x = f'{'\\n'}'\ny = f'{a[\"\\\\\"]}'\n", (3, 12)),
    _("f-strings with any expression", "x = f'{a if b else c}{lambda_}{(lambda: d)}{ {e: f} }{g, h}{*i, j}{[k for k in l]}{(m := n)}{not o}{a != b}{a == b}{a >= b}'\n"),
    _("f-strings with yield and await", "def f():\n return f'{yield}{yield a}'\nasync def g():\n return f'{await a}'\n", (3, 12)),
    _("f-strings with a walrus-like format", "x = f'{a:=5}'\nz = f'{(a:=5)}'\n"),
    _("a format of an f-string that begins with `=` and an alignment", "y = f'{a:=^{b}}'\n", unknown=True),
    _("f-strings with a dictionary or a lambda's colon", "x = f'{ {1: 2}[1] }'\ny = f'{a[b:c]}'\nz = f'{a[b:c]:d}'\n"),
    _("f-strings raw and triple", "x = rf'{a}\\d{b:\\d}'\ny = f'''{a}\n{b!r}\n'''\nz = fr'\\{a}'\n"),
    _("f-strings with `=` and spaces", "x = f'{ a = }'\ny = f'{a+b=}'\nz = f'{a=!r}'\nw = f'{a=:>5}'\n"),
    _("f-strings nested in formats", "x = f'{a:{b:{c}}}'\ny = f'{a:{b}{c}}'\nz = f'{a:{f\"{b}\"}}'\n"),
    _("f-strings with a format over lines (PEP 701)", "x = f'''{a:\nb}'''\n", (3, 12)),
    _("f-strings with named escapes", "x = f'\\N{EM DASH}{a}'\n"),
    _("t-strings (PEP 750)", "x = t'{a}b'\n", (3, 14), others=("x = t'{b}b'\n", "x = t'{a}c'\n", "x = f'{a}b'\n", "x = '{a}b'\n")),
    _("t-strings raw (PEP 750)", "x = rt'{a}\\d'\n", (3, 14), others=("x = rt'{b}\\d'\n", "x = rf'{a}\\d'\n")),
    _("t-strings triple and upper (PEP 750)", "x = T'''{a!r:>{b}}'''\n", (3, 14), others=("x = T'''{a!s:>{b}}'''\n", "x = F'''{a!r:>{b}}'''\n")),
    _("t-strings concatenated (PEP 750)", "x = t'a' t'{b}'\n", (3, 14), others=("x = t'a' t'{c}'\n",)),
    _("docstrings of all kinds", "'''a'''\ndef f():\n 'b' 'c'\nclass A:\n r'''d'''\n x = 1\ndef g():\n f'e'\ndef h():\n b'e'\n"),
    # Layout
    _("line continuation", "x = a + \\\n b\nif a and \\\n  b: c\nfrom a import \\\n  b\nassert a, \\\n b\nwith a as b, \\\n c as d: e\n"),
    _("line continuation in odd places", "x \\\n = \\\n 1\ndef \\\n f \\\n (a): \\\n  return a\nclass \\\nA: pass\nfor a \\\n in b: c\n@ \\\na\ndef g(): pass\nimport \\\na\n"),
    _("line continuation before a dot or a bracket", "x = a\\\n.b\\\n.c()\\\n[d]\ny = a \\\n  .b \\\n  (c)\n"),
    _("line continuation inside a word's gap", "if not \\\n a: b\nx = a is \\\n not b\ny = a not \\\n in b\nlambda \\\n a: b\n"),
    _("a continuation on an empty line", "x = 1\n\\\ny = 2\nif a:\n    b\n    \\\n    c\n"),
    _("a continuation at the start of a suite", "if a:\n  \\\n  b\n"),
    _("form feeds", "\fx = 1\n\f\ndef f():\n\f    return 1\n\x0c\ny = 2\n"),
    _("a form feed inside indentation", "if a:\n  \f  b\n"),
    _("tabs", "if a:\n\tb\n\tif c:\n\t\td\nelse:\n\te\n"),
    _("tabs and spaces of one width", "if a:\n        b\n        c\nif d:\n\te\n\tif f:\n\t        g\n"),
    _("carriage returns and newlines", "if a:\r\n    b\r\nx = '''c\r\nd'''\r\ny = e + \\\r\n f\r\n"),
    _("lone carriage returns", "x = 1\ry = 2\rif a:\r    b\r", unknown=True),
    _("no newline at the end", "if a:\n  b\nelse:\n  c"),
    _("no newline after a comment", "x = 1 # a"),
    _("semicolons", "a; b;\nc;\nx = 1;y = 2\nif a: b;\n"),
    _("comments in odd places", "x = [ # a\n 1, # b\n # c\n]\ndef f( # d\n a, # e\n): # f\n # g\n return a # h\n # i\n# j\nif a: # k\n  b\n  # l\n# m\nelse: # n\n  c\n"),
    _("comments less indented than the suite", "def f():\n  a\n# b\n  c\n    # d\n  e\n"),
    _("blank lines with spaces", "def f():\n    a\n   \n\t\n    b\n  \nx = 1\n"),
    _("blank lines in brackets", "x = (\n\n  a\n\n  +\n\n b\n\n)\n"),
    _("spaces everywhere", "x  =  a [ b ] . c ( d , e = f )\ndef  f ( a , * b , ** c ) :  return a\n@ a\nclass  A ( B ) : pass\n"),
    _("no spaces anywhere", "x=a[b].c(d,e=f)\ndef f(a,*b,**c):return a\nif(a):b\nelif(c):d\nfor(a)in(b):c\nwhile(g):b\nassert(a)\nreturn_=not(a)\nx=a if(b)else(c)\ndel(a)\nx=[a for(a)in(b)if(c)]\nx=lambda:(a)\n"),
    _("no space after a keyword before a string", "if'a':b\nx='a'if'b'else'c'\nassert'a'\nx=a in'b'\nimport a\nreturn_='a'and'b'or'c'\n"),
    _("no space between a number and a word", "x = 1if 2else 3\n", others=("x = 1if 2else 4\n",)),
    _("a backslash after an operator", "x = (a +\\\n b)\n"),
    _("a byte order mark", "\ufeffx = 1\n"),
    _("a coding cookie", "# -*- coding: utf-8 -*-\nx = 'é'\n"),
    _("names that are no ASCII", "é = 1\nñ = é\nx = [ª, µ]\nclass Ü: pass\ndef 名(引数): return 引数\n"),
    _("names that normalise (NFKC)", "ﬁ = 1\nx = ﬁ\n", equals=("fi = 1\nx = fi\n",), others=("fo = 1\nx = fo\n",)),
    _("names of other planes and with marks", "𝐱 = 1\nx̄ = 2\na℘ = 3\n℮ = 4\n"),
    _("non-breaking and other spaces in strings", "x = '\u00a0\u2028\u2029\u0085\x0b\x1c'\ny = 1\n"),
    _("a control character in a comment", "x = 1 # \x0b\x1c\x85\u2028 a\ny = 2\n"),
    _("`<>` is no operator", "x = a != b\n"),
    _("`if` on the line of `else`", "if a: b\nelif c: d\nelse: e\n"),
    _("deep elif and nesting", "if a:\n if b:\n  if c: d\n  else: e\n else: f\nelif g:\n h\nelse:\n i\n"),
    _("a dedent to a comment, then else", "if a:\n    b\n# c\n    # d\nelse:\n    e\ntry:\n    f\n# g\nexcept A:\n    h\n  # i\nfinally:\n    j\n"),
    _("an indented comment at the end", "def f():\n    a\n    # b\n"),
    _("decorators with comments and blank lines", "@a\n# b\n\n@c # d\n\ndef f(): pass\n"),
    _("empty brackets over lines", "x = (\n)\ny = [\n]\nz = {\n}\nf(\n)\nclass A(\n): pass\ndef g(\n): pass\n"),
    _("a parenthesised import over lines", "from a import ( # b\n c, # d\n # e\n f as g # h\n)\n"),
    _("statements after a triple-quoted string", "'''a\n''' ; x = 1\ny = '''b'''; z = 2\n"),
    _("type comments", "x = [] # type: list\ndef f(a): # type: (int) -> int\n return a\nfor a in b: # type: int\n pass\n"),
    _("a string prefix that is a name", "f = 1\nx = f\nb = r = u = rb = fr = f\nx = b, r, u\nt = f(b)\n"),
    _("keywords as parts of names", "iff = 1\nfor_ = inn = is_ = nott = lambdas = printing = exec_ = matches = cases = types = 1\nimport_ = asx = fromm\nx = [notx, ina, isa, andb, orc]\n"),
    _("`await` outside of functions in lambdas", "async def f():\n g = lambda: a\n return [b for b in await c]\n"),
    _("`async` comprehension in a generator", "async def f():\n return (a async for a in b), {c: d async for c, d in e}, {g async for g in h}\n"),
    _("`else` after try, loops and with in one line", "try: a\nexcept B: c\nelse: d\nfinally: e\n"),
    _("a class with only a docstring", "class A: 'a'\nclass B:\n  '''b'''\ndef f(): 'c'\n"),
    _("`lambda` defaults with keywords", "x = lambda a=1, *, b=2, **c: (a, b, c)\ny = lambda *a: a, 1\nz = lambda: (1, 2)\n"),
    _("generator expressions as sole arguments", "f(a for a in b)\nf(a for a in b)(c)\nclass A(f(a for a in b)): pass\n"),
    _("starred expressions with operators", "f(*a | b)\n[*a | b]\nf(*a or b)\nx = *a, *b\nprint(*a if b else c)\n{*a | b}\n"),
    _("keyword arguments of odd values", "f(a=lambda: b, c=d if e else g, h=not i, j=(yield_), k=[*l])\n"),
    _("a dictionary with odd entries", "{a: b, **c, d: lambda: e, f: g if h else i, (j): k, -1: 2, **l | m}\n"),
    _("conditional lambdas and comparisons in slices", "a[b if c else d]\na[b < c]\na[not b]\na[lambda: b]\na[b:c if d else e]\na[-1:]\na[b, ]\n"),
    _("an attribute of a literal", "'a'.b\nb'a'.c\n[].d\n{}.e\n().f\nf'{a}'.g\n...  .h\nNone.i\nTrue.j\n"),
    _("a call of a literal and of a lambda", "(lambda: a)()\n[a][0]()\n{}[a]()\n'a'[0]\n'a' 'b'[0]\n"),
    _("unpacking a call in a subscript's tuple", "a[b, *c, d]\nx = a[*b]\n", (3, 11)),
    _("a global statement after a nested function", "def f():\n def g():\n  global x\n  x = 1\n x = 2\n return g\n"),
    _("names declared nonlocal through classes", "def f():\n x = 1\n class A:\n  nonlocal x\n  x = 2\n return x\n"),
    _("private names", "class A:\n def f(self):\n  self.__a = __b\n  return self.__c__\n"),
    _("a bare annotation in a function", "def f():\n a: int\n b: str = 1\n return b\n"),
    _("a star target alone", "*a, = b\n[*a] = b\nfor *a, in b: c\n"),
    _("shifts and bit operators", "a << b >> c & d ^ e | f\n~a & ~b\na<<b\n"),
    _("exponents and calls", "a ** b ** c\n-a ** b\na.b ** c()\nf(**a ** b)\nf(*a ** b)\n"),
    _("an empty file", "\n", others=("x = 1\n",)),
]

if __name__ == "__main__":
    sys.exit(main())
