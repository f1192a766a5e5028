"""The mutation operators: each finds the places in source files where it applies, as (source, (start, end, new bytes))."""

import ast

SWAPPED = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"), ast.FloorDiv: ("//", "%"), ast.Mod: ("%", "//"),
    ast.Pow: ("**", "*"), ast.LShift: ("<<", ">>"), ast.RShift: (">>", "<<"), ast.BitOr: ("|", "&"), ast.BitAnd: ("&", "|"), ast.BitXor: ("^", "|"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Lt: ("<", ">="), ast.LtE: ("<=", ">"), ast.Gt: (">", "<="), ast.GtE: (">=", "<"),
    ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
    ast.And: ("and", "or"), ast.Or: ("or", "and"),
}  # fmt: skip
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = FUNCTIONS + (ast.ClassDef,)
IMPORTS = (ast.Import, ast.ImportFrom)
UNUSED = b"def lightspeed_audit_unused(value):\n    return value\n\n\n"


def everywhere(find):
    """An operator from a function that yields (start, end, new) for a node of a source."""

    def operator(sources):
        for source in sources:
            for node in ast.walk(source.tree):
                for edit in find(source, node):
                    yield source, edit

    return operator


def statement(source, node):
    """A statement goes."""
    if isinstance(node, ast.stmt) and not isinstance(node, IMPORTS + (ast.Pass,)) and not is_docstring(source, node):
        if source.alone(node) and not getattr(node, "decorator_list", None):
            yield source.span(node) + (b"pass",)


def constant(source, node):
    """A constant gets another value."""
    parent = source.parents.get(id(node))
    if isinstance(node, ast.Constant) and not is_docstring(source, parent):
        new = other_constant(node.value)
        if new is not None and not in_template(source, node):
            yield source.span(node) + (new,)


def operator(source, node):
    """An operator gives way to its opposite, or `not` and the sign go."""
    if isinstance(node, ast.BinOp):
        yield from swapped(source, node.left, node.op, node.right)
    elif isinstance(node, ast.BoolOp):
        yield from swapped(source, node.values[0], node.op, node.values[1])
    elif isinstance(node, ast.Compare):
        yield from swapped(source, node.left, node.ops[0], node.comparators[0])
    elif isinstance(node, ast.AugAssign):
        yield from swapped(source, node.target, node.op, node.value, "=")
    elif isinstance(node, ast.UnaryOp) and not in_template(source, node):
        yield source.span(node) + (b"(" + source.text(*source.span(node.operand)) + b")",)


def call(source, node):
    """A call gives way to None, or loses its last argument."""
    if isinstance(node, ast.Call) and not in_template(source, node) and not in_decorator(source, node):
        yield source.span(node) + (b"None",)
        if len(node.args) > 1 and not node.keywords:
            yield source.span(node.args[-2])[1], source.span(node.args[-1])[1], b""


def default(source, node):
    """A default gets another value."""
    if isinstance(node, FUNCTIONS + (ast.Lambda,)):
        for value in node.args.defaults + [value for value in node.args.kw_defaults if value is not None]:
            yield source.span(value) + (other_value(value),)


def decorator(source, node):
    """A decorator goes."""
    for each in getattr(node, "decorator_list", []):
        if source.alone_with_sign(each):
            yield source.line_start(each.lineno), source.line_start(each.end_lineno + 1), b""


def class_attribute(source, node):
    """An attribute of a class gets another value."""
    if isinstance(node, ast.ClassDef):
        for each in node.body:
            if isinstance(each, (ast.Assign, ast.AnnAssign)) and each.value is not None:
                yield source.span(each.value) + (other_value(each.value),)


def import_(source, node):
    """An import goes."""
    if isinstance(node, IMPORTS) and source.alone(node):
        yield source.span(node) + (b"pass",)


def override(sources):
    """A class gets a method of its own in the place of one that it inherits."""
    classes = {}
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                classes.setdefault(node.name, node)
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef) and source.alone_from(node.body[0]):
                for name in sorted(inherited(node, classes)):
                    yield source, (*before(source, node.body[-1]), method(name, node.body[-1].col_offset))


def new_function(source, node):
    """A function appears that nobody calls."""
    if isinstance(node, DEFINITIONS) and isinstance(source.parents.get(id(node)), ast.Module):
        yield (*before(source, node), UNUSED)


def file(sources):
    """A file goes."""
    for source in sources:
        yield source, (0, len(source.data), None)


def comment(source, node):
    """A comment appears."""
    if isinstance(node, ast.stmt) and source.alone_from(node):
        start, _ = before(source, node)
        yield start, start, b" " * node.col_offset + b"# lightspeed audit\n"


def reformat(sources):
    """A file is written anew from its syntax tree: other lines, quotes, parentheses, no comments."""
    for source in sources:
        if not shares_lines(source):
            yield source, (0, len(source.data), (ast.unparse(source.tree) + "\n").encode("utf-8", "replace"))


def blank_line(source, node):
    """A blank line appears."""
    if isinstance(node, ast.stmt) and source.alone_from(node):
        yield (*before(source, node), b"\n")


def docstring(source, node):
    """A docstring appears, or says something else."""
    if isinstance(node, DEFINITIONS) and source.alone_from(node.body[0]):
        if is_docstring(source, node.body[0]):
            if len(node.body) > 1:
                yield source.span(node.body[0]) + (b'"""Other words."""',)
        else:
            start, _ = before(source, node.body[0])
            yield start, start, b" " * node.body[0].col_offset + b'"""Words."""\n'


OPERATORS = {
    "statement": everywhere(statement),
    "constant": everywhere(constant),
    "operator": everywhere(operator),
    "call": everywhere(call),
    "default": everywhere(default),
    "decorator": everywhere(decorator),
    "class_attribute": everywhere(class_attribute),
    "import": everywhere(import_),
    "override": override,
    "new_function": everywhere(new_function),
    "file": file,
    "comment": everywhere(comment),
    "blank_line": everywhere(blank_line),
    "reformat": reformat,
    "docstring": everywhere(docstring),
}
SAME_TREE = ("comment", "blank_line", "reformat")


def before(source, node):
    """The empty place at the start of the line on which a statement begins, its decorators included."""
    first = min([node.lineno] + [each.lineno for each in getattr(node, "decorator_list", [])])
    return source.line_start(first), source.line_start(first)


def method(name, column):
    """A method that does what the inherited one does, and a little more."""
    indent = b" " * column
    head = b"def %s(self, *args, **kwargs):\n" % name.encode("utf-8")
    body = b"_ = None\n", b"return super().%s(*args, **kwargs)\n" % name.encode("utf-8")
    return indent + head + b"".join(indent + b"    " + line for line in body) + b"\n"


def inherited(node, classes):
    """Names of plain methods that a class has from bases among `classes` and does not define."""
    own = {each.name for each in node.body if isinstance(each, DEFINITIONS)}
    found, todo, seen = set(), list(node.bases), set()
    while todo:
        base = classes.get(getattr(todo.pop(), "id", None))
        if base is None or id(base) in seen:
            continue
        seen.add(id(base))
        todo.extend(base.bases)
        found.update(each.name for each in base.body if isinstance(each, ast.FunctionDef) and not each.decorator_list)
    return found - own


def is_docstring(source, node):
    """Whether a statement is a docstring, or any other string that stands alone."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def in_template(source, node):
    """Whether a node lies in an f-string or a pattern, where text cannot be replaced as elsewhere."""
    while node is not None and not isinstance(node, ast.stmt):
        if isinstance(node, (ast.JoinedStr, ast.FormattedValue)) or type(node).__name__.startswith(("Match", "Template")):
            return True
        node = source.parents.get(id(node))
    return False


def in_decorator(source, node):
    """Whether a call is a decorator."""
    return node in getattr(source.parents.get(id(node)), "decorator_list", [])


def swapped(source, left, kind, right, suffix=""):
    """The edit of the operator between two operands, where nothing but blanks and parentheses stand around it."""
    old, new = (symbol + suffix for symbol in SWAPPED.get(type(kind), ("@", "@")))
    start, end = source.span(left)[1], source.span(right)[0]
    between = source.text(start, end)
    if between.strip(b" ()") == old.encode() and not in_template(source, left):
        at = start + between.index(old.encode())
        yield at, at + len(old), new.encode()


def other_value(node):
    """Another value in the place of an expression."""
    new = other_constant(node.value) if isinstance(node, ast.Constant) else None
    return new or b"None"


def other_constant(value):
    """Another constant of the same type, as source; None if there is none."""
    if isinstance(value, bool) or value is None:
        return {True: b"False", False: b"True", None: b"0"}[value]
    if isinstance(value, (int, float)):
        return ascii(value + 1).encode()
    if isinstance(value, str):
        return ascii(value + "x").encode()
    return ascii(value + b"x").encode() if isinstance(value, bytes) else None


def shares_lines(source):
    """Whether two statements stand on one line: apart, they would be two steps for a tracer of lines."""
    return any(isinstance(node, ast.stmt) and not source.alone_from(node) for node in ast.walk(source.tree))
