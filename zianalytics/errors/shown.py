"""How an error of ours is shown in a notebook: the user's own lines and the message."""

from __future__ import annotations

import traceback
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_NOTEBOOKS = {"IPython", "ipykernel"}
_ALL = "(Every frame: import traceback; traceback.print_last())"


def in_a_notebook(error: BaseException) -> list[str]:
    """The lines of a traceback as IPython prints them: without frames of IPython and of this package.

    Python's own tracebacks are as ever.
    """
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(_PACKAGE):
            break  # what is below is ours, or called by us
        if not _NOTEBOOKS.intersection(path.parts):
            place = "" if "ipykernel_" in frame.filename or frame.filename.startswith("<") else f" of {path}"
            lines += [f"line {frame.lineno}{place}:", f"----> {frame.line}"]
    notes = getattr(error, "__notes__", [])
    return [*lines, "", f"{type(error).__name__}: {error}", *notes, *(["", _ALL] if lines else [])]
