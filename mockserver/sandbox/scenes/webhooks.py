"""The scenes of webhooks, each step of one after the other, and of the compliance check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mockserver.sandbox.answer import Sandbox
from mockserver.sandbox.compliance import has_opted_out
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.scenes.scene import Scene

TARGET = "https://hooks.aster.example/zoominfo"
NOBODY = "999"


def webhook_scenes(sandbox: Sandbox) -> Iterator[Scene]:
    """A webhook is made, listed, changed, given a new token and ended; the scenes before have redeemed records."""
    subscriptions = [
        {"eventType": "Update", "objectType": "Contact", "fullPayload": True},
        {"eventType": "Update", "objectType": "Company", "fullPayload": False},
    ]
    new = {"title": "Changes", "enabled": False, "targetUrl": TARGET, "subscriptions": subscriptions}
    listed = _scene("Get Webhooks", "All of them", "GET", "/webhooks")
    yield replace(listed, name="None yet")
    create = _scene("Create Webhook", "A webhook with its token", "POST", "/webhooks", new)
    yield create
    yield replace(
        create, name="A target on another machine without https", body=new | {"targetUrl": "http://a.example"}
    )
    yield from _refused(create, new | {"colour": "red"})
    webhook = sandbox.service.webhooks.all()[-1]
    path, first = f"/webhooks/{webhook.id}", webhook.subscriptions[0].id
    yield listed
    yield from _refused(listed)
    one = _scene("Get Webhook", "One of them", "GET", path)
    yield one
    yield from _without(one)
    update = _scene("Update Webhook", "Enabled", "PUT", path, {"enabled": True})
    yield update
    yield replace(update, name="A subscription changed", body=_with(subscriptionId=first, fullPayload=False))
    yield replace(update, name="A further subscription", body=_with(eventType="Update", objectType="Company"))
    yield replace(update, name="A subscription ended", body=_with(subscriptionId=first))
    yield replace(update, name="No such subscription", body=_with(subscriptionId=NOBODY))
    yield replace(update, name="No such webhook", path=f"/webhooks/{NOBODY}")
    yield from _refused(update, {"colour": "red"})
    validate = _scene(
        "Validate Target Url",
        "The target answers",
        "POST",
        "/webhooks/validate",
        {"targetUrl": TARGET, "objectType": "Contact"},
    )
    yield validate
    yield from _refused(validate, {"targetUrl": TARGET, "objectType": "Deal"})
    token = _scene("Generate Verification Token", "A new token", "POST", f"{path}/token")
    yield token
    yield from _without(token, after="/token")
    types = _scene("Get Subscription Types", "Both types", "GET", "/webhooks/subscriptiontypes")
    yield types
    yield from _refused(types)
    delete = _scene("Delete Webhook", "Ended", "DELETE", path)
    yield delete
    yield from _without(delete)


def people_scenes(sandbox: Sandbox) -> Iterator[Scene]:
    """Somebody who is known, somebody who is not, and somebody who has opted out."""
    world, directory = sandbox.world, Directory(sandbox.world)
    reachable = [p for p in (world.contacts[i] for i in list(world.contacts)[:2_000]) if p.email is not None]
    known = next(p for p in reachable if not has_opted_out(p, directory, sandbox.now()))
    gone = next(
        p for i in world.contacts if has_opted_out(p := world.contacts[i], directory, sandbox.now()) and p.email
    )
    company = world.companies[known.company_id].name
    named = {"companyName": company, "personFirstName": known.first_name, "personLastName": known.last_name}
    scene = Scene("Compliance", "Compliance", "Known", "POST", "/compliance", {"matchPersonInput": [named]})
    yield scene
    yield replace(scene, name="By e-mail address", body=_people({"personEmailAddress": known.email}))
    yield replace(scene, name="Opted out", body=_people({"personEmailAddress": gone.email}))
    yield replace(scene, name="Not known", body=_people({"personEmailAddress": "nobody@nowhere.example"}))
    yield replace(scene, name="Some inputs", body=_people(named, {"personPhone": "555-0100"}, {}))
    yield replace(scene, name="No input can be used", body=_people({}))
    yield replace(scene, name="Invalid field", body=_people({"colour": "red"}))
    yield replace(scene, name="Without a token", is_signed_in=False)
    yield replace(scene, name="Request limit used up", used_up="requestLimit")
    yield replace(scene, name="Too many requests", is_too_fast=True)


def _scene(item: str, name: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Scene:
    return Scene("Webhooks", item, name, method, path, body, bundle="scaling")


def _refused(scene: Scene, invalid: Mapping[str, Any] | None = None) -> Iterator[Scene]:
    if invalid is None:
        yield replace(scene, name="Invalid field", query={"colour": "red"})
    else:
        yield replace(scene, name="Invalid field", body=invalid)
    yield replace(scene, name="Outside the bundle", bundle="standard")
    yield replace(scene, name="Without a token", is_signed_in=False)
    yield replace(scene, name="Too many requests", is_too_fast=True)


def _without(scene: Scene, *, after: str = "") -> Iterator[Scene]:
    yield replace(scene, name="No such webhook", path=f"/webhooks/{NOBODY}{after}")
    yield from _refused(scene)


def _with(**subscription: Any) -> dict[str, Any]:
    return {"subscriptions": [subscription]}


def _people(*inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {"matchPersonInput": list(inputs)}
