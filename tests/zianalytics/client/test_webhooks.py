from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from mockserver import serve
from mockserver.sandbox import Options, Sandbox
from zianalytics.api.table import OPERATIONS, Enrich
from zianalytics.client.call import Caller
from zianalytics.client.metered.budget import Budget
from zianalytics.client.webhooks import Webhooks
from zianalytics.clock import ServerClock
from zianalytics.errors import AnswerRefused, MalformedRequest, NotEntitled, RequestRefused
from zianalytics.journal import Journal
from zianalytics.receiver import WebhookTokens
from zianalytics.settings import Settings
from zianalytics.transport import Session

HERE = "http://127.0.0.1:1/hook"


class Client:
    """What it takes to speak of webhooks to a sandbox."""

    def __init__(self, sandbox: Sandbox, base_url: str, folder: Path) -> None:
        said = sandbox.credentials()
        self.settings = Settings.read(
            environ={},
            folder=folder,
            base_url=base_url,
            username=said["username"],
            password=said["password"],
            home=folder,
            state_home=folder,
        )
        self.clock = ServerClock()
        self.session = Session(self.settings, clock=self.clock)
        self.journal = Journal.open(self.settings.account_folder)
        caller = Caller(
            self.session, self.journal, self.clock, Budget(self.journal, self.clock), OPERATIONS, progress=False
        )
        self.enrich = Enrich(caller)
        self.webhooks = Webhooks(caller, self.journal, self.settings.account_folder)

    def close(self) -> None:
        self.session.close()
        self.journal.close()


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Sandbox, str]]:
    sandbox = Sandbox(Options(companies=40, bundle="scaling", no_limits=True))
    with serve(sandbox) as where:
        yield sandbox, where.base_url
    sandbox.close()


@pytest.fixture
def client(running: tuple[Sandbox, str], tmp_path: Path) -> Iterator[Client]:
    """A client that has redeemed a company."""
    sandbox, base_url = running
    sandbox.reset()
    client = Client(sandbox, base_url, tmp_path)
    client.enrich.companies([next(iter(sandbox.world.companies))], max_credits=1)
    yield client
    client.close()


def test_a_webhook_is_made_disabled_and_its_token_is_where_the_receiver_looks(client: Client) -> None:
    made = client.webhooks.create("Changes", target_url=HERE)
    assert (made.title, made.is_enabled, made.target_url) == ("Changes", False, HERE)
    assert made.created_date.date() == datetime(2026, 10, 1, tzinfo=UTC).date()
    assert made.subscriptions["object_type"].to_list() == ["Contact", "Company"]
    tokens = WebhookTokens(client.settings.account_folder)
    assert tokens.knows(made.token.get_secret_value())
    assert made.token.get_secret_value() not in repr(made) + repr(client.webhooks) + repr(client.webhooks.list())
    new = client.webhooks.new_token(made.webhook_id)
    assert tokens.knows(new.get_secret_value())
    assert tokens.knows(made.token.get_secret_value()), "for an hour both are taken"
    client.webhooks.delete(made.webhook_id)
    assert len(tokens) == 0


def test_webhooks_are_listed_with_real_dates_and_nothing_unknown(client: Client) -> None:
    empty = client.webhooks.list()
    made = client.webhooks.create("Changes", target_url=HERE, object_types=["company"], full_payload=False)
    listed = client.webhooks.list()
    assert empty.schema == listed.schema
    assert (empty.height, listed.height) == (0, 1)
    assert listed["webhook_id"].to_list() == [made.webhook_id]
    assert listed["extra"].to_list() == [None]
    [subscription] = listed["subscriptions"].item().to_list()
    assert (subscription["object_type"], subscription["is_full_payload"]) == ("Company", False)
    assert subscription["created_date"].date() == datetime(2026, 10, 1, tzinfo=UTC).date()
    assert client.webhooks.get(made.webhook_id).equals(listed)


def test_what_is_not_given_to_an_update_stays(client: Client) -> None:
    made = client.webhooks.create("Changes", target_url=HERE, object_types="contact")  # type: ignore[arg-type]  # one word
    with pytest.raises(
        RequestRefused, match=r"has no argument 'enable' \(did you mean enabled\?\)\. Nothing was sent\."
    ):
        client.webhooks.update(made.webhook_id, enable=True)  # type: ignore[call-arg]  # that is the point
    with pytest.raises(RequestRefused, match=r"No change was given for webhook \d+\. Nothing was sent\. Pass what"):
        client.webhooks.update(made.webhook_id)
    changed = client.webhooks.update(made.webhook_id, enabled=True)
    assert changed.select("title", "is_enabled", "target_url").row(0) == ("Changes", True, HERE)
    both = client.webhooks.update(made.webhook_id, subscribe=["company"], full_payload=False)["subscriptions"]
    assert [(s["object_type"], s["is_full_payload"]) for s in both.item()] == [("Contact", False), ("Company", False)]
    one = client.webhooks.update(made.webhook_id, unsubscribe=["contact"])["subscriptions"]
    assert [s["object_type"] for s in one.item()] == ["Company"]
    with pytest.raises(RequestRefused, match="no subscription to contact"):
        client.webhooks.update(made.webhook_id, unsubscribe=["contact"])


def test_an_ended_webhook_and_one_that_never_was_are_said_to_be_so(client: Client) -> None:
    made = client.webhooks.create("Changes", target_url=HERE)
    assert client.webhooks.delete(made.webhook_id)["status"].to_list() == ["Deleted"]
    rename = partial(client.webhooks.update, title="Others")
    for ask in (client.webhooks.get, client.webhooks.delete, client.webhooks.new_token, rename):
        with pytest.raises(AnswerRefused, match=r"zi\.webhooks\.list\(\)"):
            ask(made.webhook_id)


def test_what_can_be_subscribed_to_is_told(client: Client) -> None:
    assert client.webhooks.subscription_types().to_dicts() == [
        {"object_types": ["Company", "Contact"], "event_types": ["Update"], "extra": None}
    ]


def test_a_target_is_tried_and_says_what_it_said(client: Client) -> None:
    said = client.webhooks.validate(HERE, object_type="company")
    assert (said.is_success, said.response_code) == (False, None)
    assert "does not answer" in said.message


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ({"target_url": "http://hooks.aster.example/"}, "https"),
        ({"target_url": "https://"}, "https"),
        ({"target_url": HERE, "object_types": ["deal"]}, "cannot be subscribed to"),
        ({"target_url": HERE, "enabled": "yes"}, "True or False"),
    ],
)
def test_what_could_not_work_is_refused_before_anything_is_sent(
    client: Client, odd: dict[str, object], why: str
) -> None:
    with pytest.raises(RequestRefused, match=why):
        client.webhooks.create("Changes", **odd)  # type: ignore[arg-type]  # that is the point


def test_a_webhook_has_a_title(client: Client) -> None:
    for ask in (
        lambda: client.webhooks.create(" ", target_url=HERE),
        lambda: client.webhooks.update(7, title=""),
    ):
        with pytest.raises(RequestRefused, match=r"^title= is empty\. Nothing was sent\."):
            ask()


def test_without_anything_redeemed_or_the_bundle_the_refusal_says_what_to_do(tmp_path: Path) -> None:
    for bundle, error, advice in (
        ("scaling", MalformedRequest, "Enrich at least one"),
        ("standard", NotEntitled, r"zi\.lookup\.entitlements"),
    ):
        sandbox = Sandbox(Options(companies=20, bundle=bundle))
        with serve(sandbox) as where:
            client = Client(sandbox, where.base_url, tmp_path / bundle)
            with pytest.raises(error, match=advice):
                client.webhooks.create("Changes", target_url=HERE)
            client.close()
        sandbox.close()


def test_what_was_received_is_listed_without_its_content(client: Client) -> None:
    assert client.webhooks.received().is_empty()
    details = {"id": "7", "title": "x", "objectType": "Contact", "eventType": "Update"}
    body = json.dumps({"webhookDetails": details, "data": [{"id": 3, "email": "ada@aster.example"}, {"id": "4"}]})
    at = datetime(2026, 11, 2, tzinfo=UTC)
    client.journal.keep(
        None, "webhooks.delivered.contact", b"", status=200, headers={}, received=at, body=body.encode()
    )
    assert client.webhooks.received().rows() == [(at, 7, "contact", [3, 4])]
