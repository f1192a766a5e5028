"""Executed code in a form that does not depend on where it stands: one token a statement, made of its instructions.

Edits that move code, format it, or lie in statements that are not executed leave the tokens of all others as they are. So
jumps have no targets here, nested code objects stand for themselves by their names, and a local is a local, captured or not."""

import ast
import dis
import types

from .digest_values import text, token

STATEMENTS = (ast.stmt, ast.ExceptHandler) + ((ast.match_case,) if hasattr(ast, "match_case") else ())
NATURE = 0x04 | 0x08 | 0x20 | 0x80 | 0x100 | 0x200
OPTIMIZED = 0x01
# How values are moved about, and how blocks begin and end, is the compiler's affair.
UNTOLD = frozenset(
    "CACHE COPY COPY_FREE_VARS DUP_TOP DUP_TOP_TWO END_ASYNC_FOR END_FOR END_SEND EXTENDED_ARG GEN_START INTERPRETER_EXIT "
    "JUMP_ABSOLUTE JUMP_BACKWARD JUMP_BACKWARD_NO_INTERRUPT JUMP_FORWARD MAKE_CELL NOP NOT_TAKEN POP_BLOCK POP_EXCEPT POP_FINALLY "
    "POP_ITER POP_TOP PRECALL PUSH_EXC_INFO PUSH_NULL RERAISE RESUME RETURN_GENERATOR ROT_FOUR ROT_N ROT_THREE ROT_TWO "
    "SETUP_FINALLY SWAP TO_BOOL".split()
)
CLOSURE = 0x08
JUMPS = frozenset(dis.hasjrel + dis.hasjabs)


class Code:
    """A code object: the token of its start, and by line the (token, names of globals) of its statement."""

    def __init__(self, code, statements, describer):
        # Holding the object keeps its id its own.
        self.code = code
        self.start = start_token(code)
        self.arguments = code.co_varnames[: argument_count(code)]
        self._statements = statements
        self._describer = describer
        self._none = [b"constant", describer.value(None), b"RETURN_VALUE", b"None"]
        self._lines = None

    def prepare(self):
        """Read the code; at the latest when its first line is executed."""
        if self._lines is None:
            self._lines = self._read()

    def line(self, line):
        """(statement, token, names of globals) of a line."""
        self.prepare()
        statement = self._statements.get(line, -line)
        token_and_names = self._lines.get(statement)
        return (statement, b"", ()) if token_and_names is None else (statement,) + token_and_names

    def _read(self):
        chunks, names = {}, {}
        current, chunk = None, None
        for line, instruction in located(self.code):
            statement = self._statements.get(line, -line)
            if statement != current:
                current, chunk = statement, []
                chunks.setdefault(statement, []).append(chunk)
            words = told(instruction, self._describer)
            if words:
                chunk.extend(words)
            if instruction.opname == "MAKE_FUNCTION":
                forget_closure(chunk)
            elif instruction.opname == "RETURN_VALUE":
                forget_return_of_none(chunk, self._none)
            if instruction.opname == "LOAD_GLOBAL":
                names.setdefault(statement, set()).add(instruction.argval)
        return {
            statement: (token(*sorted({token(*each) for each in found if each})), tuple(sorted(names.get(statement, ()))))
            for statement, found in chunks.items()
        }


def argument_count(code):
    """How many of the local names are parameters."""
    return code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)


def start_token(code):
    """What a function is by its head: name, parameters, whether it is a generator or a coroutine."""
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags & NATURE)
    parameters = code.co_varnames[: argument_count(code)]
    return token(text(code.co_name), text(repr(counts)), *[text(name) for name in parameters])


def runs_at_import(code):
    """Whether this is the code of a module or a class body: it counts by what it leaves behind."""
    return not code.co_flags & OPTIMIZED


def offered(namespace):
    """The code objects of the functions of a module's namespace, of its classes, and of those inside them."""
    todo = list(namespace.values())
    for each in namespace.values():
        if isinstance(each, type):
            todo.extend(vars(each).values())
    for each in todo:
        each = getattr(each, "__func__", each) if isinstance(each, (classmethod, staticmethod)) else each
        each = each.fget if isinstance(each, property) else each
        if isinstance(each, types.FunctionType):
            nested = [each.__code__]
            for code in nested:
                yield code
                nested.extend(constant for constant in code.co_consts if isinstance(constant, types.CodeType))


def located(code):
    """Each instruction with its line; those that belong to none are left out."""
    starts = sorted(dis.findlinestarts(code))
    position, line = 0, None
    for instruction in dis.get_instructions(code):
        while position < len(starts) and starts[position][0] <= instruction.offset:
            line = starts[position][1]
            position += 1
        if line is not None:
            yield line, instruction


def told(instruction, describer):
    """An instruction as words (bytes) that say what it does."""
    name = instruction.opname
    if name in UNTOLD or name.startswith("INSTRUMENTED_"):
        return []
    verb = name.partition("_")[0]
    if "_FAST" in name or "DEREF" in name or name in ("LOAD_CLOSURE", "LOAD_CLASSDEREF"):
        return locals_told(name, instruction.argval)
    if isinstance(instruction.argval, types.CodeType):
        return [b"code", text(instruction.argval.co_name)]
    if instruction.opcode in JUMPS:
        return [text(name.replace("_FORWARD", "").replace("_BACKWARD", ""))]
    if name.startswith(("LOAD_CONST", "LOAD_SMALL_INT", "KW_NAMES")):
        return [b"constant", describer.value(instruction.argval)]
    if name == "RETURN_CONST":
        return [] if instruction.argval is None else [b"constant", describer.value(instruction.argval), b"RETURN_VALUE"]
    if name == "MAKE_FUNCTION" or name == "SET_FUNCTION_ATTRIBUTE":
        flags = (instruction.arg or 0) & ~CLOSURE
        return [text("MAKE_FUNCTION %d" % flags)] if flags or name == "MAKE_FUNCTION" else []
    if verb in ("LOAD", "STORE", "DELETE", "IMPORT") and isinstance(instruction.argval, str):
        return [text(name), text(instruction.argval)]
    if verb in ("COMPARE", "BINARY", "CONTAINS", "IS"):
        return [text(name), text((instruction.argrepr or str(instruction.arg)).replace("bool(", "").rstrip(")"))]
    return [text(name), text(str(instruction.arg))]


def locals_told(name, argval):
    """Loads and stores of locals, some of which come two at a time. Cells and free variables are locals too."""
    names = argval if isinstance(argval, tuple) else (argval,)
    verbs = [part for part in name.split("_") if part in ("LOAD", "STORE", "DELETE")]
    verbs = verbs if len(verbs) == len(names) else [verbs[0]] * len(names)
    return [text("%s local %s" % pair) for pair in zip(verbs, names)]


def forget_return_of_none(chunk, words):
    """Take back a return of None: the compiler puts the one at the end of a function on the line of any statement."""
    if chunk[-len(words) :] == words:
        del chunk[-len(words) :]


def forget_closure(chunk):
    """Take back what fetches the captured variables of a function that is made: they matter when it runs."""
    at = len(chunk) - 1
    while at >= 0 and chunk[at] != b"code":
        at -= 1
    at -= 1
    if at > 0 and chunk[at - 1] == b"BUILD_TUPLE":
        count = int(chunk[at])
        captured = chunk[at - 1 - count : at - 1]
        if len(captured) == count and all(word.startswith(b"LOAD local ") for word in captured):
            del chunk[at - 1 - count : at + 1]


def statements(source):
    """Line → number of the innermost statement on it: a statement counts as one however many lines it takes."""
    found = {}
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    todo = [tree]
    number = 0
    while todo:
        node = todo.pop(0)
        for child in ast.iter_child_nodes(node):
            todo.append(child)
        if not isinstance(node, STATEMENTS):
            continue
        number += 1
        start = node.pattern.lineno if hasattr(node, "pattern") else node.lineno
        end = node.body[-1].end_lineno if hasattr(node, "pattern") else node.end_lineno
        start = min([start] + [decorator.lineno for decorator in getattr(node, "decorator_list", [])])
        for line in range(start, end + 1):
            found[line] = number
    return found
