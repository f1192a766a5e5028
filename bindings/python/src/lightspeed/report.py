"""Documents as text."""

import json
from ctypes import byref
from typing import Any, Mapping, Optional, Union

from lightspeed import _call, _ffi
from lightspeed._library import lib


def report_text(document: Union[str, Mapping[str, Any]], *, width: Optional[int] = None, colour: Optional[bool] = None) -> str:
    """The text of a document of this library, or of its JSON, as the program prints it.

    `width` are the columns to fit into, by default any number; with `colour` terminals colour it. Raises `InvalidArgument` for what is
    no such document.
    """
    options = _call.options(_ffi.ReportOptions, lib.lightspeed_report_options_init, width=width, colour=colour)
    text = document if isinstance(document, str) else json.dumps(document)
    return _call.owned(lib.lightspeed_report_text, _call.text(text), byref(options)).decode()
