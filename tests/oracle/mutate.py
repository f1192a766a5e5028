"""Single-node mutations of Python source, applied to the text at the node's own position: the rest of the file stays as it is."""

import ast
import re

SAME_LEVEL = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "%", "%": "//", "@": "*", "<<": ">>", ">>": "<<", "|": "^", "^": "|", "&": "|", "**": "*"}
COMPARED = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "is": "==", "in": "==", "is not": "!=", "not in": "!="}
SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>",
    ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&", ast.Pow: "**", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.In: "in", ast.IsNot: "is not", ast.NotIn: "not in", ast.And: "and", ast.Or: "or",
}  # fmt: skip
SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.Delete, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.Pass)


class Text:
    """Source bytes addressed by the positions of the syntax tree."""

    def __init__(self, source):
        self.source = source
        self.starts = [0] + [m.end() for m in re.finditer(rb"\r\n|\r|\n", source)]

    def span(self, node):
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node):
        start, end = self.span(node)
        return self.source[start:end]

    def replace(self, start, end, text):
        return self.source[:start] + text + self.source[end:]


def mutants(text, tree):
    """Every (name, anchor node, thunk) of a file: the thunk makes the mutated bytes."""
    found = []
    context = {}
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            context[id(child)] = parent
    for node in ast.walk(tree):
        for name, start, end, new in sites(text, node, context):
            found.append((name, node, start, end, new))
    return found


def sites(text, node, context):
    handler = HANDLERS.get(type(node))
    if handler:
        yield from handler(text, node, context)
    if isinstance(node, ast.expr) and not in_pattern_or_fstring(node, context):
        start, end = text.span(node)
        if not isinstance(node, ast.Starred):
            yield "parenthesize", start, end, b"(" + text.of(node) + b")"
            if not assigned(node):
                yield "negate", start, end, b"(not " + text.of(node) + b")"
                yield "to-none", start, end, b"None"
                yield "to-tuple", start, end, b"(" + text.of(node) + b",)"
                yield "to-call", start, end, b"(" + text.of(node) + b")()"
    if isinstance(node, ast.stmt):
        yield from statement_sites(text, node, context)


def assigned(node):
    return isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))


def in_pattern_or_fstring(node, context):
    while isinstance(node, (ast.expr, ast.pattern) if hasattr(ast, "pattern") else ast.expr):
        if isinstance(node, (ast.JoinedStr, ast.FormattedValue)) or type(node).__name__.startswith("Match"):
            return True
        node = context[id(node)]
    return type(node).__name__ == "match_case"


def constant(text, node, context):
    start, end = text.span(node)
    if isinstance(context[id(node)], (ast.JoinedStr, ast.FormattedValue)):
        return
    value = node.value
    if isinstance(value, bool):
        yield "constant", start, end, str(not value).encode()
    elif isinstance(value, (int, float)):
        yield "constant", start, end, b"7" if value != 7 else b"8"
        yield "constant-same", start, end, repr(value).encode()
        if isinstance(value, int):
            yield "constant-same", start, end, hex(value).encode()
            yield "constant-type", start, end, str(value).encode() + b".0"
    elif isinstance(value, str):
        yield "string", start, end, ascii(value + "x").encode()
        if b"\\N{" not in text.source[start:end]:
            yield "string-same", start, end, ascii(value).encode()
        yield "string-type", start, end, b"b" + ascii(value).encode()
    elif isinstance(value, bytes):
        yield "bytes", start, end, repr(value + b"x").encode()
        yield "bytes-same", start, end, repr(value).encode()
    else:
        yield "constant", start, end, b"False"


def between(text, left, right, symbol, new):
    start, end = text.span(left)[1], text.span(right)[0]
    middle = text.source[start:end]
    if middle.strip(b" ()") == symbol.encode():
        at = start + middle.index(symbol.encode())
        yield "operator", at, at + len(symbol), new.encode()


def binary(text, node, context):
    symbol = SYMBOLS[type(node.op)]
    yield from between(text, node.left, node.right, symbol, SAME_LEVEL[symbol])
    (a, b), (c, d) = text.span(node.left), text.span(node.right)
    yield "swap-operands", a, d, text.source[c:d] + text.source[b:c] + text.source[a:b]


def boolean(text, node, context):
    symbol = SYMBOLS[type(node.op)]
    for left, right in zip(node.values, node.values[1:]):
        yield from between(text, left, right, symbol, "or" if symbol == "and" else "and")
    if len(node.values) > 2:
        start, end = text.span(node.values[0])[0], text.span(node.values[1])[1]
        yield "group", start, end, b"(" + text.source[start:end] + b")"


def compared(text, node, context):
    for left, op, right in zip([node.left] + node.comparators, node.ops, node.comparators):
        symbol = SYMBOLS[type(op)]
        yield from between(text, left, right, symbol, COMPARED[symbol])


def unary(text, node, context):
    start, end = text.span(node)
    inner = text.span(node.operand)[0]
    if text.source[start:inner] == b"-":
        yield "operator", start, inner, b"+"
    yield "drop-operator", start, end, b"(" + text.of(node.operand) + b")"


def name(text, node, context):
    start, end = text.span(node)
    yield "name", start, end, text.source[start:end] + b"_x"


def attribute(text, node, context):
    end = text.span(node)[1]
    yield "attribute", end, end, b"_x"


def call(text, node, context):
    for left, right in zip(node.args, node.args[1:]):
        (a, b), (c, d) = text.span(left), text.span(right)
        yield "swap-arguments", a, d, text.source[c:d] + text.source[b:c] + text.source[a:b]
    if len(node.args) > 1 and not isinstance(node.args[-1], (ast.Starred, ast.GeneratorExp)):
        yield "drop-argument", text.span(node.args[-2])[1], text.span(node.args[-1])[1], b""
    for argument in node.args:
        if not isinstance(argument, (ast.Starred, ast.GeneratorExp)):
            yield "star-argument", *text.span(argument), b"*(" + text.of(argument) + b")"
    for keyword in node.keywords:
        start, end = text.span(keyword)
        if keyword.arg:
            yield "keyword", start, start, b"x_"


def argument(text, node, context):
    start, end = text.span(node)
    named = start + len(node.arg.encode())
    yield "parameter", named, named, b"_x"
    if node.annotation is not None:
        yield "annotation", *text.span(node.annotation), b"Other"
        yield "drop-annotation", named, text.span(node.annotation)[1], b""


def function(text, node, context):
    start, end = text.span(node)
    if isinstance(node, ast.FunctionDef):
        yield "async", start, start, b"async "
    head = text.source[start : text.span(node.body[0])[0]]
    at = start + head.index(b"def ")
    paren = text.source.find(b"(", at)
    if text.source[at + 4 : paren].strip() == node.name.encode():
        if not (node.args.posonlyargs or node.args.args or node.args.vararg or node.args.kwonlyargs or node.args.kwarg):
            yield "new-parameter", paren + 1, paren + 1, b"other"
        else:
            yield "new-parameter", paren + 1, paren + 1, b"other, "
        yield "rename-function", at + 4, paren, node.name.encode() + b"_x"
    for default in node.args.defaults + [d for d in node.args.kw_defaults if d is not None]:
        yield "default", *text.span(default), b"other_default"
    if node.returns is not None:
        yield "return-annotation", *text.span(node.returns), b"Other"
    yield from decorated(text, node)


def decorated(text, node):
    for decorator in node.decorator_list:
        yield "decorator", *text.span(decorator), b"other_decorator"
    start = text.span(node)[0]
    line = text.source[: start].rsplit(b"\n", 1)[-1]
    if not line.strip():
        first = text.span(node.decorator_list[0])[0] - 1 if node.decorator_list else start
        yield "new-decorator", first, first, b"@other_decorator\n" + line


def class_(text, node, context):
    for base in node.bases:
        if not isinstance(base, ast.Starred):
            yield "base", *text.span(base), b"OtherBase"
    yield from decorated(text, node)


def imported(text, node, context):
    start, end = text.span(node)
    if node.name == "*":
        return
    if node.asname:
        yield "import-alias", end, end, b"_x"
    else:
        yield "import-as", end, end, b" as other"
    yield "import-name", start, start, b"x_"


def augmented(text, node, context):
    symbol = SYMBOLS[type(node.op)]
    other = {"**": "*"}.get(symbol, SAME_LEVEL[symbol])
    yield from between(text, node.target, node.value, symbol + "=", other + "=")


def formatted(text, node, context):
    start, end = text.span(node)
    if text.source[start : start + 1] == b"{":
        yield "string-part", start, start, b"q"
        yield "string-part", start, end, b"{0}"


def handler(text, node, context):
    if node.type is not None and not isinstance(node.type, ast.Tuple):
        yield "handler", *text.span(node.type), b"OtherError"
    if node.type is not None:
        end = text.span(node.type)[1]
        if node.name is None and text.source[end : end + 1] == b":":
            yield "handler-name", end, end, b" as other"


def pattern(text, node, context):
    start, end = text.span(node)
    yield "pattern", start, end, b"other_name"
    yield "pattern", start, end, b"'other'"
    yield "pattern", start, end, b"[*_]"
    yield "parenthesize-pattern", start, end, b"(" + text.source[start:end] + b")"


def yielded(text, node, context):
    start, end = text.span(node)
    if isinstance(node, ast.Yield):
        yield "drop-yield", start, end, b"(None)"


def comprehension(text, node, context):
    yield "comprehension-iterable", *text.span(node.iter), b"other"


def statement_sites(text, node, context):
    start, end = text.span(node)
    decorators = getattr(node, "decorator_list", None)
    if decorators:
        start = text.span(decorators[0])[0] - 1
        if text.source[start : start + 1] != b"@":
            return
    line = text.source[:start].rsplit(b"\n", 1)[-1]
    after = text.source[end:].split(b"\n", 1)[0]
    if line.strip() or (after.strip() and not after.strip().startswith(b"#")):
        if isinstance(node, SIMPLE):
            yield "to-pass", start, end, b"pass"
        return
    own = text.source[start:end]
    multi = next((f for f in ("body", "orelse", "finalbody") if node in (getattr(context[id(node)], f, None) or [])), None)
    suite = getattr(context[id(node)], multi) if multi else [node]
    yield "to-pass", start, end, b"pass"
    yield "duplicate", start, start, own + b"\n" + line
    yield "insert-call", start, start, b"other_call()\n" + line
    yield "insert-binding", start, start, b"other_name = 1\n" + line
    yield "insert-comment", start, start, b"# nothing\n\n" + line
    yield "insert-import", start, start, b"import other.module\n" + line
    yield "insert-yield", start, start, b"yield 1\n" + line
    yield "insert-global", start, start, b"global other_name\n" + line
    yield "insert-function", start, start, b"def other_function(a=1): return a\n" + line
    yield "insert-if", start, start, b"if other: pass\n" + line
    yield "insert-string", start, start, b"'a string'\n" + line
    yield "semicolon", end, end, b";"
    if len(suite) > 1:
        yield "delete", start, end, b""
        at = suite.index(node)
        if at + 1 < len(suite) and isinstance(node, SIMPLE) and isinstance(suite[at + 1], SIMPLE):
            a, b = text.span(suite[at + 1])
            yield "swap-statements", start, b, text.source[a:b] + text.source[end:a] + own


HANDLERS = {
    ast.Constant: constant, ast.BinOp: binary, ast.BoolOp: boolean, ast.Compare: compared, ast.UnaryOp: unary, ast.Name: name, ast.Attribute: attribute,
    ast.Call: call, ast.arg: argument, ast.FunctionDef: function, ast.AsyncFunctionDef: function, ast.ClassDef: class_, ast.alias: imported,
    ast.AugAssign: augmented, ast.FormattedValue: formatted, ast.ExceptHandler: handler, ast.Yield: yielded, ast.comprehension: comprehension,
}  # fmt: skip
if hasattr(ast, "pattern"):
    HANDLERS.update({kind: pattern for kind in ast.pattern.__subclasses__() if kind.__name__ != "MatchStar"})
