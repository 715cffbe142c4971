"""The body of a request, read in whichever form somebody compares it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from mockserver.postman.body import plain, read_json, squeezed
from mockserver.postman.bounds import BODY_PAIRS

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


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
    def graphql(self) -> tuple[str, Any] | None:
        """Query and variables of a GraphQL request."""
        sent = self.json[0] if self.json is not None else None
        if not isinstance(sent, dict) or not isinstance(sent.get("query"), str):
            return None
        return squeezed(sent["query"]), sent.get("variables") or {}

    @cached_property
    def form(self) -> Sequence[tuple[str, str | None]]:
        """The pairs of an urlencoded form; none when there are more than the bound."""
        try:
            return [*parse_qsl(self.text, keep_blank_values=True, max_num_fields=BODY_PAIRS)]
        except ValueError:
            return []

    @cached_property
    def parts(self) -> Sequence[tuple[str, str | None]]:
        """The fields of a multipart form; None stands for the content of a file."""
        content_type = self._headers.get("content-type", "")
        if not content_type.lower().startswith("multipart/form-data"):
            return []
        from mockserver.replay.multipart import read_parts  # imports slowly, for the rarest of bodies

        return read_parts(content_type, self._bytes)


def written(value: Any) -> str | None:
    """The same text for JSON values that are written alike, whatever the order of their keys; None: nested too deeply.

    Compared as written: in Python 1 is 1.0 and True.
    """
    try:
        return _ENCODER.encode(value)
    except RecursionError:
        return None
