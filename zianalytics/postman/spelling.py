"""How users write a call: the few that are not the row of the table by its own name, and its arguments in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zianalytics.api.enterprise.saved import Open, Understood
from zianalytics.errors import RequestRefused


@dataclass(frozen=True)
class Call:
    """A call as it is written: its name, its arguments, what is called on its result, and what to say above it."""

    name: str
    positional: Sequence[Any] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    then: str = ""
    notes: Sequence[str] = ()


def spelled(understood: Understood) -> Call:
    """The call of users that sends what was understood."""
    name = understood.operation.name
    if name.startswith(("lookup.input_fields.", "lookup.output_fields.")):
        call, _, described = name.rpartition(".")
        return Call(f"zi.{call}", [described.replace("_", ".", 1)])
    if name.startswith("webhooks."):
        return _webhook(name, dict(understood.keywords))
    if name == "bulk.status" or name.startswith("bulk.page."):
        job = understood.keywords["job_id"]
        note = "The client looks after jobs itself, those that were begun from its own home: zi.bulk.jobs() lists them."
        return Call("zi.bulk.job", [job], then=".status()" if name == "bulk.status" else ".frame()", notes=[note])
    keywords = dict(understood.keywords)
    if understood.operation.paging:
        keywords["limit"] = understood.limit
    if understood.inputs is None:
        return Call(f"zi.{name}", [], keywords)
    own = _OWN_ID.get(understood.operation.record.name, "company_id")
    return Call(f"zi.{name}", [_plain(understood.inputs, own)], keywords)


_OWN_ID = {"contact": "contact_id", "location": "location_id"}


def _plain(inputs: Sequence[Mapping[str, Any]] | Open, own: str) -> Any:
    """Inputs that have an id alone as a list of ids, addresses as a list of texts, others as they are."""
    if isinstance(inputs, Open):
        return inputs
    if any(isinstance(value, Open) for one in inputs for value in one.values()):
        opened = sorted({name for one in inputs for name, value in one.items() if isinstance(value, Open)})
        return Open(f"inputs with {', '.join(opened)}")
    names = {name for one in inputs for name in one}
    if names == {own} and all(inputs):
        ids = [str(one[own]) for one in inputs]
        if all(one.isascii() and one.isdecimal() and len(one) < 19 for one in ids):
            return [int(one) for one in ids]
    if names == {"ip_address"}:
        return [str(one["ip_address"]) for one in inputs]
    return [dict(one) for one in inputs]


_FIRST = {"create": "title", "validate": "target_url"}


def _webhook(name: str, said: dict[str, Any]) -> Call:
    """A call about webhooks: the id, the title or the target first."""
    verb = name.removeprefix("webhooks.")
    first = _FIRST.get(verb, "webhook_id")
    positional = [said.pop(first)] if first in said else []
    if "subscriptions" in said:
        said |= _subscriptions(verb, said.pop("subscriptions"))
    return Call(f"zi.{name}", positional, said)


def _subscriptions(verb: str, given: Any) -> dict[str, Any]:
    """Subscriptions by the kinds of records that they are about, as our calls take them."""
    kinds = "object_types" if verb == "create" else "subscribe"
    if isinstance(given, Open):
        return {kinds: given}
    if any("subscription_id" in one or one.get("object_type") not in ("contact", "company") for one in given):
        raise RequestRefused(
            "The saved request names subscriptions by their ids. Nothing was sent. zi.webhooks.update takes kinds of "
            "records instead: subscribe=, unsubscribe=, and full_payload= for those there are."
        )
    whole = {one["object_type"]: bool(one.get("full_payload", True)) for one in given}
    payload: Any = whole if len(set(whole.values())) > 1 else next(iter(whole.values()), True)
    return {kinds: list(whole)} | ({} if payload is True else {"full_payload": payload})
