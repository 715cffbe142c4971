"""The URL of a recorded request: path segments and query pairs, from whatever shape the collection gives it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_plus

from mockserver.postman.example import Segment
from mockserver.postman.variables import PLACEHOLDER, Variables, defined, text_of

SCHEME = re.compile(r"^[^/?#]*://")
# `{{baseUrl}}orders`: an open variable that is to end in a slash, and no port or domain behind it.
_GLUED = re.compile(r"\{\{[^{}]*\}\}(\w[\w~%-]*)")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a recorded request went; see `Example` for the fields."""

    path: tuple[Segment, ...]
    base_length: int
    ends_in_slash: bool
    query: tuple[tuple[str, str], ...]


def read_address(url: object, variables: Variables) -> Address:
    """The address in a string or an object.

    Raises
    ------
    ValueError
        It is neither, or larger than the bounds allow; the message says what it is.
    """
    bounds = variables.allowance.bounds
    if isinstance(url, str):
        text, named, query = url, {}, None
    elif isinstance(url, dict):
        text, named, query = _text(url), defined(url.get("variable")), _listed(url.get("query"))
    else:
        raise ValueError(f"neither a text nor an object but {type(url).__name__}")
    if len(text) > bounds.url_text:
        raise ValueError(f"longer than {bounds.url_text:,} characters")
    host, path, search = _split(text.strip())
    base_path, in_host = _in_host(variables.fill(host))
    pairs = _pairs(in_host) + (_pairs(variables.fill(search)) if query is None else query)
    if len(pairs) > bounds.pairs:
        raise ValueError(f"more than {bounds.pairs:,} query parameters")
    base = _segments(base_path, named, variables)
    whole = base + _segments(path, named, variables)
    if len(whole) > bounds.segments:
        raise ValueError(f"more than {bounds.segments:,} segments in its path")
    variables.allowance.keep(len(whole) + len(pairs))
    return Address(
        path=whole,
        base_length=len(base),
        ends_in_slash=(path or base_path).endswith("/"),
        query=tuple((unquote_plus(variables.fill(key)), unquote_plus(variables.fill(value))) for key, value in pairs),
    )


def _text(url: Mapping[str, Any]) -> str:
    """An address object as one text; its parts win over `raw`, which editors leave behind, unless there is no path."""
    path, host, raw = url.get("path"), url.get("host"), url.get("raw")
    if not path and isinstance(raw, str):
        return raw
    joined = _joined(path, "/").removeprefix("/")
    recorded = raw.partition("#")[0] if isinstance(raw, str) else ""
    search = f"?{recorded.partition('?')[2]}" if "?" in recorded else ""
    return f"{_joined(host, '.')}/{joined}{search}" if joined else f"{_joined(host, '.')}{search}"


def _joined(parts: object, between: str) -> str:
    if isinstance(parts, list):
        # An entry may be an object {"type": ..., "value": ...}.
        return between.join(text_of(part.get("value") if isinstance(part, dict) else part) for part in parts)
    return text_of(parts)


def _listed(query: object) -> list[tuple[str, str]] | None:
    if isinstance(query, str):
        return _pairs(query)
    if isinstance(query, dict):
        return [(name, text_of(value)) for name, value in query.items()]
    if not isinstance(query, list):
        return None
    return [
        (text_of(entry["key"]), text_of(entry.get("value")))
        for entry in query
        if isinstance(entry, dict) and not entry.get("disabled") and entry.get("key") is not None
    ]


def _split(text: str) -> tuple[str, str, str]:
    """Host (scheme dropped), path and query of a text; one that starts with a slash has no host."""
    text = SCHEME.sub("", text).partition("#")[0]
    text, _, search = text.partition("?")
    host, slash, path = text.partition("/")
    return host, slash + path, search


def _in_host(host: str) -> tuple[str, str]:
    """Path and query inside a filled-in host variable: `/api` of `https://api.example.com/api`."""
    if glued := _GLUED.fullmatch(host):
        return f"/{glued[1]}", ""
    _, path, search = _split(host) if "/" in host else ("", "", "")
    return path, search


def _pairs(search: str) -> list[tuple[str, str]]:
    pairs = (part.partition("=") for part in search.split("&") if part)
    return [(key, value) for key, _, value in pairs]


def _segments(path: str, named: Mapping[str, str], variables: Variables) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for raw in path.split("/"):
        if len(segments) > variables.allowance.bounds.segments:
            break  # too many already, as who asked for them will see
        name = _variable(raw)
        text = (named.get(name) or raw) if raw.startswith(":") else raw
        # The server sees paths decoded, so an escaped slash divides here too.
        pieces = [piece for piece in unquote(variables.fill(text)).split("/") if piece]
        if name and not pieces:
            pieces = [raw]
        is_open = bool(name) and len(pieces) == 1
        segments += [Segment(piece, is_open, name if is_open else "") for piece in pieces]
    return tuple(segments)


def _variable(segment: str) -> str:
    """The name of the variable that is the whole segment, or nothing."""
    if segment.startswith(":"):
        return segment[1:]
    whole = PLACEHOLDER.fullmatch(segment)
    return (whole[1].strip() or segment) if whole else ""
