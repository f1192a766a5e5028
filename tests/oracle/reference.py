"""The block model of the analysis, computed from CPython's own `ast` and `symtable`: what the Rust analysis is checked against.

`Reference(source)` holds `blocks` (id → form) and `definitions` ([scope, kind, form, node]). Forms are nested tuples; two forms
are equal exactly where the syntax trees are equal, but for positions and the `u` of `u"…"`.
"""

import ast
import symtable

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SILENT = (ast.Pass, ast.Global, ast.Nonlocal, ast.Break, ast.Continue)
BINDINGS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete) + ((ast.TypeAlias,) if hasattr(ast, "TypeAlias") else ())
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
identity = id
IGNORED_FIELDS = {"kind", "type_comment", "ctx", "type_ignores"}


def form(node):
    """A syntax tree as nested tuples without positions."""
    if isinstance(node, ast.AST):
        fields = node._fields
        return (type(node).__name__, *[form(getattr(node, f, None)) for f in fields if f not in IGNORED_FIELDS])
    if isinstance(node, list):
        return tuple([form(item) for item in node])
    # 1, 1.0 and True are equal in Python, but not in its syntax.
    return (type(node).__name__, repr(node))


class Block:
    """A block under construction."""

    def __init__(self, id, kind, parent):
        self.id, self.kind = id, kind
        self.root = parent.root if kind == "branch" else self
        self.import_time = kind == "module" or (kind != "function" and parent.import_time)


class Reference:
    """Blocks and definitions of one source file."""

    def __init__(self, source):
        self.tree = ast.parse(source)
        self.blocks, self.definitions = {}, []
        #: id(statement or header node) → id of the block it stands in
        self.home = {}
        self.counts = {}
        self.scopes = {}
        self._index_scopes(symtable.symtable(source, "source", "exec"))
        module = Block("<module>", "module", None)
        self.blocks["<module>"] = None
        self.blocks["<module>"] = self._suite(self.tree.body, module, True)

    def _index_scopes(self, table):
        for child in table.get_children():
            if str(child.get_type()).endswith("function"):
                self.scopes.setdefault((child.get_name(), child.get_lineno()), []).append(child)
            self._index_scopes(child)

    def _unique(self, id):
        self.counts[id] = self.counts.get(id, 0) + 1
        return id if self.counts[id] == 1 else f"{id}#{self.counts[id]}"

    def _ordinal(self, block, kind):
        key = (block.id, kind)
        self.counts[key] = self.counts.get(key, 0) + 1
        return f"{block.id}/{kind}[{self.counts[key] - 1}]"

    def _define(self, block, kind, what, node):
        if block.import_time:
            self.definitions.append((block.id, kind, what, node))

    def _suite(self, statements, block, docstring=False):
        if docstring and statements and is_string(statements[0]):
            self.home[id(statements[0])] = block.id
            statements = statements[1:]
        forms = [self._statement(s, block) for s in statements]
        return tuple([f for f in forms if f is not None])

    def _branch(self, statements, id, parent):
        block = Block(id, "branch", parent)
        self.blocks[id] = None
        self.blocks[id] = self._suite(statements, block)
        return "suite"

    def _guard(self, block, node, what=None):
        what = form(node) if what is None else what
        self._define(block, "guard", what, node)
        return what

    def _statement(self, node, block):
        self.home[id(node)] = block.id
        if isinstance(node, FUNCTIONS):
            return self._function(node, block)
        if isinstance(node, ast.ClassDef):
            return self._class(node, block)
        method = getattr(self, "_" + type(node).__name__.lower(), None)
        if method:
            return method(node, block)
        what = form(node)
        kind = kind_of(node)
        if kind:
            self._define(block, kind, what, node)
        return what

    # Compound statements

    def _if(self, node, block):
        id = self._ordinal(block, "if")
        arms, suffix, n = ["if"], "", 0
        while True:
            arms += [self._guard(block, node.test), self._branch(node.body, id + suffix, block)]
            if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
                node, suffix = node.orelse[0], f".elif[{n}]"
                self.home[identity(node)] = block.id
                n += 1
                continue
            if node.orelse:
                arms += ["else", self._branch(node.orelse, id + ".else", block)]
            return tuple(arms)

    def _loop(self, node, block, name, headers):
        id = self._ordinal(block, name)
        parts = [type(node).__name__] + [self._guard(block, h) for h in headers] + [self._branch(node.body, id, block)]
        if node.orelse:
            parts += ["else", self._branch(node.orelse, id + ".else", block)]
        return tuple(parts)

    def _for(self, node, block):
        return self._loop(node, block, "for", [node.target, node.iter])

    _asyncfor = _for

    def _while(self, node, block):
        return self._loop(node, block, "while", [node.test])

    def _try(self, node, block):
        id = self._ordinal(block, "try")
        parts = [type(node).__name__, self._suite(node.body, block)]
        for i, handler in enumerate(node.handlers):
            head = None
            if handler.type is not None:
                head = self._guard(block, handler, (form(handler.type), handler.name))
            parts += ["except", head, self._branch(handler.body, f"{id}.except[{i}]", block)]
        if node.orelse:
            parts += ["else", self._branch(node.orelse, id + ".else", block)]
        if node.finalbody:
            parts += ["finally", self._suite(node.finalbody, block)]
        return tuple(parts)

    _trystar = _try

    def _with(self, node, block):
        head = self._guard(block, node, form(node.items))
        return (type(node).__name__, head, self._suite(node.body, block))

    _asyncwith = _with

    def _match(self, node, block):
        id = self._ordinal(block, "match")
        parts = ["match", self._guard(block, node.subject)]
        for i, case in enumerate(node.cases):
            head = self._guard(block, case, (form(case.pattern), form(case.guard)))
            parts += [head, self._branch(case.body, f"{id}.case[{i}]", block)]
        return tuple(parts)

    # Functions and classes

    def _header(self, node, block, head, annotations):
        self._define(block, "header", head, node)
        if any(annotations):
            self._define(block, "annotation", annotations, node)
        root = block.root
        id = self._unique(node.name if root.kind == "module" else f"{root.id}.{node.name}")
        return id, None if block.import_time else ("class" if isinstance(node, ast.ClassDef) else "function", node.name, head, annotations)

    def _function(self, node, block):
        a = node.args
        positional = a.posonlyargs + a.args
        defaults = list(zip(positional[len(positional) - len(a.defaults):], a.defaults))
        defaults += [(arg, value) for arg, value in zip(a.kwonlyargs, a.kw_defaults) if value is not None]
        every = positional + [a.vararg] + a.kwonlyargs + [a.kwarg]
        annotated = [(arg.arg, form(arg.annotation)) for arg in every if arg is not None and arg.annotation is not None]
        head = (form(node.decorator_list), tuple([(arg.arg, form(value)) for arg, value in defaults]))
        annotations = (tuple(annotated), form(node.returns) if node.returns else (), form(getattr(node, "type_params", [])))
        id, outer = self._header(node, block, head, annotations)
        inner = Block(id, "function", block)
        self.blocks[id] = None
        names = lambda args: tuple([arg and arg.arg for arg in args])
        structure = tuple(names(args) for args in (a.posonlyargs, a.args, [a.vararg], a.kwonlyargs, [a.kwarg]))
        body = self._suite(node.body, inner, True)
        nature = self._nature(node)
        self.blocks[id] = (isinstance(node, ast.AsyncFunctionDef), structure, body, nature)
        return outer

    def _nature(self, node):
        tables = self.scopes.get((node.name, node.lineno), [])
        table = tables.pop(0)
        symbols = table.get_symbols()
        # Since PEP 709 the targets of comprehensions are among the symbols of the function around.
        inlined = comprehension_targets(node)
        inlined -= bound_outside(node) if inlined else set()
        own = sorted(s.get_name() for s in symbols if s.is_local() and s.get_name() not in inlined)
        outer = sorted(s.get_name() for s in symbols if s.is_declared_global())
        nonlocals = sorted(s.get_name() for s in symbols if s.is_nonlocal())
        return (yields(node), tuple(own), tuple(outer), tuple(nonlocals))

    def _class(self, node, block):
        head = (form(node.decorator_list), form(node.bases), form(node.keywords))
        id, outer = self._header(node, block, head, (form(getattr(node, "type_params", [])),))
        inner = Block(id, "class", block)
        self.blocks[id] = None
        self.blocks[id] = self._suite(node.body, inner, True)
        return outer





def comprehension_targets(function):
    """Names that comprehensions anywhere in the function bind."""
    clauses = [clause for node in ast.walk(function) if isinstance(node, COMPREHENSIONS) for clause in node.generators]
    return {n.id for clause in clauses for n in ast.walk(clause.target) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}


def bound_outside(function):
    """Names that the function binds by itself, not by a comprehension in it."""
    names = {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, COMPREHENSIONS):
            names |= {n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)}
            continue
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            names.add(node.name)
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        if isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        if type(node).__name__ in ("ExceptHandler", "MatchAs", "MatchStar"):
            names.add(node.name)
        if type(node).__name__ == "MatchMapping":
            names.add(node.rest)
        waiting += ast.iter_child_nodes(node)
    return names


def is_string(node):
    """Whether a statement is a docstring where it stands first."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def kind_of(node):
    """What kind of definition a simple statement is; None if it does nothing."""
    if isinstance(node, SILENT):
        return None
    if isinstance(node, ast.Import):
        return "import"
    if isinstance(node, ast.ImportFrom):
        return "star" if any(alias.name == "*" for alias in node.names) else "import"
    if isinstance(node, BINDINGS):
        return "binding"
    if isinstance(node, ast.Expr):
        if isinstance(node.value, ast.Constant):
            return None
        at, dotted = node.value, False
        while isinstance(at, (ast.Call, ast.Attribute)):
            dotted = isinstance(at, ast.Attribute)
            at = at.func if isinstance(at, ast.Call) else at.value
        if dotted and isinstance(at, ast.Name) and at.id == "__all__":
            return "binding"
    return "effect"


def yields(function):
    """Whether `yield` stands in the function itself."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            # What they evaluate where they stand is this function's own.
            outer = getattr(node, "decorator_list", []) + getattr(node, "bases", []) + getattr(node, "keywords", [])
            args = getattr(node, "args", None)
            if args is not None:
                outer += args.defaults + [d for d in args.kw_defaults if d is not None]
            waiting += outer
        else:
            waiting += ast.iter_child_nodes(node)
    return False
