"""Whether the body of a request is the one that was recorded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from mockserver.postman.body import plain, read_json, squeezed
from mockserver.postman.example import Body
from mockserver.replay.template import Fit, fit, is_open


class Incoming:
    """A request body under the several forms in which one may look at it, each read once and only when asked for."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self._bytes = body
        self._content_type = content_type

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
    def form(self) -> Sequence[tuple[str, str | None]]:
        """The pairs of an urlencoded form."""
        return [*parse_qsl(self.text, keep_blank_values=True)]

    @cached_property
    def parts(self) -> Sequence[tuple[str, str | None]]:
        """The fields of a multipart form; None stands for the content of a file."""
        if not self._content_type.lower().startswith("multipart/form-data"):
            return []
        from email.parser import BytesParser  # a slow import, for the rarest of bodies

        head = f"Content-Type: {self._content_type}\r\n\r\n".encode("latin-1", "replace")
        fields: list[tuple[str, str | None]] = []
        message = BytesParser().parsebytes(head + self._bytes)
        for part in message.get_payload() if message.is_multipart() else ():
            name = part.get_param("name", "", header="content-disposition")  # type: ignore[union-attr]  # typed for any payload
            content = part.get_payload(decode=True) or b""  # type: ignore[union-attr]
            is_file = part.get_filename() is not None  # type: ignore[union-attr]
            fields.append((str(name), None if is_file else content.decode("utf-8", "replace")))  # type: ignore[union-attr]
        return fields


def body_fit(recorded: Body, incoming: Incoming) -> Fit:
    """How well the incoming body agrees with the recorded one."""
    try:
        return _JUDGES[recorded.kind](recorded.value, incoming)
    except RecursionError:  # a JSON parser may go deeper than what walks its values here
        return Fit.NOT


def _none(_: Any, incoming: Incoming) -> Fit:
    return Fit.NOT if incoming.text else Fit.EQUAL


def _any(_: Any, incoming: Incoming) -> Fit:
    return Fit.OPEN if incoming.text else Fit.NOT


def _text(recorded: str, incoming: Incoming) -> Fit:
    return fit(recorded, incoming.text)


def _json(recorded: Any, incoming: Incoming) -> Fit:
    return Fit.NOT if incoming.json is None else _values(recorded, incoming.json[0])


def _graphql(recorded: tuple[str, Any], incoming: Incoming) -> Fit:
    sent = incoming.json[0] if incoming.json is not None else None
    if not isinstance(sent, dict) or not isinstance(sent.get("query"), str):
        return Fit.NOT
    query = fit(recorded[0], squeezed(sent["query"]))
    return min(query, _values(recorded[1], sent.get("variables") or {}))


def _form(recorded: Sequence[tuple[str, str | None]], incoming: Incoming) -> Fit:
    return _same_pairs(recorded, incoming.form)


def _parts(recorded: Sequence[tuple[str, str | None]], incoming: Incoming) -> Fit:
    return _same_pairs(recorded, incoming.parts)


def _same_pairs(recorded: Sequence[tuple[str, str | None]], sent: Sequence[tuple[str, str | None]]) -> Fit:
    """Pairs in any order; each recorded one needs a partner of its own."""
    if Counter(recorded) == Counter(sent):
        return Fit.EQUAL
    if len(recorded) != len(sent):
        return Fit.NOT
    left = list(sent)
    # Closed values choose their partners first, so that an open one does not take what only they can use.
    for name, value in sorted(recorded, key=lambda pair: pair[1] is None or is_open(pair[1])):
        partner = next((pair for pair in left if pair[0] == name and _value(value, pair[1])), None)
        if partner is None:
            return Fit.NOT
        left.remove(partner)
    return Fit.OPEN


def _value(recorded: str | None, sent: str | None) -> Fit:
    if recorded is None or sent is None:
        return Fit.EQUAL if recorded is sent else Fit.NOT
    return fit(recorded, sent)


def _values(recorded: Any, sent: Any) -> Fit:
    """EQUAL for the same JSON value, OPEN when it differs only where the recorded one holds an open variable."""
    if isinstance(recorded, dict):
        agree = isinstance(sent, dict) and recorded.keys() == sent.keys()
        pairs = [(value, sent[key]) for key, value in recorded.items()] if agree else []
    elif isinstance(recorded, list):
        agree = isinstance(sent, list) and len(recorded) == len(sent)
        pairs = list(zip(recorded, sent, strict=True)) if agree else []
    elif isinstance(recorded, str) and is_open(recorded):
        if sent is None or isinstance(sent, dict | list):
            return Fit.NOT
        return fit(recorded, sent if isinstance(sent, str) else json.dumps(sent))
    else:
        # Compared as written: in Python 1 is 1.0 and True.
        return Fit.EQUAL if json.dumps(recorded) == json.dumps(sent) else Fit.NOT
    if not agree:
        return Fit.NOT
    return min((_values(value, other) for value, other in pairs), default=Fit.EQUAL)


_JUDGES: Mapping[str, Callable[[Any, Incoming], Fit]] = {
    "none": _none,
    "any": _any,
    "text": _text,
    "json": _json,
    "graphql": _graphql,
    "form": _form,
    "parts": _parts,
}
