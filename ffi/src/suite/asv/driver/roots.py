"""Which paths count: those under the source root or the suite, not an environment that lies inside them."""

import os
import sys
import sysconfig


class Roots:
    """The directories whose files are recorded."""

    def __init__(self, directories, excluded=None):
        self.directories = [os.path.realpath(directory) for directory in directories]
        if excluded is None:
            excluded = [place for place in environment() if self._inside(place) and place not in self.directories]
        self.excluded = excluded
        self._known = {}

    def _inside(self, path):
        return any(under(path, directory) for directory in self.directories)

    def real(self, path):
        """The real path of `path` if it counts, else None. Relative paths are taken from the current directory."""
        absolute = os.path.isabs(path)
        if absolute and path in self._known:
            return self._known[path]
        real = os.path.realpath(path)
        if not self._inside(real) or any(under(real, place) for place in self.excluded):
            real = None
        if absolute:
            self._known[path] = real
        return real


def under(path, directory):
    """Whether `path` is `directory` or lies below it."""
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)


def environment():
    """Where the interpreter, its packages and this driver live."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    places = {sys.prefix, sys.exec_prefix, os.path.dirname(os.path.abspath(__file__))}
    places.update(sysconfig.get_path(name) for name in names)
    return sorted(os.path.realpath(place) for place in places if place)
