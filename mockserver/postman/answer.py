"""A saved response as an answer that can be sent: framing left out, what HTTP forbids mapped, and all of it said."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockserver.message import BODILESS, Response
from mockserver.postman.headers import TOKEN, UNSENDABLE, Report, read_headers
from mockserver.postman.variables import PLACEHOLDER, Variables, text_of

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
# docs/assumptions.md, "media type of an answer without `Content-Type`": the language in which Postman shows it.
MEDIA_TYPES = {
    "json": "application/json",
    "xml": "application/xml",
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "plain": "text/plain; charset=utf-8",
    "javascript": "text/javascript; charset=utf-8",
}
_CHARSET = re.compile(
    r"charset=\"?(iso-8859-\d{1,2}|windows-125\d|shift_jis|euc-jp|euc-kr|gb2312|gbk|gb18030|big5|koi8-r)\b", re.I
)


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


_CODES = {_letters(status.phrase): status.value for status in HTTPStatus} | {
    # Names that changed with the years, so that no version of Python knows all of them.
    "contenttoolarge": 413,
    "payloadtoolarge": 413,
    "requestentitytoolarge": 413,
    "urltoolong": 414,
    "rangenotsatisfiable": 416,
    "unprocessablecontent": 422,
    "unprocessableentity": 422,
}


def read_answer(saved: Mapping[str, Any], variables: Variables, report: Report) -> tuple[int, Response, bool]:
    """The recorded status, the answer to send, and whether variables are left open in it.

    `report(field, problem)` is told of everything that was changed.
    """
    recorded = _status(saved, report)
    status = recorded
    if not 200 <= recorded <= 599:
        # Parsers of HTTP take a 1xx for a prelude, and nothing above 599 for a status.
        status = 200 if recorded < 200 else 500
        report("code", f"{recorded} cannot be sent as the status of an answer; sent as {status}")
    headers = list(_headers(saved.get("header"), variables, report))
    content = _content(saved, report)
    text = _filled(content, "body", variables, report) if isinstance(content, str) else ""
    is_dynamic = any(PLACEHOLDER.search(part) for part in (text, *(value for _, value in headers)))
    declared = next((value for name, value in headers if name.lower() == "content-type" and value), None)
    body = content if isinstance(content, bytes) else _encoded(text, None if is_dynamic else declared, report)
    media_type = MEDIA_TYPES.get(_language(saved).lower())
    if body and media_type and declared is None:
        headers = [(name, value) for name, value in headers if name.lower() != "content-type"]
        headers.append(("Content-Type", media_type))
    if body and status in BODILESS:
        report("body", f"an answer with status {status} has no body; its {len(body)} bytes are left out")
        body = b""
    return recorded, Response(status, tuple(headers), body), is_dynamic


def _language(saved: Mapping[str, Any]) -> str:
    """In which language Postman shows the answer; its library writes `_postman_x` as an `x` inside of `_`."""
    inner = saved.get("_")
    within = inner.get("postman_previewlanguage") if isinstance(inner, dict) else None
    return text_of(saved.get("_postman_previewlanguage") or within)


def _status(saved: Mapping[str, Any], report: Report) -> int:
    field, text = "code", text_of(saved.get("code")).strip()
    if not text:
        field, text = "status", text_of(saved.get("status")).strip()
    if not text:
        return 200
    number = re.match(r"-?\d{1,9}(?!\S)", text)
    if number:
        return int(number[0])
    if (known := _CODES.get(_letters(text))) is not None:
        return known
    report(field, f"{text[:40]!r} is neither a number nor the name of a status; sent as 200")
    return 200


def _content(saved: Mapping[str, Any], report: Report) -> str | bytes:
    body = saved.get("body")
    for recorded in (body, saved.get("stream") if body is None else None):
        if isinstance(recorded, dict) and recorded.get("type") == "Buffer" and isinstance(recorded.get("data"), list):
            try:
                return bytes(recorded["data"])  # as scripts of Postman and newman write binary answers
            except (TypeError, ValueError):
                report("body", "a buffer that holds something else than bytes; sent as JSON")
    if body is None:
        return ""
    if not isinstance(body, str):
        report("body", f"not a text but {type(body).__name__}; sent as JSON")
        return _as_json(body, report)
    return body


def _as_json(body: object, report: Report) -> str:
    try:
        return json.dumps(body, ensure_ascii=False)
    except RecursionError:
        report("body", "nested too deeply to be written; left out")
        return ""


def _filled(text: str, field: str, variables: Variables, report: Report) -> str:
    # docs/assumptions.md, "variables in answers": Postman's own mock servers write them out.
    try:
        return variables.fill(text, secrets=True)
    except ValueError as exc:
        report(field, f"{exc}; sent with its variables as they stand")
        return text


def _encoded(text: str, media_type: str | None, report: Report) -> bytes:
    """The text in the charset that its media type declares, where it can be written in it; else in UTF-8."""
    charset = _CHARSET.search(media_type) if media_type and not text.isascii() else None
    if charset is not None:
        try:
            return text.encode(charset[1])
        except (LookupError, UnicodeError):
            report("body", f"cannot be written in {charset[1]}; sent in UTF-8")
    try:
        return text.encode()
    except UnicodeEncodeError:
        report("body", "halves of characters (lone surrogates) in it; sent as U+FFFD")
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _headers(entries: object, variables: Variables, report: Report) -> list[tuple[str, str]]:
    headers: list[tuple[str, str]] = []
    bounds, size = variables.allowance.bounds, 0
    for position, name, value in read_headers(entries, report):
        if name.lower() in FRAMING:
            continue
        field = f"header[{position}]"
        value = _filled(value, field, variables, report).strip()
        if problem := _unsendable(name, value):
            report(field, f"{problem}; left out")
            continue
        size += len(name) + len(value)
        if len(headers) == bounds.headers or size > bounds.header_text:
            most = f"{bounds.headers} headers or {bounds.header_text:,} characters of them"
            report(field, f"more than {most}, which many clients do not take; this one and the rest are left out")
            break
        headers.append((name, value))
    return headers


def _unsendable(name: str, value: str) -> str | None:
    if not TOKEN.fullmatch(name):
        return f"{name[:40]!r} is not the name of a header"
    if UNSENDABLE.search(value):
        return f"the value of {name} holds a control character"
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return f"the value of {name} holds characters that no header can carry"
    return None
