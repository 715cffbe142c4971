"""Who spent what, when and where: sums that leave nothing out, and the days that stand out."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.client.books.statement import WORDS, summed, words
from zianalytics.client.books.unusual import unusual_days
from zianalytics.errors import JournalDamaged, RequestRefused

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

FIRST = date(2026, 10, 1)


def test_a_statement_sums_all_three_meters_by_what_it_is_asked_for(client: Client, service: Service) -> None:
    client.enrich.companies(service.ids[:30], max_credits=30)
    client.search.companies(employee_range_min=0, limit=5)
    service.sandbox.advance(1)
    client.usage()
    client.search.intent(topics=["Lead Scoring"], limit=3, max_records=3)
    assert client.ledger.statement(by=["day", "endpoint"]).rows() == [
        (FIRST, "enrich.companies", 30, 30, 2),
        (FIRST, "search.companies", 0, 0, 1),
        (FIRST + timedelta(days=1), "search.intent", 0, 3, 1),
    ]
    assert client.ledger.statement(by="who").rows() == [("ana", 30, 33, 4)]
    assert client.ledger.statement(by=("month", "source", "entity")).rows() == [
        (FIRST, "weekly.ipynb", None, 0, 0, 1),
        (FIRST, "weekly.ipynb", "company", 30, 30, 2),
        (FIRST, "weekly.ipynb", "intent", 0, 3, 1),
    ]
    assert client.ledger.statement(by=[]).rows() == [(30, 33, 4)]
    assert client.ledger.statement(by="call").height == client.ledger.statement(by="run").height == 3
    frame = client.ledger.frame()
    assert set(frame.select("who", "source", "endpoint").rows()) == {
        ("ana", "weekly.ipynb", "enrich.companies"),
        ("ana", "weekly.ipynb", "search.intent"),
    }


def test_the_first_request_of_an_account_counts_on_the_service_s_day_like_all_others(
    desk: Desk, service: Service
) -> None:
    elsewhere = datetime(2031, 3, 9, 9, 0, tzinfo=UTC).timestamp() - time.time()
    desk.wall = lambda: time.time() + elsewhere
    client = desk.client()
    client.search.companies(employee_range_min=0, limit=5)
    client.enrich.companies(service.ids[:2], max_credits=2)
    assert client.ledger.statement(by="month")["month"].to_list() == [FIRST]


def test_who_spent_is_known_when_the_ledger_is_made_again_from_the_replies(desk: Desk, service: Service) -> None:
    client = desk.client()
    client.enrich.companies(service.ids[:2], max_credits=2)
    before = client.ledger.frame()
    client.close()
    for file in (desk.home / "account").glob("ledger.db*"):
        file.unlink()
    with pytest.warns(JournalDamaged):
        later = desk.client()
    later.enrich.companies(service.ids[:2], max_credits=0)
    assert later.ledger.frame().equals(before)
    assert before["who"].to_list() == ["ana", "ana"]


def test_a_week_begins_on_its_monday_and_a_month_on_its_first_day() -> None:
    charges = rows((datetime(2026, 10, 4, 23, 59, tzinfo=UTC), 1), (datetime(2026, 10, 5, tzinfo=UTC), 2))
    none = pl.DataFrame(
        schema={"charged_at": charges.schema["charged_at"], "endpoint": pl.String, "requests": pl.Int64}
    )
    assert summed(charges, none, ["week"], {}).rows() == [(date(2026, 9, 28), 1, 1, 0), (date(2026, 10, 5), 2, 2, 0)]
    assert summed(charges, none, ["month"], {}).rows() == [(date(2026, 10, 1), 3, 3, 0)]


@pytest.mark.parametrize(
    ("by", "hint"),
    [("endpiont", "Did you mean 'endpoint'"), (["day", "user"], "Use day, week"), (None, "Use day"), ([3], "Use day")],
    ids=["misspelt", "unknown", "none", "number"],
)
def test_a_word_that_a_statement_is_not_summed_by_is_refused(client: Client, by: object, hint: str) -> None:
    with pytest.raises(RequestRefused, match=f"a statement is not summed by that.*Nothing was sent.*{hint}|{hint}.*"):
        client.ledger.statement(by=by)  # type: ignore[arg-type]  # what is refused


@given(by=st.lists(st.sampled_from(WORDS)))
def test_a_word_counts_once_and_keeps_its_place(by: list[str]) -> None:
    assert words(by) == sorted(set(by), key=by.index)


def rows(*spent: tuple[datetime, int], who: str = "ana", endpoint: str = "enrich.companies") -> pl.DataFrame:
    return pl.DataFrame(
        [(at, who, "weekly.ipynb", endpoint, amount, amount) for at, amount in spent],
        schema={
            "charged_at": pl.Datetime("us", "UTC"), "who": pl.String, "source": pl.String, "endpoint": pl.String,
            "credits": pl.Int64, "records": pl.Int64,
        },
        orient="row",
    )  # fmt: skip


def days(*amounts: int, who: str = "ana") -> pl.DataFrame:
    first = datetime(2026, 10, 1, 9, tzinfo=UTC)
    return rows(*((first + timedelta(days=n), amount) for n, amount in enumerate(amounts)), who=who)


def test_a_day_far_above_the_usual_stands_out_with_what_made_it_so() -> None:
    charges = pl.concat([days(10, 12, 8, 11, 9, 10, 14), days(0, 0, 0, 0, 0, 300, who="ben")])
    found = unusual_days(charges)
    assert found.filter(meter="credits").rows() == [
        (date(2026, 10, 6), "credits", 310, 11.0, 25.826, "enrich.companies", "ben", "weekly.ipynb", 300 / 310)
    ]
    assert found["meter"].to_list() == ["credits", "records"]


def test_spending_that_goes_up_and_down_is_usual_and_one_of_a_kind_days_are_too_few() -> None:
    assert unusual_days(days(10, 40, 25, 5, 60, 30, 15)).is_empty()
    assert unusual_days(days(1, 1, 1, 500)).is_empty()
    assert unusual_days(days(1, 1, 1, 1, 500)).height == 2
    assert unusual_days(days()).is_empty()


@given(usual=st.integers(1, 1000), others=st.integers(4, 30))
def test_even_days_are_never_unusual_and_up_to_twice_the_usual_is_not(usual: int, others: int) -> None:
    assert unusual_days(days(*[usual] * others, 2 * usual)).is_empty()
    assert unusual_days(days(*[usual] * others, 2 * usual + 1)).height == 2


def test_days_that_stand_out_are_found_in_the_ledger(client: Client, service: Service) -> None:
    for n in range(5):
        client.enrich.companies(service.ids[n * 2 : n * 2 + 2], max_credits=2)
        service.sandbox.advance(1)
    client.enrich.companies(service.ids[10:50], max_credits=40)
    found = client.ledger.unusual().filter(meter="credits")
    assert found.select("day", "amount", "usual", "who", "share").rows() == [(date(2026, 10, 6), 40, 2.0, "ana", 1.0)]


def test_the_forecast_has_our_part_of_the_pace(client: Client, service: Service) -> None:
    client.usage()
    service.sandbox.advance(1)
    client.enrich.companies(service.ids[:20], max_credits=20)
    service.sandbox.colleague(30)
    service.sandbox.advance(9)
    client.usage()
    [ahead] = client.ledger.forecast().filter(limit_type="uniqueIdLimit").rows(named=True)
    assert (ahead["used"], round(ahead["per_day"], 3), round(ahead["ours_per_day"], 3)) == (50, 5.0, 2.0)
    assert ahead["runs_out_on"] == client.usage.projection().filter(limit_type="uniqueIdLimit")["runs_out_on"].item()
    assert client.ledger.forecast().filter(limit_type="websightsRecordLimit")["ours_per_day"].to_list() == [0.0]


def test_the_forecast_knows_what_was_spent_in_the_minute_in_which_the_service_spoke_first(
    client: Client, service: Service
) -> None:
    client.search.companies(country="Germany", limit=1)
    client.enrich.companies(service.ids[:20], max_credits=20)
    service.sandbox.advance(10)
    client.usage()
    ahead = client.ledger.forecast().filter(limit_type="uniqueIdLimit").row(0, named=True)
    assert (ahead["used"], round(ahead["per_day"], 3), round(ahead["ours_per_day"], 3)) == (20, 2.0, 2.0)


def test_a_process_that_has_heard_nothing_books_under_the_time_that_was_heard_before_it(
    desk: Desk, service: Service
) -> None:
    desk.wall = lambda: time.time() + 400 * 86_400  # a machine whose clock goes wrong
    desk.client().usage()
    later = desk.client()
    later.search.companies.count(country="Germany")
    later.search.companies.count(country="France")
    assert later.ledger.statement(by="day").rows() == [(service.sandbox.now().date(), 0, 0, 2)]
