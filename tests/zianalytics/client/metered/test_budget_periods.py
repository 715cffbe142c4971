"""A standing budget that counts from 0 each day, week or month of UTC, by the service's clock, in all processes."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from zianalytics import ZoomInfo
from zianalytics.errors import BudgetExceeded, NotAnswered, RequestRefused
from zianalytics.journal import Per

if TYPE_CHECKING:
    from mockserver import Request

    from ..conftest import Client, Desk, Service


def advance(service: Service, days: int) -> None:
    service.sandbox.advance(days)


@pytest.mark.parametrize(
    ("per", "words", "days"),
    [("day", "today", 1), ("week", "this week", 7), ("month", "this month", 31)],
    ids=["day", "week", "month"],
)
def test_it_counts_from_0_in_each_period_and_not_before(
    desk: Desk, service: Service, per: Per, words: str, days: int
) -> None:
    first, second = desk.client(), desk.client()
    first.budget.set(max_credits=5, per=per)
    assert str(first.budget) == f"may spend 5 credits {words}"
    first.enrich.companies(service.ids[:3])
    second.usage()
    for client in (first, second):
        assert str(client.budget) == f"may spend 2 of 5 credits {words}"
        with pytest.raises(BudgetExceeded):
            client.enrich.companies(service.ids[3:6])
    advance(service, days)
    second.usage()
    assert str(second.budget) == f"may spend 5 credits {words}"
    second.enrich.companies(service.ids[3:8])
    first.usage()
    assert str(first.budget) == f"may spend 0 of 5 credits {words}"
    assert first.ledger.totals().spent.credits == 8


def test_the_refusal_says_when_the_period_ends_and_ways_on_that_work(client: Client, service: Service) -> None:
    client.usage()
    end = f"{(service.sandbox.now() + timedelta(days=1)).date()} 00:00 UTC"
    client.budget.set(max_credits=5, max_records=90, per="day")
    client.enrich.companies(service.ids[:3])
    assert client.refusal_of(service.ids[3:8]) == (
        '2 credits are left of the standing budget, zi.budget.set(max_credits=5, max_records=90, per="day"), today '
        f"(until {end}). Nothing was sent. Wait until then, when it counts from 0 by itself; or begin the standing "
        'budget anew by zi.budget.set(max_credits=5, max_records=90, per="day"), or end it by zi.budget.clear() and '
        "pass max_credits=5 to this call; or pass fewer rows."
    )
    assert client.refusal_of(service.ids[3:9]) == (
        '2 credits are left of the standing budget, zi.budget.set(max_credits=5, max_records=90, per="day"), today '
        f"(until {end}). Nothing was sent. Begin the standing budget anew by "
        'zi.budget.set(max_credits=6, max_records=90, per="day"), or end it by zi.budget.clear() and pass '
        "max_credits=6 to this call; or pass fewer rows."
    )
    advance(service, 1)
    client.usage()
    client.enrich.companies(service.ids[3:8])


def test_what_is_reserved_before_midnight_and_charged_after_it_belongs_to_the_day_before(
    client: Client, service: Service
) -> None:
    client.usage()
    client.budget.set(max_credits=5, per="day")

    def midnight_comes(request: Request) -> None:
        if request.path == "/enrich/company":
            service.trouble = lambda request: None
            advance(service, 1)

    service.trouble = midnight_comes
    client.enrich.companies(service.ids[:4])
    charged_on = client.ledger.frame()["charged_at"].dt.date().unique().to_list()
    assert charged_on == [service.sandbox.now().date()]
    assert str(client.budget) == "may spend 5 credits today"
    client.enrich.companies(service.ids[4:9])
    assert str(client.budget) == "may spend 0 of 5 credits today"


def test_what_was_never_answered_stays_reserved_on_its_day_and_its_repeat_costs_the_new_day_no_credit(
    client: Client, service: Service
) -> None:
    client.budget.set(max_credits=5, per="day")
    service.sandbox.set_faults(
        {"seed": 1, "rules": [{"path": "/enrich/company", "fault": "cut_after_charge", "share": 1.0}]}
    )
    with pytest.raises(NotAnswered):
        client.enrich.companies(service.ids[:4])
    service.sandbox.set_faults({"rules": []})
    assert str(client.budget) == "may spend 1 of 5 credits today"
    advance(service, 1)
    client.usage()
    assert str(client.budget) == "may spend 5 credits today"
    with pytest.warns(match="sent again"):
        client.enrich.companies(service.ids[:9])
    assert str(client.budget) == "may spend 0 of 5 credits today"
    assert client.charges == service.charges


@pytest.mark.parametrize("years", [-9, 9], ids=["slow", "fast"])
def test_a_budget_that_was_set_before_the_time_was_known_goes_by_the_service_and_not_by_this_machine(
    desk: Desk, service: Service, years: int
) -> None:
    desk.wall = lambda: time.time() + years * 365 * 86_400
    client = desk.client()
    client.budget.set(max_credits=5, per="day")
    client.search.companies(country="Germany", limit=5)
    client.enrich.companies(service.ids[:5])
    with pytest.raises(BudgetExceeded):
        desk.client().enrich.companies(service.ids[5:10])
    advance(service, 1)
    desk.client().enrich.companies(service.ids[5:10])
    assert str(client.budget) == "may spend 0 of 5 credits today"


def test_without_a_period_nothing_more_is_asked_of_the_service(client: Client, service: Service) -> None:
    client.budget.set(max_credits=5)
    client.search.companies(country="Germany", limit=5)
    assert "/lookup/usage" not in service.asked


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            {"max_credits": 5, "per": "days"},
            r"zi.budget.set(per=...) takes no 'days' (did you mean day?). Nothing was sent or changed. "
            "Say 'day', 'week', 'month', or leave it out for a budget that counts on.",
        ),
        (
            {"per": "week"},
            "zi.budget.set(per='week') says how often to count from 0, and not what may be spent. Nothing was sent or "
            "changed. Write zi.budget.set(max_credits=500, per='week'); zi.budget.clear() ends the standing budget.",
        ),
    ],
    ids=["a word that is none", "nothing allowed"],
)
def test_a_period_that_there_is_not_changes_nothing(client: Client, said: dict[str, Any], answer: str) -> None:
    client.budget.set(max_credits=7)
    with pytest.raises(RequestRefused) as refused:
        client.budget.set(**said)
    assert str(refused.value) == answer
    assert str(client.budget) == "may spend 7 credits"


def test_a_block_inside_a_day_is_held_by_both_and_the_one_with_less_left_is_told(
    client: Client, service: Service
) -> None:
    client.budget.set(max_credits=6, per="day")
    with client.budget(max_credits=4) as budget:
        client.enrich.companies(service.ids[:3])
        assert str(budget) == "may spend 1 of 4 credits"
    assert str(client.budget) == "may spend 3 of 6 credits today"
    with client.budget(max_credits=4) as budget:
        assert str(budget) == "may spend 3 of 6 credits today"
        with pytest.raises(BudgetExceeded, match="today"):
            client.enrich.companies(service.ids[3:7])


def test_a_mock_whose_clock_is_moved_begins_a_new_day() -> None:
    with ZoomInfo.mock(companies=200) as zi:
        assert zi.sandbox
        zi.budget.set(max_credits=5, max_records=50, per="day")
        assert ", may spend 5 credits today, 50 records today; home: " in repr(zi)
        found = zi.search.companies(country="United States", limit=8)["company_id"].to_list()
        zi.enrich.companies(found[:4])
        assert ", may spend 1 of 5 credits today, 46 of 50 records today; home: " in repr(zi)
        zi.sandbox.advance(days=1)
        assert ", may spend 5 credits today, 50 records today; home: " in repr(zi)
        zi.enrich.companies(found)  # the first four are held
        assert ", may spend 1 of 5 credits today, 46 of 50 records today; home: " in repr(zi)
        with pytest.raises(BudgetExceeded, match=f"until {zi.today + timedelta(days=1)} 00:00 UTC"):
            zi.enrich.contacts([{"email": f"{one}@quorvane.example"} for one in ("ana", "ben")])
