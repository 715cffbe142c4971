"""Requests that were sent and never answered: each is ended by a plain re-run, and none counts for too little."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mockserver import Request, Response
from zianalytics.errors import AskedAgain, BudgetExceeded, NotAnswered, StoreUnusable
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Service

COMPANY = "/enrich/company"


@contextmanager
def answers_lost(service: Service) -> Iterator[None]:
    """What is asked is carried out and charged, and no answer arrives."""
    service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        yield
    service.sandbox.set_faults({"rules": []})


def by_name(service: Service, company_id: int) -> dict[str, str]:
    """An input that finds this company, and not by its id."""
    company = service.sandbox.world.companies[company_id]
    return {"company_name": company.name, "street": company.street or "", "city": company.city or ""}


def named(service: Service, count: int) -> list[int]:
    """Companies that `by_name` finds."""
    companies = service.sandbox.world.companies
    return [one for one in service.ids if companies[one].street and companies[one].city][:count]


def credits_on_both_sides(client: Client, service: Service) -> tuple[int, int]:
    return (client.ledger.totals().spent.credits, sum(row["credits"] for row in service.sandbox.ledger()))


def test_a_plain_re_run_finishes_when_an_input_was_answered_by_other_means(client: Client, service: Service) -> None:
    ids = named(service, 5)
    with answers_lost(service):
        client.enrich.companies(ids, max_credits=5)
    assert client.enrich.companies([by_name(service, ids[0])], max_credits=1)["company_id"].to_list() == ids[:1]
    assert client.enrich.companies.quote(ids).total == Meters(records=5, requests=1)
    with pytest.warns(AskedAgain):
        frame = client.enrich.companies(ids, max_credits=0)
    assert frame["company_id"].to_list() == ids
    assert client.charges == service.charges
    assert client.ledger.totals().unknown == Meters()


def test_what_other_requests_answered_in_full_needs_no_repeat_and_no_budget(client: Client, service: Service) -> None:
    [company_id] = named(service, 1)
    client.budget.set(max_credits=10)
    with answers_lost(service):
        client.enrich.companies([company_id])
    assert client.budget.left.credits == 9
    client.enrich.companies([by_name(service, company_id)])
    assert client.enrich.companies([company_id])["match_status"].to_list() == ["matched"]
    assert client.ledger.totals().unknown == Meters()
    assert client.ledger.totals().spent == Meters(credits=1, records=2, requests=2)
    assert client.budget.left.credits == 9
    assert service.asked[COMPANY] == 2


def test_after_its_window_a_lost_request_is_a_new_purchase_and_the_old_one_counts_as_charged(
    client: Client, service: Service
) -> None:
    ids = service.ids[:5]
    with answers_lost(service):
        client.enrich.companies(ids, max_credits=5)
    service.sandbox.advance(366)
    with pytest.raises(BudgetExceeded, match="5 credits"):
        client.enrich.companies(ids, max_credits=0)
    assert repr(client.enrich.companies.quote(ids)) == "Quote(credits=5, records=5, requests=1)"
    client.enrich.companies(ids, max_credits=5)
    assert credits_on_both_sides(client, service) == (10, 10)
    assert client.charges == service.charges
    assert client.ledger.totals().unknown == Meters()


def test_a_repeat_is_priced_anew_when_a_window_that_made_it_free_is_over(client: Client, service: Service) -> None:
    old, new = service.ids[:2]
    client.enrich.companies([old], fields=["name"], max_credits=1)
    service.sandbox.advance(364)
    client.usage()
    with answers_lost(service):
        client.enrich.companies([old, new], fields=["website"], max_credits=1)
    service.sandbox.advance(2)
    with pytest.raises(BudgetExceeded):
        client.enrich.companies([old, new], fields=["website"], max_credits=0)
    client.enrich.companies([old, new], fields=["website"], max_credits=2)
    paid, charged = credits_on_both_sides(client, service)
    assert charged == 3
    assert paid >= charged
    assert client.ledger.totals().unknown == Meters()


@pytest.mark.parametrize("spent", [1, 5, 10])
def test_what_others_spend_during_a_repeat_is_no_proof_that_the_first_attempt_failed(
    client: Client, service: Service, spent: int
) -> None:
    ids = service.ids[:5]
    with answers_lost(service):
        client.enrich.companies(ids, max_credits=5)

    def others(request: Request) -> Response | None:
        if request.path == COMPANY:
            service.sandbox.colleague(spent)
        return None

    service.trouble = others
    with pytest.warns(AskedAgain):
        client.enrich.companies(ids, max_credits=0)
    ours = [row for row in service.sandbox.ledger() if row["endpoint"] != "elsewhere"]
    assert client.ledger.totals().spent.records >= sum(row["records"] for row in ours) == 10
    assert client.ledger.totals().spent.credits == 5


def test_an_attempt_that_certainly_failed_counts_for_nothing(client: Client, service: Service) -> None:
    ids = service.ids[:5]
    service.trouble = lambda request: Response(200, delivery="cut") if request.path == COMPANY else None
    for _ in range(2):
        with pytest.raises(NotAnswered):
            client.enrich.companies(ids, max_credits=5)
    service.trouble = lambda request: None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AskedAgain)
        client.enrich.companies(ids, max_credits=0)
    assert client.charges == service.charges
    assert client.ledger.totals().spent == Meters(credits=5, records=5, requests=3)


def test_a_reply_that_a_full_disk_cannot_take_may_have_been_charged_and_is_asked_again(
    client: Client, service: Service
) -> None:
    ids = service.ids[:25]
    with client.journal._replies.db.reading() as db:
        db.pragma("max_page_count", db.pragma("page_count"))
    with pytest.raises(StoreUnusable, match="was sent and answered, and the answer is lost: it may have been") as full:
        client.enrich.companies(ids, max_credits=25)
    assert "Nothing was sent" not in str(full.value)
    assert client.ledger.totals().unknown == Meters(credits=25, records=25, requests=1)
    with client.journal._replies.db.reading() as db:
        db.pragma("max_page_count", 2**30)
    with pytest.warns(AskedAgain):
        assert client.enrich.companies(ids, max_credits=0)["company_id"].to_list() == ids
    assert client.charges == service.charges
    assert client.ledger.totals().unknown == Meters()


@pytest.mark.parametrize("carried_out", [True, False], ids=["carried out", "not carried out"])
def test_a_lost_repeat_of_what_another_process_brought_to_its_end_counts_as_the_service_counted_it(
    client: Client, service: Service, carried_out: bool
) -> None:
    ids = service.ids[:5]
    with answers_lost(service):
        client.enrich.companies(ids, max_credits=5)
    [lost] = client.journal.open_intents()
    with pytest.warns(AskedAgain):
        client.enrich.companies(ids, max_credits=0)
    worst = Meters(records=5, requests=1)
    call = client.journal.ledger.begin("enrich.companies", worst, at=client.clock.now())
    again = replace(
        lost.intent,
        id="i-2",
        call=call.id,
        at=client.clock.now(),
        worst=worst,
        repeats=lost.intent.id,
        counted=Meters(),
    )
    client.journal.reserve(again)  # another process, which had seen the request without an answer, too
    if carried_out:
        client.session.send("POST", COMPANY, body=again.request)
    client.journal.doubt(again.id)
    client.journal.ledger.end(call, finished=False)
    assert client.ledger.totals().unknown == worst
    assert client.enrich.companies(ids)["company_id"].to_list() == ids
    assert client.ledger.totals().unknown == Meters()
    assert client.ledger.totals().spent == Meters(credits=5, records=15 if carried_out else 10, requests=3)
    assert client.charges == service.charges


def test_what_was_answered_just_before_it_was_sent_needs_no_repeat_either(client: Client, service: Service) -> None:
    ids = service.ids[:2]
    client.enrich.companies(ids, max_credits=2)
    worst = Meters(credits=2, records=2, requests=1)
    call = client.journal.ledger.begin("enrich.companies", worst, at=client.clock.now())
    [reply] = [one for one in client.journal.replies() if one.intent]
    assert reply.intent
    slow = replace(reply.intent, id="i-2", call=call.id, at=client.clock.now() + timedelta(seconds=9))
    client.journal.reserve(slow)  # another process, which had made its plan before the answer came
    client.journal.doubt(slow.id)
    client.journal.ledger.end(call, finished=False)
    assert client.ledger.totals().unknown == worst
    client.session.send("POST", COMPANY, body=slow.request)
    client.enrich.companies(ids)
    assert client.ledger.totals().unknown == Meters()
    assert client.ledger.totals().spent == Meters(credits=2, records=4, requests=2)
    assert client.charges == service.charges


def test_requests_without_an_answer_that_ask_the_same_are_ended_by_one_run(client: Client, service: Service) -> None:
    ids = service.ids[:3]
    with answers_lost(service):
        client.enrich.companies(ids, max_credits=3)
    [lost] = client.journal.open_intents()
    worst = Meters(credits=3, records=3, requests=1)
    call = client.journal.ledger.begin("enrich.companies", worst, at=client.clock.now())
    client.journal.reserve(replace(lost.intent, id="i-2", call=call.id))  # another process asked at the same time
    client.journal.doubt("i-2")
    client.journal.ledger.end(call, finished=False)
    with pytest.warns(AskedAgain):
        assert client.enrich.companies(ids, max_credits=0)["company_id"].to_list() == ids
    assert client.ledger.totals().unknown == Meters()
    assert client.ledger.totals().spent.credits == 3


def test_of_two_requests_without_an_answer_each_counts_as_the_service_counted_it(
    client: Client, service: Service
) -> None:
    carried_out, lost = service.ids[:5], service.ids[5:10]
    with answers_lost(service):
        client.enrich.companies(carried_out, max_credits=5)
    for _ in range(2):
        service.trouble = lambda request: Response(200, delivery="cut") if request.path == COMPANY else None
        with pytest.raises(NotAnswered):
            client.enrich.companies(lost, max_credits=5)
    service.trouble = lambda request: None
    with answers_lost(service):
        client.enrich.companies(carried_out, max_credits=0)
    with warnings.catch_warnings(action="ignore", category=AskedAgain):
        client.enrich.companies(lost, max_credits=0)
        client.enrich.companies(carried_out, max_credits=0)
    assert client.charges == service.charges
    assert client.ledger.totals().spent == Meters(credits=10, records=20, requests=6)
    assert client.ledger.totals().unknown == Meters()


def test_where_no_count_was_heard_before_each_attempt_counts_as_charged(client: Client, service: Service) -> None:
    ids = service.ids[:2]
    with answers_lost(service):
        client.enrich.companies(ids, max_credits=2)
    with client.journal.ledger.db.writing() as db:
        db.execute("delete from looks")
    service.trouble = lambda request: Response(200, delivery="cut") if request.path == COMPANY else None
    with pytest.raises(NotAnswered):
        client.enrich.companies(ids, max_credits=0)
    service.trouble = lambda request: None
    with warnings.catch_warnings(action="ignore", category=AskedAgain):
        client.enrich.companies(ids, max_credits=0)
    assert client.ledger.totals().spent.records >= sum(row["records"] for row in service.sandbox.ledger()) == 4
    assert client.ledger.totals().unknown == Meters()


def test_a_request_that_is_carried_out_while_it_is_repeated_counts_too(client: Client, service: Service) -> None:
    ids = service.ids[:5]
    asked = list[Request]()

    def late(request: Request) -> Response | None:
        if request.path != COMPANY:
            return None
        asked.append(request)
        if len(asked) == 1:
            return Response(200, delivery="cut")  # nobody waits any more for what the service has still in hand
        service.sandbox.answer(asked[0])
        return None

    service.trouble = late
    with pytest.raises(NotAnswered):
        client.enrich.companies(ids, max_credits=5)
    with pytest.warns(AskedAgain):
        client.enrich.companies(ids, max_credits=0)
    assert client.charges == service.charges
    assert client.ledger.totals().spent == Meters(credits=5, records=10, requests=2)


def test_a_lost_repeat_is_told_apart_from_what_is_sent_after_it(client: Client, service: Service) -> None:
    lost, others = service.ids[:5], service.ids[5:30]
    with answers_lost(service):
        client.enrich.companies(lost, max_credits=5)
    service.trouble = lambda request: Response(200, delivery="cut") if request.path == COMPANY else None
    with pytest.raises(NotAnswered):
        client.enrich.companies(lost, max_credits=0)
    service.trouble = lambda request: None
    with answers_lost(service):
        client.enrich.companies(others, max_credits=25)
    with warnings.catch_warnings(action="ignore", category=AskedAgain):
        client.enrich.companies(lost, max_credits=0)
        client.enrich.companies(others, max_credits=0)
    assert client.charges == service.charges
    assert client.ledger.totals().spent == Meters(credits=30, records=60, requests=5)
