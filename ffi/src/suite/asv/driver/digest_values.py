"""Values as bytes that are the same in every run: by content where that is possible, else by type; never by address."""

import hashlib
import os
import sys
import types

SIZE = 8
MOST_DEPTH = 12
SCALARS = (type(None), bool, int, float, complex, type(...), type(NotImplemented), range, slice)
SEQUENCES, SETS = (tuple, list), (set, frozenset)
NAMED = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType)


def token(*parts):
    """A short hash of byte strings."""
    digest = hashlib.blake2b(digest_size=SIZE)
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.digest()


def text(words):
    """A text as bytes."""
    return words.encode("utf-8", "surrogatepass")


class Describer:
    """Describes values. Texts of `places` (where the sources lie, where the operation runs) are taken out of them, since
    they are others in another copy of the tree."""

    def __init__(self):
        self.places = []

    def value(self, value, deep=True):
        """The token of a value. Arrays by their content only if `deep`."""
        found = []
        try:
            self._add(value, found, set(), deep)
        except Exception as error:
            # A value that cannot be looked into, say one that another thread changes.
            found = [text("unreadable " + type(error).__name__)]
        return token(*found)

    def name(self, value):
        """The name of a type, function or module."""
        name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None) or type(value).__qualname__
        return "%s.%s" % (getattr(value, "__module__", None), name)

    def _add(self, value, found, inside, deep):
        kind = type(value)
        found.append(text("%s.%s" % (kind.__module__, kind.__qualname__)))
        if kind in SCALARS:
            found.append(text(repr(value)))
        elif isinstance(value, str):
            found.append(text(self._placeless(str.__str__(value))))
        elif isinstance(value, (bytes, bytearray)):
            found.append(self._placeless(bytes(value).decode("latin-1")).encode("latin-1", "replace"))
        elif isinstance(value, SEQUENCES + SETS + (dict,)):
            self._add_items(value, found, inside, deep)
        elif isinstance(value, NAMED):
            found.append(text(self.name(value)))
        elif isinstance(value, types.ModuleType):
            found.append(text(value.__name__))
        elif isinstance(value, types.CodeType):
            found.append(text(value.co_name))
        else:
            self._add_number(value, found, inside, deep)

    def _placeless(self, words):
        for place in self.places:
            if place in words:
                words = words.replace(place, "<place>")
        return words

    def _add_items(self, value, found, inside, deep):
        if id(value) in inside or len(inside) > MOST_DEPTH:
            return
        inside.add(id(value))
        found.append(b"(")
        if isinstance(value, dict):
            for key, item in list(dict.items(value)):
                self._add(key, found, inside, deep)
                self._add(item, found, inside, deep)
        elif isinstance(value, SETS):
            each = []
            for item in list(value):
                own = []
                self._add(item, own, inside, deep)
                each.append(token(*own))
            found.extend(sorted(each))
        else:
            for item in (tuple if isinstance(value, tuple) else list).__iter__(value):
                self._add(item, found, inside, deep)
        found.append(b")")
        inside.discard(id(value))

    def _add_number(self, value, found, inside, deep):
        """What numpy made, if it is loaded; all else is known by its type alone."""
        numpy = sys.modules.get("numpy")
        array = getattr(numpy, "ndarray", None)
        if array is None or not isinstance(value, (array, numpy.generic)):
            return
        found.append(text(str(value.dtype)))
        if isinstance(value, numpy.generic):
            found.append(numpy.generic.tobytes(value) if not value.dtype.hasobject else b"")
            return
        found.append(text(repr(value.shape)))
        if not deep:
            return
        if value.dtype.hasobject:
            self._add(array.tolist(value), found, inside, deep)
        else:
            found.append(array.tobytes(value))


def places(tree):
    """The texts that are others each time: the tree's directory and the one that the operation runs in."""
    here = os.getcwd()
    return [place for place in (here, os.path.realpath(here), tree) if place and len(place) > 1]
