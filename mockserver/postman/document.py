"""A file as JSON, and what it is: a collection, an environment or a set of globals."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mockserver.postman.bounds import Bounds, holds_more, memory_of

Kind = Literal["collection", "environment", "globals"]
MAX_DIGITS = 1_000
_ENVELOPES = ("collection", "environment", "globals")
_SPLIT = "Split the collection."
_EXPORT = "Export the collection from Postman as v2.1 and pass that file."


class CollectionUnusable(ValueError):
    """A file from which nothing can be served: unreadable, not JSON, or not of Postman."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, taken out of the envelope in which Postman's API hands it out."""

    file: Path
    kind: Kind
    content: dict[str, Any]


def unusable(file: Path, problem: str, advice: str = _EXPORT) -> CollectionUnusable:
    """The refusal of a file, in three parts."""
    return CollectionUnusable(f"{file} {problem}. Nothing is served from it. {advice}")


def read_document(file: Path, bounds: Bounds) -> Document:
    """The file, recognised by its shape.

    Raises
    ------
    CollectionUnusable
        The file cannot be read, is larger than the bound, is not JSON, or is nothing of Postman's.
    """
    content = _json(file, bounds)
    if isinstance(content, dict):
        if not isinstance(content.get("item"), list):
            content = next((inner for name in _ENVELOPES if isinstance(inner := content.get(name), dict)), content)
        if isinstance(content.get("item"), list):
            return Document(file, "collection", content)
        if isinstance(content.get("values"), list):
            is_global = content.get("_postman_variable_scope") == "globals"
            return Document(file, "globals" if is_global else "environment", content)
        if isinstance(content.get("requests"), list):
            raise unusable(file, "is a Postman collection of the old format v1")
    raise unusable(
        file, "is JSON but not a Postman collection: it has no list `item`, and no list `values` as an environment has"
    )


def _json(file: Path, bounds: Bounds) -> Any:
    try:
        about = file.stat()
        if not (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode)):
            # A pipe may never end, and a device neither.
            raise unusable(file, "is not a file but a pipe or a device", "Save it to a file first.")
        if about.st_size > bounds.file_bytes:
            raise unusable(file, f"has {about.st_size:,} bytes, more than {bounds.file_bytes:,}", _SPLIT)
        with file.open("rb") as opened:
            content = opened.read(bounds.file_bytes + 1)
    except OSError as exc:
        raise unusable(file, f"cannot be read: {exc.strerror or exc}", "Check the path.") from None
    if len(content) > bounds.file_bytes:
        raise unusable(file, f"has more than {bounds.file_bytes:,} bytes", _SPLIT)
    if memory_of(content) > bounds.text_bytes:
        raise unusable(file, f"has a text that takes more than {bounds.text_bytes:,} bytes of memory", _SPLIT)
    if holds_more(content, bounds.values):
        raise unusable(file, f"holds more than {bounds.values:,} values", _SPLIT)
    try:
        text = content.decode(json.detect_encoding(content), "surrogatepass")
        del content  # as large as the text
        return json.loads(text, parse_int=_whole)
    except RecursionError:
        raise unusable(file, "is nested too deeply to be read") from None
    except ValueError as exc:
        raise unusable(file, f"is not JSON: {exc}") from None


def _whole(digits: str) -> int | str:
    """A whole number; one that is too long for Python to read is left as it stands."""
    return int(digits) if len(digits) < MAX_DIGITS else digits
