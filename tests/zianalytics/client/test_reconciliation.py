"""What has no end is brought to one by `zi.ledger.reconcile`, and the ledger is what the service has charged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mockserver import Response
from mockserver.sandbox import Options
from zianalytics.errors import NotAnswered, ZoomInfoError
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from .conftest import Client, Desk, Meanwhile, Service

COMPANY, CONTACT = "/enrich/company", "/enrich/contact"
SHOWN = ["endpoint", "kind", "inputs", "by_name", "outcome", "credits", "records"]


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=400, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


@contextmanager
def lost(service: Service, path: str, fault: str = "cut_after_charge") -> Iterator[None]:
    """What is asked there gets no usable answer."""
    with service.losing(path, fault), pytest.raises(ZoomInfoError):
        yield


def both(client: Client, service: Service) -> tuple[Meters, Meters]:
    """What we have charged, and what the service has."""
    spent, rows = client.ledger.totals().spent, service.sandbox.ledger()
    theirs = Meters(credits=sum(row["credits"] for row in rows), records=sum(row["records"] for row in rows))
    return Meters(credits=spent.credits, records=spent.records), theirs


@pytest.mark.parametrize("fault", ["cut_after_charge", "bad_gateway_after_charge", "truncate"])
def test_a_charge_without_an_answer_is_found_and_paid_once(client: Client, service: Service, fault: str) -> None:
    ids = service.ids[:30]
    with lost(service, COMPANY, fault):
        client.enrich.companies(ids, max_credits=30)
    told = client.ledger.reconcile(max_records=30)
    assert sorted(told.select(SHOWN).rows(), key=str) == [
        ("enrich.companies", "unanswered", 25, 0, "settled", 25, 50),
        ("enrich.companies", "unanswered", 5, 0, "settled", 5, 10),
    ]
    assert set(told["why"]) == {"it had been carried out"}
    assert told.select("counted_credits", "counted_records").sum().row(0) == (0, 30)
    assert both(client, service) == (Meters(credits=30, records=60), Meters(credits=30, records=60))
    assert client.charges == service.charges
    assert client.ledger.unanswered().is_empty()
    assert client.enrich.companies(ids)["match_status"].unique().to_list() == ["matched"]
    assert client.ledger.reconcile().is_empty()


def test_a_request_that_was_never_carried_out_costs_the_credits_that_were_reserved(
    client: Client, service: Service
) -> None:
    service.trouble = lambda request: Response(200, delivery="cut") if request.path == COMPANY else None
    with pytest.raises(NotAnswered):
        client.enrich.companies(service.ids[:5], max_credits=5)
    service.trouble = lambda request: None
    told = client.ledger.reconcile(max_records=5)
    assert told.select(SHOWN).rows() == [("enrich.companies", "unanswered", 5, 0, "settled", 5, 5)]
    assert told["why"].to_list() == ["it had not been carried out"]
    assert both(client, service) == (Meters(credits=5, records=5), Meters(credits=5, records=5))


def test_without_room_for_its_records_it_waits_and_nothing_is_sent(client: Client, service: Service) -> None:
    ids = service.ids[:30]
    with lost(service, COMPANY):
        client.enrich.companies(ids, max_credits=30)
    asked = service.asked[COMPANY]
    told = client.ledger.reconcile()
    assert told.select("outcome", "why").unique().rows() == [("waits", "no room for its records: pass max_records=")]
    assert service.asked[COMPANY] == asked
    assert sorted(client.ledger.reconcile(max_records=29)["outcome"]) == ["settled", "waits"]
    client.budget.set(max_credits=0, max_records=25)
    assert client.ledger.reconcile()["outcome"].to_list() == ["settled"]
    assert client.ledger.totals().unknown == Meters()


def test_what_was_asked_by_name_comes_first_and_is_told(client: Client, service: Service) -> None:
    person = next(one for one in service.sandbox.world.contacts.values() if one.email)
    with lost(service, COMPANY):
        client.enrich.companies(service.ids[:2], max_credits=2)
    with lost(service, CONTACT):
        client.enrich.contacts([{"email": str(person.email)}], max_credits=1)
    told = client.ledger.reconcile(max_records=10)
    assert told.select("endpoint", "by_name", "outcome").rows() == [
        ("enrich.contacts", 1, "settled"), ("enrich.companies", 0, "settled"),
    ]  # fmt: skip
    assert told["why"][0].endswith("what was asked by name may have found another record now")
    assert both(client, service)[0] == both(client, service)[1]


def test_what_is_not_answered_again_keeps_the_rest_from_being_asked(client: Client, service: Service) -> None:
    with lost(service, COMPANY):
        client.enrich.companies(service.ids[:30], max_credits=30)
    asked = service.asked[COMPANY]
    with service.losing(COMPANY):
        told = client.ledger.reconcile(max_records=100)
    assert told["outcome"].to_list() == ["waits", "waits"]
    assert told["why"][1] == "not asked, because a request before it failed (NotAnswered)"
    assert service.asked[COMPANY] == asked + 1
    assert set(client.ledger.reconcile(max_records=100)["outcome"]) == {"settled"}
    ours, theirs = both(client, service)
    assert ours.credits == theirs.credits == 30
    assert ours.records >= theirs.records


def test_what_another_reconciled_meanwhile_is_not_asked_a_third_time(
    client: Client, desk: Desk, service: Service, meanwhile: Meanwhile
) -> None:
    with lost(service, COMPANY):
        client.enrich.companies(service.ids[:10], max_credits=10)

    def another() -> None:
        assert desk.client().ledger.reconcile(max_records=10)["records"].to_list() == [20]

    meanwhile(client, another)
    told = client.ledger.reconcile(max_records=10)
    assert told.select("outcome", "records", "why").rows() == [
        ("settled", 0, "another call has brought it to its end meanwhile")
    ]
    assert service.asked[COMPANY] == 2
    assert both(client, service) == (Meters(credits=10, records=20), Meters(credits=10, records=20))


def test_what_another_has_asked_meanwhile_without_an_answer_ends_with_it(
    client: Client, desk: Desk, service: Service, meanwhile: Meanwhile
) -> None:
    with lost(service, COMPANY):
        client.enrich.companies(service.ids[:10], max_credits=10)

    def another() -> None:
        with service.losing(COMPANY):
            assert desk.client().ledger.reconcile(max_records=10)["outcome"].to_list() == ["waits"]

    meanwhile(client, another)
    assert client.ledger.reconcile(max_records=10)["outcome"].to_list() == ["settled"]
    assert client.ledger.totals().unknown == Meters()
    assert both(client, service) == (Meters(credits=10, records=30), Meters(credits=10, records=30))


def test_what_is_paid_by_the_row_is_asked_again_only_when_you_say_so(client: Client, service: Service) -> None:
    with lost(service, "/search/scoop"):
        client.search.scoops(country="United States", limit=5, max_records=5)
    told = client.ledger.reconcile(max_records=5)
    assert told.select("outcome", "why").rows() == [
        (
            "waits",
            'it is paid by the row, and would be paid again in full: pass lists="ask" (zia reconcile --ask-lists) to '
            "have it asked again",
        )
    ]
    assert both(client, service)[0] == Meters()
    told = client.ledger.reconcile(max_records=5, lists="ask")
    assert told.select(SHOWN).rows() == [("search.scoops", "unanswered", 1, 0, "settled", 0, 10)]
    assert both(client, service) == (Meters(records=10), Meters(records=10))


def test_a_job_whose_beginning_was_never_answered_ends_a_day_later_by_what_was_counted(
    client: Client, service: Service
) -> None:
    ids = service.ids[:30]
    with lost(service, "/bulk/enrich/company"):
        client.bulk.enrich.companies(ids, fields=["name"], max_credits=30)
    told = client.ledger.reconcile(max_records=100)
    assert told.select("endpoint", "kind", "outcome").rows() == [("bulk.enrich.companies", "job", "waits")]
    assert "its id was never told" in told["why"][0]
    service.sandbox.advance(2)
    told = client.ledger.reconcile(max_records=100)
    ours, theirs = both(client, service)
    assert told["outcome"].to_list() == ["settled"]
    assert ours == theirs
    assert client.ledger.totals().unknown == Meters()
    assert client.ledger.reconcile().is_empty()


def test_a_job_that_another_has_ended_meanwhile_is_not_charged_a_second_time(
    client: Client, desk: Desk, service: Service, meanwhile: Meanwhile
) -> None:
    with lost(service, "/bulk/enrich/company"):
        client.bulk.enrich.companies(service.ids[:30], fields=["name"], max_credits=30)
    service.sandbox.advance(2)

    def another() -> None:
        assert desk.client().ledger.reconcile()["outcome"].to_list() == ["settled"]

    meanwhile(client, another)
    told = client.ledger.reconcile()
    assert told.select("outcome", "credits", "why").rows() == [
        ("settled", 0, "another call has brought it to its end meanwhile")
    ]
    assert both(client, service)[0] == both(client, service)[1]


def test_a_job_ends_as_charged_in_full_where_the_count_does_not_tell(client: Client, service: Service) -> None:
    with lost(service, "/bulk/enrich/company"):
        client.bulk.enrich.companies(service.ids[:30], fields=["name"], max_credits=30)
    with lost(service, COMPANY):
        client.enrich.companies(service.ids[40:42], max_credits=2)
    service.sandbox.colleague(3)
    service.sandbox.advance(2)
    told = client.ledger.reconcile(max_records=100)
    assert set(told["outcome"]) == {"settled"}
    ours = client.ledger.totals().spent
    theirs = [row for row in service.sandbox.ledger() if row["endpoint"] != "elsewhere"]
    assert ours.credits >= sum(row["credits"] for row in theirs)
    assert client.ledger.totals().unknown == Meters()


def test_nothing_is_asked_again_while_the_service_does_not_say_what_it_counted(
    client: Client, service: Service
) -> None:
    with lost(service, COMPANY):
        client.enrich.companies(service.ids[:2], max_credits=2)
    asked = service.asked[COMPANY]
    with service.losing("/lookup/usage", "503"), pytest.raises(NotAnswered):
        client.ledger.reconcile(max_records=2)
    assert service.asked[COMPANY] == asked
