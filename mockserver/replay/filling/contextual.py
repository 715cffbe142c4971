"""What an answer takes from the request that it answers: Postman's template helpers, `{{$body 'name'}}` and its like.

What Postman does not say: docs/assumptions.md, "a template helper that finds nothing".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from mockserver.message import Request
from mockserver.replay.incoming import Incoming
from mockserver.replay.matching.paths import split

# Characters of the request that one answer takes up, all in all; a longer body is not looked into.
MOST = 1024 * 1024
_CALL = re.compile(r"\$(body|headers|queryParams|pathSegments)(?:\s+'([^']*)'(?:\s+'([^']*)')?)?")
_DOT = re.compile(r"(?<!\\)\.")


class Json(str):
    """A text that is JSON as it stands, where one is wanted."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Helper:
    """One of them: the part of the request that it looks into, what it looks for, and what stands in when it is absent.

    Without a key, which `$body` alone may lack, it is the whole.
    """

    part: str
    key: str | None
    default: str | None


@lru_cache(maxsize=4096)
def helper(name: str) -> Helper | None:
    """The helper that a variable with this name is, or None."""
    call = _CALL.fullmatch(name)
    return Helper(call[1], call[2], call[3]) if call and (call[1] == "body" or call[2] is not None) else None


class Asked:
    """A request, as helpers look into it. What is taken from it is bounded: after that, they find nothing."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._incoming = Incoming(request.body, request.headers)
        self._left = MOST

    def value(self, wanted: Helper) -> str | None:
        """What a helper finds, or its default; None for neither."""
        if self._left < 0:
            return None
        found = _PARTS[wanted.part](self, wanted.key or "")
        if found is None:
            return wanted.default
        self._left -= len(found)
        return found if self._left >= 0 else None

    def _body(self, key: str) -> str | None:
        if len(self._request.body) > MOST:
            return None
        if self._incoming.json is not None:
            return _inside(
                self._incoming.json[0], [step.replace("\\.", ".") for step in _DOT.split(key)] if key else []
            )
        return self._fields.get(key) if key else self._request.body.decode("utf-8", "replace")

    def _header(self, key: str) -> str | None:
        return self._request.headers.get(key.lower())

    def _query(self, key: str) -> str | None:
        return self._parameters.get(key)

    def _segment(self, key: str) -> str | None:
        place = _number(key)
        return self._segments[place] if place is not None and place < len(self._segments) else None

    # What comes twice is there with its first value.
    @cached_property
    def _parameters(self) -> dict[str, str]:
        return dict(reversed(self._request.query))

    @cached_property
    def _fields(self) -> dict[str, str]:
        kind = self._request.headers.get("content-type", "").lower()
        is_form = kind.startswith("application/x-www-form-urlencoded")
        pairs = self._incoming.form if is_form else self._incoming.parts
        return {name: value for name, value in reversed(pairs) if value is not None}

    @cached_property
    def _segments(self) -> tuple[str, ...]:
        return split(self._request.path)


def _number(key: str) -> int | None:
    return int(key) if key.isascii() and key.isdecimal() and len(key) < 8 else None


def _inside(value: Any, steps: Sequence[str]) -> str | None:
    for step in steps:
        place = _number(step)
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and place is not None and place < len(value):
            value = value[place]
        else:
            return None
    if isinstance(value, str):
        return value
    try:
        return Json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    except RecursionError:
        return None


_PARTS: dict[str, Callable[[Asked, str], str | None]] = {
    "body": Asked._body,
    "headers": Asked._header,
    "queryParams": Asked._query,
    "pathSegments": Asked._segment,
}
