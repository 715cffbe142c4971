"""The body of a request, read in whichever form somebody compares it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from mockserver.postman.body import plain, read_json


class Incoming:
    """A request body under the several forms in which one may look at it, each read once and only when asked for."""

    def __init__(self, body: bytes, headers: Mapping[str, str]) -> None:
        self._bytes = body
        self._headers = headers

    @cached_property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return plain(self._bytes.decode("utf-8", "replace"))

    @cached_property
    def json(self) -> tuple[Any] | None:
        """The JSON value, wrapped so that `null` is told from "not JSON"."""
        try:
            return (read_json(self.text),)
        except ValueError:
            return None

    @cached_property
    def written(self) -> str | None:
        """The JSON value as `written` has it."""
        return None if self.json is None else written(self.json[0])

    @cached_property
    def form(self) -> Sequence[tuple[str, str | None]]:
        """The pairs of an urlencoded form."""
        return [*parse_qsl(self.text, keep_blank_values=True)]

    @cached_property
    def parts(self) -> Sequence[tuple[str, str | None]]:
        """The fields of a multipart form; None stands for the content of a file."""
        content_type = self._headers.get("content-type", "")
        if not content_type.lower().startswith("multipart/form-data"):
            return []
        from email.parser import BytesParser  # a slow import, for the rarest of bodies

        head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
        fields: list[tuple[str, str | None]] = []
        message = BytesParser().parsebytes(head + self._bytes)
        for part in message.get_payload() if message.is_multipart() else ():
            name = part.get_param("name", "", header="content-disposition")  # type: ignore[union-attr]  # typed for any payload
            content = part.get_payload(decode=True) or b""  # type: ignore[union-attr]
            is_file = part.get_filename() is not None  # type: ignore[union-attr]
            fields.append((str(name), None if is_file else content.decode("utf-8", "replace")))  # type: ignore[union-attr]
        return fields


def written(value: Any) -> str | None:
    """The same text for JSON values that are written alike, whatever the order of their keys; None: nested too deeply.

    Compared as written: in Python 1 is 1.0 and True.
    """
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        return None
