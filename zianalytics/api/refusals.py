"""A refusal of the service as an error of ours: what happened, what it cost, what to do next.

The messages of the Enterprise API carry no code, so its published sentences are what tells one 400 or 403 from another
(docs/assumptions.md, "legacy error body" and "company-master error body").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from zianalytics.api.enterprise.blame import Blamed, blamed
from zianalytics.api.jobs import JobOperation
from zianalytics.api.spec import Operation
from zianalytics.errors import (
    AnswerRefused,
    AuthFailed,
    CreditsUsedUp,
    FieldNotAllowed,
    MalformedRequest,
    NotAnswered,
    NotEntitled,
    NotFound,
    PageRefused,
    RateLimited,
    RecordsUsedUp,
    RequestsUsedUp,
    TooLittleGiven,
    UnknownField,
)
from zianalytics.inert import visible

_SHOWN = 300
# Neither an answer nor a refusal: a redirect, which is never followed, and a time-out on the way.
# docs/assumptions.md, "3xx and 408"
_NO_OUTCOME = frozenset({*range(100, 200), *range(300, 400), 408})


@dataclass(frozen=True)
class _Row:
    """One way to be refused.

    Attributes
    ----------
    status
        Its HTTP status; None for any, since one API says 400 where the other says 403.
    said
        What the message holds.
    code, kind
        Its word, and the error.
    advice
        What to do next.
    """

    status: int | None
    said: str
    code: str
    kind: type[AnswerRefused]
    advice: str


_WAIT = "zi.usage() shows all limits. Wait for the new period, or ask your ZoomInfo admin for more."
_PARTNER = "Ask your ZoomInfo admin or sales representative."
# The first row that fits wins.
_ROWS = (
    _Row(
        None, r"used up all of your allowed .*websights.*request|request limit for websights", "ip_request_limit",
        RequestsUsedUp, f"The account has no requests for IP addresses left; {_WAIT}",
    ),
    _Row(
        None, r"used up all of your allowed .*websights.*record|record limit for websights", "ip_record_limit",
        RecordsUsedUp, f"The account has no records for IP addresses left; {_WAIT}",
    ),
    _Row(
        None, r"used up all of your allowed .*request limit|request limit has been", "request_limit",
        RequestsUsedUp, f"The account has no requests left; {_WAIT}",
    ),
    _Row(
        None, r"used up all of your allowed .*record limit", "record_limit",
        RecordsUsedUp, f"The account has no records left; {_WAIT}",
    ),
    _Row(
        None, r"exceeded the max limit to enrich|PFAPI0011|credit limit", "credit_limit",
        CreditsUsedUp, "The account has too few credits left for the new records in it; zi.usage() shows how many.",
    ),
    _Row(400, r"no roles", "no_roles", AuthFailed, f"This user has no role that may use the API. {_PARTNER}"),
    _Row(
        403, r"fields that are not allowed", "field_not_allowed",
        FieldNotAllowed, "Your subscription lacks these fields; zi.lookup.entitlements() shows what it covers.",
    ),
    _Row(
        403, r"permission to access", "no_api_access",
        NotEntitled, f"Check that these are the credentials of a user who may use the API. {_PARTNER}",
    ),
    _Row(
        403, r"", "endpoint_not_in_contract",
        NotEntitled, f"Your subscription lacks this; zi.lookup.entitlements() shows what it covers. {_PARTNER}",
    ),
    _Row(
        401, r"", "authentication",
        AuthFailed,
        "The token was not accepted, nor a fresh one. Check user name and key or password in your ZOOMINFO_ settings.",
    ),
    _Row(
        429, r"", "rate_limit",
        RateLimited,
        "The service is asked faster than your plan allows, perhaps by others, too. Run it again in a minute.",
    ),
    _Row(
        400, r"must be enriched before a webhook", "nothing_redeemed",
        MalformedRequest, "Enrich at least one company or contact; changes of redeemed records are what webhooks send.",
    ),
    _Row(400, r"insufficient information|not sufficient info", "too_little", TooLittleGiven, ""),
    _Row(
        400, r"greater than the available results", "page_beyond",
        PageRefused, "What it matches has changed while it was read. Run it again.",
    ),
    _Row(
        400, r"total record pagination|page number cannot be greater", "page_too_deep",
        PageRefused, "The service hands out no more rows of one query. Narrow it, or pass a lower limit=.",
    ),
    _Row(
        400, r"\(page\)|\(rpp\)|in your request: (rpp|page)$", "page",
        PageRefused, "The service does not take the size or number of a page. Pass a lower limit=.",
    ),
    _Row(
        400, r"sortBy", "sort",
        PageRefused, "The service cannot sort by this. Leave sort_by= out, or give another of its values (?).",
    ),
    _Row(400, r"malformed JSON|invalid request body", "malformed_json", MalformedRequest, ""),
    _Row(
        400, r"missing outputFields", "no_output_fields",
        MalformedRequest, "An enrichment has to name the fields that it wants. Leave fields= out for the usual ones.",
    ),
    _Row(400, r"invalid fields?|invalidOutputFields", "unknown_field", UnknownField, ""),
    _Row(
        404, r"no such webhook", "no_such_webhook",
        NotFound, "No webhook of yours has that id; zi.webhooks.list() has all.",
    ),
    _Row(
        404, r"", "no_such_endpoint",
        NotFound, "There is no such endpoint at this base URL. Check ZOOMINFO_BASE_URL.",
    ),
    _Row(None, r"", "other", AnswerRefused, ""),
)  # fmt: skip


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
    told = f": {said}" if said else ""
    if status in _NO_OUTCOME or status >= 500:
        known = not operation.cost.may_pay
        cost = (
            "Nothing was charged." if known else "It may have been carried out and charged; its price stays reserved."
        )
        again = "Run it again." if known else in_doubt(operation)
        return NotAnswered(
            f"{where}{told}: that is no answer. {cost} {again}",
            outcome_known=known,
            status=status,
            request_id=request_id,
        )
    row = next(
        row for row in _ROWS if row.status in (None, status) and re.search(row.said, f"{said} {names}", re.IGNORECASE)
    )
    advice = " ".join(filter(None, (row.advice, _fitting(operation, row.code, blamed(operation, said)))))
    return row.kind(
        f"{where}{told}. Nothing was charged. {advice}", status=status, code=row.code, request_id=request_id
    )


def in_doubt(operation: Operation[...]) -> str:
    """What settles a paid request that has no answer."""
    cost = operation.cost
    if isinstance(operation, JobOperation):
        return "Whether it began is not known: zia reconcile ends it a day later by what the service has counted."
    if operation.paging or cost.rows == "counted" or not cost.credit_per_new_record:
        return (
            "Run the same call again for what is missing: rows that were charged are charged once more. zia reconcile "
            "--ask-lists settles what was charged, and then the same call takes the rows from the journal."
        )
    return (
        "Run the same call again, or zia reconcile, and it is settled: what was charged costs no second credit, and "
        "counts as a record once more."
    )


def _fitting(operation: Operation[...], code: str, names: Sequence[Blamed]) -> str:
    """What to do next about this operation: advice never speaks of what the call does not have."""
    call, request = f"zi.{operation.name}", _keywords(operation)
    has_inputs = "of" in request
    if code == "credit_limit":
        fewer = "Pass fewer rows" if has_inputs else "Narrow the criteria"
        return f"{fewer}: records under management cost no credit." if has_inputs else f"{fewer}."
    if code == "too_little" and not names:
        needs = "Each input needs an id, or enough to be told by" if has_inputs else "It needs at least one criterion"
        return f"{needs}; {call}? lists them."
    if code in ("field_not_allowed", "unknown_field", "too_little") and names:
        return _about(operation, code, names)
    if code == "field_not_allowed":
        return "Leave them out."
    if code == "unknown_field":
        return f"A name or a value in it is not taken; zi.lookup has the valid ones, {call}? the names."
    if code in ("malformed_json", "other"):
        return f"Check the request against the documentation: {call}? has what it takes."
    return ""


def _about(operation: Operation[...], code: str, names: Sequence[Blamed]) -> str:
    """The names of a refusal as users write them, and how each is mended."""
    said = []
    for place in ("input", "criterion", "column"):
        if not (ours := [one.name for one in names if one.place == place]):
            continue
        if place == "column":
            out = ", ".join(f"-{name}" for name in ours)
            said.append(f"As columns they are {', '.join(ours)}: {out} in fields= leaves them out.")
        elif place == "input":
            said.append(f"In `of` that is {', '.join(ours)}: leave it out, or mend its values.")
        else:
            written = ", ".join(f"{name}=" for name in ours)
            mend = "leave it out" if code == "field_not_allowed" else "check its value; zi.lookup has valid ones"
            said.append(f"In zi.{operation.name} that is {written}: {mend}.")
    return " ".join(said)


def _keywords(operation: Operation[...]) -> frozenset[str]:
    request: Any = operation.request
    return frozenset(one.name for one in fields(request))


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
