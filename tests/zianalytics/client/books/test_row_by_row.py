"""The ledger and the service's own, row by row: one row per charged record, whatever was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mockserver.sandbox import Options
from zianalytics.api.table import JOBS, OPERATIONS
from zianalytics.errors import NotAnswered
from zianalytics.journal import Charge, Intent, Settlement
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

Rows = Counter[tuple[str, str, str | None, int, int]]
DAYS: Mapping[str, Any] = {"signal_start_date": date(2024, 11, 1), "signal_end_date": date(2026, 9, 30)}
ENOUGH: Mapping[str, Any] = {"max_credits": 50, "max_records": 500}
CALLS: Mapping[str, Callable[[Client, list[int]], object]] = {
    "enrich.companies": lambda c, ids: c.enrich.companies(ids, **ENOUGH),
    "enrich.contacts": lambda c, ids: c.enrich.contacts(_people(c, ids), **ENOUGH),
    "enrich.master_data": lambda c, ids: c.enrich.master_data(_offices(ids), **ENOUGH),
    "enrich.hierarchies": lambda c, ids: c.enrich.hierarchies(ids, **ENOUGH),
    "enrich.org_charts": lambda c, ids: c.enrich.org_charts(ids, department="Sales", **ENOUGH),
    "enrich.locations": lambda c, ids: c.enrich.locations(ids, **ENOUGH),
    "enrich.technologies": lambda c, ids: c.enrich.technologies(ids, **ENOUGH),
    "enrich.hashtags": lambda c, ids: c.enrich.hashtags(ids, **ENOUGH),
    "enrich.intent": lambda c, ids: c.enrich.intent(ids, limit=40, **DAYS, **ENOUGH),
    "enrich.news": lambda c, ids: c.enrich.news(ids, limit=4, **ENOUGH),
    "enrich.scoops": lambda c, ids: c.enrich.scoops(ids, limit=4, **ENOUGH),
    "enrich.ips": lambda c, ids: c.enrich.ips(["203.0.113.9", "198.51.100.7", "203.0.113.9"], max_records=9),
    "search.intent": lambda c, ids: c.search.intent(topics=["Lead Scoring"], limit=7, max_records=9),
    "search.news": lambda c, ids: c.search.news(categories=["FUNDING"], limit=7, max_records=9),
    "search.scoops": lambda c, ids: c.search.scoops(country="Germany", limit=7, max_records=9),
    "bulk.enrich.companies": lambda c, ids: c.bulk.enrich.companies(ids, **ENOUGH),
    "bulk.enrich.contacts": lambda c, ids: c.bulk.enrich.contacts(_people(c, ids), **ENOUGH),
    "bulk.redeem.companies": lambda c, ids: c.bulk.redeem.companies(country="Japan", max_credits=50),
    "bulk.redeem.contacts": lambda c, ids: c.bulk.redeem.contacts(country="Japan", max_credits=50),
}
WITHOUT_ID = {"/enrich/location"}
"""Whose answers tell no id of what is charged."""


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=400, no_limits=True, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


def told(service: Service) -> list[int]:
    """Three companies of which there are news, scoops, signals, technologies and hashtags."""
    world, now = service.sandbox.world, service.sandbox.now()
    news = Counter(i for article in world.news(now) for i in article.company_ids)
    scoops, signals = ({one.company_id for one in found} for found in (world.scoops(now), world.signals(now)))
    return [i for i, _ in news.most_common() if i in scoops and i in signals][:3]


def _people(client: Client, ids: list[int]) -> list[int]:
    return client.search.contacts(company_id=ids, limit=5)["contact_id"].to_list()


def _offices(ids: list[int]) -> list[dict[str, Any]]:
    return [{"company_id": one, "country": "Germany"} for one in ids]


def ours(client: Client) -> Rows:
    """What we have written down, by the paths of the service."""
    table = {**OPERATIONS, **JOBS}
    rows = client.ledger.frame().select("endpoint", "entity", "id", "credits", "records").rows()
    return Counter((table[endpoint].enterprise.path, *row) for endpoint, *row in rows)


def theirs(service: Service) -> Rows:
    """What the service has."""
    return Counter(
        (
            row["endpoint"],
            row["entity"],
            None if row["endpoint"] in WITHOUT_ID and row["entity"] == "location" else str(row["id"]),
            row["credits"],
            row["records"],
        )
        for row in service.sandbox.ledger()
    )


def test_no_paid_operation_is_left_out() -> None:
    paid = {name for name, row in OPERATIONS.items() if row.cost.may_pay}
    assert paid - set(CALLS) == set()


@pytest.mark.parametrize("name", CALLS)
def test_each_row_of_the_ledger_is_a_row_of_the_services(name: str, client: Client, service: Service) -> None:
    ids = told(service)
    client.enrich.companies(ids[:1], max_credits=1)  # one is under management, the others are not
    for _ in range(
        2
    ):  # what redeems the first time costs its records alone the second time, or nothing where it is held
        CALLS[name](client, ids)
    assert ours(client) == theirs(service)
    assert set(client.ledger.frame()["records"].unique()) <= {0, 1}
    charged = client.ledger.frame().filter(pl.col("endpoint") == name)
    assert charged.height > 1
    assert charged["request_id"].null_count() == 0


def test_a_company_that_is_named_by_its_website_is_redeemed_under_its_id(client: Client, service: Service) -> None:
    company = service.sandbox.world.companies[told(service)[1]]
    for _ in range(2):
        client.enrich.scoops([{"company_website": company.website}], limit=3, **ENOUGH)
    assert ours(client) == theirs(service)
    assert client.ledger.expiring(days=400).select("entity", "id", "status").rows() == [
        ("company", company.id, "managed")
    ]


def test_a_list_whose_answer_was_lost_has_its_rows_once_it_was_asked_again(desk: Desk, service: Service) -> None:
    ids = told(service)[:1]
    client = desk.client()
    service.sandbox.set_faults({"rules": [{"path": "/enrich/location", "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.locations(ids, **ENOUGH)
    service.sandbox.set_faults({"rules": []})
    client.ledger.reconcile(max_records=500, lists="ask")
    assert ours(client) == theirs(service)
    assert ours(client)["/enrich/location", "company", str(ids[0]), 1, 0] == 1


def test_a_page_that_one_asks_for_and_another_charges_for_is_there_once(desk: Desk, service: Service) -> None:
    """The same call in a second client is paid anew, row by row; the ledger that both write has each row twice."""
    ids = told(service)
    desk.client().enrich.news(ids, limit=2, **ENOUGH)
    client = desk.client()
    client.enrich.news(ids, limit=2, **ENOUGH)
    assert ours(client) == theirs(service)
    rows = client.ledger.frame().filter(entity="news")
    assert rows.height == 2 * rows["id"].n_unique() == 12
    by = client.ledger.statement(by="entity")
    assert by.rows() == [("company", 3, 0, 0), ("news", 0, 12, 6)]


def test_a_row_of_several_records_as_they_were_once_written_still_counts(client: Client) -> None:
    now = client.clock.now()
    call = client.journal.ledger.begin("enrich.news", Meters(credits=1, records=5, requests=1), at=now)
    worst = Meters(credits=1, records=5, requests=1)
    intent = Intent(id="i", call=call.id, operation="enrich.news", request=b"{}", worst=worst, at=now, ids=(7,))
    client.journal.reserve(intent)
    charge = Charge(entity="company", record_id="7", records=5, redeems=True)
    client.journal.settle(Settlement(intent="i", charged_at=now, charges=(charge,)))
    client.journal.ledger.end(call, finished=True)
    assert client.ledger.frame().select("entity", "id", "credits", "records").rows() == [("company", "7", 1, 5)]
    assert client.ledger.totals().spent == worst
    assert client.ledger.statement(by="endpoint").rows() == [("enrich.news", 1, 5, 1)]
    assert client.journal.managed("company")["id"].to_list() == [7]
