"""Where modules are imported from: the order in which the environment, the sources under change and others are found."""

import importlib.util
import os
import sys


def prepare(request):
    """Arrange sys.path for the suite and the sources under change."""
    front = [entry for entry in os.environ.get("ASV_PYTHONPATH", "").split(os.pathsep) if entry]
    sys.path[:0] = front
    if front:
        extend_environment_path(front, [])
    parent = request.get("import_parent")
    if parent and parent not in sys.path:
        installed = any(locate(package) for package in request.get("packages") or [])
        sys.path.append(parent)
        if not installed:
            # Python processes that a benchmark starts must find the package too; an installed one they find anyway.
            extend_environment_path([], [parent])


def extend_environment_path(front, back):
    """Put entries before and after what PYTHONPATH already holds."""
    current = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    os.environ["PYTHONPATH"] = os.pathsep.join(front + current + back)


def locate(package):
    """The real paths that a top-level package would be imported from (none if it cannot be found); imports nothing."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError, AttributeError):
        return []
    if spec is None:
        return []
    places = list(spec.submodule_search_locations or [])
    if not places and spec.origin:
        places = [spec.origin]
    return [os.path.realpath(place) for place in places]
