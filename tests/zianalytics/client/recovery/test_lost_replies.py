"""Replies that were paid for and are not there any more are fetched again once, whoever reconciles."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from mockserver.sandbox import Options
from zianalytics.errors import RepliesMissing
from zianalytics.journal import Lost

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Meanwhile, Service

COMPANY, CONTACT = "/enrich/company", "/enrich/contact"


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=400, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


def without_replies(desk: Desk, clients: int) -> list[Client]:
    """Clients of the home, after somebody has deleted what it keeps of replies."""
    for left in (desk.home / "account").glob("replies.db*"):
        left.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [desk.client() for _ in range(clients)]


def test_replies_that_are_lost_are_fetched_again_for_their_records_alone(
    desk: Desk, client: Client, service: Service
) -> None:
    person = next(one for one in service.sandbox.world.contacts.values() if one.email)
    ids = service.ids[:30]
    client.enrich.companies(ids, fields=["name"], max_credits=30)
    client.enrich.contacts([{"email": str(person.email)}, {"email": "nobody@nowhere.example"}], max_credits=2)
    client.close()
    [again] = without_replies(desk, 1)
    credits = sum(row["credits"] for row in service.sandbox.ledger())
    assert set(again.ledger.reconcile(max_records=25)["outcome"]) == {"settled", "waits"}
    told = again.ledger.reconcile(max_records=100)
    assert set(told["outcome"]) == {"settled"}
    asked = service.asked[COMPANY], service.asked[CONTACT]
    assert again.enrich.companies(ids, fields=["name"])["name"].null_count() == 0
    found = again.enrich.contacts([{"email": str(person.email)}])
    assert found.select("contact_id", "match_status").rows() == [(person.id, "matched")]
    assert (service.asked[COMPANY], service.asked[CONTACT]) == asked
    assert sum(row["credits"] for row in service.sandbox.ledger()) == credits == again.ledger.totals().spent.credits
    again.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error", RepliesMissing)
        assert desk.client().ledger.reconcile().is_empty()


def at_once(together: Barrier, look: Callable[[], list[Lost]]) -> list[Lost]:
    """What is missing, as all see it before any of them begins."""
    found = look()
    together.wait(10)
    return found


def test_two_at_once_fetch_them_once(
    desk: Desk, client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = service.ids[:30]
    client.enrich.companies(ids, fields=["name"], max_credits=30)
    client.close()
    others = without_replies(desk, 3)
    together, heard = Barrier(3), service.asked[COMPANY]
    for one in others:
        monkeypatch.setattr(one.journal.missing, "all", partial(at_once, together, one.journal.missing.all))
    with ThreadPoolExecutor() as several:
        told = list(several.map(lambda one: one.ledger.reconcile(max_records=30), others))
    assert service.asked[COMPANY] - heard == 2
    assert sum(sum(one["records"]) for one in told) == 30
    assert {why for one in told for why in one["why"]} == {
        "its records were fetched again", "another call has brought it to its end meanwhile",
    }  # fmt: skip
    assert sum(row["records"] for row in service.sandbox.ledger()) == 60
    assert others[0].enrich.companies(ids, fields=["name"])["name"].null_count() == 0
    assert service.asked[COMPANY] - heard == 2


def test_what_another_has_fetched_meanwhile_is_told_and_not_fetched_again(
    desk: Desk, client: Client, service: Service, meanwhile: Meanwhile
) -> None:
    client.enrich.companies(service.ids[:3], fields=["name"], max_credits=3)
    client.close()
    one, other = without_replies(desk, 2)

    def another() -> None:
        assert other.ledger.reconcile(max_records=3)["records"].to_list() == [3]

    meanwhile(one, another)
    told = one.ledger.reconcile(max_records=3)
    assert told.select("kind", "outcome", "records", "why").rows() == [
        ("reply missing", "settled", 0, "another call has brought it to its end meanwhile")
    ]
    assert service.asked[COMPANY] == 2
