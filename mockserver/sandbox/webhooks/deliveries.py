"""What webhooks are sent: the changes of redeemed records, up to twenty-five of them in a delivery."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import msgspec

from mockserver.contract import contract
from mockserver.message import Outgoing, Post, Posted
from mockserver.sandbox.enrich import company_fields, contact_fields
from mockserver.sandbox.enrich.catalogued import unpacked
from mockserver.state import Delivery, Service, Subscription, Webhook
from mockserver.world import World

PROFILES = 25
LOOK_S = 5.0  # how often to look for changes while time goes by
TOKEN_HEADER = "x-zoominfo-token"  # noqa: S105  (the name of a header)
ENTITIES = {"Contact": "contact", "Company": "company"}
# What a delivery of changes alone always has beside them.
ALWAYS = {"contact": ("id", "firstName", "lastName", "email"), "company": ("id", "name", "website")}
# Which output field tells of which fact of the world.
TOLD_BY = {
    "contact": {"direct_phone": "phone", "mobile_phone": "mobilePhone"},
    "company": {"phone": "phone", "fax": "fax"},
}


class Mailroom:
    """What is on its way to webhooks, for whoever has a socket to send it through.

    Attributes
    ----------
    post
        Tries a target that is asked about; the sandbox itself reaches nobody.
    stirred
        Set when there may be something to send.
    """

    def __init__(self, service: Service, world: World, lock: threading.Lock) -> None:
        self._service, self._world, self._lock = service, world, lock
        self.post: Post = _reach_nobody
        self.stirred = threading.Event()

    def due(self) -> tuple[list[tuple[str, Outgoing]], float | None]:
        """What is to be sent now, by its ids, and in how many seconds to ask again; None: when `stirred` is set."""
        with self._lock:
            now, hooks = self._service.clock.now(), self._service.webhooks
            if not any(webhook.is_enabled for webhook in hooks.all()):
                return [], None
            announce(self._service, self._world, now)
            waiting = {delivery: hooks.get(delivery.webhook_id) for delivery in hooks.due(now)}
            due = [(delivery.id, outgoing(hook, delivery, now)) for delivery, hook in waiting.items() if hook]
            later = hooks.next_due()
            wait_s = LOOK_S if later is None else min(LOOK_S, max(0.0, (later - now).total_seconds()))
            return due, wait_s

    def attempted(self, delivery_id: str, posted: Posted) -> None:
        """What came of sending something."""
        with self._lock:
            now = self._service.clock.now()
            self._service.webhooks.attempted(delivery_id, taken=posted.is_taken, said=posted.said, now=now)

    def deliveries(self) -> list[dict[str, Any]]:
        """Every delivery and what has become of it."""
        with self._lock:
            return [
                {
                    "id": one.id,
                    "webhook_id": one.webhook_id,
                    "created_at": one.created_at.isoformat(),
                    "attempts": one.attempts,
                    "outcome": one.outcome,
                    "said": one.said,
                }
                for one in self._service.webhooks.deliveries()
            ]


# docs/assumptions.md, "what is announced" and "what changed while a webhook was disabled"
def announce(service: Service, world: World, now: datetime) -> None:
    """Put on their way the changes since the last time, for each subscription of a webhook that is enabled."""
    since, webhooks = service.webhooks.announced_up_to, [w for w in service.webhooks.all() if w.is_enabled]
    changed = {
        entity: _changed(service, world, entity, since, now)
        for entity in {ENTITIES[s.object_type] for w in webhooks for s in w.subscriptions}
    }
    bodies = [
        (
            webhook.id,
            json.dumps({"webhookDetails": _details(webhook, subscription), "data": profiles}, default=unpacked),
        )
        for webhook in webhooks
        for subscription in webhook.subscriptions
        for profiles in _parcels(list(_profiles(service, world, subscription, changed, now)))
    ]
    service.webhooks.announce(bodies, now)


# docs/assumptions.md, "a new token"
def outgoing(webhook: Webhook, delivery: Delivery, now: datetime) -> Outgoing:
    """A delivery as it is sent now: with the webhook's present token, to its present target."""
    return Outgoing(
        webhook.target_url,
        (
            ("Content-Type", "application/json;charset=utf-8"),
            ("Date", format_datetime(now, usegmt=True)),
            (TOKEN_HEADER, webhook.token),
        ),
        delivery.body.encode(),
    )


def sample(url: str, object_type: str, now: datetime) -> Outgoing:
    """What a target is tried with: a profile of nobody, without a token."""
    profiles = {
        "Contact": {"id": 0, "firstName": "Sample", "lastName": "Contact", "email": "sample@target.example"},
        "Company": {"id": 0, "name": "Sample Company", "website": "www.target.example"},
    }
    details = {"id": "0", "title": "Validation", "objectType": object_type, "eventType": "Update"}
    body = {"webhookDetails": details, "data": [profiles[object_type] | {"changedAttributes": []}]}
    headers = (("Content-Type", "application/json;charset=utf-8"), ("Date", format_datetime(now, usegmt=True)))
    return Outgoing(url, headers, json.dumps(body).encode())


def _reach_nobody(_: Outgoing) -> Posted:
    return Posted(None, "This sandbox has no socket: it runs inside a program and reaches nobody.")


def _changed(service: Service, world: World, entity: str, since: datetime, now: datetime) -> Mapping[int, list[str]]:
    """The redeemed records that have changed meanwhile, and the facts that did, in the order of the changes."""
    last: dict[int, tuple[datetime, list[str]]] = {}
    for text, redeemed in service.meters.redeemed_by_api(entity, now).items():
        record_id = int(text)
        changes = (
            world.changes.of_company(world.companies[record_id], now)
            if entity == "company"
            else world.changes.of_contact(world.contacts[record_id], now)
        )
        fresh = [change for change in changes if change.at > max(since, redeemed)]
        if fresh and not _has_opted_out(world, entity, record_id, now):
            facts = list(dict.fromkeys(name for change in fresh for name in change.facts))
            last[record_id] = (fresh[-1].at, facts)
    return {record_id: facts for record_id, (_, facts) in sorted(last.items(), key=lambda one: (one[1][0], one[0]))}


def _parcels(profiles: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(profiles), PROFILES):
        yield profiles[start : start + PROFILES]


def _has_opted_out(world: World, entity: str, record_id: int, now: datetime) -> bool:
    at = world.changes.opted_out_at(record_id) if entity == "contact" else None
    return at is not None and at <= now


def _profiles(
    service: Service,
    world: World,
    subscription: Subscription,
    changed: Mapping[str, Mapping[int, Sequence[str]]],
    now: datetime,
) -> Iterator[dict[str, Any]]:
    entity = ENTITIES[subscription.object_type]
    operation = contract()[f"enrich.{entity}"]
    withheld = service.bundle.withheld.get(operation.id, frozenset())
    for record_id, facts in changed[entity].items():
        names = [*(TOLD_BY[entity][fact] for fact in facts), "lastUpdatedDate"]
        fields = [name for name in operation.fields if name not in withheld]
        if not subscription.is_full:
            fields = list(dict.fromkeys((*ALWAYS[entity], *names)))
        yield _record(world, entity, record_id, fields, now) | {"changedAttributes": names}


def _record(world: World, entity: str, record_id: int, fields: list[str], now: datetime) -> dict[str, Any]:
    if entity == "contact":
        person = world.changes.contact_at(world.contacts[record_id], now)
        return contact_fields.record_of(fields)(contact_fields.Seen(person, world))
    company = world.changes.company_at(world.companies[record_id], now)
    [record] = company_fields.records_of(fields, [company_fields.Seen(company, world, {})])
    return msgspec.structs.asdict(record)


def _details(webhook: Webhook, subscription: Subscription) -> dict[str, str]:
    return {
        "id": webhook.id,
        "title": webhook.title,
        "objectType": subscription.object_type,
        "eventType": subscription.event_type,
    }
