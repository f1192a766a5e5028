"""Puts the shared library into the wheel: LIGHTSPEED_LIBRARY names it, LIGHTSPEED_PLATFORM the platform if not this machine's.

The wheel is `py3-none-<platform>`: ctypes loads the library, so that one wheel serves every Python, and installing needs no compiler.
"""

import os
import pathlib
import sysconfig

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAMES = {".so": "liblightspeed.so", ".dylib": "liblightspeed.dylib", ".dll": "lightspeed.dll"}


class Library(BuildHookInterface):
    """Adds the library to the files of a wheel, and names its platform."""

    def initialize(self, version, build_data):
        """Called before a wheel is built; an editable one finds the library by LIGHTSPEED_LIBRARY at run time."""
        if version == "editable":
            return
        given = os.environ.get("LIGHTSPEED_LIBRARY", "")
        library = pathlib.Path(given)
        if not given or not library.is_file():
            raise SystemExit(
                f"set LIGHTSPEED_LIBRARY to the shared library that the wheel is to hold: there is no file '{given}'"
            )
        kind = next((kind for kind in library.suffixes if kind in NAMES), None)
        if kind is None:
            raise SystemExit(f"{library} is no shared library: its name has none of {', '.join(NAMES)}")
        platform = os.environ.get("LIGHTSPEED_PLATFORM") or sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][str(library.resolve())] = f"lightspeed/{NAMES[kind]}"
