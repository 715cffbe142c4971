"""What an answer of the Enterprise API holds: its records, their statuses, how many there are.

The envelope is cut before anything is parsed: a record stays the bytes it came in (`msgspec.Raw`), so that the decoder
reads each of them once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec

from zianalytics.api.spec import Operation
from zianalytics.errors import AnswerUnreadable
from zianalytics.schema.match import MatchStatus

Object = dict[str, msgspec.Raw]

_STATUSES: Mapping[str, MatchStatus] = {
    "FULL_MATCH": "matched",
    "NO_MATCH": "no_match",
    "INVALID_INPUT": "invalid_input",
    "LIMIT_EXCEEDED": "limit_exceeded",
    "OPT_OUT": "opted_out",
    "NON_MATCH_BY_REQUIRED_FIELDS": "missing_required_fields",
    "NON_MATCH_BY_CONTACT_ACCURACY_MIN": "below_accuracy",
    "NON_MATCH_BY_LAST_UPDATED_DATE": "not_recently_updated",
    "NON_MATCH_BY_VALID_DATE": "not_recently_validated",
    "COMPANY_ONLY_MATCH": "company_only",
    "CONTACT_ONLY_MATCH": "contact_only",
}
_OF_A_RESULT = frozenset({"input", "matchStatus", "statusCode", "data"})


@dataclass(frozen=True)
class Entry:
    """One row of an answer, before its record is read.

    Attributes
    ----------
    input_row
        Index of the input that it answers; None in a search or look-up.
    status
        What became of that input; None in a search or look-up.
    record
        The record as received; None when there is none.
    beside
        What stood beside the record under names that are not documented.
    unread
        A status word that is not documented, as JSON.
    echo
        The input as the service says it back; None where it does not.
    """

    input_row: int | None = None
    status: MatchStatus | None = None
    record: msgspec.Raw | None = None
    beside: Object = field(default_factory=dict)
    unread: msgspec.Raw | None = None
    echo: msgspec.Raw | None = None


def entries(operation: Operation[...], body: bytes) -> list[Entry]:
    """The rows of an answer, in its order; `body` must be UTF-8.

    Raises
    ------
    AnswerUnreadable
        The body is not JSON, or not of the documented shape.
    """
    if (usual := _usual_entries(operation, body)) is not None:
        return usual
    rows = _rows(operation, body)
    if operation.cost.rows != "records":  # a list about the one input of its request
        return [Entry(0, "matched", row) for row in rows] or [Entry(0, "no_match")]
    if operation.enterprise.numbered:
        return [Entry(index, "matched", row) for index, row in enumerate(rows)]
    if operation.enterprise.records[-1:] != ("result",):
        return [Entry(record=row) for row in rows]
    return [entry for index, row in enumerate(rows) for entry in _results(operation, index, row)]


def total(operation: Operation[...], body: bytes) -> int:
    """How many rows a search matches in all.

    docs/assumptions.md, "news search says no `totalResults`".
    """
    top = _as(dict[str, msgspec.Raw], msgspec.Raw(body), operation)
    found = bytes(top.get("totalResults", top.get("maxResults", b""))).strip(b'"')
    if not re.fullmatch(rb"[0-9]{1,18}", found):
        raise _unreadable(operation, "it does not say how many results there are")
    return int(found)


def job_id(operation: Operation[...], body: bytes) -> str:
    """The id of the job that a request has begun."""
    top = _as(dict[str, msgspec.Raw], msgspec.Raw(body), operation)
    found: str = _as(str, top.get("jobId", msgspec.Raw(b"null")), operation)
    return found


def echoes(sent: Mapping[str, Any], echo: msgspec.Raw | None) -> bool:
    """Whether an input that is said back may be the one that was sent; what it does not say speaks for it.

    docs/assumptions.md, "echoed input" and "order of results".
    """
    try:
        told = msgspec.json.decode(echo or b"{}", type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return True
    said = {name.casefold(): value for name, value in told.items()}
    both = [(value, said[name.casefold()]) for name, value in sent.items() if name.casefold() in said]
    return all(_plain(mine) == _plain(theirs) for mine, theirs in both if isinstance(theirs, str | int))


def _plain(value: Any) -> str:
    return " ".join(str(value).casefold().split())


def _rows(operation: Operation[...], body: bytes) -> list[msgspec.Raw]:
    here = msgspec.Raw(body)
    for key in operation.enterprise.records:
        here_as_object = _as(dict[str, msgspec.Raw], here, operation)
        if key not in here_as_object:
            raise _unreadable(operation, f"it has no {key!r}")
        here = here_as_object[key]
    if operation.enterprise.single:
        return [here]
    rows: list[msgspec.Raw] = _as(list[msgspec.Raw], here, operation)
    if keys := operation.enterprise.words:
        return [msgspec.Raw(msgspec.json.encode(dict.fromkeys(keys, row))) for row in rows]
    return rows


class _Usual(msgspec.Struct, rename="camel", forbid_unknown_fields=True, gc=False):
    """A result as it nearly always comes."""

    input: msgspec.Raw
    data: list[msgspec.Raw]
    match_status: str


@cache
def _usual(keys: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    """Reads results at the end of a path, all of them in one go."""
    shape: Any = list[_Usual]
    for key in reversed(keys):
        shape = msgspec.defstruct("Around", [("inner", shape)], rename={"inner": key}, gc=False)
    return msgspec.json.Decoder(shape)


def _usual_entries(operation: Operation[...], body: bytes) -> list[Entry] | None:
    """The rows of an answer in which each result has a known word and all that goes with it; None for any other."""
    route = operation.enterprise
    is_usual = route.records[-1:] == ("result",) and operation.cost.rows == "records"
    if not is_usual or route.echo or route.numbered or route.words or route.single:
        return None
    try:
        found = _usual(route.records).decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    for _ in route.records:
        found = found.inner
    entries = []
    for index, one in enumerate(found):
        status = _STATUSES.get(one.match_status)
        records = [record for record in one.data if bytes(record) not in (b"null", b"{}")]
        if status is None or (status == "matched" and not records):
            return None
        entries += [Entry(index, status, record, {}, None, one.input) for record in records or (None,)]
    return entries


def _results(operation: Operation[...], index: int, row: msgspec.Raw) -> Iterator[Entry]:
    """The entries of one result: one for each record in it, and one without a record when there is none."""
    result = _as(dict[str, msgspec.Raw], row, operation)
    data = bytes(result.get("data", b"null")).strip()
    records = [msgspec.Raw(data)] if data.startswith(b"{") and data != b"{}" else []
    if data.startswith(b"["):
        records = [
            one for one in msgspec.json.decode(data, type=list[msgspec.Raw]) if bytes(one) not in (b"null", b"{}")
        ]
    if key := operation.enterprise.echo:
        records = [_with_echo(operation, key, result, record) for record in records]
    status, unread = _status(result, bool(records))
    beside = {name: value for name, value in result.items() if name not in _OF_A_RESULT}
    for record in records or (None,):
        yield Entry(index, status, record, beside, unread, result.get("input"))


def _with_echo(operation: Operation[...], key: str, result: Object, record: msgspec.Raw) -> msgspec.Raw:
    """A record with the input in it that its result echoes: the only member of a list, or a text."""
    echo = bytes(result.get("input", b"null")).strip()
    if echo.startswith(b"["):
        echo = next((bytes(one) for one in _as(list[msgspec.Raw], msgspec.Raw(echo), operation)), b"null")
    fields = _as(dict[str, msgspec.Raw], record, operation)
    return msgspec.Raw(msgspec.json.encode({key: msgspec.Raw(echo), **fields}))


def _status(result: Object, is_record: bool) -> tuple[MatchStatus, msgspec.Raw | None]:
    """The status of a result, inferred from its data where no word says it.

    docs/assumptions.md, "no word for what became of an input" and "a match without a record".
    """
    inferred: MatchStatus = "matched" if is_record else "no_match"
    code = bytes(result.get("statusCode", b"200")).strip(b'"')
    if re.fullmatch(rb"4[0-9]{2}", code):
        inferred = "invalid_input"
    elif code != b"200":
        inferred = "error"
    word = result.get("matchStatus")
    if word is None or bytes(word) in (b"null", b'""'):
        return inferred, None
    known = _STATUSES.get(bytes(word).decode().strip('"'))
    if known == "matched" and not is_record:
        return "error", word
    return (known, None) if known else (inferred, word)


def _as(shape: Any, raw: msgspec.Raw, operation: Operation[...]) -> Any:
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise _unreadable(operation, str(wrong)) from None


def _unreadable(operation: Operation[...], why: str) -> AnswerUnreadable:
    return AnswerUnreadable(
        f"The reply to {operation.name} is not what the API promises: {why}. What it cost, if anything, is in "
        "zi.ledger, and its bytes are kept in the journal. Run the call again to fetch what is missing."
    )
