from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from zianalytics.api.table import DELIVERED
from zianalytics.journal import Journal
from zianalytics.receiver import Desk, WebhookTokens

Body = Callable[..., bytes]
HEADERS = {"x-zoominfo-token": "the-right-token", "date": "Thu, 01 Oct 2026 09:00:00 GMT"}


def kept(journal: Journal) -> list[tuple[str, bytes]]:
    return [(reply.operation, reply.body) for reply in journal.replies()]


def test_a_delivery_is_kept_as_it_came_under_its_kind_and_at_its_time(desk: Desk, journal: Journal, body: Body) -> None:
    companies, contacts = body({"id": 1}, {"id": 2}), body({"id": 3}, object_type="Contact")
    assert desk.refusal(HEADERS) is None
    assert (desk.take(HEADERS, companies).status, desk.take(HEADERS, companies + b" ").kept) == (200, 2)
    desk.take({}, contacts)
    assert kept(journal) == [
        ("webhooks.delivered.company", companies),
        ("webhooks.delivered.company", companies + b" "),
        ("webhooks.delivered.contact", contacts),
    ]
    replies = list(journal.replies())
    assert replies[0].received == datetime(2026, 10, 1, 9, tzinfo=UTC)
    assert abs((replies[2].received - datetime.now(UTC)).total_seconds()) < 60
    assert "the-right-token" not in str([reply.headers for reply in replies])


def test_what_comes_twice_is_kept_once_even_after_a_restart(desk: Desk, journal: Journal, body: Body) -> None:
    twice = body({"id": 1})
    assert [desk.take(HEADERS, twice).said for _ in range(2)] == ["Received.", "Received before."]
    again = Desk(journal, WebhookTokens(journal.folder)).take(HEADERS, twice)
    assert (again.status, again.kept) == (200, 0)
    assert len(kept(journal)) == 1


@pytest.mark.parametrize("headers", [{}, {"x-zoominfo-token": ""}, {"x-zoominfo-token": "the-right-tokeN"}])
def test_without_the_token_nobody_is_listened_to(desk: Desk, headers: dict[str, str]) -> None:
    verdict = desk.refusal(headers)
    assert verdict is not None
    assert verdict.status == 401


@pytest.mark.parametrize(
    "odd",
    [
        b"", b"{", b"[]", b"7", b"null", b"\xff", b'{"data": []}', b'{"webhookDetails": {}, "data": []}',
        b"[" * 100_000,
        b'{"webhookDetails": {"objectType": "Deal"}, "data": []}', b'{"webhookDetails": [], "data": []}',
        b'{"webhookDetails": {"objectType": "Company"}, "data": {}}',
        b'{"webhookDetails": {"objectType": "Company"}, "data": [7]}',
        b'{"webhookDetails": {"objectType": ["Company"]}, "data": []}',
    ],
)  # fmt: skip
def test_what_is_no_delivery_is_refused_and_not_kept(desk: Desk, journal: Journal, odd: bytes) -> None:
    assert desk.take(HEADERS, odd).status == 400
    assert kept(journal) == []


def test_many_threads_bring_the_same_and_other_deliveries(desk: Desk, journal: Journal, body: Body) -> None:
    bodies = [body({"id": n % 20}) for n in range(100)]
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda one: desk.take(HEADERS, one), bodies))
    assert {verdict.status for verdict in verdicts} == {200}
    assert sum(verdict.kept for verdict in verdicts) == 20
    assert sorted(one for _, one in kept(journal)) == sorted(set(bodies))


def test_only_deliveries_are_looked_through_for_one_that_comes_twice(journal: Journal, body: Body) -> None:
    same, at = body({"id": 1}), datetime(2026, 10, 1, tzinfo=UTC)
    journal.keep(None, "search.companies", b"", status=200, headers={}, received=at, body=same)
    assert journal.digests_of(list(DELIVERED), last=10) == set()
    desk = Desk(journal, WebhookTokens(journal.folder))
    assert desk.take(HEADERS, same).said == "Received."
