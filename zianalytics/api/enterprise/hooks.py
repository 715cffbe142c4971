"""Webhooks in the Enterprise API's own words: the bodies of the calls, and the deliveries that arrive."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from zianalytics.api.enterprise.names import layout
from zianalytics.api.spec import Operation
from zianalytics.errors import AnswerUnreadable

TOKEN_HEADER = "x-zoominfo-token"  # noqa: S105  (the name of a header)
_OBJECT_TYPES: Mapping[str, Literal["contact", "company"]] = {"Contact": "contact", "Company": "company"}
_BESIDE = "changedAttributes"


@dataclass(frozen=True)
class Delivery:
    """What one delivery holds.

    Attributes
    ----------
    webhook_id
        Which webhook it comes from; None when it does not say.
    kind
        The row of the table under whose name it is kept: "webhooks.delivered.contact".
    records
        The changed records, each an object as received.
    """

    webhook_id: str | None
    kind: str
    records: tuple[dict[str, Any], ...]


def read_delivery(body: bytes) -> Delivery:
    """What a delivery says.

    Raises
    ------
    AnswerUnreadable
        It is not JSON, or not of the documented shape.
    """
    try:
        told = json.loads(body)
        details, records = told["webhookDetails"], told["data"]
        kind = _OBJECT_TYPES[details["objectType"]]
        webhook_id = details.get("id")
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as exc:
        raise _unreadable(exc) from None
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise _unreadable(TypeError("its data are no list of records"))
    return Delivery(None if webhook_id is None else str(webhook_id), f"webhooks.delivered.{kind}", tuple(records))


def as_answer(record: Mapping[str, Any]) -> bytes:
    """One changed record as an answer that holds nothing else, for the decoder."""
    plain = {name: value for name, value in record.items() if name != _BESIDE}
    return json.dumps({"data": [plain]}).encode()


# docs/assumptions.md, "a column that a delivery does not hold"
def columns_told(operation: Operation[...], record: Mapping[str, Any]) -> frozenset[str]:
    """The columns of which a changed record says something; of the others it says nothing, not even that they are
    empty.
    """
    return frozenset(one.name for one in layout(operation.record) if _is_there(record, one.at))


def subscriptions(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Subscriptions as a call writes them: one that has only its id is to end."""
    return [_subscription(one) for one in given]


def _subscription(given: Mapping[str, Any]) -> dict[str, Any]:
    wire: dict[str, Any] = {}
    if "subscription_id" in given:
        wire["subscriptionId"] = str(given["subscription_id"])
    if "object_type" in given:
        wire |= {"objectType": str(given["object_type"]).capitalize(), "eventType": "Update"}
    if "full_payload" in given:
        wire["fullPayload"] = bool(given["full_payload"])
    return wire


def _is_there(record: Mapping[str, Any], at: Sequence[str]) -> bool:
    here: Any = record
    for key in at:
        if not isinstance(here, Mapping) or key not in here:
            return False
        here = here[key]
    return True


def _unreadable(why: Exception) -> AnswerUnreadable:
    return AnswerUnreadable(
        f"The delivery is not what the API promises ({type(why).__name__}). It was not kept. "
        "The service sends it again; look at what is in front of the receiver, which may cut or change bodies."
    )
