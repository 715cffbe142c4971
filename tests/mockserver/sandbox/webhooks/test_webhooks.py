from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.message import Outgoing, Posted
from mockserver.sandbox import Options

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

HERE = "http://127.0.0.1:8999/hook"
BOTH = [
    {"eventType": "Update", "objectType": "Contact", "fullPayload": True},
    {"eventType": "Update", "objectType": "Company", "fullPayload": False},
]


@pytest.fixture
def caller(calling: Callable[[Options], Caller]) -> Caller:
    """A caller of the Scaling bundle that has redeemed thirty companies."""
    caller = calling(Options(companies=60, bundle="scaling"))
    ids = list(caller.sandbox.world.companies)
    caller.redeem(*ids[:25])
    caller.redeem(*ids[25:30])
    return caller


def create(caller: Caller, **more: Any) -> Any:
    said = {"title": "Changes", "enabled": True, "targetUrl": HERE, "subscriptions": BOTH}
    return caller.post("/webhooks", said | more)


def put(caller: Caller, webhook_id: str, body: dict[str, Any]) -> Any:
    return caller.read(caller.send("PUT", f"/webhooks/{webhook_id}", body))


def test_a_webhook_is_made_listed_renamed_and_ended(caller: Caller) -> None:
    made = create(caller, enabled=False)
    token = made.pop("verificationToken")
    assert len(token) >= 32
    assert [one["objectType"] for one in made["subscriptions"]] == ["Contact", "Company"]
    assert caller.get("/webhooks") == caller.get(f"/webhooks/{made['id']}") == {"webhooks": [made]}
    renamed = put(caller, made["id"], {"title": "All changes", "enabled": True})
    assert renamed == made | {"title": "All changes", "enabled": True}
    ended = caller.read(caller.send("DELETE", f"/webhooks/{made['id']}"))
    assert (ended["id"], ended["status"], "title" in ended) == (made["id"], "Deleted", False)
    assert caller.get("/webhooks") == {"webhooks": []}
    assert caller.send("DELETE", f"/webhooks/{made['id']}").status == 404


def test_subscriptions_are_changed_added_and_ended_by_their_ids(caller: Caller) -> None:
    made = create(caller)
    contact, company = (one["subscriptionId"] for one in made["subscriptions"])
    changed = put(caller, made["id"], {"subscriptions": [{"subscriptionId": contact, "fullPayload": False}]})
    assert [one["fullPayload"] for one in changed["subscriptions"]] == [False, False]
    more = put(
        caller,
        made["id"],
        {"subscriptions": [{"subscriptionId": company}, {"objectType": "Company", "eventType": "Update"}]},
    )
    assert more["subscriptions"][0]["subscriptionId"] == contact
    assert more["subscriptions"][1]["subscriptionId"] not in {contact, company}
    answer = caller.send("PUT", f"/webhooks/{made['id']}", {"subscriptions": [{"subscriptionId": "1"}]})
    assert (answer.status, json.loads(answer.body)["message"]) == (
        400,
        "There are invalid fields in your request: subscriptionId",
    )
    assert caller.get("/webhooks")["webhooks"] == [more], "a refused change changed something"


def test_a_webhook_needs_something_that_was_redeemed_by_the_api(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=60, bundle="scaling"))
    caller.sandbox.colleague(3)
    said = {"title": "Changes", "targetUrl": HERE, "subscriptions": BOTH}
    assert caller.refused("/webhooks", said) == (
        400,
        "At least one record must be enriched before a webhook can be created",
    )


def test_a_standard_account_has_no_webhooks(calling: Callable[[Options], Caller]) -> None:
    standard = calling(Options(companies=20))
    assert standard.refused("/webhooks", {}) == (403, "You do not have access to this endpoint")


@pytest.mark.parametrize("url", ["http://hooks.aster.example/", "ftp://127.0.0.1/", "127.0.0.1:80", "https:// /"])
def test_a_target_is_https_or_this_machine(caller: Caller, url: str) -> None:
    said = {"title": "Changes", "targetUrl": url, "subscriptions": BOTH}
    assert caller.refused("/webhooks", said) == (400, "There are invalid fields in your request: targetUrl")


def test_the_types_of_a_subscription_are_told(caller: Caller) -> None:
    told = caller.get("/webhooks/subscriptiontypes")
    assert told == {"objectTypes": ["Company", "Contact"], "eventTypes": ["Update"]}


def test_validation_says_what_the_target_answered(caller: Caller) -> None:
    asked: list[Outgoing] = []

    def target(outgoing: Outgoing) -> Posted:
        asked.append(outgoing)
        return Posted(401, "no token")

    caller.sandbox.mail.post = target
    said = caller.post("/webhooks/validate", {"targetUrl": HERE, "objectType": "Contact"})
    assert said == {"message": "no token", "success": False, "responseCode": 401}
    [sent] = asked
    assert json.loads(sent.body)["webhookDetails"]["objectType"] == "Contact"
    assert "x-zoominfo-token" not in dict(sent.headers)


def test_what_changes_is_sent_at_most_twenty_five_to_a_delivery(caller: Caller) -> None:
    made = create(caller)
    mail = caller.sandbox.mail
    assert mail.due()[0] == [], "nothing has changed yet"
    caller.sandbox.advance(120)
    due, _ = mail.due()
    bodies = [json.loads(outgoing.body) for _, outgoing in due]
    assert [(one["webhookDetails"]["objectType"], len(one["data"]) <= 25) for one in bodies] == [
        ("Company", True),
        ("Company", True),
    ]
    ids = [record["id"] for body in bodies for record in body["data"]]
    assert len(set(ids)) == len(ids) > 25
    assert set(ids) <= set(list(caller.sandbox.world.companies)[:30])
    for record in (record for body in bodies for record in body["data"]):
        assert set(record) == {"id", "name", "website", "changedAttributes", *record["changedAttributes"]}
    headers = dict(due[0][1].headers)
    assert headers["x-zoominfo-token"] == made["verificationToken"]
    assert headers["Date"].startswith("Fri, 29 Jan 2027")


def test_a_change_is_what_the_next_enrichment_shows(caller: Caller) -> None:
    create(caller)
    caller.sandbox.advance(60)
    caller.sign_in()
    due, _ = caller.sandbox.mail.due()
    record = json.loads(due[0][1].body)["data"][0]
    names = record.pop("changedAttributes")
    body = {"matchCompanyInput": [{"companyId": record["id"]}], "outputFields": ["id", "name", "website", *names]}
    assert caller.post("/enrich/company", body)["data"]["result"][0]["data"] == [record]


def test_a_full_payload_holds_every_field_of_the_record(caller: Caller) -> None:
    create(caller, subscriptions=[{"eventType": "Update", "objectType": "Company", "fullPayload": True}])
    caller.sandbox.advance(60)
    due, _ = caller.sandbox.mail.due()
    record = json.loads(due[0][1].body)["data"][0]
    assert {"revenue", "techAttributes", "employeeGrowth", "changedAttributes"} <= set(record)


def test_a_new_token_goes_with_what_waits_already(caller: Caller) -> None:
    made = create(caller)
    caller.sandbox.advance(60)
    caller.sign_in()
    new = caller.post(f"/webhooks/{made['id']}/token", None)["verificationToken"]
    due, _ = caller.sandbox.mail.due()
    assert {dict(outgoing.headers)["x-zoominfo-token"] for _, outgoing in due} == {new} != {made["verificationToken"]}


def test_what_changed_while_a_webhook_was_disabled_is_never_sent(caller: Caller) -> None:
    made = create(caller, enabled=False)
    caller.sandbox.advance(60)
    caller.sign_in()
    put(caller, made["id"], {"enabled": True})
    assert caller.sandbox.mail.due()[0] == []
    caller.sandbox.advance(60)
    assert caller.sandbox.mail.due()[0] != []


def test_each_change_is_announced_once(caller: Caller) -> None:
    create(caller)
    caller.sandbox.advance(60)
    due, _ = caller.sandbox.mail.due()
    for delivery_id, _ in due:
        caller.sandbox.mail.attempted(delivery_id, Posted(200, "OK"))
    assert caller.sandbox.mail.due()[0] == []
    assert {one["outcome"] for one in caller.sandbox.mail.deliveries()} == {"delivered"}


def test_reset_ends_webhooks(caller: Caller) -> None:
    create(caller)
    caller.sandbox.advance(60)
    caller.sandbox.reset()
    caller.sign_in()
    assert caller.get("/webhooks") == {"webhooks": []}
    assert caller.sandbox.mail.due() == ([], None)
