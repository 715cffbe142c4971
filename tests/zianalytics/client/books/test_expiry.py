"""When what was redeemed ends, and what it costs to have it again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from zianalytics.errors import RequestRefused
from zianalytics.journal import Person
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

BOUGHT, ENDS = date(2026, 10, 1), date(2027, 10, 1)
ANEW = timedelta(0)


def people(service: Service) -> list[int]:
    """Contacts who never opt out of the service's world."""
    world = service.sandbox.world
    return [one for one in sorted(world.contacts) if world.changes.opted_out_at(one) is None][:2]


def test_what_ends_soon_is_there_with_its_name_and_its_days(client: Client, service: Service) -> None:
    one, other = service.ids[:2]
    client.enrich.companies([one], max_credits=1)
    contacts = client.enrich.contacts(people(service)[:1], max_credits=1)
    service.sandbox.advance(10)
    client.usage()
    client.enrich.companies([other], fields=["phone"], max_credits=1)
    assert client.ledger.expiring(days=354).is_empty()
    found = client.ledger.expiring(days=355)
    name = service.sandbox.world.companies[one].name
    whole = f"{contacts['first_name'][0]} {contacts['last_name'][0]}"
    assert found.rows() == [
        ("company", one, name, BOUGHT, ENDS, 355, "managed", True),
        ("contact", contacts["contact_id"][0], whole, BOUGHT, ENDS, 355, "managed", True),
    ]
    [unnamed] = client.ledger.expiring(days=365).filter(id=other).rows(named=True)
    assert (unnamed["name"], unnamed["days_left"]) == (None, 365)


def test_a_record_is_there_until_its_window_has_ended_and_for_a_month_as_lapsed(
    client: Client, service: Service
) -> None:
    client.enrich.companies(service.ids[:1], max_credits=1)
    service.sandbox.advance(364)
    client.usage()
    assert client.ledger.expiring(days=30)["days_left"].to_list() == [1]
    service.sandbox.advance(1)
    client.usage()
    assert client.ledger.expiring(days=30).select("days_left", "status").rows() == [(0, "lapsed")]
    assert client.ledger.expiring(days=30, ended_days=0).is_empty()
    service.sandbox.advance(1)
    client.usage()
    assert client.ledger.expiring(days=0, ended_days=7)["days_left"].to_list() == [-1]


def test_the_plan_of_the_day_on_which_a_window_ends_is_what_the_day_costs(client: Client, service: Service) -> None:
    client.enrich.companies(service.ids[:1], max_credits=1)
    service.sandbox.advance(365)
    client.usage()
    [plan] = client.ledger.renewal_plan(days=5).rows(named=True)
    assert (plan["choice"], plan["first_day"], plan["credits"]) == ("renew", ENDS, 1)
    assert client.enrich.companies.quote(service.ids[:1]).credits == 1
    client.enrich.companies(service.ids[:1], max_credits=1)
    assert [row["credits"] for row in service.sandbox.ledger() if row["credits"]] == [1, 1]
    assert client.ledger.expiring(days=5).is_empty()


def test_a_re_enrichment_inside_the_window_does_not_move_its_end(client: Client, service: Service) -> None:
    client.enrich.companies(service.ids[:1], max_credits=1)
    service.sandbox.advance(350)
    client.usage()
    client.enrich.companies(service.ids[:1], max_credits=0, max_age=ANEW)
    assert client.ledger.expiring(days=30)["managed_until"].to_list() == [ENDS]


def test_a_window_that_somebody_else_may_have_opened_is_not_certain(client: Client, service: Service) -> None:
    client.usage()
    theirs = service.sandbox.colleague(3)["company_ids"]
    client.enrich.companies(theirs[:2], max_credits=2)
    assert client.ledger.expiring(days=365)["is_certain"].to_list() == [False, False]
    assert client.ledger.renewal_plan(days=365).filter(choice="refresh")["credits"].to_list() == [2]


def test_nobody_who_is_suppressed_is_there_or_planned_for(client: Client, service: Service) -> None:
    gone, other = people(service)
    client.enrich.contacts([gone, other], max_credits=2)
    client.journal.people.suppress([Person(contact_id=gone)], reason="asked us to", at=client.clock.now())
    assert client.ledger.expiring(days=365)["id"].to_list() == [other]
    assert client.ledger.renewal_plan(days=365)["count"].to_list() == [1, 1]


def test_the_plan_says_what_either_choice_costs_and_so_it_does(client: Client, service: Service) -> None:
    ids = service.ids[:30]
    client.enrich.companies(ids, max_credits=30)
    service.sandbox.advance(340)
    client.usage()
    plan = client.ledger.renewal_plan(days=30)
    assert plan.drop("what").rows() == [
        ("refresh", "company", 30, None, date(2027, 9, 30), 0, 30, 2),
        ("renew", "company", 30, date(2027, 10, 1), date(2027, 10, 1), 30, 30, 2),
    ]
    assert client.enrich.companies.quote(ids, max_age=ANEW).total == Meters(records=30, requests=2)
    service.sandbox.advance(26)
    client.usage()
    again = client.ledger.renewal_plan(days=0, ended_days=30)
    assert again.select("choice", "credits", "records", "requests").rows() == [("renew", 30, 30, 2)]
    assert client.enrich.companies.quote(ids).total == Meters(credits=30, records=30, requests=2)
    client.enrich.companies(ids, max_credits=30)
    assert client.ledger.totals().spent.credits == sum(row["credits"] for row in service.sandbox.ledger()) == 60
    assert client.ledger.expiring(days=366)["managed_until"].unique().to_list() == [date(2028, 10, 2)]


def test_the_plan_has_money_where_a_credit_has_a_price_and_what_ends_first_is_first(
    desk: Desk, service: Service
) -> None:
    client = desk.client(credit_price=Decimal("0.35"))
    client.enrich.contacts(people(service), max_credits=2)
    service.sandbox.advance(2)
    client.enrich.companies(service.ids[:3], max_credits=3)
    service.sandbox.advance(340)
    client.usage()
    plan = client.ledger.renewal_plan(days=30)
    assert plan.columns[-3:] == ["requests", "money", "what"]
    assert plan.select("choice", "entity", "last_day", "credits", "money").rows() == [
        ("refresh", "contact", date(2027, 9, 30), 0, Decimal("0.00")),
        ("refresh", "company", date(2027, 10, 2), 0, Decimal("0.00")),
        ("renew", "contact", date(2027, 10, 1), 2, Decimal("0.70")),
        ("renew", "company", date(2027, 10, 3), 3, Decimal("1.05")),
    ]
    assert "money" not in desk.client().ledger.renewal_plan(days=30).columns


@pytest.mark.parametrize(
    "said", [{"days": -1}, {"days": 1.5}, {"days": True}, {"ended_days": 3651}], ids=["below", "part", "word", "far"]
)
def test_what_is_no_number_of_days_is_refused(client: Client, said: dict[str, int]) -> None:
    with pytest.raises(RequestRefused, match=r"is not a whole number from 0 to 3650\. Nothing was sent\."):
        client.ledger.expiring(**said)


def test_an_empty_ledger_gives_frames_with_all_columns(client: Client) -> None:
    assert client.ledger.expiring().schema["managed_until"] == pl.Date
    assert client.ledger.renewal_plan().columns == [
        "choice", "entity", "count", "first_day", "last_day", "credits", "records", "requests", "what",
    ]  # fmt: skip
    assert client.ledger.unusual().is_empty()
    assert client.ledger.forecast().is_empty()
    assert client.ledger.statement().is_empty()
