"""A saved response as an answer that can be sent: framing left out, what HTTP forbids mapped, and all of it said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.message import Response
from mockserver.postman.variables import text_of

# They described the recorded connection; this one frames, dates and compresses its answers itself.
FRAMING = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
BODILESS = frozenset({204, 304})
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

Report = Callable[[str, str], None]


def read_answer(saved: Mapping[str, Any], report: Report) -> tuple[int, Response]:
    """The recorded status, and the answer to send; `report(field, problem)` is told of everything that was changed."""
    recorded = _status(saved.get("code"), report)
    status = recorded
    if not 200 <= recorded <= 599:
        # Parsers of HTTP take a 1xx for a prelude, and nothing above 599 for a status.
        status = 200 if recorded < 200 else 500
        report("code", f"{recorded} cannot be sent as the status of an answer; sent as {status}")
    body = _body(saved.get("body"), report)
    if body and status in BODILESS:
        report("body", f"an answer with status {status} has no body; its {len(body)} bytes are left out")
        body = b""
    return recorded, Response(status, _headers(saved.get("header"), report), body)


def _status(code: object, report: Report) -> int:
    if code is None:
        return 200
    try:
        return int(text_of(code))
    except ValueError:
        report("code", f"{text_of(code)[:40]!r} is not a number; sent as 200")
        return 200


def _body(body: object, report: Report) -> bytes:
    if body is None:
        return b""
    if not isinstance(body, str):
        report("body", f"not a text but {type(body).__name__}; sent as JSON")
        body = json.dumps(body, ensure_ascii=False)
    return body.encode("utf-8", "surrogatepass")


def _headers(entries: object, report: Report) -> tuple[tuple[str, str], ...]:
    if isinstance(entries, str):
        entries = entries.splitlines()
    if entries is None:
        return ()
    if not isinstance(entries, list):
        report("header", f"not a list but {type(entries).__name__}; left out")
        return ()
    headers: list[tuple[str, str]] = []
    for position, entry in enumerate(entries):
        if isinstance(entry, str):
            name, _, value = entry.partition(":")
        elif isinstance(entry, dict) and not entry.get("disabled"):
            name, value = text_of(entry.get("key")), text_of(entry.get("value"))
        elif isinstance(entry, dict) or entry is None:
            continue
        else:
            report(f"header[{position}]", f"neither an object nor a text but {type(entry).__name__}; left out")
            continue
        name, value = name.strip(), value.strip()
        if not name or name.lower() in FRAMING:
            continue
        if problem := _unsendable(name, value):
            report(f"header[{position}]", f"{problem}; left out")
            continue
        headers.append((name, value))
    return tuple(headers)


def _unsendable(name: str, value: str) -> str | None:
    if not _NAME.fullmatch(name):
        return f"{name[:40]!r} is not the name of a header"
    if _UNSENDABLE.search(value):
        return f"the value of {name} holds a control character"
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return f"the value of {name} holds characters that no header can carry"
    return None
