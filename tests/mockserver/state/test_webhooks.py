"""Deliveries wait, are tried again after twice the wait, and are given up after a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from mockserver.state import Subscription, Webhook, Webhooks
from mockserver.state.store import Store

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


def made(store: Store) -> Webhooks:
    hooks = Webhooks(store, NOW)
    subscription = Subscription("5", "Update", "Contact", True, NOW, NOW)
    hooks.keep(Webhook("7", "Changes", True, "http://127.0.0.1:9/", NOW, "secret", (subscription,)))
    return hooks


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_delivery_that_fails_is_due_again_after_one_two_and_four_seconds() -> None:
    hooks = made(Store(None))
    hooks.announce([("7", "{}")], NOW)
    [delivery] = hooks.due(NOW)
    waits = []
    at = NOW
    for _ in range(3):
        hooks.attempted(delivery.id, taken=False, said="refused", now=at)
        assert hooks.due(at) == []
        due = hooks.next_due()
        assert due is not None
        waits.append((due - at).total_seconds())
        at = due
    assert waits == [1.0, 2.0, 4.0]
    assert [one.attempts for one in hooks.due(at)] == [3]


def test_it_waits_an_hour_at_most_and_is_given_up_after_a_day() -> None:
    hooks = made(Store(None))
    hooks.announce([("7", "{}")], NOW)
    [delivery] = hooks.due(NOW)
    for _ in range(20):
        hooks.attempted(delivery.id, taken=False, said="refused", now=NOW)
    assert hooks.next_due() == after(3600)
    assert hooks.due(after(86_400)) != []
    assert hooks.due(after(86_401)) == []
    assert [(one.outcome, one.body) for one in hooks.deliveries()] == [("given up", "")]


def test_what_was_taken_is_not_sent_again_and_its_body_is_forgotten() -> None:
    hooks = made(Store(None))
    hooks.announce([("7", "{1}"), ("7", "{2}")], NOW)
    first, second = hooks.due(NOW)
    hooks.attempted(first.id, taken=True, said="OK", now=NOW)
    assert hooks.due(NOW) == [second]
    assert [(one.outcome, one.body) for one in hooks.deliveries()] == [("delivered", ""), ("waiting", "{2}")]


def test_a_webhook_that_is_deleted_takes_its_deliveries_along() -> None:
    hooks = made(Store(None))
    hooks.announce([("7", "{}")], NOW)
    [delivery] = hooks.due(NOW)
    hooks.remove("7")
    hooks.attempted(delivery.id, taken=False, said="refused", now=NOW)
    assert hooks.deliveries() == []
    assert hooks.next_due() is None


def test_webhooks_and_what_waits_for_them_outlive_the_process(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.db")
    hooks = made(store)
    hooks.announce([("7", "{1}"), ("7", "{2}")], after(60))
    hooks.attempted(hooks.due(after(60))[0].id, taken=True, said="OK", now=after(61))
    store.close()
    again = Webhooks(Store(tmp_path / "state.db"), after(9999))
    assert again.all() == hooks.all()
    assert again.deliveries() == hooks.deliveries()
    assert again.announced_up_to == after(60)
    assert again.next_id() not in {one.id for one in again.deliveries()}


def test_a_webhook_shows_no_token() -> None:
    assert "secret" not in repr(made(Store(None)).all())
