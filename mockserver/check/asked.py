"""The request that a client would send for a recorded one: what is left open in it filled with a neutral value."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from mockserver.message import Request
from mockserver.postman.example import Body, Example, Segment, Unanswered
from mockserver.postman.headers import TOKEN, UNSENDABLE
from mockserver.postman.variables import PLACEHOLDER
from mockserver.replay.incoming import Incoming
from mockserver.replay.matching.selection import BODY, CODE, HEADERS, ID, NAME, SELECTORS

# Stands in open places; chosen so that it is nothing that anybody records.
NEUTRAL = "~0~"
_BOUNDARY = "~between~"


class Asked:
    """The request of an example, from which those with selectors are made; its body is written and read once.

    Parameters
    ----------
    example
        What is asked for.
    before
        The one asked for before: many answers may share one body, however large it is.
    """

    def __init__(self, example: Example, before: Asked | None = None) -> None:
        self.example = example
        self.headers = dict(_headers(example.sent_headers))
        if example.body.kind == "parts":
            self.headers["content-type"] = f"multipart/form-data; boundary={_BOUNDARY}"
        shared = before if before is not None and before.example.body is example.body else None
        self._body: bytes = _written(example.body) if shared is None else shared._body
        self.incoming: Incoming = Incoming(self._body, self.headers) if shared is None else shared.incoming
        self._query = tuple((_sent(name), _sent(value)) for name, value in example.query)

    @property
    def request(self) -> Request:
        """The request without selectors; variables in its path have what was recorded for them."""
        return self._on(self.example.path, recorded_values=True)

    def others(self) -> Iterator[Request]:
        """Requests on other paths that mean the example as well: without the base path, with values not recorded."""
        path, base = self.example.path, self.example.base_length
        holds_values = any(segment.is_open and _value(segment) is not None for segment in path)
        if base:
            yield self._on(path[base:], recorded_values=True)
        if holds_values:
            yield self._on(path, recorded_values=False)
        if base and holds_values:
            yield self._on(path[base:], recorded_values=False)

    def _on(self, path: Sequence[Segment], *, recorded_values: bool) -> Request:
        texts = (
            NEUTRAL if segment.is_open and (not recorded_values or _value(segment) is None) else _sent(segment.text)
            for segment in path
        )
        asked = f"/{'/'.join(texts)}"
        if self.example.ends_in_slash and not asked.endswith("/"):
            asked += "/"
        return Request(self.example.method, asked, self._query, self.headers, self._body)

    def selectors(self) -> Iterator[dict[str, str]]:
        """What may tell the example from those that share its request, the plainest first."""
        code = {CODE: str(self.example.status)}
        name = {NAME: sent} if (sent := _as_header(self.example.name.strip())) else {}
        ids = [{ID: sent} for each in sorted(self.example.ids) if (sent := _as_header(each.strip()))]
        yield code
        yield from [name] if name else []
        yield from ids
        yield from [code | name] if name else []
        yield {BODY: "true"}
        if self.headers:
            yield {HEADERS: ", ".join(self.headers)}
        for chosen in ids or [{}]:
            yield code | name | chosen | {BODY: "true", HEADERS: ", ".join(self.headers)}


def label(example: Example | Unanswered) -> str:
    """Method, path and names of the query; no values of variables or parameters, which may be secret."""
    if example.path is None:
        return example.method
    path = "/".join(
        f"{{{segment.name}}}" if segment.is_open and segment.name else segment.text for segment in example.path
    )
    names = "&".join(dict.fromkeys(name for name, _ in example.query))
    return f"{example.method} /{path}{'?' if names else ''}{names}"


def _value(segment: Segment) -> str | None:
    """What was recorded for an open segment."""
    return None if segment.text.startswith(":") or PLACEHOLDER.search(segment.text) else segment.text


def _filled(text: str) -> str:
    return PLACEHOLDER.sub(NEUTRAL, text) if "{{" in text else text


def _sent(text: str) -> str:
    """As the server reads it: what is no character does not arrive as it was."""
    return _filled(text).encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _headers(recorded: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those that a client can send; selectors that somebody has recorded aside."""
    joined: dict[str, list[str]] = defaultdict(list)
    for name, value in recorded:
        sent = _as_header(_filled(value).strip())
        if sent is not None and TOKEN.fullmatch(name) and name.lower() not in SELECTORS:
            joined[name.lower()].append(sent)
    return ((name, ", ".join(values)) for name, values in joined.items())


def _as_header(value: str) -> str | None:
    """As the server reads it, or None when no header can carry it; what is not Latin-1 is sent as UTF-8."""
    if UNSENDABLE.search(value):
        return None
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode("latin-1")
    return value


def _written(body: Body) -> bytes:
    """The bytes of a body; one that is too deep to be written cannot be compared either, and is none."""
    try:
        return _WRITERS[body.kind](body.value)
    except RecursionError:
        return b""


def _json(value: Any) -> bytes:
    return json.dumps(_value_of(value)).encode()


def _graphql(value: tuple[str, Any]) -> bytes:
    return _json({"query": value[0], "variables": value[1]})


def _text(value: str) -> bytes:
    return _filled(value).encode("utf-8", "replace")


def _form(pairs: Iterable[tuple[str, str | None]]) -> bytes:
    return urlencode([(name, _filled(value or "")) for name, value in pairs], errors="replace").encode()


def _parts(pairs: Iterable[tuple[str, str | None]]) -> bytes:
    written = []
    for name, value in pairs:
        quoted = name.replace("\\", r"\\").replace('"', r"\"")
        file = '; filename="file"' if value is None else ""
        content = NEUTRAL if value is None else _filled(value)
        written.append(f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{quoted}"{file}\r\n\r\n{content}\r\n')
    return f"{''.join(written)}--{_BOUNDARY}--\r\n".encode("utf-8", "replace")


_WRITERS: Mapping[str, Callable[[Any], bytes]] = {
    "none": lambda _: b"",
    "any": lambda _: NEUTRAL.encode(),
    "json": _json,
    "graphql": _graphql,
    "text": _text,
    "form": _form,
    "parts": _parts,
}


def _value_of(value: Any) -> Any:
    """A JSON value with its open places filled."""
    if isinstance(value, str):
        return _filled(value)
    if isinstance(value, dict):
        return {key: _value_of(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_value_of(held) for held in value]
    return value
