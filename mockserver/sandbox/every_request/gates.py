"""What a request must pass before it is answered, in one order: path, token, entitlement, rate, body.

The order is ours: docs/assumptions.md, "order of refusals".
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from mockserver.contract import Operation, Problem, Shape, check, contract
from mockserver.message import Request
from mockserver.sandbox.every_request.login import bearer
from mockserver.sandbox.refusals import (
    BAD_PAGE,
    BAD_RPP,
    BAD_SORT,
    FIELDS_WITHHELD,
    INVALID_FIELDS,
    MALFORMED,
    NO_ACCESS,
    NO_OUTPUT_FIELDS,
    NO_SUCH_ENDPOINT,
    NOT_AUTHENTICATED,
    TOO_FAST,
    Refusal,
    Refused,
)
from mockserver.state import Bundle, Rates, Tokens

_OWN_REFUSAL: dict[str, Refusal] = {"page": BAD_PAGE, "rpp": BAD_RPP, "sortBy": BAD_SORT}


def operation_of(request: Request) -> Operation:
    """The operation that is asked for."""
    if operation := contract().find(request.method, request.path):
        return operation
    raise Refused(NO_SUCH_ENDPOINT, [f"{request.method} {request.path}"])


def check_token(request: Request, tokens: Tokens, now: datetime) -> None:
    """A token of ours, by the header, that has neither expired nor been revoked."""
    token = bearer(request)
    if token is None or not tokens.is_good(token, now):
        raise Refused(NOT_AUTHENTICATED)


def check_entitled(operation: Operation, body: dict[str, Any] | None, bundle: Bundle) -> None:
    """The endpoint, and each output field that is asked for, are part of the subscription."""
    if operation.bundle is not None and operation.bundle not in bundle.includes:
        raise Refused(NO_ACCESS)
    withheld = bundle.withheld.get(operation.id)
    if not withheld or body is None:
        return  # without a body the last gate says so
    if not withheld.isdisjoint(_distinct(wanted := _fields(body))):
        raise Refused(FIELDS_WITHHELD, [name for name in wanted if isinstance(name, str) and name in withheld])


def check_rate(rates: Rates, now: datetime) -> None:
    """Neither of the account's windows is full."""
    if wait := rates.take(now.timestamp()):
        raise Refused(TOO_FAST, wait_s=wait)


def check_body(request: Request, operation: Operation, body: dict[str, Any] | None) -> dict[str, Any]:
    """The body, when all that it says is documented; the query of a look-up likewise."""
    if unknown := sorted({name for name, _ in request.query if name not in operation.query}):
        raise Refused(INVALID_FIELDS, unknown)
    if operation.body is None:
        return dict(request.query)
    if body is None:
        raise Refused(MALFORMED)
    problems = check(_shape(operation.id), body)
    if operation.fields and not operation.fields.keys() >= _distinct(wanted := _fields(body)):
        problems += [Problem(n, "unknown") for n in wanted if isinstance(n, str) and n not in operation.fields]
    if problems:
        _refuse(problems)
    return body


def body_of(request: Request, operation: Operation) -> dict[str, Any] | None:
    """The body as a JSON object; None where it is none, or none is taken."""
    if operation.body is None:
        return None
    try:
        body = _QUICK.decode(request.body)
    except (ValueError, RecursionError):
        try:
            body = _JSON.decode(request.body.decode(json.detect_encoding(request.body), "surrogatepass"))
        except (ValueError, RecursionError):
            return None
    return body if isinstance(body, dict) else None


@cache
def _shape(operation_id: str) -> Shape:
    return Shape.of(contract()[operation_id].body or {})


def _fields(body: dict[str, Any]) -> list[Any]:
    """The output fields that are asked for, as they were said; none where they are no list."""
    wanted = body.get("outputFields")
    return wanted if isinstance(wanted, list) else []


def _distinct(said: list[Any]) -> set[Any]:
    """What is said, each once; of a list in which stands what can be no name, the names."""
    try:
        return set(said)
    except TypeError:
        return {name for name in said if isinstance(name, str)}


def _refuse(problems: list[Problem]) -> None:
    """Undocumented first, then missing."""
    if blamed := list(dict.fromkeys(p.name for p in problems if p.kind in ("unknown", "invalid"))):
        own = _OWN_REFUSAL.get(blamed[0]) if len(blamed) == 1 and blamed[0] not in _unknown(problems) else None
        raise Refused(own) if own else Refused(INVALID_FIELDS, blamed)
    if missing := [p.name for p in problems if p.kind == "missing"]:
        raise Refused(NO_OUTPUT_FIELDS) if "outputFields" in missing else Refused(INVALID_FIELDS, missing)


def _unknown(problems: list[Problem]) -> set[str]:
    return {problem.name for problem in problems if problem.kind == "unknown"}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# Made once; `json.loads` would make one for each body.
_QUICK = msgspec.json.Decoder()
_JSON = json.JSONDecoder(parse_constant=_no_constant)  # for what msgspec does not read: UTF-16, lone surrogates
