"""The webhooks of an account, and what waits to be delivered to them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from mockserver.state.store import Store

# docs/assumptions.md, "webhook retries, order, duplicates"
GIVEN_UP_AFTER = timedelta(hours=24)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(hours=1)
REMEMBERED = 500  # deliveries that have come to an end
_FACT = "webhooks"
_FIRST_ID = 210_000_000


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a webhook is sent: changes of one kind of record, whole records or what has changed alone."""

    id: str
    event_type: str
    object_type: str
    is_full: bool
    created_at: datetime
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where changes are sent. Its repr does not show the token."""

    id: str
    title: str
    is_enabled: bool
    target_url: str
    created_at: datetime
    token: str = field(repr=False)
    subscriptions: tuple[Subscription, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A body on its way to a webhook.

    Attributes
    ----------
    attempts
        How often it was sent.
    due_at
        When it is to be sent next.
    outcome
        "waiting", "delivered" or "given up".
    said
        What came of the last attempt.
    """

    id: str
    webhook_id: str
    created_at: datetime
    due_at: datetime
    body: str = field(repr=False)
    attempts: int = 0
    outcome: str = "waiting"
    said: str = ""


class Webhooks:
    """The webhooks in the order they were made, and their deliveries; each change is durable at once."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        held = json.loads(store.fact(_FACT) or "{}")
        self._made = int(held.get("made", 0))
        self.announced_up_to = datetime.fromisoformat(held["announced_up_to"]) if held else now
        self._webhooks = {one["id"]: _webhook(one) for one in held.get("webhooks", [])}
        deliveries = [_delivery(json.loads(text)) for text in store.deliveries()]
        self._waiting = {one.id: one for one in deliveries if one.outcome == "waiting"}
        self._ended = [one for one in deliveries if one.outcome != "waiting"]

    def all(self) -> Sequence[Webhook]:
        """Every webhook, oldest first."""
        return list(self._webhooks.values())

    def get(self, webhook_id: str) -> Webhook | None:
        """The webhook with an id."""
        return self._webhooks.get(webhook_id)

    def next_id(self) -> str:
        """An id that nothing has had: numbers far apart, the same on every run."""
        self._made += 1
        return str(_FIRST_ID + self._made * 7_368_787 % 700_000_000)

    def keep(self, webhook: Webhook) -> Webhook:
        """Write a webhook down, in the place of the one with its id."""
        self._webhooks[webhook.id] = webhook
        self._save()
        return webhook

    def remove(self, webhook_id: str) -> None:
        """Forget a webhook and what was on its way to it."""
        del self._webhooks[webhook_id]
        gone = [d.id for d in self._waiting.values() if d.webhook_id == webhook_id]
        self._waiting = {d.id: d for d in self._waiting.values() if d.webhook_id != webhook_id}
        self._save(dict.fromkeys(gone))

    def announce(self, deliveries: Sequence[tuple[str, str]], now: datetime) -> None:
        """Put bodies, each with the id of its webhook, on their way; all changes up to `now` are among them."""
        new: dict[str, Delivery] = {}
        for webhook_id, body in deliveries:
            delivery = Delivery(self.next_id(), webhook_id, now, now, body)
            self._waiting[delivery.id] = new[delivery.id] = delivery
        self.announced_up_to = now
        self._save({delivery_id: _text(delivery) for delivery_id, delivery in new.items()})

    def due(self, now: datetime) -> Sequence[Delivery]:
        """What is to be sent now, to webhooks that are enabled; what is too old is given up."""
        for delivery in [d for d in self._waiting.values() if now - d.created_at > GIVEN_UP_AFTER]:
            self._end(replace(delivery, outcome="given up"))
        return [d for d in self._waiting.values() if d.due_at <= now and self._webhooks[d.webhook_id].is_enabled]

    def next_due(self) -> datetime | None:
        """When the next delivery is to be sent; None when none waits for an enabled webhook."""
        waiting = [d.due_at for d in self._waiting.values() if self._webhooks[d.webhook_id].is_enabled]
        return min(waiting, default=None)

    def attempted(self, delivery_id: str, *, taken: bool, said: str, now: datetime) -> None:
        """What came of sending a delivery: it has ended, or is sent again after twice the wait before."""
        delivery = self._waiting.get(delivery_id)
        if delivery is None:
            return  # its webhook was deleted meanwhile
        tried = replace(delivery, attempts=delivery.attempts + 1, said=said)
        if taken:
            self._end(replace(tried, outcome="delivered"))
        else:
            wait = min(FIRST_WAIT * 2**delivery.attempts, LONGEST_WAIT)
            self._waiting[delivery_id] = again = replace(tried, due_at=now + wait)
            self._save({delivery_id: _text(again)})

    def deliveries(self) -> Sequence[Delivery]:
        """Those that have ended, then those that wait, each in its order."""
        return [*self._ended, *self._waiting.values()]

    def forget(self, now: datetime) -> None:
        """Begin again without webhooks."""
        gone: dict[str, str | None] = dict.fromkeys(delivery.id for delivery in self.deliveries())
        self._made, self.announced_up_to = 0, now
        self._webhooks, self._waiting, self._ended = {}, {}, []
        self._save(gone)

    def _end(self, delivery: Delivery) -> None:
        """A delivery needs its body no longer; of those that have ended the latest are remembered."""
        self._waiting.pop(delivery.id)
        ended = replace(delivery, body="")
        self._ended.append(ended)
        gone: dict[str, str | None] = {old.id: None for old in self._ended[:-REMEMBERED]}
        self._ended = self._ended[-REMEMBERED:]
        self._save(gone | {ended.id: _text(ended)})

    def _save(self, deliveries: Mapping[str, str | None] | None = None) -> None:
        held = {
            "made": self._made,
            "announced_up_to": self.announced_up_to,
            "webhooks": [asdict(webhook) for webhook in self._webhooks.values()],
        }
        self._store.keep_deliveries(deliveries or {}, _FACT, json.dumps(held, default=datetime.isoformat))


def new_token() -> str:
    """A token that nobody has seen."""
    return secrets.token_urlsafe(32)


def _webhook(held: dict[str, Any]) -> Webhook:
    subscriptions = tuple(
        Subscription(**one | _moments(one, "created_at", "modified_at")) for one in held["subscriptions"]
    )
    return Webhook(**held | _moments(held, "created_at") | {"subscriptions": subscriptions})


def _text(delivery: Delivery) -> str:
    return json.dumps(asdict(delivery), default=datetime.isoformat)


def _delivery(held: dict[str, Any]) -> Delivery:
    return Delivery(**held | _moments(held, "created_at", "due_at"))


def _moments(held: dict[str, Any], *names: str) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(held[name]) for name in names}
