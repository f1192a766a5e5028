"""On PYTHONPATH of what a surveyed benchmark starts: traces that process too, then lets the user's own sitecustomize run."""

import os
import sys


def follow():
    """Start the tracer if a survey is going on."""
    import importlib.util

    driver = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    name = "lightspeed_driver"
    spec = importlib.util.spec_from_file_location(
        name, os.path.join(driver, "__init__.py"), submodule_search_locations=[driver]
    )
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
    importlib.import_module(name + ".trace").start_descendant()


def chain():
    """Import the sitecustomize that this one hides."""
    import importlib.machinery
    import importlib.util

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        sys.modules["sitecustomize"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["sitecustomize"])


if "LIGHTSPEED_TRACE_LOG" in os.environ:
    try:
        follow()
    except Exception as error:
        sys.stderr.write("lightspeed: this process is not traced: %r\n" % (error,))
        try:
            with open(os.environ["LIGHTSPEED_TRACE_LOG"], "ab") as log:
                log.write(b"A starts\\x20Python\\x20that\\x20cannot\\x20be\\x20traced\n")
        except OSError:
            pass
chain()
