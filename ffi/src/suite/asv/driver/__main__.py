"""Start of the driver: `python -u DRIVER_DIR MODE`."""

import importlib
import importlib.util
import os
import signal
import sys

PACKAGE = "lightspeed_driver"


def load_package(directory):
    """Import the driver under a name of its own, so that none of its files can shadow a module of the suite."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != directory]
    spec = importlib.util.spec_from_file_location(
        PACKAGE, os.path.join(directory, "__init__.py"), submodule_search_locations=[directory]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)


def distrust_bytecode(request):
    """Let no module of the suite or of the sources under change be imported from bytecode that may be stale."""
    bytecode, roots = (importlib.import_module(PACKAGE + "." + name) for name in ("bytecode", "roots"))
    bytecode.distrust(roots.Roots([request["source_root"], request["bench_dir"]]))


def main():
    load_package(os.path.dirname(os.path.abspath(__file__)))
    modes = ("discover", "mutate", "serve")
    if len(sys.argv) != 2 or sys.argv[1] not in modes:
        sys.exit("usage: python -u DRIVER_DIR " + "|".join(modes))
    wire = importlib.import_module(PACKAGE + ".wire")
    channel = wire.Channel()
    request = channel.receive()
    if request is None:
        return
    distrust_bytecode(request)
    mode = importlib.import_module(PACKAGE + "." + sys.argv[1])
    sys.argv[:] = [sys.argv[0]]
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    mode.main(channel, request)


if __name__ == "__main__":
    main()
