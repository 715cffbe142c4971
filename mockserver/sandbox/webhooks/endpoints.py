"""The endpoints of webhooks: made, listed, changed, ended, tried; what they deliver is told in `deliveries`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mockserver.contract import Operation
from mockserver.message import Post, Request
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import INVALID_FIELDS, NO_SUCH_WEBHOOK, NOTHING_REDEEMED, Refused
from mockserver.sandbox.webhooks.deliveries import announce, sample
from mockserver.state import Service, Subscription, Webhook, new_token
from mockserver.world import World

OBJECT_TYPES, EVENT_TYPES = ["Company", "Contact"], ["Update"]


@dataclass(frozen=True)
class Asked:
    """A request about webhooks: what it says, which webhook its path names, and who may answer it."""

    said: Mapping[str, Any]
    path_id: str
    service: Service
    post: Post
    now: datetime

    def webhook(self) -> Webhook:
        """The webhook that the path names.

        Raises
        ------
        Refused
            There is none.
        """
        if webhook := self.service.webhooks.get(self.path_id):
            return webhook
        raise Refused(NO_SUCH_WEBHOOK)


def answer(
    operation: Operation,
    request: Request,
    said: Mapping[str, Any],
    service: Service,
    world: World,
    post: Post,
    now: datetime,
) -> Found:
    """The answer of one of the endpoints."""
    announce(service, world, now)  # what has changed so far goes to the webhooks as they were
    path_id = dict(zip(operation.path.split("/"), request.path.split("/"), strict=True)).get("{id}", "")
    return Found(ENDPOINTS[operation.id](Asked(said, path_id, service, post, now)))


def _create(asked: Asked) -> dict[str, Any]:
    service, said, now = asked.service, asked.said, asked.now
    if not any(service.meters.redeemed_by_api(entity, now) for entity in ("contact", "company")):
        raise Refused(NOTHING_REDEEMED)
    hooks = service.webhooks
    made = Webhook(
        id=hooks.next_id(),
        title=said["title"],
        is_enabled=said.get("enabled", False),
        target_url=said["targetUrl"],
        created_at=now,
        token=new_token(),
        subscriptions=tuple(_subscription(hooks.next_id(), one, now) for one in said["subscriptions"]),
    )
    return _told(hooks.keep(made)) | {"verificationToken": made.token}


def _list(asked: Asked) -> dict[str, Any]:
    return {"webhooks": [_told(webhook) for webhook in asked.service.webhooks.all()]}


def _get(asked: Asked) -> dict[str, Any]:
    """docs/assumptions.md, "`GET /webhooks/{id}`"."""
    return {"webhooks": [_told(asked.webhook())]}


def _update(asked: Asked) -> dict[str, Any]:
    webhook, said = asked.webhook(), asked.said
    subscriptions = {one.id: one for one in webhook.subscriptions}
    for given in said.get("subscriptions", []):
        _apply(asked, subscriptions, given)
    changed = replace(
        webhook,
        title=said.get("title", webhook.title),
        is_enabled=said.get("enabled", webhook.is_enabled),
        target_url=said.get("targetUrl", webhook.target_url),
        subscriptions=tuple(subscriptions.values()),
    )
    return _told(asked.service.webhooks.keep(changed))


# docs/assumptions.md, "update of subscriptions"
def _apply(asked: Asked, subscriptions: dict[str, Subscription], given: Mapping[str, Any]) -> None:
    """An id alone ends a subscription, an id with more changes it, and without an id a further one begins."""
    named = given.get("subscriptionId")
    if named is None:
        if missing := [name for name in ("eventType", "objectType") if name not in given]:
            raise Refused(INVALID_FIELDS, missing)
        further = _subscription(asked.service.webhooks.next_id(), given, asked.now)
        subscriptions[further.id] = further
        return
    if named not in subscriptions:
        raise Refused(INVALID_FIELDS, ["subscriptionId"])
    if set(given) == {"subscriptionId"}:
        del subscriptions[named]
        return
    held = subscriptions[named]
    subscriptions[named] = replace(
        held,
        event_type=given.get("eventType", held.event_type),
        object_type=given.get("objectType", held.object_type),
        is_full=given.get("fullPayload", held.is_full),
        modified_at=asked.now,
    )


def _delete(asked: Asked) -> dict[str, Any]:
    webhook = asked.webhook()
    asked.service.webhooks.remove(webhook.id)
    told = _told(webhook)
    return {name: told[name] for name in ("id", "targetUrl", "createdDate")} | {
        "status": "Deleted",
        "subscriptions": told["subscriptions"],
    }


# docs/assumptions.md, "validation"
def _validate(asked: Asked) -> dict[str, Any]:
    posted = asked.post(sample(asked.said["targetUrl"], asked.said["objectType"], asked.now))
    return {"message": posted.said, "success": posted.is_taken, "responseCode": posted.status}


def _token(asked: Asked) -> dict[str, Any]:
    changed = asked.service.webhooks.keep(replace(asked.webhook(), token=new_token()))
    return {"verificationToken": changed.token}


def _types(_: Asked) -> dict[str, Any]:
    return {"objectTypes": OBJECT_TYPES, "eventTypes": EVENT_TYPES}


ENDPOINTS: Mapping[str, Callable[[Asked], dict[str, Any]]] = {
    "webhooks.post": _create,
    "webhooks.get": _list,
    "webhooks.one.get": _get,
    "webhooks.put": _update,
    "webhooks.delete": _delete,
    "webhooks.validate": _validate,
    "webhooks.token.post": _token,
    "webhooks.subscriptiontypes": _types,
}


def _subscription(subscription_id: str, said: Mapping[str, Any], now: datetime) -> Subscription:
    return Subscription(subscription_id, said["eventType"], said["objectType"], said.get("fullPayload", True), now, now)


# docs/assumptions.md, "`verificationToken` of an updated webhook"
def _told(webhook: Webhook) -> dict[str, Any]:
    """A webhook without its token."""
    return {
        "id": webhook.id,
        "title": webhook.title,
        "enabled": webhook.is_enabled,
        "targetUrl": webhook.target_url,
        "createdDate": _stamp(webhook.created_at),
        "subscriptions": [
            {
                "createdDate": _stamp(one.created_at),
                "modifiedDate": _stamp(one.modified_at),
                "eventType": one.event_type,
                "objectType": one.object_type,
                "fullPayload": one.is_full,
                "subscriptionId": one.id,
            }
            for one in webhook.subscriptions
        ],
    }


def _stamp(moment: datetime) -> str:
    """`MM-DD-YYYYTHH:MM:SS.sssZ`, the form that these endpoints alone have."""
    return f"{moment:%m-%d-%YT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
