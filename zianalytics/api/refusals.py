"""A refusal of the service as an error of ours: what happened, what it cost, what to do next.

The messages of the Enterprise API carry no code, so its published sentences are what tells one 400 or 403 from another
(docs/assumptions.md, "legacy error body" and "company-master error body").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from zianalytics.api.enterprise.names import output_field
from zianalytics.api.spec import Operation
from zianalytics.errors import (
    AnswerRefused,
    AuthFailed,
    LimitReached,
    MalformedRequest,
    NotAnswered,
    NotEntitled,
    RateLimited,
)
from zianalytics.inert import visible

_SHOWN = 300
# Neither an answer nor a refusal: a redirect, which is never followed, and a time-out on the way.
# docs/assumptions.md, "3xx and 408"
_NO_OUTCOME = frozenset({*range(100, 200), *range(300, 400), 408})

# status (None: any), what the message must hold, the error, what to do next; the first row that fits wins
_ROWS: tuple[tuple[int | None, str, type[AnswerRefused], str], ...] = (
    (
        None,
        r"used up all of your allowed .*request limit|request limit has been",
        LimitReached,
        "The account has no requests left; zi.usage() shows all limits. Wait for the new period or ask your admin.",
    ),
    (
        None,
        r"used up all of your allowed .*record limit",
        LimitReached,
        "The account has no records left; zi.usage() shows all limits. Wait for the new period or ask your admin.",
    ),
    (
        None,
        r"exceeded the max limit to enrich|PFAPI0011|credit limit",
        LimitReached,
        "The account has too few credits left for the new records in it; zi.usage() shows how many. "
        "Pass fewer rows: records under management cost no credit.",
    ),
    (
        403,
        r"fields that are not allowed",
        NotEntitled,
        "Your subscription lacks these fields; zi.lookup.entitlements() shows what it covers. Leave them out.",
    ),
    (
        403,
        r"",
        NotEntitled,
        "Your subscription lacks this; zi.lookup.entitlements() shows what it covers. Ask your ZoomInfo admin.",
    ),
    (
        401,
        r"",
        AuthFailed,
        "The token was not accepted, nor a fresh one. Check user name and key or password in your ZOOMINFO_ settings.",
    ),
    (
        429,
        r"",
        RateLimited,
        "The service is asked faster than your plan allows, perhaps by others, too. Run it again in a minute.",
    ),
    (
        400,
        r"must be enriched before a webhook",
        MalformedRequest,
        "Enrich at least one company or contact; changes of redeemed records are what webhooks send.",
    ),
    (
        400,
        r"insufficient information",
        MalformedRequest,
        "A search needs at least one criterion, and an input an id, or a website or name.",
    ),
    (
        400,
        r"invalid fields|invalidOutputFields",
        MalformedRequest,
        "The service does not take a name or a value in it; zi.lookup has the valid ones.",
    ),
    (501, r"", AnswerRefused, "The local sandbox does not imitate this part of the API yet. Leave it out."),
    (404, r"no such webhook", AnswerRefused, "No webhook of yours has that id; zi.webhooks.list() has all."),
    (404, r"", AnswerRefused, "There is no such endpoint at this base URL. Check ZOOMINFO_BASE_URL."),
    (None, r"", AnswerRefused, "Check the request against the documentation of this operation (?)."),
)


def refusal(
    operation: Operation[...], status: int, headers: Mapping[str, str], body: bytes
) -> AnswerRefused | NotAnswered | None:
    """The error that an answer stands for; None when it is the answer asked for.

    Parameters
    ----------
    operation
        What was asked.
    status, headers, body
        What came back; header names in lower case.
    """
    if 200 <= status < 300:
        return None
    said, names = _message(body)
    request_id = headers.get("x-request-id")
    where = f"{operation.name} got status {status}{f' (request {request_id})' if request_id else ''}"
    if status in _NO_OUTCOME or (status >= 500 and status != 501):
        known = not operation.cost.may_pay
        cost = (
            "Nothing was charged." if known else "It may have been carried out and charged; its price stays reserved."
        )
        again = "Run it again." if known else "Run it again: records that were charged cost no second credit."
        return NotAnswered(f"{where}: that is no answer. {cost} {again}", outcome_known=known)
    told = f": {said}" if said else ""
    columns = [one.name for one in operation.record if re.search(rf"\b{output_field(operation.record, one)}\b", said)]
    kind, advice = next(
        (kind, advice)
        for code, pattern, kind, advice in _ROWS
        if code in (None, status) and re.search(pattern, f"{said} {names}", re.IGNORECASE)
    )
    if columns and kind in (NotEntitled, MalformedRequest):
        advice += f" As columns they are {', '.join(columns)}: {', '.join(f'-{name}' for name in columns)} in fields="
        advice += " leaves them out."
    return kind(f"{where}{told}. Nothing was charged. {advice}", status=status, request_id=request_id)


def _message(body: bytes) -> tuple[str, str]:
    """The service's sentence, and the names of all keys of the body; empty when it is no JSON object."""
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(told, dict):
        return "", ""
    message = str(told.get("message") or told.get("error") or "")
    fields = told.get("invalidOutputFields")
    if isinstance(fields, list) and fields:
        message = f"{message} ({', '.join(str(one) for one in fields)})"
    return visible(message)[:_SHOWN].strip().rstrip("."), " ".join(str(key) for key in told if told[key])
